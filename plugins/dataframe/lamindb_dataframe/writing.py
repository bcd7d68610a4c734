"""Writes tables of pandas, polars and pyarrow; the same table always gives the same bytes, so that it is stored once."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger
from lamindb_dataframe.encodings import ENCODINGS, Encoding, suffix_of
from lamindb_dataframe.libraries import is_lazy, library_of

_ROWS_PER_BATCH = 10_000


def write(
    table: Any,
    path: Path,
    *,
    parquet_kwargs: dict[str, Any] | None = None,
    csv_kwargs: dict[str, Any] | None = None,
    **kwargs: Any,
) -> None:
    """Write a table to a new file; the suffix of the path decides the encoding.

    Args:
        table: `DataFrame` of pandas or polars, `LazyFrame` of polars (its result is streamed), or `Table` of pyarrow.
        path: file to write.
        parquet_kwargs: passed to the library's writer of parquet (`DataFrame.to_parquet`, `DataFrame.write_parquet`,
            `pyarrow.parquet.write_table`).
        csv_kwargs: passed to the library's writer of delimited text (`DataFrame.to_csv`, `DataFrame.write_csv`,
            `pyarrow.csv.WriteOptions`).
        **kwargs: passed to the writer, whatever the encoding.

    Raises:
        TypeError: if it is no table.
        ValueError: if two columns have the same name, or a column can't be written in this encoding.

    Example:
        >>> write(pd.DataFrame({"gene": ["CD8A"]}), Path("genes.parquet"))  # doctest: +SKIP
    """
    suffix = suffix_of(path)
    if suffix is None:
        raise ValueError(f"{path.name!r} has no suffix of a table, which are {', '.join(ENCODINGS)}")
    encoding = ENCODINGS[suffix]
    options = {**kwargs, **(_fitting(encoding, parquet_kwargs, csv_kwargs) or {})}
    _check_names(table)
    import pyarrow as pa

    try:
        _WRITERS[library_of(table)](table, path, encoding, options)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise ValueError(
            f"The table can't be written as {suffix}: {'; '.join(str(part) for part in error.args)}. "
            "Give each column values of one kind, for example df[column].astype(str)."
        ) from error


def _fitting(
    encoding: Encoding, parquet_kwargs: dict[str, Any] | None, csv_kwargs: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return the arguments for the encoding; warn if only those for another one were passed."""
    by_name = {"parquet": parquet_kwargs, "csv": csv_kwargs}
    fitting = by_name.get(encoding.name)
    if fitting is None and any(by_name.values()):
        others = " and ".join(f"{name}_kwargs" for name, value in by_name.items() if value)
        logger.warning("%s are not used, as the table is written as %s", others, encoding.name)
    return fitting


def _check_names(table: Any) -> None:
    names = table.column_names if library_of(table) == "pyarrow" else None
    if names is None and library_of(table) == "pandas" and not table.columns.is_unique:
        names = list(table.columns)
    repeated = [name for name, count in Counter(names or ()).items() if count > 1]
    if not repeated:
        return
    shown = ", ".join(repr(name) for name in repeated[:10]) + (", …" if len(repeated) > 10 else "")
    raise ValueError(
        f"The table has several columns with the same name: {shown}. Columns are found by name: rename them, "
        "or keep the first of each with df.loc[:, ~df.columns.duplicated()]"
    )


@contextmanager
def _compressed(path: Path, encoding: Encoding) -> Iterator[Any]:
    """Open a file for writing; compressed files hold neither name nor time, so that equal tables are equal files."""
    with path.open("wb") as file:
        if encoding.compression is None:
            yield file
            return
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as stream:
            yield stream


def _write_pandas(df: Any, path: Path, encoding: Encoding, options: dict[str, Any]) -> None:
    if encoding.name == "parquet":
        _write_pandas_parquet(df, path, options)
    elif encoding.name == "csv":
        if "quoting" not in options and _holds_carriage_return(df):
            options["quoting"] = csv.QUOTE_NONNUMERIC
        options = {"sep": encoding.delimiter, **options}
        if encoding.compression is None or "compression" in options:
            df.to_csv(path, **options)
            return
        with _compressed(path, encoding) as stream:
            df.to_csv(stream, **{"mode": "wb", **options})
    elif encoding.name == "ipc":
        import pyarrow as pa
        from pyarrow.feather import write_feather

        from lamindb_dataframe.categories import keep_categories

        write_feather(keep_categories(pa.Table.from_pandas(df), "ipc"), str(path), **options)
    else:
        import pyarrow as pa

        has_plain_index = type(df.index).__name__ == "RangeIndex" and df.index.name is None and df.index.start == 0
        rows = df if has_plain_index and df.index.step == 1 else df.reset_index()
        _write_json_lines(pa.Table.from_pandas(rows, preserve_index=False), path, encoding, options)


