"""Experiments are curated by their tables: open objects, paths and artifacts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def experiment(instance: Any) -> Any:
    import lamindb as ln

    adata = ad.AnnData(
        np.ones((4, 2), dtype="float32"),
        obs=pd.DataFrame({"kind": pd.Categorical(["a", "b", "a", "b"]), "n": [1, 2, 3, 4]}, index=list("wxyz")),
        var=pd.DataFrame({"length": [1, 2]}, index=["g1", "g2"]),
    )
    run = ln.Run(ln.Transform(key="t.py", kind="script").save()).save()
    return ln.integrations.save_tiledbsoma_experiment([adata], key="e.tiledbsoma", run=run)


def test_tables_are_validated_and_annotated(experiment: Any, tmp_path: Path) -> None:
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("a", "b", "g1", "g2")])
    obs = ln.Schema([ln.Feature(name="kind", dtype=ln.ULabel).save(), ln.Feature(name="n", dtype=int).save()]).save()
    length = ln.Feature(name="length", dtype=int).save()
    var = ln.Schema([ln.Feature(name="var_id", dtype=ln.ULabel).save(), length]).save()
    schema = ln.Schema(slots={"obs": obs, "ms:RNA.T": var}, otype="tiledbsoma").save()
    curator = ln.curators.TiledbsomaExperimentCurator(experiment, schema)
    saved = curator.save_artifact()
    assert saved == experiment and set(saved.features.slots) == {"obs", "ms:RNA.T"}
    assert saved.features.get_values() == {"kind": {"a", "b"}, "var_id": {"g1", "g2"}}
    with experiment.open(is_run_input=False) as opened:
        ln.curators.TiledbsomaExperimentCurator(opened, schema).validate()
    path = tmp_path / "copy.tiledbsoma"
    shutil.copytree(experiment.path, path)
    ln.curators.TiledbsomaExperimentCurator(path, schema).validate()
    ids = ln.Schema(itype=ln.ULabel.name, maximal_set=True).save()
    by_id = ln.Schema(slots={"ms:RNA.T": ids}, otype="tiledbsoma").save()
    ln.curators.TiledbsomaExperimentCurator(experiment, by_id).validate()
    ln.ULabel.get(name="g2").delete(permanent=False)
    ln.ULabel.get(name="b").delete(permanent=False)
    with pytest.raises(
        ln.errors.ValidationError, match="1 term not validated in feature 'var_index' in slot 'ms:RNA.T': 'g2'"
    ):
        ln.curators.TiledbsomaExperimentCurator(experiment, by_id).validate()


def test_what_is_not_there_is_named(experiment: Any) -> None:
    import lamindb as ln

    one = ln.Schema([ln.Feature(name="n", dtype=int).save()]).save()
    for slot, words in (("ms:ATAC", "Measurement 'ATAC' not found"), ("x", "'x' is no part of an experiment")):
        schema = ln.Schema(slots={slot: one}, otype="tiledbsoma").save()
        with pytest.raises(ln.errors.InvalidArgument, match=words):
            ln.curators.TiledbsomaExperimentCurator(experiment, schema)
    schema = ln.Schema(slots={"obs": one}, otype="tiledbsoma").save()
    with pytest.raises(ln.errors.InvalidArgument, match="dataset must be SOMAExperiment-like"):
        ln.curators.TiledbsomaExperimentCurator(pd.DataFrame(), schema)
