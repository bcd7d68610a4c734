"""Text files: plain text, Markdown, FASTA."""

from __future__ import annotations

from pathlib import Path


def load_text(path: str | Path) -> str:
    """Return the content of a UTF-8 text file.

    Raises:
        UnicodeDecodeError: if the file is not UTF-8.
    """
    return Path(path).read_text(encoding="utf-8")
