"""Adds columns to the tables of a zarr store in place."""

from __future__ import annotations

from typing import Any

from lamindb.base.logging import logger
from lamindb_anndata.frames import column_names
from lamindb_anndata.stores import BackedAccessor

_SLOTS = ("obs", "var")


def add_column(backed: BackedAccessor, where: str, name: str, column: Any, length: int) -> None:
    """Write a column, then name it in the order of the columns: a reader sees either no column or a whole one.

    Raises:
        ValueError: if the store can't be written, there is such a column, or it has another length than the table.
    """
    if where not in _SLOTS:
        raise ValueError(f"where={where!r}: columns are added to 'obs' or 'var'")
    if backed.closed:
        raise ValueError("The store is closed: open it again with artifact.open(mode='r+')")
    storage = backed.storage
    if not hasattr(storage, "store") or getattr(storage, "read_only", False):
        raise ValueError("You can use .add_column(...) only with zarr in a writable mode: artifact.open(mode='r+')")
    if len(column) != length:
        raise ValueError(f"The column {name!r} has {len(column)} values, but {where} has {length} entries")
    table = storage[where]
    order = column_names(table)
    if name in order or name == table.attrs.get("_index"):
        raise ValueError(f"{where} has a column {name!r} already: choose another name")
    from anndata.io import write_elem

    write_elem(table, name, column)
    table.attrs["column-order"] = [*order, name]


def consolidate(backed: BackedAccessor) -> None:
    """Write the metadata of the whole store at one place again, where it was: at the group that was changed, and at the root that it belongs to."""
    import zarr

    storage = backed.storage
    for path in dict.fromkeys((storage.path, "")):
        try:
            group = zarr.open_group(storage.store, mode="r", path=path or None)
        except FileNotFoundError:
            continue  # the store begins at the group
        if group.metadata.consolidated_metadata is not None:
            zarr.consolidate_metadata(storage.store, path=path or None, zarr_format=storage.metadata.zarr_format)


def remind_to_close() -> None:
    """Say that changes become a version of the artifact when the store is closed."""
    logger.important("columns were added: call .close(), which makes a new version of the artifact")
