"""The `label: value` facts at the top of a description; all foreign keys are resolved in one statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models

from lamindb.base.uids import VERSION_LENGTH
from lamindb.display.values import format_datetime
from lamindb.query.names import name_field

#: Facts of the registries that have a layout of their own; a `?` marks what is shown only when set.
_FACTS: dict[str, tuple[str, ...]] = {
    "Artifact": (
        "uid", "run", "kind?", "otype?", "hash", "size", "branch", "space", "created_at", "created_by",
        "n_observations?", "n_files?", "schema?",
    ),
    "Collection": ("uid", "run", "reference?", "hash?", "branch", "space", "created_at", "created_by"),
    "Transform": ("uid", "reference?", "hash", "kind", "branch", "space", "created_at", "created_by"),
    "Run": (
        "uid", "transform", "started_at", "finished_at", "status", "reference?", "branch", "space", "created_at",
        "created_by",
    ),
    "Record": (
        "uid", "run", "type", "is_type", "schema", "reference", "branch", "space", "created_at", "created_by",
    ),
    "Feature": (
        "uid", "run?", "type?", "dtype_as_str?", "unit?", "default_value?", "nullable?", "coerce?", "synonyms?", "description?",
        "is_type", "branch", "space", "created_at", "created_by",
    ),
    "Branch": ("uid", "status", "space", "created_at", "created_by", "description?"),
    "Schema": (
        "uid", "run", "itype", "otype", "hash", "ordered_set", "maximal_set", "minimal_set", "branch", "space",
        "created_at", "created_by",
    ),
}  # fmt: skip
#: Labels that differ from the names.
_LABELS = {"dtype_as_str": "dtype"}
#: Columns of a foreign key's target that make its short title.
_TITLES: dict[str, tuple[str, ...]] = {
    "Run": ("uid", "name", "transform__key"),
    "Transform": ("uid", "key", "version_tag"),
    "Artifact": ("uid", "key"),
    "Storage": ("root",),
}


def read_keys(record: Any) -> dict[str, str]:
    """Return the titles of all records that a record's foreign keys point to: one statement."""
    registry = type(record)
    keys = [field for field in registry._meta.concrete_fields if field.is_relation]
    paths = {
        field.name: [f"{field.name}__{column}" for column in _title_columns(field.related_model)] for field in keys
    }
    query = registry.objects.using(record._state.db or DEFAULT_DB_ALIAS).filter(pk=record.pk)
    columns = [*(field.attname for field in keys), *(path for names in paths.values() for path in names)]
    if not columns:
        return {}
    row = query.values(*columns).first() or {}
    titles = {}
    for field in keys:
        target_id = getattr(record, field.attname)
        if target_id is None:
            continue
        if row.get(field.attname) == target_id:
            titles[field.name] = _title(field.related_model, [row[path] for path in paths[field.name]])
        elif field.is_cached(record):  # changed in memory, not saved yet
            target = field.get_cached_value(record)
            titles[field.name] = str(getattr(target, name_field(type(target)), None) or target_id)
        else:
            titles[field.name] = str(target_id)
    return titles


def _title_columns(registry: Any) -> tuple[str, ...]:
    known = _TITLES.get(registry.__name__)
    if known is not None:
        return known
    columns = {field.name for field in registry._meta.concrete_fields}
    return tuple(name for name in ("uid", name_field(registry)) if name in columns)


def _title(registry: Any, values: list[Any]) -> str:
    if registry.__name__ == "Run":
        uid, name, key = values
        return f"{name or uid[:7]} ({key})" if key else name or uid[:7]
    if registry.__name__ == "Transform":
        uid, key, tag = values
        return f"{key or uid} ({tag or uid[-VERSION_LENGTH:]})"
    return str(next((value for value in reversed(values) if value not in (None, "")), ""))


def facts(record: Any, keys: dict[str, str]) -> list[tuple[str, str]]:
    """Return the (label, value) pairs of a record; registries without a layout show every field that is set."""
    layout = _FACTS.get(type(record).__name__) if type(record)._meta.app_label == "lamindb" else None
    if layout is None:
        return _all_set(record, keys)
    pairs = []
    for entry in layout:
        name = entry.rstrip("?")
        if name not in keys and not hasattr(record, name):
            continue
        value = keys.get(name, None if _is_key(record, name) else getattr(record, name))
        if value is None and entry.endswith("?"):
            continue
        pairs.append((_LABELS.get(name, name), text_of(name, value)))
    return pairs


def _is_key(record: Any, name: str) -> bool:
    return any(field.name == name and field.is_relation for field in record._meta.concrete_fields)


def _all_set(record: Any, keys: dict[str, str]) -> list[tuple[str, str]]:
    named = name_of_title(type(record))
    simple, last = [], []
    for field in record._meta.concrete_fields:
        if field.is_relation or field.name in (named, "id", "updated_at", "is_locked") or field.name.startswith("_"):
            continue
        value = getattr(record, field.attname)
        if value is None or value == "" or (isinstance(value, str) and "\n" in value):
            continue
        pair = (field.name, text_of(field.name, value))
        (last if field.name == "created_at" else simple).append(pair)
    if getattr(record, "status", None) is not None:
        simple.append(("status", str(record.status)))
    own = [(name, title) for name, title in keys.items() if name not in ("branch", "created_on", "space", "created_by")]
    common = [(name, keys[name]) for name in ("branch", "space") if name in keys]
    simple.sort(key=lambda pair: pair[0] != "uid")
    return [*simple, *own, *common, *last, *([("created_by", keys["created_by"])] if "created_by" in keys else [])]


def long_texts(record: Any) -> list[tuple[str, str]]:
    """Return the fields of several lines that `facts` leaves out."""
    if type(record).__name__ in _FACTS:
        return []
    values = ((field.name, record.__dict__.get(field.attname)) for field in record._meta.concrete_fields)
    return [
        (name, value) for name, value in values if isinstance(value, str) and "\n" in value and not name.startswith("_")
    ]


def name_of_title(registry: Any) -> str | None:
    """Return the field that stands in the title, if the registry has one."""
    try:
        return name_field(registry)
    except ValueError:
        return None


def text_of(name: str, value: Any) -> str:
    """Return a fact's value as people read it."""
    if isinstance(value, datetime):
        return format_datetime(value)
    if name == "size" and isinstance(value, int):
        return format_size(value)
    if isinstance(value, models.Model):
        return str(getattr(value, name_field(type(value)), value.pk))
    return str(value)


def format_size(size: int) -> str:
    """Return a number of bytes with a unit.

    Example:
        >>> format_size(2560)
        '2.5 KB'
    """
    if size < 1024:
        return f"{size} B"
    amount = float(size)
    for unit in ("KB", "MB", "GB", "TB"):
        amount /= 1024
        if amount < 1024 or unit == "TB":
            return f"{amount:.1f} {unit}"
    raise AssertionError("unreachable: TB takes every size")
