"""`repr` and `describe` of registries and records."""

from __future__ import annotations

import re

import pytest


def test_repr_is_one_line_without_any_statement(instance, count_queries):
    import lamindb as ln

    kind = ln.ULabel(name="kind", is_type=True).save()
    label = ln.ULabel(name="my 'label'", type=kind).save()
    label = ln.ULabel.get(label.id)
    with count_queries() as statements:
        text = repr(label)
    assert statements == []
    assert text == str(label)
    assert re.fullmatch(
        rf"ULabel\(uid='{label.uid}', is_type=False, name='my 'label'', description=None, reference=None, "
        rf"reference_type=None, .*type_id={kind.id}.*, "
        r"created_at=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, is_locked=False\)",
        text,
    ), text
    for key in ("branch_id=1", "space_id=1", "created_on_id=1", "created_by_id=1", "run_id=None"):
        assert key in text
    assert "updated_at" not in text and "_aux" not in text and " id=" not in text


def test_repr_of_an_unsaved_record_shows_none_for_what_the_database_fills_in(instance):
    import lamindb as ln

    assert "created_at=None" in repr(ln.ULabel(name="x"))


def test_repr_leaves_out_what_was_not_loaded(instance, count_queries):
    import lamindb as ln

    ln.ULabel(name="x").save()
    label = ln.ULabel.filter(name="x").only("name").one()
    with count_queries() as statements:
        assert repr(label) == "ULabel(name='x')"
    assert statements == []


def test_repr_of_a_feature_shows_its_dtype_and_of_a_transform_no_source(instance):
    import lamindb as ln

    assert "_dtype_str='int'" in repr(ln.Feature(name="n", dtype=int).save())
    transform = ln.Transform(key="script.py", source_code="print(1)").save()
    text = repr(transform)
    assert "source_code" not in text and text.endswith("is_locked=False, version_tag=None, is_latest=True)")


def test_fields_of_a_registry_are_described(instance, count_queries):
    import lamindb as ln

    with count_queries() as statements:
        text = ln.ULabel.describe(return_str=True)
    assert statements == []
    lines = text.split("\n")
    assert lines[:3] == ["ULabel", "  Simple fields", "    .uid: CharField"]
    assert lines.index("    .name: CharField") < lines.index("    .is_type: BooleanField")
    relational = lines[lines.index("  Relational fields") + 1 :]
    assert relational[:6] == [
        "    .branch: Branch",
        "    .created_on: Branch",
        "    .space: Space",
        "    .created_by: User",
        "    .run: Run",
        "    .type: ULabel",
    ]
    assert relational.index("    .parents: ULabel") < relational.index("    .children: ULabel")
    assert "    .ablocks: ULabelBlock" in relational
    assert "links_" not in text and "._aux" not in text and ".id:" not in text
    assert text == ln.ULabel.filter().describe(return_str=True)
    assert text == text.rstrip() and "\x1b" not in text


def test_the_fields_of_a_registry_are_available_as_data_under_the_former_name_too(instance):
    import lamindb as ln
    from lamindb.models import sqlrecord

    assert sqlrecord.RecordInfo is sqlrecord.SQLRecordInfo
    info = sqlrecord.RecordInfo(ln.ULabel)
    simple, (near, others) = info.get_simple_fields(), info.get_relational_fields()
    assert [field.name for field in simple][:2] == ["uid", "name"]
    assert {"branch", "type", "parents"} <= {field.name for field in near} and others == {}
    sections = [info.get_simple_fields(return_str=True), info.get_relational_fields(return_str=True)]
    assert ln.ULabel.describe(return_str=True) == "\n".join(["ULabel", *sections])


def test_values_come_last_when_the_record_registry_is_described(instance):
    import lamindb as ln

    lines = ln.Record.describe(return_str=True).split("\n")
    kinds = [2 if ".values_" in line else int(".linked_" in line) for line in lines]
    assert kinds == sorted(kinds) and set(kinds) == {0, 1, 2}


