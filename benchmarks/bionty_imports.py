"""Biological registries: set-up, imports of real releases, a taxonomy of 2.7 million taxa, validation of a million values.

Run it with the folder of real releases: `python benchmarks/bionty_imports.py --mirror ../shared/data/ontologies [--taxa 2700000]`. Each measurement is a process of
its own, with fresh folders; medians of `--repeat` runs are printed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

_IMPORT = """
import time, resource, bionty as bt, lamindb as ln
ln.settings.verbosity = "error"
bt.CellType.filter().count()
start = time.perf_counter()
{body}
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
"""
_MAKE_TAXA = """
import pyarrow as pa, pyarrow.parquet as pq, random, sys
n, path = int(sys.argv[1]), sys.argv[2]
random.seed(0)
ids = [f"NCBITaxon:{i}" for i in range(1, n + 1)]
names = [f"Genus{i % 90000} species{i}" for i in range(1, n + 1)]
parents = [[] if i == 1 else [f"NCBITaxon:{random.randrange(max(1, i // 20), i)}"] for i in range(1, n + 1)]
table = pa.table({"ontology_id": ids, "name": names, "parents": pa.array(parents, pa.list_(pa.string()))})
pq.write_table(table, path, compression="zstd")
"""
_TAXA = """
source = bt.Source(entity="bionty.Organism", name="ncbitaxon", organism="all", version="generated", url="file://{path}").save()
bt.Organism.import_source(source)
assert bt.Organism.filter().count() == {n}
"""
_VALIDATE = """
import pandas as pd
bt.CellLine.import_source()
names = bt.CellLine.filter().values_list("name", flat=True)[:100_000]
names = list(names)
values = pd.Series([names[i % len(names)] for i in range(1_000_000)])
start = time.perf_counter()
"""


def run(code: str, arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def measure(name: str, body: str, mirror: str, repeat: int) -> None:
    """Print the median seconds and the peak memory of a piece of code in a fresh instance."""
    seconds, memory = [], []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            environment = fresh_environment(folder, mirror)
            init = [
                str(Path(sys.executable).parent / "lamin"),
                "init",
                "--storage",
                f"{folder}/x",
                "--name",
                "x",
                "--modules",
                "bionty",
            ]
            subprocess.run(init, env=environment, check=True, capture_output=True)
            one, peak = run(_IMPORT.format(body=body), [], environment).split()
            seconds.append(float(one))
            memory.append(float(peak))
    print(f"| {name} | {statistics.median(seconds):.2f} s | {max(memory):.2f} GB |", flush=True)


def fresh_environment(folder: str, mirror: str) -> dict[str, str]:
    own = {"LAMIN_SETTINGS_DIR": f"{folder}/s", "LAMIN_CACHE_DIR": f"{folder}/c", "BIONTY_ROOT_DIR": f"{folder}/r"}
    return {**os.environ, **own, "BIONTY_SOURCES_MIRROR": mirror}


def measure_init(repeat: int, mirror: str) -> None:
    import time

    for modules in ("", "bionty", "bionty,pertdb"):
        seconds = []
        for _ in range(repeat):
            with tempfile.TemporaryDirectory() as folder:
                command = [
                    str(Path(sys.executable).parent / "lamin"),
                    "init",
                    "--storage",
                    f"{folder}/x",
                    "--name",
                    "x",
                ]
                command += ["--modules", modules] if modules else []
                start = time.perf_counter()
                subprocess.run(command, env=fresh_environment(folder, mirror), check=True, capture_output=True)
                seconds.append(time.perf_counter() - start)
        print(f"| `lamin init`, modules: {modules or 'none'} | {statistics.median(seconds):.2f} s | |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", required=True)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--taxa", type=int, default=0, help="number of generated taxa, such as 2700000")
    arguments = parser.parse_args()
    mirror, repeat = str(Path(arguments.mirror).resolve()), arguments.repeat
    print("| what | median | peak memory |\n|---|---|---|")
    measure_init(repeat, mirror)
    for registry in ("CellType", "Tissue", "Disease", "ExperimentalFactor"):
        measure(f"import of all {registry} terms", f"bt.{registry}.import_source()", mirror, repeat)
    measure("import of human genes", "bt.Gene.import_source(organism='human')", mirror, repeat)
    measure(
        "query_parents of lung",
        "bt.Tissue.import_source()\nlung = bt.Tissue.get(name='lung')\nstart = time.perf_counter()\nlist(lung.query_parents())",
        mirror,
        repeat,
    )
    for call in ("validate(values, mute=True)", "inspect(values, mute=True)", "standardize(values, mute=True)"):
        name = f"{call.partition('(')[0]} of 1,000,000 values against 100,000 terms"
        measure(name, f"{_VALIDATE}bt.CellLine.{call}", mirror, repeat)
    if arguments.taxa:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/taxa.parquet"
            run(_MAKE_TAXA, [str(arguments.taxa), path], dict(os.environ))
            measure(f"import of {arguments.taxa:,} taxa", _TAXA.format(path=path, n=arguments.taxa), mirror, 1)


if __name__ == "__main__":
    main()
