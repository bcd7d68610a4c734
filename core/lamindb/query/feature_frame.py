"""Feature values as columns of a data frame: two statements, whatever the number of records and features."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lamindb.annotation.row_keys import row_keys_of_records
from lamindb.annotation.simple_values import read_stored
from lamindb.base.dtype_inference import pandas_dtype_of
from lamindb.base.dtypes import UTC_DTYPE, Dtype
from lamindb.base.logging import logger
from lamindb.base.registries import registry as registry_named
from lamindb.query.feature_dtypes import is_categorical, item_dtype, read_dtype
from lamindb.query.feature_values import read_by_feature
from lamindb.query.hierarchy import visible_branch_ids

_USED = "queryset"


@dataclass
class _Values:
    """Values of one feature by record id: `single` where every record has one, else `several`."""

    name: str
    dtype: str
    single: dict[Any, Any] = field(default_factory=dict)
    several: dict[Any, list[Any]] = field(default_factory=dict)

    def add(self, record_ids: list[Any], values: list[Any]) -> None:
        if not self.single and not self.several:
            self.single = dict(zip(record_ids, values, strict=True))
            if len(self.single) == len(record_ids):
                return
        else:  # the values of unions are in several tables
            self.several = self.several or {record_id: [value] for record_id, value in self.single.items()}
        self.single = {}
        for record_id, value in zip(record_ids, values, strict=True):
            self.several.setdefault(record_id, []).append(value)

    def cells(self, ids: list[Any]) -> list[Any]:
        """Return one cell per record, `None` where it has no value."""
        if not self.several and not _is_list(self.dtype):
            return list(map(self.single.get, ids))
        several = self.several or {record_id: [value] for record_id, value in self.single.items()}
        return [_cell(self, several.get(record_id)) for record_id in ids]


def feature_columns(
    queryset: Any, ids: list[Any], features: str | list[str] | bool | None, with_all: bool = False
) -> dict[str, Any]:
    """Return columns of feature values.

    Args:
        queryset: the records that are shown.
        ids: their primary keys, in order.
        features: names of features or feature records; `True` or `"queryset"` for all that the records use.
        with_all: show all features that the records use.

    Returns:
        One pandas series per feature with a value, in the order of the feature ids (or of the names that were passed).
    """
    uses_all = with_all or features is True or (isinstance(features, str) and features == _USED)
    wanted = None if uses_all else _wanted(queryset, features or None)
    values = _collect(queryset.model, ids, queryset.db, wanted, with_row_keys=True)
    if wanted is not None:
        position = {feature_id: number for number, feature_id in enumerate(wanted)}
        values = dict(sorted(values.items(), key=lambda item: position[item[0]]))
    else:
        values = dict(sorted(values.items()))
    return {found.name: _column(found, ids) for found in _one_per_name(values)}


@dataclass
class FeatureColumn:
    """Values of one feature for a sequence of records, as a pandas series in `values`."""

    name: str
    dtype: str
    values: Any


def series_by_feature(
    registry: Any, ids: list[Any], using: str, *, among: Any = None, with_row_keys: bool = False
) -> dict[int, FeatureColumn]:
    """Return the columns of all features that records have values of, by feature id: two statements.

    Args:
        registry: Artifact, Run or Record.
        ids: primary keys of the records, in order.
        using: alias of the database.
        among: a simple query of the primary keys of all of these records, and few others, that is quicker than the ids.
        with_row_keys: return also features whose values are the names of records: up to three statements more.
    """
    return {
        feature_id: FeatureColumn(found.name, found.dtype, _column(found, ids))
        for feature_id, found in _collect(registry, ids, using, None, among, with_row_keys=with_row_keys).items()
    }


def empty_column(dtype: str, n_rows: int) -> Any:
    """Return the column of a feature that no record has a value of."""
    import pandas as pd

    return pd.Series([None] * n_rows, dtype=pandas_dtype_of(dtype))


def _wanted(queryset: Any, features: Any) -> list[int]:
    """Return the ids of the features that were passed by name or as records, in their order.

    Raises:
        ValueError: if several features that are visible have one of the names.
    """
    passed = [features] if isinstance(features, str) else list(features or ())
    names = list(dict.fromkeys(name for name in passed if isinstance(name, str)))
    known: dict[str, list[int]] = {}
    if names:
        rows = registry_named("Feature").objects.using(queryset.db).filter(name__in=names, is_type=False)
        rows = rows.filter(branch_id__in=visible_branch_ids(queryset.db))
        for feature_id, name in rows.order_by("id").values_list("id", "name"):
            known.setdefault(name, []).append(feature_id)
    missing = [name for name in names if name not in known]
    if missing:
        logger.warning(
            "found features and passed features differ:\n- passed: %s\n- found: %s", sorted(names), sorted(known)
        )
    ambiguous = sorted(name for name, found in known.items() if len(found) > 1)
    if ambiguous:
        raise ValueError(
            f"Ambiguous feature names passed in `features`: {', '.join(ambiguous)}. Pass the feature records that you mean instead, "
            f"e.g. features=[ln.Feature.get({known[ambiguous[0]][0]})]"
        )
    ids: list[int] = []
    for feature in passed:
        ids += known.get(feature, ()) if isinstance(feature, str) else [_id_on(feature, queryset.db)]
    return list(dict.fromkeys(ids))


def _id_on(feature: Any, using: str) -> int:
    """Return the id of a feature record on a database, where it is found by its uid if it lives elsewhere."""
    if feature._state.db in (None, using):
        return feature.pk  # type: ignore[no-any-return]
    return registry_named("Feature").objects.using(using).get(uid=feature.uid).pk  # type: ignore[no-any-return]


def _collect(
    registry: Any,
    ids: list[Any],
    using: str,
    wanted: list[int] | None,
    among: Any = None,
    *,
    with_row_keys: bool = False,
) -> dict[int, _Values]:
    values: dict[int, _Values] = {}
    if not ids or wanted == []:
        return values
    for one in read_by_feature(registry, ids, using, wanted, among=among):
        values.setdefault(one.feature_id, _Values(one.feature_name, one.dtype)).add(one.host_ids, one.values)
    if with_row_keys and registry.__name__ == "Record":
        for key in row_keys_of_records(ids, using, wanted):
            feature = key.feature
            values.setdefault(feature.pk, _Values(feature.name, feature._dtype_str)).add(key.record_ids, key.names)
    return values


def _one_per_name(values: dict[int, _Values]) -> list[_Values]:
    """Return one of the features that share a name: one with records as values before others, then the one with the lowest id."""
    by_name: dict[str, list[int]] = {}
    for feature_id, found in values.items():
        by_name.setdefault(found.name, []).append(feature_id)
    duplicates = {name: sorted(members) for name, members in by_name.items() if len(members) > 1}
    if duplicates:
        logger.warning(
            "detected duplicate feature names while building dataframe features; keeping the first feature per name by ascending id, "
            "those with records as values before others. duplicates: %s",
            duplicates,
        )
    kept = [min(members, key=lambda i: (not is_categorical(values[i].dtype), i)) for members in by_name.values()]
    return [values[feature_id] for feature_id in kept]


def _column(found: _Values, ids: list[Any]) -> Any:
    """Return the values as a series with the type that the feature's dtype has in pandas."""
    import pandas as pd

    item = item_dtype(found.dtype)
    cells = found.cells(ids)
    kinds = set(map(type, cells)) - {type(None)}

    def are_all(*types: type) -> bool:
        return all(issubclass(kind, types) for kind in kinds)

    if any(issubclass(kind, set | list | dict) for kind in kinds):
        return pd.Series([float("nan") if cell is None else cell for cell in cells], dtype=object)
    if is_categorical(found.dtype):
        return pd.Series(cells, dtype=pd.CategoricalDtype(sorted({cell for cell in cells if cell is not None}, key=str)))  # fmt: skip
    if item.startswith("datetime"):
        try:
            times = pd.to_datetime(pd.Series(cells, dtype=object), utc=True, format="ISO8601").astype(UTC_DTYPE)
        except ValueError:  # written by another client
            return pd.Series(cells, dtype=object)
        return times if item == UTC_DTYPE else times.dt.tz_localize(None)
    if item == "date":
        return pd.Series([read_stored(Dtype("date"), cell) for cell in cells], dtype=object)
    if item == "bool" and are_all(bool):
        return pd.Series(cells, dtype="boolean")
    if item == "int" and are_all(int):
        return pd.Series(cells, dtype="Int64" if None in cells else "int64")
    if item in ("float", "num") and are_all(int, float):
        return pd.Series(cells, dtype="float64")
    if are_all(str):
        return pd.Series([float("nan") if cell is None else cell for cell in cells], dtype=pd.Series(["a"]).dtype)
    return pd.Series([float("nan") if cell is None else cell for cell in cells], dtype=object)


def _is_list(dtype: str) -> bool:
    read = read_dtype(dtype)
    return read is not None and read.is_list


def _cell(found: _Values, values: list[Any] | None) -> Any:
    """Return one record's value: a scalar, a list for list dtypes, a set where there are several."""
    if not values:
        return None
    dtype = read_dtype(found.dtype)
    if dtype is not None and dtype.is_list:
        return [
            read_stored(dtype.item, item)
            for value in values
            for item in (value if isinstance(value, list) else [value])
        ]
    if len(values) == 1:
        return values[0]
    if dtype is not None:
        values = [read_stored(dtype, value) for value in values]
    try:
        distinct = set(values)
    except TypeError:
        return values
    return distinct if len(distinct) > 1 else values[0]
