"""Which tables the slots of a table are, and tables that stay in files while they are validated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb_dataframe.curator_scan import FileParts, scan_part, with_files_missing
from lamindb_dataframe.files import table_files
from lamindb_dataframe.opening import arrow_dataset

#: Encodings that are read in parts, with the types that the files declare.
_IN_PARTS = ("parquet", "feather")


def get_table(dataset: Any, slot: str) -> Any:
    """Return the table of a slot.

    Args:
        dataset: a table in memory, or a path of table files.
        slot: `"columns"` for the table itself, `"attrs"` and `"attrs:key"` for its attributes.

    Returns:
        The table; a dictionary for attributes; for parquet and Arrow files a `FileTable`.

    Raises:
        ValueError: for an unknown slot.
    """
    from lamindb.curators.mappings import nested_value, split_slot

    first, keys = split_slot(slot)
    if first == "attrs":
        return nested_value(getattr(dataset, "attrs", {}), slot, "attrs", keys)
    if slot != "columns":
        raise ValueError(f"Slot {slot!r} is not supported for tables: there are 'columns', 'attrs' and 'attrs:key'")
    if not isinstance(dataset, Path):
        return dataset
    if table_files(dataset).encoding.name in _IN_PARTS:
        return FileTable(dataset)
    from lamindb_dataframe.loading import load

    return load(dataset)


class FileTable:
    """A table in files: validated in parts, so that it need not fit into memory.

    Args:
        path: a file, or a folder of files.
    """

    def __init__(self, path: Path) -> None:
        self.data = path
        self._files = table_files(path)
        self._parts = FileParts.of(self._files)

    @property
    def n_rows(self) -> int:
        """Number of rows, from the metadata of the files."""
        return self._parts.n_rows

    @property
    def column_names(self) -> list[str]:
        """Names of the columns of all files, without those that hold an index."""
        return list(self._parts.column_names)

    def series(self, name: str) -> Any:
        """Return a column as a `pandas.Series`; it is read as a whole."""
        from lamindb.curators.frames import arrow_series

        return arrow_series(arrow_dataset(self._files).to_table(columns=[name]).column(name), name)

    def index(self) -> Any:
        """Return the index as a `pandas.Series`."""
        import pandas as pd

        from lamindb_dataframe.loading import load

        index = load(self.data, columns=[]).index
        return pd.Series(index, name=index.name)

    def replace(self, name: str, series: Any) -> None:
        """Refuse: files are not changed."""
        raise RuntimeError(f"Column {name!r} is in files, which are not changed: load the table and curate the object")

    def scan(self, plan: Any, client: Any = None) -> Any:
        """Look at the columns that are in the plan, part by part.

        Args:
            plan: `lamindb.curators.plan.TablePlan`.
            client: `dask.distributed.Client`; without one the parts are read one after the other by this process.

        Returns:
            `lamindb.curators.scan.TableScan`.
        """
        from lamindb.curators.scan import TableScan

        parts = self._parts.tasks(plan)
        found = TableScan(0, self.column_names)
        if client is None:
            for part in parts:
                found.extend(scan_part(part))
        else:
            for future in client.map(scan_part, parts, pure=False):
                found.extend(future.result())
                future.release()
        found.n_rows = self.n_rows
        return with_files_missing(found, self._parts, plan)
