"""The tables that slots are, for validation: tables in memory, names as columns, and tables that stay in their store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from lamindb.curators.coercion import coerce_series
from lamindb.curators.frames import PandasTable
from lamindb.curators.plan import ColumnPlan, TablePlan
from lamindb.curators.scan import TableScan, scan_series, scan_table

#: Rows of a stored table that are in memory at a time.
_ROWS = 1 << 18
#: What can't be written to h5ad, zarr and SOMA; such values are looked at in converted form, and stay stored as they are.
_NOT_STORED = ("date", "datetime")
_NOTE = "stored data is validated as it is: load it, curate the object, and save it, so that it is converted"


class ObjectTable(PandasTable):
    """A table of an object in memory: replacing a column changes the object, unless the column couldn't be written afterwards."""

    def __init__(self, frame: Any) -> None:
        super().__init__(frame)
        self._converted: dict[str, Any] = {}

    def series(self, name: Any) -> Any:
        return self._converted[name] if name in self._converted else super().series(name)

    def replace(self, name: str, series: Any) -> None:
        if is_storable(series):
            self._converted.pop(name, None)
            super().replace(name, series)
        else:
            self._converted[name] = series


def is_storable(series: Any) -> bool:
    """Tell whether a column can be written to the files of AnnData: dates can't."""
    import datetime

    if series.dtype.kind == "M":
        return False
    if series.dtype != object:
        return True
    return not any(isinstance(value, datetime.date) for value in series)


class NamesTable:
    """The names of an axis as columns (`var.T`), without transposing anything.

    Args:
        frame: table of the axis.
        rename: called with the new names.
    """

    def __init__(self, frame: Any, rename: Callable[[list[Any]], None]) -> None:
        self.frame, self.rename = frame, rename

    @property
    def data(self) -> Any:
        """The table itself: whoever renames its columns renames the entries of the axis."""
        return self

    @property
    def columns(self) -> Any:
        return self.frame.index

    @columns.setter
    def columns(self, names: list[Any]) -> None:
        self.rename(names)

    @property
    def n_rows(self) -> int:
        return len(self.frame.columns)

    @property
    def column_names(self) -> list[Any]:
        return list(self.frame.index.tolist())

    def series(self, name: Any) -> Any:
        found = self.frame.loc[name]
        return (found if found.ndim == 1 else found.iloc[0]).infer_objects()

    def index(self) -> Any:
        import pandas as pd

        return pd.Series(self.frame.columns)

    def replace(self, name: str, series: Any) -> None:
        from lamindb.errors import InvalidArgument

        raise InvalidArgument(
            f"{name!r} is a row of the table, whose values can't get a type of their own: convert the columns of the table instead"
        )


class StoredNamesTable(NamesTable):
    """The names of an axis of a store as columns; nothing changes."""

    def __init__(self, read_frame: Callable[[], Any], names: list[Any], column_names: list[str]) -> None:
        self._read_frame, self._names, self._rows = read_frame, names, column_names
        self._frame: Any = None

    @property
    def frame(self) -> Any:  # type: ignore[override]
        if self._frame is None:
            self._frame = self._read_frame()
        return self._frame

    @property
    def n_rows(self) -> int:
        return len(self._rows)

    @property
    def column_names(self) -> list[Any]:
        return list(self._names)

    def scan(self, plan: TablePlan, client: Any = None) -> TableScan:
        """Look at the names, and at the rows that are in the plan."""
        return scan_table(self, plan)


class StoredMappingTable(PandasTable):
    """A stored dictionary as a table of one row; nothing changes."""

    def scan(self, plan: TablePlan, client: Any = None) -> TableScan:
        """Look at the values."""
        return scan_parts(self.column_names, plan, [(self.n_rows, self.series, self.index)])


