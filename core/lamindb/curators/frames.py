"""Tables of pandas, polars and pyarrow under one face: names of columns, and one column at a time as a series."""

from __future__ import annotations

from typing import Any, Protocol

from lamindb.errors import InvalidArgument


class Table(Protocol):
    """What validation needs of a table."""

    @property
    def data(self) -> Any:
        """The table as the user knows it."""

    @property
    def n_rows(self) -> int:
        """Number of rows."""

    @property
    def column_names(self) -> list[Any]:
        """Names of the columns, repeated ones included."""

    def series(self, name: Any) -> Any:
        """Return a column as a `pandas.Series`."""

    def index(self) -> Any:
        """Return the index as a `pandas.Series`."""

    def replace(self, name: str, series: Any) -> None:
        """Put a column in the place of the one with this name, or add it."""


class PandasTable:
    """A `pandas.DataFrame`; replacing a column changes it."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame

    @property
    def data(self) -> Any:
        """The table as the user knows it."""
        return self.frame

    @property
    def n_rows(self) -> int:
        return len(self.frame)

    @property
    def column_names(self) -> list[Any]:
        return self.frame.columns.tolist()

    def series(self, name: Any) -> Any:
        found = self.frame[name]
        # of several columns with the same name the first is looked at; the others are reported
        return found if found.ndim == 1 else found.iloc[:, 0]

    def index(self) -> Any:
        import pandas as pd

        values = self.frame.index
        return pd.Series(values.to_numpy() if values.nlevels > 1 else values, name=values.name)

    def replace(self, name: str, series: Any) -> None:
        self.frame[name] = series


class ArrowTable:
    """A `pyarrow.Table`: columns are converted one at a time."""

    def __init__(self, table: Any) -> None:
        self.table = table

    @property
    def data(self) -> Any:
        return self.table

    @property
    def n_rows(self) -> int:
        return self.table.num_rows

    @property
    def column_names(self) -> list[Any]:
        return list(self.table.column_names)

    def series(self, name: Any) -> Any:
        return arrow_series(self.table.column(name), name)

    def index(self) -> Any:
        raise InvalidArgument("This table has no index: a schema with an index needs a pandas.DataFrame")

    def replace(self, name: str, series: Any) -> None:
        import pyarrow as pa

        array = pa.Array.from_pandas(series)
        if name in self.table.column_names:
            self.table = self.table.set_column(self.table.column_names.index(name), name, array)
        else:
            self.table = self.table.append_column(name, array)


class PolarsTable:
    """A `polars.DataFrame`, or a `polars.LazyFrame` of which only the columns that are looked at are collected."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self._is_lazy = type(frame).__name__ == "LazyFrame"
        self._n_rows: int | None = None

    @property
    def data(self) -> Any:
        return self.frame

    @property
    def n_rows(self) -> int:
        if self._n_rows is None:
            import polars as pl

            self._n_rows = self.frame.select(pl.len()).collect().item() if self._is_lazy else self.frame.height
        return self._n_rows

    @property
    def column_names(self) -> list[Any]:
        return list(self.frame.collect_schema().names() if self._is_lazy else self.frame.columns)

    def series(self, name: Any) -> Any:
        column = self.frame.select(name).collect().get_column(name) if self._is_lazy else self.frame.get_column(name)
        if column.dtype.__class__.__name__ == "Object" or str(column.dtype) == "Object":
            import pandas as pd

            return pd.Series(column.to_list(), name=name, dtype=object)
        return arrow_series(column.to_arrow(), name)

    def index(self) -> Any:
        raise InvalidArgument("A polars table has no index: a schema with an index needs a pandas.DataFrame")

    def replace(self, name: str, series: Any) -> None:
        import polars as pl

        if self._is_lazy:
            raise InvalidArgument(
                f"Column {name!r} of a LazyFrame can't be changed: pass the collected table, lazy_frame.collect()"
            )
        self.frame = self.frame.with_columns(pl.Series(name, pl.from_pandas(series)))


def arrow_series(array: Any, name: Any) -> Any:
    """Return an Arrow array as a series: categories and dates as pandas knows them, everything else backed by Arrow."""
    import pandas as pd
    import pyarrow as pa

    kind = array.type
    if pa.types.is_dictionary(kind):
        series = array.to_pandas()
    elif pa.types.is_date(kind):
        series = array.to_pandas(date_as_object=True)
    elif pa.types.is_nested(kind):
        series = pd.Series(array.to_pylist(), dtype=object)
    elif pa.types.is_null(kind):
        series = pd.Series([None] * len(array), dtype=object)
    else:
        series = pd.Series(
            pd.arrays.ArrowExtensionArray(pa.chunked_array(array) if isinstance(array, pa.Array) else array)
        )
    series = pd.Series(series)
    series.name = name
    return series


def table_of(data: Any) -> Table | None:
    """Return a table under the common face, `None` if it is none.

    Args:
        data: a `pandas.DataFrame`, `polars.DataFrame`, `polars.LazyFrame` or `pyarrow.Table`.
    """
    for base in type(data).__mro__:
        root, name = base.__module__.partition(".")[0], base.__name__
        if root == "pandas" and name == "DataFrame":
            return PandasTable(data)
        if root == "polars" and name in ("DataFrame", "LazyFrame"):
            return PolarsTable(data)
        if root == "pyarrow" and name == "Table":
            return ArrowTable(data)
    return None
