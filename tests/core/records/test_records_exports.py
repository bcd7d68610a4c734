"""Exports of some records, what runs read, and records that are saved to another instance."""

from __future__ import annotations

import logging
from typing import Any

import pandas as pd
import pytest

from lamindb.base.context import current_run_var
from lamindb.errors import InvalidArgument, ValidationError


@pytest.fixture
def sheet(instance: Any) -> Any:
    """A sheet with four rows of the features `n` and `label`."""
    return _sheet()


def _sheet() -> Any:
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("a", "b")])
    features = [ln.Feature(name="n", dtype=int).save(), ln.Feature(name="label", dtype=ln.ULabel).save()]
    sheet = ln.Record(name="Sheet", is_type=True, schema=ln.Schema(features, name="sheet").save()).save()
    frame = pd.DataFrame({"name": list("wxyz"), "n": range(4), "label": list("abab")})
    ln.Record.from_dataframe(frame, type=sheet).save()
    return sheet


def test_some_records_of_a_type_become_a_validated_artifact(sheet: Any) -> None:
    import lamindb as ln

    artifact = ln.Record.filter(type=sheet, n__gt=1).to_artifact()
    assert artifact.key == "record_exports/Sheet_subset.csv" and artifact.schema == sheet.schema
    assert artifact.description == f"Export of 2 records of sheet {sheet.uid}"
    assert artifact.path.read_text().splitlines()[1].startswith("2,a,") and len(artifact.load()) == 2
    assert artifact.features.get_values() == {"label": {"a", "b"}}
    assert artifact.run.input_records.one() == sheet and artifact.run.status == "completed"
    sliced = ln.Record.filter(type=sheet).order_by("-id")[:1].to_artifact(key="one.parquet")
    assert sliced.key == "one.parquet" and sliced.load()["n"].to_list() == [3]
    with pytest.raises(AssertionError, match="Only one of key or suffix can be passed"):
        ln.Record.filter(type=sheet).to_artifact(key="a.csv", suffix=".csv")


def test_records_of_several_types_are_exported_without_a_schema(sheet: Any) -> None:
    import lamindb as ln

    free = ln.Record(name="free", type=None, features={"n": 9}).save()
    query = ln.Record.filter(n__gt=2)
    assert free in query
    artifact = query.to_artifact(suffix=".parquet")
    assert artifact.key == "record_exports/records_subset.parquet" and artifact.schema is None
    frame = artifact.load()
    assert frame["n"].to_list() == [3, 9] and frame["__lamindb_record_name__"].to_list() == ["z", "free"]
    assert artifact.run.input_records.count() == 2


def test_runs_read_single_records_on_request(sheet: Any, caplog: Any) -> None:
    import lamindb as ln

    run = ln.Run(ln.Transform(key="own.py").save()).save()
    sheet.to_dataframe(is_run_input=run)
    assert run.input_records.to_list("name") == ["Sheet"]
    made = ln.Record.get(name="z")
    ln.Record.filter(pk=made.pk).update(run=run)
    sheet.to_dataframe(is_run_input=run, link_individual_inputs=True)
    assert sorted(run.input_records.to_list("name")) == ["Sheet", "w", "x", "y"]  # not what the run made
    ln.settings.annotation.n_max_records = 2
    other = ln.Run(ln.Transform(key="other.py").save()).save()
    with caplog.at_level(logging.WARNING, logger="lamindb"):
        sheet.to_artifact(is_run_input=other, link_individual_inputs=True)
    assert other.input_records.count() == 3 and "linking 2 of 4 records" in caplog.text
    token = current_run_var.set(run)
    try:
        sheet.to_dataframe(use_export_run=True)
    finally:
        current_run_var.reset(token)
    mediating = sheet.input_of_runs.order_by("-id").first()
    assert mediating.transform.key == "__lamindb_record_export__" and mediating.initiated_by_run == run


def test_exports_are_in_the_space_of_their_type(sheet: Any) -> None:
    import lamindb as ln

    space = ln.Space(name="lab").save()
    sheet.space = space
    sheet.save()
    assert sheet.to_artifact().space == space


