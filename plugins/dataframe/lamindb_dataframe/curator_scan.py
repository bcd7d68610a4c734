"""Scans parts of table files: what a worker reads is bounded by a batch, what it returns by the number of distinct values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lamindb_dataframe.files import TableFiles
from lamindb_dataframe.opening import arrow_dataset

#: Rows that are in memory at a time.
_BATCH_ROWS = 131_072
#: Rows of a part that one worker reads.
_PART_ROWS = 5_000_000


@dataclass(frozen=True)
class PartOfFile:
    """What one worker reads: some row groups of a file (all, if there are none)."""

    path: str
    row_groups: tuple[int, ...] | None
    first_row: int
    plan: Any


@dataclass
class _File:
    """One file: its columns, and the rows of each row group (`None` for formats without)."""

    path: str
    schema: Any
    n_rows: int
    group_rows: tuple[int, ...] | None


@dataclass
class FileParts:
    """The files of a table, with the first row of each."""

    files: list[_File]

    @classmethod
    def of(cls, tables: TableFiles) -> FileParts:
        """Read the metadata of files."""
        files = []
        for fragment in arrow_dataset(tables).get_fragments():
            groups = None
            if hasattr(fragment, "row_groups"):
                groups = tuple(group.num_rows for group in fragment.row_groups)
            n_rows = sum(groups) if groups is not None else fragment.count_rows()
            files.append(_File(fragment.path, fragment.physical_schema, n_rows, groups))
        return cls(files)

    @property
    def n_rows(self) -> int:
        """Number of rows of all files."""
        return sum(file.n_rows for file in self.files)

    @property
    def column_names(self) -> list[str]:
        """Names of the columns of all files, without those that hold an index; repeated names of a file stay repeated."""
        names: list[str] = []
        for file in self.files:
            index = set(_index_columns(file.schema))
            present = set(names)
            own = [name for name in file.schema.names if name not in index]
            names += own if not names else [name for name in own if name not in present]
        return names

    def tasks(self, plan: Any) -> list[PartOfFile]:
        """Divide the files into parts of a bounded number of rows."""
        tasks, first_row = [], 0
        for file in self.files:
            for groups in _grouped(file.group_rows):
                rows = sum(file.group_rows[group] for group in groups) if groups and file.group_rows else file.n_rows
                tasks.append(PartOfFile(file.path, groups, first_row, plan))
                first_row += rows
        return tasks


def _grouped(rows: tuple[int, ...] | None) -> list[tuple[int, ...] | None]:
    if rows is None or sum(rows) <= _PART_ROWS:
        return [None]
    parts: list[tuple[int, ...] | None] = []
    current: list[int] = []
    count = 0
    for group, number in enumerate(rows):
        if current and count + number > _PART_ROWS:
            parts.append(tuple(current))
            current, count = [], 0
        current.append(group)
        count += number
    return [*parts, tuple(current)]


def scan_part(part: PartOfFile) -> Any:
    """Look at the planned columns of a part, batch by batch.

    Columns whose type decides, and that may have missing values, are not read at all.
    """
    import pyarrow.dataset as ds

    from lamindb.curators.frames import arrow_series
    from lamindb.curators.scan import ColumnScan, TableScan, scan_series

    plan = part.plan
    fragment = _fragment(part.path, None)
    schema = fragment.physical_schema
    index_columns = _index_columns(schema)
    names = [name for name in schema.names if name not in index_columns]
    found = TableScan(0, names)
    to_read, misfits = [], {}
    for column in plan.columns:
        if column.name not in names:
            continue
        field = schema.field(names.index(column.name) if names.count(column.name) > 1 else column.name)
        misfit = _misfit_of_type(field.type, column)
        misfits[column.name] = misfit
        if misfit is not None or not column.nullable or _has_to_be_read(field.type, column):
            to_read.append(column)
        else:
            found.columns[column.name] = ColumnScan(0, dtype=str(field.type))
    index = plan.index if plan.index is not None and index_columns else None
    dictionaries = [
        column.name for column in to_read if column.kind == "cat" and _is_text(schema.field(column.name).type)
    ]
    if dictionaries and part.path.endswith(".parquet"):
        fragment = _fragment(part.path, ds.ParquetFileFormat(dictionary_columns=dictionaries))
    if part.row_groups is not None:
        fragment = fragment.subset(row_group_ids=list(part.row_groups))
    columns = [column.name for column in to_read] + ([index_columns[0]] if index is not None else [])
    if not columns:
        return found
    row = part.first_row
    batches = fragment.to_batches(
        columns=columns, batch_size=_BATCH_ROWS, batch_readahead=2, fragment_readahead=1, use_threads=True
    )
    for batch in batches:
        one = TableScan(batch.num_rows, names)
        for column in to_read:
            array = batch.column(columns.index(column.name))
            one.columns[column.name] = scan_series(arrow_series(array, column.name), _relaxed(column), row)
        if index is not None:
            one.index = scan_series(arrow_series(batch.column(len(to_read)), index.name), index, row)
        found.extend(one)
        row += batch.num_rows
    for column in to_read:
        scan = found.columns.setdefault(column.name, ColumnScan(0))
        misfit = misfits[column.name]
        if column.kind == "cat" or column.coerce:
            scan.misfit = (
                _with_note(misfit, column) if misfit is not None and scan.n_rows > scan.nulls.count else scan.misfit
            )
    return found


def with_files_missing(found: Any, parts: FileParts, plan: Any) -> Any:
    """Count the cells of columns that only some files have as missing, and note the files that lack them."""
    from lamindb.curators.scan import Cells

    first_row = 0
    for file in parts.files:
        present = set(file.schema.names)
        for column in plan.columns:
            scan = found.columns.get(column.name)
            if scan is not None and column.name not in present:
                scan.nulls.extend(Cells(file.n_rows, [(first_row, None)]))
                if column.required:
                    found.missing_in.setdefault(column.name, []).append(file.path)
        first_row += file.n_rows
    return found


def _fragment(path: str, file_format: Any) -> Any:
    import pyarrow.dataset as ds

    suffix = "parquet" if path.endswith(".parquet") else "feather"
    return next(iter(ds.dataset(path, format=file_format or suffix).get_fragments()))


def _index_columns(schema: Any) -> list[str]:
    described = schema.pandas_metadata or {}
    return [name for name in described.get("index_columns", ()) if isinstance(name, str)]


def _misfit_of_type(kind: Any, column: Any) -> Any:
    """Compare the type that a file declares with the one that is asked for, without reading values."""
    import pandas as pd
    import pyarrow as pa

    from lamindb.curators.cell_types import Misfit, find_misfit
    from lamindb.curators.frames import arrow_series

    if pa.types.is_null(kind) or (pa.types.is_nested(kind) and (column.is_list or column.kind == "dict")):
        return None  # the values decide
    if column.kind == "cat" and not column.is_list:
        if pa.types.is_dictionary(kind):
            return None
        return (
            None if _is_text(kind) and (column.coerce or column.texts_are_categories) else Misfit("category", str(kind))
        )
    if pa.types.is_date(kind):
        return None if column.kind == "date" and not column.is_list else Misfit(column.dtype, str(kind))
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    probe = arrow_series(pa.nulls(1, kind), column.name)
    if pa.types.is_nested(kind):
        probe = pd.Series([{}], dtype=object)
    return find_misfit(probe, None, column)[0]


def _has_to_be_read(kind: Any, column: Any) -> bool:
    import pyarrow as pa

    return column.is_categorical or column.is_list or pa.types.is_nested(kind) or pa.types.is_null(kind)


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _relaxed(column: Any) -> Any:
    """Texts are read as categories: whether they may be was decided by the declared type."""
    return replace(column, texts_are_categories=True) if column.kind == "cat" else column


def _with_note(misfit: Any, column: Any) -> Any:
    if not column.coerce or misfit is None:
        return misfit
    return replace(
        misfit,
        note="files are validated as they are: load the table, curate the object, and save it, so that it is converted",
    )
