"""MuData is recognised by content, written, loaded, opened and counted."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import anndata as ad
import mudata as md
import numpy as np
import pandas as pd
import pytest

from lamindb.plugins import manager
from lamindb_mudata import files


@pytest.fixture
def mdata() -> Any:
    cells = [f"cell{number}" for number in range(6)]
    rna = ad.AnnData(np.eye(6, 4, dtype=np.float32), obs=pd.DataFrame({"n": range(6)}, index=cells))
    protein = ad.AnnData(np.ones((5, 2), dtype=np.float32), obs=pd.DataFrame(index=cells[:5]))
    rna.var_names = [f"gene{number}" for number in range(4)]
    protein.var_names = ["CD3", "CD8"]
    return md.MuData({"rna": rna, "protein": protein})


@pytest.mark.parametrize("name", ["cells.h5mu", "cells.mudata.zarr", "cells.zarr"])
def test_a_mudata_comes_back_as_it_was(mdata: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    files.write(mdata, path)
    loaded = files.load(path)
    assert loaded.shape == mdata.shape == (6, 6)
    assert set(loaded.mod) == {"rna", "protein"}
    np.testing.assert_array_equal(loaded["rna"].X, mdata["rna"].X)
    assert files.count_observations(path) == files.count_observations(mdata) == 6
    found = manager.data_format_for_path(path)
    assert found is not None and found.otype == "MuData"
    with manager.data_format_to_open(path, suffix="".join(path.suffixes)).resolve("opener")(path) as backed:
        assert sorted(backed.storage["mod"]) == ["protein", "rna"]


def test_a_mudata_object_is_recognised(mdata: Any) -> None:
    found = manager.data_format_for_object(mdata)
    assert found is not None and found.otype == "MuData"
    assert found.suffix_for() == ".h5mu"


def test_other_stores_are_no_mudata(tmp_path: Path) -> None:
    ad.AnnData(np.eye(3, dtype=np.float32)).write_zarr(tmp_path / "cells.zarr")
    assert not files.holds_mudata(tmp_path / "cells.zarr")
    assert manager.data_format_for_path(tmp_path / "cells.zarr").otype == "AnnData"  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="Unable to determine zarr store format"):
        files.load(tmp_path / "cells.zarr")
    assert not files.holds_mudata(tmp_path / "nowhere.zarr")


@pytest.mark.parametrize("name", ["mudata-0.2.h5mu", "mudata-0.2.zarr.zip"])
def test_files_of_an_earlier_release_are_stored_validated_and_loaded(
    sqlite_instance: Any, tmp_path: Path, name: str
) -> None:
    import lamindb as ln

    path = Path(__file__).parent / "old_files" / name
    if name.endswith(".zip"):
        shutil.unpack_archive(path, tmp_path / "cells.zarr")
        path = tmp_path / "cells.zarr"
    ln.save([ln.ULabel(name=label) for label in ("d1", "d2", "B", "T")])
    members = {"obs": ("donor", ln.ULabel), "rna:obs": ("kind", ln.ULabel), "uns:study": ("temperature", float)}
    slots = {slot: ln.Schema([ln.Feature(name=n, dtype=dtype).save()]).save() for slot, (n, dtype) in members.items()}
    schema = ln.Schema(slots=slots, otype="MuData").save()
    artifact = ln.Artifact.from_mudata(path, key=f"old{path.suffix}", schema=schema).save()
    assert (artifact.otype, artifact.n_observations) == ("MuData", 6)
    assert artifact.features.get_values() == {"donor": {"d1", "d2"}, "kind": {"B", "T"}}
    loaded = artifact.load()
    assert loaded.shape == (6, 6) and loaded["rna"].obs["kind"].tolist() == ["B", "T"] * 3
    assert loaded.uns["study"]["temperature"] == 21.6
    with artifact.open() as backed:
        assert sorted(backed.storage["mod"]) == ["protein", "rna"]
