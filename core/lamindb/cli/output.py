"""How results are printed: JSON for programs, aligned columns for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import click


def json_option(function: Any) -> Any:
    """Add `--json` to a command."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def print_json(value: Any) -> None:
    """Print a value as indented JSON on stdout."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # datetime is a date, too
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return str(value)


def print_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows in aligned columns; no column is left out or shortened."""
    lines = [[_cell(value) for value in row] for row in [header, *rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m-%d %H:%M:%S"))
    return "" if value is None else " ".join(str(value).split())


def record_values(record: Any) -> dict[str, Any]:
    """Return the public fields of a record as plain values; a relation is given by the uid of the related record."""
    values: dict[str, Any] = {"registry": type(record).__name__}
    for field in record._meta.concrete_fields:
        if field.name.startswith("_"):
            continue
        if not field.is_relation:
            values[field.name] = getattr(record, field.attname)
            continue
        related = getattr(record, field.name)
        values[field.name] = None if related is None else getattr(related, "uid", None) or related.pk
    if has_status(type(record)):
        values["status"] = record.status
    return values


def has_status(model: Any) -> bool:
    """Tell whether the records of a registry have a status."""
    return hasattr(model, "status") and any(field.name == "_status_code" for field in model._meta.concrete_fields)


def feature_values(record: Any) -> dict[str, Any] | None:
    """Return the values of the features of a record by the names of the features; `None` where records have no features."""
    manager: Any = getattr(record, "features", None)
    return dict(manager.get_values()) if hasattr(manager, "get_values") else None


def related_names(record: Any) -> dict[str, list[str]]:
    """Return the names (keys, uids) of the records that a record is linked to in either direction, by attribute; empty ones are left out."""
    found = {}
    for field in record._meta.get_fields():
        attribute = field.get_accessor_name() if field.auto_created and field.is_relation else field.name
        if not field.many_to_many or attribute is None or attribute.startswith("_") or attribute == "json_values":
            continue
        names = dict.fromkeys(_name_of(related) for related in getattr(record, attribute).all()[:1000])
        if names:
            found[attribute] = list(names)
    return dict(sorted(found.items()))


def _name_of(record: Any) -> str:
    for field in ("name", "key", "uid"):
        value = getattr(record, field, None)
        if value:
            return str(value)
    return str(record.pk)
