"""The curator of MuData, and which tables its slots are."""

from __future__ import annotations

from typing import Any

from lamindb.errors import InvalidArgument
from lamindb_anndata.curator_base import DatasetCurator
from lamindb_anndata.curator_slots import Holder, ObjectHolder, SlotData, StoredHolder, put_back, slot_data, target_of

_ATTRIBUTES = ("obs", "var", "var.T", "uns")


class MuDataCurator(DatasetCurator):
    """Curates a MuData: tables and dictionaries of the whole, and of its modalities.

    Args:
        dataset: a `mudata.MuData`, a path of an h5mu file or zarr store, or an artifact of one. Of paths and stored artifacts only the columns are read
            that the schema is about.
        schema: schema with `otype="MuData"` and slots such as `obs`, `rna:obs`, `rna:var.T`, `uns:key`, `rna:uns:key`, `__external__`.
        features: values for the slot `__external__`.

    Raises:
        InvalidArgument: if the dataset is no MuData, the schema is one of something else, or a slot is missing in the dataset.
        ValueError: if the schema is not saved.

    Example:
        >>> artifact = ln.curators.MuDataCurator(mdata, schema).save_artifact(key="citeseq.h5mu")  # doctest: +SKIP
    """

    otype = "MuData"
    _words = "MuData"

    def _open(self, path: Any) -> Any:
        from lamindb_mudata.files import open_mudata

        return open_mudata(path)

    def _is_of_format(self, store: Any) -> bool:
        from lamindb_mudata.files import is_mudata

        return is_mudata(store.storage)

    def _slot_data(self, slot: str, *, transposed: bool) -> SlotData:
        if not self._is_stored:
            return _slot_of(self._dataset, slot, transposed=transposed)
        modality, part = _split(slot)
        if modality is None:
            return _data(StoredHolder(lambda: self._opened.storage), part, slot, modality, transposed)
        _check_modality(modality, list(self._opened.storage["mod"]))
        return _data(StoredHolder(lambda: self._opened.storage["mod"][modality]), part, slot, modality, transposed)

    def _mapping_to_write(self, slot: str) -> Any:
        modality, part = _split(slot)
        holder = self._dataset if modality is None else self._dataset[modality]
        return target_of(holder.uns, part.split(":")[1:], slot)

    def _give_back(self, slot: str, table: Any) -> None:
        set_table(self._dataset, slot, table)


def get_table(dataset: Any, slot: str) -> Any:
    """Return the table of a slot of a MuData in memory; a dictionary for `uns`.

    Raises:
        InvalidArgument: if there is no such slot.
    """
    data = _slot_of(dataset, slot)
    return data.table.data if data.mapping is None else data.mapping


def set_table(dataset: Any, slot: str, table: Any) -> None:
    """Put a changed table back into a MuData in memory."""
    modality, part = _split(slot)
    put_back(dataset if modality is None else dataset[modality], part, table)


def slots(dataset: Any) -> list[str]:
    """Return the slots of a MuData."""
    return [*_ATTRIBUTES, *(f"{modality}:{part}" for modality in dataset.mod for part in _ATTRIBUTES)]


def _slot_of(dataset: Any, slot: str, *, transposed: bool = False) -> SlotData:
    modality, part = _split(slot)
    if modality is not None:
        _check_modality(modality, list(dataset.mod))
    holder = ObjectHolder(dataset if modality is None else dataset[modality])
    return _data(holder, part, slot, modality, transposed)


def _split(slot: str) -> tuple[str | None, str]:
    """Return the modality of a slot, `None` for the whole, and the slot within it."""
    first, _, rest = slot.partition(":")
    if first in _ATTRIBUTES or not rest:
        return None, slot
    return first, rest


def _check_modality(modality: str, known: list[str]) -> None:
    if modality not in known:
        raise InvalidArgument(
            f"Modality '{modality}' not found in MuData. It has {', '.join(map(repr, known)) or 'none'}"
        )


def _data(holder: Holder, part: str, slot: str, modality: str | None, transposed: bool) -> SlotData:
    try:
        return slot_data(holder, part, slot, transposed=transposed)
    except LookupError:
        where = f"modality '{modality}'" if modality is not None else "MuData"
        raise InvalidArgument(
            f"Attribute '{part}' not found on {where}: slots are {', '.join(map(repr, _ATTRIBUTES))} and 'uns:key', with or without the name of "
            "a modality before them, such as 'rna:obs'"
        ) from None