def test_a_table_becomes_records_of_another_instance(sheet: Any, other_instance: Any) -> None:
    import lamindb as ln

    slug = other_instance(_sheet)
    there = ln.DB(slug).Record.get(name="Sheet")
    frame = pd.DataFrame({"name": ["new", "newer"], "n": [7, 8], "label": ["b", "a"]})
    records = ln.Record.from_dataframe(frame, type=there).save(using=slug)
    assert [record.name for record in records] == ["new", "newer"]
    assert records[0].features.get_values() == {"label": "b", "n": 7} and records[0].type == there
    found = ln.DB(slug).Record.filter(type=there)
    assert found.count() == 6 and found.get(name="newer").created_by.handle == ln.User.filter().first().handle
    assert ln.Record.filter(name="new").count() == 0
    with pytest.raises(ValidationError, match="'nope'"):
        ln.Record.from_dataframe(frame.assign(label="nope"), type=there).save(using=slug)
    with pytest.raises(InvalidArgument, match="lives in instance"):
        ln.Record.from_dataframe(frame, type=there).save()
    with pytest.raises(InvalidArgument, match="has no type 'Sheet'"):
        ln.Record.from_dataframe(frame, type=sheet).save(using=slug)
    with pytest.raises(InvalidArgument, match="has no type 'New'"):
        ln.Record.from_dataframe(frame, type="New").save(using=slug)
    assert ln.Record.filter(name="New").count() == 0 and found.count() == 6


def test_a_record_is_saved_in_another_instance_with_its_features_or_not_at_all(sheet: Any, other_instance: Any) -> None:
    import lamindb as ln

    def fill() -> None:
        _sheet()
        key, n = ln.Feature(name="key", dtype=str).save(), ln.Feature.get(name="n")
        ln.Record(name="Keyed", is_type=True, schema=ln.Schema([n], index=key).save()).save()

    slug = other_instance(fill)
    there = ln.DB(slug)
    free = ln.Record(name="free", features={"n": 1, there.Feature.get(name="label"): "a"}).save(using=slug)
    assert there.Record.get(name="free").features.get_values() == {"label": "a", "n": 1} == free.features.get_values()
    for name in ("Sheet", "Keyed"):  # the types are known by their uid
        here = ln.Record(name=f"{name} here", is_type=True)
        here.uid = there.Record.get(name=name).uid
        here.save()
    for name in ("Sheet here", "Keyed here"):
        kind = ln.Record.get(name=name)
        wrong = ln.Record(name="wrong", type=kind, features={"n": "x", "label": "nope"})
        for _ in range(2):  # what was passed stays, for another try
            with pytest.raises(ValidationError, match="failed dtype check for 'int'"):
                wrong.save(using=slug)
            assert wrong.features.get_values() == {} and wrong.type == kind and wrong.name == "wrong"
    kind = ln.Record.get(name="Sheet here")
    with pytest.raises(ValidationError, match="COLUMN_NOT_IN_DATAFRAME: column 'label'"):
        ln.Record(name="wrong", type=kind, features={"n": 1}).save(using=slug)
    with pytest.raises(ValidationError, match="'nope'"):
        ln.save(
            [ln.Record(name=name, type=kind, features={"n": 1, "label": name}) for name in ("b", "nope")], using=slug
        )
    assert there.Record.filter(name__in=["wrong", "b", "nope"]).count() == 0
    ln.save([ln.Record(name=name, type=kind, features={"n": 1, "label": name}) for name in "ab"], using=slug)
    assert there.Record.get(name="b").features.get_values() == {"label": "b", "n": 1}
    keyed = ln.Record(type=ln.Record.get(name="Keyed here"), features={"n": 2, "key": "k"}).save(using=slug)
    assert keyed.name == "k" and there.Record.get(name="k").features.get_values() == {"key": "k", "n": 2}
    assert ln.Record.filter(name__in=["free", "wrong", "a", "b", "k"], is_type=False).count() == 0


def test_exports_are_annotated_with_the_records_that_are_linked_whatever_their_names(instance: Any) -> None:
    import lamindb as ln

    kind = ln.Record(name="Sample", is_type=True).save()
    subs = [ln.Record(name=name, is_type=True, type=kind).save() for name in ("A", "B")]
    twins = [ln.Record(name="s1", type=sub).save() for sub in subs]
    sample = ln.Feature(name="sample", dtype=kind).save()
    sheet = ln.Record(name="Sheet", is_type=True, schema=ln.Schema([sample], name="sheet").save()).save()
    ln.Record(name="row 1", type=sheet, features={"sample": twins[1]}).save()
    assert [link.record for link in sheet.to_artifact().links_record.all()] == [twins[1]]
    nearer = ln.Record(name="s1", type=kind).save()
    ln.Record(name="row 2", type=sheet, features={"sample": twins[0]}).save()
    linked = {link.record.uid for link in sheet.to_artifact().links_record.all()}
    assert linked == {twin.uid for twin in twins} and nearer.uid not in linked
    twins[0].delete()
    assert [link.record for link in sheet.to_artifact().links_record.all()] == [twins[1]]
