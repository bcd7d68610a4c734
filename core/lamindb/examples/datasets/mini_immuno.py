"""Two small studies of immune cells under perturbation, as tables and as AnnData, with the features and labels that describe them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Literal

from lamindb.examples.datasets.registration import save_feature, save_terms
from lamindb.examples.requirements import module_registry, require

if TYPE_CHECKING:
    import pandas as pd

_SYMBOLS = {
    "ENSG00000153563": "CD8A",
    "ENSG00000010610": "CD4",
    "ENSG00000170458": "CD14",
    "ENSG00000004468": "CD38",
}
#: Was retired from the gene table of Ensembl.
_OUTDATED_GENE = "ENSG00000278198"
_SCHEMA_NAMES = ("Mini immuno schema", "mini_immuno")
_SCHEMA_FEATURES = ("perturbation", "cell_type_by_model", "assay_oid", "donor", "concentration", "treatment_time_h")
#: name -> dtype and further arguments
_FEATURES: dict[str, tuple[str, dict[str, Any]]] = {
    "perturbation": ("cat[Record[Perturbation]]", {}),
    "cell_type_by_expert": ("cat[bionty.CellType]", {}),
    "cell_type_by_model": ("cat[bionty.CellType]", {}),
    "assay_oid": ("cat[bionty.ExperimentalFactor.ontology_id]", {}),
    "concentration": ("str", {}),
    "treatment_time_h": ("num", {"coerce": True}),
    "donor": ("str", {"nullable": True}),
    "donor_ethnicity": ("list[cat[bionty.Ethnicity]]", {}),
}
_STUDY_FEATURES: dict[str, tuple[str, dict[str, Any]]] = {
    "perturbation": ("cat[Record]", {}),
    "sample_note": ("str", {}),
    "cell_type_by_expert": ("cat[bionty.CellType]", {}),
    "cell_type_by_model": ("cat[bionty.CellType]", {}),
    "temperature": ("float", {}),
    "experiment": ("cat[Record]", {}),
    "date_of_study": ("date", {"coerce": True}),
    "study_note": ("str", {}),
    "study_metadata": ("dict", {}),
}


def get_dataset1(
    otype: Literal["DataFrame", "AnnData"] = "DataFrame",
    gene_symbols_in_index: bool = False,
    with_typo: bool = False,
    with_cell_type_synonym: bool = False,
    with_cell_type_typo: bool = False,
    with_gene_typo: bool = False,
    with_outdated_gene: bool = False,
    with_wrong_subtype: bool = False,
    with_index_type_mismatch: bool = False,
    with_date_as_iso_string: bool = True,
) -> Any:
    """Return the first study: three samples, three genes, nine annotations.

    Args:
        otype: `"DataFrame"` or `"AnnData"`.
        gene_symbols_in_index: name genes by symbol instead of Ensembl id.
        with_typo: write the perturbation IFNG as IFNJ.
        with_cell_type_synonym: write B cell as B-cell once.
        with_cell_type_typo: write a cell type of the expert wrong.
        with_gene_typo: name the third gene GeneTypo.
        with_outdated_gene: name the third gene by an Ensembl id that was retired.
        with_wrong_subtype: give the third sample a label that is no perturbation.
        with_index_type_mismatch: name the third sample by the integer 0.
        with_date_as_iso_string: write the date of the study as text, else as `datetime.date`.

    Example:
        >>> get_dataset1().shape
        (3, 12)
    """
    third = "GeneTypo" if with_gene_typo else "ENSG00000170458"
    if with_outdated_gene and not gene_symbols_in_index:
        third = _OUTDATED_GENE
    ifng = "IFNJ" if with_typo else "IFNG"
    cd8 = "CD8-pos alpha-beta T cell" if with_cell_type_typo else "CD8-positive, alpha-beta T cell"
    genes = {"ENSG00000153563": [1, 2, 3], "ENSG00000010610": [3, 4, 5], third: [5, 6, 7]}
    annotations: dict[str, list[Any]] = {
        "perturbation": ["DMSO", ifng, "ulabel_but_not_perturbation" if with_wrong_subtype else "DMSO"],
        "sample_note": ["was ok", "looks naah", "pretty! 🤩"],
        "cell_type_by_expert": ["B-cell" if with_cell_type_synonym else "B cell", cd8, cd8],
        "cell_type_by_model": ["B cell", "T cell", "T cell"],
        "assay_oid": ["EFO:0008913"] * 3,
        "concentration": ["0.1%", "200 nM", "0.1%"],
        "treatment_time_h": [24, 24, 6],
        "donor": ["D0001", "D0002", None],
        "donor_ethnicity": [["Chinese", "Singaporean Chinese"], ["Chinese", "Han Chinese"], ["Chinese"]],
    }
    study = {
        "temperature": 21.6,
        "experiment": "Experiment 1",
        "date_of_study": "2024-12-01" if with_date_as_iso_string else datetime.date(2024, 12, 1),
        "study_note": "We had a great time performing this study and the results look compelling.",
    }
    samples = ["sample1", "sample2", 0 if with_index_type_mismatch else "sample3"]
    return _dataset(otype, _named(genes, gene_symbols_in_index), annotations, samples, study)


def get_dataset2(
    otype: Literal["DataFrame", "AnnData"] = "DataFrame",
    gene_symbols_in_index: bool = False,
    with_date_as_iso_string: bool = True,
) -> Any:
    """Return the second study: three samples, three genes, five annotations.

    Args:
        otype: `"DataFrame"` or `"AnnData"`.
        gene_symbols_in_index: name genes by symbol instead of Ensembl id.
        with_date_as_iso_string: write the date of the study as text, else as `datetime.date`.
    """
    genes = {"ENSG00000153563": [2, 3, 3], "ENSG00000010610": [3, 4, 5], "ENSG00000004468": [4, 2, 3]}
    annotations: dict[str, list[Any]] = {
        "perturbation": ["DMSO", "IFNG", "IFNG"],
        "cell_type_by_model": ["B cell", "T cell", "T cell"],
        "concentration": ["0.1%", "200 nM", "0.1%"],
        "treatment_time_h": [24, 24, 6],
        "donor": ["D0003", "D0003", "D0004"],
    }
    study = {
        "temperature": 22.6,
        "experiment": "Experiment 2",
        "date_of_study": "2025-02-13" if with_date_as_iso_string else datetime.date(2025, 2, 13),
    }
    samples = ["sample4", "sample5", "sample6"]
    return _dataset(otype, _named(genes, gene_symbols_in_index), annotations, samples, study)


def _named(genes: dict[str, list[int]], by_symbol: bool) -> dict[str, list[int]]:
    return {_SYMBOLS.get(gene, gene): counts for gene, counts in genes.items()} if by_symbol else genes


def _dataset(
    otype: str,
    genes: dict[str, list[int]],
    annotations: dict[str, list[Any]],
    samples: list[Any],
    study: dict[str, Any],
) -> Any:
    import pandas as pd

    if otype not in ("DataFrame", "AnnData"):
        raise ValueError(f"otype has to be 'DataFrame' or 'AnnData', not {otype!r}")
    categories = ("perturbation", "cell_type_by_expert", "cell_type_by_model", "assay_oid")
    columns: dict[str, Any] = {name: pd.Series(counts, dtype="int64") for name, counts in genes.items()}
    for name, values in annotations.items():
        dtype = "int64" if name == "treatment_time_h" else "object"
        series = pd.Series(values, dtype=dtype)
        columns[name] = series.astype("category") if name in categories else series
    df = pd.DataFrame(columns).set_axis(samples, axis="index")
    if otype == "AnnData":
        return _as_anndata(df, list(genes), study)
    df.attrs.update(study)
    return df


def _as_anndata(df: pd.DataFrame, genes: list[str], study: dict[str, Any]) -> Any:
    import pandas as pd

    anndata = require("anndata", "mini_immuno as AnnData")
    obs = df.drop(columns=[*genes, *({"donor_ethnicity"} & set(df.columns))])
    adata = anndata.AnnData(X=df[genes].to_numpy(dtype="int64"), obs=obs, var=pd.DataFrame(index=genes))
    adata.uns.update(study)
    return adata


def define_features_labels() -> None:
    """Register the features and labels of both studies in the current instance; what exists stays as it is.

    Raises:
        ModuleNotMounted: if the instance has no module `bionty`.
    """
    from lamindb.models import Record

    cell_type = module_registry("bionty.CellType", "mini_immuno")
    perturbation = _get_or_create(Record, "Perturbation", is_type=True)
    for name in ("DMSO", "IFNG"):
        _get_or_create(Record, name, type=perturbation)
    save_terms(cell_type, "name", ("B cell", "T cell"))
    _save_features(_FEATURES)


def define_mini_immuno_schema_flexible() -> Any:
    """Return the schema of the first study, which further registered columns may join; it is made if it doesn't exist.

    Raises:
        ModuleNotMounted: if the instance has no module `bionty`.
    """
    from lamindb.models import Feature, Schema

    define_features_labels()
    existing = Schema.filter(name__in=_SCHEMA_NAMES).order_by("id").first()
    if existing is not None:
        return existing
    features = {feature.name: feature for feature in Feature.filter(name__in=_SCHEMA_FEATURES)}
    members = [features[name] for name in _SCHEMA_FEATURES]
    return Schema(members, name=_SCHEMA_NAMES[0], flexible=True).save()


def save_mini_immuno_datasets() -> None:
    """Store both studies as AnnData artifacts with validated genes and features, and annotate them with what is known about the studies.

    Raises:
        ImportError: if anndata is not installed.
        ModuleNotMounted: if the instance has no module `bionty`.
    """
    from lamindb.examples.schemas import anndata_ensembl_gene_ids_and_valid_features_in_obs
    from lamindb.models import Artifact, Record

    cell_type = module_registry("bionty.CellType", "mini_immuno")
    for name in ("DMSO", "IFNG", "Experiment 1", "Experiment 2"):
        _get_or_create(Record, name)
    save_terms(cell_type, "name", ("B cell", "T cell"))
    _save_features(_STUDY_FEATURES)
    schema = anndata_ensembl_gene_ids_and_valid_features_in_obs()
    details = ({"detail1": "123", "detail2": 1}, {"detail1": "456", "detail2": 2})
    studies = zip((get_dataset1("AnnData"), get_dataset2("AnnData")), details, strict=True)
    for number, (adata, study_metadata) in enumerate(studies, start=1):
        artifact = Artifact.from_anndata(adata, key=f"examples/dataset{number}.h5ad", schema=schema).save()
        artifact.features.set_values({**adata.uns, "study_metadata": study_metadata})


def _get_or_create(registry: Any, name: str, **fields: Any) -> Any:
    """Return the record of this name, whatever its other fields are, or save a new one."""
    scope = {"type": fields["type"]} if "type" in fields else {}
    existing = registry.filter(name=name, **scope).order_by("id").first()
    return existing if existing is not None else registry(name=name, **fields).save()


def _save_features(features: dict[str, tuple[str, dict[str, Any]]]) -> None:
    for name, (dtype, options) in features.items():
        save_feature(name, dtype, **options)
