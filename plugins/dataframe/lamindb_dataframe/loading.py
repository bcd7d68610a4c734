"""Loads tables into memory, into pandas unless asked otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lamindb_dataframe.encodings import Encoding
from lamindb_dataframe.files import TableFiles, table_files

_LIBRARIES = ("pandas", "polars", "pyarrow")
#: Types of pandas that hold missing values beside numbers and truth values.
_NULLABLE = frozenset(
    {"boolean", "string", "Float32", "Float64"}
    | {f"{sign}nt{bits}" for sign in ("I", "UI") for bits in (8, 16, 32, 64)}
)


def load(path: Path, *, into: str = "pandas", **kwargs: Any) -> Any:
    """Load a local file, or a folder of files with one suffix.

    Args:
        path: the file or folder.
        into: `"pandas"`, `"polars"` or `"pyarrow"`.
        **kwargs: passed to pandas' `read_*`; for polars and pyarrow to `open_table`.

    Returns:
        A `pandas.DataFrame`, `polars.DataFrame` or `pyarrow.Table`.

    Raises:
        FileNotFoundError: if the path does not exist.
        ImportError: if polars is asked for and not installed.
        ValueError: if it is no table, or `into` is another library.

    Example:
        >>> load(Path("counts.csv"), usecols=["gene"])  # doctest: +SKIP
    """
    if into not in _LIBRARIES:
        raise ValueError(f"Tables can be loaded into {', '.join(_LIBRARIES)}, not into {into!r}")
    tables = table_files(path)
    if into == "pandas":
        return _load_pandas(tables, kwargs)
    from lamindb_dataframe.opening import open_table

    if into == "pyarrow":
        return open_table(path, **kwargs).to_table()
    with open_table(path, engine="polars", **kwargs) as table:
        return table.collect()


def _load_pandas(tables: TableFiles, kwargs: dict[str, Any]) -> Any:
    import pandas as pd

    if tables.encoding.name == "parquet":
        return _load_parquet(tables, kwargs)
    frames = [_load_file(file, tables.encoding, kwargs) for file in tables.files]
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def _load_parquet(tables: TableFiles, kwargs: dict[str, Any]) -> Any:
    import pandas as pd

    # what is left to pandas: folders, and arguments that change the types of the columns
    if tables.folder is not None or not kwargs.keys() <= {"columns", "filters"}:
        return pd.read_parquet(tables.folder or tables.files[0], **kwargs)
    import pyarrow.parquet as pq

    return to_pandas(pq.read_table(tables.files[0], partitioning=None, **kwargs))


def to_pandas(table: Any) -> Any:
    """Return an Arrow table as the pandas table that it was: with its categories, attributes and the types of its index."""
    from lamindb_dataframe.categories import restore_categories

    table = restore_categories(table)
    df = table.to_pandas()
    metadata = table.schema.metadata or {}
    if b"PANDAS_ATTRS" in metadata:
        df.attrs = json.loads(metadata[b"PANDAS_ATTRS"])
    if b"pandas" in metadata:
        _restore_index_types(df, table, json.loads(metadata[b"pandas"]))
    return df


def _restore_index_types(df: Any, table: Any, description: dict[str, Any]) -> None:
    """Give the index the nullable types that it had, which pyarrow restores for columns only."""
    import pandas as pd

    types = {column.get("field_name"): column.get("numpy_type") for column in description.get("columns", ())}
    fields = [field for field in description.get("index_columns", ()) if isinstance(field, str)]
    if len(fields) != df.index.nlevels or not all(field in table.column_names for field in fields):
        return
    levels = [df.index.get_level_values(level) for level in range(df.index.nlevels)]
    changed = False
    for position, field in enumerate(fields):
        if types.get(field) not in _NULLABLE or str(levels[position].dtype) == types[field]:
            continue
        dtype: Any = pd.api.types.pandas_dtype(types[field])
        values = dtype.__from_arrow__(table.column(field))
        levels[position] = pd.Index(values, name=levels[position].name)
        changed = True
    if changed:
        df.index = levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels, names=df.index.names)


def _load_file(path: Path, encoding: Encoding, kwargs: dict[str, Any]) -> Any:
    import pandas as pd

    if encoding.name == "csv":
        delimiter = {} if {"sep", "delimiter"} & kwargs.keys() else {"sep": encoding.delimiter}
        return pd.read_csv(path, **{**delimiter, **kwargs})
    if encoding.name == "json":
        if kwargs:
            return pd.read_json(path, **{"lines": True, **kwargs})
        # as they are written: pandas would make numbers of texts such as "007", and dates by the names of columns
        with path.open(encoding="utf-8") as lines:
            return pd.DataFrame([json.loads(line) for line in lines if line.strip()])
    if encoding.name == "orc":
        return pd.read_orc(path, **kwargs)
    if _is_stream(path):
        import pyarrow as pa

        with pa.OSFile(str(path)) as file:
            return to_pandas(pa.ipc.open_stream(file).read_all())
    if kwargs.keys() <= {"columns"}:
        from pyarrow.feather import read_table

        return to_pandas(read_table(str(path), **kwargs))
    return pd.read_feather(path, **kwargs)


def _is_stream(path: Path) -> bool:
    """Tell whether an Arrow file has the layout of streams, which some libraries write under the same suffix."""
    with path.open("rb") as file:
        return not file.read(6).startswith((b"ARROW1", b"FEA1"))
