"""Set-up with biological registries and imports of the same tables, beside the original.

`python benchmarks/bionty_side_by_side.py --original ../original/bin/python --mirror ../shared/data/ontologies`. The original needs `bionty` and `pertdb`; it reads the
tables from data frames, since it can't reach public sources offline. Medians of `--rounds` rounds in turn are printed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from side_by_side import Package, Scenario, as_markdown, compare

_IMPORT = """
import time
import pandas as pd
import lamindb as ln, bionty as bt
ln.settings.verbosity = "error"
frame = pd.read_parquet({path!r})
frame = frame[~frame.deprecated][["ontology_id", "name", "definition", "synonyms", "parents"]].reset_index(drop=True)
source = bt.Source(entity="bionty.{registry}", name="{name}", version="own", organism="all").save()
source = bt.{registry}.add_source(source, df=frame)
start = time.perf_counter()
bt.{registry}.import_source(source)
seconds = time.perf_counter() - start
assert bt.{registry}.filter().count() > 0.9 * len(frame)
print(seconds)
"""


def scenarios(mirror: Path) -> list[Scenario]:
    """Return what is compared."""
    found = [
        Scenario(f"`lamin init` with {modules}", target=5, with_instance=False,
                 command=("init", "--storage", "./store", "--name", "bench", "--modules", modules))
        for modules in ("bionty", "bionty,pertdb")
    ]  # fmt: skip
    for registry, name, version in (("CellType", "cl", "2026-03-26"), ("Disease", "mondo", "2026-05-05")):
        path = str(mirror / "tables" / f"df_all__{name}__{version}__{registry}.parquet")
        body = _IMPORT.format(path=path, registry=registry, name=name)
        found.append(Scenario(f"import of {name} {version} with parents", target=5, body=body, modules="bionty"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--original", required=True, help="Python of an environment with the original")
    parser.add_argument("--mirror", required=True, type=Path, help="folder of releases")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    packages = (Package("original", str(Path(arguments.original).absolute())), Package("this", sys.executable))
    results = compare(scenarios(arguments.mirror.resolve()), packages, arguments.rounds)
    print(as_markdown(results, packages, "tables of ../shared/data"))


if __name__ == "__main__":
    main()
