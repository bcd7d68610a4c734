"""The virtual dataset over the observations of many AnnData stores."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal

import numpy as np

from lamindb_anndata.mapped.arrays import ChunkCache
from lamindb_anndata.mapped.joins import Join, join_variables
from lamindb_anndata.mapped.labels import Labels, encode, labels_of, merged_categories
from lamindb_anndata.mapped.store import MappedStore
from lamindb_anndata.stores import AnyPath

_FIRST = np.zeros(1, dtype=np.int64)


class MappedCollection:
    """Observations of many AnnData stores as one sequence of items: `len(dataset)`, `dataset[i]`.

    A map-style dataset for `torch.utils.data.DataLoader`, which needs no torch itself. Reading many items at once (`__getitems__`, which torch calls
    where it can, and `batches()`) costs little more than reading one.

    Args:
        path_list: paths of h5ad files and zarr stores.
        layers_keys: `"X"`, `"raw.X"`, or names of layers; default: `"X"`.
        obs_keys: columns of `obs` that items have.
        obsm_keys: keys of `obsm` that items have, as `obsm_<key>`.
        obs_filter: column of `obs` to the value or values that rows must have; NaN matches missing values.
        join: `"inner"` keeps the variables that all stores have, `"outer"` all variables (0 where a store lacks one), `None` leaves them as they are.
        encode_labels: `True`, or those of `obs_keys` that items have as integers.
        unknown_label: category that is encoded as -1, for all columns or by column.
        cache_categories: keep the codes of columns in memory; `False` reads columns that are not filtered by when they are first used.
        parallel: hold no open handles; a dataset can be handed to worker processes in any case.
        dtype: type of the values of matrices.

    Raises:
        ValueError: if an argument is none of the above, the stores share no variables, or a matrix is stored by columns.

    Example:
        >>> dataset = MappedCollection(["a.h5ad", "b.h5ad"], obs_keys="cell_type", join="outer")  # doctest: +SKIP
        >>> dataset[0]["X"].shape, dataset[0]["cell_type"]  # doctest: +SKIP
    """

    def __init__(
        self,
        path_list: Sequence[AnyPath],
        layers_keys: str | list[str] | None = None,
        obs_keys: str | list[str] | None = None,
        obsm_keys: str | list[str] | None = None,
        obs_filter: Mapping[str, Any] | tuple[str, Any] | None = None,
        join: Literal["inner", "outer"] | None = "inner",
        encode_labels: bool | list[str] = True,
        unknown_label: str | dict[str, str] | None = None,
        cache_categories: bool = True,
        parallel: bool = False,
        dtype: str | None = None,
    ) -> None:
        if join not in ("inner", "outer", None):
            raise ValueError(f"join must be one of 'inner', 'outer' or None, not {join!r}")
        self.path_list = [path_list] if isinstance(path_list, str) or hasattr(path_list, "suffix") else list(path_list)
        if not self.path_list:
            raise ValueError("There is no AnnData to read: the list of paths is empty")
        self.layers_keys = _as_list(layers_keys) or ["X"]
        self.obs_keys = _as_list(obs_keys)
        self.obsm_keys = _as_list(obsm_keys)
        #: names of matrices in items, and in stores
        self._matrices = {key: key for key in self.layers_keys} | {
            f"obsm_{key}": f"obsm/{key}" for key in self.obsm_keys
        }
        self.join_vars: str | None = join
        self.encode_labels = self._checked_encoded(encode_labels)
        self.unknown_label = unknown_label
        self._unknown = self._checked_unknown(unknown_label)
        self.cache_categories = cache_categories
        self.parallel = parallel
        self.dtype = dtype
        self._closed = False
        self._labels: dict[tuple[int, str], Labels | None] = {}
        self._stores: list[MappedStore] = []
        self._cache = ChunkCache()
        try:
            self._open(_as_filter(obs_filter))
        except BaseException:
            self._close_stores()
            raise

    def _open(self, obs_filter: dict[str, list[Any]]) -> None:
        self._stores = [MappedStore(path, self._cache) for path in self.path_list]
        for store in self._stores:
            for name in (*self.layers_keys, *(f"obsm/{key}" for key in self.obsm_keys)):
                store.check_readable(name)
        self.filtered = bool(obs_filter)
        rows = [self._filtered_rows(number, obs_filter) for number in range(len(self._stores))]
        self.n_obs_list = [len(part) for part in rows]
        self.indices = np.concatenate(rows)
        self.storage_idx = np.repeat(np.arange(len(rows)), self.n_obs_list)
        self.n_obs = int(sum(self.n_obs_list))
        self.n_vars_list = [store.n_vars for store in self._stores]
        self._join: Join = join_variables(self._stores, self.join_vars)
        self.join_vars = self._join.kind
        self.var_joint = self._join.names
        self.var_indices = self._join.indices
        self.n_vars = None if self.var_joint is None else len(self.var_joint)
        self.original_shapes = [
            (n_obs, None if self.var_joint is None else n_vars)
            for n_obs, n_vars in zip(self.n_obs_list, self.n_vars_list, strict=True)
        ]
        if self.obs_keys:
            self.encoders = {key: self._encoder(key) for key in self.encode_labels}
            if self.cache_categories:
                for number in range(len(self._stores)):
                    for key in self.obs_keys:
                        self._labels_of(number, key)
        self._encoded: dict[tuple[int, str], Any] = {}
        if self.parallel:
            self._close_stores()

    # what it is -----------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return self.n_obs

    @property
    def shape(self) -> tuple[int, int | None]:
        """Numbers of observations and of joint variables."""
        return self.n_obs, self.n_vars

    @property
    def var_list(self) -> list[Any]:
        """Names of the variables of each store."""
        return [store.var_names for store in self._stores]

    @property
    def storages(self) -> list[Any]:
        """The open stores: `h5py.File` or `zarr.Group`; `None` for each if no handles are held."""
        return [None if self.parallel or self._closed else store.root for store in self._stores]

    @property
    def conns(self) -> list[Any]:
        """What lies under the open stores: open remote files, else `None`."""
        return [None if self.parallel or self._closed else store.backed.connection for store in self._stores]

    # items ----------------------------------------------------------------------------------------------------------

    def __getitem__(self, index: int) -> dict[str, Any]:
        if isinstance(index, (bool, np.bool_)) or not isinstance(index, (int, np.integer)):
            raise TypeError(
                f"An item is asked for by its integer position, not by {type(index).__name__}; for several: .take([0, 1, …])"
            )
        if not -self.n_obs <= index < self.n_obs:
            raise IndexError(f"index {index} is out of bounds for a dataset of {self.n_obs} observations")
        self._check_open()
        position = int(index) % self.n_obs
        number, rows = int(self.storage_idx[position]), self.indices[position : position + 1]
        item = {name: values[0] for name, values in self._read_store(number, rows).items()}
        for key in self.obs_keys:
            labels = self._labels_of(number, key)
            if labels is not None:
                item[key] = self._item_values(number, key, labels, rows)[0]
        item["_store_idx"] = self.storage_idx[position]
        return item

    def __getitems__(self, indices: Sequence[int]) -> list[dict[str, Any]]:
        """Return the items at some positions, which may repeat; each store is read once, in the order of its rows."""
        positions = self._checked(indices)
        items: list[dict[str, Any]] = [{} for _ in range(len(positions))]
        stores = self.storage_idx[positions]
        for number in np.unique(stores).tolist():
            places = np.flatnonzero(stores == number)
            rows = self.indices[positions[places]]
            columns = self._read_store(number, rows)
            for place, item in enumerate(places.tolist()):
                items[item] = {name: values[place] for name, values in columns.items()}
            for key in self.obs_keys:
                labels = self._labels_of(number, key)
                if labels is None:
                    continue
                for item, value in zip(places.tolist(), self._item_values(number, key, labels, rows), strict=True):
                    items[item][key] = value
        for place, store_number in enumerate(stores):
            items[place]["_store_idx"] = np.int64(store_number)
        return items

    def take(self, indices: Sequence[int] | Any, *, sparse: bool = False) -> dict[str, Any]:
        """Read several observations at once.

        Args:
            indices: positions, in any order, which may repeat.
            sparse: give sparse matrices as `scipy.sparse.csr_matrix`.

        Returns:
            The keys of an item, each with an array whose first axis is as long as `indices`. Encoded columns are integers; a column that has missing
            values is float, with `nan` where the value is missing.

        Raises:
            IndexError: if a position is out of range.
            ValueError: if the stores differ in what they have, so that their rows don't fit into one array.
        """
        positions = self._checked(indices)
        stores = self.storage_idx[positions]
        parts = [
            (places := np.flatnonzero(stores == number), number, self.indices[positions[places]])
            for number in np.unique(stores).tolist()
        ]
        found: dict[str, Any] = {}
        for name in self._matrices:
            found[name] = self._take_matrix(name, parts, len(positions), sparse)
        for key in self.obs_keys:
            found[key] = self._take_column(key, parts, len(positions))
        found["_store_idx"] = stores.astype(np.int64)
        return found

    def batches(self, batch_size: int = 128, **kwargs: Any) -> Any:
        """Return an iterable over batches, in order or shuffled within blocks: see `BatchReader` for the arguments."""
        from lamindb_anndata.mapped.batches import BatchReader

        return BatchReader(self, batch_size, **kwargs)

    def _checked(self, indices: Any) -> Any:
        positions = np.asarray(indices, dtype=np.int64).reshape(-1)
        outside = (positions < -self.n_obs) | (positions >= self.n_obs)
        if outside.any():
            raise IndexError(
                f"index {positions[outside][0]} is out of bounds for a dataset of {self.n_obs} observations"
            )
        self._check_open()
        return np.where(positions < 0, positions + self.n_obs, positions)

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError("The MappedCollection is closed: make a new one with collection.mapped()")

    def _columns_of(self, number: int, name: str) -> tuple[Any, int | None]:
        """Return where the columns of an element belong (`None`: where they are), and how many there are after the join."""
        joins = name != "raw.X" and not name.startswith("obsm/")
        columns = self._join.targets[number] if joins else None
        return columns, self.n_vars if joins and columns is not None else None

    def _read_store(self, number: int, rows: Any) -> dict[str, Any]:
        """Read rows of one store: the matrices that it has, as dense arrays in the order of `rows`."""
        store, found = self._stores[number], {}
        for name, element in self._matrices.items():
            facts = store.facts(element)
            if facts is not None:
                width = self._columns_of(number, element)[1] or facts.width
                out = np.zeros((len(rows), width), dtype=self.dtype or facts.dtype)
                self._fill(out, np.arange(len(rows)), number, element, rows)
                found[name] = out
        return found

    def _fill(self, out: Any, places: Any, number: int, element: str, rows: Any) -> None:
        """Put rows of one store into the places of a dense array, which is zero there."""
        store = self._stores[number]
        # a single row needs no ordering, which would cost as much as reading it
        ordered, inverse = np.unique(rows, return_inverse=True) if len(rows) > 1 else (rows, _FIRST)
        columns, _ = self._columns_of(number, element)
        read = store.rows(element, ordered)
        if isinstance(read, np.ndarray):
            values = np.asarray(read).reshape(len(ordered), -1)[inverse]
            if columns is None:
                out[places] = values
            else:
                kept = np.flatnonzero(columns >= 0)
                out[np.ix_(places, columns[kept])] = values[:, kept]
            return
        data, indices, offsets = read
        targets = indices if columns is None else columns[indices]
        if len(rows) == 1:
            if columns is not None and not self._join.keeps_all[number]:
                data, targets = data[targets >= 0], targets[targets >= 0]
            out[int(places[0]), targets] = data
            return
        sizes = np.diff(offsets)
        if len(ordered) < len(rows):
            from lamindb_anndata.elements import gather_index

            gather = gather_index(offsets[:-1][inverse], sizes[inverse])
            data, targets, sizes, owners = data[gather], targets[gather], sizes[inverse], places
        else:
            owners = np.empty(len(rows), dtype=np.int64)
            owners[inverse] = places
        flat = np.repeat(owners * out.shape[1], sizes) + targets
        if columns is not None and not self._join.keeps_all[number]:
            kept = targets >= 0
            flat, data = flat[kept], data[kept]
        out.reshape(-1)[flat] = data

    def _take_matrix(self, name: str, parts: list[Any], length: int, sparse: bool) -> Any:
        element = self._matrices[name]
        facts: list[Any] = [self._stores[number].facts(element) for _, number, _ in parts]
        if None in facts:
            path = self.path_list[parts[facts.index(None)][1]]
            raise ValueError(f"{path} has no {name!r}, so its rows don't fit into one array")
        widths = {
            self._columns_of(number, element)[1] or known.width
            for (_, number, _), known in zip(parts, facts, strict=True)
        }
        if len(widths) > 1:
            raise ValueError(
                f"The stores have {name!r} of different widths {sorted(widths)}, which don't fit into one array: "
                "pass join='inner' or join='outer'"
            )
        width = widths.pop() if widths else self.n_vars or 0
        dtype = self.dtype or (np.result_type(*(known.dtype for known in facts)) if facts else np.float32)
        if sparse and all(known.is_sparse for known in facts):
            return self._take_sparse(element, parts, (length, width), dtype)
        out = np.zeros((length, width), dtype=dtype)
        for places, number, rows in parts:
            self._fill(out, places, number, element, rows)
        return out

    def _take_sparse(self, element: str, parts: list[Any], shape: tuple[int, int], dtype: Any) -> Any:
        from scipy import sparse

        matrices, stacked_rows = [], np.empty(shape[0], dtype=np.int64)
        n_stacked = 0
        for places, number, rows in parts:
            ordered, inverse = np.unique(rows, return_inverse=True)
            data, indices, offsets = self._stores[number].rows(element, ordered)
            columns, _ = self._columns_of(number, element)
            width = shape[1] if columns is None else len(columns)
            matrix = sparse.csr_matrix((data, indices, offsets), shape=(len(ordered), width), copy=False)
            if columns is not None:
                kept = np.flatnonzero(columns >= 0)
                selector = sparse.csr_matrix(
                    (np.ones(len(kept), dtype=matrix.dtype), (kept, columns[kept])), shape=(width, shape[1])
                )
                matrix = matrix @ selector
            matrices.append(matrix)
            stacked_rows[places] = n_stacked + inverse
            n_stacked += len(ordered)
        if not matrices:
            return sparse.csr_matrix(shape, dtype=dtype)
        stacked = matrices[0] if len(matrices) == 1 else sparse.vstack(matrices, format="csr")
        return stacked[stacked_rows].astype(dtype, copy=False)

    # columns of obs -------------------------------------------------------------------------------------------------

    def _labels_of(self, number: int, key: str) -> Labels | None:
        """Return a column of one store, `None` if the store doesn't have it; read once."""
        if (number, key) not in self._labels:
            store = self._stores[number]
            self._labels[number, key] = (
                labels_of(store.column(key), encode=key in self.encode_labels) if store.has_column(key) else None
            )
        return self._labels[number, key]

    def _encoder(self, key: str) -> dict[Any, int]:
        parts = [labels for number in range(len(self._stores)) if (labels := self._labels_of(number, key)) is not None]
        unknown = self._unknown.get(key)
        categories = [category for category in merged_categories(parts) if category != unknown or unknown is None]
        encoder = {category: code for code, category in enumerate(categories)}
        if unknown is not None:
            encoder[unknown] = -1
        return encoder

    def _codes(self, number: int, key: str, labels: Labels) -> Any:
        if (number, key) not in self._encoded:
            self._encoded[number, key] = encode(labels, self.encoders[key])
        return self._encoded[number, key]

    def _item_values(self, number: int, key: str, labels: Labels, rows: Any) -> list[Any]:
        if key in self.encode_labels:
            codes = self._codes(number, key, labels)[rows].tolist()
            # of a column with missing values, all codes are kept as floats
            return [int(code) if code == code else code for code in codes]
        if labels.codes is None:
            values = labels.values[rows]
            if labels.missing is None:
                return list(values)
            return [float("nan") if gone else value for value, gone in zip(values, labels.missing[rows], strict=True)]
        return list(labels.named()[rows])

    def _take_column(self, key: str, parts: list[Any], length: int) -> Any:
        columns = [self._labels_of(number, key) for number in range(len(self._stores))]
        is_encoded = key in self.encode_labels
        out = np.empty(length, dtype=self._column_type(columns, is_encoded))
        if any(labels is None for labels in columns):
            out[:] = np.nan
        for places, number, rows in parts:
            labels = columns[number]
            if labels is None:
                continue
            if is_encoded:
                out[places] = self._codes(number, key, labels)[rows]
            elif labels.codes is not None:
                out[places] = labels.named()[rows]
            else:
                out[places] = labels.values[rows]
                if labels.missing is not None:
                    out[places[labels.missing[rows]]] = np.nan
        return out

    def _column_type(self, columns: list[Labels | None], is_encoded: bool) -> Any:
        """Return the type of an array that holds a column of all stores; `nan` stands for what is missing in some."""
        some_missing = any(labels is None or labels.is_missing().any() for labels in columns)
        if is_encoded:
            return np.dtype(np.float64 if some_missing else np.int64)
        known = [labels for labels in columns if labels is not None]
        if not known or any(labels.codes is not None for labels in known):
            return np.dtype(object)
        kind = np.result_type(*(labels.values.dtype for labels in known))
        return np.result_type(kind, np.float64) if some_missing and kind.kind != "f" else kind

    def _filtered_rows(self, number: int, obs_filter: dict[str, list[Any]]) -> Any:
        store = self._stores[number]
        mask = np.ones(store.n_obs, dtype=bool)
        for key, wanted in obs_filter.items():
            if not store.has_column(key):
                return np.empty(0, dtype=np.int64)
            encoded = key in self.encode_labels
            labels = self._labels_of(number, key) if key in self.obs_keys else labels_of(
                store.column(key), encode=encoded
            )  # fmt: skip
            mask &= labels.matches(wanted)  # type: ignore[union-attr]
        return np.flatnonzero(mask)

    def get_merged_labels(self, label_key: str) -> Any:
        """Return the values of a column of `obs` of all observations, as texts."""
        return np.concatenate([self._texts(number, label_key) for number in range(len(self._stores))])

    def get_merged_categories(self, label_key: str) -> list[Any]:
        """Return the categories that a column of `obs` has in any store, sorted."""
        parts = [self._column_to_count(number, label_key) for number in range(len(self._stores))]
        return merged_categories(labels for labels in parts if labels is not None)

    def get_label_weights(
        self, obs_keys: str | list[str], scaler: float | None = None, return_categories: bool = False
    ) -> Any:
        """Return how much each observation, or each label, counts so that rare labels are drawn as often as frequent ones.

        Args:
            obs_keys: one or several columns of `obs`; of several, each combination of values is a label.
            scaler: the weight is `scaler / (count + scaler)` instead of `1 / count`, which favours rare labels less.
            return_categories: return a dict from label to weight instead of an array with a weight for each observation.

        Raises:
            ValueError: if no store has one of the columns.
        """
        keys = _as_list(obs_keys)
        for key in keys:
            if not any(store.has_column(key) for store in self._stores):
                raise ValueError(f"No store has a column {key!r} in obs")
        texts = [self.get_merged_labels(key) for key in keys]
        labels = texts[0]
        for more in texts[1:]:
            labels = labels + "__" + more
        names, inverse, counts = np.unique(labels.astype(str), return_inverse=True, return_counts=True)
        weights = scaler / (counts + scaler) if scaler is not None else 1.0 / counts
        if return_categories:
            return dict(zip(names.tolist(), weights.tolist(), strict=True))
        return weights[inverse]

    def _texts(self, number: int, key: str) -> Any:
        rows = self.indices[self.storage_idx == number]
        labels = self._column_to_count(number, key)
        if labels is None:
            return np.full(len(rows), "nan", dtype=object)
        return labels.texts()[rows].astype(object)

    def _column_to_count(self, number: int, key: str) -> Labels | None:
        store = self._stores[number]
        return labels_of(store.column(key), encode=True) if store.has_column(key) else None

    # variables ------------------------------------------------------------------------------------------------------

    def check_vars_sorted(self, ascending: bool = True) -> bool:
        """Tell whether the variables of every store are sorted by name."""
        return all(
            names.is_monotonic_increasing if ascending else names.is_monotonic_decreasing for names in self.var_list
        )

    def check_vars_non_aligned(self, vars: Any) -> list[int]:
        """Return the positions of the stores whose variables are not these, in this order."""
        return [number for number, names in enumerate(self.var_list) if not names.equals(_as_index(vars))]

    # opening and closing --------------------------------------------------------------------------------------------

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def close(self) -> None:
        """Close the stores; with `parallel=True` there is nothing to close."""
        if not self.parallel:
            self._close_stores()
            self._closed = True

    def _close_stores(self) -> None:
        for store in self._stores:
            store.close()
        self._cache.clear()

    def __enter__(self) -> MappedCollection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @classmethod
    def torch_worker_init_fn(cls, worker_id: int) -> None:
        """Let a worker of a `torch.utils.data.DataLoader` hold handles of its own: pass it as `worker_init_fn`."""
        from torch.utils.data import get_worker_info

        dataset: Any = get_worker_info().dataset  # type: ignore[union-attr]
        mapped = dataset if isinstance(dataset, cls) else getattr(dataset, "mapped", None)
        if mapped is not None:
            mapped.parallel = False

    def __repr__(self) -> str:
        return f"MappedCollection of {len(self.path_list)} stores with n_obs × n_vars = {self.n_obs} × {self.n_vars}"

    def _checked_encoded(self, encode_labels: bool | list[str]) -> list[str]:
        if isinstance(encode_labels, bool):
            return list(self.obs_keys) if encode_labels else []
        wanted = _as_list(encode_labels)
        unknown = [key for key in wanted if key not in self.obs_keys]
        if unknown:
            raise ValueError(f"All elements of `encode_labels` should be in `obs_keys`. These are not: {unknown}")
        return wanted

    def _checked_unknown(self, unknown_label: str | dict[str, str] | None) -> dict[str, str]:
        if not isinstance(unknown_label, dict):
            return {} if unknown_label is None else dict.fromkeys(self.encode_labels, unknown_label)
        others = [key for key in unknown_label if key not in self.encode_labels]
        if others:
            raise ValueError(f"Keys of `unknown_label` should be columns that are encoded. These are not: {others}")
        return dict(unknown_label)


def _as_list(value: str | Sequence[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def _as_index(names: Any) -> Any:
    import pandas as pd

    return names if isinstance(names, pd.Index) else pd.Index(names)


def _as_filter(obs_filter: Mapping[str, Any] | tuple[str, Any] | None) -> dict[str, list[Any]]:
    if obs_filter is None:
        return {}
    if isinstance(obs_filter, tuple):
        warnings.warn("Pass obs_filter as a dict {column: values} instead of a tuple", DeprecationWarning, stacklevel=3)
        obs_filter = {obs_filter[0]: obs_filter[1]}
    return {
        key: list(value) if isinstance(value, (list, tuple, set, np.ndarray)) else [value]
        for key, value in obs_filter.items()
    }
