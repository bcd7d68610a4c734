"""Simple feature values (numbers, texts, dates, …): checked against a dtype, and converted to the form that is stored as JSON, and back."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from lamindb.base.dtype_inference import is_array, is_null, unwrapped
from lamindb.base.dtypes import Dtype

_PANDAS_NAMES: Final = {bool: "bool", int: "int64", float: "float64"}
_TRUE: Final = ("true", "yes", "1")
_FALSE: Final = ("false", "no", "0")


class NotThisDtype(Exception):
    """A value does not have the dtype; the text says what it is instead, if that needs saying."""


@dataclass(frozen=True)
class Mismatch:
    """A value that does not fit.

    Attributes:
        row: number of its row.
        value: the value.
        reason: what is wrong, beyond its type.
    """

    row: int
    value: Any
    reason: str = ""


def is_missing(value: Any) -> bool:
    """Tell whether nothing is stored for a value: nulls, and empty lists.

    Example:
        >>> is_missing(float("nan")), is_missing([]), is_missing("")
        (True, True, False)
    """
    if value is None:
        return True
    if isinstance(value, str | int | dict):
        return False
    if isinstance(value, list | tuple | set | frozenset) or is_array(value):
        return len(value) == 0
    return is_null(value)


def check_column(dtype: Dtype, values: list[Any], coerce: bool = False) -> tuple[list[Any], list[Mismatch]]:
    """Check values of one feature.

    Args:
        dtype: simple dtype, or a list of one.
        values: values; nulls stay `None`.
        coerce: convert what can be converted without loss.

    Returns:
        The values as they are stored, and those that don't fit.

    Example:
        >>> check_column(Dtype("int"), [1, "x"])
        ([1, None], [Mismatch(row=1, value='x', reason='')])
    """
    check = _checker(dtype, coerce)
    stored: list[Any] = []
    mismatches: list[Mismatch] = []
    for row, value in enumerate(values):
        if is_missing(value):
            stored.append(None)
            continue
        try:
            stored.append(check(value))
        except NotThisDtype as error:
            stored.append(None)
            mismatches.append(Mismatch(row, value, str(error)))
    return stored, mismatches


def read_stored(dtype: Dtype, value: Any) -> Any:
    """Return a stored value as people use it: dates as dates, `num` as float.

    Example:
        >>> read_stored(Dtype("date"), "2025-01-17T00:00:00.000Z")
        datetime.date(2025, 1, 17)
    """
    if value is None:
        return None
    if dtype.is_list:
        return [read_stored(dtype.item, item) for item in value] if isinstance(value, list) else value
    if dtype.base in ("date", "datetime", "datetime64[ns, UTC]") and isinstance(value, str):
        return _read_time(dtype.base, value)
    if dtype.base in ("num", "float") and isinstance(value, int):
        return float(value)
    return value


def pandas_name(value: Any) -> str:
    """Return the pandas dtype that a column with this value has."""
    value = unwrapped(value)
    if isinstance(value, datetime.datetime):
        return "datetime64[ns, UTC]" if value.tzinfo is not None else "datetime64[ns]"
    return _PANDAS_NAMES.get(type(value), "object")


def _read_time(base: str, text: str) -> Any:
    try:
        if base == "date":
            return datetime.date.fromisoformat(text[:10])
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return text  # written by another client
    if base == "datetime64[ns, UTC]":
        return moment.astimezone(datetime.UTC) if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    return moment


def _checker(dtype: Dtype, coerce: bool) -> Callable[[Any], Any]:
    if dtype.is_list:
        check_item = _checker(dtype.item, coerce)

        def check_list(value: Any) -> list[Any]:
            if is_array(value):
                value = value.tolist()
            if isinstance(value, set | frozenset):
                value = sorted(value, key=repr)
            if not isinstance(value, list | tuple):
                raise NotThisDtype("a list is expected")
            items = []
            for position, item in enumerate(value):
                if item is None or is_null(item):
                    raise NotThisDtype(f"item {position} is missing, and lists can't hold missing values")
                try:
                    items.append(check_item(item))
                except NotThisDtype as error:
                    reason = f" ({error})" if str(error) else ""
                    raise NotThisDtype(f"item {position} is {item!r}{reason}") from None
            return items

        return check_list
    check = _CHECKS[dtype.base]

    def check_one(value: Any) -> Any:
        if type(value) not in _PLAIN:
            value = unwrapped(value)
        return check(value, coerce)

    return check_one


_PLAIN: Final = frozenset((str, int, float, bool, dict, list))


def _int(value: Any, coerce: bool) -> int:
    if type(value) is int:
        return value
    if coerce and isinstance(value, int | float | str):
        try:
            number = float(value)
            if number == int(number):
                return int(value) if not isinstance(value, float) else int(number)
        except (ValueError, OverflowError):
            pass
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    raise NotThisDtype


def _float(value: Any, coerce: bool) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _finite(float(value))
    if coerce and isinstance(value, str | bool):
        try:
            return _finite(float(value))
        except ValueError:
            pass
    raise NotThisDtype


def _num(value: Any, coerce: bool) -> Any:
    if isinstance(value, bool | int):
        return value
    return _float(value, coerce)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise NotThisDtype("infinite numbers can't be stored")
    return value


def _str(value: Any, coerce: bool) -> str:
    if isinstance(value, str):
        if "\x00" in value:
            raise NotThisDtype("texts with NUL characters can't be stored")
        return value
    if coerce and isinstance(value, bool | int | float | datetime.date):
        return value.isoformat() if isinstance(value, datetime.date) else str(value)
    raise NotThisDtype


def _path(value: Any, coerce: bool) -> str:
    if isinstance(value, PurePath) or hasattr(value, "as_posix"):
        posix = value.as_posix()
        return str(posix.rstrip("/") or posix)
    return _str(value, coerce)


def _bool(value: Any, coerce: bool) -> bool:
    if isinstance(value, bool):
        return value
    if coerce:
        if isinstance(value, int | float) and value in (0, 1):
            return bool(value)
        if isinstance(value, str) and value.lower() in (*_TRUE, *_FALSE):
            return value.lower() in _TRUE
    raise NotThisDtype


def _date(value: Any, coerce: bool) -> str:
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        if coerce and is_day:
            return value.date().isoformat()
        raise NotThisDtype("a date without time is expected")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if coerce and isinstance(value, str):
        try:
            return _date(datetime.datetime.fromisoformat(value), coerce)
        except ValueError:
            raise NotThisDtype("no date in ISO form, YYYY-MM-DD") from None
    raise NotThisDtype


def _datetime(value: Any, coerce: bool) -> str:
    return _moment(value, coerce).isoformat()


def _utc(value: Any, coerce: bool) -> str:
    moment = _moment(value, coerce)
    if moment.tzinfo is None:
        if not coerce:
            raise NotThisDtype("a time with time zone is expected, e.g. with tzinfo=datetime.UTC")
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.astimezone(datetime.UTC).isoformat()


def _moment(value: Any, coerce: bool) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value
    if coerce and isinstance(value, datetime.date):
        return datetime.datetime.combine(value, datetime.time())
    if coerce and isinstance(value, str):
        try:
            return datetime.datetime.fromisoformat(value)
        except ValueError:
            raise NotThisDtype("no time in ISO form, YYYY-MM-DDTHH:MM:SS") from None
    raise NotThisDtype


def _dict(value: Any, coerce: bool) -> dict[Any, Any]:
    if isinstance(value, str) and coerce:
        try:
            value = json.loads(value)
        except ValueError:
            raise NotThisDtype("no JSON") from None
    if not isinstance(value, dict):
        raise NotThisDtype
    return _json(value)  # type: ignore[no-any-return]


def _json(value: Any, coerce: bool = False) -> Any:
    try:
        stored = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise NotThisDtype(f"JSON can't express it: {error}") from None
    if "\\u0000" in json.dumps(stored):
        raise NotThisDtype("texts with NUL characters can't be stored")
    if stored != value and not isinstance(value, tuple):
        raise NotThisDtype("JSON can't express it without change, e.g. keys that are no texts")
    return stored


_CHECKS: Final[dict[str, Callable[[Any, bool], Any]]] = {
    "int": _int,
    "float": _float,
    "num": _num,
    "str": _str,
    "url": _str,
    "path": _path,
    "bool": _bool,
    "date": _date,
    "datetime": _datetime,
    "datetime64[ns, UTC]": _utc,
    "dict": _dict,
    "object": _json,
}
