"""Which dtype a Python value or a pandas dtype has, how the value is stored as JSON, and which pandas dtype a dtype has.

pandas and numpy are recognised by names; they are never imported here.
"""

from __future__ import annotations

import datetime
import math
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from lamindb.base.dtypes import UTC_DTYPE, Dtype, parse_dtype
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name
from lamindb.errors import DtypeError

#: What is said of a text that may be a category as well as free text, and of a value of which nothing can be said.
AMBIGUOUS: Final = "cat ? str"
UNKNOWN: Final = "?"

_PANDAS: Final = {
    "str": "string",
    "url": "string",
    "path": "string",
    "int": "Int64",
    "num": "float64",
    "float": "float64",
    "bool": "boolean",
    "datetime": "datetime64[ns]",
    UTC_DTYPE: UTC_DTYPE,
    "date": "object",
    "dict": "object",
    "object": "object",
    "cat": "category",
}
#: Names of pandas, numpy and Arrow-backed dtypes in lower case.
_NAMES: Final = (
    (re.compile(r"category|dictionary<.*"), "cat[ULabel]"),
    (re.compile(r"object|str\d*|(large_)?string(\[.*)?"), "str"),
    (re.compile(r"bool(ean)?(\[pyarrow\])?"), "bool"),
    (re.compile(r"u?int\d*(\[pyarrow\])?"), "int"),
    (re.compile(r"(float\d*|half|double)(\[pyarrow\])?"), "float"),
    (re.compile(r"datetime64\[\w+, .+\]|timestamp\[\w+, .+\].*"), UTC_DTYPE),
    (re.compile(r"datetime64.*|timestamp\[.*"), "datetime"),
    (re.compile(r"date(32|64)\[.*"), "date"),
)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:$|[T ])", re.ASCII)


@dataclass(frozen=True)
class Inferred:
    """What was inferred from a value.

    Attributes:
        dtype: text of the dtype, or `"cat ? str"` (ambiguous), `"list[cat ? str]"` or `"?"` (unknown).
        value: the value as it is stored as JSON (records stay records).
    """

    dtype: str
    value: Any


def infer_dtype(value: Any, target: str | None = None, *, mute: bool = False) -> Inferred:
    """Return the dtype of a value, and the value as it is stored.

    Args:
        value: any value; scalars of numpy and pandas count as those of Python, their nulls as `None`.
        target: dtype of the feature that the value is for. It decides whether texts are read as dates: without one they are if they look like it.
        mute: do not warn if nothing can be inferred.

    Example:
        >>> infer_dtype(datetime.date(2024, 5, 1))
        Inferred(dtype='date', value='2024-05-01')
        >>> infer_dtype(["T cell", "B cell"]).dtype
        'list[cat ? str]'
    """
    inferred = _infer(value, target)
    if inferred.dtype == UNKNOWN and not mute and not (_is_sized(value) and len(value) == 0):
        logger.warning("cannot infer feature type of: %s, returning '?'", value)
    return inferred


def dtype_of_pandas(dtype: Any, column: Any = None) -> str:
    """Return the dtype for a dtype of pandas or numpy.

    Args:
        dtype: such as `df["a"].dtype`, or its name.
        column: name of the column, for the message.

    Raises:
        DtypeError: if there is none, as for complex numbers and time differences.

    Example:
        >>> dtype_of_pandas("Int64"), dtype_of_pandas("category")
        ('int', 'cat[ULabel]')
    """
    name = str(getattr(dtype, "name", None) or dtype)
    for pattern, text in _NAMES:
        if pattern.fullmatch(name.lower()):
            return text
    where = f"Column {column!r} has" if column is not None else "This is"
    raise DtypeError(
        f"{where} the pandas dtype {name}, for which there is no dtype of features: convert the values, e.g. with .astype('float64') or .astype(str)",
        name,
    )


def pandas_dtype_of(dtype: str | Dtype) -> str:
    """Return the name of the pandas dtype that an empty column of this dtype has.

    Example:
        >>> pandas_dtype_of("int"), pandas_dtype_of("cat[ULabel]"), pandas_dtype_of("list[str]")
        ('Int64', 'category', 'object')
    """
    if isinstance(dtype, str):
        dtype = parse_dtype(dtype)
    return "object" if dtype.is_list else _PANDAS[dtype.base]


