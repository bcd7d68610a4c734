"""Which link tables annotate a registry (of whatever module), and reading all annotations of a record in one
statement.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import F, Value
from django.db.models.functions import Cast, Coalesce

from lamindb.query.names import name_field
from lamindb.setup.declared_modules import in_listing_order

#: Related through link tables, too, but parts of datasets rather than labels (unless the link carries a feature).
_NO_LABELS = {"Feature", "Schema", "JsonValue"}


@dataclass(frozen=True)
class LabelLink:
    """One link table seen from the registry that it annotates."""

    relation: str  #: accessor on the annotated registry, such as `ulabels`
    model: Any  #: the link model
    host: str  #: its foreign key to the annotated registry
    label: str  #: its foreign key to the label
    target: Any  #: registry of the label
    has_feature: bool  #: whether a link can name the feature under which it annotates


@dataclass(frozen=True)
class Annotation:
    """A label or a simple value of a record."""

    link: LabelLink | None  #: `None` for a simple value
    value: Any  #: name of the label, or the simple value
    feature_id: int | None
    feature_name: str | None
    dtype: str | None


@cache
def label_links(host: Any) -> tuple[LabelLink, ...]:
    """Return the link tables through which records of `host` are annotated, core first.

    The annotated side of a link is the one whose deletion cascades; where both do, the one declared first.
    """
    found = []
    for field in host._meta.many_to_many:
        found.append((field.name, field, field.m2m_field_name(), field.m2m_reverse_field_name(), field.related_model))
    for relation in host._meta.related_objects:
        if relation.many_to_many and not relation.hidden and relation.related_model is not host:
            field = relation.field
            accessor = relation.get_accessor_name()
            found.append(
                (accessor, field, field.m2m_reverse_field_name(), field.m2m_field_name(), relation.related_model)
            )
    links = []
    for accessor, field, host_key, label_key, target in found:
        through = field.remote_field.through
        if through._meta.auto_created or not _is_annotated_side(through, host_key, label_key):
            continue
        has_feature = any(column.name == "feature" for column in through._meta.concrete_fields)
        if has_feature or (hasattr(target, "standardize") and target.__name__ not in _NO_LABELS):
            links.append(LabelLink(accessor, through, host_key, label_key, target, has_feature))
    order = ["lamindb", *in_listing_order({_module(link.target) for link in links} - {"lamindb"})]
    return tuple(sorted(links, key=lambda link: order.index(_module(link.target))))


def _is_annotated_side(through: Any, host_key: str, label_key: str) -> bool:
    def cascades(key: str) -> bool:
        return through._meta.get_field(key).remote_field.on_delete is models.CASCADE

    if not cascades(host_key):
        return False
    names = [field.name for field in through._meta.concrete_fields]
    return not cascades(label_key) or names.index(host_key) < names.index(label_key)


def _module(registry: Any) -> str:
    return registry._meta.app_label


def links_on(host: Any, using: str | None) -> tuple[LabelLink, ...]:
    """Return the label links whose tables exist on a database (another instance may have fewer modules)."""
    links = label_links(host)
    present = modules_on(using, frozenset(_module(link.model) for link in links))
    return tuple(link for link in links if _module(link.model) in present)


_tables: dict[tuple[str, str, str, str], set[str]] = {}


def modules_on(using: str | None, modules: Iterable[str]) -> set[str]:
    """Return those of `modules` whose tables exist on a database; asks at most once, as long as nothing is missing."""
    asked = set(modules) - {"lamindb"}
    if not asked:
        return {"lamindb"}
    connection = connections[using or DEFAULT_DB_ALIAS]
    settings = connection.settings_dict
    key = (connection.vendor, str(settings["NAME"]), str(settings["HOST"]), str(settings["PORT"]))
    if not asked <= _tables.get(key, set()):
        tables = set(connection.introspection.table_names())
        present = {module for module in asked if _tables_of(module) & tables}
        _tables[key] = _tables.get(key, set()) | present
    return {"lamindb", *(asked & _tables[key])}


def _tables_of(module: str) -> set[str]:
    """Return the tables of a module, whatever they are called."""
    config = apps.app_configs.get(module)
    return set() if config is None else {model._meta.db_table for model in config.get_models()}


def read_annotations(record: Any) -> list[Annotation]:
    """Return all labels and simple values of a saved record: one statement for the links of all modules together."""
    registry, using = type(record), record._state.db or DEFAULT_DB_ALIAS
    links = links_on(registry, using)
    queries = [_label_query(link, position, record.pk, using) for position, link in enumerate(links)]
    queries += _json_queries(registry, record.pk, using)
    if not queries:
        return []
    combined = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    return [
        Annotation(
            links[position] if position >= 0 else None,
            value if position >= 0 else json.loads(value),
            feature_id,
            feature_name,
            dtype,
        )
        for position, value, feature_id, feature_name, dtype in combined
    ]


def label_title(registry: Any, prefix: str = "") -> Any:
    """Return the SQL expression for what a record is called: its name, else its uid."""
    columns = {field.name for field in registry._meta.concrete_fields}
    named = [name for name in (("name",) if registry.__name__ == "Run" else (name_field(registry),)) if name in columns]
    parts = [Cast(F(f"{prefix}{name}"), models.TextField()) for name in [*named, "uid"] if name in columns]
    return Coalesce(*parts) if len(parts) > 1 else parts[0]


def _label_query(link: LabelLink, position: int, pk: Any, using: str) -> Any:
    number, text = models.BigIntegerField(), models.TextField()
    if link.has_feature:
        feature = (F("feature_id"), F("feature__name"), F("feature___dtype_str"))
    else:
        feature = (Value(None), Value(None), Value(None))
    return _rows(
        link.model.objects.using(using).filter(**{f"{link.host}_id": pk}),
        Value(position, output_field=models.IntegerField()),
        label_title(link.target, f"{link.label}__"),
        Cast(feature[0], number),
        Cast(feature[1], text),
        Cast(feature[2], text),
    )


def _json_queries(registry: Any, pk: Any, using: str) -> list[Any]:
    """Queries for simple values: shared ones (`json_values`), and those that records keep of their own
    (`values_json`).
    """
    sources = []
    for field in registry._meta.many_to_many:
        if field.related_model.__name__ == "JsonValue":
            sources.append((field.remote_field.through, field.m2m_field_name(), f"{field.m2m_reverse_field_name()}__"))
    for relation in registry._meta.related_objects:
        if relation.many_to_many and relation.related_model.__name__ == "JsonValue":
            field = relation.field
            sources.append((field.remote_field.through, field.m2m_reverse_field_name(), f"{field.m2m_field_name()}__"))
        elif relation.get_accessor_name() == "values_json":
            sources.append((relation.related_model, relation.field.name, ""))
    return [
        _rows(
            model.objects.using(using).filter(**{f"{host}_id": pk}),
            Value(-1, output_field=models.IntegerField()),
            Cast(F(f"{path}value"), models.TextField()),
            Cast(F(f"{path}feature_id"), models.BigIntegerField()),
            Cast(F(f"{path}feature__name"), models.TextField()),
            Cast(F(f"{path}feature___dtype_str"), models.TextField()),
        )
        for model, host, path in sources
    ]


def _rows(query: Any, position: Any, value: Any, feature_id: Any, feature_name: Any, dtype: Any) -> Any:
    return (
        query.order_by()
        .annotate(_position=position, _text=value, _feature_id=feature_id, _feature_name=feature_name, _dtype=dtype)
        .values_list("_position", "_text", "_feature_id", "_feature_name", "_dtype")
    )
