"""Collections of AnnData for training: one virtual dataset over many files, read item by item or in shuffled batches."""

from __future__ import annotations

from lamindb_anndata.mapped.batches import BatchReader
from lamindb_anndata.mapped.collection import MappedCollection

__all__ = ["BatchReader", "MappedCollection"]
