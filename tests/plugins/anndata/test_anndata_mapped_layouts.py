"""A mapped collection reads the same rows, however values were cut into chunks, packed into shards, and compressed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata as ad
import h5py
import numcodecs
import numpy as np
import pandas as pd
import pytest
import zarr
from scipy import sparse
from zarr.codecs import BloscCodec, Crc32cCodec, GzipCodec, ZstdCodec

from lamindb_anndata import MappedCollection

_N_OBS, _N_VARS = 150, 21
_CHUNKS, _CHUNKS_2D = (37,), (20, 8)


def _matrix() -> Any:
    return sparse.random(_N_OBS, _N_VARS, 0.2, format="csr", random_state=0, dtype=np.float32)


def _dense() -> Any:
    dense = np.arange(_N_OBS * _N_VARS, dtype=np.int32).reshape(_N_OBS, _N_VARS)
    dense[40:60] = 0  # chunks without any value are not written
    return dense


def _write(path: Path, layout: dict[str, Any], zarr_format: int | None = None) -> Path:
    """Write an AnnData whose matrices have the layout."""
    obs = pd.DataFrame({"number": np.arange(_N_OBS)}, index=[f"cell{row}" for row in range(_N_OBS)])
    adata = ad.AnnData(obs=obs, var=pd.DataFrame(index=[f"gene{column}" for column in range(_N_VARS)]))
    if zarr_format is None:
        adata.write_h5ad(path)
        root: Any = h5py.File(path, "r+")
    else:
        with ad.settings.override(zarr_write_format=zarr_format):
            adata.write_zarr(path)
        root = zarr.open_group(path, mode="r+", use_consolidated=False)
    group = root.require_group("X")
    matrix = _matrix()
    group.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": list(matrix.shape)})
    _put(group, "indptr", matrix.indptr, {})
    for name in ("data", "indices"):
        _put(group, name, getattr(matrix, name), {"chunks": _CHUNKS, **layout})
    layers = root.require_group("layers")
    two_axes = {**layout, "shards": (40, 16)} if "shards" in layout else layout
    _put(layers, "dense", _dense(), {"chunks": _CHUNKS_2D, **two_axes})
    layers["dense"].attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})
    if zarr_format is None:
        root.close()
    else:
        zarr.consolidate_metadata(path)
    return path


def _put(group: Any, name: str, values: Any, layout: dict[str, Any]) -> None:
    if isinstance(group, h5py.Group):
        group.create_dataset(name, data=values, **layout)
    else:
        group.create_array(name, shape=values.shape, dtype=values.dtype, **layout)[...] = values


_LAYOUTS: dict[str, tuple[int | None, dict[str, Any]]] = {
    "HDF5": (None, {}),
    "HDF5, gzip": (None, {"compression": "gzip"}),
    "HDF5, shuffled and gzip": (None, {"compression": "gzip", "shuffle": True}),
    "HDF5, lzf": (None, {"compression": "lzf"}),
    "zarr v2": (2, {"compressors": None}),
    "zarr v2, blosc": (2, {"compressors": numcodecs.Blosc(cname="zstd")}),
    "zarr v2, filtered": (2, {"filters": [numcodecs.Shuffle(4)], "compressors": numcodecs.Zstd()}),
    "zarr v3": (3, {"compressors": None}),
    "zarr v3, blosc": (3, {"compressors": [BloscCodec(cname="lz4", shuffle="shuffle")]}),
    "zarr v3, gzip": (3, {"compressors": [GzipCodec()]}),
    "zarr v3, with checksums": (3, {"compressors": [ZstdCodec(), Crc32cCodec()]}),
    "zarr v3, shards": (3, {"shards": (148,), "compressors": [ZstdCodec()]}),
    "zarr v3, shards that are not compressed": (3, {"shards": (74,), "compressors": None}),
    "zarr v3, shards with the index first": (3, {"shards": {"shape": (148,), "index_location": "start"}}),
}


@pytest.mark.parametrize("name", _LAYOUTS)
def test_rows_are_the_same_in_every_layout(name: str, tmp_path: Path) -> None:
    zarr_format, layout = _LAYOUTS[name]
    path = _write(tmp_path / ("cells.h5ad" if zarr_format is None else "cells.zarr"), layout, zarr_format)
    expected, dense = _matrix().toarray(), _dense()
    with MappedCollection([path], layers_keys=["X", "dense"], obs_keys="number", encode_labels=False) as dataset:
        for row in (0, 45, 149):
            np.testing.assert_array_equal(dataset[row]["X"], expected[row])
            np.testing.assert_array_equal(dataset[row]["dense"], dense[row])
        rows = np.random.default_rng(1).integers(0, _N_OBS, 400)
        some = dataset.take(rows)
        np.testing.assert_array_equal(some["X"], expected[rows])
        np.testing.assert_array_equal(some["dense"], dense[rows])
        sparse_some = dataset.take(rows, sparse=True)["X"]
        assert sparse_some.dtype == np.float32 and sparse.issparse(sparse_some)
        np.testing.assert_array_equal(sparse_some.toarray(), expected[rows])
        for batch in dataset.batches(32, shuffle=True, seed=0, block_size=4, preload_blocks=16):
            np.testing.assert_array_equal(batch["X"], expected[batch["number"]])
            np.testing.assert_array_equal(batch["dense"], dense[batch["number"]])


def test_what_is_kept_of_decoded_chunks_is_bounded(tmp_path: Path) -> None:
    from lamindb_anndata.mapped.arrays import ChunkCache

    cache = ChunkCache(room=1000)
    for number in range(100):
        cache.put(number, np.zeros(50))
    assert [number for number in range(100) if cache.get(number) is not None] == [98, 99]
    cache.put("too large", np.zeros(1000))
    assert cache.get("too large") is None and cache.get(99) is not None
