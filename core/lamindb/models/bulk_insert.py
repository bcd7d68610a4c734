"""Inserts new records, many of one registry with as few statements as the database takes, and without per-value work where none is needed.

Django prepares every value of every row through several generic calls; most values (texts, numbers, keys) need none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.db import connections, models, transaction
from django.db.models.expressions import DatabaseDefault
from django.db.models.signals import post_save, pre_save
from django.utils import timezone

from lamindb.base.rows import layout_of

#: Parameters per statement where the database names no limit of its own.
_MAX_PARAMETERS = 32_000
#: Values of these types are stored as they are by these fields; whatever else is given, the field converts or refuses.
_PLAIN: tuple[tuple[type[models.Field], type], ...] = (
    (models.CharField, str),
    (models.TextField, str),
    (models.IntegerField, int),
    (models.BooleanField, bool),
    (models.FloatField, float),
)


def insert(registry: Any, records: list[Any], using: str = "default") -> None:
    """Insert new records; afterwards they have ids and count as saved.

    Args:
        registry: their class.
        records: unsaved objects.
        using: alias of the database.

    Raises:
        IntegrityError: if a constraint is violated; nothing is inserted then.
    """
    if (
        _needs_django(registry)
        or any(record.pk is not None for record in records)
        or _left_to_database(registry, records)
    ):
        registry.objects.using(using).bulk_create(records)
        return
    connection = connections[using]
    fields = [field for field, _ in _fields_to_insert(registry)]
    columns = [_column_values(field, plain, records, connection) for field, plain in _fields_to_insert(registry)]
    quote = connection.ops.quote_name
    key = registry._meta.pk
    head = (
        f"INSERT INTO {quote(registry._meta.db_table)} ({', '.join(quote(field.column) for field in fields)}) VALUES "
    )
    row = f"({', '.join(['%s'] * len(fields))})"
    size = max(1, (connection.features.max_query_params or _MAX_PARAMETERS) // len(fields))
    ids: list[int] = []
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for rows in _batches(columns, size):
            parameters = [value for values in rows for value in values]
            cursor.execute(f"{head}{', '.join([row] * len(rows))} RETURNING {quote(key.column)}", parameters)
            ids.extend(returned[0] for returned in cursor.fetchall())
    for record, id_ in zip(records, ids, strict=True):
        setattr(record, key.attname, id_)
        record._state.adding = False
        record._state.db = using


def insert_one(record: Any) -> bool:
    """Insert a new record into the connected instance as Django's `save` does, with a statement that is put together once.

    Returns:
        `False` if nothing was done, because Django has to do it: it has an id already, values are expressions, its columns lie in several
        tables, or somebody listens to signals.

    Raises:
        IntegrityError: if a constraint is violated.
    """
    registry = type(record)
    if record.pk is not None or registry._meta.auto_field is None or _needs_django(registry):
        return False
    if pre_save.has_listeners(registry) or post_save.has_listeners(registry):
        return False
    record._prepare_related_fields_for_save(operation_name="save")
    connection = connections["default"]
    by_database, parameters = [], []
    for field, plain in _fields_to_insert(registry):
        value = field.pre_save(record, True)
        if type(value) is DatabaseDefault:
            by_database.append(field.column)
        elif value is None or type(value) is plain:
            parameters.append(value)
        elif hasattr(value, "resolve_expression"):
            return False
        else:
            parameters.append(field.get_db_prep_save(value, connection=connection))
    statement, returned = _insert_statement(registry, tuple(by_database))
    with transaction.mark_for_rollback_on_error(using="default"), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    layout = layout_of(registry, returned, connection.vendor)
    for name, value in zip(layout.names, layout.values(row), strict=True):
        setattr(record, name, value)
    record._state.adding, record._state.db = False, "default"
    return True


@cache
def _fields_to_insert(registry: Any) -> list[tuple[Any, type | None]]:
    """Return the fields of a new row, and the type of values that each stores as they are, if any."""
    fields = [field for field in registry._meta.local_concrete_fields if field is not registry._meta.auto_field]
    return [(field, _plain_type(field)) for field in fields]


def _plain_type(field: Any) -> type | None:
    if isinstance(field, models.ForeignKey):
        return _plain_type(field.target_field)
    return next((plain for kind, plain in _PLAIN if isinstance(field, kind)), None)


@cache
def _needs_django(registry: Any) -> bool:
    """Tell whether columns lie in several tables, are computed by the database, or take more than a value."""
    return bool(registry._meta.parents) or any(
        field.generated or hasattr(field, "get_placeholder") for field in registry._meta.local_concrete_fields
    )


@cache
def _insert_statement(registry: Any, by_database: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the statement that leaves some columns to the database, and the columns that it returns."""
    meta = registry._meta
    columns = [f'"{field.column}"' for field, _ in _fields_to_insert(registry) if field.column not in by_database]
    returned = (meta.pk.column, *by_database)
    values = f"({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})" if columns else "DEFAULT VALUES"
    returning = ", ".join(f'"{column}"' for column in returned)
    return f'INSERT INTO "{meta.db_table}" {values} RETURNING {returning}', returned


def _left_to_database(registry: Any, records: list[Any]) -> bool:
    """Tell whether the database has to fill in values other than times."""
    names = [
        field.attname
        for field, _ in _fields_to_insert(registry)
        if field.has_db_default() and not field.has_default() and not isinstance(field, models.DateTimeField)
    ]
    return any(isinstance(getattr(record, name), DatabaseDefault) for name in names for record in records)


def _batches(columns: list[list[Any]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    rows = list(zip(*columns, strict=True))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _column_values(field: Any, plain: type | None, records: list[Any], connection: Any) -> list[Any]:
    """Return what is stored of one field, for all records."""
    if field.is_relation:
        for record in records:
            if field.name in record._state.fields_cache:  # a related record that was saved after it was assigned
                record._prepare_related_fields_for_save(operation_name="bulk_create")
    if isinstance(field, models.DateTimeField) and field.has_db_default():
        return _times(field, records, connection)
    if plain is None or type(field).pre_save is not models.Field.pre_save:
        prepare: Callable[..., Any] = field.get_db_prep_save
        return [prepare(field.pre_save(record, True), connection=connection) for record in records]
    attname = field.attname
    values = [
        record.__dict__[attname] if attname in record.__dict__ else getattr(record, attname) for record in records
    ]
    return [
        value if value is None or type(value) is plain else field.get_db_prep_save(value, connection=connection)
        for value in values
    ]


def _times(field: Any, records: list[Any], connection: Any) -> list[Any]:
    """Return the stored form of times; records without one get the same current time."""
    now = timezone.now()
    prepared: dict[Any, Any] = {}
    values = []
    for record in records:
        value = getattr(record, field.attname)
        if value is None or isinstance(value, DatabaseDefault):
            value = now
            setattr(record, field.attname, value)
        if value not in prepared:
            prepared[value] = field.get_db_prep_save(value, connection=connection)
        values.append(prepared[value])
    return values
