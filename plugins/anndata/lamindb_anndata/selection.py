"""What part of an axis is meant: indices of users become ranges or integer arrays, which compose and say what has to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

#: Positions on an axis, in the order asked for: a range where it is regular, else an array of integers (repeats allowed).
Positions: TypeAlias = "range | np.ndarray[Any, np.dtype[np.int64]]"


def positions_of(index: Any, length: int, names: Callable[[], Any]) -> Positions:
    """Return the positions that an index means on an axis.

    Args:
        index: slice, integer, name, mask, or a list, array, `pandas.Index` or boolean `pandas.Series` of them.
        length: length of the axis.
        names: returns the `pandas.Index` of the axis; called only if names are asked for.

    Raises:
        IndexError: if an integer is out of range, or a mask has another length.
        KeyError: if a name is unknown, or not unique.
        TypeError: if it is none of these.

    Example:
        >>> positions_of(slice(None, None, 2), 5, names=list)
        range(0, 5, 2)
    """
    if isinstance(index, slice):
        return _positions_of_slice(index, length, names)
    if index is Ellipsis:
        return range(length)
    if isinstance(index, (bool, np.bool_)):
        raise TypeError(f"{index!r} is no index: a mask has one value for each of the {length} entries")
    if isinstance(index, (int, np.integer)):
        return range(length)[_checked(int(index), length) :][:1]
    if isinstance(index, str):
        return _positions_of_names([index], names())
    return _positions_of_array(index, length, names)


def compose(outer: Positions, inner: Positions) -> Positions:
    """Return the positions of a part of a part.

    Example:
        >>> compose(range(10, 20), range(0, 4, 2))
        range(10, 14, 2)
    """
    if isinstance(inner, range):
        return outer[_as_slice(inner)]
    return np.asarray(outer, dtype=np.int64)[inner] if not isinstance(outer, range) else _at(outer, inner)


def take(values: Any, positions: Positions) -> Any:
    """Return the selected entries of the first axis of something in memory."""
    return values[_as_slice(positions)] if isinstance(positions, range) else values[positions]


def is_everything(positions: Positions, length: int) -> bool:
    """Tell whether a selection is the whole axis, in order."""
    return isinstance(positions, range) and positions == range(length)


@dataclass(frozen=True)
class Run:
    """A stretch of an axis that is read at once.

    Attributes:
        start: first position.
        stop: position after the last one.
        wanted: the positions in it that are asked for, ascending, without repeats.
    """

    start: int
    stop: int
    wanted: np.ndarray[Any, np.dtype[np.int64]]


def runs_of(wanted: np.ndarray[Any, np.dtype[np.int64]], gap: int) -> Iterator[Run]:
    """Cut ascending positions into stretches: those that are at most `gap` apart are read together.

    Example:
        >>> [(run.start, run.stop) for run in runs_of(np.array([1, 2, 9]), gap=3)]
        [(1, 3), (9, 10)]
    """
    if len(wanted) == 0:
        return
    for part in np.split(wanted, np.flatnonzero(np.diff(wanted) > gap) + 1):
        yield Run(int(part[0]), int(part[-1]) + 1, part)


def _as_slice(positions: range) -> slice:
    """Return the slice that gives what the range names; a descending range that ends at 0 has no stop."""
    stop: int | None = positions.stop
    if positions.step < 0 and positions.stop < 0:
        stop = None
    return slice(positions.start, stop, positions.step) if len(positions) else slice(0, 0)


def _at(outer: range, inner: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return outer.start + inner * outer.step


def _checked(position: int, length: int) -> int:
    if not -length <= position < length:
        raise IndexError(f"index {position} is out of bounds for an axis of {length} entries")
    return position % length if length else position


def _positions_of_slice(index: slice, length: int, names: Callable[[], Any]) -> range:
    if isinstance(index.start, str) or isinstance(index.stop, str):
        # as in pandas and anndata: a slice of names includes its end
        bounds: slice = names().slice_indexer(index.start, index.stop, index.step)
        return range(length)[bounds]
    return range(length)[index]


def _positions_of_array(index: Any, length: int, names: Callable[[], Any]) -> Positions:
    values = np.asarray(index.to_numpy() if hasattr(index, "to_numpy") else index)
    if values.ndim == 2 and 1 in values.shape:  # what comparing a sparse or one-column matrix gives
        values = values.ravel()
    if values.ndim != 1:
        raise TypeError(f"an index has one axis, this one has {values.ndim}")
    if values.size == 0 and values.dtype.kind != "b":
        return np.empty(0, dtype=np.int64)
    if values.dtype.kind == "O" and all(isinstance(value, (bool, np.bool_)) for value in values):
        values = values.astype(bool)
    if values.dtype.kind == "b":
        if len(values) != length:
            raise IndexError(f"the mask has {len(values)} values, but the axis has {length} entries")
        return np.flatnonzero(values)
    if values.dtype.kind in "iu":
        positions = values.astype(np.int64)
        outside = (positions < -length) | (positions >= length)
        if outside.any():
            raise IndexError(f"index {positions[outside][0]} is out of bounds for an axis of {length} entries")
        return np.where(positions < 0, positions + length, positions)
    if values.dtype.kind == "f" and (values == values.astype(np.int64)).all():
        return _positions_of_array(values.astype(np.int64), length, names)
    return _positions_of_names(list(values), names())


def _positions_of_names(wanted: list[Any], names: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    if not names.is_unique:
        repeated = names[names.duplicated()].unique()
        used = [name for name in wanted if name in set(repeated)]
        if used:
            raise KeyError(f"{used[0]!r} is the name of several entries: select by position or mask")
        names = names.where(~names.duplicated(keep=False), None)
        lookup = {name: position for position, name in enumerate(names) if name is not None}
        found = np.array([lookup.get(name, -1) for name in wanted], dtype=np.int64)
    else:
        found = names.get_indexer(wanted)
    unknown = [wanted[position] for position in np.flatnonzero(found < 0)]
    if unknown:
        shown = ", ".join(repr(str(name)) for name in unknown[:5]) + (", …" if len(unknown) > 5 else "")
        raise KeyError(f"{len(unknown)} of the {len(wanted)} names are not on the axis: {shown}")
    return np.asarray(found, dtype=np.int64)
