"""Writes small h5ad files that follow the rules of the CELLxGENE portal, and such that break one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anndata as ad
import numpy as np
from scipy import sparse


def valid_dataset() -> Any:
    """Return an AnnData that the portal accepts."""
    import lamindb as ln

    adata = ln.examples.datasets.small_dataset3_cellxgene(with_obs_defaults=True, with_uns_organism=True)
    adata.obs = adata.obs.drop(columns=["cell_type", "self_reported_ethnicity", "assay"])
    adata.obs["assay_ontology_term_id"] = "EFO:0009922"
    adata.obs["self_reported_ethnicity_ontology_term_id"] = "unknown"
    for name in adata.obs.columns:
        if adata.obs[name].dtype == object:
            adata.obs[name] = adata.obs[name].astype("category")
    del adata.uns["organism"]
    adata.X = sparse.csr_matrix(adata.X)
    adata.raw = ad.AnnData(adata.X.copy(), obs=adata.obs[[]], var=adata.var[[]])
    adata.obsm["X_umap"] = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], dtype="float32")
    return adata


def _put(column: str, value: str) -> Callable[[Any], Any]:
    def change(adata: Any) -> Any:
        adata.obs[column] = adata.obs[column].cat.rename_categories({adata.obs[column].cat.categories[0]: value})
        return adata

    return change


def _drop(column: str) -> Callable[[Any], Any]:
    def change(adata: Any) -> Any:
        adata.obs = adata.obs.drop(columns=[column])
        return adata

    return change


def _rename_gene(adata: Any) -> Any:
    names = ["ENSG99999999999", *adata.var_names[1:]]
    adata.raw = ad.AnnData(adata.X.copy(), obs=adata.obs[[]], var=adata.var[[]].set_axis(names))
    adata.var_names = names
    return adata


def _without_organism(adata: Any) -> Any:
    del adata.uns["organism_ontology_term_id"]
    return adata


def _texts_for_truth_values(adata: Any) -> Any:
    adata.obs["is_primary_data"] = adata.obs["is_primary_data"].map({False: "no", True: "yes"}).astype("category")
    return adata


#: What is wrong with a file, and how to make it so; `None` for the valid one.
CHANGES: dict[str, Callable[[Any], Any] | None] = {
    "valid": None,
    "tissue_unknown_id": _put("tissue_ontology_term_id", "UBERON:9999999"),
    "cell_type_is_a_name": _put("cell_type_ontology_term_id", "T cell"),
    "disease_of_another_ontology": _put("disease_ontology_term_id", "CL:0000084"),
    "stage_of_another_organism": _put("development_stage_ontology_term_id", "MmusDv:0000178"),
    "gene_unknown": _rename_gene,
    "suspension_type_unknown": _put("suspension_type", "cells"),
    "sex_missing": _drop("sex_ontology_term_id"),
    "organism_missing": _without_organism,
    "primary_as_text": _texts_for_truth_values,
}

#: Program for the environment of the public validator: says of each file whether it is valid.
VALIDATE = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from cellxgene_schema.validate import Validator
print(json.dumps({path: bool(Validator().validate_adata(path)) for path in sys.argv[1:]}))
"""


def write_all(folder: Any) -> dict[str, Any]:
    """Write all files; return their paths by what is wrong with them."""
    paths = {}
    for name, change in CHANGES.items():
        adata = valid_dataset()
        paths[name] = folder / f"{name}.h5ad"
        (change(adata) if change is not None else adata).write_h5ad(paths[name])
    return paths
