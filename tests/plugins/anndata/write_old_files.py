"""Writes the small files in `old_files/` with an earlier release of anndata; run once for each, in an environment of its own.

python3.9 -m venv old && old/bin/pip install "anndata==0.7.8" "h5py<3.8" "zarr<2.12" "numpy<1.24" "pandas<1.5" "scipy<1.10"
old/bin/python tests/plugins/anndata/write_old_files.py
"""

from pathlib import Path

import anndata as ad
import numpy as np
import pandas as pd
from scipy import sparse

folder = Path(__file__).parent / "old_files"
folder.mkdir(exist_ok=True)
version = ".".join(ad.__version__.split(".")[:2])
n_obs, n_vars = 8, 5
matrix = sparse.csr_matrix(
    np.where(np.arange(n_obs * n_vars) % 3, 0, np.arange(n_obs * n_vars)).reshape(n_obs, n_vars), dtype=np.float32
)
obs = pd.DataFrame(
    {
        "cell_type": pd.Categorical(["B", "T", "T", "NK", "B", "T", "B", "T"]),
        "stage": pd.Categorical(["e", "l"] * 4, categories=["e", "l", "never"], ordered=True),
        "score": np.arange(n_obs) / 4,
        "kept": [True, False] * 4,
    },
    index=[f"cell{number}" for number in range(n_obs)],
)
var = pd.DataFrame({"length": np.arange(n_vars)}, index=[f"gene{number}" for number in range(n_vars)])
adata = ad.AnnData(
    matrix,
    obs=obs,
    var=var,
    layers={"dense": matrix.toarray() + 1},
    obsm={"pca": np.arange(n_obs * 2, dtype=float).reshape(n_obs, 2)},
    uns={"cell_type_colors": ["#aaa", "#bbb", "#ccc"], "n": 3},
)
adata.raw = adata
adata.write_h5ad(folder / f"anndata-{version}.h5ad")
