"""Counts the rows of tables, in files without reading the values: from metadata, or by the ends of lines."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import os
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any

from lamindb_dataframe.encodings import ENCODINGS, Encoding, suffix_of
from lamindb_dataframe.files import table_files
from lamindb_dataframe.libraries import is_lazy


def count_observations(data: Any) -> int | None:
    """Return the number of rows of a table.

    Parquet, Arrow and ORC files tell it in their metadata; delimited text and JSON lines are streamed and their records counted.

    Args:
        data: table in memory, or path of a local or remote file or folder.

    Returns:
        The number of rows; `None` if it is not known without running a query, or the text isn't well-formed.

    Raises:
        ValueError: if the files are no tables.

    Example:
        >>> count_observations("counts.parquet")  # doctest: +SKIP
        3
    """
    if not isinstance(data, (str, os.PathLike)) and not hasattr(data, "fs"):
        return None if is_lazy(data) else len(data)
    total = 0
    for file in table_files(data).files:
        suffix = suffix_of(file)
        counted = _count_file(file, ENCODINGS[suffix]) if suffix is not None else None
        if counted is None:
            return None
        total += counted
    return total


def _count_file(path: Any, encoding: Encoding) -> int | None:
    if encoding.name in ("csv", "json"):
        with _text(path, encoding) as lines:
            return (
                _count_records(lines, encoding) if encoding.name == "csv" else sum(1 for line in lines if line.strip())
            )
    with path.open("rb") as file:
        if encoding.name == "parquet":
            from pyarrow.parquet import read_metadata

            return int(read_metadata(file).num_rows)
        if encoding.name == "orc":
            from pyarrow.orc import ORCFile

            return int(ORCFile(file).nrows)
    return _count_arrow(path)


def _count_arrow(path: Any) -> int:
    import pyarrow as pa

    from lamindb_dataframe.loading import _is_stream

    if _is_stream(path):
        with path.open("rb") as file:
            return sum(batch.num_rows for batch in pa.ipc.open_stream(file))
    from lamindb_dataframe.opening import open_table

    return int(open_table(path).count_rows())


@contextmanager
def _text(path: Any, encoding: Encoding) -> Iterator[IO[str]]:
    """Open a text file for its lines; Latin-1 maps every byte to a character, and delimiters are the same as in UTF-8."""
    with ExitStack() as stack:
        binary: Any = stack.enter_context(path.open("rb"))
        if encoding.compression == "gzip":
            binary = stack.enter_context(gzip.GzipFile(fileobj=binary))
        elif encoding.compression == "tar":
            archive = stack.enter_context(tarfile.open(fileobj=binary, mode="r:gz"))
            member = next((found for found in archive if found.isfile()), None)
            binary = archive.extractfile(member) if member is not None else io.BytesIO()
        yield io.TextIOWrapper(binary, encoding="latin-1", newline="")


def _count_records(lines: IO[str], encoding: Encoding) -> int | None:
    """Count the records below the header; a quoted value may hold ends of lines, and empty lines are no records."""
    blank = "\r\n " if encoding.delimiter == "\t" else "\r\n \t"
    count = 0
    stream = iter(lines)
    try:
        for line in stream:
            if '"' not in line:
                count += bool(line.strip(blank))
                continue
            next(csv.reader(itertools.chain([line], stream), delimiter=encoding.delimiter or ","))
            count += 1
    except csv.Error:
        return None
    return max(count - 1, 0)
