"""Records from statements that are written out, where putting them together anew takes longer than running them."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connections


def records_of(registry: Any, sql: str, parameters: list[Any]) -> list[Any]:
    """Return the records of a statement that selects all columns of a registry in the connected instance.

    Making records is left out if there are no rows, which is the rule when something new is saved.
    """
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
        if not rows:
            return []
        columns = tuple(description[0] for description in cursor.description)
    names, order, converters = _layout(registry, columns, connection.vendor)
    records = []
    for row in rows:
        values = [row[position] for position in order]
        for position, column, made in converters:
            for converter in made:
                values[position] = converter(values[position], column, connection)
        records.append(registry.from_db("default", names, values))
    return records


@cache
def _layout(
    registry: Any, columns: tuple[str, ...], vendor: str
) -> tuple[list[str], list[int], list[tuple[int, Any, list[Any]]]]:
    """Return the attributes in the order of the registry's fields, where their columns are in a row, and what converts them.

    Tables that were made or changed by migrations have their columns in another order, while records are made from values by position.
    """
    connection = connections["default"]
    places = {column: position for position, column in enumerate(columns)}
    fields = [field for field in registry._meta.concrete_fields if field.column in places]
    converters = []
    for position, field in enumerate(fields):
        column = field.get_col(registry._meta.db_table)
        made = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        if made:
            converters.append((position, column, made))
    return [field.attname for field in fields], [places[field.column] for field in fields], converters
