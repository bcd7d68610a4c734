"""What `obs`, `var`, `var.T` and `uns` are, in objects in memory and in stores; MuData and SpatialData have them, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lamindb.curators.mappings import nested_value
from lamindb.errors import InvalidArgument
from lamindb_anndata.curator_tables import (
    NamesTable,
    ObjectTable,
    StoredMappingTable,
    StoredNamesTable,
    StoredTable,
)


@dataclass(frozen=True)
class SlotData:
    """What a slot is.

    Attributes:
        table: the table; `None` for a dictionary.
        mapping: the dictionary.
        is_stored: whether it is in a store, which doesn't change.
    """

    table: Any = None
    mapping: dict[str, Any] | None = None
    is_stored: bool = False


class Holder(Protocol):
    """Something with tables and unstructured annotations."""

    def axis(self, name: str) -> Any:
        """Return the table `obs` or `var`."""

    def names(self, name: str) -> Any:
        """Return the names of an axis as columns."""

    def mapping(self, slot: str, keys: list[str]) -> SlotData:
        """Return `uns`, or a dictionary in it."""


class ObjectHolder:
    """An AnnData or MuData in memory."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def axis(self, name: str) -> Any:
        import pandas as pd

        frame = getattr(self.data, name)
        # the table of a view changes the whole object when it is written to, hence it is written back only if it was changed
        return ObjectTable(pd.DataFrame(frame) if getattr(self.data, "is_view", False) else frame)

    def names(self, name: str) -> Any:
        def rename(names: list[Any]) -> None:
            setattr(self.data, f"{name}_names", names)
            table.frame = getattr(self.data, name)

        table = NamesTable(getattr(self.data, name), rename)
        return table

    def mapping(self, slot: str, keys: list[str]) -> SlotData:
        return SlotData(mapping=nested_value(self.data.uns, slot, "uns", keys))


class StoredHolder:
    """An AnnData or MuData in an open HDF5 file or zarr group.

    Args:
        root: returns the group; called whenever something is read, since the store may have been closed meanwhile.
    """

    def __init__(self, root: Callable[[], Any]) -> None:
        self._root = root

    def axis(self, name: str) -> Any:
        from lamindb_anndata.frames import read_frame
        from lamindb_anndata.old_files import is_old, with_categories

        root = self._root()
        if is_old(root):  # such files are small, and their categories are elsewhere
            frame = with_categories(read_frame(root[name]), root)
            return StoredMappingTable(frame)
        return StoredTable(lambda: self._root()[name])

    def names(self, name: str) -> Any:
        from lamindb_anndata.frames import column_names, read_frame, read_index

        element = self._root()[name]
        names = read_index(element).tolist()
        return StoredNamesTable(lambda: read_frame(self._root()[name]), names, column_names(element))

    def mapping(self, slot: str, keys: list[str]) -> SlotData:
        from lamindb_anndata.elements import has

        root = self._root()
        uns = StoredMapping(root["uns"]) if has(root, "uns") else {}
        return SlotData(mapping=_read_values(nested_value(uns, slot, "uns", keys)), is_stored=True)


class StoredMapping(Mapping[str, Any]):
    """A stored dictionary: an entry is read when it is asked for; pictures and other large arrays stay where they are."""

    def __init__(self, group: Any) -> None:
        self._group = group

    def __getitem__(self, key: str) -> Any:
        from lamindb_anndata.elements import encoding_of, is_group, read_element

        element = self._group[key]
        if is_group(element) and encoding_of(element) in ("dict", "anndata", "raw"):
            return StoredMapping(element)
        if is_group(element) or len(element.shape) > 1:
            return element
        return read_element(element)

    def __iter__(self) -> Any:
        return iter(self._group)

    def __len__(self) -> int:
        return len(self._group)

    def __contains__(self, key: object) -> bool:
        return key in self._group


def _read_values(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _read_values(value) if isinstance(value, StoredMapping) else value for key, value in mapping.items()}


def slot_data(holder: Holder, part: str, slot: str, *, transposed: bool = False) -> SlotData:
    """Return what a slot of an AnnData, or of a modality or table, is.

    Args:
        holder: the data.
        part: the slot as within one AnnData: `obs`, `var`, `var.T`, `uns`, `uns:key`.
        slot: the slot of the schema, for messages.
        transposed: take the names of the axis as columns also without `.T`.

    Raises:
        InvalidArgument: if a key of a dictionary is missing.
        LookupError: if there is no such slot.
    """
    first, *keys = part.split(":")
    if first == "uns":
        return holder.mapping(slot, keys)
    if keys or first not in ("obs", "var", "var.T"):
        raise LookupError(part)
    is_stored = isinstance(holder, StoredHolder)
    if first.endswith(".T") or transposed:
        return SlotData(holder.names(first.removesuffix(".T")), is_stored=is_stored)
    return SlotData(holder.axis(first), is_stored=is_stored)


def put_back(data: Any, part: str, table: Any) -> None:
    """Give a changed table back to an AnnData or MuData in memory; columns of objects that are no views were changed in place."""
    if part in ("obs", "var") and getattr(data, "is_view", False):
        setattr(data, part, table)


def target_of(mapping: Any, keys: list[str], slot: str) -> Any:
    """Return the dictionary itself that nested keys name, to write to it.

    Raises:
        InvalidArgument: if it isn't there any more.
    """
    for key in keys:
        if key not in mapping:
            raise InvalidArgument(f"The slot {slot!r} names {key!r}, which was removed meanwhile")
        mapping = mapping[key]
    return mapping
