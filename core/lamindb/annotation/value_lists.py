"""Values as users pass them (texts, lists, series, arrays, nested lists) as one flat list, and what counts as no
value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Number
from typing import Any

from django.db import models

_NESTED = (list, tuple, set, frozenset)


@dataclass(frozen=True)
class ValueList:
    """Flat values in the order of the input, and the distinct ones among them that are not empty."""

    values: list[Any]
    unique: list[Any]
    is_single: bool

    @property
    def n_empty(self) -> int:
        """Number of empty and repeated values."""
        return len(self.values) - len(self.unique)


def read_values(values: Any) -> ValueList:
    """Flatten `values`.

    Args:
        values: a text or number, or any iterable of them: list (also nested), set, pandas series, index or
            categorical, numpy array, arrow array.

    Example:
        >>> read_values([["a", "b"], [None, "a"]]).unique
        ['a', 'b']
    """
    is_single = isinstance(values, str)
    flat = [values] if is_single or values is None or isinstance(values, Number) else _flatten(_as_list(values))
    # the keys of a dict keep the order of the input; a million values take a tenth of a second
    unique = [value for value in dict.fromkeys(_hashable(flat)) if not is_empty(value)]
    return ValueList(flat, unique, is_single)


def is_empty(value: Any) -> bool:
    """Tell whether a value is `None`, NaN, NaT, pandas' `NA`, or a text without characters."""
    if value is None or (isinstance(value, str) and value == ""):
        return True
    if isinstance(value, str):
        return False
    if type(value).__name__ == "NAType":
        return True
    return bool(value != value)  # only NaN and NaT differ from themselves


def _as_list(values: Any) -> list[Any]:
    for method in ("tolist", "to_pylist", "to_list"):  # numpy and pandas, arrow, polars and query sets
        if hasattr(values, method) and not isinstance(values, type):
            found = getattr(values, method)()
            return found if isinstance(found, list) else [found]
    if isinstance(values, Iterable):
        return list(values)
    return [values]


def _flatten(values: list[Any]) -> list[Any]:
    kinds = set(map(type, values))
    if not any(issubclass(kind, _NESTED) or kind.__name__ == "ndarray" for kind in kinds):
        return values
    flat: list[Any] = []
    for value in values:
        if isinstance(value, _NESTED) or type(value).__name__ == "ndarray":
            flat.extend(_flatten(_as_list(value)))
        else:
            flat.append(value)
    return flat


def _hashable(values: list[Any]) -> list[Any]:
    if not any(kind.__hash__ is None for kind in set(map(type, values))):
        return values
    value = next(value for value in values if type(value).__hash__ is None)
    raise TypeError(f"values must be texts or numbers, not {type(value).__name__}: {value!r}")


def check_kind(unique: list[Any], field: Any) -> None:
    """Raise `TypeError` if numbers are compared with a text field, or texts with a field of numbers."""
    if not unique:
        return
    is_numeric = isinstance(unique[0], Number) and not isinstance(unique[0], bool)
    kinds = ("numeric", "str/categorical")
    if isinstance(field, models.CharField | models.TextField) and is_numeric:
        passed, stored = kinds
    elif isinstance(field, models.IntegerField | models.FloatField | models.DecimalField) and isinstance(
        unique[0], str
    ):
        stored, passed = kinds
    else:
        return
    raise TypeError(
        f"Type mismatch: identifiers are '{passed}' but field_values are '{stored}'. "
        f"The first value is {unique[0]!r}, the field is {field.model.__name__}.{field.name}: "
        "convert the values or pass another field"
    )
