"""Whether the values of a column have the type that their dtype asks for: vectorised, without conversion."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from lamindb.base.dtypes import UTC_DTYPE
from lamindb.curators.plan import ColumnPlan

#: Types of the items of lists, by dtype; numbers of numpy count as numbers of Python.
_ITEM_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float,),
    "num": (int, float),
    "str": (str,),
    "path": (str,),
    "url": (str,),
    "bool": (bool,),
    "dict": (dict,),
    "date": (datetime.date,),
    "datetime": (datetime.datetime,),
    UTC_DTYPE: (datetime.datetime,),
    "object": (object,),
}
#: What numpy calls the kinds of these dtypes.
_ITEM_KINDS = {"int": "iu", "float": "f", "num": "iuf", "bool": "b", "str": "UT", "path": "UT", "url": "UT"}
_TEXTS = ("str", "path", "url")


@dataclass(frozen=True)
class Misfit:
    """A column has another dtype than it should have.

    Attributes:
        expected: what the dtype is called in the message.
        got: the dtype of the column.
        note: what helps, if it isn't conversion.
    """

    expected: str
    got: str
    note: str | None = None


def find_misfit(series: Any, is_null: Any, plan: ColumnPlan) -> tuple[Misfit | None, Any]:
    """Compare the dtype of a column with the one that is asked for.

    Args:
        series: a `pandas.Series`.
        is_null: mask of its missing values, `None` if there are none.
        plan: what is asked for.

    Returns:
        What doesn't fit, and the mask of the cells with values of another type (`None` if all values, or no single ones, are meant).
    """
    if plan.is_list:
        return _check_lists(series, is_null, plan)
    kind = plan.kind
    if kind == "cat":
        return _check_category(series, is_null, plan)
    if kind in ("int", "float", "num", "bool"):
        fits = _is_number(series, is_null, kind)
        return (None if fits else Misfit(kind, _name(series))), None
    if kind in _TEXTS:
        return _check_texts(series, is_null, kind)
    if kind == "date":
        return _check_dates(series, is_null)
    if kind == "datetime":
        if plan.texts_are_categories and _is_empty(series, is_null):
            return None, None  # dictionaries and text files have no typed missing values
        return (None if _is_naive_datetime(series) else Misfit("datetime", _name(series))), None
    if kind == UTC_DTYPE:
        if plan.texts_are_categories and _is_empty(series, is_null):
            return None, None
        return (None if _is_utc_datetime(series) else Misfit(kind, _name(series))), None
    if kind == "dict":
        return _check_dicts(series, is_null)
    return (None if series.dtype == object else Misfit("object", _name(series))), None


def _name(series: Any) -> str:
    return str(series.dtype)


def _is_empty(series: Any, is_null: Any) -> bool:
    return len(series) == 0 or (is_null is not None and bool(is_null.all()))


def _is_number(series: Any, is_null: Any, kind: str) -> bool:
    from pandas.api import types

    if _is_empty(series, is_null):
        return not hasattr(series, "cat") or kind == "num"
    if hasattr(series, "cat"):  # pandas takes a categorical of truth values for truth values
        return False
    dtype = series.dtype
    is_bool = types.is_bool_dtype(dtype)
    if kind == "bool":
        return is_bool
    is_int, is_float = types.is_integer_dtype(dtype), types.is_float_dtype(dtype)
    return {"int": is_int, "float": is_float, "num": is_int or is_float or is_bool}[kind]


def _check_category(series: Any, is_null: Any, plan: ColumnPlan) -> tuple[Misfit | None, Any]:
    import pandas as pd

    if isinstance(series.dtype, pd.CategoricalDtype):
        return None, None
    if plan.texts_are_categories and (_is_empty(series, is_null) or _check_texts(series, is_null, "str")[0] is None):
        return None, None
    if plan.texts_are_categories and series.dtype == object:
        return None, None  # records, numbers
    return Misfit("category", _name(series)), None


def _check_texts(series: Any, is_null: Any, kind: str) -> tuple[Misfit | None, Any]:
    import pandas as pd
    from pandas.api import types

    if _is_empty(series, is_null):
        return None, None
    if isinstance(series.dtype, pd.CategoricalDtype):
        used = series.cat.categories
        if types.infer_dtype(used, skipna=True) in ("string", "empty"):
            return None, None
        return Misfit(kind, f"category of {used.dtype}"), None
    if series.dtype != object:
        return (None if types.is_string_dtype(series.dtype) else Misfit(kind, _name(series))), None
    if types.infer_dtype(series, skipna=True) in ("string", "empty"):
        return None, None
    return Misfit(kind, "object"), _wrong(series, is_null, (str,))


def _check_dates(series: Any, is_null: Any) -> tuple[Misfit | None, Any]:
    from pandas.api import types

    if _name(series).startswith(("date32", "date64")):
        return None, None
    if series.dtype != object:
        return Misfit("date", _name(series)), None
    if types.infer_dtype(series, skipna=True) in ("date", "empty"):
        return None, None
    wrong = _wrong(series, is_null, (datetime.date,), never=(datetime.datetime,))
    return (Misfit("date", "object"), wrong) if wrong.any() else (None, None)


def _is_naive_datetime(series: Any) -> bool:
    from pandas.api import types

    if getattr(series.dtype, "tz", None) is not None:
        return False
    name = _name(series)
    if name.startswith("timestamp["):
        return "tz=" not in name
    return types.is_datetime64_dtype(series.dtype)


def _is_utc_datetime(series: Any) -> bool:
    name = _name(series)
    if name.startswith("timestamp["):
        return "tz=UTC" in name
    return str(getattr(series.dtype, "tz", None)) == "UTC"


def _check_dicts(series: Any, is_null: Any) -> tuple[Misfit | None, Any]:
    if _name(series).startswith(("struct<", "map<")):
        return None, None
    if series.dtype != object:
        fits = _is_empty(series, is_null)
        return (None if fits else Misfit("dict", _name(series))), None
    wrong = _wrong(series, is_null, (dict,))
    return (Misfit("dict", "object"), wrong) if wrong.any() else (None, None)


def _wrong(series: Any, is_null: Any, kinds: tuple[type, ...], never: tuple[type, ...] = ()) -> Any:
    """Return the mask of values that are no instances of `kinds`; missing values don't count."""
    import numpy as np

    types = list(map(type, series))
    fitting = {kind for kind in set(types) if issubclass(kind, kinds) and not issubclass(kind, never)}
    wrong = np.fromiter((kind not in fitting for kind in types), dtype=bool, count=len(types))
    return wrong if is_null is None else wrong & ~is_null