def test_describe_prints_by_default(instance, capsys):
    import lamindb as ln

    label = ln.ULabel(name="x").save()
    assert label.describe() is None
    assert capsys.readouterr().out == label.describe(return_str=True) + "\n"
    assert ln.ULabel.describe() is None
    assert capsys.readouterr().out == ln.ULabel.describe(return_str=True) + "\n"


def test_an_unsaved_record_shows_its_title_only(instance, count_queries):
    import lamindb as ln

    label = ln.ULabel(name="x")
    with count_queries() as statements:
        assert label.describe(return_str=True) == "ULabel: x"
    assert statements == []
    with pytest.raises(ValueError, match="Schema must be saved before describing"):
        ln.Schema(name="s", itype=ln.Feature).describe()


def test_a_label_shows_what_is_set(instance, count_queries):
    import lamindb as ln

    kind = ln.ULabel(name="kind", is_type=True).save()
    label = ln.ULabel(name="x", type=kind, description="some text").save()
    with count_queries() as statements:
        text = label.describe(return_str=True)
    assert len(statements) <= 4
    for fact in (
        f"uid: {label.uid}",
        "description: some text",
        "type: kind",
        "branch: main",
        "space: all",
        "is_type: False",
    ):
        assert fact in text
    assert re.search(r"created_at: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", text)
    assert "reference" not in text


def test_the_branch_is_named_together_with_the_registry_that_is_described(instance, capsys):
    import lamindb as ln

    label = ln.ULabel(name="x").save()
    label.delete()
    label.describe(return_str=True)
    assert "This ulabel is in the trash." in capsys.readouterr().out
    label.branch_id = 0
    label.describe(return_str=True)
    assert "This ulabel is archived." in capsys.readouterr().out


def test_a_transform_shows_versions_and_the_start_of_its_source(instance, capsys):
    import lamindb as ln

    first = ln.Transform(key="script.py", source_code="\n".join(f"line {n} {'x' * 100}" for n in range(40))).save()
    ln.Transform(key="script.py", source_code="other", description="the second").save()
    text = ln.Transform.get(first.id).describe(return_str=True)
    assert text.split("\n")[0] == f"Transform: script.py ({first.uid[-4:]})"
    assert "This is not the latest version of the Transform." in capsys.readouterr().out
    assert "line 29" in text and "line 30" not in text
    assert max(map(len, text.split("\n"))) < 95
    second = ln.Transform.get(key="script.py").describe(return_str=True)
    assert second.split("\n")[1] == "|   description: the second"


def test_a_run_shows_transform_status_and_params(instance):
    import lamindb as ln

    transform = ln.Transform(key="script.py").save()
    run = ln.Run(transform, params={"rate": 0.1, "n": 3}).save()
    text = run.describe(return_str=True)
    lines = text.split("\n")
    assert lines[0] == f"Run: {run.uid[:7]} (script.py)"
    assert f"transform: script.py ({transform.uid[-4:]})" in text and "status: scheduled" in text
    assert "rate: 0.1" in text and "n: 3" in text


def test_readme_and_comments_are_shown(instance):
    import lamindb as ln

    record = ln.Record(name="x").save()
    ln.models.RecordBlock(record=record, content="# old", kind="readme").save()
    ln.models.RecordBlock(record=record, content="# new", kind="readme").save()
    ln.models.RecordBlock(record=record, content="first", kind="comment").save()
    ln.models.RecordBlock(record=record, content="second", kind="comment").save()
    text = record.describe(return_str=True)
    assert "# new" in text and "# old" not in text and "first" not in text
    text = record.describe(return_str=True, include="comments")
    assert text.index("# new") < text.index("first") < text.index("second")
    assert re.search(r"comment by \S+ at \d{4}-", text)
    with pytest.raises(ValueError, match="include must be 'comments'"):
        record.describe(include="all")


