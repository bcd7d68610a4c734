"""Annotated single-cell and spatial data as AnnData; the numbers are zeros or random, names and structure those of published data."""

from __future__ import annotations

from typing import Any

from lamindb.examples.datasets.example_files import cached_file
from lamindb.examples.datasets.registration import save_feature, save_terms
from lamindb.examples.requirements import module_registry, require

_HUMAN_IMMUNE = "human_immune.h5ad"
_VISIUM = "zhang_2024_pcw56_visium.h5ad"
_LIBRARY = "Thymus_Visium_Exp3A_V2S1_3wk_B6-WT"
#: Human genes with low Ensembl numbers, which every release has.
_HUMAN_GENES = (
    3, 5, 419, 457, 460, 938, 971, 1036, 1084, 1167, 1460, 1461, 1497, 1561, 1617, 1626, 1629, 1630, 1631, 2016, 2330, 2549,
    2586, 2587, 2726, 2745, 2746, 2822, 2834, 2919, 2933, 3056, 3096, 3137, 3147, 3249, 3393, 3400, 3402, 3436, 3509, 3756, 3987,
    3989, 4059, 4139, 4142, 4399, 4455, 4468, 4478, 4487, 4534, 4660, 4700, 4766, 4776, 4777, 4779, 4799, 4809, 4838, 4846, 4848,
    4864, 4866, 4897, 4939, 4948, 4961, 4975, 5001, 5007, 5020, 5022, 5059, 5073, 5075, 5100, 5102, 5108, 5156, 5175, 5187, 5189,
    5194, 5206, 5238, 5243, 5249, 5302, 5339, 5379, 5381, 5421, 5436, 5448, 5469, 5471, 5483,
)  # fmt: skip
#: Mouse genes with low Ensembl numbers, all of which code for proteins.
_MOUSE_GENES = (1, 3, 28, 37, 49, 56, 58, 78, 85, 88, 93, 94, 103, 120, 125, 126, 127, 131, 134, 142)
_ANNOTATIONS = {
    "cell_type": ("T cell", "hematopoietic stem cell", "hepatocyte", "my new cell type"),
    "cell_type_id": ("CL:0000084", "CL:0000037", "CL:0000182", ""),
    "tissue": ("kidney", "liver", "heart", "brain"),
    "disease": ("chronic kidney disease", "liver lymphoma", "cardiac ventricle disorder", "Alzheimer disease"),
}


def anndata_with_obs() -> Any:
    """Return 40 observations with cell types, tissues and diseases, and 100 human genes; all counts are zero.

    Raises:
        ImportError: if anndata is not installed.
    """
    import numpy as np
    import pandas as pd

    anndata = require("anndata", "anndata_with_obs")
    obs = pd.DataFrame(
        {name: pd.Series(list(values) * 10, dtype="object") for name, values in _ANNOTATIONS.items()}
    ).set_axis([f"obs{number}" for number in range(40)], axis="index")
    var = pd.DataFrame(index=human_gene_ids())
    return anndata.AnnData(X=np.zeros((40, 100), dtype="float32"), obs=obs, var=var)


def human_gene_ids() -> list[str]:
    """Return the Ensembl ids of 100 human genes."""
    return [f"ENSG{number:011d}" for number in _HUMAN_GENES]


def anndata_human_immune_cells(populate_registries: bool = False) -> Any:
    """Return 1,648 human immune cells with donors, tissues, cell types and assays.

    The published object is read from the cache if it is there; else the counts are random, of 100 genes.

    Args:
        populate_registries: also save the genes, terms, features and labels that describe them, in the current instance.

    Raises:
        ImportError: if anndata is not installed.
        ModuleNotMounted: if registries are to be populated and the instance has no module `bionty`.
    """
    anndata = require("anndata", "anndata_human_immune_cells")
    cached = cached_file(_HUMAN_IMMUNE)
    adata = _clean_human_immune(anndata.read_h5ad(cached)) if cached.exists() else _random_human_immune(anndata)
    if populate_registries:
        _register_human_immune(adata)
    return adata


def _clean_human_immune(adata: Any) -> Any:
    adata.var = adata.var.drop(columns=["gene_symbols", "feature_name"], errors="ignore")
    for name in ("cell_type_ontology_term_id_colors", "title", "schema_version"):
        adata.uns.pop(name, None)
    return adata


