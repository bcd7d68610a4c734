"""The curator of AnnData, and which tables its slots are."""

from __future__ import annotations

from typing import Any

from lamindb_anndata.curator_base import DatasetCurator
from lamindb_anndata.curator_slots import ObjectHolder, SlotData, StoredHolder, put_back, slot_data, target_of


class AnnDataCurator(DatasetCurator):
    """Curates an AnnData: `obs`, `var`, the names of `var`, and dictionaries in `uns`. `X` is never loaded.

    Args:
        dataset: an `anndata.AnnData`, a path of an h5ad file or zarr store, or an artifact of one. Of paths and stored artifacts only the columns are
            read that the schema is about.
        schema: schema with `otype="AnnData"` and the slots `obs`, `var`, `var.T`, `uns`, `uns:key`, `__external__`.
        features: values for the slot `__external__`.

    Raises:
        InvalidArgument: if the dataset is no AnnData, the schema is one of something else, or a slot is missing in the dataset.
        ValueError: if the schema is not saved, or has a slot that AnnData doesn't have.

    Example:
        >>> curator = ln.curators.AnnDataCurator(adata, schema)  # doctest: +SKIP
        >>> curator.validate()  # doctest: +SKIP
        >>> artifact = curator.save_artifact(key="cells.h5ad")  # doctest: +SKIP
    """

    otype = "AnnData"

    _words = "AnnData"

    def _open(self, path: Any) -> Any:
        from lamindb_anndata.stores import open_store

        return open_store(path)

    def _is_of_format(self, store: Any) -> bool:
        from lamindb_anndata.stores import is_anndata

        return is_anndata(store.storage)

    def _slot_data(self, slot: str, *, transposed: bool) -> SlotData:
        holder = StoredHolder(lambda: self._opened.storage) if self._is_stored else ObjectHolder(self._dataset)
        return _slot_of(holder, slot, transposed=transposed)

    def _mapping_to_write(self, slot: str) -> Any:
        return target_of(self._dataset.uns, slot.split(":")[1:], slot)

    def _give_back(self, slot: str, table: Any) -> None:
        put_back(self._dataset, slot, table)


def get_table(dataset: Any, slot: str) -> Any:
    """Return the table of a slot of an AnnData in memory; a dictionary for `uns`.

    Raises:
        ValueError: for an unknown slot.
    """
    data = _slot_of(ObjectHolder(dataset), slot)
    return data.table.data if data.mapping is None else data.mapping


def set_table(dataset: Any, slot: str, table: Any) -> None:
    """Put a changed table back into an AnnData in memory."""
    put_back(dataset, slot, table)


def slots(dataset: Any) -> list[str]:
    """Return the slots of an AnnData."""
    return [
        "obs",
        "var",
        "var.T",
        "uns",
        *(f"uns:{key}" for key, value in dataset.uns.items() if isinstance(value, dict)),
    ]


def _slot_of(holder: Any, slot: str, *, transposed: bool = False) -> SlotData:
    try:
        return slot_data(holder, slot, slot, transposed=transposed)
    except LookupError:
        raise ValueError(
            f"AnnDataCurator currently only supports the slots 'var', 'var.T', 'obs', and 'uns', not {slot}"
        ) from None
