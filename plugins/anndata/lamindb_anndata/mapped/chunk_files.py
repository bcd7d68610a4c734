"""Finds and decodes chunks of arrays in local files without their libraries: zarr with and without shards, and compressed HDF5.

A read through a library costs up to a millisecond, takes locks, and decodes in one thread. Shuffled reading asks for thousands of short stretches, each from another
chunk. Where a chunk lies and how it was compressed is known, hence threads decode several at once. What isn't known here is read through its library.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lamindb_anndata.mapped.memory_maps import mapped

_HDF5_DEFLATE, _HDF5_SHUFFLE = 1, 2
#: How the index of a shard says that a chunk was never written.
_ABSENT = (1 << 64) - 1


class ChunkSource(Protocol):
    """Gives decoded chunks by their number along the first axis; threads may ask at the same time."""

    #: Whether it waits for something else than a processor, so that more may be asked for at once.
    waits: bool

    def decode(self, number: int) -> Any:
        """Return all positions of the other axes; the last chunk may be longer than the array."""


class LibraryChunks:
    """Chunks that are read through the library; the open array is asked for at each read, so that it can be reopened."""

    waits = True

    def __init__(self, get: Callable[[], Any], chunk_length: int) -> None:
        self._get, self._length = get, chunk_length

    def decode(self, number: int) -> Any:
        return self._get()[number * self._length : (number + 1) * self._length]


class _GridOfChunks:
    """What is the same for all formats: joining the chunks of the other axes."""

    waits = False

    def __init__(self, shape: tuple[int, ...], chunks: tuple[int, ...], dtype: Any, fill_value: Any) -> None:
        self.shape, self.chunks, self.dtype, self.fill_value = shape, chunks, np.dtype(dtype), fill_value
        self._size = int(np.prod(chunks))
        self._counts = [-(-length // chunk) for length, chunk in zip(shape[1:], chunks[1:], strict=True)]

    def decode(self, number: int) -> Any:
        if len(self.shape) == 1:
            return self._chunk((number,))
        out = np.empty((self.chunks[0], *self.shape[1:]), self.dtype)
        for place in product(*map(range, self._counts)):
            chunk = self._chunk((number, *place))
            low = [position * length for position, length in zip(place, self.chunks[1:], strict=True)]
            part = out[(slice(None), *(slice(a, a + n) for a, n in zip(low, self.chunks[1:], strict=True)))]
            part[...] = chunk[tuple(slice(length) for length in part.shape)]
        return out

    def _chunk(self, place: tuple[int, ...]) -> Any:
        found = self._decoded(place)
        if found is None:
            return np.full(self.chunks, self.fill_value, self.dtype)
        return np.frombuffer(found, self.dtype, count=self._size).reshape(self.chunks)

    def _decoded(self, place: tuple[int, ...]) -> Any:
        raise NotImplementedError


class ZarrChunks(_GridOfChunks):
    """Chunks of a local zarr array.

    Args:
        path: returns the path of the file of a chunk or shard by its position.
        per_shard: numbers of chunks in a shard; `None` without shards.
        index: size of the index of a shard in bytes, and whether it is at its start.
        codec: decompresses; `None` if nothing is compressed.
    """

    def __init__(
        self, array: Any, chunks: tuple[int, ...], path: Callable[[tuple[int, ...]], str], codec: Any,
        per_shard: tuple[int, ...] | None = None, index: tuple[int, bool] = (0, False),
    ) -> None:  # fmt: skip
        super().__init__(tuple(array.shape), chunks, array.dtype, array.fill_value or 0)
        self._path, self._codec, self._per_shard, self._index = path, codec, per_shard, index
        self._shards: dict[tuple[int, ...], tuple[Any, Any] | None] = {}

    def _decoded(self, place: tuple[int, ...]) -> Any:
        stored = self._stored(place)
        return stored if stored is None or self._codec is None else self._codec.decode(stored)

    def _stored(self, place: tuple[int, ...]) -> Any:
        if self._per_shard is None:
            try:
                with open(self._path(place), "rb", buffering=0) as file:
                    return file.read()
            except FileNotFoundError:
                return None
        shard, number = [], 0
        for position, count in zip(place, self._per_shard, strict=True):
            shard.append(position // count)
            number = number * count + position % count
        found = self._shard(tuple(shard))
        if found is None:
            return None
        content, index = found
        offset, size = index[number].tolist()
        return None if offset == _ABSENT else content[offset : offset + size]

    def _shard(self, place: tuple[int, ...]) -> tuple[Any, Any] | None:
        if place not in self._shards:
            self._shards[place] = self._open_shard(self._path(place))
        return self._shards[place]

    def _open_shard(self, path: str) -> tuple[Any, Any] | None:
        assert self._per_shard is not None
        try:
            content = memoryview(mapped(path))
        except FileNotFoundError:
            return None
        size, is_first = self._index
        count = int(np.prod(self._per_shard))
        index = np.frombuffer(content, "<u8", count=2 * count, offset=0 if is_first else len(content) - size)
        return content, index.reshape(count, 2)


class Hdf5Chunks(_GridOfChunks):
    """Compressed chunks of a local HDF5 dataset.

    Args:
        places: position of a chunk in the grid to where it begins in the file, and its size.
        is_shuffled: whether the bytes of values were grouped by their significance before they were compressed.
    """

    def __init__(
        self, dataset: Any, path: str, places: dict[tuple[int, ...], tuple[int, int]], is_shuffled: bool
    ) -> None:
        super().__init__(tuple(dataset.shape), tuple(dataset.chunks), dataset.dtype, dataset.fillvalue)
        self._path, self._places, self._is_shuffled = path, places, is_shuffled

    @cached_property
    def _bytes(self) -> Any:
        return memoryview(mapped(self._path))

    def _decoded(self, place: tuple[int, ...]) -> Any:
        if place not in self._places:
            return None
        offset, size = self._places[place]
        plain = zlib.decompress(self._bytes[offset : offset + size])
        if not self._is_shuffled:
            return plain
        return np.frombuffer(plain, np.uint8).reshape(self.dtype.itemsize, -1).T.tobytes()


def zarr_chunks(array: Any) -> ZarrChunks | None:
    """Return the chunks of a zarr array, `None` if it isn't local, or its values were stored in another way than is known here."""
    root = getattr(array.store, "root", None)
    if not isinstance(root, Path) or np.dtype(array.dtype).kind not in "iufb" or 0 in array.shape:
        return None
    metadata = array.metadata
    folder = root / array.path if array.path else root
    path = _PathOfChunk(str(folder), metadata)
    if metadata.zarr_format == 2:
        if metadata.filters or metadata.order != "C" or not np.dtype(array.dtype).isnative:
            return None
        return ZarrChunks(array, tuple(array.chunks), path, metadata.compressor)
    codecs = list(metadata.codecs)
    if len(codecs) == 1 and type(codecs[0]).__name__ == "ShardingCodec":
        sharding = codecs[0]
        codec = _codec_of(list(sharding.codecs))
        names = [type(one).__name__ for one in sharding.index_codecs]
        if codec is _UNKNOWN or names not in (["BytesCodec"], ["BytesCodec", "Crc32cCodec"]) or not _is_little(
            sharding.index_codecs[0]
        ):  # fmt: skip
            return None
        chunks, shards = tuple(sharding.chunk_shape), tuple(array.shards)
        per_shard = tuple(shard // chunk for shard, chunk in zip(shards, chunks, strict=True))
        size = 16 * int(np.prod(per_shard)) + 4 * (len(names) - 1)
        is_first = getattr(sharding.index_location, "value", sharding.index_location) == "start"
        return ZarrChunks(array, chunks, path, codec, per_shard, (size, is_first))
    codec = _codec_of(codecs)
    return None if codec is _UNKNOWN else ZarrChunks(array, tuple(array.chunks), path, codec)


class _PathOfChunk:
    """Path of the file of a chunk; unlike a closure, it can be sent to other processes."""

    def __init__(self, folder: str, metadata: Any) -> None:
        self._folder, self._metadata = folder, metadata

    def __call__(self, place: tuple[int, ...]) -> str:
        return f"{self._folder}/{self._metadata.encode_chunk_key(place)}"


_UNKNOWN = object()


def _codec_of(codecs: list[Any]) -> Any:
    """Return what decompresses chunks of zarr v3, `None` if they are bare."""
    import numcodecs  # type: ignore[import-untyped]

    if not codecs or not _is_little(codecs[0]) or len(codecs) > 2:
        return _UNKNOWN
    if len(codecs) == 1:
        return None
    known = {"BloscCodec": numcodecs.Blosc, "ZstdCodec": numcodecs.Zstd, "GzipCodec": numcodecs.GZip}
    made = known.get(type(codecs[1]).__name__)
    return _UNKNOWN if made is None else made()


def _is_little(codec: Any) -> bool:
    """Tell whether a codec writes numbers as they are in memory."""
    import sys

    if type(codec).__name__ != "BytesCodec":
        return False
    endian = getattr(codec.endian, "value", codec.endian)
    return endian in (None, "little") and sys.byteorder == "little"


def hdf5_chunks(dataset: Any, path: str) -> Hdf5Chunks | None:
    """Return the chunks of an HDF5 dataset, `None` if they were stored in another way than is known here."""
    if dataset.dtype.kind not in "iufb" or not dataset.dtype.isnative or dataset.size == 0 or dataset.chunks is None:
        return None
    creation = dataset.id.get_create_plist()
    filters = [creation.get_filter(number)[0] for number in range(creation.get_nfilters())]
    if filters not in ([_HDF5_DEFLATE], [_HDF5_SHUFFLE, _HDF5_DEFLATE]) or dataset.external or dataset.is_virtual:
        return None
    places: dict[tuple[int, ...], tuple[int, int]] = {}
    skipped = []

    def note(chunk: Any) -> None:
        place = tuple(offset // length for offset, length in zip(chunk.chunk_offset, dataset.chunks, strict=True))
        places[place] = (chunk.byte_offset, chunk.size)
        if chunk.filter_mask:  # a chunk that was left as it is
            skipped.append(place)

    dataset.id.chunk_iter(note)
    return None if skipped else Hdf5Chunks(dataset, path, places, filters[0] == _HDF5_SHUFFLE)
