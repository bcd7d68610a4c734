"""Reads elements of a store (arrays, sparse matrices, tables), whole or only selected positions, in few contiguous reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lamindb_anndata.frames import column_names, index_length, read_frame, read_window
from lamindb_anndata.selection import Positions, is_everything, runs_of, take

#: Positions that are further apart than this many rows are read separately, unless one chunk holds them.
_GAP = 64
#: Sparse entries between two wanted rows that are read along rather than starting another read.
_SPARSE_GAP = 4096


def is_group(element: Any) -> bool:
    """Tell whether an element of a store is a group, not an array."""
    return hasattr(element, "keys")


def has(group: Any, name: str) -> bool:
    """Tell whether a store has an element; anndata may write one that says that there is nothing."""
    return name in group and group[name].attrs.get("encoding-type") != "null"


def encoding_of(element: Any) -> str:
    """Return the `encoding-type` of an element; of files from before it existed, what the element looks like."""
    if isinstance(element, np.ndarray):
        return "array"
    encoding = element.attrs.get("encoding-type")
    if encoding:
        return str(encoding)
    if not is_group(element):
        return "array" if element.dtype.names is None else "structured"
    if "h5sparse_format" in element.attrs:
        return f"{element.attrs['h5sparse_format']}_matrix"
    if "indptr" in element:
        return "csr_matrix"
    return "dataframe" if "_index" in element.attrs or "_index" in element else "dict"


def shape_of(element: Any) -> tuple[int, ...]:
    """Return the shape of an array, sparse matrix or table without reading its values."""
    if not is_group(element):
        return tuple(int(length) for length in element.shape)
    for name in ("shape", "h5sparse_shape"):
        if name in element.attrs:
            return tuple(int(length) for length in element.attrs[name])
    return index_length(element), len(column_names(element))


def open_element(element: Any) -> Any:
    """Return an element as it is used lazily: arrays as they are, sparse matrices as anndata's lazy ones, the rest read."""
    encoding = encoding_of(element)
    if encoding in ("csr_matrix", "csc_matrix"):
        from anndata.io import sparse_dataset

        return sparse_dataset(element)
    if encoding == "array":
        return element
    return read_element(element)


def read_element(element: Any) -> Any:
    """Read a whole element into memory, tables of old files included."""
    encoding = encoding_of(element)
    if encoding in ("dataframe", "structured"):
        return read_frame(element)
    if encoding in ("csr_matrix", "csc_matrix"):
        return read_sparse(element, [range(length) for length in shape_of(element)])
    from anndata.io import read_elem

    return read_elem(element)


def read_selected(element: Any, positions: Sequence[Positions]) -> Any:
    """Read the selected positions of an element, one selection for each of its first axes.

    Args:
        element: array or group of an open store.
        positions: one for each axis that is restricted; further axes are read whole.

    Returns:
        A `numpy` array, sparse matrix of scipy, table of pandas, or what anndata makes of an element of another kind.
    """
    encoding = encoding_of(element)
    if encoding in ("csr_matrix", "csc_matrix"):
        return read_sparse(element, positions)
    if encoding in ("dataframe", "structured"):
        return read_frame(element, positions[0])
    if encoding in ("array", "string-array") and not is_group(element) and element.shape != ():
        return read_dense(element, positions)
    whole = read_element(element)
    for axis, wanted in enumerate(positions):
        whole = take(whole, wanted) if axis == 0 else np.take(whole, np.asarray(wanted), axis=axis)
    return whole


def read_dense(array: Any, positions: Sequence[Positions]) -> Any:
    """Read the selected positions of a dense array of HDF5 or zarr.

    Each axis is read in contiguous stretches, because HDF5 reads arrays of positions slowly, ascending only, and on one axis only; what is read
    too much is dropped stretch by stretch.
    """
    rows, *others = positions
    bounds = [_bounds(wanted) for wanted in others]
    windows = tuple(slice(low, high) for low, high in bounds)
    if isinstance(rows, range) and rows.step > 0 and (rows.step == 1 or rows.step <= _gap_of(array)):
        block = read_window(array, (slice(rows.start, max(rows.stop, rows.start)), *windows))[:: rows.step]
        return _narrow(block, others, bounds)
    ordered, inverse = np.unique(np.asarray(rows, dtype=np.int64), return_inverse=True)
    gap = _gap_of(array)
    parts = []
    for run in runs_of(ordered, gap):
        block = read_window(array, (slice(run.start, run.stop), *windows))
        if len(run.wanted) < len(block):
            block = block[run.wanted - run.start]
        parts.append(_narrow(block, others, bounds))
    if not parts:
        return _narrow(read_window(array, (slice(0, 0), *windows)), others, bounds)
    joined = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return joined if _is_identity(inverse) else joined[inverse]


