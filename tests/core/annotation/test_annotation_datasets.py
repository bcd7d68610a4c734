"""Features that are measured within a dataset, external schemas, and writes that fail half-way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lamindb.errors import ValidationError


@pytest.fixture
def artifact(instance: Any) -> Any:
    """A table that is validated and annotated with a column of labels."""
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("a", "b", "c")])
    ln.Feature(name="note", dtype=str).save()
    ln.Feature(name="place", dtype=ln.ULabel).save()
    schema = ln.Schema([ln.Feature(name="cell", dtype=ln.ULabel).save(), ln.Feature(name="n", dtype=int).save()]).save()
    df = pd.DataFrame({"cell": pd.Categorical(["a", "b"]), "n": [1, 2]})
    return ln.Artifact.from_dataframe(df, key="table.parquet", schema=schema).save()


def test_measured_features_are_not_annotated_by_hand(artifact: Any) -> None:
    import lamindb as ln

    artifact.features.add_values({"note": "x", "place": "c"})
    assert artifact.features.get_values() == {"cell": {"a", "b"}, "place": "c", "note": "x"}
    assert artifact.features.get_values(external_only=True) == {"place": "c", "note": "x"}
    cell = ln.Feature.get(name="cell")
    for values in ({"cell": "c"}, {"note": "y", "n": 3}, {cell: "c"}):
        for method in (artifact.features.add_values, artifact.features.set_values, artifact.features.update_values):
            with pytest.raises(
                ValidationError, match=r"Cannot manually annotate a feature measured \*within\* the dataset"
            ):
                method(values)
    with pytest.raises(ValidationError, match="within"):
        artifact.labels.add("c", feature=cell)
    with pytest.raises(ValueError, match="Cannot remove values for dataset features"):
        artifact.features.remove_values("cell")
    artifact.features.set_values({"note": "z"})
    assert artifact.features.get_values() == {"cell": {"a", "b"}, "note": "z"}
    artifact.features.remove_values()
    assert artifact.features.get_values() == {"cell": {"a", "b"}}
    assert list(artifact.features.slots) == ["columns"]
    assert "Dataset features" in repr(artifact.features) and "External features" not in repr(artifact.features)


def test_an_external_schema_decides_on_all_values(instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    ln.Feature(name="free", dtype=int).save()
    members = [
        ln.Feature(name="n", dtype=int).save(),
        ln.Feature(name="note", dtype=str).save().with_config(optional=True),
    ]
    schema = ln.Schema(members, name="external").save()
    (tmp_path / "a.txt").write_text("a")
    for bad, text in (({"n": "x"}, "failed dtype check"), ({"note": "x"}, "COLUMN_NOT_IN_DATAFRAME")):
        with pytest.raises(ValidationError, match=text):
            ln.Artifact(tmp_path / "a.txt", key="a.txt", features=bad, schema=schema).save()
    assert ln.Artifact.filter().count() == 0
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt", features={"n": 1}, schema=schema).save()
    assert artifact.features.get_values() == {"n": 1}
    with pytest.raises(ValueError, match="Cannot add values if artifact has external schema"):
        artifact.features.add_values({"note": "x"})
    with pytest.raises(ValueError, match="Cannot remove values if artifact has external schema"):
        artifact.features.remove_values("n")
    with pytest.raises(ValidationError, match="'n'"):
        artifact.features.set_values({"note": "x"})
    artifact.features.set_values({"n": 2, "note": "x"})
    artifact.features.update_values({"note": None})
    assert artifact.features.get_values() == {"n": 2}
    with pytest.raises(ValidationError, match="'n'"):
        artifact.features.update_values({"n": "y"})
    assert artifact.features.get_values() == {"n": 2}


def test_values_are_checked_against_a_schema_that_is_passed(instance: Any, tmp_path: Path, capsys: Any) -> None:
    import lamindb as ln

    n, note = ln.Feature(name="n", dtype=int).save(), ln.Feature(name="note", dtype=str).save()
    other = ln.Feature(name="other", dtype=str).save()
    schema = ln.Schema([n, note], name="strict", maximal_set=True).save()
    run = ln.Run(ln.Transform(key="t.py").save()).save()
    with pytest.raises(ValidationError, match="column 'note' not in dataframe"):
        run.features.add_values({"n": 1}, schema=schema)
    with pytest.raises(ValidationError, match="COLUMN_NOT_IN_SCHEMA: column 'other'"):
        run.features.add_values({"n": 1, "note": "x", "other": "y"}, schema=schema)
    with pytest.raises(ValidationError, match=r"not in the provided schema: \['other'\]"):
        run.features.add_values({"n": 1, "note": "x", other: "y"}, schema=schema)
    run.features.add_values({"n": 1, "note": "x"}, schema=schema)
    run.features.set_values({"n": 2, "note": "y"}, schema=schema)
    assert run.features.get_values() == {"n": 2, "note": "y"}


def test_a_write_that_fails_half_way_changes_nothing(artifact: Any, instance: Any) -> None:
    from django.db import connection

    import lamindb as ln

    artifact.features.add_values({"note": "x", "place": "c"})
    before = artifact.features.get_values()
    with connection.cursor() as cursor:  # the table of labels refuses rows from now on
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER refuse BEFORE INSERT ON lamindb_artifactulabel BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$ LANGUAGE plpgsql"
            )
            cursor.execute("CREATE TRIGGER refuse BEFORE INSERT ON lamindb_artifactulabel EXECUTE FUNCTION refuse()")
    for method in (artifact.features.add_values, artifact.features.set_values, artifact.features.update_values):
        with pytest.raises(Exception, match="disk full"):
            method({"note": "new", "place": "a"})
        assert artifact.features.get_values() == before
    assert not ln.models.JsonValue.filter(value="new").exists()


def test_bulk_annotation_takes_one_statement_per_table(artifact: Any, count_queries: Any) -> None:
    import lamindb as ln
    from lamindb.annotation.facts import annotate

    labels = [ln.ULabel(name=f"label {i}") for i in range(30)]
    records = [ln.Record(name=f"record {i}") for i in range(30)]
    ln.save([*labels, *records])
    place, note = ln.Feature.get(name="place"), ln.Feature.get(name="note")
    both = ln.Feature(name="both", dtype=[ln.ULabel, ln.Record]).save()
    for _ in range(2):
        with count_queries() as statements:
            annotate(artifact, {place: labels, both: [*labels[:2], *records], note: ["x", "y"]})
        assert len(statements) == 4
    values = artifact.features.get_values(external_only=True)
    assert len(values["place"]) == 30 and len(values["both"]) == 32 and values["note"] == {"x", "y"}
