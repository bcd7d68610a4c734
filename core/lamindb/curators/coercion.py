"""Converting columns to the dtype that a feature asks for, without losing anything: what can't be converted exactly is left alone and reported."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable
from typing import Any

from lamindb.base.dtype_inference import is_null, unwrapped
from lamindb.base.dtypes import UTC_DTYPE
from lamindb.curators.cell_types import find_misfit
from lamindb.curators.plan import ColumnPlan
from lamindb.curators.scan import MAX_EXAMPLES, Cells, is_sequence

#: Whole numbers up to here are the same as floating-point numbers.
_EXACT = 2**53
#: The least whole number of 64 bits.
_LEAST = -(2**63)


def coerce_series(series: Any, plan: ColumnPlan, first_row: int = 0) -> tuple[Any, Cells]:
    """Convert a column to its dtype.

    Args:
        series: a `pandas.Series`.
        plan: what is asked for.
        first_row: position of the first cell, for the report.

    Returns:
        The converted column (the same object if there is nothing to do, or if some cell can't be converted) and the cells that can't be converted.

    Example:
        >>> coerce_series(pd.Series(["1", "2"]), ColumnPlan("n", "int"))[0].tolist()
        [1, 2]
    """
    nulls = series.isna().to_numpy()
    has_nulls = bool(nulls.any())
    misfit, _ = find_misfit(series, nulls if has_nulls else None, plan)
    if misfit is None and not (plan.kind == "cat" and not plan.is_list and not hasattr(series, "cat")):
        return series, Cells()
    if not plan.is_list:
        if plan.kind == "cat":
            return _to_category(series), Cells()
        if plan.kind == "object":
            return series.astype(object), Cells()
        fast = _fast_numbers(series, plan.kind, nulls, has_nulls)
        if fast is not None:
            return fast, Cells()
    convert = _item_converter(plan)
    if convert is None:
        return series, Cells()
    return _convert(series, plan, convert, nulls, first_row)


def _to_category(series: Any) -> Any:
    import pandas as pd

    if series.dtype == object:
        kinds = set(map(type, series[series.notna()]))
        if any(issubclass(kind, tuple) or kind.__hash__ is None or hasattr(kind, "_meta") for kind in kinds):
            return series  # reported as what it is
        if len(kinds) > 1:  # categories of several types can't be sorted, nor stored
            return pd.Series(pd.Categorical([None if is_null(value) else str(value) for value in series]), index=series.index, name=series.name)  # fmt: skip
    return series.astype("category")


def _fast_numbers(series: Any, kind: str, nulls: Any, has_nulls: bool) -> Any:
    """Convert a column of numbers to another kind of numbers; `None` if that would lose something, or it holds none."""
    import numpy as np
    from pandas.api import types

    dtype = series.dtype
    if kind not in ("int", "float", "num") or hasattr(series, "cat") or not types.is_numeric_dtype(dtype):
        return None
    if types.is_complex_dtype(dtype):
        return None
    if types.is_bool_dtype(dtype):
        number = "int64" if kind == "int" else "float64"
        return series.astype("Int64" if kind == "int" and has_nulls else number if not has_nulls else "Float64")
    if kind == "float" and types.is_integer_dtype(dtype):
        present = series[~nulls].to_numpy(dtype=object if str(dtype).lower().startswith("uint64") else "int64")
        if len(present) and max(abs(int(present.min())), abs(int(present.max()))) > _EXACT:
            return None
        return series.astype("float64")
    if kind == "int" and types.is_float_dtype(dtype):
        present = series[~nulls].to_numpy(dtype="float64")
        if not np.isfinite(present).all() or (present != np.trunc(present)).any() or (np.abs(present) > _EXACT).any():
            return None
        return series.astype("Int64" if has_nulls else "int64")
    return None


def _convert(series: Any, plan: ColumnPlan, convert: Callable[[Any], Any], nulls: Any, first_row: int) -> Any:
    """Convert distinct values only, where cells can be hashed."""
    import numpy as np
    import pandas as pd

    values: list[Any]
    if plan.is_list or plan.kind == "dict":
        codes, values = np.arange(len(series)), list(series)
        codes = np.where(nulls, -1, codes)
    elif series.dtype == object and not _is_hashable(series):
        codes, values = np.where(nulls, -1, np.arange(len(series))), list(series)
    else:
        codes, found = pd.factorize(series.astype(object))
        values = list(found)
        if series.dtype == object and len({type(value) for value in values}) > 1:
            codes, values = (
                np.where(nulls, -1, np.arange(len(series))),
                list(series),
            )  # 1, 1.0 and True are equal, yet not the same
    converted, bad = [], set()
    for code, value in enumerate(values):
        try:
            converted.append(convert(value) if not is_null(value) else None)
        except (ValueError, TypeError, OverflowError):
            converted.append(None)
            bad.add(code)
    if bad:
        # what can't be converted stays as it is, and so does the whole column
        mask = np.isin(codes, list(bad))
        rows = np.flatnonzero(mask)
        return series, Cells(len(rows), [(first_row + int(row), series.iloc[row]) for row in rows[:MAX_EXAMPLES]])
    array = np.empty(len(converted) + 1, dtype=object)
    array[: len(converted)] = converted
    array[-1] = None
    return _typed(pd.Series(array[codes], index=series.index, name=series.name, dtype=object), plan), Cells()


def _is_hashable(series: Any) -> bool:
    return all(kind.__hash__ is not None for kind in set(map(type, series)))


def _typed(series: Any, plan: ColumnPlan) -> Any:
    """Give a column of Python values the dtype of pandas that holds them."""
    import pandas as pd

    if plan.is_list or plan.kind in ("date", "dict", "object"):
        return series
    has_nulls = bool(series.isna().any())
    if plan.kind == "int":
        return series.astype("Int64" if has_nulls else "int64")
    if plan.kind in ("float", "num"):
        return series.astype("float64")
    if plan.kind == "bool":
        return series.astype("boolean" if has_nulls else "bool")
    if plan.kind in ("datetime", UTC_DTYPE):
        return pd.to_datetime(series, utc=plan.kind == UTC_DTYPE)
    return series.infer_objects()


def _item_converter(plan: ColumnPlan) -> Callable[[Any], Any] | None:
    convert = _CONVERTERS.get(plan.kind)
    if not plan.is_list:
        return convert
    if convert is None or plan.parsed.lists > 1:
        return None
    item = convert

    def convert_list(cell: Any) -> list[Any]:
        if isinstance(cell, str) or not is_sequence(cell):
            raise ValueError("no list")
        return [item(one) for one in cell]

    return convert_list


def _to_int(value: Any) -> int:
    value = unwrapped(value)
    if isinstance(value, int):
        if not _LEAST <= value <= -_LEAST - 1:
            raise OverflowError("more than 64 bits")
        return int(value)
    if isinstance(value, float):
        if not value.is_integer():
            raise ValueError("not whole")
        return int(value)
    if isinstance(value, str):
        try:
            return _to_int(int(value.strip().replace("_", "?")))
        except ValueError:
            return _to_int(_to_float(value))
    raise TypeError("no number")


def _to_float(value: Any) -> float:
    value = unwrapped(value)
    if isinstance(value, str):
        number = float(value.strip().replace("_", "?"))
        if math.isinf(number) and "inf" not in value.lower():
            raise ValueError("too large")
        return number
    if isinstance(value, int) and int(float(value)) != value:
        raise ValueError("too many digits")
    if isinstance(value, int | float):
        return float(value)
    raise TypeError("no number")


def _to_bool(value: Any) -> bool:
    value = unwrapped(value)
    if isinstance(value, str):
        value = {"true": True, "false": False, "1": True, "0": False}.get(value.strip().lower(), value)
    if isinstance(value, bool) or (isinstance(value, int | float) and value in (0, 1)):
        return bool(value)
    raise ValueError("no truth value")


def _to_text(value: Any) -> str:
    value = unwrapped(value)
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if hasattr(value, "as_posix"):
        return value.as_posix()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _to_date(value: Any) -> datetime.date:
    value = unwrapped(value)
    if isinstance(value, str):
        return datetime.date.fromisoformat(value.strip())
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time() or value.tzinfo is not None:
            raise ValueError("has a time of day")
        return value.date()
    if isinstance(value, datetime.date):
        return value
    raise TypeError("no date")


def _to_datetime(value: Any) -> Any:
    value = _to_moment(value)
    if value.tzinfo is not None:
        raise ValueError("has a time zone")
    return value


def _to_utc(value: Any) -> Any:
    """Return a time in UTC; times without zone are taken for such."""
    value = _to_moment(value)
    return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


def _to_moment(value: Any) -> Any:
    value = unwrapped(value)
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value.strip())
    elif not isinstance(value, datetime.datetime) and isinstance(value, datetime.date):
        value = datetime.datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime.datetime):
        raise TypeError("no time")
    return value


def _to_dict(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = json.loads(value)
    if not isinstance(value, dict):
        raise TypeError("no dictionary")
    return value


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "int": _to_int,
    "float": _to_float,
    "num": _to_float,
    "bool": _to_bool,
    "str": _to_text,
    "path": _to_text,
    "url": _to_text,
    "date": _to_date,
    "datetime": _to_datetime,
    UTC_DTYPE: _to_utc,
    "dict": _to_dict,
}
