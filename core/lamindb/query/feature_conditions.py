"""Feature values as conditions on their hosts: `Artifact.filter(temperature__gt=20, tissue="lung")` and `feature == value`."""

from __future__ import annotations

import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import FieldError, MultipleObjectsReturned, ObjectDoesNotExist
from django.db import models
from django.db.models import F, Model, Q
from django.db.models.expressions import Func

from lamindb.annotation.row_keys import schemas_keyed_by
from lamindb.base.dtype_inference import unwrapped
from lamindb.base.dtypes import UTC_DTYPE
from lamindb.base.registries import registry as registry_named
from lamindb.query.branch_scope import is_scoped
from lamindb.query.feature_dtypes import is_categorical, is_list, item_dtype, label_field, names_registry, value_field
from lamindb.query.feature_links import FeatureLink, feature_links
from lamindb.query.hierarchy import visible_branch_ids

_NUMERIC = ("gt", "gte", "lt", "lte", "range")
_TEXT = ("contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "iexact", "regex", "iregex")


class JsonNumber(Func):
    """A JSON value as a number, NULL if it is none."""

    output_field = models.FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"CASE WHEN JSON_TYPE({sql}) IN ('integer', 'real') THEN JSON_EXTRACT({sql}, '$') END", [
            *parameters,
            *parameters,
        ]

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        cast = f"({sql} #>> '{{}}')::double precision"
        return f"CASE WHEN jsonb_typeof({sql}) = 'number' THEN {cast} END", [*parameters, *parameters]


class JsonText(Func):
    """A JSON value as text, NULL if it is none."""

    output_field = models.TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"CASE WHEN JSON_TYPE({sql}) = 'text' THEN JSON_EXTRACT({sql}, '$') END", [*parameters, *parameters]

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"CASE WHEN jsonb_typeof({sql}) = 'string' THEN {sql} #>> '{{}}' END", [*parameters, *parameters]


def conditions_by_name(registry: Any, expressions: dict[str, Any], using: str) -> tuple[list[Q], list[str]]:
    """Translate keywords that start with names of features.

    Args:
        registry: Artifact, Run or Record.
        expressions: keywords such as `temperature__gt`; every first name should be a feature.
        using: alias of the database that is queried.

    Returns:
        One condition per keyword, and the names that are no features (then there are no conditions).

    Raises:
        MultipleObjectsReturned: if several features have one name.
        ObjectDoesNotExist: if no label has the value.
    """
    heads = list(dict.fromkeys(key.split("__", 1)[0] for key in expressions))
    known: dict[str, list[Any]] = {}
    for feature in (
        registry_named("Feature")
        .objects.using(using)
        .filter(name__in=heads, branch_id__in=visible_branch_ids(using), is_type=False)
    ):
        known.setdefault(feature.name, []).append(feature)
    missing = [head for head in heads if head not in known]
    if missing:
        return [], missing
    for name, features in known.items():
        if len(features) > 1:
            uids = ", ".join(feature.uid for feature in features)
            raise MultipleObjectsReturned(
                f"Several features are called '{name}' ({uids}). Query with the feature you mean: "
                f"{registry.__name__}.filter(ln.Feature.get('{features[0].uid}') == …)"
            )
    conditions = []
    for key, value in expressions.items():
        head, _, comparator = key.partition("__")
        conditions.append(condition(registry, known[head][0], comparator, value, using))
    return conditions, []


def condition_of_predicate(registry: Any, predicate: Any, using: str) -> Q:
    """Translate a feature predicate; the feature is found by uid on another database."""
    feature = predicate.feature
    if feature._state.db not in (None, using):
        feature = registry_named("Feature").objects.using(using).get(uid=feature.uid)
    return condition(registry, feature, predicate.comparator.removeprefix("__"), predicate.value, using)


def condition(registry: Any, feature: Any, comparator: str, value: Any, using: str) -> Q:
    """Return the condition that a host has (for `isnull=True` and `ne`: has not) a value of `feature` that meets the comparison."""
    links = _links_of(registry, feature)
    if value is None and comparator in ("", "ne"):
        comparator, value = "isnull", comparator == ""
    if comparator == "ne":
        return ~condition(registry, feature, "", value, using)
    keyed = schemas_keyed_by(feature, using) if registry.__name__ == "Record" else []
    if comparator == "isnull":
        has_value = _hosts(links, [Q(**{link.feature: feature}) for link in links], using)
        if keyed:
            has_value |= Q(type__schema__in=keyed, name__isnull=False)
        return ~has_value if value else has_value
    if is_categorical(feature._dtype_str):
        return _categorical(links, feature, comparator, value, using)
    has_value = _plain(links, feature, comparator, value, using)
    if keyed:  # the values of row keys are the names of the records
        has_value |= Q(type__schema__in=keyed, **{f"name__{comparator}" if comparator else "name": value})
    return has_value


def condition_on_features(registry: Any, keyword: str, value: Any, using: str) -> Q:
    """Translate a keyword that starts with `features`: the features that records have values of, or that datasets measure.

    Raises:
        FieldError: if features have no such field.
    """
    from lamindb.query.expressions import rewrite

    feature_registry = registry_named("Feature")
    path = keyword.partition("__")[2]
    if path in ("", "in"):
        members = [value] if path == "" else list(value)
        are_records = all(isinstance(member, Model) for member in members)
        path, value = "uid__in" if are_records else "pk__in", [m.uid if are_records else m for m in members]
    features = feature_registry.objects.using(using).filter(**rewrite(feature_registry, {path: value}, using))
    chosen = features.values("pk")
    conditions = [
        Q(pk__in=link.model.objects.using(using).filter(**{f"{link.feature}__in": chosen}).values(f"{link.host}_id"))
        for link in feature_links(registry)
    ]
    if registry.__name__ == "Artifact":
        measured = registry_named("ArtifactSchema").objects.using(using).filter(schema__features__in=chosen)
        conditions.append(Q(pk__in=measured.values("artifact_id")))
    return reduce(or_, conditions)


def _links_of(registry: Any, feature: Any) -> list[FeatureLink]:
    dtype = feature._dtype_str
    if not is_categorical(dtype):
        return [link for link in feature_links(registry) if link.is_json]
    links = [link for link in feature_links(registry) if not link.is_json and names_registry(dtype, link.labels)]
    if not links:
        raise FieldError(
            f"{registry.__name__} records can't be annotated with feature '{feature.name}' of dtype {dtype}"
        )
    return links


def _hosts(links: list[FeatureLink], conditions: list[Q], using: str, aliases: Any = None) -> Q:
    """Return the condition that a host is linked in one of the tables."""
    parts = []
    for link, one in zip(links, conditions, strict=True):
        rows = link.model.objects.using(using)
        if aliases is not None:
            rows = rows.alias(**aliases(link))
        parts.append(Q(pk__in=rows.filter(one).values(f"{link.host}_id")))
    return reduce(or_, parts)


def _plain(links: list[FeatureLink], feature: Any, comparator: str, value: Any, using: str) -> Q:
    first, _, rest = comparator.partition("__")
    dtype = item_dtype(feature._dtype_str)
    value = _json_value(value, dtype)
    is_number = dtype in ("float", "num") and not is_list(feature._dtype_str) and _is_number(value)
    if is_number and first in ("", "in"):  # 2 and 2.0 are one number, but not one JSON text
        first = first or "exact"
    if first in _NUMERIC:
        sample = value[0] if first == "range" else value
        kind: Any = JsonText if isinstance(sample, str) else JsonNumber
    elif is_number and first in ("exact", "in"):
        kind = JsonNumber
    elif first in _TEXT:
        kind = JsonText
    else:
        if first == "in":
            tests = [_or_all(link.value, value) for link in links]
        else:
            path = f"__{comparator}" if comparator else ""
            tests = [Q(**{f"{link.value}{path}": value}) for link in links]
        return _hosts(
            links, [Q(**{link.feature: feature}) & test for link, test in zip(links, tests, strict=True)], using
        )
    if rest:
        raise FieldError(f"'{comparator}' is no comparison for values of feature '{feature.name}'")
    tests = [Q(**{link.feature: feature}) & Q(**{f"_compared__{first}": value}) for link in links]
    return _hosts(links, tests, using, aliases=lambda link: {"_compared": kind(F(link.value))})


def _or_all(path: str, values: Any) -> Q:
    return reduce(or_, (Q(**{path: item}) for item in values), Q(pk__in=[]))


def _is_number(value: Any) -> bool:
    """Tell whether a value, or all values of a list, are numbers."""
    if isinstance(value, list | tuple | set):
        return all(_is_number(item) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _json_value(value: Any, dtype: str) -> Any:
    """Return a value as it is stored."""
    if isinstance(value, datetime.datetime):
        if dtype == UTC_DTYPE and value.tzinfo is not None:
            value = value.astimezone(datetime.UTC)
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return [_json_value(item, dtype) for item in value]
    return unwrapped(value)


def _categorical(links: list[FeatureLink], feature: Any, comparator: str, value: Any, using: str) -> Q:
    items = list(value) if comparator == "in" else [value]
    if all(isinstance(item, Model) for item in items):
        return _labelled_with(links, feature, items, using)
    if comparator != "in" and isinstance(value, list | tuple | set | dict):
        raise TypeError(
            f"Cannot compare feature '{feature.name}' with {value!r}: pass one value, or several with {feature.name}__in=[…]"
        )
    suffix = f"__{comparator}" if comparator else ""
    conditions, found = [], False
    for link in links:
        field = label_field(feature._dtype_str, link.labels)
        if field is None or not any(known.name == field for known in link.labels._meta.concrete_fields):
            field = value_field(link.labels)
        labels = link.labels.objects.using(using).filter(**{f"{field}{suffix}": value})
        if is_scoped(link.labels):
            labels = labels.filter(branch_id__in=visible_branch_ids(using))
        found = found or labels.exists()
        conditions.append(Q(**{link.feature: feature, f"{link.value}__in": labels.values("pk")}))
    if not found:
        registries = " or ".join(link.labels.__name__ for link in links)
        raise ObjectDoesNotExist(
            f"Did not find a {registries} matching `{field}{suffix}={value}` for feature '{feature.name}'"
        )
    return _hosts(links, conditions, using)


def _labelled_with(links: list[FeatureLink], feature: Any, records: list[Any], using: str) -> Q:
    chosen, conditions = [], []
    for link in links:
        members = [record for record in records if isinstance(record, link.labels)]
        if not members:
            continue
        foreign = any(record._state.db not in (None, using) for record in members)
        attribute = "uid" if foreign else "pk"
        condition = {f"{link.value}__{attribute}__in": [getattr(record, attribute) for record in members]}
        chosen.append(link)
        conditions.append(Q(**{link.feature: feature}, **condition))
    if not chosen:
        raise TypeError(
            f"Feature '{feature.name}' has dtype {feature._dtype_str}, and can't be compared with {records!r}"
        )
    return _hosts(chosen, conditions, using)
