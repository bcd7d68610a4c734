"""Lazy view of a stored AnnData: nothing is read before it is touched, and of a subset only what was selected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cached_property
from types import TracebackType
from typing import Any

from lamindb_anndata import columns as stored_columns
from lamindb_anndata.elements import encoding_of, has, open_element, read_element, read_selected, shape_of
from lamindb_anndata.frames import column_names, index_length, read_frame, read_index
from lamindb_anndata.old_files import entries_of, is_old, with_categories, without_categories
from lamindb_anndata.selection import Positions, compose, is_everything, positions_of
from lamindb_anndata.stores import AnyPath, BackedAccessor, is_anndata, open_store

#: Slots that map names to elements, and the axes of the AnnData that their elements have.
_MAPPINGS = {"layers": "ov", "obsm": "o", "varm": "v", "obsp": "oo", "varp": "vv"}


def open_anndata(
    path: AnyPath, mode: str = "r", *, on_change: Callable[[], None] | None = None, **kwargs: Any
) -> AnnDataAccessor | BackedAccessor:
    """Open an AnnData lazily; a store that holds something else is opened as it is.

    Args:
        path: local or remote `.h5ad`, HDF5 file, or zarr store.
        mode: `"r"`; for zarr also `"r+"`, with which columns can be added.
        on_change: called once after closing, if columns were added.
        **kwargs: passed to the opener of HDF5 files.

    Example:
        >>> with open_anndata("pbmc.h5ad") as adata:  # doctest: +SKIP
        ...     adata[adata.obs["cell_type"] == "T cell"].to_memory()
    """
    backed = open_store(path, mode, **kwargs)
    try:
        if not is_anndata(backed.storage):
            return backed
        return AnnDataAccessor(backed, name=str(path).rstrip("/").rpartition("/")[2], on_change=on_change)
    except BaseException:
        backed.close()
        raise


class AnnDataBase:
    """What the accessor and its subsets share: slots by name, shapes, indexing, and loading into memory."""

    _rows: Positions
    _columns: Positions

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of observations and variables."""
        return len(self._rows), len(self._columns)

    @property
    def n_obs(self) -> int:
        """Number of observations."""
        return len(self._rows)

    @property
    def n_vars(self) -> int:
        """Number of variables."""
        return len(self._columns)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> AnnDataAccessorSubset:
        observations, variables = index if isinstance(index, tuple) else (index, slice(None))
        rows = positions_of(observations, len(self._rows), lambda: self.obs_names)
        columns = positions_of(variables, len(self._columns), lambda: self.var_names)
        return AnnDataAccessorSubset(self._accessor, compose(self._rows, rows), compose(self._columns, columns))

    @property
    def _accessor(self) -> AnnDataAccessor:
        raise NotImplementedError

    @property
    def obs_names(self) -> Any:
        raise NotImplementedError

    @property
    def var_names(self) -> Any:
        raise NotImplementedError

    @property
    def _root(self) -> Any:
        raise NotImplementedError

    def _positions(self, axes: str) -> list[Positions]:
        return [self._rows if axis == "o" else self._columns for axis in axes]

    def to_dict(self) -> dict[str, Any]:
        """Read everything into memory: the arguments of `anndata.AnnData`."""
        found: dict[str, Any] = {}
        for name in self._slots():
            if name == "raw":
                found[name] = self.raw.to_dict()  # type: ignore[attr-defined]
            elif name in _MAPPINGS:
                group = entries_of(self._root[name])
                found[name] = {key: self._read(group[key], _MAPPINGS[name]) for key in group}
            elif name == "X":
                found[name] = self._read(self._root["X"], "ov")
            else:  # obs, var and uns are kept here, and anndata changes what it is given
                found[name] = deepcopy(getattr(self, name))
        return found

    def to_memory(self) -> Any:
        """Read everything into an `anndata.AnnData`, raw included; of a subset, categories that are not used are dropped as anndata does."""
        from anndata import AnnData

        if isinstance(self, AnnDataAccessorSubset) and is_old(self._root):
            # anndata moves what old files keep elsewhere (neighbours in `uns`) when it makes the whole object
            return self._parent.to_memory()[_integers(self._rows), _integers(self._columns)].copy()
        parts = self.to_dict()
        raw = parts.pop("raw", None)
        if isinstance(self, AnnDataAccessorSubset):
            _drop_unused_categories(parts)
        parts.setdefault("shape", self.shape if "X" not in parts else None)
        adata = AnnData(**parts)
        if raw is not None:
            adata.raw = AnnData(X=raw["X"], var=raw["var"], obs=adata.obs[[]], varm=raw.get("varm"))
        return adata

    def _slots(self) -> list[str]:
        names = [name for name in ("X", "obs", "var", "uns", *_MAPPINGS, "raw") if has(self._root, name)]
        if "raw" not in names and "raw.X" in self._root:
            names.append("raw")
        return names

    def _read(self, element: Any, axes: str) -> Any:
        return read_selected(element, self._positions(axes))

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} object with n_obs × n_vars = {self.n_obs} × {self.n_vars}"]
        lines.append(f"  constructed for the AnnData object {self._accessor.name}")
        for slot in self._slots():
            if slot in ("X", "raw"):
                continue
            element = self._root[slot]
            keys = column_names(element) if slot in ("obs", "var") else list(entries_of(element))
            if keys:
                lines.append(f"    {slot}: {keys}")
        return "\n".join(lines)


