"""What `get_values` and `features["name"]` return: stored values as Python values, and records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lamindb.annotation.row_keys import row_key_of_record
from lamindb.annotation.simple_values import read_stored
from lamindb.base.dtypes import Dtype
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name
from lamindb.query.feature_dtypes import read_dtype
from lamindb.query.feature_values import FeatureValue, read_feature_values


@dataclass
class FeatureGroup:
    """All values of one feature on one record, in the order in which they were linked."""

    feature_id: int
    name: str
    dtype: str
    values: list[FeatureValue] = field(default_factory=list)

    @property
    def read(self) -> Dtype:
        """The dtype in its abstract form; a text that is none counts as a text."""
        return read_dtype(self.dtype) or Dtype("object")

    def as_python(self) -> Any:
        """Return the value, or the values, for people."""
        dtype = self.read
        values = [one.value if one.labels is not None else read_stored(dtype, one.value) for one in self.values]
        if dtype.is_categorical:
            return values if dtype.is_list else _one_or_set(values)
        if dtype.is_list or dtype.base in ("dict", "object"):
            return values[0] if len(values) == 1 else values
        return _one_or_set(values)

    def as_passed(self) -> Any:
        """Return the values in a form that `set_values` takes."""
        if self.read.is_categorical:
            return records_of(self.values)
        return self.as_python()


def grouped(host: Any, using: str, feature_ids: list[int] | None = None) -> list[FeatureGroup]:
    """Return the values of a saved record by feature, categorical ones first, then by name and dtype.

    It takes two statements, and for records of a type up to two more, which find out whether their name is the value of a feature.
    """
    groups: dict[int, FeatureGroup] = {}
    for one in read_feature_values(type(host), [host.pk], using, feature_ids):
        group = groups.setdefault(one.feature_id, FeatureGroup(one.feature_id, one.feature_name, one.dtype))
        group.values.append(one)
    key = row_key_of_record(host, using) if getattr(host, "name", None) is not None else None
    if key is not None and (feature_ids is None or key.pk in feature_ids):
        value = FeatureValue(host.pk, key.pk, key.name, key._dtype_str, host.name)
        groups[key.pk] = FeatureGroup(key.pk, key.name, key._dtype_str, [value])
    return sorted(groups.values(), key=lambda g: (not g.read.is_categorical, g.name, g.dtype, g.feature_id))


def python_value(groups: list[FeatureGroup]) -> dict[str, Any]:
    """Return values by name; features that share a name with another one get their id behind it."""
    values: dict[str, Any] = {}
    for group in groups:
        name = group.name
        if name in values:
            name = f"{group.name} (feature {group.feature_id})"
            logger.warning(
                "several features called '%s' have values: the values of another one are under '%s'", group.name, name
            )
        values[name] = group.as_python()
    return values


def object_of(host: Any, feature_ids: list[int], using: str) -> Any:
    """Return the records or values of features that share a name."""
    found: dict[str, Any] = {}
    for group in grouped(host, using, feature_ids):
        if not group.read.is_categorical:
            values = [read_stored(group.read, one.value) for one in group.values]
            found[group.dtype] = values[0] if len(values) == 1 else values
            continue
        for target in dict.fromkeys(one.labels for one in group.values):
            members = [one for one in group.values if one.labels is target]
            found[qualified_name(target)] = _records(target, members, group.read.is_list, using)
    if len(found) == 1:
        return next(iter(found.values()))
    return found


def records_of(values: list[FeatureValue]) -> list[Any]:
    """Return the labels behind values, in their order: one statement per registry."""
    records: dict[Any, Any] = {}
    for target in dict.fromkeys(one.labels for one in values):
        ids = [one.label_id for one in values if one.labels is target]
        records |= {(target, pk): record for pk, record in target.objects.in_bulk(ids).items()}
    return [records[one.labels, one.label_id] for one in values if (one.labels, one.label_id) in records]


def _records(target: Any, members: list[FeatureValue], is_list: bool, using: str) -> Any:
    from lamindb.query.record_list import SQLRecordList

    ids = [one.label_id for one in members]
    if is_list:
        known = target.objects.using(using).in_bulk(ids)
        return SQLRecordList([known[pk] for pk in ids if pk in known])
    if len(ids) == 1:
        return target.objects.using(using).get(pk=ids[0])
    return target.filter(pk__in=ids).using(using)


def _one_or_set(values: list[Any]) -> Any:
    if len(values) == 1:
        return values[0]
    try:
        return set(values)
    except TypeError:  # written by another client
        return values
