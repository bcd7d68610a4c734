"""What this package shows in `lamin demo`: an AnnData from a file to validated, annotated, queryable artifacts, and batches of a collection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

#: How the authors of the data set called its cell types, and their names in the Cell Ontology.
_CELL_TYPES = {
    "CD14+ Monocyte": "CD14-positive monocyte",
    "CD19+ B": "B cell",
    "CD34+": "hematopoietic stem cell",
    "CD4+/CD25 T Reg": "CD4-positive, CD25-positive, alpha-beta regulatory T cell",
    "CD4+/CD45RA+/CD25- Naive T": "naive thymus-derived CD4-positive, alpha-beta T cell",
    "CD4+/CD45RO+ Memory": "CD4-positive, alpha-beta memory T cell",
    "CD56+ NK": "natural killer cell",
    "CD8+ Cytotoxic T": "CD8-positive, alpha-beta cytotoxic T cell",
    "CD8+/CD45RA+ Naive Cytotoxic": "naive thymus-derived CD8-positive, alpha-beta T cell",
    "Dendritic": "dendritic cell",
}


def show_cells(folder: Path, say: Callable[[str, str], None]) -> None:
    """Validate, fix and store blood cells of 10x Genomics, query them by cell type, and read them in shuffled batches."""
    import lamindb as ln

    path = _find_data()
    if path is None:
        say("Single-cell data", "pip install scanpy, which brings a real AnnData of 700 blood cells")
        print("skipped: scanpy is not installed")
        return
    adata = _open(path, say)
    dtype = _cell_types()
    say(
        "A schema for the slots of an AnnData; `obs` is validated before anything large is touched",
        'ln.Schema(otype="AnnData", slots={"obs": ln.Schema([cell_type, n_counts])})',
    )
    features = [
        ln.Feature(name="cell_type", dtype=dtype).save(),
        ln.Feature(name="n_counts", dtype=float).save(),
    ]
    obs = ln.Schema(features, name="obs of blood cells").save()
    schema = ln.Schema(otype="AnnData", slots={"obs": obs}, name="blood cells").save()
    adata.obs["cell_type"] = adata.obs["bulk_labels"]
    try:
        ln.curators.AnnDataCurator(adata, schema).validate()
    except ln.errors.ValidationError as error:
        print("\n".join(str(error).splitlines()[:4]))

    say(
        "Fixed, and stored as two validated artifacts",
        'ln.Artifact.from_anndata(part, key="pbmc/1.h5ad", schema=schema)',
    )
    adata.obs["cell_type"] = adata.obs["bulk_labels"].cat.rename_categories(_CELL_TYPES)
    artifacts = [
        ln.Artifact.from_anndata(part.copy(), key=f"pbmc/{number}.h5ad", schema=schema, run=False).save()
        for number, part in enumerate((adata[:350], adata[350:]), start=1)
    ]
    artifacts[0].features.describe()

    say(
        "Found by what is in them, and opened without loading",
        'with artifact.open() as cells: cells[cells.obs["cell_type"] == "natural killer cell"].to_memory()',
    )
    found = ln.Artifact.filter(cell_type="natural killer cell", suffix=".h5ad").order_by("key")
    print([artifact.key for artifact in found])
    with found[0].open(is_run_input=False) as cells:
        print(cells[cells.obs["cell_type"] == "natural killer cell"].to_memory())

    say(
        "Files are read together, in batches that are shuffled within blocks, as models train on them",
        'collection.mapped(obs_keys="cell_type").batches(128, shuffle=True, seed=0)',
    )
    collection = ln.Collection(artifacts, key="pbmc", run=False).save()
    dataset = collection.mapped(obs_keys="cell_type", is_run_input=False)
    batches = list(dataset.batches(128, shuffle=True, seed=0))
    print(f"{len(dataset)} cells × {dataset.n_vars} genes in {len(batches)} batches; the first:")
    print({name: f"{values.dtype} array of shape {values.shape}" for name, values in batches[0].items()})


def _find_data() -> Path | None:
    """Return the file that ships with scanpy: 700 cells of a data set of 10x Genomics, CC BY 4.0."""
    from importlib.util import find_spec

    found = find_spec("scanpy")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "datasets" / "10x_pbmc68k_reduced.h5ad"


def _open(path: Path, say: Callable[[str, str], None]) -> Any:
    import warnings

    import anndata

    say(
        "Blood cells of 10x Genomics, as they ship with scanpy", 'adata = anndata.read_h5ad("10x_pbmc68k_reduced.h5ad")'
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # the file is of 2018, and anndata says what it moves
        adata = anndata.read_h5ad(path)
    print(
        f"{adata.n_obs} cells × {adata.n_vars} genes, labelled",
        ", ".join(adata.obs["bulk_labels"].cat.categories[:3]),
        "…",
    )
    return adata


def _cell_types() -> Any:
    """Return what cell types are validated against: the Cell Ontology where its module is installed, else records."""
    import lamindb as ln

    if "bionty" in ln.setup.settings.instance.modules:
        import bionty as bt

        bt.CellType.from_values(list(_CELL_TYPES.values())).save()
        return bt.CellType
    cell_types = ln.Record(name="CellType", is_type=True).save()
    ln.save([ln.Record(name=name, type=cell_types) for name in _CELL_TYPES.values()])
    return cell_types
