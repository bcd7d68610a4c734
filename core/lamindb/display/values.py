"""Single values and records on one line. Nothing here asks the database."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db.models.expressions import DatabaseDefault

#: Long or of no interest on one line.
_HIDDEN = {"id", "updated_at", "source_code"}
#: Shown last, in this order.
_LAST = ("created_at", "is_locked", "version_tag", "is_latest")


def format_datetime(value: datetime) -> str:
    """Return a time as `YYYY-MM-DD HH:MM:SS UTC`; a time without zone is taken for UTC.

    Example:
        >>> format_datetime(datetime(2026, 1, 1, 10))
        '2026-01-01 10:00:00 UTC'
    """
    if value.tzinfo is not None:
        value = value.astimezone(UTC)
    return f"{value:%Y-%m-%d %H:%M:%S} UTC"


def format_field_value(value: Any, none: str = "None") -> Any:
    """Return how a field's value is printed: texts in single quotes, times in UTC, anything else unchanged.

    Args:
        value: value of a record's field.
        none: what stands for a missing value.

    Example:
        >>> format_field_value("my label")
        "'my label'"
    """
    if value is None or isinstance(value, DatabaseDefault):
        return none
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, str):
        return f"'{value}'"
    return value


def repr_record(record: Any) -> str:
    """Return a record on one line: uid, simple fields, foreign keys by id, then time, lock and version. Sends no
    statement.

    Fields that were not loaded (`only`, `defer`) are left out instead of being loaded.

    Example:
        >>> repr_record(ln.ULabel.get(name="batch 1"))
        "ULabel(uid='…', is_type=False, name='batch 1', …)"
    """
    loaded = record.__dict__
    shown = ", ".join(
        f"{name}={format_field_value(loaded[name])}" for name in _shown_columns(type(record)) if name in loaded
    )
    return f"{type(record).__name__}({shown})"


@cache
def _shown_columns(registry: Any) -> tuple[str, ...]:
    fields = [
        field
        for field in registry._meta.concrete_fields
        if field.name not in _HIDDEN and (not field.name.startswith("_") or field.name == "_dtype_str")
    ]
    names = [field.attname for field in fields if not field.is_relation]
    keys = [field.attname for field in fields if field.is_relation]
    first = ["uid"] if "uid" in names else []
    middle = [name for name in names if name not in _LAST and name != "uid"]
    return (*first, *middle, *keys, *(name for name in _LAST if name in names))
