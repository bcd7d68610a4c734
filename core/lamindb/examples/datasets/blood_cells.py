"""Peripheral blood cells as AnnData: from scanpy where it is installed, else random objects of the same structure and names."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from lamindb.examples.requirements import require

#: cell type -> number of cells
_REDUCED_CELL_TYPES = {
    "Dendritic cells": 28,
    "CD19+ B": 11,
    "CD4+/CD45RO+ Memory": 7,
    "CD14+ Monocytes": 7,
    "CD4+/CD25 T Reg": 5,
    "CD8+ Cytotoxic T": 4,
    "CD8+/CD45RA+ Naive Cytotoxic": 3,
    "CD56+ NK": 3,
    "CD34+": 2,
}
_FIRST_CELLS = (
    "GCAGGGCTGGATTC-1", "CTTTAGTGGTTACG-6", "TGACTGGAACCATG-7", "TCAATCACCCTTCG-8", "CGTTATACAGTACC-8", "TGCCAAGATTGTGG-7",
)  # fmt: skip
_FIRST_GENES = ("HES4", "TNFRSF4", "SSU72", "PARK7", "RBP7", "SRM")
_PBMC3K_CELL_TYPES = (
    "CD4 T cells", "CD14+ Monocytes", "B cells", "CD8 T cells", "NK cells", "FCGR3A+ Monocytes", "Dendritic cells", "Megakaryocytes",
)  # fmt: skip
_RENAMED = {"Dendritic": "Dendritic cells", "CD14+ Monocyte": "CD14+ Monocytes"}


def anndata_pbmc68k_reduced() -> Any:
    """Return 70 blood cells with 765 genes, reduced, clustered and annotated with cell types.

    With scanpy it is a sample of the object that scanpy ships; without, the numbers are random.

    Raises:
        ImportError: if anndata is not installed.
    """
    require("anndata", "anndata_pbmc68k_reduced")
    try:
        scanpy = import_module("scanpy")
    except ImportError:
        return _random_reduced()
    adata = scanpy.datasets.pbmc68k_reduced()
    adata.obs = adata.obs.rename(columns={"bulk_labels": "cell_type"})
    adata.obs["cell_type"] = adata.obs["cell_type"].cat.rename_categories(_RENAMED)
    adata.obs = adata.obs.drop(columns=["G2M_score", "S_score", "phase", "n_counts"])
    adata.var = adata.var.drop(columns=["dispersions", "dispersions_norm", "means"])
    for name in ("rank_genes_groups", "bulk_labels_colors"):
        del adata.uns[name]
    scanpy.pp.subsample(adata, fraction=0.1, random_state=123)
    return adata


def anndata_file_pbmc68k_test() -> Path:
    """Write `pbmc68k_test.h5ad` anew: 30 cells, 200 genes, raw data, a layer and pairwise annotations.

    Raises:
        ImportError: if anndata is not installed.
    """
    import numpy as np

    sparse = require("scipy.sparse", "anndata_file_pbmc68k_test")
    adata = anndata_pbmc68k_reduced()[:30, :200].copy()
    adata.raw = adata[:, :100].copy()
    adata.obsp["test"] = sparse.csr_matrix(sparse.identity(30))
    adata.varp["test"] = sparse.csr_matrix(sparse.identity(200))
    layer = np.zeros((30, 200), dtype="float32")
    layer[0] = 1
    adata.layers["test"] = sparse.csr_matrix(layer)
    path = Path("pbmc68k_test.h5ad")
    adata.write_h5ad(path)
    return path


def anndata_pbmc3k_processed() -> Any:
    """Return 2,638 blood cells with 1,838 genes and cell types.

    The published object is read from the cache if it is there (`pbmc3k_processed.h5ad`); else the numbers are random.

    Raises:
        ImportError: if anndata is not installed.
    """
    anndata = require("anndata", "anndata_pbmc3k_processed")
    from lamindb.examples.datasets.example_files import cached_file

    cached = cached_file("pbmc3k_processed.h5ad")
    if cached.exists():
        adata = anndata.read_h5ad(cached)
        adata.obs = adata.obs.rename(columns={"louvain": "cell_type"})
        return adata
    return _random_pbmc3k()


def _random_reduced() -> Any:
    import numpy as np
    import pandas as pd

    anndata = require("anndata", "anndata_pbmc68k_reduced")
    csr_matrix = require("scipy.sparse", "anndata_pbmc68k_reduced").csr_matrix
    random = np.random.default_rng(123)
    n_obs, n_vars, n_pcs = 70, 765, 50
    cell_types = random.permutation(np.repeat(list(_REDUCED_CELL_TYPES), list(_REDUCED_CELL_TYPES.values())))
    obs = pd.DataFrame(
        {
            "cell_type": pd.Categorical(cell_types, categories=sorted(_REDUCED_CELL_TYPES)),
            "n_genes": random.integers(400, 2500, n_obs),
            "percent_mito": random.random(n_obs, dtype="float32") / 20,
            "louvain": pd.Categorical(
                [str(number % 11) for number in range(n_obs)], categories=[str(i) for i in range(11)]
            ),
        },
        index=_names(_FIRST_CELLS, n_obs, _barcode),
    )
    counts = csr_matrix(random.poisson(0.4, (n_obs, n_vars)).astype("float32"))
    var = pd.DataFrame(
        {"n_counts": np.asarray(counts.sum(axis=0)).ravel(), "highly_variable": random.random(n_vars) < 0.5},
        index=_names(_FIRST_GENES, n_vars, lambda number: f"GENE{number:04d}"),
    )
    scaled = counts.toarray()
    scaled = (scaled - scaled.mean(axis=0)) / (scaled.std(axis=0) + 1e-6)
    adata = anndata.AnnData(X=scaled.astype("float32"), obs=obs, var=var)
    adata.raw = anndata.AnnData(X=counts, obs=obs[[]], var=var[["n_counts"]])
    left, values, right = np.linalg.svd(scaled, full_matrices=False)
    adata.obsm["X_pca"] = (left[:, :n_pcs] * values[:n_pcs]).astype("float32")
    adata.obsm["X_umap"] = adata.obsm["X_pca"][:, :2].copy()
    adata.varm["PCs"] = right[:n_pcs].T.astype("float32")
    distances = np.linalg.norm(adata.obsm["X_pca"][:, None] - adata.obsm["X_pca"][None], axis=2)
    near = distances <= np.sort(distances, axis=1)[:, [9]]
    adata.obsp["distances"] = csr_matrix(np.where(near, distances, 0))
    adata.obsp["connectivities"] = csr_matrix((near | near.T).astype("float64"))
    adata.uns.update(
        {
            "louvain": {"params": {"random_state": 0, "resolution": 1}},
            "louvain_colors": np.array([f"#{number * 20:02x}80c0" for number in range(11)], dtype=object),
            "neighbors": {"params": {"method": "umap", "n_neighbors": 10}},
            "pca": {
                "variance": (values[:n_pcs] ** 2 / (n_obs - 1)),
                "variance_ratio": values[:n_pcs] ** 2 / (values**2).sum(),
            },
        }
    )
    return adata


def _random_pbmc3k() -> Any:
    import numpy as np
    import pandas as pd

    anndata = require("anndata", "anndata_pbmc3k_processed")
    random = np.random.default_rng(3)
    n_obs, n_vars = 2638, 1838
    obs = pd.DataFrame(
        {
            "n_genes": random.integers(200, 2500, n_obs),
            "percent_mito": random.random(n_obs, dtype="float32") / 20,
            "n_counts": random.integers(500, 15000, n_obs).astype("float32"),
            "cell_type": pd.Categorical(
                [_PBMC3K_CELL_TYPES[int(8 * value**2)] for value in random.random(n_obs)], categories=_PBMC3K_CELL_TYPES
            ),
        },
        index=_names((), n_obs, _barcode),
    )
    var = pd.DataFrame({"n_cells": random.integers(3, n_obs, n_vars)}, index=[f"GENE{i:04d}" for i in range(n_vars)])
    return anndata.AnnData(X=random.standard_normal((n_obs, n_vars), dtype="float32"), obs=obs, var=var)


def _names(first: tuple[str, ...], n: int, make: Any) -> list[str]:
    return [*first, *(make(number) for number in range(len(first), n))]


def _barcode(number: int) -> str:
    """Return a barcode of 14 bases that no other number has."""
    bases = "".join("ACGT"[number >> shift & 3] for shift in range(0, 14, 2))
    return f"{bases[::-1]}{bases}-1"