def is_pandas_dtype(value: Any) -> bool:
    """Tell whether a value is a dtype of pandas or numpy (an object, not a class such as `np.float64`)."""
    if isinstance(value, type):
        return False
    pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.dtype):
        return True
    return pandas is not None and isinstance(value, pandas.api.extensions.ExtensionDtype)


def is_null(value: Any) -> bool:
    """Tell whether a value stands for a missing one: `None`, NaN, `pd.NA` or `NaT`."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def _infer(value: Any, target: str | None) -> Inferred:
    if is_array(value):
        return _infer_array(value)
    value = unwrapped(value)
    if is_null(value):
        return Inferred(UNKNOWN, None)
    for kind, text in ((bool, "bool"), (int, "int"), (float, "float")):
        if isinstance(value, kind):
            return Inferred(text, value)
    if isinstance(value, datetime.datetime):
        return Inferred("datetime" if value.tzinfo is None else UTC_DTYPE, value.isoformat())
    if isinstance(value, datetime.date):
        return Inferred("date", value.isoformat())
    if isinstance(value, str):
        return _infer_text(value, target)
    if _is_record(value):
        return Inferred(f"cat[{qualified_name(type(value))}]", value)
    if isinstance(value, PurePath) or hasattr(value, "as_posix"):
        posix = value.as_posix()
        return Inferred("path", posix.rstrip("/") or posix)
    if isinstance(value, dict):
        return Inferred("dict", value)
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray | memoryview | type):
        return _infer_items(value, target)
    return Inferred(UNKNOWN, value)


def _infer_text(value: str, target: str | None) -> Inferred:
    if target in ("date", "datetime", UTC_DTYPE) or (target is None and _ISO_DATE.match(value)):
        try:
            if len(value) == 10:
                return Inferred("date", datetime.date.fromisoformat(value).isoformat())
            moment = datetime.datetime.fromisoformat(value)
            return Inferred("datetime" if moment.tzinfo is None else UTC_DTYPE, moment.isoformat())
        except ValueError:
            pass  # a text after all
    return Inferred(AMBIGUOUS, value)


def _infer_array(array: Any) -> Inferred:
    is_numpy = type(array).__module__.partition(".")[0] == "numpy"
    if is_numpy and array.dtype.kind in "OUT":
        return Inferred(AMBIGUOUS, array.tolist())
    try:
        text = dtype_of_pandas(array.dtype)
    except DtypeError:
        text = UNKNOWN
    items = [_stored(item) for item in array.tolist()] if getattr(array, "ndim", 1) < 2 else array.tolist()
    return Inferred(text, items)


def _stored(item: Any) -> Any:
    item = unwrapped(item)
    if is_null(item):
        return None
    return item.isoformat() if isinstance(item, datetime.date) else item


def _infer_items(values: Iterable[Any], target: str | None) -> Inferred:
    item_target = target[len("list[") : -1] if target and target.startswith("list[") else None
    if item_target is None and target is not None:
        item_target = target  # several values of a feature whose values are no lists
    items = [_infer(value, item_target) for value in values]
    stored = [item.value for item in items]
    kinds = {item.dtype for item in items}
    if kinds == {"int", "float"}:
        kinds = {"float"}
    if len(kinds) == 1 and UNKNOWN not in kinds:
        return Inferred(f"list[{kinds.pop()}]", stored)
    if not items and target is not None and target.startswith("list["):
        return Inferred(target, stored)
    return Inferred(UNKNOWN, stored)


def unwrapped(value: Any) -> Any:
    """Return the Python value for a scalar of numpy or pandas; anything else as it is.

    Example:
        >>> unwrapped(np.int64(3))
        3
    """
    if hasattr(value, "to_pydatetime"):  # its nanoseconds have no place in a datetime
        return value if is_null(value) else value.to_pydatetime(warn=False)
    if type(value).__module__ != "numpy" or getattr(value, "ndim", None) != 0:
        return value
    if value.dtype.kind == "M":
        return value.astype("datetime64[us]").item()  # nanoseconds would come as a number
    return value.item()


def is_array(value: Any) -> bool:
    """Tell whether a value is a series, an index, a categorical or an array (with at least one dimension)."""
    root = type(value).__module__.partition(".")[0]
    return (
        root in ("pandas", "numpy")
        and hasattr(value, "tolist")
        and hasattr(value, "dtype")
        and getattr(value, "ndim", 1) > 0
    )


def _is_sized(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset) or is_array(value)


def _is_record(value: Any) -> bool:
    return hasattr(value, "_meta") and hasattr(value, "_state")
