"""Which field people know a registry's records by, and how a field that somebody passes is understood."""

from __future__ import annotations

import difflib
from functools import cache
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute


@cache
def name_field(registry: Any) -> str:
    """Return the field by which records of `registry` are named.

    It is the one that the registry declares, else `name`, else the first text field that is no identifier.

    Raises:
        ValueError: if no field qualifies.

    Example:
        >>> name_field(ln.User)
        'handle'
    """
    if registry._name_field is not None:
        return registry._name_field
    fields = [field for field in registry._meta.concrete_fields if not field.is_relation]
    if any(field.name == "name" for field in fields):
        return "name"
    for field in fields:
        if isinstance(field, models.CharField | models.TextField) and "id" not in field.name:
            return field.name
    raise ValueError(
        f"Do not know which field to use as name field for registry {registry.__name__}, please pass field, "
        f"one of: {', '.join(sorted(field.name for field in fields))}"
    )


def field_name(registry: Any, field: Any = None) -> str:
    """Return the name of a field of `registry`.

    Args:
        registry: the registry that must have the field.
        field: a name, a field reference such as `ULabel.name`, or `None` for the name field.

    Raises:
        TypeError: if `field` is neither.
        FieldError: if the registry has no such field; near matches are suggested.
    """
    if field is None:
        return name_field(registry)
    if isinstance(field, DeferredAttribute):
        owner = field.field.model
        if not issubclass(registry, owner) and not owner._meta.abstract:
            raise FieldError(
                f"{owner.__name__}.{field.field.name} is no field of {registry.__name__}. "
                f"{_suggestion(registry, field.field.name)}"
            )
        return field.field.attname
    if not isinstance(field, str):
        raise TypeError(
            "please pass a SQLRecord string field, e.g., `CellType.name`! "
            f"What was passed is no text and no field reference: {field!r}"
        )
    if field not in _field_names(registry):
        raise FieldError(f"Unknown field '{field}' of {registry.__name__}. {_suggestion(registry, field)}")
    return field


@cache
def _field_names(registry: Any) -> dict[str, None]:
    """Column names, in the order of declaration."""
    fields = registry._meta.concrete_fields
    return dict.fromkeys(field.attname for field in fields)


def _suggestion(registry: Any, name: str) -> str:
    public = [known for known in _field_names(registry) if not known.startswith("_")]
    near = difflib.get_close_matches(name, public, n=1)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    return f"{hint}Available fields: {', '.join(sorted(public))}"
