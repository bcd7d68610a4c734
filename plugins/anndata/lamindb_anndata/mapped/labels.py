"""Columns of `obs` over several stores: one code for each category, or the values as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Labels:
    """A column of one store.

    Attributes:
        codes: position of the category of each row, -1 where it is missing; `None` for numbers that are not encoded.
        categories: the categories of this store.
        values: numbers and truth values that are not encoded.
        missing: which of `values` are missing; `None` if none is.
    """

    codes: Any = None
    categories: Any = None
    values: Any = None
    missing: Any = None
    _names: Any = None

    def __len__(self) -> int:
        return len(self.values if self.codes is None else self.codes)

    def is_missing(self) -> Any:
        """Return a mask of the rows without a value."""
        if self.codes is not None:
            return self.codes < 0
        return self.missing if self.missing is not None else np.zeros(len(self.values), dtype=bool)

    def matches(self, wanted: Iterable[Any]) -> Any:
        """Return a mask of the rows that have one of some values; NaN and `None` match missing ones."""
        import pandas as pd

        wanted = list(wanted)
        some_missing = any(pd.isna(value) for value in wanted)
        known = [value for value in wanted if not pd.isna(value)]
        if self.codes is None:
            found = np.isin(self.values, known) & ~self.is_missing()
        else:
            found = np.isin(self.codes, np.flatnonzero(pd.Index(self.categories).isin(known)))
        return found | self.is_missing() if some_missing else found

    def named(self) -> _Named:
        """Return what gives the categories of rows, `nan` where they are missing."""
        if self._names is None:
            self._names = np.empty(len(self.categories) + 1, dtype=object)
            self._names[:-1] = self.categories
            self._names[-1] = float("nan")
        return _Named(self._names, self.codes)

    def texts(self) -> Any:
        """Return the values as texts, `nan` where they are missing."""
        if self.codes is None:
            return np.asarray(self.values).astype(str)
        named = np.array([str(category) for category in self.categories] + ["nan"], dtype=object)
        return named[self.codes]


@dataclass(frozen=True)
class _Named:
    """Categories by row, looked up when rows are asked for."""

    names: Any
    codes: Any

    def __getitem__(self, rows: Any) -> Any:
        return self.names[self.codes[rows]]


def labels_of(column: Any, *, encode: bool) -> Labels:
    """Make labels of a column as pandas has it; texts are always kept as codes, numbers only if they are encoded."""
    import pandas as pd

    if isinstance(column, pd.Categorical):
        return Labels(_small(column.codes, len(column.categories)), np.asarray(column.categories, dtype=object))
    series = pd.Series(column)
    if not encode and (series.dtype.kind in "iufb" or pd.api.types.is_bool_dtype(series.dtype)):
        missing = series.isna().to_numpy()
        if isinstance(series.dtype, np.dtype):
            return Labels(values=series.to_numpy(), missing=missing if missing.any() else None)
        plain = series.fillna(False) if pd.api.types.is_bool_dtype(series.dtype) else series.fillna(0)
        return Labels(
            values=plain.to_numpy(dtype=getattr(series.dtype, "numpy_dtype", np.dtype(bool))),
            missing=missing if missing.any() else None,
        )
    codes, categories = pd.factorize(series, use_na_sentinel=True)
    return Labels(_small(codes, len(categories)), np.asarray(categories, dtype=object))


def merged_categories(labels: Iterable[Labels]) -> list[Any]:
    """Return the categories of several stores, sorted; values that can't be compared are sorted by their text."""
    found = {category for part in labels for category in part.categories}
    try:
        return sorted(found)
    except TypeError:
        return sorted(found, key=str)


def encode(labels: Labels, encoder: dict[Any, int]) -> Any:
    """Return the codes of an encoder, with a last entry for missing values: a float table if any value is missing."""
    table = np.array([encoder[category] for category in labels.categories] + [0], dtype=np.int64)
    if not labels.is_missing().any():
        return table[labels.codes]
    coded = table.astype(float)
    coded[-1] = np.nan
    return coded[labels.codes]


def _small(codes: Any, n_categories: int) -> Any:
    """Return codes in the smallest type that holds them."""
    return np.asarray(codes).astype(np.min_scalar_type(-max(n_categories, 1)), copy=False)
