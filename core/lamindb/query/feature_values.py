"""Reads the feature values of records (Artifact, Run, Record) from all link tables, value by value or feature by feature: two statements, whatever the number of records, features and tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Cast

from lamindb.base.registries import registry as registry_named
from lamindb.query.branch_scope import is_scoped
from lamindb.query.feature_dtypes import label_field, value_field
from lamindb.query.feature_links import FeatureLink, feature_links
from lamindb.query.hierarchy import visible_branch_ids

#: More ids than this are passed as one parameter.
_MAX_IDS = 500
_NUMBER, _TEXT = models.BigIntegerField(), models.TextField()


class FeatureValue(NamedTuple):
    """One value of a record.

    Attributes:
        host_id: id of the record that has the value.
        feature_id: id of the feature.
        feature_name: its name.
        dtype: its dtype.
        value: the simple value; for a label what names it: the field that the dtype names.
        labels: registry of the label, `None` for a simple value.
        label_id: id of the label.
        link: table of the link.
        link_id: id of the link.
    """

    host_id: Any
    feature_id: int
    feature_name: str
    dtype: str
    value: Any
    labels: Any = None
    label_id: Any = None
    link: Any = None
    link_id: Any = None


def read_feature_values(
    registry: Any,
    ids: Sequence[Any],
    using: str,
    feature_ids: Iterable[int] | None = None,
    *,
    with_hidden: bool = False,
) -> list[FeatureValue]:
    """Return the values of records, in the order in which they were linked; labels that are not visible (in the trash, say) are left out.

    Args:
        registry: Artifact, Run or Record.
        ids: primary keys of the records.
        using: alias of the database.
        feature_ids: return values of these features only.
        with_hidden: also return labels that are not visible.

    Example:
        >>> [one.value for one in read_feature_values(ln.Artifact, [artifact.pk], "default")]
        ['lung', 21.5]
    """
    if not ids:
        return []
    links = _present(feature_links(registry), using)
    chosen = _in(ids, using)
    other_fields = _other_fields(links, using)
    only = None if feature_ids is None else list(feature_ids)
    queries = [
        _query(link, position, chosen, other_fields, using, only, with_hidden) for position, link in enumerate(links)
    ]
    rows = _fetch(_union(queries), using)
    rows.sort(key=itemgetter(0, 2))  # by table, then in the order of linking
    is_json = [link.is_json for link in links]
    # all JSON texts are read as one
    decoded = iter(json.loads(f"[{','.join(row[6] or 'null' for row in rows if is_json[row[0]])}]"))
    return [
        FeatureValue(
            host_id,
            feature_id,
            name,
            dtype or "",
            next(decoded) if is_json[position] else text,
            links[position].labels,
            label_id,
            links[position].model,
            link_id,
        )
        for position, host_id, link_id, feature_id, name, dtype, text, label_id in rows
    ]


class ValuesOfFeature(NamedTuple):
    """The values that many records have of one feature, in one link table, in the order in which they were linked.

    Attributes:
        feature_id: id of the feature.
        feature_name: its name.
        dtype: its dtype.
        host_ids: ids of the records.
        values: for each of them a simple value, or what names the label.
    """

    feature_id: int
    feature_name: str
    dtype: str
    host_ids: list[Any]
    values: list[Any]


def read_by_feature(
    registry: Any, ids: Sequence[Any], using: str, feature_ids: Iterable[int] | None = None, *, among: Any = None
) -> list[ValuesOfFeature]:
    """Return the values of many records by feature; the database gathers them, so that no row costs Python an object.

    Args:
        registry: Artifact, Run or Record.
        ids: primary keys of the records.
        using: alias of the database.
        feature_ids: return values of these features only.
        among: a simple query of the primary keys of all of these records, and few others, that is quicker than the ids.
    """
    if not ids:
        return []
    links = _present(feature_links(registry), using)
    chosen = among if among is not None and len(ids) > _MAX_IDS else _in(ids, using)
    other_fields = _other_fields(links, using)
    only = None if feature_ids is None else list(feature_ids)
    gathered = []
    for feature_id, name, dtype, hosts, link_ids, values in _fetch_gathered(links, chosen, other_fields, using, only):
        host_ids, order, read = (json.loads(f"[{text}]") for text in (hosts, link_ids, values))
        # neither database promises an order within groups
        if len(set(host_ids)) < len(host_ids) and order != sorted(order):
            places = sorted(range(len(order)), key=order.__getitem__)
            host_ids, read = [host_ids[place] for place in places], [read[place] for place in places]
        gathered.append(ValuesOfFeature(feature_id, name, dtype or "", host_ids, read))
    return gathered


def labels_by_value(
    registry: Any, ids: Sequence[Any], using: str, feature_ids: Sequence[int]
) -> dict[int, dict[Any, list[tuple[Any, int]]]]:
    """Return the labels behind what names them, by feature, of registries in which several records may share a name: one statement each.

    Args:
        registry: Artifact, Run or Record.
        ids: primary keys of the records that have the values.
        using: alias of the database.
        feature_ids: the features.
    """
    links = [link for link in _present(feature_links(registry), using) if hasattr(link.labels, "is_type")]
    if not ids or not feature_ids or not links:
        return {}
    found: dict[int, dict[Any, list[tuple[Any, int]]]] = {}
    chosen, other_fields = _in(ids, using), _other_fields(links, using)
    for link in links:
        rows, value, _ = _rows(link, chosen, other_fields, using, list(feature_ids), with_hidden=False)
        rows = rows.annotate(_value=value).values_list(f"{link.feature}_id", "_value", f"{link.value}_id").distinct()
        for feature_id, name, pk in rows:
            found.setdefault(feature_id, {}).setdefault(name, []).append((link.labels, pk))
    return found


def _union(queries: list[Any]) -> Any:
    return queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]


def _fetch_gathered(
    links: Sequence[FeatureLink], chosen: Any, other_fields: dict[Any, dict[str, list[int]]], using: str, only: Any
) -> list[tuple[Any, ...]]:
    """Return one row per table and feature: ids of the records, ids of the links and values as JSON texts without brackets.

    Each table is gathered by itself, before the features' names are joined, so that no row travels further than it has to.
    """
    is_postgresql = connections[using].vendor == "postgresql"
    join = "string_agg(CAST({} AS text), ',')" if is_postgresql else "group_concat({}, ',')"
    quoted = "CAST(to_json(_value) AS text)" if is_postgresql else "json_quote(_value)"
    parts, parameters = [], []
    for position, link in enumerate(links):
        rows, value, _ = _rows(link, chosen, other_fields, using, only, with_hidden=False)
        rows = rows.annotate(_host=F(f"{link.host}_id"), _link=F("pk"), _feature=F(f"{link.feature}_id"), _value=value)
        try:
            sql, passed = rows.values_list("_host", "_link", "_feature", "_value").query.get_compiler(using).as_sql()
        except EmptyResultSet:
            continue
        text = f"COALESCE({'_value' if link.is_json else quoted}, 'null')"
        columns = [
            f"{join.format(one)} AS {name}" for one, name in (("_host", "hosts"), ("_link", "links"), (text, "found"))
        ]
        parts.append(
            f"SELECT {position} AS place, _feature AS feature, {', '.join(columns)} FROM ({sql}) AS facts GROUP BY _feature"
        )
        parameters += passed
    if not parts:
        return []
    quote, feature = connections[using].ops.quote_name, registry_named("Feature")._meta
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT feature, known.name, known.{quote('_dtype_str')}, hosts, links, found FROM ({' UNION ALL '.join(parts)}) AS gathered "
            f"JOIN {quote(feature.db_table)} AS known ON known.id = gathered.feature ORDER BY place, feature",
            parameters,
        )
        return list(cursor.fetchall())


def _fetch(query: Any, using: str) -> list[tuple[Any, ...]]:
    """Return rows as the database gives them: their columns are numbers and texts, which need no conversion."""
    try:
        sql, parameters = query.query.get_compiler(using).as_sql()
    except EmptyResultSet:
        return []
    with connections[using].cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _present(links: Sequence[FeatureLink], using: str) -> list[FeatureLink]:
    """Return the links whose tables exist on a database: another instance may have fewer modules."""
    from lamindb.annotation.label_links import modules_on

    modules = modules_on(using, frozenset(link.model._meta.app_label for link in links))
    return [link for link in links if link.model._meta.app_label in modules]


def _in(ids: Sequence[Any], using: str) -> Any:
    from lamindb.annotation.link_rows import in_values

    return list(ids) if len(ids) <= _MAX_IDS else in_values(ids, using)


def _other_fields(links: Sequence[FeatureLink], using: str) -> dict[Any, dict[str, list[int]]]:
    """Return for each registry the features by the field that they name, where it is not the one that labels are shown by."""
    found: dict[Any, dict[str, list[int]]] = {}
    targets = [link.labels for link in links if link.labels is not None]
    features = registry_named("Feature").objects.using(using).filter(_dtype_str__contains=".")
    for feature_id, dtype in features.order_by().values_list("pk", "_dtype_str"):
        for target in targets:
            field = label_field(dtype, target)
            if field is None or field == value_field(target):
                continue
            if any(known.name == field for known in target._meta.concrete_fields):
                found.setdefault(target, {}).setdefault(field, []).append(feature_id)
    return found


def _rows(
    link: FeatureLink, chosen: Any, other_fields: dict[Any, dict[str, list[int]]], using: str, only: Any, with_hidden: bool
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Return the rows of a table for the chosen records, the expression of their values as texts, and that of the labels' ids."""
    rows = link.model.objects.using(using).filter(**{f"{link.host}__in": chosen, f"{link.feature}__isnull": False})
    if only is not None:
        rows = rows.filter(**{f"{link.feature}__in": only})
    if link.is_json:
        value: Any = Cast(F(link.value), _TEXT)
        label: Any = Cast(Value(None), _NUMBER)
    else:
        if is_scoped(link.labels) and not with_hidden:
            # a sum, since an index of branches would lead the database through all labels first
            rows = rows.alias(_branch=F(f"{link.value}__branch_id") + 0).filter(_branch__in=visible_branch_ids(using))
        value = Cast(F(f"{link.value}__{value_field(link.labels)}"), _TEXT)
        cases = [
            When(**{f"{link.feature}__in": features}, then=Cast(F(f"{link.value}__{field}"), _TEXT))
            for field, features in other_fields.get(link.labels, {}).items()
        ]
        value = Case(*cases, default=value, output_field=_TEXT) if cases else value
        label = Cast(F(f"{link.value}_id"), _NUMBER)
    return rows.order_by(), value, label


def _query(
    link: FeatureLink, position: int, chosen: Any, other_fields: dict[Any, dict[str, list[int]]], using: str, only: Any,
    with_hidden: bool,
) -> Any:  # fmt: skip
    rows, value, label = _rows(link, chosen, other_fields, using, only, with_hidden)
    return rows.annotate(
        _position=Value(position, output_field=models.IntegerField()),
        _host=Cast(F(f"{link.host}_id"), _NUMBER),
        _link=Cast(F("pk"), _NUMBER),
        _feature=Cast(F(f"{link.feature}_id"), _NUMBER),
        _name=Cast(F(f"{link.feature}__name"), _TEXT),
        _dtype=Cast(F(f"{link.feature}___dtype_str"), _TEXT),
        _value=value,
        _label=label,
    ).values_list("_position", "_host", "_link", "_feature", "_name", "_dtype", "_value", "_label")
