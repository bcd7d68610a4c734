"""One AnnData of a mapped collection: which rows of which elements it gives, with handles that every process opens for itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lamindb_anndata.elements import encoding_of, gather_index, has, is_group, shape_of
from lamindb_anndata.frames import column_names, index_length, read_column, read_index
from lamindb_anndata.mapped.arrays import (
    ChunkCache,
    ChunkedArray,
    LibraryArray,
    StretchReader,
    read_stretches,
    stretch_reader,
)
from lamindb_anndata.stores import AnyPath, BackedAccessor, open_hdf5, open_store

#: Stored entries between two wanted rows that are read along rather than starting another read.
_GAP = 2048


@dataclass(frozen=True)
class Facts:
    """What is known of a matrix.

    Attributes:
        width: length of a row.
        dtype: type of the values.
        is_sparse: whether it is stored as a sparse matrix.
    """

    width: int
    dtype: Any
    is_sparse: bool


class MappedStore:
    """Rows of one stored AnnData.

    Args:
        path: local or remote path of an h5ad file or zarr store.
        cache: where decoded chunks are kept.

    Handles are opened when they are needed, once per process: a store can be pickled, and forked.
    """

    def __init__(self, path: AnyPath, cache: ChunkCache) -> None:
        self.path, self._cache = path, cache
        self._backed: BackedAccessor | None = None
        self._process = -1
        self._readers: dict[str, Any] = {}
        self._facts: dict[str, Facts | None] = {}
        self.n_obs = index_length(self.root["obs"])
        self.n_vars = index_length(self.root["var"])

    @property
    def backed(self) -> BackedAccessor:
        """The store as it is open in this process."""
        if self._backed is None or self._process != os.getpid():
            # a compressed file is not unpacked: mapping it would decode it from its start for every item
            is_packed = str(self.path).endswith(".gz")
            self._backed = open_hdf5(self.path, compression=None) if is_packed else open_store(self.path)
            self._process = os.getpid()
        return self._backed

    @property
    def root(self) -> Any:
        return self.backed.storage

    def close(self) -> None:
        """Close what this process opened."""
        if self._backed is not None and self._process == os.getpid():
            self._backed.close()
        self._backed = None
        self._readers.clear()

    def __getstate__(self) -> dict[str, Any]:
        # readers hold references to this store and, once used, decoded chunks: a new process makes its own
        return {**self.__dict__, "_backed": None, "_process": -1, "_readers": {}}

    @cached_property
    def var_names(self) -> Any:
        """Names of the variables."""
        return read_index(self.root["var"])

    def element(self, name: str) -> Any:
        """Return an element by what users call it: `X`, `raw.X`, a layer, or `obsm/<key>`; `None` if it isn't there."""
        root = self.root
        if name == "X":
            return root["X"] if has(root, "X") else None
        if name == "raw.X":
            return root["raw"]["X"] if has(root, "raw") else root.get("raw.X")
        slot, _, key = name.partition("/") if name.startswith("obsm/") else ("layers", "", name)
        if not has(root, slot) or not is_group(root[slot]) or key not in root[slot]:
            return None
        return root[slot][key]

    def facts(self, name: str) -> Facts | None:
        """Return what is known of an element without reading it, `None` if the store doesn't have it; looked up once."""
        if name not in self._facts:
            element = self.element(name)
            self._facts[name] = None if element is None else _facts_of(element)
        return self._facts[name]

    def check_readable(self, name: str) -> None:
        """Refuse elements that can't be read row by row.

        Raises:
            ValueError: if a matrix is stored by columns.
        """
        element = self.element(name)
        if element is not None and encoding_of(element) == "csc_matrix":
            shown = name.replace("/", " ")
            raise ValueError(
                f"{shown} in {self.path} is a csc matrix, `MappedCollection` doesn't support this format yet. "
                "Store it by rows: adata.X = adata.X.tocsr()"
            )

    def rows(self, name: str, rows: Any) -> tuple[Any, Any, Any] | Any:
        """Read rows of an element.

        Args:
            name: as for `element`.
            rows: ascending positions, without repeats.

        Returns:
            `(data, indices, offsets)` of a sparse matrix, or a two-dimensional array.
        """
        reader = self._reader(name)
        if isinstance(reader, _SparseReader):
            return reader.rows(rows)
        return _dense_rows(reader, rows)

    def _reader(self, name: str) -> Any:
        reader = self._readers.get(name)
        if reader is not None:
            return reader
        element = self.element(name)
        if is_group(element) and encoding_of(element) == "dataframe":
            reader = _FrameReader(element)
        elif is_group(element):
            reader = _SparseReader(
                np.asarray(element["indptr"][:]),
                *(self._array(element[part], name, part) for part in ("data", "indices")),
            )
        else:
            reader = self._array(element, name)
        self._readers[name] = reader
        return reader

    def _array(self, array: Any, *names: str) -> StretchReader:
        def get() -> Any:
            found = self.element(names[0])
            return found[names[1]] if len(names) > 1 else found

        return stretch_reader(array, get, self.path, (str(self.path), *names), self._cache)

    def has_column(self, key: str) -> bool:
        """Tell whether `obs` has a column."""
        return key in column_names(self.root["obs"])

    def column(self, key: str) -> Any:
        """Read a column of `obs`: categories, texts, numbers, nullable values."""
        from lamindb_anndata.old_files import is_old, with_categories

        obs = self.root["obs"]
        if is_old(self.root):
            from lamindb_anndata.frames import read_frame

            return with_categories(read_frame(obs, columns=[key]), self.root)[key].array
        return read_column(obs, key)


