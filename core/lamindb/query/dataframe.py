"""Query sets as data frames: which columns a registry shows, rows in one statement, and one more per to-many relation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from lamindb.base.logging import logger
from lamindb.query.include_paths import IncludePath, resolve_path, to_many_values

if TYPE_CHECKING:
    import pandas as pd

#: Simple fields that come after all others, in this order.
_LAST_SIMPLE = ("version_tag", "is_latest", "is_locked", "is_type", "created_at")
_NEVER = ("updated_at",)
#: Private columns that are shown all the same.
_SHOWN_PRIVATES = {"Feature": ("_dtype_str",)}
_FEATURES, _PRIVATES = "features", "privates"
#: Records that the system keeps for itself are hidden unless the query mentions their kind.
_SYSTEM_KIND = "__lamindb"


def to_dataframe(
    queryset: Any,
    include: str | list[str] | None = None,
    features: str | list[str] | None = None,
    limit: int | None = 100,
    order_by: str | None = "-id",
    warn_truncated: bool = True,
    record_metadata: bool = True,
) -> pd.DataFrame:
    """Return a query set as a data frame; see `QuerySet.to_dataframe`.

    Args:
        queryset: the records.
        include: paths, own fields and the keywords `"features"` and `"privates"`.
        features: names of features, or `"queryset"`.
        limit: greatest number of records.
        order_by: field to sort by.
        warn_truncated: say when there are more records than `limit`.
        record_metadata: also show what was not asked for: the first columns and the ids.
    """
    registry = queryset.model
    wanted = [include] if isinstance(include, str) else list(include or ())
    with_features = features is not None or _FEATURES in wanted
    if with_features:
        _check_has_features(registry)
    paths = [resolve_path(registry, column) for column in dict.fromkeys(wanted) if column not in (_FEATURES, _PRIVATES)]
    plain = plain_columns(registry)
    if wanted or features is not None:
        plain = plain[:2]
    extra = [path for path in paths if path.is_own]
    related = [path for path in paths if not path.is_own]
    single = [path for path in related if not path.is_to_many]
    records = _ordered(_without_system_records(_one_row_per_record(queryset)), order_by)
    shown_names = list(dict.fromkeys([*plain, *(_column_of(path) for path in extra)]))
    if _PRIVATES in wanted:
        shown_names = list(dict.fromkeys([*shown_names, *_private_columns(registry)]))
    rows, cut = _rows(records, ["pk", *shown_names, *(path.path for path in single)], limit)
    if cut is not records and warn_truncated and len(rows) > (limit or 0):
        logger.warning("truncated query result to limit=%s %s objects", limit, registry.__name__)
    rows = rows[:limit] if limit is not None else rows
    ids = [row[0] for row in rows]
    columns: dict[str, Any] = {
        name: _column(_field_of(registry, name), [row[position] for row in rows])
        for position, name in enumerate(shown_names, start=1)
    }
    columns = _rename_asked(columns, extra, registry)
    values = to_many_values(cut, [path for path in related if path.is_to_many], ids) if rows else {}
    related_columns: dict[str, Any] = {}
    for path in related:
        if path.is_to_many:
            found = values.get(path.column, {})
            related_columns[path.column] = _objects([found.get(pk, {None}) for pk in ids])
        else:
            position = 1 + len(shown_names) + single.index(path)
            related_columns[path.column] = _column(
                path.field, [path.shown(row[position]) for row in rows], is_nullable=True
            )
    feature_columns: dict[str, Any] = {}
    if with_features:
        from lamindb.query.feature_frame import feature_columns as feature_columns_of

        feature_columns = feature_columns_of(cut, ids, features, with_all=_FEATURES in wanted)
    if not record_metadata:
        asked = {path.column for path in extra}
        columns = {name: values for name, values in columns.items() if name in asked}
    frame = _assemble(registry, ids, columns, plain, related_columns, feature_columns)
    return frame if record_metadata else frame.reset_index(drop=True)


def frame_of_records(records: list[Any]) -> pd.DataFrame:
    """Return records (of one registry, saved or not) as a data frame with the columns of `to_dataframe`."""
    import pandas as pd

    if not records:
        return pd.DataFrame(index=_index([]))
    registry = type(records[0])
    index = _index([record.pk for record in records])
    columns = {
        name: _column(_field_of(registry, name), [getattr(record, name) for record in records], is_nullable=True)
        for name in plain_columns(registry)
    }
    return pd.DataFrame({name: values.set_axis(index) for name, values in columns.items()}, index=index)


@cache
def _plain_columns(registry: Any) -> tuple[str, ...]:
    fields = [
        field
        for field in registry._meta.concrete_fields
        if not field.primary_key and _is_shown(registry, field.attname)
    ]
    if getattr(registry, "_is_link", False):
        return tuple(field.attname for field in fields)
    simple = [field.attname for field in fields if not field.is_relation]
    first = ["uid"] if "uid" in simple else []
    last = [name for name in _LAST_SIMPLE if name in simple]
    middle = [name for name in simple if name not in first and name not in last]
    return (*first, *middle, *last, *(field.attname for field in fields if field.is_relation))


def plain_columns(registry: Any) -> list[str]:
    """Return the columns that a registry shows by default, without the index."""
    return list(_plain_columns(registry))


def _is_shown(registry: Any, name: str) -> bool:
    return name not in _NEVER and (not name.startswith("_") or name in _SHOWN_PRIVATES.get(registry.__name__, ()))


def _private_columns(registry: Any) -> list[str]:
    return [
        field.attname
        for field in registry._meta.concrete_fields
        if field.attname.startswith("_") and not _is_shown(registry, field.attname)
    ]


def _check_has_features(registry: Any) -> None:
    from lamindb.query.feature_filters import is_host

    if not is_host(registry):
        raise ValueError(
            f'include="features" is only applicable for Artifact, Record, and Run, not {registry.__name__}'
        )


def _column_of(path: IncludePath) -> str:
    return path.field.attname


def _field_of(registry: Any, name: str) -> Any:
    return next(field for field in registry._meta.concrete_fields if field.attname == name)


def _rename_asked(columns: dict[str, Any], extra: list[IncludePath], registry: Any) -> dict[str, Any]:
    """Show own fields under the name that was asked for, such as `version` and `status`."""
    names = {_column_of(path): path for path in extra if path.column != _column_of(path)}
    shown = {}
    for name, values in columns.items():
        path = names.get(name)
        if path is None:
            shown[name] = values
        else:
            shown[path.column] = values.map(path.shown) if path.column == "status" else values
    return shown


def _one_row_per_record(queryset: Any) -> Any:
    """Return the query set itself, or one of the same records in the same order where joins could repeat rows."""
    queryset = queryset._chain()
    if queryset._fields is not None or queryset.query.combinator or not _fans_out(queryset.query):
        return queryset
    if queryset.query.is_sliced:
        return queryset
    narrowed = queryset._chain()
    narrowed.query.clear_ordering(force=True)
    single = type(queryset)(model=queryset.model, using=queryset._db, hints=queryset._hints)
    single = models.QuerySet.filter(single, pk__in=narrowed.values("pk"))
    single.query.order_by = queryset.query.order_by
    single._mentioned = getattr(queryset, "_mentioned", frozenset())
    return single


def _fans_out(query: Any) -> bool:
    for alias, join in query.alias_map.items():
        field = getattr(join, "join_field", None)
        if field is not None and query.alias_refcount.get(alias) and (field.one_to_many or field.many_to_many):
            return True
    return False


def _without_system_records(queryset: Any) -> Any:
    registry = queryset.model
    if registry.__name__ != "Artifact" or registry._meta.app_label != "lamindb":
        return queryset
    if queryset.query.is_sliced and not queryset._is_cut_search():
        return queryset
    if "kind" in queryset._mentioned or queryset.query.combinator:
        return queryset
    return models.QuerySet.exclude(queryset, kind__startswith=_SYSTEM_KIND)


def _ordered(queryset: Any, order_by: str | None) -> Any:
    if order_by is None or queryset.ordered or queryset.query.is_sliced or queryset.query.combinator:
        return queryset
    name = order_by.lstrip("-")
    prefix = "-" if order_by.startswith("-") else ""
    if name in ("id", "pk"):
        return queryset.order_by(f"{prefix}pk")
    path = resolve_path(queryset.model, name)
    if path.is_to_many:
        raise FieldError(f"Cannot order by '{order_by}': several values may belong to one {queryset.model.__name__}")
    return queryset.order_by(f"{prefix}{path.path}", "-pk")


def _rows(queryset: Any, names: list[str], limit: int | None) -> tuple[list[tuple[Any, ...]], Any]:
    """Return up to `limit` + 1 rows, and the query set cut to `limit`."""
    if limit is None:
        return list(queryset.values_list(*names)), queryset
    return list(queryset[: limit + 1].values_list(*names)), queryset[:limit]


def _index(ids: list[Any]) -> Any:
    import pandas as pd

    if any(not isinstance(pk, int) for pk in ids):
        return pd.Index(ids, name="id")
    return pd.Index(ids, dtype="int64", name="id")


def _objects(values: list[Any]) -> Any:
    import pandas as pd

    return pd.Series(values, dtype=object)


def _column(field: Any, values: list[Any], is_nullable: bool | None = None) -> Any:
    """Return the values of one field with the type that the field's kind has in pandas."""
    import pandas as pd

    target = field
    while target.is_relation:
        target = target.target_field
    nullable = field.null if is_nullable is None else is_nullable
    if isinstance(target, models.DateTimeField):
        return pd.to_datetime(pd.Series(values, dtype=object), utc=True).astype("datetime64[ns, UTC]")
    if isinstance(target, models.IntegerField | models.AutoField):
        has_null = any(value is None for value in values)
        if any(value is not None and not isinstance(value, int) for value in values):
            return pd.Series(values, dtype=object)
        return pd.Series(values, dtype="Int64" if has_null or (nullable and field.null) else "int64")
    if isinstance(target, models.BooleanField):
        return pd.Series(values, dtype=object if any(value is None for value in values) else bool)
    if isinstance(target, models.FloatField):
        return pd.Series(values, dtype=float)
    if isinstance(target, models.CharField | models.TextField) and values:
        return pd.Series(values)
    if isinstance(target, models.CharField | models.TextField):
        return pd.Series(values, dtype=pd.Series(["a"]).dtype)
    return pd.Series(values, dtype=object)


def _assemble(
    registry: Any,
    ids: list[Any],
    columns: dict[str, Any],
    plain: list[str],
    related: dict[str, Any],
    features: dict[str, Any],
) -> pd.DataFrame:
    import pandas as pd

    def renamed(name: str) -> str:
        return f"__lamindb_{registry.__name__.lower()}_{name}__" if name in features else name

    first = {renamed(name): values for name, values in columns.items() if name in plain}
    last = {renamed(name): values for name, values in columns.items() if name not in plain}
    all_columns = {**first, **related, **features, **last}
    index = _index(ids)
    frame = pd.DataFrame(
        {number: values.set_axis(index) for number, values in enumerate(all_columns.values())}, index=index
    )
    frame.columns = pd.Index(list(all_columns), dtype=object) if not all_columns else pd.Index(list(all_columns))
    frame.index.name = renamed("id")
    return frame
