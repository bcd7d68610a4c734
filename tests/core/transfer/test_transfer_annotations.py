"""Transfers of artifacts and collections with their annotations."""

from __future__ import annotations

import pytest


@pytest.fixture
def dataset(tmp_path):
    path = tmp_path / "cells.txt"
    path.write_text("cells")
    return path


def annotate(dataset):
    """Make an artifact with labels under a feature, a feature value, a project, a schema and a readme."""
    import lamindb as ln
    from lamindb.models import ArtifactJsonValue, ArtifactSchema, ArtifactULabel, JsonValue

    artifact = ln.Artifact(dataset, key="cells.txt", description="d").save()
    kind = ln.ULabel(name="Batch", is_type=True).save()
    label = ln.ULabel(name="batch 1", type=kind).save()
    feature = ln.Feature(name="batch", dtype="cat[ULabel]").save()
    ArtifactULabel.objects.create(artifact=artifact, ulabel=label, feature=feature)
    number = ln.Feature(name="temperature", dtype="float").save()
    value, _ = JsonValue.get_or_create(number, 21.5)
    ArtifactJsonValue.objects.create(artifact=artifact, jsonvalue=value)
    artifact.projects.add(ln.Project(name="atlas").save())
    schema = ln.Schema(name="s", features=[feature, number]).save()
    ArtifactSchema.objects.create(artifact=artifact, schema=schema, slot="external")
    ln.models.ArtifactBlock(artifact=artifact, kind="readme", content="# hello").save()
    return artifact


def test_an_artifact_is_copied_without_its_data(instance, other_instance, dataset):
    import lamindb as ln

    other = other_instance(lambda: annotate(dataset))
    remote = ln.DB(other).Artifact.get(key="cells.txt")
    path, storage_uid = str(remote.path), remote.storage.uid
    artifact = remote.save()
    assert artifact._state.db == "default"
    assert str(artifact.path) == path
    assert artifact.storage.uid == storage_uid
    assert artifact.storage.instance_uid == ln.DB(other)._opened.instance.uid
    assert artifact.run.transform.key.startswith("__lamindb_transfer__/")
    assert artifact.ulabels.count() == artifact.json_values.count() == artifact.schemas.count() == 0
    assert ln.ULabel.filter().count() == 0


def test_annotations_are_labels_features_values_and_schemas(instance, other_instance, dataset):
    import lamindb as ln
    from lamindb.models import ArtifactSchema, ArtifactULabel

    other = other_instance(lambda: annotate(dataset))
    ln.Feature(name="shift the ids", dtype=str).save()
    ln.DB(other).Artifact.get(key="cells.txt").save()
    for _ in range(2):  # annotations come along later, too, and repeating is harmless
        artifact = ln.DB(other).Artifact.get(key="cells.txt").save(transfer="annotations")
    link = ArtifactULabel.filter(artifact=artifact).one()
    assert (link.ulabel.name, link.feature.name, link.ulabel.type.name) == ("batch 1", "batch", "Batch")
    assert link.created_by_id == artifact.created_by_id
    value = artifact.json_values.get()
    assert (value.value, value.feature.name) == (21.5, "temperature")
    assert artifact.projects.to_list("name") == ["atlas"]
    schema_link = ArtifactSchema.filter(artifact=artifact).one()
    assert schema_link.slot == "external"
    assert sorted(schema_link.schema.features.to_list("name")) == ["batch", "temperature"]
    assert schema_link.schema.hash == ln.DB(other).Schema.get(name="s").hash
    assert artifact.ablocks.filter(kind="readme").one().content == "# hello"


def test_notes_are_the_latest_readme_only(instance, other_instance, dataset):
    import lamindb as ln

    other = other_instance(lambda: annotate(dataset))
    artifact = ln.DB(other).Artifact.get(key="cells.txt").save(transfer="notes")
    assert artifact.ablocks.to_list("content") == ["# hello"]
    assert artifact.ulabels.count() == 0
    with pytest.raises(ValueError, match="not foo"):
        ln.DB(other).Artifact.get(key="cells.txt").save(transfer="foo")


def test_a_collection_brings_its_artifacts(instance, other_instance, tmp_path):
    import lamindb as ln

    def fill():
        members = []
        for name in "abc":
            (tmp_path / f"{name}.txt").write_text(name)
            members.append(ln.Artifact(tmp_path / f"{name}.txt", key=f"{name}.txt").save())
        ln.Collection(members, key="all").save()

    other = other_instance(fill)
    collection = ln.DB(other).Collection.get(key="all").save()
    assert sorted(collection.artifacts.to_list("key")) == ["a.txt", "b.txt", "c.txt"]
    assert all(artifact._state.db == "default" for artifact in collection.artifacts.all())
    again = ln.DB(other).Collection.get(key="all").save()
    assert again == collection
    assert ln.Artifact.filter().count() == 3


def test_an_artifact_with_the_same_data_and_place_is_mapped(instance, other_instance, dataset):
    import lamindb as ln

    other = other_instance(lambda: ln.Artifact(dataset, key="cells.txt").save())
    remote = ln.DB(other).Artifact.get(key="cells.txt")
    first = remote.save()
    ln.Artifact.objects.filter(pk=first.pk).update(uid="x" * 16 + "0000")
    again = ln.DB(other).Artifact.get(key="cells.txt").save()
    assert again == first
    assert ln.Artifact.filter(branch=None).count() == 1


def test_feature_values_of_records_come_along(instance, other_instance):
    import lamindb as ln
    from lamindb.models import RecordJson, RecordULabel

    def fill():
        record = ln.Record(name="r").save()
        number = ln.Feature(name="temperature", dtype="float").save()
        batch = ln.Feature(name="batch", dtype="cat[ULabel]").save()
        RecordJson.objects.create(record=record, feature=number, value=21.5)
        RecordULabel.objects.create(record=record, feature=batch, value=ln.ULabel(name="b1").save())

    other = other_instance(fill)
    record = ln.DB(other).Record.get(name="r").save(transfer="annotations")
    assert RecordJson.filter(record=record).one().value == 21.5
    assert RecordULabel.filter(record=record).one().value.name == "b1"


def test_the_number_of_statements_does_not_grow_with_the_number_of_labels(
    instance, other_instance, tmp_path, count_queries
):
    import lamindb as ln

    def fill():
        for name, n in (("few", 2), ("many", 30)):
            (tmp_path / f"{name}.txt").write_text(name)
            artifact = ln.Artifact(tmp_path / f"{name}.txt", key=f"{name}.txt").save()
            ln.settings.creation.search_names = False
            labels = [ln.ULabel(name=f"{name} {i}") for i in range(n)]
            ln.save(labels)
            ln.settings.creation.search_names = True
            artifact.ulabels.add(*labels)

    other = other_instance(fill)
    ln.ULabel(name="warm up").save()
    few_remote = ln.DB(other).Artifact.get(key="few.txt")
    many_remote = ln.DB(other).Artifact.get(key="many.txt")
    few_remote.save()
    many_remote.save()
    few_remote, many_remote = ln.DB(other).Artifact.get(key="few.txt"), ln.DB(other).Artifact.get(key="many.txt")
    with count_queries() as few:
        few_remote.save(transfer="annotations")
    with count_queries() as many:
        many_remote.save(transfer="annotations")
    assert len(many) == len(few) - 1 or len(many) == len(few)
    assert many_remote.ulabels.count() == 30
