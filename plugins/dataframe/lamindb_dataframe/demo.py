"""What this package shows in `lamin demo`: a table that is queried where it lies, validated, fixed, and found by its features."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def show_tables(folder: Path, say: Callable[[str, str], None]) -> None:
    """Store a table as parquet, read a part of it, validate a broken table, fix it, and query by feature."""
    import numpy as np
    import pandas as pd

    import lamindb as ln

    generator = np.random.default_rng(0)
    cells = pd.DataFrame(
        {
            "cell_type": generator.choice(["T cell", "B cell", "monocyte"], 50_000),
            "n_umis": generator.poisson(3000, 50_000),
            "score": generator.random(50_000).round(3),
        }
    )
    say(
        "A table is stored as parquet, and queried where it lies: only the needed columns and row groups are read",
        'ln.Artifact.from_dataframe(cells, key="cells.parquet").save().open(engine="pyarrow")',
    )
    artifact = ln.Artifact.from_dataframe(
        cells, key="cells.parquet", run=False, parquet_kwargs={"row_group_size": 5000}
    )
    dataset = artifact.save().open(is_run_input=False)
    import pyarrow.compute as pc

    found = dataset.to_table(columns=["cell_type", "n_umis"], filter=pc.field("n_umis") > 3180)
    print(f"{artifact.n_observations} rows stored, {found.num_rows} read:", found.slice(0, 2).to_pylist(), "…")

    say(
        "A schema says what is valid: features with types, and labels that are registered",
        'schema = ln.Schema([ln.Feature(name="treatment", dtype=treatments), ln.Feature(name="dose", dtype=float)])',
    )
    treatments = ln.Record(name="Treatment", is_type=True).save()
    ln.save([ln.Record(name=name, type=treatments) for name in ("control", "interferon gamma")])
    features = [
        ln.Feature(name="treatment", dtype=treatments).save(),
        ln.Feature(name="dose", dtype=float, nullable=False).save(),
        ln.Feature(name="n_cells", dtype=int, coerce=True).save(),
    ]
    schema = ln.Schema(features, name="treatments").save()
    table = pd.DataFrame(
        {
            "treatment": pd.Categorical(["control", "interferon gama", "interferon gamma"]),
            "dose": [0.0, 1.5, None],
            "n_cells": ["120", "80", "95"],
        }
    )
    say("One error lists everything that is wrong, with rows and what helps", "curator.validate()")
    curator = ln.curators.DataFrameCurator(table, schema)
    try:
        curator.validate()
    except ln.errors.ValidationError as error:
        print(error)

    say(
        "Fixed, stored and annotated; found by its content",
        'curator.save_artifact(key="treatments.parquet"); ln.Artifact.filter(treatment="interferon gamma")',
    )
    table["treatment"] = pd.Categorical(["control", "interferon gamma", "interferon gamma"])
    table["dose"] = table["dose"].fillna(1.5)
    curator = ln.curators.DataFrameCurator(table, schema)
    curator.validate()
    saved = curator.save_artifact(key="treatments.parquet", run=False)
    for hit in ln.Artifact.filter(treatment="interferon gamma"):
        print(hit.uid, hit.key, f"{hit.n_observations} rows, validated by {hit.schema.name!r}")
    saved.features.describe()