def _facts_of(element: Any) -> Facts:
    if is_group(element) and encoding_of(element) == "dataframe":
        values = _FrameReader(element)
        return Facts(values.shape[1], values.dtype, False)
    shape = shape_of(element)
    values = element["data"] if is_group(element) else element
    return Facts(shape[1] if len(shape) > 1 else 1, np.dtype(values.dtype), is_group(element))


class _SparseReader:
    """Reads rows of a matrix that is stored by rows; the offsets of all rows are kept in memory."""

    def __init__(self, indptr: Any, data: StretchReader, indices: StretchReader) -> None:
        self.indptr, self.data, self.indices = indptr, data, indices
        #: A read through a library costs as much as thousands of entries that are read along.
        self._gap = _GAP if isinstance(data, LibraryArray) else 256

    def rows(self, rows: Any) -> tuple[Any, Any, Any]:
        if len(rows) == 1:
            row = int(rows[0])
            low, high = int(self.indptr[row]), int(self.indptr[row + 1])
            return self.data.read(low, high), self.indices.read(low, high), np.array([0, high - low])
        starts, stops = self.indptr[rows], self.indptr[rows + 1]
        sizes = stops - starts
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        if isinstance(self.data, ChunkedArray) and isinstance(self.indices, ChunkedArray):
            breaks = np.flatnonzero(starts[1:] > stops[:-1]) + 1
            firsts, lasts = starts[np.concatenate([[0], breaks])], stops[np.concatenate([breaks - 1, [-1]])]
            some_data, some_indices = read_stretches([self.data, self.indices], firsts.tolist(), lasts.tolist())
            return some_data, some_indices, offsets
        breaks = np.flatnonzero(starts[1:] - stops[:-1] > self._gap) + 1
        data, indices = [], []
        for first, last in zip([0, *breaks.tolist()], [*breaks.tolist(), len(rows)], strict=True):
            low, high = int(starts[first]), int(stops[last - 1])
            some_data, some_indices = self.data.read(low, high), self.indices.read(low, high)
            if int(offsets[last] - offsets[first]) < high - low:
                gather = gather_index(starts[first:last] - low, sizes[first:last])
                some_data, some_indices = some_data[gather], some_indices[gather]
            data.append(some_data)
            indices.append(some_indices)
        if len(data) == 1:
            return data[0], indices[0], offsets
        return np.concatenate(data), np.concatenate(indices), offsets


class _FrameReader:
    """Rows of a table of numbers in `obsm`, which is read once."""

    def __init__(self, element: Any) -> None:
        from lamindb_anndata.frames import read_frame

        self._values = read_frame(element).to_numpy()
        self.shape, self.dtype = self._values.shape, self._values.dtype

    def read(self, start: int, stop: int) -> Any:
        return self._values[start:stop]


def _dense_rows(reader: StretchReader, rows: Any) -> Any:
    if len(rows) == 1:
        return reader.read(int(rows[0]), int(rows[0]) + 1)
    if isinstance(reader, ChunkedArray):
        breaks = np.flatnonzero(np.diff(rows) > 1) + 1
        firsts, lasts = rows[np.concatenate([[0], breaks])], rows[np.concatenate([breaks - 1, [-1]])] + 1
        return read_stretches([reader], firsts.tolist(), lasts.tolist())[0]
    breaks = np.flatnonzero(np.diff(rows) > 16) + 1
    parts = []
    for some in np.split(rows, breaks):
        block = reader.read(int(some[0]), int(some[-1]) + 1)
        parts.append(block if len(block) == len(some) else block[some - some[0]])
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