class AnnDataAccessor(AnnDataBase):
    """Lazy view of a whole stored AnnData.

    Attributes:
        name: file name of the store.
        connection: open remote or unpacked file under an HDF5 file, else `None`.
        storage: the `h5py.File` or `zarr.Group`.
    """

    def __init__(self, backed: BackedAccessor, *, name: str, on_change: Callable[[], None] | None = None) -> None:
        self._backed, self.name, self._on_change = backed, name, on_change
        self._in_block = self._changed = False
        n_obs, n_vars = (index_length(self._root[axis]) for axis in ("obs", "var"))
        self._rows, self._columns = range(n_obs), range(n_vars)

    @classmethod
    def of_group(cls, group: Any, *, name: str, on_change: Callable[[], None] | None = None) -> AnnDataAccessor:
        """Return the view of an AnnData that is a group of a larger store, which stays open when the view is closed."""
        return cls(BackedAccessor(None, group), name=name, on_change=on_change)

    @property
    def _accessor(self) -> AnnDataAccessor:
        return self

    @property
    def _root(self) -> Any:
        if self._backed.closed:
            raise ValueError(f"The store of {self.name} is closed: open the artifact again with artifact.open()")
        return self._backed.storage

    @property
    def connection(self) -> Any:
        return self._backed.connection

    @property
    def storage(self) -> Any:
        return self._backed.storage

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._backed.closed

    @cached_property
    def obs_names(self) -> Any:
        """Names of the observations, a `pandas.Index`."""
        return read_index(self._root["obs"])

    @cached_property
    def var_names(self) -> Any:
        """Names of the variables, a `pandas.Index`."""
        return read_index(self._root["var"])

    @cached_property
    def obs(self) -> Any:
        """Table of the observations, read once."""
        return with_categories(read_frame(self._root["obs"]), self._root)

    @cached_property
    def var(self) -> Any:
        """Table of the variables, read once."""
        return with_categories(read_frame(self._root["var"]), self._root)

    @cached_property
    def uns(self) -> Any:
        """Unstructured annotations, read once; `None` if there are none."""
        return without_categories(read_element(self._root["uns"]), self._root) if has(self._root, "uns") else None

    @property
    def X(self) -> Any:
        """The stored matrix: `h5py.Dataset`, `zarr.Array`, or a lazy sparse matrix of anndata; `None` if there is none."""
        return open_element(self._root["X"]) if has(self._root, "X") else None

    @property
    def raw(self) -> AnnDataRawAccessor | None:
        """View of `raw`, or `None`."""
        return AnnDataRawAccessor(self, self._rows) if has_raw(self._root) else None

    def __getattr__(self, name: str) -> Any:
        if name in _MAPPINGS:
            return AccessorMapping(name, entries_of(self._root[name]), open_element) if has(self._root, name) else None
        raise AttributeError(f"An {type(self).__name__} has no {name!r}: read it with .to_memory() first")

    def add_column(self, where: str, col_name: str, col: Any) -> None:
        """Add a column to `obs` or `var` of a zarr store that was opened with mode `"r+"`.

        Args:
            where: `"obs"` or `"var"`.
            col_name: name of the new column.
            col: `numpy` array, `pandas.Categorical`, or other array of pandas with a value for each entry.

        Raises:
            ValueError: if the store can't be written, the column exists, or its length is another one.
        """
        stored_columns.add_column(
            self._backed, where, col_name, col, len(self._rows if where == "obs" else self._columns)
        )
        self.__dict__.pop(where, None)
        if not self._changed and not self._in_block:
            stored_columns.remind_to_close()
        self._changed = True

    def close(self) -> None:
        """Close the store; added columns make a new version of the artifact that it was opened from."""
        if self.closed:
            return
        if self._changed:
            stored_columns.consolidate(self._backed)
        self._backed.close()
        if self._changed and self._on_change is not None:
            self._on_change()

    def __enter__(self) -> AnnDataAccessor:
        self._in_block = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AnnDataAccessorSubset(AnnDataBase):
    """Selected observations and variables of a stored AnnData; each slot is read into memory when it is touched."""

    def __init__(self, accessor: AnnDataAccessor, rows: Positions, columns: Positions) -> None:
        self._parent, self._rows, self._columns = accessor, rows, columns

    @property
    def _root(self) -> Any:
        return self._parent._root

    @property
    def _accessor(self) -> AnnDataAccessor:
        return self._parent

    def _part_of_cached(self, attribute: str, positions: Positions, read: Callable[[Any, Positions], Any]) -> Any:
        cached = self._parent.__dict__.get(attribute)
        axis = "obs" if attribute.startswith("obs") else "var"
        if cached is None:
            return read(self._root[axis], positions)
        return cached.iloc[_integers(positions)] if hasattr(cached, "iloc") else cached[_integers(positions)]

    @cached_property
    def obs_names(self) -> Any:
        return self._part_of_cached("obs_names", self._rows, read_index)

    @cached_property
    def var_names(self) -> Any:
        return self._part_of_cached("var_names", self._columns, read_index)

    @cached_property
    def obs(self) -> Any:
        return with_categories(self._part_of_cached("obs", self._rows, read_frame), self._root)

    @cached_property
    def var(self) -> Any:
        return with_categories(self._part_of_cached("var", self._columns, read_frame), self._root)

    @property
    def uns(self) -> Any:
        return self._parent.uns

    @cached_property
    def X(self) -> Any:
        return self._read(self._root["X"], "ov") if has(self._root, "X") else None

    @property
    def raw(self) -> AnnDataRawAccessor | None:
        return AnnDataRawAccessor(self._parent, self._rows) if has_raw(self._root) else None

    def __getattr__(self, name: str) -> Any:
        if name in _MAPPINGS:
            if not has(self._root, name):
                return None
            return AccessorMapping(
                name, entries_of(self._root[name]), lambda element: self._read(element, _MAPPINGS[name])
            )
        raise AttributeError(f"An {type(self).__name__} has no {name!r}: read it with .to_memory() first")


