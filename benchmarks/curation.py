"""Validating and annotating tables, side by side with the original: `python benchmarks/curation.py ../original/bin/python --rows 1000000`."""

from __future__ import annotations

import argparse
import sys

from side_by_side import Package, Scenario, as_markdown, compare

_LABELS = """
import lamindb as ln
ln.settings.verbosity = "error"
ln.settings.creation.search_names = False
kinds = [ln.ULabel(name=f"Kind{{n}}", is_type=True).save() for n in range(6)]
for number, kind in enumerate(kinds):
    ln.save([ln.ULabel(name=f"label {{number}}-{{n}}", type=kind) for n in range({labels})])
features = [ln.Feature(name=f"cat{{n}}", dtype=kind).save() for n, kind in enumerate(kinds)]
features += [ln.Feature(name=f"num{{n}}", dtype=float).save() for n in range(10)]
features += [ln.Feature(name=f"text{{n}}", dtype=str).save() for n in range(4)]
ln.Schema(features, name="bench").save()
"""
_TABLE = """
import time
import numpy as np, pandas as pd
import lamindb as ln
rng = np.random.default_rng(0)
rows, labels = {rows}, {used}
frame = pd.DataFrame({{
    **{{f"cat{{n}}": pd.Categorical.from_codes(rng.integers(0, labels, rows), [f"label {{n}}-{{i}}" for i in range(labels)]) for n in range(6)}},
    **{{f"num{{n}}": rng.random(rows) for n in range(10)}},
    **{{f"text{{n}}": np.char.add("t", rng.integers(0, rows, rows).astype(str)).astype(object) for n in range(4)}},
}})
ln.settings.verbosity = "error"
schema = ln.Schema.get(name="bench")
"""
_VALIDATE = """
start = time.perf_counter()
curator = ln.curators.DataFrameCurator(frame, schema)
curator.validate()
print(time.perf_counter() - start)
"""
_SAVE = """
start = time.perf_counter()
ln.Artifact.from_dataframe(frame, key="t.parquet", schema=schema).save()
print(time.perf_counter() - start)
"""


def scenarios(rows: int) -> list[Scenario]:
    """Return what is compared, for a number of rows."""
    few, many = {"rows": rows, "used": 20}, {"rows": rows // 10, "used": 2000}
    return [
        Scenario(
            f"validate {rows:,} rows × 20 columns, 6 categorical", 5, _TABLE.format(**few) + _VALIDATE, _LABELS.format(labels=20)
        ),
        Scenario(
            f"validate {rows // 10:,} rows, 6 × 2,000 of 2,000 labels", 5, _TABLE.format(**many) + _VALIDATE,
            _LABELS.format(labels=2000),
        ),
        Scenario(
            f"validate, store and annotate {rows // 10:,} rows × 20 columns", 1,
            _TABLE.format(rows=rows // 10, used=20) + _SAVE, _LABELS.format(labels=20),
        ),
    ]  # fmt: skip


def main() -> None:
    """Print the table of a comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("original", help="Python of the environment of the original")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    packages = (Package("original", arguments.original), Package("this", sys.executable))
    results = compare(scenarios(arguments.rows), packages, arguments.rounds)
    print(as_markdown(results, packages, "SQLite"))


if __name__ == "__main__":
    main()