def read_sparse(group: Any, positions: Sequence[Positions], indptr: Any = None) -> Any:
    """Read the selected rows and columns of a stored sparse matrix.

    Args:
        group: group with `indptr`, `indices` and `data`.
        positions: of rows, and of columns if there is a second one.
        indptr: the offsets, if they were read before.

    Returns:
        `scipy.sparse.csr_matrix` or `csc_matrix`, as it is stored.
    """
    from scipy import sparse

    shape = shape_of(group)
    is_csr = encoding_of(group) == "csr_matrix"
    make = sparse.csr_matrix if is_csr else sparse.csc_matrix
    wanted = [*positions, *(range(length) for length in shape[len(positions) :])]
    major, minor = (wanted[0], wanted[1]) if is_csr else (wanted[1], wanted[0])
    n_major, n_minor = shape if is_csr else shape[::-1]
    offsets = np.asarray(group["indptr"][:]) if indptr is None else indptr
    data, indices, pointers = _read_major(group, offsets, major, n_major)
    found = make(
        (data, indices, pointers), shape=(len(major), n_minor) if is_csr else (n_minor, len(major)), copy=False
    )
    if is_everything(minor, n_minor):
        return found
    minor_index = np.asarray(minor, dtype=np.int64)
    return found[:, minor_index] if is_csr else found[minor_index, :]


def _read_major(group: Any, offsets: Any, major: Positions, length: int) -> tuple[Any, Any, Any]:
    """Return data, indices and offsets of the selected rows of a csr (columns of a csc) matrix, in the order asked for."""
    if isinstance(major, range) and (len(major) == 0 or major.step == 1):
        low, high = (int(offsets[major.start]), int(offsets[major.stop])) if len(major) else (0, 0)
        pointers = offsets[major.start : major.stop + 1] - low if len(major) else np.zeros(1, dtype=offsets.dtype)
        return group["data"][low:high], group["indices"][low:high], pointers
    ordered, inverse = np.unique(np.asarray(major, dtype=np.int64), return_inverse=True)
    starts, stops = offsets[ordered], offsets[ordered + 1]
    data, indices = read_stretches(group, starts, stops)
    sizes = stops - starts
    pointers = np.concatenate([[0], np.cumsum(sizes)])
    if _is_identity(inverse):
        return data, indices, pointers
    sizes = sizes[inverse]
    gather = gather_index(pointers[:-1][inverse], sizes)
    return data[gather], indices[gather], np.concatenate([[0], np.cumsum(sizes)])


def read_stretches(group: Any, starts: Any, stops: Any) -> tuple[Any, Any]:
    """Return `data` and `indices` of ascending, disjoint stretches of entries, one after the other."""
    stored_data, stored_indices = group["data"], group["indices"]
    filled = np.flatnonzero(stops > starts)
    if len(filled) == 0:
        return stored_data[0:0], stored_indices[0:0]
    starts, stops = starts[filled], stops[filled]
    gap = max(_SPARSE_GAP, _chunk_length(stored_data))
    breaks = np.flatnonzero(starts[1:] - stops[:-1] > gap) + 1
    data, indices = [], []
    for some_starts, some_stops in zip(np.split(starts, breaks), np.split(stops, breaks), strict=True):
        low, high = int(some_starts[0]), int(some_stops[-1])
        block_data, block_indices = stored_data[low:high], stored_indices[low:high]
        sizes = some_stops - some_starts
        if int(sizes.sum()) < high - low:
            gather = gather_index(some_starts - low, sizes)
            block_data, block_indices = block_data[gather], block_indices[gather]
        data.append(block_data)
        indices.append(block_indices)
    return (data[0], indices[0]) if len(data) == 1 else (np.concatenate(data), np.concatenate(indices))


def gather_index(starts: Any, sizes: Any) -> Any:
    """Return the positions of stretches that start at `starts` and have `sizes` entries, one after the other.

    Example:
        >>> gather_index(np.array([5, 0]), np.array([2, 3])).tolist()
        [5, 6, 0, 1, 2]
    """
    total = int(sizes.sum())
    ends = np.cumsum(sizes)
    return np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - sizes), sizes)


def _bounds(positions: Positions) -> tuple[int, int]:
    if len(positions) == 0:
        return 0, 0
    if isinstance(positions, range):
        return min(positions[0], positions[-1]), max(positions[0], positions[-1]) + 1
    return int(positions.min()), int(positions.max()) + 1


def _narrow(block: Any, others: Sequence[Positions], bounds: Sequence[tuple[int, int]]) -> Any:
    for axis, (wanted, (low, high)) in enumerate(zip(others, bounds, strict=True), start=1):
        if isinstance(wanted, range) and wanted == range(low, high):
            continue
        block = np.take(block, np.asarray(wanted, dtype=np.int64) - low, axis=axis)
    return block


def _gap_of(array: Any) -> int:
    return max(_GAP, _chunk_length(array))


def _chunk_length(array: Any) -> int:
    """Return how many positions of the first axis one chunk holds."""
    chunks = getattr(array, "chunks", None)
    return int(chunks[0]) if chunks else 1


def _is_identity(inverse: Any) -> bool:
    return bool(len(inverse) == 0 or (inverse[0] == 0 and (np.diff(inverse) == 1).all()))
