"""Data frames: columns and types, related values, limits and orders, and how many statements they take."""

from __future__ import annotations

import pytest

import lamindb as ln
from lamindb.errors import FieldError

_MIXIN_KEYS = "branch_id created_on_id space_id"
_COLUMNS = {
    "ULabel": f"uid name description reference reference_type is_locked is_type created_at {_MIXIN_KEYS} created_by_id run_id type_id",
    "Project": "uid name description abbr url start_date end_date is_locked is_type created_at "
    f"{_MIXIN_KEYS} created_by_id run_id type_id",
    "Reference": "uid name description abbr url pubmed_id doi text date is_locked is_type created_at "
    f"{_MIXIN_KEYS} created_by_id run_id type_id",
    "Storage": f"uid root description type region instance_uid is_locked created_at {_MIXIN_KEYS} created_by_id run_id",
    "User": "uid handle name created_at",
    "Space": "uid name description created_at created_by_id",
    "Branch": "uid name description created_at space_id created_by_id",
    "JsonValue": f"value hash is_locked created_at {_MIXIN_KEYS} created_by_id run_id feature_id",
    "Collection": "uid key description hash reference reference_type version_tag is_latest is_locked created_at "
    f"{_MIXIN_KEYS} created_by_id run_id meta_artifact_id",
    "Feature": "uid name _dtype_str unit description array_rank array_size array_shape synonyms default_value nullable coerce "
    f"is_locked is_type created_at {_MIXIN_KEYS} created_by_id run_id type_id",
    "Artifact": "uid key description suffix kind otype size hash n_files n_observations version_tag is_latest is_locked created_at "
    f"{_MIXIN_KEYS} storage_id run_id schema_id created_by_id",
    "Transform": "uid key description kind source_code hash reference reference_type version_tag is_latest is_locked created_at "
    f"{_MIXIN_KEYS} environment_id plan_id created_by_id",
    "Run": "uid name description entrypoint started_at finished_at params reference reference_type cli_args is_locked created_at "
    f"{_MIXIN_KEYS} transform_id report_id environment_id plan_id created_by_id initiated_by_run_id",
    "Schema": "uid name description n_members coerce flexible itype otype hash minimal_set ordered_set maximal_set is_locked is_type "
    f"created_at {_MIXIN_KEYS} created_by_id run_id type_id",
    "Record": "uid name description reference reference_type extra_data is_locked is_type created_at "
    f"{_MIXIN_KEYS} created_by_id type_id schema_id run_id",
    "Block": f"uid content hash kind key version_tag is_latest is_locked created_at {_MIXIN_KEYS} created_by_id anchor_id",
    "RecordBlock": "uid content hash kind version_tag is_latest created_at created_by_id branch_id created_on_id record_id",
}
#: Columns that came after the documented table, with the column before which they are ignored here.
_NEWER = {"extra_data", "suffix", "schema_id", "run_id"}


@pytest.mark.parametrize("name", sorted(_COLUMNS))
def test_columns_are_those_of_the_registry(sqlite_instance, name):
    registry = getattr(ln.models, name)
    shown = list(registry.to_dataframe().columns)
    expected = _COLUMNS[name].split()
    assert [column for column in shown if column in expected or column not in _NEWER] == expected
    assert registry.to_dataframe().index.name == "id"


@pytest.fixture
def labels(instance):
    kind = ln.ULabel(name="kind", is_type=True).save()
    made = [ln.ULabel(name=f"label {number}", type=kind if number == 1 else None).save() for number in range(4)]
    made[0].parents.add(made[1], made[2])
    made[1].parents.add(made[2])
    return [kind, *made]


def test_types_of_columns(labels):
    frame = ln.ULabel.to_dataframe()
    assert str(frame.index.dtype) == "int64"
    assert frame["is_locked"].dtype == bool
    assert str(frame["created_at"].dtype) == "datetime64[ns, UTC]"
    assert str(frame["branch_id"].dtype) == "int64"
    assert frame["run_id"].isna().all()
    assert (frame["type_id"] == labels[0].id).sum() == 1
    assert frame["name"].tolist() == ["label 3", "label 2", "label 1", "label 0", "kind"]
    assert frame["description"].isna().all()


def test_an_empty_result_has_the_same_shape(labels):
    empty, full = ln.ULabel.filter(name="none").to_dataframe(), ln.ULabel.to_dataframe()
    assert list(empty.columns) == list(full.columns)
    assert empty.index.name == "id"
    assert str(empty.index.dtype) == "int64"
    for column in ("is_locked", "created_at", "branch_id"):
        assert empty[column].dtype == full[column].dtype
    related = ln.ULabel.filter(name="none").to_dataframe(include=["parents__name", "type__name"])
    assert list(related.columns) == ["uid", "name", "parents__name", "type__name"]