def _annotated_artifact(ln, folder):
    path = folder / "data.txt"
    path.write_text("content")
    artifact = ln.Artifact(path, key="data.txt", description="my data").save()
    kind = ln.Record(name="Treatment", is_type=True).save()
    batch = ln.Feature(name="batch", dtype=ln.ULabel).save()
    treatment = ln.Feature(name="treatment", dtype=kind).save()
    dose = ln.Feature(name="dose", dtype=float).save()
    labels = [ln.ULabel(name=f"batch {n:02}").save() for n in range(12)]
    drug = ln.Record(name="drug", type=kind).save()
    ln.models.ArtifactULabel.objects.bulk_create(
        [ln.models.ArtifactULabel(artifact=artifact, ulabel=label, feature=batch) for label in labels]
    )
    ln.models.ArtifactRecord(artifact=artifact, record=drug, feature=treatment).save()
    ln.models.ArtifactProject(artifact=artifact, project=ln.Project(name="my project").save()).save()
    value, _ = ln.models.JsonValue.get_or_create(dose, 0.5)
    ln.models.ArtifactJsonValue(artifact=artifact, jsonvalue=value).save()
    return artifact, batch


def test_an_artifact_with_labels_and_features_takes_eight_statements_at_most(instance, tmp_path, count_queries):
    import lamindb as ln

    artifact, batch = _annotated_artifact(ln, tmp_path)
    inner = ln.Schema([batch, ln.Feature(name="age", dtype=int).save()]).save()
    ln.models.ArtifactSchema(artifact=artifact, schema=inner, slot="columns").save()
    ln.models.ArtifactBlock(artifact=artifact, content="# About", kind="readme").save()
    artifact = ln.Artifact.get(artifact.id)
    with count_queries() as statements:
        text = artifact.describe(return_str=True)
    assert len(statements) <= 8, len(statements)
    lines = text.split("\n")
    assert lines[:2] == [f"Artifact: data.txt ({artifact.uid[-4:]})", "|   description: my data"]
    for fact in (f"uid: {artifact.uid}", f"hash: {artifact.hash}", "size: 7 B", "storage/path: ", "# About"):
        assert fact in text
    assert re.search(r"columns \(2\)\n.*age +int\n.*batch +ULabel +batch 00, .*batch 09, \.\.\.", text), text
    assert re.search(r"External features\n.*dose +float +0.5\n.*treatment +Record\[Treatment\] +drug", text), text
    assert re.search(r"\.projects +Project +my project", text)
    assert re.search(r"\.records +Record +drug", text)


def test_features_without_a_schema_are_called_features(instance, tmp_path):
    import lamindb as ln

    artifact, _ = _annotated_artifact(ln, tmp_path)
    text = artifact.describe(return_str=True)
    assert "── Features" in text and "External features" not in text


def test_members_beyond_the_limit_are_counted_and_labelled_ones_shown(instance, tmp_path):
    import lamindb as ln

    artifact, batch = _annotated_artifact(ln, tmp_path)
    features = [ln.Feature(name=f"f{n:02}", dtype=int).save() for n in range(30)]
    ln.models.ArtifactSchema(artifact=artifact, schema=ln.Schema([*features, batch]).save(), slot="columns").save()
    text = artifact.describe(return_str=True)
    assert "f19" in text and "f20" not in text and "… +10" in text
    assert re.search(r"batch +ULabel +batch 00", text)


def test_artifacts_of_another_instance_are_described(instance, other_instance, tmp_path):
    import lamindb as ln

    slug = other_instance(lambda: _annotated_artifact(ln, tmp_path))
    artifact = ln.Artifact.connect(slug).get(key="data.txt")
    text = artifact.describe(return_str=True)
    assert "treatment" in text and "Record[Treatment]" in text and "my project" in text


def test_a_record_shows_its_feature_values(instance):
    import lamindb as ln

    kind = ln.Record(name="Sample", is_type=True).save()
    record = ln.Record(name="sample 1", type=kind).save()
    count = ln.Feature(name="count", dtype=int).save()
    batch = ln.Feature(name="batch", dtype=ln.ULabel).save()
    ln.models.RecordJson(record=record, feature=count, value=3).save()
    ln.models.RecordULabel(record=record, feature=batch, value=ln.ULabel(name="batch 1").save()).save()
    text = record.describe(return_str=True)
    assert text.startswith("Record: sample 1\n")
    assert "type: Sample" in text
    assert re.search(r"Features\n.*batch +ULabel +batch 1\n.*count +int +3", text), text
    assert "Labels" not in text