def _holds_carriage_return(df: Any) -> bool:
    """Tell whether a text holds a carriage return: pandas writes it without quotes, and every reader takes it for the end of a line."""
    levels = [df.index.get_level_values(level) for level in range(df.index.nlevels)]
    names = [df.columns.get_level_values(level) for level in range(df.columns.nlevels)]
    columns = [df.iloc[:, position] for position, dtype in enumerate(df.dtypes) if _may_be_text(dtype)]
    return any(_has_text_with("\r", values) for values in (*levels, *names, *columns) if _may_be_text(values.dtype))


def _may_be_text(dtype: Any) -> bool:
    return getattr(dtype, "kind", "O") == "O"


def _has_text_with(part: str, values: Any) -> bool:
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        return _has_text_with(part, values.cat.categories if hasattr(values, "cat") else values.categories)
    if isinstance(values.dtype, pd.StringDtype):
        return bool(values.str.contains(part, regex=False).any())
    return any(isinstance(value, str) and part in value for value in values)


def _write_pandas_parquet(df: Any, path: Path, options: dict[str, Any]) -> None:
    import pandas as pd

    if df.shape[1] == 0:
        options.setdefault("index", True)  # a file without columns has no rows
    is_plain = type(df).to_parquet is pd.DataFrame.to_parquet and options.get("engine", "auto") in ("auto", "pyarrow")
    if not is_plain or options.get("partition_cols") or not _has_categories(df):
        df.to_parquet(path, **options)
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    from lamindb_dataframe.categories import keep_categories

    options = {name: value for name, value in options.items() if name not in ("engine", "partition_cols")}
    table = keep_categories(pa.Table.from_pandas(df, preserve_index=options.pop("index", None)), "parquet")
    if df.attrs:  # where pandas itself keeps them
        table = table.replace_schema_metadata({**table.schema.metadata, b"PANDAS_ATTRS": json.dumps(df.attrs)})
    pq.write_table(table, str(path), **{"compression": "snappy", **options})


def _has_categories(df: Any) -> bool:
    import pandas as pd

    levels = [df.index.get_level_values(level).dtype for level in range(df.index.nlevels)]
    return any(isinstance(dtype, pd.CategoricalDtype) for dtype in (*df.dtypes, *levels))


def _write_polars(table: Any, path: Path, encoding: Encoding, options: dict[str, Any]) -> None:
    name = {"json": "ndjson"}.get(encoding.name, encoding.name)
    if encoding.name == "csv":
        options = {"separator": encoding.delimiter, **options}
    if encoding.name == "ipc":
        import polars as pl

        # readers of pandas and duckdb know the types of the first versions only
        options = {"compat_level": pl.CompatLevel.oldest(), **options}
    if is_lazy(table) and encoding.compression is None:
        getattr(table, f"sink_{name}")(str(path), **options)
        return
    frame = table.collect() if is_lazy(table) else table
    with _compressed(path, encoding) as stream:
        getattr(frame, f"write_{name}")(stream, **options)


def _write_arrow(table: Any, path: Path, encoding: Encoding, options: dict[str, Any]) -> None:
    if encoding.name == "parquet":
        import pyarrow.parquet as pq

        from lamindb_dataframe.categories import keep_categories

        pq.write_table(keep_categories(table, "parquet"), str(path), **options)
    elif encoding.name == "csv":
        from pyarrow.csv import WriteOptions, write_csv

        with _compressed(path, encoding) as stream:
            write_csv(table, stream, WriteOptions(**{"delimiter": encoding.delimiter, **options}))
    elif encoding.name == "ipc":
        from pyarrow.feather import write_feather

        write_feather(table, str(path), **options)
    else:
        _write_json_lines(table, path, encoding, options)


def _write_json_lines(table: Any, path: Path, encoding: Encoding, options: dict[str, Any]) -> None:
    """Write one JSON object a row; numbers keep all their digits, dates are ISO 8601 texts, missing numbers are null."""
    with _compressed(path, encoding) as stream:
        for batch in table.to_batches(max_chunksize=_ROWS_PER_BATCH):
            lines = [_json_line(row, options) for row in batch.to_pylist()]
            stream.write("".join(lines).encode("utf-8"))


def _json_line(row: dict[str, Any], options: dict[str, Any]) -> str:
    options = {"ensure_ascii": False, "default": _as_json, **options}
    try:
        return json.dumps(row, allow_nan=False, **options) + "\n"
    except ValueError:
        known = {name: None if isinstance(value, float) and value != value else value for name, value in row.items()}
        infinite = [name for name, value in known.items() if value in (float("inf"), float("-inf"))]
        if infinite:
            raise ValueError(
                f"The column {infinite[0]!r} holds an infinite number, which JSON can't: write the table as parquet"
            ) from None
        return json.dumps(known, allow_nan=False, **options) + "\n"


def _as_json(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, bytes):
        raise ValueError("The table holds bytes, which JSON can't: write it as parquet")
    return str(value)


_WRITERS = {"pandas": _write_pandas, "polars": _write_polars, "pyarrow": _write_arrow}
