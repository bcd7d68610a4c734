"""What the core shows in `lamin demo`: files that become artifacts, and a script that is tracked."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

_GENES = ("CD3D", "CD19", "NKG7", "LYZ", "PPBP")
_CELL_TYPES = ("T cell", "B cell", "NK cell", "monocyte")
_SCRIPT = """\
import csv
from collections import Counter

import lamindb as ln

ln.track(params={"per": "cell_type"})
with open(ln.Artifact.get(key="raw/counts.csv").cache(), newline="") as counts:
    n_cells = Counter(row["cell_type"] for row in csv.DictReader(counts))
with open("cells.csv", "w", newline="") as table:
    csv.writer(table).writerows([("cell_type", "n_cells"), *sorted(n_cells.items())])
ln.Artifact("cells.csv", key="derived/cells.csv", description="cells per type").save()
ln.finish()
"""


def show_files(folder: Path, say: Callable[[str, str], None]) -> None:
    """Ingest, version, label, query and describe files and a folder."""
    import lamindb as ln

    counts, reference = write_counts(folder / "counts.csv", n_cells=200, seed=1), write_fasta(folder / "panel.fasta")
    say(
        "Real files become artifacts: hashed, stored once, found by key",
        'raw = ln.Artifact("counts.csv", key="raw/counts.csv", description="UMI counts", run=False).save()',
    )
    raw = ln.Artifact(counts, key="raw/counts.csv", description="UMI counts", run=False).save()
    sequences = ln.Artifact(reference, key="raw/panel.fasta", description="probe sequences", run=False).save()
    click.echo(f"{raw}\n{sequences}")
    again = ln.Artifact(counts, key="raw/counts.csv", run=False).save()
    click.echo(f"the same bytes again are the same artifact: {again.uid == raw.uid}")

    plates = write_plates(folder / "plates")
    say(
        "A folder is one artifact, or one for each file",
        'ln.Artifact("plates", key="plates").save(); ln.save(ln.Artifact.from_dir("plates", key="wells"))',
    )
    whole = ln.Artifact(plates, key="plates", description="plate layouts", run=False).save()
    click.echo(f"{whole.n_files} files, {whole.size} bytes, hash {whole.hash}")

    say(
        "The same key with new content becomes the next version; old versions stay",
        'ln.Artifact("counts.csv", key="raw/counts.csv").save()',
    )
    write_counts(counts, n_cells=300, seed=2)
    newer = ln.Artifact(counts, key="raw/counts.csv", description="UMI counts", run=False).save()
    for version in newer.versions.order_by("created_at"):
        click.echo(f"{version.uid}  {version.size} bytes  latest: {version.is_latest}")
    say("Data comes back as a local path, or as what it is", 'ln.Artifact.get(key="raw/panel.fasta").load()')
    click.echo(str(sequences.load(is_run_input=False)).splitlines()[0] + " …")

    say(
        "Labels, and queries by key, label and size",
        'ln.Artifact.filter(ulabels__name="batch 2", suffix=".csv", size__gt=100).to_dataframe()',
    )
    batch = ln.ULabel(name="batch 2").save()
    newer.ulabels.add(batch)
    newer.projects.add(ln.Project(name="Immune atlas").save())
    for found in ln.Artifact.filter(ulabels__name="batch 2", suffix=".csv", size__gt=100):
        click.echo(f"{found.uid}  {found.key}  {found.description}  {found.size} bytes")
    say("What is known about an artifact", "artifact.describe()")
    click.echo(str(newer.describe(return_str=True)).rstrip())


def show_script(folder: Path, say: Callable[[str, str], None]) -> None:
    """Run a tracked script in a process of its own, and show what is known of its run and its result."""
    import lamindb as ln

    script = folder / "count_cells.py"
    script.write_text(_SCRIPT)
    say(
        "A script is tracked: its code, parameters, environment, log, what it reads and writes", "python count_cells.py"
    )
    click.echo(_SCRIPT.rstrip())
    done = subprocess.run(
        [sys.executable, script.name],
        cwd=folder,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise click.ClickException(f"the script failed:\n{done.stdout}{done.stderr}")
    table = ln.Artifact.get(key="derived/cells.csv")
    click.echo(Path(table.cache(is_run_input=False)).read_text().rstrip())
    run = table.run
    click.echo(f"run {run.uid} of {run.transform.key}: {run.status}, params {run.params}")
    say("Where data came from, as text, picture or W3C PROV", "artifact.view_lineage()")
    click.echo(table.query_lineage("upstream").to_text())


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


def write_fasta(path: Path) -> Path:
    """Write a probe sequence for each gene, drawn at random."""
    draw = random.Random(3)
    path.write_text("".join(f">{gene}\n{''.join(draw.choices('ACGT', k=60))}\n" for gene in _GENES))
    return path


def write_plates(folder: Path) -> Path:
    """Write which well of which plate had which treatment."""
    folder.mkdir(exist_ok=True)
    for plate in ("A", "B"):
        rows = [f"{plate}{well}\t{'control' if well < 3 else 'interferon'}\n" for well in range(1, 5)]
        (folder / f"{plate}.tsv").write_text("well\ttreatment\n" + "".join(rows))
    return folder
