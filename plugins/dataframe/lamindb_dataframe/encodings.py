"""Which suffix is which encoding of a table, and which library opens it lazily."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any


@dataclass(frozen=True)
class Encoding:
    """How a table is laid out in a file.

    Attributes:
        name: `"parquet"`, `"csv"` (delimited text), `"ipc"` (Arrow files), `"json"` (JSON lines) or `"orc"`.
        delimiter: between the values of a line of delimited text.
        compression: `"gzip"` or `"tar"` if the whole file is compressed.
    """

    name: str
    delimiter: str | None = None
    compression: str | None = None


#: suffix -> encoding
ENCODINGS: dict[str, Encoding] = {
    ".parquet": Encoding("parquet"),
    ".csv": Encoding("csv", ","),
    ".csv.gz": Encoding("csv", ",", "gzip"),
    ".csv.tar.gz": Encoding("csv", ",", "tar"),
    ".tsv": Encoding("csv", "\t"),
    ".tsv.gz": Encoding("csv", "\t", "gzip"),
    ".tsv.tar.gz": Encoding("csv", "\t", "tar"),
    ".feather": Encoding("ipc"),
    ".arrow": Encoding("ipc"),
    ".ipc": Encoding("ipc"),
    ".jsonl": Encoding("json"),
    ".ndjson": Encoding("json"),
    ".json": Encoding("json"),
    ".orc": Encoding("orc"),
}
#: engine -> suffixes that it opens lazily
OPENED: dict[str, tuple[str, ...]] = {
    "pyarrow": tuple(suffix for suffix, encoding in ENCODINGS.items() if encoding.compression != "tar"),
    "polars": (
        ".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz", ".feather", ".arrow", ".ipc", ".jsonl", ".ndjson",
    ),
    "duckdb": tuple(suffix for suffix, encoding in ENCODINGS.items() if encoding.compression != "tar"),
}  # fmt: skip


def suffix_of(path: str | os.PathLike[str] | Any) -> str | None:
    """Return the longest suffix of a file name that is one of a table, in lower case.

    Example:
        >>> suffix_of("counts.v1.CSV.gz"), suffix_of("notes.txt")
        ('.csv.gz', None)
    """
    name = getattr(path, "name", None) or PurePosixPath(str(path)).name
    start = name.find(".", 1)  # a dot at the start makes a hidden file, no suffix
    while start > 0:
        suffix = name[start:].lower()
        if suffix in ENCODINGS:
            return suffix
        start = name.find(".", start + 1)
    return None