class StoredTable:
    """A table in a store: only the columns that the schema is about are read, some rows at a time.

    Args:
        element: returns the group or structured array.
        data: what messages call the dataset.
    """

    def __init__(self, element: Callable[[], Any], data: Any = None) -> None:
        from lamindb_anndata.frames import column_names, index_length

        self._element, self.data = element, data
        self._names, self.n_rows = column_names(element()), index_length(element())

    @property
    def column_names(self) -> list[Any]:
        """Names of the columns, without the index."""
        return list(self._names)

    def series(self, name: Any) -> Any:
        """Return a column as a `pandas.Series`; it is read as a whole."""
        import pandas as pd

        from lamindb_anndata.frames import read_column

        return pd.Series(read_column(self._element(), name), name=name)

    def index(self) -> Any:
        """Return the index as a `pandas.Series`."""
        import pandas as pd

        from lamindb_anndata.frames import read_index

        index = read_index(self._element())
        return pd.Series(index, name=index.name)

    def replace(self, name: str, series: Any) -> None:
        """Refuse: stored data is not changed."""
        raise RuntimeError(f"Column {name!r} is in a store, which is not changed: load the data and curate the object")

    def scan(self, plan: TablePlan, client: Any = None) -> TableScan:
        """Look at the columns that are in the plan, some rows at a time."""
        return scan_parts(self.column_names, plan, self._parts())

    def _parts(self) -> Iterator[Part]:
        import pandas as pd

        from lamindb_anndata.frames import read_index

        element = self._element()
        columns = StoredColumns(element)
        for start in range(0, max(self.n_rows, 1), _ROWS):
            rows = range(start, min(start + _ROWS, self.n_rows))

            def series(name: Any, rows: range = rows) -> Any:
                return pd.Series(columns.read(name, rows), name=name)

            def index(rows: range = rows) -> Any:
                found = read_index(element, rows)
                return pd.Series(found, name=found.name)

            yield len(rows), series, index


class StoredColumns:
    """Reads parts of the columns of a stored table; the categories of a column are read once."""

    def __init__(self, element: Any) -> None:
        self._element = element
        self._categories: dict[str, Any] = {}

    def read(self, name: str, rows: range) -> Any:
        """Return some rows of a column, as pandas takes it."""
        import pandas as pd

        from lamindb_anndata.elements import encoding_of, is_group, read_dense
        from lamindb_anndata.frames import read_column, read_values

        column = self._element[name]
        if not (hasattr(self._element, "keys") and is_group(column) and encoding_of(column) == "categorical"):
            return read_column(self._element, name, rows)
        if name not in self._categories:
            ordered = bool(column.attrs.get("ordered", False))
            self._categories[name] = pd.CategoricalDtype(pd.Index(read_values(column["categories"])), ordered=ordered)
        return pd.Categorical.from_codes(read_dense(column["codes"], [rows]), dtype=self._categories[name])


#: Some rows of a table: their number, how to get one of its columns, and how to get the index.
Part = tuple[int, Callable[[Any], Any], Callable[[], Any]]


def scan_parts(names: list[Any], plan: TablePlan, parts: Any) -> TableScan:
    """Look at the columns of stored data that are in the plan.

    Args:
        names: names of the columns.
        plan: what is checked.
        parts: the rows, in order.

    Returns:
        What was found. Columns that would have to be converted are reported, since stored data doesn't change.
    """
    found = TableScan(0, list(names))
    wanted = [column for column in plan.columns if column.name in set(names)]
    for n_rows, series, index in parts:
        part = TableScan(n_rows, found.column_names)
        for column in wanted:
            part.columns[column.name] = _scan_column(series(column.name), column, found.n_rows)
        if plan.index is not None:
            part.index = scan_series(index(), plan.index, found.n_rows)
        found.extend(part)
    for column in wanted:
        scan = found.columns[column.name]
        if scan.misfit is not None and column.coerce:
            scan.misfit = replace(scan.misfit, note=_NOTE)
    return found


def _scan_column(series: Any, column: ColumnPlan, first_row: int) -> Any:
    if not column.coerce:
        return scan_series(series, column, first_row)
    if column.kind in _NOT_STORED:
        series, cells = coerce_series(series, column, first_row)
        scan = scan_series(series, column, first_row)
        scan.uncoerced = cells
        return scan
    # texts are categories when they are loaded with `coerce`: no value changes
    as_text = replace(column, texts_are_categories=True) if column.kind == "cat" else column
    return scan_series(series, as_text, first_row)
