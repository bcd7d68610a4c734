"""Loads tables into memory, into pandas unless asked otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb_dataframe.encodings import Encoding
from lamindb_dataframe.files import TableFiles, table_files

_LIBRARIES = ("pandas", "polars", "pyarrow")


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

    from lamindb_dataframe.categories import has_categories, restore_categories

    path = tables.folder or tables.files[0]
    # what is left to pandas: folders, and arguments that change the types of the columns
    if tables.folder is not None or not kwargs.keys() <= {"columns", "filters"}:
        return pd.read_parquet(path, **kwargs)
    import pyarrow.parquet as pq

    if not has_categories(pq.read_schema(path).metadata):
        return pd.read_parquet(path, **kwargs)
    table = restore_categories(pq.read_table(path, partitioning=None, **kwargs))
    df = table.to_pandas()
    if b"PANDAS_ATTRS" in table.schema.metadata:
        import json

        df.attrs = json.loads(table.schema.metadata[b"PANDAS_ATTRS"])
    return df


def _load_file(path: Path, encoding: Encoding, kwargs: dict[str, Any]) -> Any:
    import pandas as pd

    if encoding.name == "csv":
        delimiter = {} if {"sep", "delimiter"} & kwargs.keys() else {"sep": encoding.delimiter}
        return pd.read_csv(path, **{**delimiter, **kwargs})
    if encoding.name == "json":
        # as they are written: pandas would make numbers of texts such as "007", and dates by the names of columns
        exact = {"lines": True, "dtype": False, "convert_dates": False, "precise_float": True}
        return pd.read_json(path, **{**exact, **kwargs})
    if encoding.name == "orc":
        return pd.read_orc(path, **kwargs)
    if _is_stream(path):
        import pyarrow as pa

        with pa.OSFile(str(path)) as file:
            return pa.ipc.open_stream(file).read_all().to_pandas(**kwargs)
    return pd.read_feather(path, **kwargs)


def _is_stream(path: Path) -> bool:
    """Tell whether an Arrow file has the layout of streams, which some libraries write under the same suffix."""
    with path.open("rb") as file:
        return not file.read(6).startswith((b"ARROW1", b"FEA1"))