def test_related_values_take_one_statement_per_relation(labels, count_queries):
    asked = ["parents__name", "created_by__handle", "children__uid", "parents__uid", "description"]
    with count_queries() as statements:
        frame = ln.ULabel.to_dataframe(include=asked)
    assert len(statements) == 3
    assert asked == ["parents__name", "created_by__handle", "children__uid", "parents__uid", "description"]
    assert list(frame.columns) == [
        "uid",
        "name",
        "parents__name",
        "created_by__handle",
        "children__uid",
        "parents__uid",
        "description",
    ]
    first = frame.loc[labels[1].id]
    assert first["parents__name"] == {"label 1", "label 2"}
    assert first["children__uid"] == {None}
    assert frame.loc[labels[3].id]["children__uid"] == {labels[1].uid, labels[2].uid}
    assert set(frame["created_by__handle"]) == {ln.User.filter().first().handle}


def test_limit_counts_records(labels, caplog):
    ln.logger.addHandler(caplog.handler)
    try:
        frame = ln.ULabel.filter(name__startswith="label").to_dataframe(include="parents__name", limit=4, order_by="id")
        assert len(frame) == 4
        assert "truncated" not in caplog.text
        frame = ln.ULabel.to_dataframe(limit=2, order_by="name")
        assert "truncated query result to limit=2 ULabel objects" in caplog.text
    finally:
        ln.logger.removeHandler(caplog.handler)
    assert frame["name"].tolist() == ["kind", "label 0"]
    assert len(ln.ULabel.to_dataframe(limit=None)) == 5


def test_joins_in_filters_do_not_repeat_records(labels):
    frame = ln.ULabel.filter(parents__name__startswith="label").to_dataframe(limit=2)
    assert frame["name"].tolist() == ["label 1", "label 0"]
    ordered = ln.ULabel.filter(parents__name__startswith="label").order_by("name").to_dataframe()
    assert ordered["name"].tolist() == ["label 0", "label 1"]


def test_slices_and_orders_are_kept(labels):
    assert ln.ULabel.filter().order_by("name")[1:3].to_dataframe()["name"].tolist() == ["label 0", "label 1"]
    assert ln.ULabel.filter().order_by("name")[1:4].to_dataframe(limit=2)["name"].tolist() == ["label 0", "label 1"]
    assert ln.ULabel.filter().order_by("-name").to_dataframe()["name"].tolist()[0] == "label 3"
    assert ln.ULabel.to_dataframe(order_by="name")["name"].tolist()[0] == "kind"
    with pytest.raises(FieldError):
        ln.ULabel.to_dataframe(order_by="nme")


def test_include_errors_tell_what_is_there(labels):
    with pytest.raises(ValueError, match=r"The annotation 'parents' conflicts with a field on the model\."):
        ln.ULabel.to_dataframe(include="parents")
    with pytest.raises(ValueError, match="'type' conflicts"):
        ln.ULabel.to_dataframe(include=["type"])
    with pytest.raises(FieldError, match=r"Choices are: .*name"):
        ln.ULabel.to_dataframe(include="type__nme")
    with pytest.raises(
        ValueError, match='include="features" is only applicable for Artifact, Record, and Run, not ULabel'
    ):
        ln.ULabel.to_dataframe(include="features")


def test_include_knows_aliases_privates_and_keys(instance):
    transform = ln.Transform(key="t.py", version="1.0").save()
    run = ln.Run(transform).save()
    frame = ln.Transform.to_dataframe(include=["version", "privates"])
    assert frame["version"].tolist() == ["1.0"]
    assert "_aux" in frame.columns
    frame = ln.Run.to_dataframe(include=["transform__version", "status", "transform_id"])
    assert frame["status"].tolist() == [run.status]
    assert frame["transform_id"].tolist() == [transform.id]
    assert "run__transform" not in " ".join(frame.columns)


def test_view_prints_registries_that_have_records(labels, capsys):
    ln.view(limit=2, registries=["ULabel", "Project", "None"])
    printed = capsys.readouterr().out
    assert "ULabel" in printed
    assert "label 3" in printed
    assert "label 0" not in printed
    assert "Project" not in printed
    assert "truncated" not in printed
    with pytest.raises(ImportError, match="schema module 'foo' is not installed"):
        ln.view(modules="foo")
    ln.view(modules="core", limit=1)
    assert "User" not in capsys.readouterr().out


def test_artifacts_that_the_system_keeps_are_hidden_unless_their_kind_is_asked_for(instance, tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
        ln.Artifact(tmp_path / name, key=name).save()
    ln.Artifact.filter(key="b.txt").update(kind="__lamindb_run__")
    assert ln.Artifact.to_dataframe()["key"].tolist() == ["a.txt"]
    assert ln.Artifact.search(".txt").to_dataframe()["key"].tolist() == ["a.txt"]
    assert ln.Artifact.filter(kind="__lamindb_run__").to_dataframe()["key"].tolist() == ["b.txt"]
    assert len(ln.Artifact.filter()[:5].to_dataframe()) == 2
    assert ln.Artifact.filter().count() == 2