class AnnDataRawAccessor:
    """Lazy view of `raw`: its observations are those of the AnnData, its variables are its own."""

    def __init__(self, accessor: AnnDataAccessor, rows: Positions) -> None:
        self._parent, self._rows = accessor, rows
        self._is_subset = not is_everything(rows, accessor.n_obs)
        root = accessor._root
        # before anndata 0.7, its parts lay beside the others
        self._elements = dict(root["raw"]) if "raw" in root else {
            name.partition(".")[2]: root[name] for name in root if name.startswith("raw.")
        }  # fmt: skip

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of observations and variables."""
        return len(self._rows), index_length(self._elements["var"])

    @cached_property
    def var_names(self) -> Any:
        """Names of the variables of raw."""
        return read_index(self._elements["var"])

    @cached_property
    def var(self) -> Any:
        """Table of the variables of raw."""
        return with_categories(read_frame(self._elements["var"]), self._parent._root)

    @property
    def X(self) -> Any:
        """The matrix of raw, lazy unless observations were selected."""
        element = self._elements["X"]
        return read_selected(element, [self._rows]) if self._is_subset else open_element(element)

    @property
    def varm(self) -> AccessorMapping | None:
        """Multi-dimensional annotations of the variables, or `None`."""
        group = self._elements.get("varm")
        return AccessorMapping("varm", entries_of(group), open_element) if group is not None else None

    def to_dict(self) -> dict[str, Any]:
        """Read `X`, `var` and `varm` into memory."""
        varm = self.varm
        return {
            "X": read_selected(self._elements["X"], [self._rows]),
            "var": self.var,
            "varm": {} if varm is None else {key: read_element(varm._group[key]) for key in varm},
        }

    def to_memory(self) -> Any:
        """Read raw into an `anndata.AnnData`."""
        from anndata import AnnData
        from pandas import DataFrame

        parts = self.to_dict()
        names = self._parent[_integers(self._rows)].obs_names
        return AnnData(X=parts["X"], var=parts["var"], varm=parts["varm"] or None, obs=DataFrame(index=names))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"The raw part of an AnnData has X, var, varm, var_names and shape, but no {name!r}")

    def __repr__(self) -> str:
        n_obs, n_vars = self.shape
        return f"AnnDataRawAccessor object with n_obs × n_vars = {n_obs} × {n_vars}"


class AccessorMapping:
    """Lazy view of a slot that maps names to elements, such as `layers`."""

    def __init__(self, name: str, group: Any, read: Callable[[Any], Any]) -> None:
        self._name, self._group, self._read = name, group, read

    def keys(self) -> list[str]:
        """Return the names of the elements."""
        return list(self._group)

    def __iter__(self) -> Iterator[str]:
        return iter(self._group)

    def __len__(self) -> int:
        return len(self._group)

    def __contains__(self, key: object) -> bool:
        return key in self._group

    def __getitem__(self, key: str) -> Any:
        if key not in self._group:
            raise KeyError(f"{self._name} has no {key!r}, only {', '.join(self.keys()) or 'nothing'}")
        return self._read(self._group[key])

    def __repr__(self) -> str:
        return f"Accessor for the AnnData attribute {self._name}\n  with keys: {self.keys()}"


def has_raw(root: Any) -> bool:
    """Tell whether an open store of an AnnData has a raw part."""
    return has(root, "raw") or "raw.X" in root


def _drop_unused_categories(parts: dict[str, Any]) -> None:
    """Drop the categories of a subset that no row has, and their colours, unless anndata is set to keep them."""
    import pandas as pd
    from anndata import settings

    if not settings.remove_unused_categories:
        return
    uns = dict(parts.get("uns") or {})
    for axis in ("obs", "var"):
        frame = parts[axis]
        for name in frame.columns:
            if not isinstance(frame[name].dtype, pd.CategoricalDtype):
                continue
            before = frame[name].cat.categories
            frame[name] = frame[name].cat.remove_unused_categories()
            kept = before.isin(frame[name].cat.categories)
            colors = uns.get(f"{name}_colors")
            if colors is not None and not isinstance(colors, str) and len(colors) == len(before):
                uns[f"{name}_colors"] = colors[kept] if hasattr(colors, "dtype") else [
                    color for color, keep in zip(colors, kept, strict=True) if keep
                ]  # fmt: skip
    if "uns" in parts:
        parts["uns"] = uns


def _integers(positions: Positions) -> Any:
    import numpy as np

    return np.asarray(positions, dtype=np.int64)


def count_observations(data: Any) -> int | None:
    """Return the number of observations of an AnnData in memory, or of a stored one without reading its values."""
    if hasattr(data, "n_obs"):
        return int(data.n_obs)
    with open_store(data) as backed:
        if not is_anndata(backed.storage):
            return None
        return index_length(backed.storage["obs"])


__all__ = [
    "AccessorMapping",
    "AnnDataAccessor",
    "AnnDataAccessorSubset",
    "AnnDataRawAccessor",
    "count_observations",
    "encoding_of",
    "open_anndata",
    "shape_of",
]
