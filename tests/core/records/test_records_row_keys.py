"""Row keys: the values of a sheet's index are the names of its records."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from lamindb.errors import ValidationError


@pytest.fixture
def keyed(instance: Any) -> SimpleNamespace:
    """A sheet with the index `key` and the members `n` and `note`."""
    import lamindb as ln

    key, n = ln.Feature(name="key", dtype=str).save(), ln.Feature(name="n", dtype=int).save()
    note = ln.Feature(name="note", dtype=str).save()
    schema = ln.Schema([n, note.with_config(optional=True)], index=key, name="keyed").save()
    sheet = ln.Record(name="Sheet", is_type=True, schema=schema).save()
    return SimpleNamespace(key=key, n=n, note=note, schema=schema, sheet=sheet)


def test_the_value_of_the_index_is_the_name_of_the_record(keyed: Any) -> None:
    import lamindb as ln

    record = ln.Record(type=keyed.sheet, features={"key": "a", "n": 1}).save()
    assert record.name == "a" and [link.feature_id for link in record.values_json.all()] == [keyed.n.pk]
    assert record.features.get_values() == {"key": "a", "n": 1} and record.features["key"] == "a"
    assert "key" in record.describe(return_str=True)
    named = ln.Record(name="b", type=keyed.sheet, features={"n": 2}).save()
    assert named.features.get_values() == {"key": "b", "n": 2}
    both = ln.Record(name="c", type=keyed.sheet, features={keyed.key: "c", "n": 2}).save()
    assert both.name == "c"


def test_setting_the_key_renames_and_leaving_it_out_keeps_the_name(keyed: Any) -> None:
    import lamindb as ln

    record = ln.Record(type=keyed.sheet, features={"key": "a", "n": 1}).save()
    record.features.set_values({"n": 2})
    assert record.features.get_values() == {"key": "a", "n": 2}
    record.features.update_values({"key": "b"})
    assert ln.Record.get(record.uid).name == "b" and record.features.get_values() == {"key": "b", "n": 2}
    record.features.set_values(record.features.get_values())
    assert record.features.get_values() == {"key": "b", "n": 2}
    record.name = "c"
    record.save()
    assert record.features.get_values()["key"] == "c"
    record.features.remove_values()
    assert record.features.get_values() == {"key": "c"}


def test_what_is_no_key_is_refused(keyed: Any) -> None:
    import lamindb as ln

    record = ln.Record(type=keyed.sheet, features={"key": "a", "n": 1}).save()
    for values, text in (
        ({"n": 1}, "COLUMN_NOT_IN_DATAFRAME: column 'key'"),
        ({"key": None, "n": 1}, "SERIES_CONTAINS_NULLS: 'key' is the row key"),
        ({"key": 5, "n": 1}, "Column 'key' failed dtype check for 'str'"),
        ({"key": "x" * 151, "n": 1}, "at most 150 characters"),
    ):
        with pytest.raises(ValidationError, match=text):
            ln.Record(type=keyed.sheet, features=values).save()
    with pytest.raises(ValidationError, match="'y' was passed, but the name is 'x'"):
        ln.Record(name="x", type=keyed.sheet, features={"key": "y", "n": 1}).save()
    with pytest.raises(ValidationError, match="but the name is 'a'"):
        record.features.add_values({"key": "b"})
    with pytest.raises(ValidationError, match="can't be null"):
        record.features.update_values({"key": None})
    with pytest.raises(ValueError, match="Cannot remove the row key 'key'"):
        record.features.remove_values("key")
    assert ln.Record.filter(type=keyed.sheet).to_list("name") == ["a"]
    assert record.features.get_values() == {"key": "a", "n": 1}
    with pytest.raises(ValueError, match="its dtype must be 'str', but feature 'n' has 'int'"):
        ln.Record(name="Bad", is_type=True, schema=ln.Schema([keyed.note], index=keyed.n).save())


def test_many_records_are_named_at_once(keyed: Any, count_queries: Any) -> None:
    import lamindb as ln

    counts = []
    for n in (1, 2, 30):
        records = [ln.Record(type=keyed.sheet, features={"key": f"{n}-{i}", "n": i}) for i in range(n)]
        with count_queries() as statements:
            ln.save(records)
        counts.append(len(statements))
        assert records[-1].name == f"{n}-{n - 1}" and records[-1].features.get_values()["key"] == records[-1].name
    assert counts[1] == counts[2] <= 10
    records = [ln.Record(type=keyed.sheet, features={"key": key, "n": 1}) for key in ("good", None, 3)]
    with pytest.raises(ValidationError) as caught:
        ln.save(records)
    assert "can't be null in 1 row (1)" in str(caught.value) and "in 1 row (2): 3" in str(caught.value)
    assert [record.name for record in records] == [None] * 3 and ln.Record.filter(name="good").count() == 0


@pytest.mark.parametrize("form", ["index", "unnamed index", "column", "name"])
def test_tables_have_the_key_as_index_or_column(keyed: Any, form: str) -> None:
    import lamindb as ln

    table = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["a", "b"], name="key"))
    forms = {"index": table, "unnamed index": table.rename_axis(None), "column": table.reset_index()}
    forms["name"] = table.rename_axis("name").reset_index()
    records = ln.Record.from_dataframe(forms[form], type=keyed.sheet).save()
    assert [record.features.get_values() for record in records] == [{"key": "a", "n": 1}, {"key": "b", "n": 2}]


def test_tables_without_valid_keys_are_refused(keyed: Any) -> None:
    import lamindb as ln

    for columns, text in (
        ({"n": [1, 2]}, "can't be null in 2 rows"),
        ({"n": [1, 2], "key": ["a", None]}, "can't be null in 1 row"),
        ({"n": [1, 2], "key": ["a", 7]}, "failed dtype check for 'str'"),
    ):
        with pytest.raises(ValidationError, match=text):
            ln.Record.from_dataframe(pd.DataFrame(columns), type=keyed.sheet).save()
    assert ln.Record.filter(type=keyed.sheet).count() == 0


def test_exports_have_the_key_as_index_and_come_back(keyed: Any) -> None:
    import lamindb as ln

    table = pd.DataFrame({"n": [2, 1]}, index=pd.Index(["b", "a"], name="key"))
    assert keyed.sheet.to_dataframe(is_run_input=False).index.name == "key"
    ln.Record.from_dataframe(table, type=keyed.sheet).save()
    out = keyed.sheet.to_dataframe(is_run_input=False)
    assert out.columns.to_list() == ["n", "note"] and out.index.to_list() == ["b", "a"] and out.index.name == "key"
    artifact = keyed.sheet.to_artifact()
    assert artifact.path.read_text().splitlines() == ["key,n,note", "b,2,", "a,1,"]
    assert artifact.schema == keyed.schema
    back = pd.read_csv(artifact.path, index_col=0)
    assert ln.Record.from_dataframe(back, type=keyed.sheet).save().to_list("name") == ["b", "a"]
    assert keyed.sheet.to_artifact(suffix=".parquet").load().index.to_list() == ["b", "a"] * 2


def test_records_are_found_by_their_key(keyed: Any) -> None:
    import lamindb as ln

    ln.save([ln.Record(type=keyed.sheet, features={"key": key, "n": 1}) for key in ("apple", "bean")])
    free = ln.Record(name="apple", type=None, features={"key": "carrot"}).save()
    sheet = ln.Record.filter(type=keyed.sheet)
    assert sheet.filter(key="apple").one().name == "apple"
    assert ln.Record.filter(key="carrot").one() == free
    assert ln.Record.filter(key__in=["bean", "carrot"]).count() == 2
    assert sheet.filter(key__startswith="b").one().name == "bean"
    assert sheet.filter(keyed.key != "bean").one().name == "apple"
    assert sheet.filter(key__isnull=True).count() == 0 and sheet.filter(key__isnull=False).count() == 2


def test_records_are_sorted_and_shown_by_their_key(keyed: Any, count_queries: Any) -> None:
    import lamindb as ln

    ln.save([ln.Record(type=keyed.sheet, features={"key": key, "n": n}) for n, key in enumerate(("b", "d", "a"))])
    free = ln.Record(name="free", features={"key": "c"}).save()
    rows = ln.Record.filter(type=keyed.sheet)
    assert rows.order_by(keyed.key).to_list("name") == ["a", "b", "d"]
    assert rows.order_by(-keyed.key).to_list("name") == ["d", "b", "a"]
    assert ln.Record.filter().order_by(keyed.key).to_list("name") == ["a", "b", "free", "d"]
    assert rows.to_dataframe(features=["key"])["key"].to_list() == ["a", "d", "b"]
    with count_queries() as statements:
        shown = ln.Record.filter(is_type=False).to_dataframe(features=["n", "key"])
    assert len(statements) <= 9
    assert shown["key"].to_list() == ["c", "a", "d", "b"] and shown.columns.to_list()[-2:] == ["n", "key"]
    for how in ({"include": "features"}, {"features": "queryset"}, {"features": True}):
        assert rows.to_dataframe(**how)["key"].to_list() == ["a", "d", "b"]
    assert "key" not in ln.Record.filter(is_type=True).to_dataframe(include="features")
    both = ln.Record.filter(pk__in=[free.pk, rows.order_by(keyed.key).first().pk]).to_artifact().load()
    assert both["key"].to_list() == ["a", "c"]


def test_another_index_moves_names_and_values(keyed: Any, count_queries: Any) -> None:
    import lamindb as ln

    ln.save([ln.Record(type=keyed.sheet, features={"key": k, "n": 1, "note": f"{k}!"}) for k in ("a", "b")])
    schema = ln.Schema.get(keyed.schema.uid)
    schema.index = keyed.note
    assert ln.Schema.get(schema.uid).index.name == "key"  # nothing changes before it is saved
    schema.save()
    records = list(ln.Record.filter(type=keyed.sheet).order_by("id"))
    assert [record.name for record in records] == ["a!", "b!"]
    assert records[0].features.get_values() == {"key": "a", "n": 1, "note": "a!"}
    schema.index = None
    schema.save()
    assert [record.name for record in records] == ["a!", "b!"]
    assert records[1].features.get_values() == {"key": "b", "n": 1, "note": "b!"}
    assert records[1].values_json.count() == 3


def test_names_that_differ_from_the_values_of_a_new_index_need_a_decision(keyed: Any) -> None:
    import lamindb as ln

    def sheet_of(name: str) -> tuple[Any, Any, Any]:
        schema = ln.Schema([keyed.n, keyed.note], name=name, minimal_set=False, coerce=name == "2" or None).save()
        sheet = ln.Record(name=f"Sheet {name}", is_type=True, schema=schema).save()
        differs = ln.Record(name="A", type=sheet, features={"n": 1, "note": "B"}).save()
        nameless = ln.Record(type=sheet, features={"n": 1, "note": "C"}).save()
        schema.index = keyed.note
        return schema, differs, nameless

    schema, differs, nameless = sheet_of("1")
    with pytest.raises(ValidationError, match=r"\(name / value\): 'A' / 'B'"):
        schema.save()
    assert ln.Schema.get(schema.uid).index is None
    with pytest.raises(ValueError, match="index_name_conflict"):
        schema.save(index_name_conflict="ask")
    schema.save(index_name_conflict="keep_name")
    assert [ln.Record.get(one.uid).name for one in (differs, nameless)] == ["A", "C"]
    assert differs.features.get_values()["note"] == "A"
    schema, differs, nameless = sheet_of("2")
    schema.save(index_name_conflict="keep_feature")
    assert [ln.Record.get(one.uid).name for one in (differs, nameless)] == ["B", "C"]


def test_records_without_a_value_of_the_new_index_are_named(keyed: Any) -> None:
    import lamindb as ln

    ln.Record(type=keyed.sheet, features={"key": "a", "n": 1}).save()
    schema = ln.Schema.get(keyed.schema.uid)
    schema.index = keyed.note
    with pytest.raises(ValidationError, match="1 of 1 records have no value of 'note', which would name them: 'a'"):
        schema.save()
    assert ln.Schema.get(schema.uid).index.name == "key"
    schema.index = keyed.n
    with pytest.raises(ValueError, match="its dtype must be 'str'"):
        schema.save()


def test_a_sheet_that_gets_another_schema_keeps_what_its_records_say(keyed: Any) -> None:
    import lamindb as ln

    ln.save([ln.Record(type=keyed.sheet, features={"key": k, "n": 1, "note": f"{k}!"}) for k in ("a", "b")])
    sheet = ln.Record.get(keyed.sheet.uid)
    sheet.schema = ln.Schema([keyed.key, keyed.n], index=keyed.note, name="other").save()
    sheet.save()
    values = [record.features.get_values() for record in ln.Record.filter(type=sheet).order_by("id")]
    assert values == [{"key": "a", "n": 1, "note": "a!"}, {"key": "b", "n": 1, "note": "b!"}]
    assert ln.Record.filter(type=sheet).order_by("id").to_list("name") == ["a!", "b!"]
    row = ln.Record.get(name="a!")
    row.features.remove_values("key")
    sheet.schema = keyed.schema
    with pytest.raises(ValidationError, match="1 of 2 records have no value of 'key', which would name them: 'a!'"):
        sheet.save()
    assert ln.Record.get(sheet.uid).schema.name == "other" and ln.Record.get(row.uid).name == "a!"
    row.features.update_values({"key": "c"})
    sheet.save()
    assert ln.Record.filter(type=sheet).order_by("id").to_list("name") == ["c", "b"]
