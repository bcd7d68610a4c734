"""Sorting Artifact, Run and Record by the values of a feature: `order_by(temperature)`, `order_by(-temperature)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Case, F, OuterRef, Subquery, TextField, When
from django.db.models.functions import Cast

from lamindb.annotation.row_keys import schemas_keyed_by
from lamindb.query.feature_dtypes import read_dtype
from lamindb.query.feature_filters import ComparesValues, is_host

_NUMBERS = ("int", "float", "num")
_TEXTS = ("str", "url", "path", "date", "datetime", "datetime64[ns, UTC]")


@dataclass(frozen=True)
class Descending:
    """A feature whose greatest values come first."""

    feature: Any


def has_features(keys: tuple[Any, ...]) -> bool:
    """Tell whether a feature is among the keys of `order_by`."""
    return any(isinstance(key, ComparesValues | Descending) for key in keys)


def order_by_features(queryset: Any, keys: tuple[Any, ...]) -> tuple[Any, list[Any]]:
    """Return a query set of the records that have values of the features among the keys, and the keys to sort it by.

    A record with several values is placed by the least of them, or by the greatest if these come first.

    Args:
        queryset: query set of Artifact, Run or Record.
        keys: names of fields, expressions, features, and descending features.

    Raises:
        FieldError: if the records have no features, or the values of one can't be sorted.
    """
    ordering: list[Any] = []
    for key in keys:
        if not isinstance(key, ComparesValues | Descending):
            ordering.append(key)
            continue
        is_descending = isinstance(key, Descending)
        feature = key.feature if isinstance(key, Descending) else key
        alias = f"_ordered_by_{len(ordering)}"
        value = _value(queryset, feature, is_descending)
        queryset = queryset.alias(**{alias: value}).filter(**{f"{alias}__isnull": False})
        ordering.append(F(alias).desc() if is_descending else F(alias).asc())
    return queryset, ordering


def _value(queryset: Any, feature: Any, is_descending: bool) -> Any:
    from lamindb.base.registries import registry
    from lamindb.query.feature_conditions import JsonNumber, JsonText
    from lamindb.query.feature_links import feature_links

    if not is_host(queryset.model):
        raise FieldError(f"Only Artifact, Run and Record can be sorted by features, not {queryset.model.__name__}")
    dtype = read_dtype(feature._dtype_str)
    if dtype is None or dtype.is_list or dtype.base not in (*_NUMBERS, *_TEXTS, "bool"):
        raise FieldError(
            f"Can't sort by feature '{feature.name}' of dtype {feature._dtype_str}: only numbers, texts, dates and bools can be sorted"
        )
    if feature._state.db not in (None, queryset.db):
        feature = registry("Feature").objects.using(queryset.db).get(uid=feature.uid)
    link = next(link for link in feature_links(queryset.model) if link.is_json)
    kind: Any = JsonNumber if dtype.base in _NUMBERS else JsonText
    stored = Cast(F(link.value), TextField()) if dtype.base == "bool" else kind(F(link.value))
    rows = link.model.objects.using(queryset.db).filter(**{link.host: OuterRef("pk"), link.feature: feature.pk})
    rows = rows.alias(_compared=stored).order_by(F("_compared").desc() if is_descending else F("_compared").asc())
    value = Subquery(rows.values(_value=stored)[:1])
    keyed = schemas_keyed_by(feature, queryset.db) if queryset.model.__name__ == "Record" else []
    if not keyed:
        return value
    is_named = When(type__schema__in=keyed, is_type=False, name__isnull=False, then=Cast(F("name"), TextField()))
    return Case(is_named, default=value, output_field=TextField())  # values of row keys are the names of the records
