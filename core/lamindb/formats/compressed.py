"""Opens text files, also those that are compressed with gzip, which their first bytes tell."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import IO

_GZIP = b"\x1f\x8b"


def open_text(path: str | Path) -> IO[str]:
    """Open a UTF-8 text file for reading; a compressed one gives its content."""
    with open(path, "rb") as stream:
        is_compressed = stream.read(2) == _GZIP
    if is_compressed:
        return gzip.open(path, "rt", encoding="utf-8")
    return open(path, encoding="utf-8")
