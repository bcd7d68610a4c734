"""A small dataset with the columns that the CELLxGENE portal asks for."""

from __future__ import annotations

from typing import Any, Literal

from lamindb.examples.requirements import require


def small_dataset3_cellxgene(
    otype: Literal["DataFrame", "AnnData"] = "AnnData",
    *,
    with_obs_defaults: bool = False,
    with_var_typo: bool = False,
    with_obs_typo: bool = False,
    with_uns_organism: bool = False,
    with_uns_spatial: bool = False,
) -> Any:
    """Return three cells with three genes.

    Args:
        otype: `"AnnData"` or `"DataFrame"`; the switches change the former only.
        with_obs_defaults: add the columns that the portal fills with defaults.
        with_var_typo: name the first gene by an invalid id.
        with_obs_typo: write the tissue of two cells wrong.
        with_uns_organism: name the organism once for the dataset instead of in a column.
        with_uns_spatial: add an image, as spatial data has it.
    """
    import numpy as np
    import pandas as pd

    if otype not in ("DataFrame", "AnnData"):
        raise ValueError(f"otype has to be 'DataFrame' or 'AnnData', not {otype!r}")
    is_anndata = otype == "AnnData"
    lung = "UBERON:0002048XXX" if with_obs_typo and is_anndata else "UBERON:0002048"
    texts: dict[str, list[str]] = {
        "disease_ontology_term_id": ["MONDO:0004975", "MONDO:0004980", "MONDO:0004980"],
        "development_stage_ontology_term_id": ["unknown"] * 3,
        "sex_ontology_term_id": ["PATO:0000383", "PATO:0000384", "unknown"],
        "tissue_ontology_term_id": [lung, lung, "UBERON:0000948"],
        "cell_type": ["T cell", "B cell", "B cell"],
        "self_reported_ethnicity": ["South Asian"] * 3,
    }
    cells = ["barcode1", "barcode2", "barcode3"]
    obs = pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in texts.items()})
    obs["donor_id"] = pd.Categorical(["-1", "1", "2"])
    obs["is_primary_data"] = np.zeros(3, dtype=bool)
    obs["suspension_type"] = pd.Series(["cell"] * 3, dtype="object")
    obs["tissue_type"] = pd.Series(["tissue"] * 3, dtype="object")
    obs.index = pd.Index(cells)
    genes = ["ENSG00000000457", "ENSG00000000419", "ENSG00000139618"]
    counts = np.array([[2, 3, 4], [3, 4, 2], [3, 5, 3]], dtype="float32")
    if not is_anndata:
        return pd.concat([pd.DataFrame(counts, index=cells, columns=genes), obs], axis=1)
    if with_var_typo:
        genes[0] = "invalid_ensembl_id"
    if with_obs_defaults:
        _add_defaults(obs)
    if not with_uns_organism:
        obs["organism_ontology_term_id"] = pd.Series(["NCBITaxon:9606"] * 3, index=cells, dtype="object")
    return _as_anndata(counts, obs, genes, with_uns_organism, with_uns_spatial)


def _add_defaults(obs: Any) -> None:
    obs["cell_type_ontology_term_id"] = ["CL:0000084", "CL:0000236", "CL:0000236"]
    obs["self_reported_ethnicity_ontology_term_id"] = "na"
    obs["assay_ontology_term_id"] = "EFO:0008913"
    obs["assay"] = "single-cell RNA sequencing"


def _as_anndata(counts: Any, obs: Any, genes: list[str], with_organism: bool, with_spatial: bool) -> Any:
    import numpy as np
    import pandas as pd

    anndata = require("anndata", "small_dataset3_cellxgene")
    adata = anndata.AnnData(X=counts, obs=obs, var=pd.DataFrame(index=genes))
    adata.raw = adata.copy()
    adata.var["feature_is_filtered"] = False
    adata.uns["title"] = "CELLxGENE example"
    adata.obsm["X_pca"] = np.array([[-1.2, 0.8], [0.5, -0.3], [0.7, -0.5]], dtype="float32")
    if with_organism:
        adata.uns["organism_ontology_term_id"] = "NCBITaxon:9606"
        adata.uns["organism"] = "Homo sapiens"
    if with_spatial:
        picture = np.random.default_rng(0).integers(0, 256, size=(2000, 2000, 3), dtype="uint8")
        adata.uns["spatial"] = {
            "is_single": True,
            "library_123": {
                "scalefactors": {"spot_diameter_fullres": 165.0, "tissue_hires_scalef": 0.5},
                "images": {"hires": picture},
            },
        }
    return adata


def dict_cellxgene_uns() -> dict[str, Any]:
    """Return unstructured annotations of a spatial dataset with two libraries, as the portal describes them.

    Example:
        >>> dict_cellxgene_uns()["organism_ontology_term_id"]
        'NCBITaxon:9606'
    """
    return {
        "organism_ontology_term_id": "NCBITaxon:9606",
        "spatial": {
            "is_single": True,
            "library_1": {
                "images": {"fullres": "path/to/fullres.jpg", "hires": "path/to/hires.jpg"},
                "scalefactors": {"spot_diameter_fullres": 89.43, "tissue_hires_scalef": 0.177},
            },
            "library_2": {
                "images": {"fullres": "path/to/fullres_2.jpg", "hires": "path/to/hires_2.jpg"},
                "scalefactors": {"spot_diameter_fullres": 120.34, "tissue_hires_scalef": 0.355},
            },
        },
    }
