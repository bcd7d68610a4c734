"""The documented work with records from end to end: compounds and treatments, a sample sheet for a pipeline, a free record that joins a sheet."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import pytest
from django.db.models import ProtectedError

from lamindb.errors import InvalidArgument, ValidationError


def test_treatments_are_linked_with_compounds_and_exported(instance: Any) -> None:
    import lamindb as ln
    from lamindb.models import RecordJson, RecordProject, RecordRecord, RecordULabel

    compound = ln.Record(name="Compound", is_type=True).save()
    treatment = ln.Record(name="Treatment", is_type=True).save()
    biosample = ln.Record(name="BioSample", is_type=True).save()
    ln.Feature(name="structure", dtype=str).save()
    drugs = [ln.Record(name=f"drug{i}", type=compound, features={"structure": f"C{i}"}).save() for i in (1, 2)]
    compound_feature = ln.Feature(name="compound", dtype=compound).save()
    concentration = ln.Feature(name="concentration", dtype="num").save()
    treatments = ln.Record(name="My treatments 2025-05", is_type=True, type=treatment).save()
    rows = [ln.Record(name=f"treatment{i}", type=treatments).save() for i in (1, 2)]
    for row, drug, text in zip(rows, drugs, ("2nM", "4nM"), strict=True):
        RecordRecord(record=row, feature=compound_feature, value=drug).save()
        RecordJson(record=row, feature=concentration, value=text).save()
    assert drugs[0] in rows[0].linked_records.all() and rows[0] in drugs[0].linked_in_records.all()
    frame = ln.Record.filter(type=treatments).to_dataframe(features="queryset")
    assert frame["compound"].to_list() == ["drug2", "drug1"] and frame["concentration"].to_list() == ["4nM", "2nM"]

    line = ln.ULabel(name="HEK293").save()
    project = ln.Project(name="Project 1").save()
    dtypes = {
        "id": int,
        "uid": str,
        "name": str,
        "treatment": treatment,
        "cell_line": ln.ULabel,
        "preparation_date": datetime.datetime,
    }
    features = {name: ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()}
    features["project"] = ln.Feature(name="project", dtype=ln.Project).save()
    schema = ln.Schema(list(features.values()), name="My samples schema").save()
    samples = ln.Record(name="My samples 2025-06", is_type=True, type=biosample, schema=schema).save()
    for i, row in enumerate(rows, start=1):
        sample = ln.Record(name=f"sample{i}", type=samples).save()
        for name, value in (
            ("id", i),
            ("uid", f"S{i}"),
            ("name", f"Sample {i}"),
            ("preparation_date", f"2025-06-0{i}T05:00:00"),
        ):
            RecordJson(record=sample, feature=features[name], value=value).save()
        RecordRecord(record=sample, feature=features["treatment"], value=row).save()
        RecordULabel(record=sample, feature=features["cell_line"], value=line).save()
        RecordProject(record=sample, feature=features["project"], value=project).save()
    frame = ln.Record.filter(type=samples).to_dataframe(features=["cell_line", "treatment"])
    assert frame["cell_line"].to_list() == ["HEK293"] * 2 and frame["treatment"].to_list() == [
        "treatment2",
        "treatment1",
    ]
    assert "name" in frame or "__lamindb_record_name__" in frame
    frame = samples.to_dataframe()
    assert frame["name"].to_list() == ["Sample 1", "Sample 2"] and frame["id"].to_list() == [1, 2]
    assert frame["preparation_date"].to_list() == [pd.Timestamp("2025-06-01 05:00"), pd.Timestamp("2025-06-02 05:00")]
    assert samples.input_of_runs.count() == 1

    artifact = samples.to_artifact()
    assert artifact.key == "sheet_exports/My samples 2025-06.csv"
    header = artifact.path.read_text().splitlines()[0]
    assert (
        header
        == "id,uid,name,treatment,cell_line,preparation_date,project,__lamindb_record_uid__,__lamindb_record_name__"
    )
    assert sorted(link.record.name for link in artifact.links_record.all()) == ["treatment1", "treatment2"]
    assert "Record[Treatment]" in artifact.describe(return_str=True) and "columns (7)" in artifact.describe(
        return_str=True
    )
    assert samples.to_artifact() == artifact
    ln.Record.get(name="sample2").delete()
    assert len(samples.to_artifact().load()) == 1
    nameless = ln.Record(name="Nameless", is_type=True, type=biosample, schema=schema).save()
    ln.Record(type=nameless).save()
    assert nameless.to_dataframe()["__lamindb_record_name__"].to_list() == [None]
    with pytest.raises(ProtectedError):
        drugs[0].delete(permanent=True)


def test_a_sample_sheet_of_a_pipeline_is_written_in_the_order_of_its_schema(instance: Any) -> None:
    import lamindb as ln

    biosample = ln.Record(name="BioSample", is_type=True).save()
    species = ln.Feature(name="species", dtype=str).save()
    april = ln.Record(
        name="My samples 2025-04", is_type=True, type=biosample, schema=ln.Schema([species]).save()
    ).save()
    for name in ("Sample_X", "Sample_Y"):
        ln.Record(name=name, type=april, features={"species": "human"}).save()
    pipeline = ln.Record(name="NextflowSample", is_type=True).save()
    members = [
        ln.Feature(name="sample", dtype=biosample).save(),
        ln.Feature(name="fastq_1", dtype=str).save(),
        ln.Feature(name="fastq_2", dtype=str).save(),
        ln.Feature(name="expected_cells", dtype=int).save(),
        ln.Feature(name="seq_center", dtype=str).save().with_config(optional=True),
    ]
    schema = ln.Schema(members, name="RNA-seq standard", ordered_set=True).save()
    sheet = ln.Record(name="RNA-seq nextflow samplesheet 001", is_type=True, type=pipeline, schema=schema).save()
    frame = pd.DataFrame(
        {
            "sample": ["Sample_X", "Sample_Y", "Sample_Y"],
            "fastq_1": ["a", "b", "c"],
            "fastq_2": ["d", "e", "f"],
            "expected_cells": [5000] * 3,
        }
    )
    ln.Record.from_dataframe(frame, type=sheet).save()
    artifact = sheet.to_artifact()
    lines = artifact.path.read_text().splitlines()
    assert lines[0] == "sample,fastq_1,fastq_2,expected_cells,seq_center,__lamindb_record_uid__,__lamindb_record_name__"
    assert lines[1].startswith("Sample_X,a,d,5000,,") and lines[1].endswith(",")
    assert artifact.schema is sheet.schema and artifact.features.slots["columns"].members.count() == 5
    assert "Sample_X, Sample_Y" in artifact.describe(return_str=True)


def test_a_free_record_joins_a_sheet_and_is_found_by_its_values(instance: Any) -> None:
    import lamindb as ln

    gc = ln.Feature(name="gc_content", dtype=float).save()
    experiments = ln.Record(name="Experiment", is_type=True).save()
    ln.Record(name="Experiment 1", type=experiments).save()
    experiment = ln.Feature(name="experiment", dtype=experiments).save()
    record = ln.Record(name="Sample 1", features={"gc_content": 0.5}).save()
    sheet = ln.Record(name="Sheet", is_type=True, schema=ln.Schema([gc, experiment]).save()).save()
    record.type = sheet
    record.save()
    with pytest.raises(ValidationError, match="COLUMN_NOT_IN_DATAFRAME"):
        record.features.set_values({"gc_content": 0.4})
    assert record.features.get_values() == {"gc_content": 0.5}
    record.features.set_values({"gc_content": 0.5, "experiment": "Experiment 1"})
    for found in (
        ln.Record.filter(gc_content=0.5), ln.Record.filter(gc_content__gt=0.4), ln.Record.filter(type=sheet),
        ln.Record.filter(experiment="Experiment 1", type=sheet), ln.Record.filter(gc > 0.4, name="Sample 1"),
    ):  # fmt: skip
        assert list(found) == [record]
    with pytest.raises(InvalidArgument, match="gc_contents"):
        ln.Record.filter(gc_contents=0.5)


def test_json_of_other_clients_is_understood(instance: Any) -> None:
    import lamindb as ln
    from lamindb.models import RecordJson

    dtypes = {"f": float, "d": datetime.date, "t": datetime.datetime}
    features = {name: ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()}
    sheet = ln.Record(name="Sheet", is_type=True, schema=ln.Schema(list(features.values())).save()).save()
    record = ln.Record(name="r", type=sheet).save()
    for name, value in (("f", 3), ("d", "2025-01-17T00:00:00.000Z"), ("t", "2025-01-17T10:00:00.000Z")):
        RecordJson(record=record, feature=features[name], value=value).save()
    values = record.features.get_values()
    assert values == {
        "d": datetime.date(2025, 1, 17), "f": 3.0, "t": datetime.datetime(2025, 1, 17, 10, tzinfo=datetime.UTC),
    }  # fmt: skip
    assert type(values["f"]) is float and list(ln.Record.filter(f=3.0)) == [record]
    frame = sheet.to_dataframe()
    assert frame["f"].to_list() == [3.0] and frame["d"].to_list() == [datetime.date(2025, 1, 17)]
    assert frame["t"].to_list() == [pd.Timestamp("2025-01-17 10:00")] and str(frame["t"].dtype) == "datetime64[ns]"


def test_types_go_to_the_trash_with_their_records(instance: Any) -> None:
    import lamindb as ln

    kind = ln.Record(name="Kind", is_type=True).save()
    sub = ln.Record(name="Sub", is_type=True, type=kind).save()
    row = ln.Record(name="row", type=sub).save()
    ln.Record.filter(name="Kind").delete()
    assert [ln.Record.get(one.uid).branch_id for one in (kind, sub, row)] == [-1, -1, -1]
    kind.refresh_from_db()
    kind.restore()
    assert ln.Record.filter(name="Kind").count() == 1 and ln.Record.filter(name="row").count() == 0
