"""Opens text files, also those that are compressed with gzip, which their first bytes tell."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import IO

_GZIP = b"\x1f\x8b"


def open_text(path: str | Path) -> IO[str]:
    """Open a UTF-8 text file for reading; a compressed one gives its content."""
    stream = open(path, "rb")  # noqa: SIM115  (closed with what is returned)
    if stream.peek(2)[:2] != _GZIP:
        return io.TextIOWrapper(stream, encoding="utf-8")
    stream.close()
    return gzip.open(path, "rt", encoding="utf-8")