def _check_lists(series: Any, is_null: Any, plan: ColumnPlan) -> tuple[Misfit | None, Any]:
    """Compare cells one by one by the types of their items, which are few."""
    import numpy as np

    from lamindb.curators.scan import is_sequence

    if _is_empty(series, is_null):
        return None, None
    expected = plan.dtype
    if series.dtype != object and not _name(series).startswith(("list<", "large_list<", "fixed_size_list<")):
        return Misfit(expected, _name(series)), None
    item_kind = "cat" if plan.is_categorical else plan.kind
    deeper = plan.parsed.lists > 1

    def fits(cell: Any) -> bool:
        if not is_sequence(cell):
            return False
        if item_kind == "cat":
            return not isinstance(cell, tuple)
        if deeper:
            return all(is_sequence(item) for item in cell)
        return _items_fit(cell, item_kind)

    wrong = np.fromiter((not fits(cell) for cell in series), dtype=bool, count=len(series))
    if is_null is not None:
        wrong &= ~is_null
    return (Misfit(expected, _name(series)), wrong) if wrong.any() else (None, None)


def _items_fit(cell: Any, kind: str) -> bool:
    dtype = getattr(cell, "dtype", None)
    if dtype is not None and getattr(dtype, "kind", "O") != "O":
        return dtype.kind in _ITEM_KINDS.get(kind, "")
    wanted = _ITEM_TYPES[kind]
    for found in set(map(type, cell)):
        if found is type(None) or not issubclass(found, wanted):
            return False
        if issubclass(found, bool) and kind in ("int", "num"):
            return False
        if issubclass(found, datetime.datetime) and kind == "date":
            return False
    return True
