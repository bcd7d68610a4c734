"""MuData is recognised by content, written, loaded, opened and counted."""

from __future__ import annotations

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
