"""Paths that `to_dataframe(include=…)` follows: what they lead to, and their values, one statement per to-many relation."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models
from django.db.models.constants import LOOKUP_SEP

from lamindb.query.expressions import public_names, rewrite_keyword, status_name

#: More ids than this are passed as a sub-query, not as parameters.
_MAX_IDS = 5_000


@dataclass(frozen=True)
class IncludePath:
    """One requested column.

    Attributes:
        column: what the user wrote; the name of the column.
        path: the same as a path of Django fields.
        field: the field at its end.
        is_own: whether it is a field of the registry itself.
        is_to_many: whether several values may belong to one record.
    """

    column: str
    path: str
    field: Any
    is_own: bool
    is_to_many: bool

    @property
    def relation(self) -> str:
        """The path without its last name."""
        return self.path.rpartition(LOOKUP_SEP)[0]

    def shown(self, value: Any) -> Any:
        """Return a stored value as people know it (status codes by name)."""
        if self.field.name == "_status_code" and self.column.endswith("status"):
            return status_name(self.field.model, value)
        return value


def resolve_path(registry: Any, column: str) -> IncludePath:
    """Find out where a path leads.

    Raises:
        FieldError: if a name is unknown; the message lists the choices.
        ValueError: if the path ends at a relation of the registry.
    """
    path = rewrite_keyword(registry, column)
    model, to_many = registry, False
    names = path.split(LOOKUP_SEP)
    for position, name in enumerate(names):
        field = _field(model, name, column)
        is_last = position == len(names) - 1
        if field.is_relation and (not is_last or name == field.name):
            if is_last:
                return _end_at_relation(registry, column, path, field, to_many, len(names))
            to_many = to_many or bool(field.one_to_many or field.many_to_many)
            model = field.related_model
        elif not is_last:
            raise FieldError(f"Cannot follow '{column}': '{name}' is no relation of {model.__name__}")
    return IncludePath(column, path, field, is_own=len(names) == 1, is_to_many=to_many)


def _end_at_relation(registry: Any, column: str, path: str, field: Any, to_many: bool, depth: int) -> IncludePath:
    if depth == 1:
        raise ValueError(
            f"The annotation '{column}' conflicts with a field on the model. "
            f"Say which field of {field.related_model.__name__} to show, as in '{column}__uid'"
        )
    to_many = to_many or bool(field.one_to_many or field.many_to_many)
    return IncludePath(column, f"{path}{LOOKUP_SEP}pk", field.related_model._meta.pk, is_own=False, is_to_many=to_many)


def _field(model: Any, name: str, column: str) -> Any:
    if name == "pk":
        return model._meta.pk
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        by_column = {field.attname: field for field in model._meta.concrete_fields}
        if name in by_column:
            return by_column[name]
        choices = public_names(model)
        near = difflib.get_close_matches(name, choices, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise FieldError(
            f"Cannot resolve '{name}' of include path '{column}': {model.__name__} has no such field.{hint} Choices are: {', '.join(choices)}"
        ) from None


def to_many_values(queryset: Any, paths: Iterable[IncludePath], ids: list[Any]) -> dict[str, dict[Any, set[Any]]]:
    """Return per column and record id the set of distinct values: one statement per relation.

    Args:
        queryset: the records, in the order and number in which they are shown.
        paths: paths over to-many relations.
        ids: primary keys of these records.
    """
    by_relation: dict[str, list[IncludePath]] = {}
    for path in paths:
        by_relation.setdefault(path.relation, []).append(path)
    records = models.QuerySet(queryset.model, using=queryset.db)
    chosen = records.filter(pk__in=ids if len(ids) <= _MAX_IDS else queryset.values("pk"))
    values: dict[str, dict[Any, set[Any]]] = {}
    for members in by_relation.values():
        rows = list(chosen.order_by().values_list("pk", *(path.path for path in members)).distinct())
        for position, path in enumerate(members, start=1):
            found: dict[Any, set[Any]] = {}
            for row in rows:
                found.setdefault(row[0], set()).add(_hashable(path.shown(row[position])))
            values[path.column] = found
    return values


def _hashable(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_hashable(item) for item in value)
    if isinstance(value, dict):
        import json

        return json.dumps(value, sort_keys=True)
    return value
