"""Links many records to one with a single statement, whatever their number; links that exist stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def insert_links(through: Any, many: str, ids: Iterable[int], using: str = DEFAULT_DB_ALIAS, **same: Any) -> None:
    """Insert one row of a link table per id, in the order of the ids.

    Args:
        through: class of the link table; it has a unique constraint.
        many: name of the field that differs from row to row.
        ids: values of that field.
        using: alias of the database.
        **same: values of the other fields, the same in all rows; fields that are left out get the default of the database.

    Example:
        >>> insert_links(Artifact.input_of_runs.through, "artifact", [1, 2, 3], run=run.id)  # doctest: +SKIP
    """
    values = list(ids)
    if not values:
        return
    connection = connections[using]
    quote = connection.ops.quote_name
    names = [quote(through._meta.get_field(name).column) for name in (*same, many)]
    if connection.vendor == "postgresql":
        rows, given = "unnest(%s::bigint[]) WITH ORDINALITY AS given(value, position)", values
        order = "given.position"
    else:
        rows, given = "json_each(%s) AS given", json.dumps(values)
        order = "given.key"
    constants = "".join("%s, " for _ in same)
    statement = (
        f"INSERT INTO {quote(through._meta.db_table)} ({', '.join(names)}) SELECT {constants}given.value FROM {rows} "
        f"WHERE true ORDER BY {order} ON CONFLICT DO NOTHING"  # `WHERE true`: without it SQLite takes ON for that of a join
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*same.values(), given])
