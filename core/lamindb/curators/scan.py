"""What one pass over a table finds out: null values, values of other types, distinct categories.

Scans of parts of a table are merged, so that parts may be read one after the other, or on the workers of a cluster.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from lamindb.curators.cell_types import Misfit, find_misfit
from lamindb.curators.plan import ColumnPlan, TablePlan

#: How many cells with a problem are remembered.
MAX_EXAMPLES = 5


@dataclass
class Cells:
    """Cells with the same problem: how many, and the first ones as pairs of position and value."""

    count: int = 0
    examples: list[tuple[int, Any]] = field(default_factory=list)

    def extend(self, other: Cells) -> None:
        """Add the cells of a later part."""
        self.count += other.count
        self.examples = (self.examples + other.examples)[:MAX_EXAMPLES]


@dataclass(slots=True)
class Occurrences:
    """How often a distinct value occurs, and at which position first."""

    count: int
    first_row: int


@dataclass
class ColumnScan:
    """What was found in a column.

    Attributes:
        n_rows: number of cells.
        nulls: missing values.
        dtype: name of the dtype that the column has.
        misfit: why the column as a whole has another dtype than it should have.
        cells: cells with values of another type.
        uncoerced: cells that can't be converted.
        distinct: distinct values of categories, in the order of the first occurrence.
        records: records that stand in cells, instead of values.
        nested: cells of lists whose items are lists.
    """

    n_rows: int = 0
    nulls: Cells = field(default_factory=Cells)
    dtype: str | None = None
    misfit: Misfit | None = None
    cells: Cells = field(default_factory=Cells)
    uncoerced: Cells = field(default_factory=Cells)
    distinct: dict[Hashable, Occurrences] = field(default_factory=dict)
    records: list[Any] = field(default_factory=list)
    nested: Cells = field(default_factory=Cells)

    def extend(self, other: ColumnScan) -> None:
        """Add what was found in a later part."""
        self.n_rows += other.n_rows
        for mine, theirs in (
            (self.nulls, other.nulls),
            (self.cells, other.cells),
            (self.uncoerced, other.uncoerced),
            (self.nested, other.nested),
        ):
            mine.extend(theirs)
        self.dtype = self.dtype or other.dtype
        self.misfit = self.misfit or other.misfit
        self.records += other.records
        if not self.distinct:
            self.distinct = other.distinct
            return
        for value, there in other.distinct.items():
            here = self.distinct.get(value)
            if here is None:
                self.distinct[value] = there
            else:
                here.count += there.count


@dataclass
class TableScan:
    """What was found in a table, by column.

    Attributes:
        n_rows: number of rows.
        column_names: names of the columns, repeated ones included.
        columns: what was found in the columns that were looked at.
        index: what was found in the index.
        missing_in: for columns that some files lack, these files.
    """

    n_rows: int = 0
    column_names: list[Any] = field(default_factory=list)
    columns: dict[str, ColumnScan] = field(default_factory=dict)
    index: ColumnScan | None = None
    missing_in: dict[str, list[str]] = field(default_factory=dict)

    def extend(self, other: TableScan) -> None:
        """Add what was found in a later part; columns that only some parts have are missing in the others."""
        self.n_rows += other.n_rows
        if other.column_names != self.column_names:
            known = set(self.column_names)
            self.column_names += [name for name in other.column_names if name not in known]
        for name, scan in other.columns.items():
            if name in self.columns:
                self.columns[name].extend(scan)
            else:
                self.columns[name] = scan
        if self.index is None:
            self.index = other.index
        elif other.index is not None:
            self.index.extend(other.index)


def scan_table(table: Any, plan: TablePlan, first_row: int = 0) -> TableScan:
    """Look at the columns of a table that are in the plan.

    Args:
        table: anything with `n_rows`, `column_names`, `series(name)` and `index()`, see `lamindb.curators.frames`.
        plan: what is checked.
        first_row: position of the first row, for parts of a table.
    """
    found = TableScan(table.n_rows, list(table.column_names))
    there = set(found.column_names)
    for column in plan.columns:
        if column.name in there:
            found.columns[column.name] = scan_series(table.series(column.name), column, first_row)
    if plan.index is not None:
        found.index = scan_series(table.index(), plan.index, first_row)
    return found


def scan_series(series: Any, plan: ColumnPlan, first_row: int = 0) -> ColumnScan:
    """Look at one column.

    Args:
        series: a `pandas.Series`.
        plan: what is checked.
        first_row: position of its first cell.
    """
    scan = ColumnScan(len(series), dtype=str(series.dtype))
    is_null = _nulls(series)
    if is_null is not None:
        scan.nulls = _cells(series, is_null, first_row)
    misfit, wrong = find_misfit(series, is_null, plan)
    scan.misfit = misfit
    if wrong is not None:
        scan.cells = _cells(series, wrong, first_row)
    if plan.is_categorical:
        if plan.is_list:
            _collect_items(scan, series, is_null, first_row)
        else:
            scan.distinct, scan.records = distinct_values(series, first_row)
    return scan


def _nulls(series: Any) -> Any:
    """Return the mask of missing values, `None` if there are none."""
    codes = getattr(getattr(series, "cat", None), "codes", None)
    is_null = (codes.to_numpy() < 0) if codes is not None else series.isna().to_numpy()
    return is_null if is_null.any() else None


def _cells(series: Any, mask: Any, first_row: int) -> Cells:
    import numpy as np

    positions = np.flatnonzero(mask)
    shown = positions[:MAX_EXAMPLES]
    return Cells(len(positions), [(first_row + int(row), series.iloc[row]) for row in shown])


def distinct_values(series: Any, first_row: int = 0) -> tuple[dict[Hashable, Occurrences], list[Any]]:
    """Return the distinct values that are not missing, in the order of their first occurrence, and records among them."""
    import numpy as np
    import pandas as pd

    if isinstance(series.dtype, pd.CategoricalDtype):
        codes, categories = series.cat.codes.to_numpy(), series.cat.categories
    else:
        try:
            codes, categories = pd.factorize(series)
        except TypeError:  # cells that can't be hashed, such as lists
            return _distinct_of_any(series, first_row)
    n_categories = len(categories)
    if n_categories == 0:
        return {}, []
    counts = np.bincount(codes[codes >= 0], minlength=n_categories)
    first = np.full(n_categories + 1, -1, dtype=np.int64)
    # of assignments to the same place the last one stays, hence backwards; missing values have the code -1, the last place
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    used = np.flatnonzero(counts)
    used = used[np.argsort(first[used], kind="stable")]
    values = categories.take(used).tolist() if hasattr(categories, "take") else [categories[code] for code in used]
    rows = zip(values, counts[used].tolist(), first[used].tolist(), strict=True)
    if not any(hasattr(value, "_meta") for value in values):
        return {value: Occurrences(count, first_row + row) for value, count, row in rows if value != ""}, []
    return _distinct_of_any(series, first_row)


def _distinct_of_any(values: Any, first_row: int, rows: Any = None) -> tuple[dict[Hashable, Occurrences], list[Any]]:
    from lamindb.base.dtype_inference import is_null, unwrapped

    found: dict[Hashable, Occurrences] = {}
    records = []
    for position, item in enumerate(values):
        row = first_row + (position if rows is None else rows[position])
        if hasattr(item, "_meta"):
            records.append(item)
            continue
        value = unwrapped(item)
        if is_null(value) or (isinstance(value, str) and value == "") or type(value).__hash__ is None:
            continue
        known = found.get(value)
        if known is None:
            found[value] = Occurrences(1, row)
        else:
            known.count += 1
    return found, records


def _collect_items(scan: ColumnScan, series: Any, is_null: Any, first_row: int) -> None:
    """Note the distinct items of cells that hold lists."""
    import numpy as np
    import pandas as pd

    present = series if is_null is None else series[~is_null]
    rows = np.arange(len(series)) if is_null is None else np.flatnonzero(~is_null)
    cells = list(present)
    lists = [cell if is_sequence(cell) else [cell] for cell in cells]
    lengths = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
    items = [item for cell in lists for item in cell]
    item_rows = np.repeat(rows, lengths)
    kinds = set(map(type, items))
    if any(issubclass(kind, list | tuple | set | dict) or kind.__name__ == "ndarray" for kind in kinds):
        bad = [number for number, item in enumerate(items) if is_sequence(item) or isinstance(item, dict)]
        found = [(first_row + int(item_rows[number]), items[number]) for number in bad]
        scan.nested = Cells(len(found), found[:MAX_EXAMPLES])
        keep = [number for number in range(len(items)) if number not in set(bad)]
        items, item_rows = [items[number] for number in keep], item_rows[keep]
    if any(hasattr(kind, "_meta") for kind in kinds) or len(kinds) != 1:
        scan.distinct, scan.records = _distinct_of_any(items, first_row, item_rows)
        return
    codes, categories = pd.factorize(np.array(items, dtype=object))
    first = np.full(len(categories) + 1, -1, dtype=np.int64)
    first[codes[::-1]] = item_rows[::-1]
    counts = np.bincount(codes[codes >= 0], minlength=len(categories))
    scan.distinct = {
        value: Occurrences(int(counts[code]), first_row + int(first[code]))
        for code, value in enumerate(categories)
        if value != ""
    }


def is_sequence(value: Any) -> bool:
    """Tell whether a cell holds several values."""
    return isinstance(value, list | tuple | set | frozenset) or type(value).__name__ in (
        "ndarray", "SQLRecordList", "ArrowExtensionArray", "BasicQuerySet", "QuerySet", "Series",
    )  # fmt: skip
