"""Times collections and sets of artifacts side by side with the original: making, opening, caching and loading 300 small tables.

Example: python benchmarks/sets_of_artifacts.py --original /path/to/original/bin/python --rounds 3
"""

from __future__ import annotations

import argparse
import sys

from side_by_side import Package, Scenario, as_markdown, compare

_N_TABLES = 300
_TABLES = f"""
import lamindb as ln
import pandas as pd
artifacts = []
for n in range({_N_TABLES}):
    pd.DataFrame({{"n": [n, n + 1], "text": ["a", "b"]}}).to_parquet(f"{{n}}.parquet")
    artifacts.append(ln.Artifact(f"{{n}}.parquet", key=f"tables/{{n}}.parquet"))
ln.save(artifacts)
"""
_COLLECTION = f"{_TABLES}\nln.Collection(artifacts, key='tables').save()\n"
_TIMED = """
import time
import pyarrow.dataset
import lamindb as ln
{before}
start = time.perf_counter()
{timed}
print(time.perf_counter() - start)
"""
_MEMBERS = 'artifacts = list(ln.Artifact.filter(key__startswith="tables/").order_by("id"))'
_GET = 'collection = ln.Collection.get(key="tables")'


def _timed(before: str, timed: str) -> str:
    return _TIMED.format(before=before, timed=timed)


SCENARIOS = [
    Scenario(
        f"make and save a collection of {_N_TABLES} tables",
        2,
        setup=_TABLES,
        body=_timed(_MEMBERS, "ln.Collection(artifacts, key='tables').save()"),
    ),
    Scenario(
        f"open it with pyarrow, of {_N_TABLES} tables", 2, setup=_COLLECTION, body=_timed(_GET, "collection.open()")
    ),
    Scenario(f"cache it, {_N_TABLES} local tables", 2, setup=_COLLECTION, body=_timed(_GET, "collection.cache()")),
    Scenario(f"load it, {_N_TABLES} tables", 1, setup=_COLLECTION, body=_timed(_GET, "collection.load()")),
    Scenario(
        f"open a query set of {_N_TABLES} tables",
        2,
        setup=_TABLES,
        body=_timed(
            "ln.Artifact.filter().count()", 'ln.Artifact.filter(key__startswith="tables/").order_by("id").open()'
        ),
    ),
]


def main() -> None:
    """Run every scenario in turn with both packages and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--original", required=True, help="Python that has the original")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    packages = (Package("original", arguments.original), Package("this package", sys.executable))
    print(as_markdown(compare(SCENARIOS, packages, arguments.rounds), packages, "SQLite"))


if __name__ == "__main__":
    main()
