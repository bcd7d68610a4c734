"""Experiments are written, appended, opened, changed in place and counted; each change is a version of the same store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
import pytest
import tiledbsoma.io


def _adata(n_obs: int, prefix: str, n_vars: int = 4) -> Any:
    return ad.AnnData(
        np.arange(n_obs * n_vars, dtype=np.float32).reshape(n_obs, n_vars),
        obs=pd.DataFrame({"cell_type": ["T cell"] * n_obs}, index=[f"{prefix}{number}" for number in range(n_obs)]),
        var=pd.DataFrame({"length": range(n_vars)}, index=[f"gene{number}" for number in range(n_vars)]),
    )


@pytest.fixture
def run(instance: Any) -> Any:
    import lamindb as ln

    transform = ln.Transform(key="ingest.py", kind="script").save()
    return ln.Run(transform).save()


def _save(*args: Any, **kwargs: Any) -> Any:
    import lamindb as ln

    return ln.integrations.save_tiledbsoma_experiment(*args, **kwargs)


def test_an_experiment_is_written_appended_and_changed(run: Any, tmp_path: Path) -> None:
    import lamindb as ln

    second = tmp_path / "second.h5ad"
    _adata(7, "b").write_h5ad(second)
    first = _save([_adata(5, "a"), second], key="atlas.tiledbsoma", description="atlas", run=run)
    assert (first.suffix, first.otype, first.kind, first.n_observations) == (".tiledbsoma", "tiledbsoma", "dataset", 12)
    assert first._overwrite_versions and first.uid.endswith("0000") and first.run == run
    with first.open(is_run_input=False) as experiment:
        assert isinstance(experiment, tiledbsoma.Experiment)
        obs = experiment.obs.read().concat().to_pandas()
        assert obs["obs_id"].tolist() == [f"a{number}" for number in range(5)] + [f"b{number}" for number in range(7)]
        assert set(obs["lamin_run_uid"]) == {run.uid}

    label = ln.ULabel(name="atlas").save()
    first.ulabels.add(label)
    later = ln.Run(run.transform).save()
    appended = _save([_adata(3, "c")], revises=first, run=later)
    assert appended.uid == first.stem_uid + "0001"
    assert (appended.n_observations, appended.key, appended.description) == (15, "atlas.tiledbsoma", "atlas")
    assert appended.run == later and appended.ulabels.to_list("name") == ["atlas"]
    for read in ("open", "load", "cache"):
        with pytest.raises(ValueError, match="overwritten"):
            getattr(ln.Artifact.get(first.uid), read)()
    with pytest.raises(ValueError, match="not the latest version"):
        _save([_adata(1, "d")], revises=ln.Artifact.get(first.uid), run=later)

    with appended.open("w", is_run_input=False) as experiment:
        assert type(experiment).__name__ == "ExperimentTrack"
        experiment.metadata["note"] = "checked"
    assert appended.uid == first.stem_uid + "0002"
    with appended.open("w", is_run_input=False):
        pass
    assert appended.uid == first.stem_uid + "0002", "nothing was changed, so there is no new version"
    with appended.open(is_run_input=False) as experiment:
        assert experiment.metadata["note"] == "checked"
        assert set(experiment.obs.read().concat().to_pandas()["lamin_run_uid"]) == {run.uid, later.uid}


def test_what_can_not_be_written_is_refused(run: Any) -> None:
    adata = _adata(4, "a")
    with pytest.raises(ValueError, match="Pass `run`"):
        _save([adata], key="atlas.tiledbsoma")
    with pytest.raises(
        ValueError, match="Can not write an `AnnData` view, please do `adata.copy\\(\\)` before passing"
    ):
        _save([adata[:2]], key="atlas.tiledbsoma", run=run)
    with pytest.raises(ValueError, match="empty"):
        _save([], key="atlas.tiledbsoma", run=run)
    with pytest.raises(ValueError, match="revises"):
        _save([adata], revises=run, run=run)


def test_the_function_has_two_addresses() -> None:
    from lamindb.core import storage
    from lamindb.integrations import save_tiledbsoma_experiment

    assert storage.save_tiledbsoma_experiment is save_tiledbsoma_experiment


def test_a_store_on_disk_becomes_an_artifact(run: Any, tmp_path: Path) -> None:
    import lamindb as ln

    path = tmp_path / "store.tiledbsoma"
    tiledbsoma.io.from_anndata(str(path), _adata(6, "a"), "RNA")
    artifact = ln.Artifact.from_tiledbsoma(path, key="store.tiledbsoma", run=run).save()
    assert (artifact.otype, artifact.n_observations) == ("tiledbsoma", 6)
    with tiledbsoma.open(str(path)) as experiment:
        again = ln.Artifact.from_tiledbsoma(experiment, key="store.tiledbsoma", run=run)
    assert again.uid == artifact.uid, "the same content"
    with pytest.raises(NotImplementedError, match="cache"):
        artifact.load()
    with pytest.raises(ValueError, match="SOMA Experiment"):
        ln.Artifact.from_tiledbsoma(_adata(2, "a"), key="store.tiledbsoma", run=run)
    with pytest.raises(ValueError, match="mode='r\\+'"):
        artifact.open("r+")


def test_the_parts_of_an_experiment_are_counted(tmp_path: Path) -> None:
    from lamindb_tiledbsoma.stores import count_observations, open_soma

    path = tmp_path / "store.tiledbsoma"
    tiledbsoma.io.from_anndata(str(path), _adata(6, "a"), "RNA")
    assert count_observations(path) == 6
    assert count_observations(path / "ms" / "RNA") == 6
    with open_soma(path / "ms" / "RNA") as measurement:
        assert isinstance(measurement, tiledbsoma.Measurement)
    with open_soma(path / "ms") as collection:
        assert isinstance(collection, tiledbsoma.Collection)
        assert count_observations(collection) == 6
    with pytest.raises(ValueError, match="mode"):
        open_soma(path, "r+")
