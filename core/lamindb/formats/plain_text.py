"""Text files: plain text, Markdown, FASTA."""

from __future__ import annotations

from pathlib import Path

from lamindb.formats.compressed import open_text


def load_text(path: str | Path) -> str:
    """Return the content of a UTF-8 text file.

    Raises:
        UnicodeDecodeError: if the file is not UTF-8.
    """
    with open_text(path) as stream:
        return stream.read()
