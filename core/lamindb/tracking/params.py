"""Parameters of a run as JSON: converts what it can, describes the rest, and never raises into the code of the user."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from itertools import islice
from os import PathLike
from typing import Any

from lamindb.tracking.redaction import is_sensitive_name, redact_value

#: Longer texts are cut, so that a parameter never outweighs its run.
MAX_TEXT = 10_000
#: So many members of a container are kept.
MAX_MEMBERS = 1_000
_MAX_DEPTH = 8
_MAX_REPR = 200

#: Values of sensitive parameters of this process, which the log must not show.
secret_values: set[str] = set()


def params_to_json(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as JSON values without secrets.

    `None` and empty lists are left out. Records become `"Registry[uid]"`, paths posix strings, dates ISO strings, sets, ranges and arrays lists;
    what JSON can't express becomes its type and a short repr. Iterators are not consumed.

    Args:
        params: names and values of any type.

    Example:
        >>> params_to_json({"rate": 0.1, "api_key": "abc", "unset": None})
        {'rate': 0.1, 'api_key': '***REDACTED***'}
    """
    converted = {}
    for name, value in params.items():
        if value is None or (isinstance(value, list) and not value):
            continue
        if is_sensitive_name(str(name)) and isinstance(value, str):
            secret_values.add(value)
        converted[_text(str(name))] = redact_value(str(name), to_json(value))
    return converted


def format_params(params: Mapping[str, Any]) -> str:
    """Return parameters as a message shows them: `a=1, b='x'`."""
    return ", ".join(f"{name}={_short(repr(value))}" for name, value in params.items())


def to_json(value: Any, depth: int = 0) -> Any:
    """Return one value as JSON can express it."""
    try:
        return _convert(value, depth)
    except Exception:  # a property of the user's object raised
        return describe(value)


def describe(value: Any) -> dict[str, str]:
    """Return type and short repr of a value that JSON can't express."""
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    try:
        shape = getattr(value, "shape", None)
        text = f"shape={tuple(shape)}" if isinstance(shape, tuple) else repr(value)
    except Exception as error:
        text = f"<repr failed with {type(error).__name__}>"
    return {"type": name, "repr": _text(_short(text))}


def _convert(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}… ({len(value)} characters)")
    if isinstance(value, int):
        return int(value) if abs(value) < 2**63 else str(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if _is_record(value):
        return _record_text(value)
    if isinstance(value, PathLike) or type(value).__name__ == "UPath":
        text = value.as_posix() if hasattr(value, "as_posix") else str(value)
        return _text(text.rstrip("/") or "/")
    if depth >= _MAX_DEPTH:
        return describe(value)
    if isinstance(value, Mapping):
        return {_text(str(key)): to_json(value[key], depth + 1) for key in islice(value, MAX_MEMBERS)}
    if isinstance(value, (list, tuple, range)):
        return _members(value, depth)
    if isinstance(value, (set, frozenset)):
        return _members(sorted(value, key=repr), depth)
    return _convert_foreign(value, depth)


def _convert_foreign(value: Any, depth: int) -> Any:
    """Convert scalars, arrays and columns of numpy and pandas, and query sets, without importing any of them."""
    root = type(value).__module__.partition(".")[0]
    if root in ("numpy", "pandas"):
        if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
            return to_json(value.item(), depth + 1)
        if getattr(value, "ndim", None) == 1 and hasattr(value, "tolist"):
            return _members(value.tolist(), depth)
        return describe(value)
    if hasattr(value, "to_dataframe") and hasattr(value, "values_list"):
        return [_record_text(record) for record in value[:MAX_MEMBERS]]
    return describe(value)


def _members(values: Any, depth: int) -> list[Any]:
    members = [to_json(member, depth + 1) for member in values[:MAX_MEMBERS]]
    if len(values) > MAX_MEMBERS:
        members.append(f"… ({len(values)} members)")
    return members


def _is_record(value: Any) -> bool:
    return hasattr(value, "_state") and hasattr(type(value), "_is_registry") and hasattr(value, "uid")


def _record_text(record: Any) -> str:
    from lamindb.base.registries import qualified_name

    return f"{qualified_name(type(record))}[{record.uid}]"


def _text(text: str) -> str:
    """Return a text that every database stores: no NUL characters, no lone surrogates."""
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def _short(text: str) -> str:
    return text if len(text) <= _MAX_REPR else f"{text[:_MAX_REPR]}…"
