"""Inserts many rows of one table in a constant number of statements: the values travel as one parameter per column (PostgreSQL) or as one JSON text (SQLite)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connections, models
from django.utils import timezone

from lamindb.base import context
from lamindb.query.write_guard import refuse_other_database

#: Rows per statement: a limit of memory, far above what people annotate at once.
_ROWS_PER_STATEMENT = 100_000


def insert_rows(
    model: Any,
    columns: dict[str, Sequence[Any]],
    using: str,
    *,
    ignore_conflicts: bool = True,
    returning: Sequence[str] = (),
    constants: dict[str, Any] | None = None,
) -> list[tuple[Any, ...]]:
    """Insert rows; columns that are not given get the defaults of their fields.

    Args:
        model: class of the table.
        columns: values by column attribute (`"feature_id"`), all of the same length; JSON fields take Python values.
        using: alias of the database.
        ignore_conflicts: leave out rows that violate a unique constraint.
        returning: column attributes of the inserted rows to return.
        constants: values that all rows share, by column attribute.

    Returns:
        One tuple per inserted row with `returning`.

    Raises:
        NoWriteAccess: if the database is not that of the connected instance.

    Example:
        >>> insert_rows(ArtifactULabel, {"artifact_id": [1, 1], "ulabel_id": [2, 3], "feature_id": [4, 4]}, "default")
    """
    refuse_other_database(using, model, "add")
    connection = connections[using]
    n_rows = len(next(iter(columns.values())))
    fields = {field.attname: field for field in model._meta.concrete_fields}
    shared = constants or {}
    prepared = {name: fields[name].get_db_prep_save(value, connection=connection) for name, value in shared.items()}
    constants = prepared | _defaults(model, {**columns, **shared}, connection)
    stored = {name: _stored(fields[name], values) for name, values in columns.items()}
    quote = connection.ops.quote_name
    names = [quote(fields[name].column) for name in (*stored, *constants)]
    returned: list[tuple[Any, ...]] = []
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    if returning:
        end += f" RETURNING {', '.join(quote(fields[name].column) for name in returning)}"
    for start in range(0, n_rows, _ROWS_PER_STATEMENT):
        part = {name: values[start : start + _ROWS_PER_STATEMENT] for name, values in stored.items()}
        select, parameters = _select(part, constants, fields, connection)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names)}) {select}{end}", parameters)
            if returning:
                returned += cursor.fetchall()
    return returned


def insert_links_by_hash(model: Any, host: str, rows: Sequence[tuple[Any, int, str]], using: str) -> None:
    """Link records with shared values that exist already, without asking for the ids of the values; links that exist stay.

    Args:
        model: link table with a key to `JsonValue`, such as `ArtifactJsonValue`.
        host: its column with the key to the record.
        rows: (id of the record, id of the feature, hash of the value).
        using: alias of the database.
    """
    refuse_other_database(using, model, "add")
    connection = connections[using]
    quote = connection.ops.quote_name
    key = model._meta.get_field("jsonvalue")
    constants = _defaults(model, {host: None, key.attname: None}, connection)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = [quote(fields[name].column) for name in (host, key.attname, *constants)]
    values = quote(key.related_model._meta.db_table)
    for start in range(0, len(rows), _ROWS_PER_STATEMENT):
        part = rows[start : start + _ROWS_PER_STATEMENT]
        if connection.vendor == "postgresql":
            fixed = [f"CAST(%s AS {fields[name].db_type(connection)})" for name in constants]
            source = "unnest(CAST(%s AS bigint[]), CAST(%s AS bigint[]), CAST(%s AS varchar[])) AS given(host, feature, hash)"
            given: list[Any] = [list(column) for column in zip(*part, strict=True)]
            columns = ["given.host", "given.feature", "given.hash"]
        else:
            fixed = ["%s"] * len(constants)
            source, given = "json_each(%s) AS given", [json.dumps(part)]
            columns = [f"json_extract(given.value, '$[{position}]')" for position in range(3)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names)}) SELECT {', '.join([columns[0], 'stored.id', *fixed])} "
                f"FROM {source} JOIN {values} stored ON stored.feature_id = {columns[1]} AND stored.hash = {columns[2]} "
                "WHERE true ON CONFLICT DO NOTHING",
                [*constants.values(), *given],
            )


def in_values(values: Sequence[Any], using: str) -> Any:
    """Return the right-hand side of `__in` for texts or numbers: a list, or for many values a sub-query over one parameter."""
    from lamindb.annotation.terms import _in_values

    return _in_values(list(values), using)


def _select(
    columns: dict[str, Sequence[Any]], constants: dict[str, Any], fields: dict[str, Any], connection: Any
) -> tuple[str, list[Any]]:
    fixed = ["%s"] * len(constants)
    if connection.vendor == "postgresql":
        types = [fields[name].db_type(connection) for name in columns]
        fixed = [f"CAST(%s AS {fields[name].db_type(connection)})" for name in constants]
        aliases = [f"c{position}" for position in range(len(columns))]
        arrays = ", ".join(f"CAST(%s AS {kind}[])" for kind in types)
        sql = (
            f"SELECT {', '.join([*aliases, *fixed])} FROM unnest({arrays}) "
            f"WITH ORDINALITY AS given({', '.join(aliases)}, number) ORDER BY number"
        )
        return sql, [*constants.values(), *(list(values) for values in columns.values())]
    extracted = [f"json_extract(value, '$[{position}]')" for position in range(len(columns))]
    sql = f"SELECT {', '.join([*extracted, *fixed])} FROM json_each(%s) WHERE true"
    return sql, [*constants.values(), json.dumps(list(zip(*columns.values(), strict=True)))]


def _defaults(model: Any, given: dict[str, Any], connection: Any) -> dict[str, Any]:
    """Return what the remaining columns of all rows get: who, when, in which run, on which branch."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.attname in given or field.primary_key:
            continue
        if field.name in ("branch", "created_on"):
            value: Any = context.current_branch_id()
        elif field.name == "space":
            value = context.current_space_id()
        elif isinstance(field, models.DateTimeField) and field.has_db_default():
            value = timezone.now()
        else:
            value = field.get_default()
        if isinstance(value, models.Model):
            value = value.pk
        values[field.attname] = field.get_db_prep_save(value, connection=connection)
    return values


def _stored(field: Any, values: Sequence[Any]) -> Sequence[Any]:
    if not isinstance(field, models.JSONField):
        return values
    return [None if value is None else json.dumps(value, allow_nan=False) for value in values]
