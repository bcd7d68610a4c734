"""Reads stretches of stored arrays quickly and again and again: through a memory map where the bytes lie bare in the file.

HDF5 files that nobody compressed hold their values as they are in memory, in one piece or in chunks. Mapping the file and looking up where a chunk
starts costs a microsecond where a read through the library costs a hundred, is safe in forked and spawned workers, and needs no open handle.
Of everything else, whole chunks are decoded, several at once, and kept while there is room.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lamindb_anndata.mapped.chunk_files import ChunkSource, LibraryChunks, hdf5_chunks, zarr_chunks
from lamindb_anndata.mapped.memory_maps import mapped

#: Bytes of decoded chunks that a collection keeps in a process.
_CACHE_BYTES = 256 << 20
#: Chunks that are read at once where reading waits for a network.
_N_WAITING = 16


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
            self._values = np.ndarray(self.shape, self.dtype, buffer=mapped(self.path), offset=self.offset)
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
            self._bytes = mapped(self.path)
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


class ChunkCache:
    """Decoded chunks of all arrays of a collection, of which the last used are kept; threads may use it at the same time."""

    def __init__(self, room: int = _CACHE_BYTES) -> None:
        self._room, self._held = room, 0
        self._chunks: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any) -> Any:
        """Return a chunk, `None` if it isn't there."""
        with self._lock:
            if key not in self._chunks:
                return None
            self._chunks.move_to_end(key)
            return self._chunks[key]

    def put(self, key: Any, chunk: Any) -> None:
        """Keep a chunk, and drop those that weren't used for longest."""
        with self._lock:
            if key in self._chunks or chunk.nbytes > self._room:
                return
            self._chunks[key] = chunk
            self._held += chunk.nbytes
            while self._held > self._room:
                self._held -= self._chunks.popitem(last=False)[1].nbytes

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._chunks.clear()
            self._held = 0

    def __getstate__(self) -> dict[str, Any]:
        return {"_room": self._room}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["_room"])  # type: ignore[misc]


class ChunkedArray:
    """An array that is read by whole chunks of the first axis."""

    def __init__(
        self, source: ChunkSource, key: Any, dtype: Any, shape: tuple[int, ...], chunk_length: int, cache: ChunkCache
    ) -> None:
        self.source, self.dtype, self.shape, self.chunk_length = source, dtype, shape, chunk_length
        self._key, self._cache = key, cache

    def read(self, start: int, stop: int) -> Any:
        number = start // self.chunk_length
        low = number * self.chunk_length
        if start < stop <= low + self.chunk_length:
            return self._chunk(number)[start - low : stop - low]
        return read_stretches([self], [start], [stop])[0]

    def plan(self, starts: Sequence[int], stops: Sequence[int]) -> tuple[Any, list[Callable[[], None]]]:
        """Return an array for the values of some stretches, and what fills it: a call for each chunk, in any order."""
        length = self.chunk_length
        wanted: dict[int, list[tuple[int, int, int]]] = {}
        place = 0
        for start, stop in zip(starts, stops, strict=True):
            while start < stop:
                number = start // length
                end = min(stop, (number + 1) * length)
                wanted.setdefault(number, []).append((place, start - number * length, end - number * length))
                place += end - start
                start = end
        out = np.empty((place, *self.shape[1:]), self.dtype)
        return out, [partial(self._copy, out, number, pieces) for number, pieces in wanted.items()]

    def _copy(self, out: Any, number: int, pieces: list[tuple[int, int, int]]) -> None:
        chunk = self._chunk(number)
        for place, low, high in pieces:
            out[place : place + high - low] = chunk[low:high]

    def _chunk(self, number: int) -> Any:
        key = (self._key, number)
        chunk = self._cache.get(key)
        if chunk is None:
            chunk = self.source.decode(number)
            self._cache.put(key, chunk)
        return chunk


def read_stretches(arrays: Sequence[ChunkedArray], starts: Sequence[int], stops: Sequence[int]) -> list[Any]:
    """Read the same stretches of several arrays; of each, they follow each other in one array."""
    planned = [array.plan(starts, stops) for array in arrays]
    _do([call for _, calls in planned for call in calls], waits=any(array.source.waits for array in arrays))
    return [out for out, _ in planned]


_pools: dict[tuple[int, bool], ThreadPoolExecutor] = {}


def _do(calls: list[Callable[[], None]], *, waits: bool) -> None:
    """Do some calls in threads, which every process makes for itself; a forked one has none of its parent's."""
    n_threads = _N_WAITING if waits else min(8, os.cpu_count() or 1)
    if len(calls) < 2 or n_threads < 2:
        for call in calls:
            call()
        return
    key = (os.getpid(), waits)
    if key not in _pools:
        _pools[key] = ThreadPoolExecutor(n_threads, thread_name_prefix="lamindb-chunks")
    # a task for each call would cost as much as a small chunk
    n_tasks = min(len(calls), 4 * n_threads) if not waits else len(calls)
    list(_pools[key].map(_call_all, [calls[number::n_tasks] for number in range(n_tasks)]))


def _call_all(calls: Iterable[Callable[[], None]]) -> None:
    for call in calls:
        call()


def stretch_reader(array: Any, get: Any, path: Any, key: Any, cache: ChunkCache) -> StretchReader:
    """Return the quickest reader for an array of an open store.

    Args:
        array: `h5py.Dataset` or `zarr.Array`.
        get: returns the same array of the store as it is open in the current process.
        path: path of the store.
        key: what the array is called in the cache.
        cache: where decoded chunks are kept.
    """
    shape = tuple(int(length) for length in array.shape)
    dtype = np.dtype(array.dtype)
    source: ChunkSource | None
    if not hasattr(array, "id"):
        # an inner chunk, also where shards hold many
        length = int(array.chunks[0]) or 1
        source = zarr_chunks(array) or LibraryChunks(get, length)
        return ChunkedArray(source, key, dtype, shape, length, cache)
    if not isinstance(path, (str, Path)) or str(path).endswith(".gz"):
        return LibraryArray(get, dtype, shape)
    bare = _bare(array, dtype, shape, path)
    if bare is not None:
        return bare
    source = hdf5_chunks(array, str(path))
    if source is not None:
        return ChunkedArray(source, key, dtype, shape, int(array.chunks[0]), cache)
    return LibraryArray(get, dtype, shape)


def _bare(array: Any, dtype: Any, shape: tuple[int, ...], path: Any) -> StretchReader | None:
    if dtype.kind not in "iufb" or not dtype.isnative or array.size == 0:
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
