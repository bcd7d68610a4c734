"""The fields of a registry as text: simple ones, relations, and relations to other modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lamindb.base.registries import qualified_name
from lamindb.setup.declared_modules import in_listing_order

if TYPE_CHECKING:
    from lamindb.models.sqlrecord import Registry

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
    info = SQLRecordInfo(registry)
    parts = [
        qualified_name(registry),
        info.get_simple_fields(return_str=True),
        info.get_relational_fields(return_str=True),
    ]
    text = "\n".join(part for part in parts if part)
    if return_str:
        return text
    print(_colored(text))
    return None


class SQLRecordInfo:
    """The fields of a registry in the order in which `describe()` lists them.

    Args:
        registry: a registry, for example `ln.ULabel`.

    Example:
        >>> [field.name for field in SQLRecordInfo(ln.ULabel).get_simple_fields()][:2]
        ['uid', 'name']
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def get_simple_fields(self, return_str: bool = False) -> list[Any] | str:
        """Return the Django fields that hold values, or with `return_str` the section that lists them."""
        fields = _simple_fields(self.registry)
        if not return_str:
            return fields
        return _section("Simple fields", [f".{field.name}: {type(field).__name__}" for field in fields])

    def get_relational_fields(self, return_str: bool = False) -> tuple[list[Any], dict[str, list[Any]]] | str:
        """Return the relations to the core and to the registry's own module, and those to other modules by their name;
        or with `return_str` the sections that list them.
        """
        near: list[_Relation] = []
        by_module: dict[str, list[_Relation]] = {}
        for relation in _relations(self.registry):
            label = relation.target._meta.app_label
            home = label in ("lamindb", self.registry._meta.app_label)
            (near if home else by_module.setdefault(label, [])).append(relation)
        if not return_str:
            others = {module: [relation.field for relation in relations] for module, relations in by_module.items()}
            return [relation.field for relation in near], others
        sections = [_section("Relational fields", [relation.line for relation in near])]
        for module in in_listing_order(set(by_module)):
            lines = [relation.line for relation in by_module[module]]
            sections.append(_section(f"{_module_title(module)} fields", lines))
        return "\n".join(section for section in sections if section)


@dataclass(frozen=True)
class _Relation:
    """A relation of a registry: its field (or reverse relation), the name that reads it, and the registry that it leads to."""

    field: Any
    name: str
    target: Registry

    @property
    def line(self) -> str:
        return f".{self.name}: {qualified_name(self.target)}"


def _module_title(app_label: str) -> str:
    """Return what a schema module wants to be called, as its plugin declares it."""
    from lamindb.plugins.manager import schema_modules

    titles = {module.app_label: module.title for module in schema_modules()}
    return titles.get(app_label) or app_label.capitalize()


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([f"  {title}", *(f"    {line}" for line in lines)]) if lines else ""


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


def _simple_fields(registry: Any) -> list[Any]:
    inherited = _inherited_names(registry)
    fields = [
        field
        for field in registry._meta.concrete_fields
        if not field.is_relation and field.name != "id" and not field.name.startswith("_")
    ]
    inherited_order = {name: number for number, name in enumerate(_MIXIN_FIELDS, start=1)}
    # stable: the order of declaration stays among a registry's own fields
    fields.sort(key=lambda field: 1 + inherited_order.get(field.name, 0) if field.name in inherited else 0)
    return fields


def _relations(registry: Any) -> list[_Relation]:
    """Return the shown relations: foreign keys, own many-to-many, then what refers to the registry."""
    keys = [field for field in registry._meta.concrete_fields if field.is_relation]
    keys.sort(key=lambda field: _MIXIN_KEYS.index(field.name) if field.name in _MIXIN_KEYS else len(_MIXIN_KEYS))
    forward = [_Relation(field, field.name, field.related_model) for field in [*keys, *registry._meta.many_to_many]]
    backward = [
        _Relation(relation, relation.get_accessor_name(), relation.related_model)
        for relation in registry._meta.related_objects
        if not relation.hidden
    ]
    shown = [one for one in [*forward, *backward] if one.name and not one.name.startswith(_HIDDEN_PREFIXES)]
    if registry.__name__ == "Record":
        shown.sort(key=lambda one: 2 if one.name.startswith("values_") else int(one.name.startswith("linked_")))
    return shown
