"""Reads stretches of stored arrays quickly and again and again: through a memory map where the bytes lie bare in the file.

HDF5 files that nobody compressed hold their values as they are in memory, in one piece or in chunks. Mapping the file and looking up where a chunk
starts costs a microsecond where a read through the library costs a hundred, is safe in forked and spawned workers, and needs no open handle.
Everything else is read through its library; chunks of zarr are decoded once and kept while there is room.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any, Protocol

import numpy as np

#: Bytes of decoded chunks that one array keeps.
_CACHE_BYTES = 64 << 20


class StretchReader(Protocol):
    """Reads `[start:stop]` of the first axis of an array."""

    shape: tuple[int, ...]
    dtype: Any

    def read(self, start: int, stop: int) -> Any:
        """Return the values, which must not be changed."""


class BareArray:
    """An array whose bytes lie uncompressed in a local file, in one piece."""

    def __init__(self, path: str, dtype: Any, shape: tuple[int, ...], offset: int) -> None:
        self.path, self.dtype, self.shape, self.offset = path, dtype, shape, offset
        self._values: Any = None

    def read(self, start: int, stop: int) -> Any:
        if self._values is None:
            self._values = np.ndarray(self.shape, self.dtype, buffer=_mapped(self.path), offset=self.offset)
        return self._values[start:stop]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_values": None}


class BareChunks:
    """A one-dimensional array whose chunks lie uncompressed in a local file."""

    def __init__(self, path: str, dtype: Any, shape: tuple[int, ...], chunk_length: int, offsets: Any) -> None:
        self.path, self.dtype, self.shape = path, dtype, shape
        self.chunk_length, self.offsets = chunk_length, offsets
        self._bytes: Any = None

    def read(self, start: int, stop: int) -> Any:
        if self._bytes is None:
            self._bytes = _mapped(self.path)
        length = self.chunk_length
        first, last = start // length, max(start, stop - 1) // length
        if first == last:
            return self._part(first, start - first * length, stop - first * length)
        parts = [
            self._part(chunk, max(start - chunk * length, 0), min(stop - chunk * length, length))
            for chunk in range(first, last + 1)
        ]
        return np.concatenate(parts)

    def _part(self, chunk: int, low: int, high: int) -> Any:
        if high <= low:
            return np.empty(0, self.dtype)
        offset = int(self.offsets[chunk]) + low * self.dtype.itemsize
        return np.frombuffer(self._bytes, self.dtype, count=high - low, offset=offset)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_bytes": None}


class LibraryArray:
    """An array that is read through h5py; the open array is asked for at each read, so that it can be reopened."""

    def __init__(self, get: Any, dtype: Any, shape: tuple[int, ...]) -> None:
        self._get, self.dtype, self.shape = get, dtype, shape

    def read(self, start: int, stop: int) -> Any:
        return self._get()[start:stop]


class ChunkCachedArray:
    """An array of zarr, read by whole chunks of the first axis, of which the last used are kept."""

    def __init__(
        self, get: Any, dtype: Any, shape: tuple[int, ...], chunk_length: int, room: int = _CACHE_BYTES
    ) -> None:
        self._get, self.dtype, self.shape, self.chunk_length, self._room = get, dtype, shape, chunk_length, room
        self._chunks: OrderedDict[int, Any] = OrderedDict()
        self._held = 0

    def read(self, start: int, stop: int) -> Any:
        if stop <= start:
            return np.empty((0, *self.shape[1:]), self.dtype)
        length = self.chunk_length
        first, last = start // length, (stop - 1) // length
        if last - first > 8:  # a long stretch is read at once, in parallel by zarr itself
            return self._get()[start:stop]
        self._fetch(range(first, last + 1))
        if first == last:
            return self._chunks[first][start - first * length : stop - first * length]
        whole = np.concatenate([self._chunks[chunk] for chunk in range(first, last + 1)])
        return whole[start - first * length : stop - first * length]

    def _fetch(self, chunks: range) -> None:
        missing = [chunk for chunk in chunks if chunk not in self._chunks]
        for chunk in chunks:
            if chunk in self._chunks:
                self._chunks.move_to_end(chunk)
        if missing:
            low, high = missing[0], missing[-1] + 1
            block = self._get()[low * self.chunk_length : high * self.chunk_length]
            for chunk in range(low, high):
                if chunk not in self._chunks:
                    part = block[(chunk - low) * self.chunk_length : (chunk - low + 1) * self.chunk_length]
                    self._chunks[chunk] = part if low + 1 == high else part.copy()
                    self._held += part.nbytes
        while self._held > self._room and len(self._chunks) > len(chunks):
            _, dropped = self._chunks.popitem(last=False)
            self._held -= dropped.nbytes

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_chunks": OrderedDict(), "_held": 0}


def stretch_reader(array: Any, get: Any, path: Any) -> StretchReader:
    """Return the quickest reader for an array of an open store.

    Args:
        array: `h5py.Dataset` or `zarr.Array`.
        get: returns the same array of the store as it is open in the current process.
        path: path of the store.
    """
    shape = tuple(int(length) for length in array.shape)
    dtype = np.dtype(array.dtype)
    if not hasattr(array, "id"):
        length = _stored_length(array)
        return ChunkCachedArray(get, dtype, shape, length)
    bare = _bare(array, dtype, shape, path) if isinstance(path, (str, Path)) else None
    return bare if bare is not None else LibraryArray(get, dtype, shape)


def _stored_length(array: Any) -> int:
    """Return how many positions of the first axis are decoded together: an inner chunk, also where shards hold many."""
    return int(array.chunks[0]) or 1


def _bare(array: Any, dtype: Any, shape: tuple[int, ...], path: Any) -> StretchReader | None:
    if dtype.kind not in "iufb" or not dtype.isnative or array.size == 0 or str(path).endswith(".gz"):
        return None
    creation = array.id.get_create_plist()
    if creation.get_nfilters() or array.external or array.is_virtual:
        return None
    if array.chunks is None:
        offset = array.id.get_offset()
        return BareArray(str(path), dtype, shape, offset) if offset is not None else None
    if len(shape) != 1:
        return None
    length = int(array.chunks[0])
    offsets = np.full(-(-shape[0] // length), -1, dtype=np.int64)

    def note(chunk: Any) -> None:
        offsets[chunk.chunk_offset[0] // length] = chunk.byte_offset

    array.id.chunk_iter(note)
    if (offsets < 0).any():  # a chunk that was never written
        return None
    if (np.diff(offsets) == length * dtype.itemsize).all():
        return BareArray(str(path), dtype, shape, int(offsets[0]))
    return BareChunks(str(path), dtype, shape, length, offsets)


_maps: dict[tuple[str, int, int], Any] = {}


def _mapped(path: str) -> Any:
    """Return the bytes of a file, mapped once per process; a file that was replaced meanwhile is mapped anew."""
    import mmap
    import os

    with open(path, "rb") as file:
        state = os.fstat(file.fileno())
        key = (path, state.st_ino, state.st_mtime_ns)
        if key not in _maps:
            for old in [known for known in _maps if known[0] == path]:
                del _maps[old]
            _maps[key] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _maps[key]
