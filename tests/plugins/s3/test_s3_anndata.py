"""AnnData in a bucket: opened where it is, in both formats, changed in place, and read for training without a download."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

ad = pytest.importorskip("anndata")
np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")
pytest.importorskip("lamindb_anndata")


def _adata(n_obs: int, seed: int = 0) -> Any:
    from scipy import sparse

    return ad.AnnData(
        sparse.random(n_obs, 30, 0.2, format="csr", random_state=seed, dtype=np.float32),
        obs=pd.DataFrame(
            {"cell_type": pd.Categorical(["B cell", "T cell"] * (n_obs // 2))}, index=map(str, range(n_obs))
        ),
        var=pd.DataFrame(index=[f"gene{number}" for number in range(30)]),
    )


@pytest.fixture
def storage(sqlite_instance: Any, bucket: str, cache: Path) -> str:
    ln.settings.storage = bucket
    return bucket


@pytest.mark.parametrize("key", ["cells.h5ad", "cells.zarr"])
def test_an_anndata_opens_where_it_is(storage: str, cache: Path, key: str) -> None:
    adata = _adata(40)
    artifact = ln.Artifact.from_anndata(adata, key=key, run=False).save()
    shutil.rmtree(cache, ignore_errors=True)
    with artifact.open() as accessor:
        assert accessor.shape == (40, 30)
        mask = accessor.obs["cell_type"] == "T cell"
        part = accessor[mask, ["gene3", "gene1"]].to_memory()
    expected = adata[adata.obs["cell_type"] == "T cell", ["gene3", "gene1"]]
    np.testing.assert_array_equal(part.X.toarray(), expected.X.toarray())
    assert not [path for path in cache.rglob("*") if "cells" in path.name], "opening must not download"
    np.testing.assert_array_equal(artifact.load().X.toarray(), adata.X.toarray())


def test_a_column_is_added_to_a_store_in_a_bucket(storage: str) -> None:
    artifact = ln.Artifact.from_anndata(_adata(10), key="cells.zarr", run=False).save()
    artifact.load()  # there is a copy in the cache now
    with artifact.open("r+") as accessor:
        accessor.add_column("obs", "quality", np.arange(10))
    assert artifact.uid.endswith("0001")
    assert artifact.load().obs["quality"].tolist() == list(range(10))


def test_a_collection_in_a_bucket_is_read_for_training(storage: str, cache: Path) -> None:
    objects = [_adata(12, seed) for seed in range(2)]
    artifacts = [
        ln.Artifact.from_anndata(adata, key=f"{number}.{suffix}", run=False).save()
        for number, (adata, suffix) in enumerate(zip(objects, ("h5ad", "zarr"), strict=True))
    ]
    collection = ln.Collection(artifacts, key="cells", run=False).save()
    shutil.rmtree(cache, ignore_errors=True)
    dataset = collection.mapped(obs_keys="cell_type", stream=True)
    assert not list(cache.rglob("*.h5ad")), "streaming must not download"
    np.testing.assert_array_equal(dataset[15]["X"], objects[1].X.toarray()[3])
    assert sum(len(batch["X"]) for batch in dataset.batches(5, shuffle=True, seed=0)) == 24
    cached = collection.mapped(obs_keys="cell_type")
    np.testing.assert_array_equal(cached[3]["X"], dataset[3]["X"])
