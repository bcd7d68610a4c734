"""Sheets: records with a schema, saved one by one, many at once, from data frames, and exported."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lamindb.errors import FieldValidationError, ValidationError


@pytest.fixture
def lab(instance: Any) -> SimpleNamespace:
    """Features, labels and a sheet of samples with seven columns."""
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("u0", "u1", "u2")])
    sample = ln.Record(name="Sample", is_type=True).save()
    ln.save([ln.Record(name=f"s{i}", type=sample) for i in range(3)])
    features = [
        ln.Feature(name="n", dtype=int).save(),
        ln.Feature(name="x", dtype=float).save(),
        ln.Feature(name="note", dtype=str).save(),
        ln.Feature(name="day", dtype=datetime.date).save(),
        ln.Feature(name="label", dtype=ln.ULabel).save(),
        ln.Feature(name="sample", dtype=sample).save(),
        ln.Feature(name="labels", dtype=list[ln.ULabel]).save(),
    ]
    n, x, note, day, label, of, labels = features
    optional = [(one, {"optional": True}) for one in (note, day, labels)]
    schema = ln.Schema([n, x, label, of, *optional], name="measurement").save()
    sheet = ln.Record(name="My sheet", is_type=True, schema=schema).save()
    return SimpleNamespace(features={f.name: f for f in features}, sample=sample, schema=schema, sheet=sheet)


def _frame(n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [f"row {i}" for i in range(n)],
            "n": range(n),
            "x": np.linspace(0, 1, n),
            "label": [f"u{i % 3}" for i in range(n)],
            "sample": [f"s{i % 3}" for i in range(n)],
            "labels": [[f"u{(i + 1) % 3}", f"u{i % 3}"] for i in range(n)],
        }
    )


VALID = {"n": 1, "x": 0.5, "label": "u1", "sample": "s1"}


def test_values_of_a_row_are_saved_with_it(lab: Any) -> None:
    import lamindb as ln

    record = ln.Record(name="r", type=lab.sheet, features=VALID)
    assert hasattr(record, "_features")
    record.save()
    assert not hasattr(record, "_features")
    assert record.features.get_values() == {"label": "u1", "sample": "s1", "n": 1, "x": 0.5}


def test_a_row_that_is_not_valid_is_not_saved_at_all(lab: Any) -> None:
    import lamindb as ln

    record = ln.Record(name="r", type=lab.sheet, features={**VALID, "n": "x"})
    with pytest.raises(ValidationError, match="Column 'n' failed dtype check for 'int': got object"):
        record.save()
    assert ln.Record.filter(name="r").count() == 0 and hasattr(record, "_features")
    record._features["n"] = 3
    record.save()
    assert record.features.get_values()["n"] == 3


def test_missing_required_features_are_told_all_at_once(lab: Any) -> None:
    import lamindb as ln

    with pytest.raises(ValidationError) as caught:
        ln.Record(name="r", type=lab.sheet, features={"n": 1}).save()
    text = str(caught.value)
    assert text.count("COLUMN_NOT_IN_DATAFRAME") == 3 and "'x'" in text and "'label'" in text and "'sample'" in text
    blank = ln.Record(name="blank", type=lab.sheet).save()
    with pytest.raises(ValidationError, match="COLUMN_NOT_IN_DATAFRAME"):
        blank.features.set_values({})
    blank.features.set_values({**VALID, "note": None})
    assert "note" not in blank.features.get_values()


def test_a_schema_next_to_that_of_the_type_is_refused(lab: Any) -> None:
    import lamindb as ln

    record = ln.Record(name="r", type=lab.sheet).save()
    with pytest.raises(AssertionError, match=r"Cannot pass schema if record\.type has schema"):
        record.features.add_values(VALID, schema=lab.schema)


def test_what_the_schema_lacks_is_dropped_with_a_warning_or_refused(lab: Any, capsys: Any) -> None:
    import lamindb as ln

    ln.Feature(name="other", dtype=int).save()
    record = ln.Record(name="r", type=lab.sheet, features={**VALID, "other": 1}).save()
    assert "1 term is not validated in feature 'columns': 'other'" in capsys.readouterr().out
    assert "other" not in record.features.get_values()
    closed = ln.Schema(list(lab.schema.members), maximal_set=True, name="closed").save()
    sheet = ln.Record(name="Closed", is_type=True, schema=closed).save()
    values = {**VALID, "note": "a", "day": datetime.date(2024, 5, 1), "labels": ["u1"]}
    with pytest.raises(ValidationError, match="COLUMN_NOT_IN_SCHEMA: column 'other' not in schema"):
        ln.Record(name="q", type=sheet, features={**values, "other": 1}).save()
    ln.Record(name="q", type=sheet, features={**values, "__lamindb_record_uid__": "x"}).save()
    with pytest.raises(ValidationError, match="These feature keys are not in the provided schema"):
        ln.Record(name="p", type=sheet, features={**values, ln.Feature.get(name="other"): 1}).save()


def test_flexible_schemas_take_further_registered_features(lab: Any) -> None:
    import lamindb as ln

    ln.Feature(name="other", dtype=int).save()
    schema = ln.Schema([lab.features["n"]], flexible=True, name="flexible").save()
    sheet = ln.Record(name="Flexible", is_type=True, schema=schema).save()
    record = ln.Record(name="r", type=sheet, features={"n": 1, "other": 2, "unknown": 3}).save()
    assert record.features.get_values() == {"n": 1, "other": 2}
    record = ln.Record.from_dataframe(pd.DataFrame({"n": [1], "other": [2], "unknown": [3]}), type=sheet).save()[0]
    assert record.features.get_values() == {"n": 1, "other": 2}


def test_not_null_features_refuse_nulls(lab: Any) -> None:
    import lamindb as ln

    needed = ln.Feature(name="data_id", dtype=str, nullable=False).save()
    sheet = ln.Record(name="Keyed", is_type=True, schema=ln.Schema([needed], maximal_set=True).save()).save()
    with pytest.raises(ValidationError, match="SERIES_CONTAINS_NULLS: non-nullable column 'data_id'"):
        ln.Record(type=sheet, features={"data_id": None}).save()
    ln.Record(type=sheet, features={"data_id": "a"}).save()
    with pytest.raises(ValidationError, match="data_id"):
        ln.Record.from_dataframe(pd.DataFrame({"data_id": ["b", None]}), type=sheet).save()
    assert sheet.to_artifact().load()["data_id"].to_list() == ["a"]


def test_many_rows_are_saved_in_few_statements(lab: Any, count_queries: Any) -> None:
    import lamindb as ln

    counts = []
    for n in (1, 2, 40):  # the first ones also find out which tables there are
        records = [ln.Record(name=f"{n} {i}", type=lab.sheet, features=VALID) for i in range(n)]
        with count_queries() as statements:
            ln.save(records)
        counts.append(len(statements))
        assert all(not hasattr(record, "_features") for record in records)
        assert records[-1].features.get_values() == {"label": "u1", "sample": "s1", "n": 1, "x": 0.5}
    assert counts[1] == counts[2] <= 12


def test_rows_and_values_are_saved_together_or_not_at_all(lab: Any) -> None:
    import lamindb as ln

    records = [
        ln.Record(name="good", type=lab.sheet, features=VALID),
        ln.Record(name="bad", type=lab.sheet, features={**VALID, "n": "x", "label": "nope"}),
        ln.Record(name="incomplete", type=lab.sheet, features={"n": 1, "x": 0.1, "label": "u1"}),
    ]
    with pytest.raises(ValidationError) as caught:
        ln.save(records)
    assert "'incomplete'" in str(caught.value) and "nope" in str(caught.value) and "'n'" in str(caught.value)
    assert ln.Record.filter(type=lab.sheet).count() == 0
    assert all(hasattr(record, "_features") and record._state.adding for record in records)


def test_bulk_saving_wants_one_schema(lab: Any) -> None:
    import lamindb as ln

    with pytest.raises(ValidationError, match="same non-null type schema"):
        ln.save([ln.Record(name="a", features={"n": 1}), ln.Record(name="b", type=lab.sheet, features=VALID)])
    other = ln.Record(name="Other", is_type=True, schema=ln.Schema([lab.features["n"]]).save()).save()
    with pytest.raises(ValidationError, match="same type schema"):
        ln.save(
            [ln.Record(name="a", type=other, features={"n": 1}), ln.Record(name="b", type=lab.sheet, features=VALID)]
        )
    assert ln.Record.filter(name__in=["a", "b"]).count() == 0


def test_a_data_frame_goes_in_and_comes_out(lab: Any, count_queries: Any) -> None:
    import lamindb as ln

    counts = []
    for n in (5, 600):  # above 500 ids travel as one parameter
        frame = _frame(n)
        batch = ln.Record.from_dataframe(frame, type=lab.sheet)
        assert len(batch) == n and batch.type == lab.sheet
        with count_queries() as statements:
            records = batch.save()
        counts.append(len(statements))
        assert [record.name for record in records] == frame["name"].to_list()
        assert all(record.pk and record.type == lab.sheet for record in records)
        with count_queries() as statements:
            assert batch.save() is records
        assert not statements
    assert counts[0] == counts[1] <= 9
    with count_queries() as statements:
        out = lab.sheet.to_dataframe(is_run_input=False)
    assert len(statements) <= 5
    assert len(out) == 605 and out.index.name == "__lamindb_record_id__" and out.index.is_monotonic_increasing
    assert out.columns.to_list() == [
        "n", "x", "label", "sample", "note", "day", "labels", "__lamindb_record_uid__", "__lamindb_record_name__",
    ]  # fmt: skip
    back = out.iloc[5:].reset_index(drop=True).rename(columns={"__lamindb_record_name__": "name"})
    for column in ("name", "n", "x", "labels"):
        assert back[column].to_list() == frame[column].to_list()
    assert back["label"].astype(str).to_list() == frame["label"].to_list()
    assert (
        str(out["label"].dtype) == "category" and str(out["n"].dtype) == "int64" and str(out["note"].dtype) == "string"
    )


def test_repeated_imports_make_new_records(lab: Any) -> None:
    import lamindb as ln

    for _ in range(2):
        ln.Record.from_dataframe(_frame(3), type=lab.sheet).save()
    assert ln.Record.filter(type=lab.sheet, name="row 1").count() == 2


def test_gaps_nulls_and_odd_names_are_taken(lab: Any) -> None:
    import lamindb as ln

    frame = pd.DataFrame(
        {
            "name": ["a", None, 3],
            "n": [1.0, np.nan, 3.0],
            "x": [np.nan] * 3,
            "label": pd.Categorical(["u1", None, "u2"], categories=["u0", "u1", "u2"]),
            "sample": [None, None, "s1"],
            "note": pd.array(["t", None, ""], dtype="string"),
            "day": [None, datetime.date(2024, 5, 1), pd.NaT],
            "labels": [[], None, ["u1"]],
        }
    )
    records = ln.Record.from_dataframe(frame, type=lab.sheet).save()
    assert [record.name for record in records] == ["a", None, "3"]
    assert records[0].features.get_values() == {"label": "u1", "n": 1, "note": "t"}
    assert records[1].features.get_values() == {"day": datetime.date(2024, 5, 1)}
    assert records[2].features.get_values() == {"label": "u2", "labels": ["u1"], "sample": "s1", "n": 3, "note": ""}
    out = lab.sheet.to_dataframe(is_run_input=False)
    assert str(out["n"].dtype) == "Int64" and out["n"].isna().sum() == 1
    assert out["x"].isna().all() and str(out["x"].dtype) == "float64"


def test_problems_of_a_data_frame_come_with_their_rows(lab: Any) -> None:
    import lamindb as ln

    frame = _frame(4).astype({"n": object})
    frame.loc[2, "n"] = "x"
    frame.loc[3, "label"] = "nope"
    with pytest.raises(ValidationError) as caught:
        ln.Record.from_dataframe(frame.drop(columns="sample"), type=lab.sheet).save()
    text = str(caught.value)
    assert "in 1 row (2)" in text and "'nope'" in text and "COLUMN_NOT_IN_DATAFRAME: column 'sample'" in text
    assert ln.Record.filter(type=lab.sheet).count() == 0


def test_a_text_makes_a_new_type_with_an_inferred_schema(lab: Any) -> None:
    import lamindb as ln

    frame = _frame(3)[["name", "n", "label"]].assign(unknown=1)
    batch = ln.Record.from_dataframe(frame, type="Import 1")
    made = ln.Record.get(name="Import 1")
    assert batch.type == made and made.type.uid == "W3WdiFRZTvTJajNp" and made.type.name == "Imports"
    assert made.schema.name == "Import 1" and made.schema.type.uid == "DGZkj4yhGWMJE5fu"
    assert [member.name for member in made.schema.members] == ["n", "label"]
    assert batch.save()[0].features.get_values() == {"label": "u0", "n": 0}
    with pytest.raises(ValueError, match="already exists under 'Imports'"):
        ln.Record.from_dataframe(frame, type="Import 1")
    with pytest.raises(ValueError, match="Could not infer a schema"):
        ln.Record.from_dataframe(pd.DataFrame({"nothing": [1]}), type="Import 2")
    assert ln.Record.filter(name="Import 2").count() == 0


def test_a_type_whose_first_rows_fail_is_taken_back(lab: Any) -> None:
    import lamindb as ln

    batch = ln.Record.from_dataframe(pd.DataFrame({"n": ["x"], "note": ["a"]}), type="Import 1")
    with pytest.raises(ValidationError):
        batch.save()
    assert ln.Record.filter(name="Import 1").count() == 0 and ln.Schema.filter(name="Import 1").count() == 0
    ln.Record.from_dataframe(pd.DataFrame({"n": [1], "note": ["a"]}), type="Import 1").save()


def test_what_is_no_frame_or_type_is_refused(lab: Any) -> None:
    import lamindb as ln

    frame = _frame(2)
    with pytest.raises(TypeError, match="`df` needs to be a pandas DataFrame"):
        ln.Record.from_dataframe({"n": [1]}, type=lab.sheet)
    with pytest.raises(ValueError, match="is_type=True"):
        ln.Record.from_dataframe(frame, type=ln.Record(name="no type").save())
    with pytest.raises(ValueError, match="non-null `name`"):
        ln.Record.from_dataframe(frame, type=ln.Record(is_type=True).save())
    with pytest.raises(TypeError, match="class method"):
        lab.sheet.from_dataframe(frame, type=lab.sheet)
    with pytest.raises(ValueError, match="repeated"):
        ln.Record.from_dataframe(pd.concat([frame, frame[["n"]]], axis=1), type=lab.sheet)
    flat = ln.Record(name="Flat", is_type=True).save()
    with pytest.raises(ValidationError, match="same non-null type schema"):
        ln.Record.from_dataframe(frame, type=flat).save()
    assert len(ln.Record.from_dataframe(frame[["name"]], type=flat).save()) == 2
    assert len(ln.Record.from_dataframe(frame.iloc[:0], type=lab.sheet).save()) == 0


def test_features_may_be_called_like_fields(instance: Any) -> None:
    import lamindb as ln

    features = [ln.Feature(name=name, dtype=dtype).save() for name, dtype in (("id", int), ("uid", str), ("name", str))]
    sheet = ln.Record(name="Sheet", is_type=True, schema=ln.Schema(features).save()).save()
    ln.Record(name="r1", type=sheet, features={"id": 7, "uid": "my uid", "name": "my name"}).save()
    frame = sheet.to_dataframe()
    assert frame[["id", "uid", "name"]].iloc[0].to_list() == [7, "my uid", "my name"]
    assert frame["__lamindb_record_name__"].to_list() == ["r1"]
    frame = ln.Record.from_dataframe(frame, type=sheet).save()[0]
    assert frame.name == "r1" and frame.features.get_values() == {"id": 7, "name": "my name", "uid": "my uid"}


def test_empty_sheets_have_all_columns(lab: Any) -> None:
    frame = lab.sheet.to_dataframe()
    assert len(frame) == 0 and frame.index.name == "__lamindb_record_id__"
    dtypes = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert dtypes["n"] == "Int64" and dtypes["x"] == "float64" and dtypes["note"].startswith("string")
    assert dtypes["label"] == "category" and dtypes["labels"] == "object" and dtypes["day"] == "object"


def test_flat_types_show_the_features_that_are_used(lab: Any) -> None:
    import lamindb as ln

    flat = ln.Record(name="Flat", is_type=True).save()
    sub = ln.Record(name="Sub", is_type=True, type=flat).save()
    ln.Record(name="one", type=flat, features={"x": 1.5, "label": "u1"}).save()
    ln.Record(name="two", type=sub, features={"n": 1}).save()
    frame = flat.to_dataframe()
    assert frame.columns.to_list() == ["label", "x", "__lamindb_record_uid__", "__lamindb_record_name__"]
    assert frame["__lamindb_record_name__"].to_list() == ["Sub", "one"]
    frame = flat.to_dataframe(recurse=True, is_run_input=False)
    assert frame["__lamindb_record_name__"].to_list() == ["Sub", "one", "two"] and "n" in frame
    with pytest.raises(TypeError, match="can only be called on the class or on record type instance"):
        ln.Record.get(name="one").to_dataframe()
    assert "uid" in ln.Record.to_dataframe().columns


def test_exports_are_limited_ordered_and_extended_on_request(lab: Any) -> None:
    import lamindb as ln

    ln.Record.from_dataframe(_frame(120), type=lab.sheet).save()
    assert len(lab.sheet.to_dataframe(is_run_input=False)) == 120
    frame = lab.sheet.to_dataframe(is_run_input=False, limit=2, order_by="-id", include="type__name")
    assert frame["n"].to_list() == [119, 118] and frame["type__name"].to_list() == ["My sheet"] * 2
    assert frame.columns[-1] == "type__name"


def test_exports_note_the_run_that_reads(lab: Any) -> None:
    import lamindb as ln

    assert lab.sheet.input_of_runs.count() == 0
    lab.sheet.to_dataframe(is_run_input=False)
    assert lab.sheet.input_of_runs.count() == 0
    lab.sheet.to_dataframe()
    run = lab.sheet.input_of_runs.get()
    assert run.transform.key == "__lamindb_record_export__" and run.transform.kind == "function"
    assert run.status == "completed" and run.finished_at is not None
    own = ln.Run(ln.Transform(key="own.py").save()).save()
    lab.sheet.to_dataframe(is_run_input=own)
    assert own in lab.sheet.input_of_runs.all()


def test_a_sheet_becomes_a_validated_artifact(lab: Any) -> None:
    import lamindb as ln

    records = ln.Record.from_dataframe(_frame(4), type=lab.sheet).save()
    artifact = lab.sheet.to_artifact()
    assert artifact.key == "sheet_exports/My sheet.csv" and artifact.description.startswith(
        f"Export of sheet {lab.sheet.uid}"
    )
    assert artifact.schema is lab.sheet.schema and artifact.kind == "dataset" and artifact.otype == "DataFrame"
    assert artifact.run.input_records.count() == 1 and artifact.run.status == "completed"
    header = artifact.path.read_text().splitlines()[0]
    assert header == "n,x,label,sample,note,day,labels,__lamindb_record_uid__,__lamindb_record_name__"
    assert {link.record.name for link in artifact.links_record.all()} == {"s0", "s1", "s2"}
    assert all(link.feature == lab.features["sample"] for link in artifact.links_record.all())
    assert artifact.features.slots["columns"].members.count() >= 5
    assert lab.sheet.to_artifact() == artifact
    records[0].delete()
    assert len(lab.sheet.to_artifact().load()) == 3
    with pytest.raises(AssertionError, match="Only one of key or suffix can be passed"):
        lab.sheet.to_artifact(key="a.csv", suffix=".csv")
    with pytest.raises(ValueError, match=r"\.parquet"):
        lab.sheet.to_artifact(suffix=".xyz")
    with pytest.raises(AssertionError, match="types"):
        records[1].to_artifact()
    stored = lab.sheet.to_artifact(suffix=".parquet")
    assert stored.key == "sheet_exports/My sheet.parquet" and stored.load()["n"].to_list() == [1, 2, 3]


def test_constructor_names_its_keywords(instance: Any) -> None:
    import lamindb as ln

    with pytest.raises(
        FieldValidationError, match="name, type, is_type, features, description, schema, reference, reference_type"
    ):
        ln.Record(title="x")
    with pytest.raises(ValueError, match="Only one non-keyword arg allowed"):
        ln.Record("x")
    assert ln.Record().save().name is None


def test_existing_records_take_the_features_that_are_passed(lab: Any) -> None:
    import lamindb as ln

    first = ln.Record(name="r", type=lab.sheet, features=VALID).save()
    again = ln.Record(name="r", type=lab.sheet, features={**VALID, "n": 9}).save()
    assert again == first and first.features.get_values()["n"] == 9
    third = ln.Record(name="r", type=lab.sheet, features={**VALID, "n": 10})
    ln.save([third])
    assert first.features.get_values()["n"] == 10


def test_records_belong_to_the_project_in_force(instance: Any) -> None:
    import lamindb as ln
    from lamindb.base.context import current_project_var

    token = current_project_var.set(ln.Project(name="P").save())
    try:
        record = ln.Record(name="r").save()
    finally:
        current_project_var.reset(token)
    assert record.projects.to_list("name") == ["P"]
