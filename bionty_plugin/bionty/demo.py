"""What this package shows in `lamin demo`: a table that is validated against real ontologies, fixed by what the errors say, and a hierarchy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def show_ontologies(folder: Path, say: Callable[[str, str], None]) -> None:
    """Import the Cell Ontology, validate cell types, tissues, diseases and genes, fix a synonym and a typo."""
    import pandas as pd

    import bionty as bt
    import lamindb as ln

    say(
        "The Cell Ontology becomes records, with parents and synonyms, in one transaction",
        "bt.CellType.import_source()",
    )
    bt.CellType.import_source()
    source = bt.Source.get(entity="bionty.CellType", currently_used=True)
    print(f"{bt.CellType.filter().count()} cell types of {source.name} {source.version}")
    bt.Tissue.from_values(["blood", "lung", "spleen"]).save()
    bt.Disease.from_values(["asthma", "normal"]).save()
    bt.settings.organism = "human"
    bt.Gene.from_values(["CD4", "CD19", "NKG7", "LYZ"]).save()

    say(
        "Columns of a table are validated against the registries",
        'ln.Schema([ln.Feature(name="cell_type", dtype=bt.CellType), ln.Feature(name="tissue", dtype=bt.Tissue), …])',
    )
    dtypes = {"cell_type": bt.CellType, "tissue": bt.Tissue, "disease": bt.Disease, "marker": bt.Gene.symbol}
    features = [ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()]
    schema = ln.Schema(features, name="cells with ontologies", coerce=True).save()
    table = pd.DataFrame(
        {
            "cell_type": ["T cell", "B-cell", "natural killer cel", "monocyte"],  # a synonym and a typo
            "tissue": ["blood", "blood", "spleen", "lung"],
            "disease": ["asthma", "asthma", "asthma", "asthma"],
            "marker": ["CD4", "CD19", "NKG7", "LYZ"],
        }
    )
    curator = ln.curators.DataFrameCurator(table, schema)
    try:
        curator.validate()
    except ln.errors.ValidationError as error:
        print(error)

    say(
        "Synonyms are replaced by the call that the error names, the typo by hand",
        'curator.cat.standardize("cell_type")',
    )
    curator.cat.standardize("cell_type")
    table["cell_type"] = table["cell_type"].astype(str).replace("natural killer cel", "natural killer cell")
    curator = ln.curators.DataFrameCurator(table, schema)
    curator.validate()
    artifact = curator.save_artifact(key="cells_with_ontologies.parquet", run=False)
    artifact.features.describe()

    say(
        "Terms have a hierarchy: datasets with any kind of lymphocyte",
        'bt.CellType.get(name="lymphocyte").query_children()',
    )
    lymphocyte = bt.CellType.get(name="lymphocyte")
    kinds = lymphocyte.query_children()
    print(f"{len(kinds)} kinds of lymphocytes; datasets with one of them:")
    for found in ln.Artifact.filter(cell_types__in=kinds).distinct():
        print(found.uid, found.key)
    natural_killer_cell = bt.CellType.get(name="natural killer cell")
    print("natural killer cell is a", ", a ".join(natural_killer_cell.query_parents().to_list("name")[:5]), "…")
