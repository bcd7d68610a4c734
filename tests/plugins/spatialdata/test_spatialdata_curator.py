"""SpatialData is curated by its attributes and tables: objects, paths and artifacts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from spatialdata.datasets import blobs


def _sdata() -> Any:
    sdata = blobs(length=32)
    sdata.attrs["sample"] = {"assay": "Visium", "disease": "healthy"}
    table = sdata.tables["table"]
    table.obs["kind"] = pd.Categorical([("a", "b")[number % 2] for number in range(table.n_obs)])
    return sdata


@pytest.fixture
def schema(instance: Any) -> Any:
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("a", "b", "healthy")])
    ln.Feature(name="channel_0_sum", dtype=float).save()
    sample = [ln.Feature(name="assay", dtype=str).save(), ln.Feature(name="disease", dtype=ln.ULabel).save()]
    obs = [ln.Feature(name="instance_id", dtype=int).save(), ln.Feature(name="kind", dtype=ln.ULabel).save()]
    slots = {
        "attrs:sample": ln.Schema(sample).save(),
        "tables:table:obs": ln.Schema(obs).save(),
        "tables:table:var.T": ln.Schema(itype=ln.Feature).save(),
    }
    return ln.Schema(slots=slots, otype="SpatialData").save()


@pytest.mark.parametrize("form", ["object", "path"])
def test_all_slots_are_validated_and_annotated(schema: Any, tmp_path: Path, form: str) -> None:
    import lamindb as ln

    sdata = _sdata()
    dataset: Any = sdata
    if form == "path":
        dataset = tmp_path / "blobs.zarr"
        sdata.write(dataset)
    artifact = ln.Artifact.from_spatialdata(dataset, key="blobs.zarr", schema=schema).save()
    assert set(artifact.features.slots) == set(schema.slots)
    assert artifact.features.get_values() == {"disease": "healthy", "kind": {"a", "b"}}
    ln.curators.SpatialDataCurator(artifact, schema).validate()
    sdata.attrs["sample"]["disease"] = "unknown"
    sdata.tables["table"].obs["kind"] = sdata.tables["table"].obs["kind"].cat.rename_categories({"b": "c"})
    with pytest.raises(ln.errors.ValidationError) as caught:
        ln.curators.SpatialDataCurator(sdata, schema).validate()
    assert {(problem.slot, problem.column) for problem in caught.value.report} == {
        ("attrs:sample", "disease"), ("tables:table:obs", "kind"),
    }  # fmt: skip


def test_what_is_not_there_is_named(schema: Any) -> None:
    import lamindb as ln

    one = schema.slots["tables:table:obs"]
    for slot, words in (
        ("tables:x:obs", "Table 'x' not found in sdata.tables"),
        ("tables:table:obsm", "Attribute 'obsm' not found on table 'table'"),
        ("a:b", "Unrecognized slot format: 'a:b'"),
        ("attrs:nix", "key 'nix' not found"),
    ):
        other = ln.Schema(slots={slot: one}, otype="SpatialData").save()
        with pytest.raises(ln.errors.InvalidArgument, match=words):
            ln.curators.SpatialDataCurator(_sdata(), other)
    legacy = ln.Schema(slots={"sample": schema.slots["attrs:sample"]}, otype="SpatialData").save()
    ln.curators.SpatialDataCurator(_sdata(), legacy).validate()
