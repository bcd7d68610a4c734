"""SpatialData is recognised by content, written, loaded and opened; its tables are lazy AnnData."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spatialdata
import zarr

from lamindb.plugins import manager
from lamindb_spatialdata import files
from lamindb_spatialdata.accessor import open_spatialdata


@pytest.fixture(scope="module")
def blobs() -> Any:
    from spatialdata.datasets import blobs

    return blobs(length=64, n_points=20, n_shapes=3)


@pytest.fixture
def store(blobs: Any, tmp_path: Path) -> Path:
    path = tmp_path / "blobs.zarr"
    files.write(blobs, path)
    return path


def test_a_spatialdata_comes_back_as_it_was(blobs: Any, store: Path) -> None:
    assert blobs.path is None, "writing must not tie the object to the staged store"
    loaded = files.load(store)
    assert sorted(loaded.images) == sorted(blobs.images)
    np.testing.assert_array_equal(loaded.tables["table"].X.toarray(), blobs.tables["table"].X.toarray())
    found = manager.data_format_for_path(store)
    assert found is not None and found.otype == "SpatialData"
    named = manager.data_format_for_object(blobs)
    assert named is not None and named.otype == "SpatialData" and named.suffix_for() == ".zarr"
    assert named.suffix_for("spatialdata.zarr") == ".spatialdata.zarr"


def test_tables_are_lazy_anndata(blobs: Any, store: Path) -> None:
    opener = manager.data_format_to_open(store, suffix=".zarr").resolve("opener")
    with opener(store) as accessor:
        assert accessor.tables.keys() == ["table"] == list(accessor.tables)
        table = accessor.tables["table"]
        assert table.shape == blobs.tables["table"].shape
        np.testing.assert_array_equal(table[:4].to_memory().X.toarray(), blobs.tables["table"].X[:4].toarray())
        assert "with tables: ['table']" in repr(accessor)
        with pytest.raises(KeyError, match="no table 'cells'"):
            accessor.tables["cells"]
    assert accessor.closed
    with pytest.raises(ValueError, match="closed"):
        accessor.tables["table"]


def test_a_column_that_is_added_to_a_table_is_there_for_everybody(store: Path) -> None:
    changes: list[int] = []
    with open_spatialdata(store, "r+", on_change=lambda: changes.append(1)) as accessor:
        table = accessor.tables["table"]
        table.add_column("obs", "quality", np.arange(table.n_obs))
    assert changes == [1]
    loaded = spatialdata.read_zarr(store)
    assert loaded.tables["table"].obs["quality"].tolist() == list(range(loaded.tables["table"].n_obs))


def test_other_stores_are_no_spatialdata(tmp_path: Path) -> None:
    import anndata as ad

    ad.AnnData(np.eye(3, dtype=np.float32)).write_zarr(tmp_path / "cells.zarr")
    assert not files.holds_spatialdata(tmp_path / "cells.zarr")
    group = zarr.create_group(tmp_path / "pictures.zarr")
    group.create_array("images", data=np.zeros((2, 3)))
    group.create_group("labels").create_array("picture", data=np.zeros(3))
    assert not files.is_spatialdata(group) and not files.holds_spatialdata(tmp_path / "pictures.zarr")
    with pytest.raises(ValueError, match="Unable to determine zarr store format"):
        files.load(tmp_path / "cells.zarr")


def test_a_store_of_an_earlier_release_is_stored_validated_and_opened(sqlite_instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    path = tmp_path / "spots.zarr"
    shutil.unpack_archive(Path(__file__).parent / "old_files" / "spatialdata-0.2.zarr.zip", path)
    ln.save([ln.ULabel(name=label) for label in ("B", "T")])
    obs = ln.Schema([ln.Feature(name="kind", dtype=ln.ULabel).save()]).save()
    schema = ln.Schema(slots={"tables:table:obs": obs}, otype="SpatialData").save()
    artifact = ln.Artifact.from_spatialdata(path, key="spots.zarr", schema=schema).save()
    assert artifact.otype == "SpatialData"
    assert artifact.features.get_values() == {"kind": {"B", "T"}}
    loaded = artifact.load()
    assert set(loaded.shapes) == {"spots"} and set(loaded.images) == {"picture"}
    with artifact.open() as accessor:
        table = accessor.tables["table"]
        assert table.shape == (4, 3)
        assert table[["cell2", "cell0"]].to_memory().obs["kind"].tolist() == ["B", "B"]