def _random_human_immune(anndata: Any) -> Any:
    import numpy as np
    import pandas as pd

    random, n_obs = np.random.default_rng(1648), 1648
    labels = {
        "donor": ("582C", "621B", "637C", "640C", "A29", "A31", "A35", "A36", "A37", "A52", "D496", "D503"),
        "tissue": (
            "blood",
            "thoracic lymph node",
            "spleen",
            "lung",
            "mesenteric lymph node",
            "lamina propria",
            "liver",
        ),
        "cell_type": (
            "classical monocyte",
            "T follicular helper cell",
            "memory B cell",
            "alveolar macrophage",
            "naive T cell",
        ),
        "assay": ("10x 3' v3", "10x 5' v1", "10x 5' v2"),
    }
    obs = pd.DataFrame(
        {
            name: pd.Categorical(random.choice(values, n_obs), categories=sorted(values))
            for name, values in labels.items()
        },
        index=[f"cell{number:04d}" for number in range(n_obs)],
    )
    counts = _csr_matrix(random.poisson(0.3, (n_obs, len(_HUMAN_GENES))).astype("float32"))
    return anndata.AnnData(X=counts, obs=obs, var=pd.DataFrame(index=human_gene_ids()))


def _register_human_immune(adata: Any) -> None:
    import lamindb as ln

    example = "anndata_human_immune_cells"
    gene = module_registry("bionty.Gene", example)
    ln.save(gene.from_values(adata.var_names, gene.ensembl_gene_id, organism="human"))
    columns = {"cell_type": "CellType", "assay": "ExperimentalFactor", "tissue": "Tissue"}
    for column, name in columns.items():
        ln.save(module_registry(f"bionty.{name}", example).from_values(adata.obs[column].cat.categories))
        save_feature(column, f"cat[bionty.{name}]")
    save_feature("organism", "cat[bionty.Organism]")
    save_feature("donor", "cat[ULabel]")
    save_terms(module_registry("bionty.ExperimentalFactor", example), "ontology_id", ["EFO:0008913"])
    ln.save(ln.ULabel.from_values(adata.obs["donor"].cat.categories, create=True))


def anndata_visium_mouse_cellxgene() -> Any:
    """Return spatial data of a mouse thymus with the columns that version 7.0.0 of the CELLxGENE portal's schema asks for.

    The published object is read from the cache if it is there; else the counts are random, of 20 genes in all spots of a slide.

    Raises:
        ImportError: if anndata is not installed.
    """
    import numpy as np
    import pandas as pd

    anndata = require("anndata", "anndata_visium_mouse_cellxgene")
    cached = cached_file(_VISIUM)
    if cached.exists():
        return anndata.read_h5ad(cached)
    random, n_obs = np.random.default_rng(7), 78 * 64  # a slide has 78 rows of 64 spots
    columns = {
        "assay_ontology_term_id": "EFO:0022857",
        "cell_type_ontology_term_id": "unknown",
        "development_stage_ontology_term_id": "MmusDv:0000178",
        "disease_ontology_term_id": "PATO:0000461",
        "self_reported_ethnicity_ontology_term_id": "na",
        "sex_ontology_term_id": "PATO:0000383",
        "tissue_ontology_term_id": "UBERON:0002370",
        "tissue_type": "tissue",
        "donor_id": "3wk_B6-WT",
        "suspension_type": "na",
    }
    spots = [f"SPOT{number:04d}-1" for number in range(n_obs)]
    obs = pd.DataFrame({name: pd.Categorical([value] * n_obs) for name, value in columns.items()}, index=spots)
    obs["is_primary_data"] = True
    obs["in_tissue"] = np.ones(n_obs, dtype="int64")
    # every other row is shifted by half of a spot's distance
    row = np.arange(n_obs) // 64
    obs["array_row"], obs["array_col"] = row, 2 * (np.arange(n_obs) % 64) + row % 2
    var = pd.DataFrame({"feature_is_filtered": False}, index=[f"ENSMUSG{number:011d}" for number in _MOUSE_GENES])
    counts = _csr_matrix(random.poisson(2, (n_obs, len(_MOUSE_GENES))).astype("float32"))
    adata = anndata.AnnData(X=counts, obs=obs, var=var)
    adata.raw = anndata.AnnData(X=counts.copy(), obs=obs[[]], var=var[[]])
    adata.obsm["spatial"] = np.stack([obs["array_row"], obs["array_col"]], axis=1).astype("float64")
    adata.uns.update(
        {
            "title": "Spots of a mouse thymus",
            "organism_ontology_term_id": "NCBITaxon:10090",
            "spatial": {
                "is_single": True,
                _LIBRARY: {
                    # the longer side of this image has to have 2000 pixels
                    "images": {"hires": random.integers(0, 256, (2000, 2000, 3), dtype="uint8")},
                    "scalefactors": {"spot_diameter_fullres": 10.0, "tissue_hires_scalef": 0.5},
                },
            },
        }
    )
    return adata


def _csr_matrix(values: Any) -> Any:
    return require("scipy.sparse", "single cells").csr_matrix(values)
