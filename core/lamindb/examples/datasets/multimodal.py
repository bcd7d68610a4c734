"""Data of several modalities and spatial data, made of random numbers with the structure of published data."""

from __future__ import annotations

from typing import Any

from lamindb.examples.requirements import require

_MUDATA = "mudata_papalexi21_subset"
_N_OBS = 200
#: modality -> number of variables
_MODALITIES = {"rna": 173, "adt": 4, "hto": 12, "gdo": 111}
_RNA_FIRST = (
    "RP5-827C21.6", "XX-CR54.1", "SH2D6", "RHD", "CTSS", "CD274", "PDCD1LG2", "IRF1", "STAT1", "JAK2", "IFNGR1", "IFNGR2", "CD8A",
    "CD4", "CD14", "CD38", "BRCA2", "BRAF", "TSPAN6", "TNMD", "DPM1", "SCYL3", "FIRRM", "FGR", "CFH", "FUCA2", "GCLC", "NFYA",
    "STPG1", "NIPAL3", "LAS1L", "ENPP4", "SEMA3F", "CFTR", "ANKIB1", "CYP51A1", "KRIT1", "RAD52", "BAD", "LAP3", "CD99", "HS3ST1",
)  # fmt: skip
_ADT = ("CD86", "PDL1", "PDL2", "CD366")


def mudata_papalexi21_subset(with_uns: bool = False) -> Any:
    """Return 200 perturbed cells in four modalities: RNA, surface proteins, hashtags and guides.

    Args:
        with_uns: add unstructured annotations of the study and of one modality.

    Raises:
        ImportError: if anndata or mudata is not installed.
    """
    import numpy as np
    import pandas as pd

    mudata = require("mudata", "mudata_papalexi21_subset")
    _update_explicitly(mudata)
    random = np.random.default_rng(21)
    cells = [f"l{1 + number % 8}_CELL{number:04d}" for number in range(_N_OBS)]
    names = {
        "rna": [*_RNA_FIRST, *(f"GENE{number:04d}" for number in range(_MODALITIES["rna"] - len(_RNA_FIRST)))],
        "adt": list(_ADT),
        "hto": [f"rep{1 + number // 4}-tag{1 + number % 4}" for number in range(_MODALITIES["hto"])],
        "gdo": [f"guide{number:03d}" for number in range(_MODALITIES["gdo"])],
    }
    mdata = mudata.MuData({name: _modality(random, cells, variables) for name, variables in names.items()})
    rna, adt, hto, gdo = (mdata[name] for name in _MODALITIES)
    rna.obs["nCount_RNA"], rna.obs["nFeature_RNA"] = _totals(rna)
    rna.obs["percent.mito"] = random.random(_N_OBS) * 10
    adt.obs["nCount_ADT"], adt.obs["nFeature_ADT"] = _totals(adt)
    counts, features = _totals(hto)
    hto.obs["nCount_HTO"], hto.obs["nFeature_HTO"] = counts.astype("float64"), features
    hto.obs["technique"] = pd.Categorical(["cell hashing"] * _N_OBS)
    gdo.obs["nCount_GDO"] = _totals(gdo)[0]
    mdata.update()
    perturbed = np.where(random.random(_N_OBS) < 0.8, "Perturbed", "NT")
    mdata.obs = pd.DataFrame(
        {
            "perturbation": pd.Categorical(perturbed),
            "replicate": pd.Categorical([f"rep{1 + number % 3}" for number in range(_N_OBS)]),
            "hto:technique": pd.Categorical(["cell hashing"] * _N_OBS),
        },
        index=mdata.obs_names,
    )
    if with_uns:
        mdata.uns["study_metadata"] = {"temperature": 21.6, "experiment": "Experiment 1"}
        rna.uns["site_metadata"] = {"pos": 99.9, "site_id": "SITE001"}
    return mdata


def _modality(random: Any, cells: list[str], variables: list[str]) -> Any:
    import pandas as pd

    anndata, sparse = require("anndata", _MUDATA), require("scipy.sparse", _MUDATA)
    counts = sparse.csr_matrix(random.poisson(1.5, (len(cells), len(variables))).astype("float32"))
    return anndata.AnnData(X=counts, obs=pd.DataFrame(index=cells), var=pd.DataFrame(index=variables))


def _totals(adata: Any) -> tuple[Any, Any]:
    """Return the sum of the counts and the number of variables that were seen, of each observation."""
    counts = adata.X.sum(axis=1).A1 if hasattr(adata.X.sum(axis=1), "A1") else adata.X.sum(axis=1)
    return counts.astype("int64"), adata.X.getnnz(axis=1).astype("int64")


def _update_explicitly(mudata: Any) -> None:
    """Let annotations of modalities be pulled only when asked for, whose setting has moved between versions."""
    settings = getattr(mudata, "settings", None)
    if settings is not None and hasattr(settings, "pull_on_update"):
        settings.pull_on_update = False
    else:
        mudata.set_options(pull_on_update=False)


def spatialdata_blobs() -> Any:
    """Return images, labels, shapes and points of blobs, with a table of three genes, one of which doesn't exist.

    Raises:
        ImportError: if spatialdata is not installed.
    """
    import pandas as pd

    require("spatialdata", "spatialdata_blobs")
    from importlib import import_module

    sdata = import_module("spatialdata.datasets").blobs()
    sdata.attrs["bio"] = {"disease": "Alzheimer disease", "developmental_stage": "adult stage"}
    sdata.attrs["tech"] = {"assay": "Visium Spatial Gene Expression"}
    sdata.attrs["random_int"] = 20
    table = sdata.tables["table"]
    table.var.index = ["ENSG00000139618", "ENSG00000157764", "ENSG00000999999"]
    regions = ["sample region 1"] * 13 + ["sample region 2"] * 13
    table.obs["sample_region"] = pd.Categorical(regions)
    return sdata