def test_a_schema_lists_its_features_and_slots(instance, count_queries):
    import lamindb as ln

    features = [ln.Feature(name="age", dtype=int).save(), ln.Feature(name="batch", dtype=ln.ULabel).save()]
    inner = ln.Schema(features, name="obs schema").save()
    outer = ln.Schema(slots={"obs": inner}, otype="AnnData", name="outer").save()
    with count_queries() as statements:
        text = inner.describe(return_str=True)
    assert len(statements) <= 6
    assert text.startswith("Schema: obs schema\n")
    assert re.search(
        r"Features \(2\)\n.*name +dtype +optional +nullable +coerce +default_value\n.*age +int +✗ +✓ +✗ +unset", text
    ), text
    text = outer.describe(return_str=True)
    assert re.search(r"obs: obs schema\n.*Features \(2\)", text), text


def test_labels_are_managed_through_the_label_manager(instance, tmp_path, count_queries):
    import lamindb as ln
    from lamindb.annotation.labels import LabelManager
    from lamindb.errors import ValidationError

    path = tmp_path / "data.txt"
    path.write_text("content")
    artifact = ln.Artifact(path, key="data.txt").save()
    labels = LabelManager(artifact)
    batch = ln.Feature(name="batch", dtype=ln.ULabel).save()
    first, second = ln.ULabel(name="first").save(), ln.ULabel(name="second").save()
    labels.add([])
    labels.add([first, second], feature=batch)
    labels.add(["first"], feature=batch)
    labels.add(ln.Project(name="p").save())
    assert set(labels.get(batch)) == {first, second}
    assert labels.get(batch, flat_names=True) == ["first", "second"]
    assert ln.models.ArtifactULabel.filter(artifact=artifact).count() == 2
    assert re.search(r"\.ulabels +ULabel +first, second", repr(labels))
    with pytest.raises(ValueError, match="Please pass a record"):
        labels.add(["x"])
    with pytest.raises(ValidationError, match="is not validated. If it looks correct: record.save()"):
        labels.add(ln.ULabel(name="unsaved"))
    with pytest.raises(ValidationError, match="Label type Project is not valid for Feature"):
        labels.add(ln.Project(name="p"), feature=batch)
    with pytest.raises(TypeError, match="feature has to be of type Feature"):
        labels.add(first, feature="batch")
    simple = ln.Feature(name="dose", dtype=float).save()
    with pytest.raises(ValidationError, match="needs dtype='cat' for label annotation"):
        labels.add(first, feature=simple)
    with pytest.raises(ValueError, match="feature does not have linked labels"):
        labels.get(simple)
    ln.models.ArtifactSchema(artifact=artifact, schema=ln.Schema([batch]).save(), slot="columns").save()
    with pytest.raises(ValidationError, match=r"measured \*within\* the dataset"):
        labels.add(first, feature=batch)
    path.write_text("other content")
    copy = ln.Artifact(path, key="copy.txt").save()
    LabelManager(copy).add_from(artifact)
    assert LabelManager(copy).get(batch, flat_names=True) == ["first", "second"]
    assert copy.projects.one().name == "p"


def test_modules_that_a_database_lacks_are_left_out(instance):
    from lamindb.annotation.label_links import modules_on

    assert modules_on("default", {"lamindb", "some_module"}) == {"lamindb"}


def test_features_tell_their_dtype_and_registries_their_fields_in_the_order_of_frames(instance):
    import lamindb as ln

    text = ln.Feature(name="tissue", dtype=ln.ULabel, unit="m").save().describe(return_str=True)
    assert text.startswith("Feature: tissue") and "dtype: cat[ULabel]" in text and "unit: m" in text
    lines = ln.ULabel.describe(return_str=True).split("\n")
    names = [line.strip().split(":")[0].strip(".") for line in lines[2 : lines.index("  Relational fields")]]
    assert names == [
        "uid", "name", "description", "reference", "reference_type", "is_locked", "is_type", "created_at", "updated_at",
    ]  # fmt: skip
