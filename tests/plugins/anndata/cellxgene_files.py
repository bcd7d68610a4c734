"""Writes small h5ad files that follow the rules of the CELLxGENE portal, such that break one of them, and such about which a schema and the portal differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
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


Change = Callable[[Any], Any]


def _put(column: str, value: str) -> Change:
    """Give the first category of a column another name."""

    def change(adata: Any) -> Any:
        adata.obs[column] = adata.obs[column].cat.rename_categories({adata.obs[column].cat.categories[0]: value})
        return adata

    return change


def _all(**values: Any) -> Change:
    """Give all cells one value in each of some columns; names stand for columns with ids where there are such."""

    def change(adata: Any) -> Any:
        for name, value in values.items():
            column = f"{name}_ontology_term_id" if f"{name}_ontology_term_id" in adata.obs.columns else name
            adata.obs[column] = pd.Categorical([value] * adata.n_obs)
        return adata

    return change


def _drop(column: str) -> Change:
    def change(adata: Any) -> Any:
        adata.obs = adata.obs.drop(columns=[column])
        return adata

    return change


def _without_first(column: str) -> Change:
    """Remove the value of the first cell."""

    def change(adata: Any) -> Any:
        adata.obs[column] = pd.Categorical([None, *adata.obs[column].astype(str)[1:]])
        return adata

    return change


def _genes(*first: str) -> Change:
    """Give the first genes other ids, in `raw`, too."""

    def change(adata: Any) -> Any:
        names = [*first, *adata.var_names[len(first) :]]
        adata.raw = ad.AnnData(adata.X.copy(), obs=adata.obs[[]], var=adata.var[[]].set_axis(names))
        adata.var_names = names
        return adata

    return change


def _uns(key: str, value: Any) -> Change:
    """Change a value in `uns`; `None` removes it."""

    def change(adata: Any) -> Any:
        if value is None:
            del adata.uns[key]
        else:
            adata.uns[key] = value
        return adata

    return change


def _as(column: str, convert: Callable[[Any], Any]) -> Change:
    def change(adata: Any) -> Any:
        adata.obs[column] = convert(adata.obs[column])
        return adata

    return change


def _filtered_as_text(adata: Any) -> Any:
    adata.var["feature_is_filtered"] = pd.Categorical(["no"] * adata.n_vars)
    return adata


def _without_filtered(adata: Any) -> Any:
    adata.var = adata.var.drop(columns="feature_is_filtered")
    return adata


def _without_embeddings(adata: Any) -> Any:
    adata.obsm.clear()
    return adata


#: Valid files.
GOOD: dict[str, Change | None] = {
    "valid": None,
    "healthy": _all(disease="PATO:0000461"),
    "stage": _all(development_stage="HsapDv:0000258"),
    "cell_type_unknown": _all(cell_type="unknown"),
    "nuclei": _all(suspension_type="nucleus"),
    "organoid": _all(tissue_type="organoid"),
    "primary_cell_culture": _all(tissue_type="primary cell culture", tissue="CL:0000084"),
    "more_columns": _all(batch="b1"),
}

#: What is wrong with a file that the portal and the schemas of this project refuse.
BROKEN: dict[str, Change] = {
    "tissue_unknown_id": _put("tissue_ontology_term_id", "UBERON:9999999"),
    "tissue_with_suffix": _all(tissue="UBERON:0002048 (organoid)"),
    "tissue_type_unknown": _all(tissue_type="biopsy"),
    "tissue_type_missing": _drop("tissue_type"),
    "cell_type_is_a_name": _put("cell_type_ontology_term_id", "T cell"),
    "cell_type_in_lower_case": _all(cell_type="cl:0000084"),
    "cell_type_obsolete": _all(cell_type="CL:0000003"),
    "cell_type_of_uberon": _all(cell_type="UBERON:0002048"),
    "cell_type_of_a_cell_missing": _without_first("cell_type_ontology_term_id"),
    "disease_of_another_ontology": _put("disease_ontology_term_id", "CL:0000084"),
    "disease_is_a_name": _all(disease="normal"),
    "disease_unknown": _all(disease="unknown"),
    "disease_missing": _drop("disease_ontology_term_id"),
    "stage_of_another_organism": _put("development_stage_ontology_term_id", "MmusDv:0000178"),
    "stage_of_a_cell_line": _all(development_stage="na"),
    "ethnicity_of_another_ontology": _all(self_reported_ethnicity="CL:0000084"),
    "assay_unknown": _all(assay="EFO:9999999"),
    "assay_missing": _drop("assay_ontology_term_id"),
    "sex_is_a_word": _all(sex="female"),
    "sex_missing": _drop("sex_ontology_term_id"),
    "suspension_type_unknown": _put("suspension_type", "cells"),
    "suspension_type_missing": _drop("suspension_type"),
    "primary_as_text": _as("is_primary_data", lambda values: values.map({False: "no", True: "yes"}).astype("category")),
    "primary_as_number": _as("is_primary_data", lambda values: values.astype(int)),
    "primary_missing": _drop("is_primary_data"),
    "donor_missing": _drop("donor_id"),
    "donor_is_a_number": _as("donor_id", lambda values: pd.Categorical(range(len(values)))),
    "donor_of_a_cell_missing": _without_first("donor_id"),
    "gene_unknown": _genes("ENSG99999999999"),
    "gene_with_version": _genes("ENSG00000000457.14"),
    "gene_is_a_symbol": _genes("SCYL3"),
    "gene_of_another_organism": _genes("ENSMUSG00000000001"),
    "filtered_missing": _without_filtered,
    "filtered_as_text": _filtered_as_text,
    "organism_missing": _uns("organism_ontology_term_id", None),
    "organism_is_a_name": _uns("organism_ontology_term_id", "Homo sapiens"),
    "organism_not_taken": _uns("organism_ontology_term_id", "NCBITaxon:4932"),
}

#: Rules that only the portal has, of which the schemas know nothing: what of ontologies belongs to what, and what lies outside of their slots.
PORTAL_REFUSES: dict[str, Change] = {
    "assay_is_no_assay": _all(assay="EFO:0000001"),
    "sex_is_another_trait": _all(sex="PATO:0000461"),
    "ethnicity_of_no_human": _all(self_reported_ethnicity="na"),
    "tissue_is_a_cell_type": _all(tissue="CL:0000084"),
    "gene_twice": _genes("ENSG00000000419"),
    "organism_of_other_genes": _uns("organism_ontology_term_id", "NCBITaxon:10090"),
    "title_missing": _uns("title", None),
    "no_embedding": _without_embeddings,
}

#: Exceptions of the portal: several terms in one value, spike-ins among genes, and data that isn't annotated yet.
PORTAL_ACCEPTS: dict[str, Change] = {
    "several_diseases": _all(disease="MONDO:0004975 || MONDO:0004980"),
    "spike_in": _genes("ERCC-00002"),
    "not_annotated_yet": _drop("cell_type_ontology_term_id"),
}

#: Program for the environment of the public validator: says of each file what is wrong with it.
VALIDATE = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from cellxgene_schema.validate import Validator
def problems(path):
    validator = Validator()
    return [] if validator.validate_adata(path) else validator.errors or ["invalid"]
print(json.dumps({path: problems(path) for path in sys.argv[1:]}))
"""


def write_all(folder: Any) -> dict[str, Any]:
    """Write all files; return their paths by what is special about them."""
    paths = {}
    for name, change in {**GOOD, **BROKEN, **PORTAL_REFUSES, **PORTAL_ACCEPTS}.items():
        adata = valid_dataset()
        paths[name] = folder / f"{name}.h5ad"
        (change(adata) if change is not None else adata).write_h5ad(paths[name])
    return paths
