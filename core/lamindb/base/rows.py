"""Records from statements that are written out, where putting them together anew takes longer than running them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    layout = layout_of(registry, columns, connection.vendor)
    return [registry.from_db("default", layout.names, layout.values(row)) for row in rows]


@dataclass(frozen=True)
class Layout:
    """How rows of a statement become attributes of records.

    Attributes:
        names: the attributes, in the order of the registry's fields.
        order: where their columns are in a row.
        converters: position among the attributes, column and functions, for values that have to be converted.
    """

    names: list[str]
    order: list[int]
    converters: list[tuple[int, Any, list[Any]]]

    def values(self, row: Sequence[Any]) -> list[Any]:
        """Return the values of the attributes."""
        values = [row[position] for position in self.order]
        for position, column, made in self.converters:
            for converter in made:
                values[position] = converter(values[position], column, connections["default"])
        return values


@cache
def layout_of(registry: Any, columns: tuple[str, ...], vendor: str) -> Layout:
    """Return how rows with these columns of a registry become attributes.

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
    return Layout([field.attname for field in fields], [places[field.column] for field in fields], converters)
