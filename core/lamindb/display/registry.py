"""The fields of a registry as text: simple ones, relations, and relations to other modules."""

from __future__ import annotations

from typing import Any

from lamindb.base.registries import qualified_name
from lamindb.setup.declared_modules import in_listing_order

#: Fields of this package's mixins are listed after a registry's own simple fields.
_MIXIN_PACKAGE = "lamindb"
_HIDDEN_PREFIXES = ("_", "links_")
#: Order in which they are listed, the same as that of columns of data frames; those of other mixins come before.
_MIXIN_FIELDS = ("version_tag", "is_latest", "is_locked", "is_type", "created_at", "updated_at")
_MIXIN_KEYS = ("branch", "created_on", "space", "created_by", "run")


def describe_registry(registry_or_queryset: Any, return_str: bool = False) -> str | None:
    """Print the fields of a registry with their types, and its relations.

    Args:
        registry_or_queryset: a registry, or a query set of one.
        return_str: return the text (without colour codes) instead of printing it.

    Example:
        >>> print(ln.ULabel.describe(return_str=True))
    """
    registry = registry_or_queryset if isinstance(registry_or_queryset, type) else registry_or_queryset.model
    lines = [qualified_name(registry)]
    lines += _section("Simple fields", _simple_fields(registry))
    relations = _relations(registry)
    home = registry._meta.app_label
    lines += _section("Relational fields", [line for label, line in relations if label in ("lamindb", home)])
    for module in in_listing_order({label for label, _ in relations} - {"lamindb", home}):
        lines += _section(f"{_module_title(module)} fields", [line for label, line in relations if label == module])
    text = "\n".join(lines)
    if return_str:
        return text
    print(_colored(text))
    return None


def _module_title(app_label: str) -> str:
    """Return what a schema module wants to be called, as its plugin declares it."""
    from lamindb.plugins.manager import schema_modules

    titles = {module.app_label: module.title for module in schema_modules()}
    return titles.get(app_label) or app_label.capitalize()


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"  {title}", *(f"    {line}" for line in lines)] if lines else []


def _colored(text: str) -> str:
    import os
    import sys

    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    lines = text.split("\n")
    return "\n".join(f"\x1b[1m{line}\x1b[0m" if not line.startswith("    ") else line for line in lines)


def _inherited_names(registry: Any) -> set[str]:
    """Names of the fields that come from this package's mixins."""
    names: set[str] = set()
    for base in registry.__mro__[1:]:
        meta = getattr(base, "_meta", None)
        if meta is not None and meta.abstract and base.__module__.split(".")[0] == _MIXIN_PACKAGE:
            names.update(field.name for field in meta.local_fields)
    return names


def _simple_fields(registry: Any) -> list[str]:
    inherited = _inherited_names(registry)
    fields = [
        field
        for field in registry._meta.concrete_fields
        if not field.is_relation and field.name != "id" and not field.name.startswith("_")
    ]
    inherited_order = {name: number for number, name in enumerate(_MIXIN_FIELDS, start=1)}
    # stable: the order of declaration stays among a registry's own fields
    fields.sort(key=lambda field: 1 + inherited_order.get(field.name, 0) if field.name in inherited else 0)
    return [f".{field.name}: {type(field).__name__}" for field in fields]


def _relations(registry: Any) -> list[tuple[str, str]]:
    """Return (app label of the target, line) for each relation: foreign keys, own many-to-many, then what refers to
    the registry.
    """
    keys = [field for field in registry._meta.concrete_fields if field.is_relation]
    keys.sort(key=lambda field: _MIXIN_KEYS.index(field.name) if field.name in _MIXIN_KEYS else len(_MIXIN_KEYS))
    forward = [(field.name, field.related_model) for field in [*keys, *registry._meta.many_to_many]]
    backward = [
        (relation.get_accessor_name(), relation.related_model)
        for relation in registry._meta.related_objects
        if not relation.hidden
    ]
    shown = [(name, model) for name, model in [*forward, *backward] if name and not name.startswith(_HIDDEN_PREFIXES)]
    if registry.__name__ == "Record":
        shown.sort(key=lambda pair: 2 if pair[0].startswith("values_") else int(pair[0].startswith("linked_")))
    return [(model._meta.app_label, f".{name}: {qualified_name(model)}") for name, model in shown]
