"""Which files of a folder hold its data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Names that start so are side files (`_SUCCESS`, `.part-0.crc`), as engines agree that write folders of files.
SIDE_FILES = ("_", ".")


def data_files(folder: Any) -> Iterator[Any]:
    """Yield the files below a local or remote folder in the order of their paths, without side files.

    Args:
        folder: `Path` or `UPath`.

    Example:
        >>> [file.name for file in data_files(Path("table.parquet"))]  # doctest: +SKIP
        ['part-0.parquet', 'part-1.parquet']
    """
    if not isinstance(folder, Path):
        depth = len(folder.parts)
        for path in sorted(folder.rglob("*"), key=lambda found: found.path):
            if not any(part.startswith(SIDE_FILES) for part in path.parts[depth:]) and path.is_file():
                yield path
        return
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(SIDE_FILES))
        for name in sorted(names):
            if not name.startswith(SIDE_FILES):
                yield Path(root, name)
