"""The curator of SpatialData, and which tables its slots are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.curators.mappings import nested_value
from lamindb.errors import InvalidArgument
from lamindb_anndata.curator_base import DatasetCurator
from lamindb_anndata.curator_slots import Holder, ObjectHolder, SlotData, StoredHolder, put_back, slot_data, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Attributes of a stored SpatialData that are about the format.
_OF_FORMAT = "spatialdata_attrs"


class SpatialDataCurator(DatasetCurator):
    """Curates a SpatialData: its attributes, and the tables. Images, labels, points and shapes are not touched.

    Args:
        dataset: a `spatialdata.SpatialData`, a path of a zarr store, or an artifact of one. Of paths and stored artifacts only the columns are read that
            the schema is about.
        schema: schema with `otype="SpatialData"` and slots such as `attrs`, `attrs:key`, `tables:table:obs`, `tables:table:var.T`, `__external__`.
        features: values for the slot `__external__`.

    Raises:
        InvalidArgument: if the dataset is no SpatialData, the schema is one of something else, or a slot is missing in the dataset.
        ValueError: if the schema is not saved.

    Example:
        >>> artifact = ln.curators.SpatialDataCurator(sdata, schema).save_artifact(key="slide.zarr")  # doctest: +SKIP
    """

    otype = "SpatialData"
    _words = "SpatialData"

    def _open(self, path: Any) -> Any:
        from lamindb_anndata.stores import open_store

        return open_store(path)

    def _is_of_format(self, store: Any) -> bool:
        from lamindb_spatialdata.files import is_spatialdata

        return is_spatialdata(store.storage)

    def _slot_data(self, slot: str, *, transposed: bool) -> SlotData:
        if not self._is_stored:
            return _slot_of(self._dataset, slot, transposed=transposed)
        kind, name, rest = _split(slot)
        root = self._opened.storage
        if kind == "attrs":
            attributes = {key: value for key, value in root.attrs.items() if key != _OF_FORMAT}
            return SlotData(mapping=_attributes(attributes, slot, rest), is_stored=True)
        _check_table(name, _names_of_tables(root))
        return _data(StoredHolder(lambda: _tables(self._opened.storage)[name]), ":".join(rest), slot, name, transposed)

    def _mapping_to_write(self, slot: str) -> Any:
        kind, name, rest = _split(slot)
        if kind == "attrs":
            return target_of(self._dataset.attrs, rest, slot)
        return target_of(self._dataset.tables[name].uns, rest[1:], slot)

    def _give_back(self, slot: str, table: Any) -> None:
        set_table(self._dataset, slot, table)


def get_table(dataset: Any, slot: str) -> Any:
    """Return the table of a slot of a SpatialData in memory; a dictionary for attributes.

    Raises:
        InvalidArgument: if there is no such slot.
    """
    data = _slot_of(dataset, slot)
    return data.table.data if data.mapping is None else data.mapping


def set_table(dataset: Any, slot: str, table: Any) -> None:
    """Put a changed table back into a SpatialData in memory."""
    _, name, rest = _split(slot)
    put_back(dataset.tables[name], ":".join(rest), table)


def slots(dataset: Any) -> list[str]:
    """Return the slots of a SpatialData."""
    tables = [f"tables:{name}:{part}" for name in dataset.tables for part in ("obs", "var", "var.T")]
    return ["attrs", *(f"attrs:{key}" for key, value in dataset.attrs.items() if isinstance(value, dict)), *tables]


def _slot_of(dataset: Any, slot: str, *, transposed: bool = False) -> SlotData:
    kind, name, rest = _split(slot)
    if kind == "attrs":
        return SlotData(mapping=_attributes(dataset.attrs, slot, rest))
    _check_table(name, list(dataset.tables))
    return _data(ObjectHolder(dataset.tables[name]), ":".join(rest), slot, name, transposed)


def _split(slot: str) -> tuple[str, str, list[str]]:
    """Return whether a slot is of `attrs` or `tables`, the name of the table, and the rest."""
    first, *rest = slot.split(":")
    if first == "attrs":
        return "attrs", "", rest
    if first == "tables" and len(rest) >= 2:
        return "tables", rest[0], rest[1:]
    if first == "tables" or rest:
        raise InvalidArgument(
            f"Unrecognized slot format: {slot!r}. Slots of a SpatialData are 'attrs', 'attrs:key', 'tables:<table>:obs', 'tables:<table>:var' and "
            "'tables:<table>:var.T'"
        )
    return "attrs", "", [slot]  # how attributes were named at first


def _attributes(attributes: Mapping[str, Any], slot: str, keys: list[str]) -> dict[str, Any]:
    if not slot.startswith("attrs"):
        if slot not in attributes:
            raise InvalidArgument(
                f"Unrecognized slot format: {slot!r}. It is no attribute either, there are {', '.join(map(repr, attributes)) or 'none'}"
            )
        logger.warning("please prefix slot %s with 'attrs:' going forward", slot)
    return nested_value(attributes, slot, "attrs", keys)


def _tables(root: Any) -> Any:
    # before spatialdata 0.1 there was one table, in the group `table`
    return root["tables"] if "tables" in root else root.get("table", {})


def _names_of_tables(root: Any) -> list[str]:
    return list(_tables(root))


def _check_table(name: str, known: list[str]) -> None:
    if name not in known:
        raise InvalidArgument(
            f"Table '{name}' not found in sdata.tables. There are {', '.join(map(repr, known)) or 'none'}"
        )


def _data(holder: Holder, part: str, slot: str, table: str, transposed: bool) -> SlotData:
    try:
        return slot_data(holder, part, slot, transposed=transposed)
    except LookupError:
        raise InvalidArgument(
            f"Attribute '{part}' not found on table '{table}': there are 'obs', 'var' and 'var.T'"
        ) from None
