"""The object type `Spectrum`: peaks with a name and a height, as a JSON file, zipped or not, or as a folder (bundle)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Spectrum:
    peaks: list[str]
    heights: list[float]


def write(obj: Spectrum, path: Path, indent: int | None = None) -> None:
    text = json.dumps({"peaks": obj.peaks, "heights": obj.heights}, indent=indent)
    with _open(path, "wt") as stream:
        stream.write(text)


def load(path: Path) -> Spectrum:
    path = Path(path)
    with _open(path / "spectrum.json" if path.is_dir() else path, "rt") as stream:
        return Spectrum(**json.load(stream))


@contextmanager
def open_lazily(path: Any, mode: str = "r") -> Iterator[Any]:
    """Yield the open text stream."""
    with path.open(mode) as stream:
        yield stream


def count_peaks(data: Spectrum | Path) -> int:
    return len((data if isinstance(data, Spectrum) else load(data)).peaks)


def concatenate(objects: list[Spectrum], *, keys: list[str], join: str = "inner") -> Spectrum:
    return Spectrum(
        [peak for one in objects for peak in one.peaks], [height for one in objects for height in one.heights]
    )


def is_spectrum_bundle(path: Path) -> bool:
    return (path / "spectrum.json").is_file()


def _open(path: Path, mode: str) -> Any:
    return gzip.open(path, mode) if str(path).endswith(".gz") else open(path, mode.rstrip("t"), encoding="utf-8")
