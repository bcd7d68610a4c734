"""How many SQL statements everyday operations take: few, and never more because there are more rows."""

from __future__ import annotations

import pytest

import lamindb as ln


def _fill(count: int) -> list:
    labels = [ln.ULabel(name=f"label {number:04}") for number in range(count)]
    ln.save(labels)
    return labels


def test_finding_one_record_is_one_statement(instance, count_queries):
    labels = _fill(30)
    uid = labels[3].uid
    for find in (
        lambda: ln.ULabel.filter().first(),
        lambda: ln.ULabel.filter(name__startswith="label").first(),
        lambda: ln.ULabel.filter(name="label 0003").one(),
        lambda: ln.ULabel.filter(name="nothing").one_or_none(),
        lambda: ln.ULabel.get(uid),
        lambda: ln.ULabel.get(uid[:6]),
        lambda: ln.ULabel.get(labels[3].id),
        lambda: ln.ULabel.get(name="label 0003"),
        lambda: ln.ULabel.filter(branch=None).get(name="label 0003"),
        lambda: ln.ULabel.search("0003").to_list(),
        lambda: ln.ULabel.lookup(),
        lambda: ln.ULabel.filter().to_list("name"),
        lambda: ln.ULabel.filter().to_dataframe(),
    ):
        with count_queries() as statements:
            find()
        assert len(statements) == 1, statements
    assert "LIMIT" in statements[0]


def test_the_first_record_is_not_picked_from_all(instance, count_queries):
    _fill(5)
    for find in (lambda: ln.ULabel.filter().first(), lambda: ln.ULabel.get(name="label 0003")):
        with count_queries() as statements:
            find()
        assert "LIMIT" in statements[0]


def test_getting_a_version_is_one_statement(instance, count_queries):
    transform = ln.Transform(key="a.py").save()
    for find in (lambda: ln.Transform.get(key="a.py"), lambda: ln.Transform.get(transform.uid[:12])):
        with count_queries() as statements:
            assert find() == transform
        assert len(statements) == 1, statements


def test_constructing_takes_two_statements_at_most(instance, count_queries):
    kind = ln.ULabel(name="kind", is_type=True).save()
    ln.ULabel(name="x", type=kind).save()
    project = ln.Project(name="p").save()
    for make in (
        lambda: ln.ULabel(name="x"),
        lambda: ln.ULabel(name="x", type=kind),
        lambda: ln.ULabel(name="new"),
        lambda: ln.ULabel(name="new", type=kind),
        lambda: ln.Project(name="p", description="d"),
    ):
        with count_queries() as statements:
            make()
        assert len(statements) <= 2, statements
    with count_queries() as statements:
        project.description = "e"
        project.save()
    assert len(statements) == 1, statements


def test_saving_and_deleting_one_record_is_one_statement(instance, count_queries):
    label = ln.ULabel(name="x")
    with count_queries() as statements:
        label.save()
    assert len(statements) == 1, statements
    with count_queries() as statements:
        label.delete()
    assert len(statements) == 1, statements


@pytest.mark.parametrize("operation", ["save", "update", "trash", "delete", "validate", "from_values", "create"])
def test_many_records_take_as_many_statements_as_few(instance, count_queries, operation):
    def run(count: int, prefix: str) -> int:
        names = [f"{prefix} {number}" for number in range(count)]
        labels = [ln.ULabel(name=name) for name in names]
        if operation not in ("save", "create"):
            ln.save(labels)
        records = ln.ULabel.filter(name__startswith=prefix)
        operations = {
            "save": lambda: ln.save(labels),
            "update": lambda: ln.save(labels),
            "trash": records.delete,
            "delete": lambda: records.delete(permanent=True),
            "validate": lambda: ln.ULabel.validate(names, mute=True),
            "from_values": lambda: ln.ULabel.from_values(names, mute=True),
            "create": lambda: ln.ULabel.from_values(names, create=True, mute=True).save(),
        }
        with count_queries() as statements:
            operations[operation]()
        return len(statements)

    few = run(3, "few")
    assert run(60, "many") == few <= 20


def test_frames_take_one_statement_more_per_relation_with_many(instance, count_queries):
    def count(include) -> int:
        with count_queries() as statements:
            ln.ULabel.to_dataframe(include=include)
        return len(statements)

    labels = _fill(5)
    labels[0].parents.set(labels[1:3])
    include = ["created_by__handle", "type__name", "parents__name", "parents__uid", "children__name"]
    few = count(include)
    for label in _fill(50):
        label.parents.add(labels[0])
    assert count(include) == few == 3
    assert count(["created_by__handle", "type__name"]) == 1


@pytest.fixture
def annotated(instance, tmp_path):
    """Return a function that makes an artifact with as many labels and features as wanted."""

    def make(count: int):
        (tmp_path / f"{count}.txt").write_text(str(count))
        artifact = ln.Artifact(tmp_path / f"{count}.txt", key=f"{count}.txt", description="d").save()
        features = [ln.Feature(name=f"f{count} {number}", dtype=int).save() for number in range(count)]
        tissue = ln.Feature(name=f"tissue {count}", dtype=ln.ULabel).save()
        artifact_schema = ln.Schema(features).save()
        ln.models.ArtifactSchema(artifact=artifact, schema=artifact_schema, slot="columns").save()
        for number, feature in enumerate(features):
            value, _ = ln.models.JsonValue.get_or_create(feature, number)
            ln.models.ArtifactJsonValue(artifact=artifact, jsonvalue=value).save()
            label = ln.ULabel(name=f"label {count} {number}").save()
            ln.models.ArtifactULabel(artifact=artifact, ulabel=label, feature=tissue).save()
        artifact.projects.add(ln.Project(name=f"project {count}").save())
        ln.models.ArtifactBlock(artifact=artifact, kind="readme", content="what it is").save()
        return artifact

    return make


def test_describing_an_artifact_takes_eight_statements_at_most(annotated, count_queries):
    for count in (2, 12):
        artifact = ln.Artifact.get(annotated(count).uid)
        with count_queries() as statements:
            text = artifact.describe(return_str=True)
        assert len(statements) <= 8, statements
        assert (
            f"f{count} 0" in text and f"label {count} 0" in text and f"project {count}" in text and "what it is" in text
        )


def test_feature_columns_take_a_constant_number_of_statements(annotated, count_queries):
    counts = []
    for count in (2, 12):
        artifact = annotated(count)
        with count_queries() as statements:
            frame = ln.Artifact.filter(key=artifact.key).to_dataframe(features="queryset")
        assert frame[f"f{count} 1"].tolist() == [1] and len(frame[f"tissue {count}"].tolist()[0]) == count
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_conditions_on_features_take_one_statement_to_find_the_features(annotated, count_queries):
    artifact = annotated(2)
    with count_queries() as statements:
        assert ln.Artifact.filter(**{"f2 0": 0, "f2 1": 1}).one() == artifact
    assert len(statements) == 2, statements
