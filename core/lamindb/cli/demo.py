"""`lamin demo`: the main job from beginning to end on real files, in a temporary folder with settings of its own."""

from __future__ import annotations

import contextlib
import csv
import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from lamindb.cli.groups import Command

_GENES = ("CD3D", "CD19", "NKG7", "LYZ", "PPBP")
_CELL_TYPES = ("T cell", "B cell", "NK cell", "monocyte")


@click.command(cls=Command)
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=None, help="Make it here, and keep it."
)
def demo(folder: Path | None) -> None:
    """Make an instance, ingest, version, label, query and describe real files. Your own settings are not touched."""
    is_temporary = folder is None
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="lamin-demo-", ignore_cleanup_errors=True))
            )
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(own_settings(folder / "settings"))
        run_demo(folder)
        click.echo(
            f"\nEverything was in {folder}, which is removed now." if is_temporary else f"\nEverything is in {folder}."
        )


@contextlib.contextmanager
def own_settings(folder: Path) -> Iterator[None]:
    """Let this process read and write its settings and cache below a folder, and no instance be connected at the end."""
    from lamindb.setup import settings

    before = {
        name: os.environ.get(name) for name in ("LAMIN_SETTINGS_DIR", "LAMIN_CACHE_DIR", "LAMIN_CURRENT_INSTANCE")
    }
    os.environ.pop("LAMIN_CURRENT_INSTANCE", None)
    os.environ.update(LAMIN_SETTINGS_DIR=str(folder), LAMIN_CACHE_DIR=str(folder / "cache"))
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        settings.use(None)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run_demo(folder: Path) -> None:
    """Do everything, saying each statement before it runs."""
    import lamindb as ln

    _say("An instance: a database (SQLite by default) and a storage folder", 'ln.setup.init(storage="./lab")')
    ln.setup.init(storage=str(folder / "lab"))

    counts, plate = write_counts(folder / "counts.csv", n_cells=200, seed=1), write_plate(folder / "plate.txt")
    _say(
        "Real files become artifacts: hashed, stored once, found by key",
        'raw = ln.Artifact("counts.csv", key="raw/counts.csv", description="UMI counts", run=False).save()',
    )
    raw = ln.Artifact(counts, key="raw/counts.csv", description="UMI counts", run=False).save()
    layout = ln.Artifact(plate, key="raw/plate.txt", description="plate layout", run=False).save()
    click.echo(f"{raw}\n{layout}")
    again = ln.Artifact(counts, key="raw/counts.csv", run=False).save()
    click.echo(f"the same bytes again are the same artifact: {again.uid == raw.uid}")

    _say(
        "The same key with new content becomes the next version",
        'ln.Artifact("counts.csv", key="raw/counts.csv").save()',
    )
    write_counts(counts, n_cells=300, seed=2)
    newer = ln.Artifact(counts, key="raw/counts.csv", description="UMI counts", run=False).save()
    for version in newer.versions.order_by("created_at"):
        click.echo(f"{version.uid}  {version.size} bytes  latest: {version.is_latest}")

    _say(
        "A run of a transform reads artifacts and writes new ones, which is lineage",
        'run = ln.Run(ln.Transform(key="summarise.py", kind="script").save()).save(); path = newer.cache(is_run_input=run)',
    )
    transform = ln.Transform(key="summarise.py", kind="script").save()
    run = ln.Run(transform).save()
    table = summarise(newer.cache(is_run_input=run), layout.cache(is_run_input=run), folder / "means.csv")
    means = ln.Artifact(table, key="derived/means.csv", description="mean counts per cell type", run=run).save()
    click.echo(table.read_text().rstrip())

    _say(
        "Labels, and queries by key, label and size",
        'ln.Artifact.filter(ulabels__name="batch 2", suffix=".csv", size__gt=100).to_dataframe()',
    )
    batch = ln.ULabel(name="batch 2").save()
    project = ln.Project(name="Immune atlas").save()
    for artifact in (newer, means):
        artifact.ulabels.add(batch)
        artifact.projects.add(project)
    found = ln.Artifact.filter(ulabels__name="batch 2", suffix=".csv", size__gt=100)
    click.echo(found.to_dataframe()[["uid", "key", "description", "size"]].to_string())

    _say("What is known about an artifact", "means.describe()")
    click.echo(str(means.describe(return_str=True)).rstrip())
    _say("Where it came from", "means.view_lineage()")
    print_lineage(means)


def print_lineage(artifact: object) -> None:
    """Print the lineage of an artifact as text."""
    from lamindb.lineage.read import read_lineage

    click.echo(read_lineage(artifact, "upstream").to_text())


def write_counts(path: Path, *, n_cells: int, seed: int) -> Path:
    """Write counts of a few marker genes, one row a cell, from a Poisson-like process that depends on the cell type."""
    draw = random.Random(seed)
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["cell", "well", "cell_type", *_GENES])
        for number in range(n_cells):
            cell_type = draw.randrange(len(_CELL_TYPES))
            counts = [int(draw.expovariate(1 / (20 if gene == cell_type else 2))) for gene in range(len(_GENES))]
            writer.writerow([f"cell{number:04}", f"A{number % 4 + 1}", _CELL_TYPES[cell_type], *counts])
    return path


def write_plate(path: Path) -> Path:
    """Write which well had which treatment."""
    path.write_text("A1 control\nA2 control\nA3 interferon\nA4 interferon\n")
    return path


def summarise(counts: Path, plate: Path, target: Path) -> Path:
    """Write the mean count of each gene per treatment and cell type."""
    treatments = dict(line.split() for line in plate.read_text().splitlines())
    groups: dict[tuple[str, str], list[list[int]]] = {}
    with counts.open(newline="") as stream:
        for row in csv.DictReader(stream):
            groups.setdefault((treatments[row["well"]], row["cell_type"]), []).append(
                [int(row[gene]) for gene in _GENES]
            )
    with target.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["treatment", "cell_type", "n_cells", *_GENES])
        for (treatment, cell_type), rows in sorted(groups.items()):
            means = [f"{sum(column) / len(rows):.1f}" for column in zip(*rows, strict=True)]
            writer.writerow([treatment, cell_type, len(rows), *means])
    return target


def _say(title: str, statement: str) -> None:
    click.echo(f"\n# {title}\n>>> {statement}")
