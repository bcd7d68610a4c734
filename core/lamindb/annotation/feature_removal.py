"""Removes feature values of a record: two statements that read, and one per link table that holds some."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from lamindb.annotation.simple_values import check_column
from lamindb.base.logging import logger
from lamindb.query.feature_dtypes import read_dtype
from lamindb.query.feature_values import FeatureValue, read_feature_values


@dataclass(frozen=True)
class Removal:
    """A feature whose values are removed; with a value, only that one."""

    feature: Any
    value: Any = None


def remove_all(host: Any, using: str, keep: Iterable[int] = ()) -> None:
    """Remove the values of all features of a record but some, in a transaction of the caller."""
    kept = set(keep)
    values = read_feature_values(type(host), [host.pk], using, with_hidden=True)
    _delete([one for one in values if one.feature_id not in kept], using)


def remove_features(host: Any, removals: list[Removal], using: str, *, warn: bool = True) -> None:
    """Remove values of a record, in a transaction of the caller.

    Args:
        host: the record.
        removals: features and values.
        using: alias of the database.
        warn: say which features had no value.

    Raises:
        TypeError: if the value of a categorical feature is no record.
    """
    tests = [_is_meant(removal) for removal in removals]
    ids = [removal.feature.pk for removal in removals]
    values = read_feature_values(type(host), [host.pk], using, ids, with_hidden=True)
    removed: list[FeatureValue] = []
    for removal, is_meant in zip(removals, tests, strict=True):
        found = [one for one in values if one.feature_id == removal.feature.pk and is_meant(one)]
        removed += found
        if not found and warn:
            logger.warning(
                "no feature '%s'%s found on %s '%s'!",
                removal.feature.name, "" if removal.value is None else f" with value {removal.value!r}",
                type(host).__name__.lower(), host.uid,
            )  # fmt: skip
    _delete(removed, using)


def _is_meant(removal: Removal) -> Callable[[FeatureValue], bool]:
    """Return the test whether a value of the feature is to be removed."""
    feature, value = removal.feature, removal.value
    if value is None:
        return lambda one: True
    dtype = read_dtype(feature._dtype_str)
    if dtype is not None and dtype.is_categorical:
        if not isinstance(value, models.Model):
            raise TypeError(
                f"Expected a record for removing categorical feature value, got {value!r} of type {type(value).__name__}"
            )
        return lambda one: one.labels is type(value) and one.label_id == value.pk
    stored = value
    if dtype is not None:
        checked, mismatches = check_column(dtype, [value], coerce=True)
        stored = value if mismatches else checked[0]
    return lambda one: one.labels is None and bool(one.value == stored)


def _delete(values: list[FeatureValue], using: str) -> None:
    """Delete links without asking what depends on them: nothing does."""
    by_table: dict[Any, list[Any]] = {}
    for one in values:
        by_table.setdefault(one.link, []).append(one.link_id)
    for table, ids in by_table.items():
        table.objects.using(using).filter(pk__in=ids)._raw_delete(using)


def remove_all_of(host: Any, ids: list[Any], using: str) -> None:
    """Remove all values of many records, in a transaction of the caller."""
    if ids:
        _delete(read_feature_values(host, ids, using, with_hidden=True), using)
