"""Published datasets that don't ship with this package and have no small stand-in: they come from the cache or from a mirror."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.examples.datasets.example_files import cached_file, fetch, placed
from lamindb.examples.datasets.registration import save_feature, save_terms
from lamindb.examples.requirements import module_registry, require

_MOUSE = "mouse_sc_lymph_node.h5ad"


def file_tiff_suo22() -> Path:
    """Put `suo22/F121_LP1_4LIV.tiff` into the working directory.

    Raises:
        ExampleUnavailable: if it is neither in the cache nor on a mirror.
    """
    return placed("F121_LP1_4LIV.tiff", folder="suo22")


def schmidt22_crispra_gws_IFNG(basedir: str | Path = ".") -> Path:
    """Put `schmidt22-crispra-gws-IFNG.csv` into a folder.

    Raises:
        ExampleUnavailable: if it is neither in the cache nor on a mirror.
    """
    return placed("schmidt22-crispra-gws-IFNG.csv", folder=basedir)


def schmidt22_perturbseq(basedir: str | Path = ".") -> Path:
    """Put `schmidt22_perturbseq.h5ad` into a folder.

    Raises:
        ExampleUnavailable: if it is neither in the cache nor on a mirror.
    """
    return placed("schmidt22_perturbseq.h5ad", folder=basedir)


def anndata_suo22_Visium10X() -> Any:
    """Put `suo22/Visium10X_data_LI_subset.h5ad` into the working directory and return it as AnnData.

    Raises:
        ExampleUnavailable: if it is neither in the cache nor on a mirror.
        ImportError: if anndata is not installed.
    """
    anndata = require("anndata", "anndata_suo22_Visium10X")
    return anndata.read_h5ad(placed("Visium10X_data_LI_subset.h5ad", folder="suo22"))


def anndata_mouse_sc_lymph_node(populate_registries: bool = False) -> Any:
    """Return single cells of the lymph nodes of mice.

    Args:
        populate_registries: also save the terms, genes, features and labels that describe them, in the current instance.

    Raises:
        ExampleUnavailable: if the file is neither in the cache nor on a mirror.
        ImportError: if anndata is not installed.
        ModuleNotMounted: if registries are to be populated and the instance has no module `bionty`.
    """
    anndata = require("anndata", "anndata_mouse_sc_lymph_node")
    cached = cached_file(_MOUSE)
    adata = anndata.read_h5ad(cached if cached.exists() else fetch(_MOUSE))
    names = {name: name.replace("Sample Characteristic", "").strip(" []") for name in adata.obs.columns}
    names = {old: {"organism part": "tissue"}.get(new, new.replace(" ", "_")) for old, new in names.items()}
    adata.obs = adata.obs.rename(columns=names)
    unwanted = [
        name for name in adata.obs.columns if any(part in name.lower() for part in ("ontology", "factor", "strain"))
    ]
    adata.obs = adata.obs.drop(columns=unwanted)
    if populate_registries:
        _register_mouse(adata)
    return adata


def _register_mouse(adata: Any) -> None:
    import lamindb as ln

    terms = {
        "ExperimentalFactor": ("EFO:0004472", "EFO:0001272", "EFO:0008913"),
        "Tissue": ("UBERON:0001542",),
        "CellType": ("CL:0000115", "CL:0000738"),
    }
    for name, ontology_ids in terms.items():
        save_terms(module_registry(f"bionty.{name}", "anndata_mouse_sc_lymph_node"), "ontology_id", ontology_ids)
    save_feature("assay", "cat[bionty.ExperimentalFactor]")
    gene = module_registry("bionty.Gene", "anndata_mouse_sc_lymph_node")
    ln.save(gene.from_values(adata.var_names, gene.ensembl_gene_id, organism="mouse")[:-19])
    for name in {"sex", "age", "genotype", "immunophenotype"} & set(adata.obs.columns):
        ln.save(ln.ULabel.from_values(adata.obs[name].unique(), create=True))
