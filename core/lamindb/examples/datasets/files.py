"""Small files, made in the working directory."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from lamindb.examples.datasets.example_files import placed

_JPG = "paradisi05_laminopathic_nuclei.jpg"


def file_fastq(in_storage_root: bool = False) -> Any:
    """Write `input.fastq.gz`, which holds a line of plain text.

    Args:
        in_storage_root: write it to the root of the current storage location instead of the working directory.

    Returns:
        Its path; a `UPath` in remote storage.
    """
    return _write_text("input.fastq.gz", "Mock fastq artifact.", in_storage_root)


def file_bam(in_storage_root: bool = False) -> Any:
    """Write `output.bam`, which holds a line of plain text; arguments as for `file_fastq`."""
    return _write_text("output.bam", "Mock bam artifact.", in_storage_root)


def file_mini_csv(in_storage_root: bool = False) -> Any:
    """Write `mini.csv`, a table with one column and three rows; arguments as for `file_fastq`."""
    return _write_text("mini.csv", "test\n1\n2\n3\n", in_storage_root)


def file_jpg_paradisi05() -> Path:
    """Write `paradisi05_laminopathic_nuclei.jpg`, a small picture that looks like stained nuclei."""

    def copy(path: Path) -> None:
        with as_file(files("lamindb.examples.datasets") / "nuclei.jpg") as source:
            shutil.copyfile(source, path)

    return placed(_JPG, copy)


def _write_text(name: str, text: str, in_storage_root: bool) -> Any:
    path: Any = Path(name)
    if in_storage_root:
        from lamindb.setup import settings

        path = settings.storage.root / name
    with path.open("wb") as file:  # the same bytes on every platform
        file.write(text.encode("utf-8"))
    return path
