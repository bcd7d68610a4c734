"""The first members of schemas, whatever their registry, in at most two statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Q, Value

from lamindb.annotation.label_links import label_title
from lamindb.base.registries import registry


@dataclass(frozen=True)
class SchemaHead:
    """What is needed of a schema to find its members."""

    id: int
    itype: str | None
    n_members: int | None


@dataclass(frozen=True)
class Member:
    """One member of a schema; `feature` is `None` for members of other registries, such as genes."""

    name: str
    feature: Any = None


def read_members(
    schemas: Collection[SchemaHead], using: str, *, limit: int | None, and_features: Collection[int] = ()
) -> dict[int, list[Member]]:
    """Return the first `limit` members of each schema in link order, plus those features of `and_features` that are
    members.
    """
    members: dict[int, list[Member]] = {schema.id: [] for schema in schemas}
    of_features = [schema.id for schema in schemas if _registry_name(schema.itype) == "Feature"]
    if of_features:
        for link in _feature_links(of_features, using, limit, and_features):
            members[link.schema_id].append(Member(link.feature.name, link.feature))
    others = [schema for schema in schemas if schema.itype and schema.n_members and schema.id not in of_features]
    for schema_id, name in _other_members(others, using, limit):
        members[schema_id].append(Member(name))
    return members


def _registry_name(itype: str | None) -> str | None:
    """Return the registry in an itype such as `bionty.Gene.ensembl_gene_id`."""
    if not itype:
        return None
    parts = itype.split(".")
    return parts[0] if parts[0][:1].isupper() else ".".join(parts[:2])


def _feature_links(schema_ids: list[int], using: str, limit: int | None, and_features: Collection[int]) -> Any:
    links = registry("SchemaFeature").objects.using(using)
    condition = Q(schema_id__in=schema_ids)
    if limit is not None:
        condition = Q(schema_id__in=schema_ids, feature_id__in=list(and_features))
        for schema_id in schema_ids:
            condition |= Q(pk__in=links.filter(schema_id=schema_id).order_by("id").values("pk")[:limit])
    return links.filter(condition).select_related("feature").order_by("id")


def _other_members(schemas: list[SchemaHead], using: str, limit: int | None) -> list[tuple[int, str]]:
    queries = []
    for schema in schemas:
        link = _member_link(_registry_name(schema.itype))
        if link is None:
            continue
        model, schema_key, member_key, target = link
        rows = model.objects.using(using).filter(**{f"{schema_key}_id": schema.id})
        if limit is not None:
            rows = model.objects.using(using).filter(pk__in=rows.order_by("pk").values("pk")[:limit])
        queries.append(
            rows.order_by()
            .annotate(
                _schema=Value(schema.id, output_field=IntegerField()), _name=label_title(target, f"{member_key}__")
            )
            .values_list("_schema", "_name")
        )
    if not queries:
        return []
    combined = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    return sorted(combined)


def _member_link(registry_name: str | None) -> tuple[Any, str, str, Any] | None:
    """Return the link model between Schema and a registry of members with its two keys, if it is installed here."""
    try:
        target = registry(registry_name or "")
    except LookupError:
        return None
    schema = registry("Schema")
    for field in schema._meta.many_to_many:
        if field.related_model is target:
            return field.remote_field.through, field.m2m_field_name(), field.m2m_reverse_field_name(), target
    for relation in schema._meta.related_objects:
        if relation.many_to_many and relation.related_model is target:
            field = relation.field
            return field.remote_field.through, field.m2m_reverse_field_name(), field.m2m_field_name(), target
    return None
