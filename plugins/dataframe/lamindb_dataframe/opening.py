"""Opens tables lazily: nothing is read before a query runs, and then only the columns and row groups that it needs."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from types import TracebackType
from typing import Any, Generic, TypeVar, cast

from lamindb_dataframe.encodings import OPENED
from lamindb_dataframe.files import AnyPath, TableFiles, table_files

T = TypeVar("T")

#: Characters that polars and duckdb take for patterns in paths.
_PATTERN = frozenset("*?[]{}")
#: Protocols that polars reads itself.
_POLARS_PROTOCOLS = frozenset({"", "s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "http", "https", "hf"})


class OpenTable(Generic[T]):
    """A table that is open inside of a `with` block, which gives the lazy table of the engine.

    Example:
        >>> with open_table("counts.parquet", engine="polars") as table:  # doctest: +SKIP
        ...     table.filter(pl.col("count") > 3).collect()
    """

    def __init__(self, table: T, stack: ExitStack) -> None:
        self._table, self._stack = table, stack

    def __enter__(self) -> T:
        return self._table

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"An open table has no {name!r} of its own: use it in a block, such as `with artifact.open(engine=…) as table: table.{name}`"
        )


def open_table(paths: AnyPath | Sequence[AnyPath], engine: str = "pyarrow", **kwargs: Any) -> Any:
    """Open one or several files, or a folder of files with one suffix, as one lazy table.

    Args:
        paths: local or remote path, or several of one file system.
        engine: `"pyarrow"`, `"polars"` or `"duckdb"`.
        **kwargs: passed to `pyarrow.dataset.dataset`, to polars' `scan_*`, or to duckdb's `read_*`. For polars,
            `use_fsspec=True` reads through the path's own fsspec file system; what is left then goes to `pyarrow.dataset.dataset`.

    Returns:
        A `pyarrow.dataset.Dataset`; for the other engines a context manager that gives a `polars.LazyFrame` or a
        `duckdb.DuckDBPyRelation`, which is closed at the end of the block.

    Raises:
        FileNotFoundError: if a local path does not exist.
        ImportError: if the library of the engine is not installed.
        ValueError: if the engine is unknown or doesn't open the suffix, or the files are of several kinds.

    Example:
        >>> open_table("counts.parquet").to_table(columns=["gene"])  # doctest: +SKIP
    """
    if engine not in OPENED:
        raise ValueError(f"Unknown engine: {engine!r}. It should be 'pyarrow', 'polars' or 'duckdb'.")
    if engine == "polars" and kwargs.get("use_fsspec") and not _is_path(paths):
        return _open_several_stores([*cast(Sequence[AnyPath], paths)], kwargs)
    tables = table_files(paths, engine)
    if tables.suffix not in OPENED[engine]:
        raise ValueError(
            f"{tables.suffix} files are not supported by {engine}, they should have one of these formats: {', '.join(OPENED[engine])}"
        )
    if engine == "polars":
        return _open_polars(tables, **kwargs)
    if engine == "duckdb":
        return _open_duckdb(tables, kwargs)
    return arrow_dataset(tables, **kwargs)


def open_artifact(path: AnyPath, mode: str = "r", *, engine: str = "pyarrow", **kwargs: Any) -> Any:
    """Open the data of an artifact with `open_table`; tables are only read.

    Raises:
        ValueError: for a mode other than `"r"`.
    """
    if mode != "r":
        raise ValueError(f"Tables are opened with mode='r' only, not {mode!r}: save changed data as a new version")
    return open_table(path, engine, **kwargs)


def arrow_dataset(tables: TableFiles, **kwargs: Any) -> Any:
    """Return the files as a `pyarrow.dataset.Dataset`; the suffix tells the format unless `format` is passed."""
    import pyarrow.dataset as ds

    kwargs.setdefault("format", _arrow_format(tables))
    if tables.filesystem is not None:
        kwargs.setdefault("filesystem", tables.filesystem)
    source: str | list[str] = tables.names(with_protocol=False)
    if tables.folder is not None and kwargs.get("partitioning") is not None:
        # partitions are named by the folders below this one, and by no folder above it
        source = str(tables.folder) if tables.filesystem is None else tables.folder.path
    return ds.dataset(source, **kwargs)


def _arrow_format(tables: TableFiles) -> Any:
    if tables.encoding.name != "csv" or tables.encoding.delimiter == ",":
        return tables.encoding.name
    from pyarrow.csv import ParseOptions
    from pyarrow.dataset import CsvFileFormat

    return CsvFileFormat(parse_options=ParseOptions(delimiter=tables.encoding.delimiter))


def _open_polars(tables: TableFiles, *, use_fsspec: bool = False, **kwargs: Any) -> OpenTable[Any]:
    polars = _engine("polars")
    if use_fsspec or tables.protocol not in _POLARS_PROTOCOLS or _has_patterns(tables):
        # polars reads the whole of an open file that it is handed; through a dataset it reads what a query needs
        return OpenTable(polars.scan_pyarrow_dataset(arrow_dataset(tables, **kwargs)), ExitStack())
    scan = getattr(polars, {"json": "scan_ndjson"}.get(tables.encoding.name, f"scan_{tables.encoding.name}"))
    if tables.encoding.name == "csv":
        kwargs.setdefault("separator", tables.encoding.delimiter)
    if tables.protocol in ("s3", "s3a"):
        kwargs["storage_options"] = {**s3_options(tables.filesystem), **(kwargs.get("storage_options") or {})}
    return OpenTable(scan(tables.names(with_protocol=True), **kwargs), ExitStack())


def _open_several_stores(paths: Sequence[AnyPath], kwargs: dict[str, Any]) -> OpenTable[Any]:
    """Open paths of any file systems: each stretch of one file system is a dataset of its own."""
    polars = _engine("polars")
    kwargs = {name: value for name, value in kwargs.items() if name != "use_fsspec"}
    parts = [
        table_files(list(group)) for _, group in itertools.groupby(paths, lambda path: id(getattr(path, "fs", None)))
    ]
    kinds = {(part.encoding.name, part.encoding.delimiter): part.suffix for part in parts}
    if len(kinds) > 1:
        raise ValueError(
            f"The artifacts in the collection have different file formats: {', '.join(sorted(kinds.values()))}"
        )
    scans = [polars.scan_pyarrow_dataset(arrow_dataset(part, **kwargs)) for part in parts]
    return OpenTable(scans[0] if len(scans) == 1 else polars.concat(scans), ExitStack())


def _is_path(paths: AnyPath | Sequence[AnyPath]) -> bool:
    return isinstance(paths, (str, os.PathLike)) or hasattr(paths, "fs")


def _open_duckdb(tables: TableFiles, kwargs: dict[str, Any]) -> OpenTable[Any]:
    duckdb = _engine("duckdb")
    # an extension that is not installed would be downloaded without being asked for
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    stack = ExitStack()
    stack.callback(connection.close)
    try:
        return OpenTable(_duckdb_relation(connection, tables, kwargs), stack)
    except BaseException:
        stack.close()
        raise


def _duckdb_relation(connection: Any, tables: TableFiles, kwargs: dict[str, Any]) -> Any:
    name = tables.encoding.name
    if name not in ("parquet", "csv", "json") or _has_patterns(tables):
        return connection.from_arrow(arrow_dataset(tables, **kwargs))
    if tables.filesystem is not None:
        connection.register_filesystem(tables.filesystem)
    names = tables.names(with_protocol=True)
    if name == "parquet":
        return connection.read_parquet(names, **{"hive_partitioning": False, **kwargs})
    if name == "csv":
        return connection.read_csv(names, **{"delimiter": tables.encoding.delimiter, "header": True, **kwargs})
    return connection.read_json(names, **{"format": "newline_delimited", **kwargs})


def s3_options(filesystem: Any) -> dict[str, str]:
    """Return what an `s3fs` file system knows about credentials and endpoint, in the words of polars."""
    client = getattr(filesystem, "client_kwargs", None) or {}
    endpoint = getattr(filesystem, "endpoint_url", None) or client.get("endpoint_url")
    known = {
        "aws_access_key_id": getattr(filesystem, "key", None) or client.get("aws_access_key_id"),
        "aws_secret_access_key": getattr(filesystem, "secret", None) or client.get("aws_secret_access_key"),
        "aws_session_token": getattr(filesystem, "token", None) or client.get("aws_session_token"),
        "aws_region": client.get("region_name"),
        "aws_endpoint_url": endpoint,
        "aws_skip_signature": "true" if getattr(filesystem, "anon", False) else None,
        "aws_virtual_hosted_style_request": "false" if endpoint else None,
        "aws_allow_http": "true" if endpoint and endpoint.startswith("http://") else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _has_patterns(tables: TableFiles) -> bool:
    return any(_PATTERN & set(name) for name in tables.names(with_protocol=True))


def _engine(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ImportError(
            f"Please install {name}, which engine={name!r} needs: pip install 'lamindb-dataframe[{name}]'", name=name
        ) from error
