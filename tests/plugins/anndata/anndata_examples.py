"""AnnData objects for the tests of this folder."""

from __future__ import annotations

from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
from scipy import sparse


def example(n_obs: int = 60, n_vars: int = 12, *, seed: int = 0, raw: bool = True) -> Any:
    """Make an AnnData with an element of every kind in every slot."""
    generator = np.random.default_rng(seed)
    matrix = sparse.random(n_obs, n_vars, 0.3, format="csr", random_state=seed, dtype=np.float32)
    obs = pd.DataFrame(
        {
            "cell_type": pd.Categorical(generator.choice(["B cell", "T cell", "NK cell"], n_obs)),
            "stage": pd.Categorical(
                generator.choice(["early", "late"], n_obs), categories=["early", "late", "never"], ordered=True
            ),
            "score": generator.random(n_obs),
            "batch": generator.choice(["b1", "b2"], n_obs),
            "n_genes": pd.array(generator.integers(0, 9, n_obs), dtype="Int64"),
            "passes": pd.array(generator.integers(0, 2, n_obs).astype(bool), dtype="boolean"),
            "kept": generator.integers(0, 2, n_obs).astype(bool),
        },
        index=[f"cell{number}" for number in range(n_obs)],
    )
    obs.iloc[:2, obs.columns.get_loc("n_genes")] = pd.NA
    obs.iloc[1:3, obs.columns.get_loc("passes")] = pd.NA
    obs.iloc[3:5, obs.columns.get_loc("cell_type")] = np.nan
    var = pd.DataFrame({"mean": generator.random(n_vars)}, index=[f"gene{number}" for number in range(n_vars)])
    adata = ad.AnnData(
        matrix,
        obs=obs,
        var=var,
        layers={"dense": matrix.toarray() + 1, "by_column": matrix.tocsc(), "counts": (matrix * 10).astype(np.int32)},
        obsm={
            "pca": generator.random((n_obs, 3)),
            "table": pd.DataFrame({"x": generator.random(n_obs)}, index=obs.index),
        },
        varm={"loadings": generator.random((n_vars, 2))},
        obsp={"connectivities": sparse.random(n_obs, n_obs, 0.1, format="csr", random_state=seed)},
        varp={"correlations": generator.random((n_vars, n_vars))},
        uns={"cell_type_colors": ["#aaa", "#bbb", "#ccc"], "parameters": {"n": 3, "name": "test"}},
    )
    if raw:
        adata.raw = adata.copy()
    return adata


def write(adata: Any, path: Any) -> Any:
    """Write an object as the name of the path says: `.h5ad`, `.v2.zarr`, or `.zarr`."""
    if str(path).endswith(".h5ad"):
        adata.write_h5ad(path)
        return path
    with ad.settings.override(zarr_write_format=2 if ".v2." in str(path) else 3):
        adata.write_zarr(path)
    return path
