"""Looks for the name of a record that is about to be constructed: the same name, or similar ones.

Constructors do this for every record, so the two statements are written once per registry and need no query set.
"""

from __future__ import annotations

import heapq
from typing import Any

from django.db import connections

from lamindb.base import text_search
from lamindb.query.hierarchy import visible_branch_ids
from lamindb.query.search import SIMILAR_CANDIDATES, SIMILAR_NAMES_MAX_ID, similar_names

#: Stands for "records of any type".
ANY_TYPE: Any = object()


def find_by_name(registry: Any, field: str, name: str, type_id: Any = ANY_TYPE) -> Any:
    """Return the visible record with exactly this name, or `None`; of several, one without type, then the oldest.

    Args:
        registry: where to look.
        field: its name field.
        name: the name.
        type_id: id of the type that the record must have, `None` for records without type.
    """
    connection = connections["default"]
    column = _column(connection, registry, field)
    scope, parameters = _scope(connection, registry, type_id)
    key = connection.ops.quote_name(registry._meta.pk.column)
    root_first = "type_id IS NOT NULL, " if type_id is ANY_TYPE and hasattr(registry, "type_id") else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {_table(connection, registry)} WHERE {column} = %s{scope} ORDER BY {root_first}{key} LIMIT 1",
            [name, *parameters],
        )
        row = cursor.fetchone()
    return None if row is None else registry.objects.get(pk=row[0])


def find_similar_names(registry: Any, field: str, name: str, type_id: Any = ANY_TYPE, limit: int = 3) -> list[str]:
    """Return names of visible records that resemble `name`, best first; none on very big tables.

    Args:
        registry: where to look.
        field: its name field.
        name: the name that somebody is about to give.
        type_id: as for `find_by_name`.
        limit: greatest number of names.
    """
    string = text_search.fold(text_search.shortened(name.strip()))
    if not string:
        return []
    if not string.isascii():  # the general search knows how each database folds other letters
        records = registry.filter()
        if type_id is not ANY_TYPE:
            records = records.filter(type_id=type_id) if type_id is not None else records.filter(type__isnull=True)
        return similar_names(records, field, name, limit)
    connection = connections["default"]
    key, table = connection.ops.quote_name(registry._meta.pk.column), _table(connection, registry)
    column = _column(connection, registry, field)
    scope, parameters = _scope(connection, registry, type_id)
    if connection.vendor == "sqlite":
        pattern = "".join(f"\\{character}" if character in "\\%_" else character for character in string)
        test, value = f"{column} LIKE %s ESCAPE '\\'", f"%{pattern}%"
    else:
        test, value = f'STRPOS(LOWER({column} COLLATE "C"), %s) > 0', string
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {table} WHERE {test}{scope} AND (SELECT MAX({key}) FROM {table}) < {SIMILAR_NAMES_MAX_ID} "
            f"ORDER BY {key} LIMIT {SIMILAR_CANDIDATES}",
            [value, *parameters],
        )
        names = [row[0] for row in cursor.fetchall()]
    return heapq.nsmallest(limit, dict.fromkeys(names), key=lambda candidate: _order(string, candidate))


def _order(string: str, name: str) -> tuple[int, int]:
    folded = text_search.fold(name)
    points = text_search.rank(string, (folded,))
    if folded.startswith(string):
        points += text_search.NAME_START
    return -points, len(name)


def _table(connection: Any, registry: Any) -> str:
    return connection.ops.quote_name(registry._meta.db_table)  # type: ignore[no-any-return]


def _column(connection: Any, registry: Any, field: str) -> str:
    return connection.ops.quote_name(registry._meta.get_field(field).column)  # type: ignore[no-any-return]


def _scope(connection: Any, registry: Any, type_id: Any) -> tuple[str, list[Any]]:
    """Return the conditions on branch and type, as SQL that starts with AND."""
    sql, parameters = "", []
    if registry._default_branch_filter and hasattr(registry, "branch"):
        ids = ", ".join(str(int(id_)) for id_ in visible_branch_ids("default"))
        # the plus keeps SQLite on the index of the name
        sql += f" AND {'+' if connection.vendor == 'sqlite' else ''}branch_id IN ({ids})"
    if type_id is None:
        sql += " AND type_id IS NULL"
    elif type_id is not ANY_TYPE:
        sql += " AND type_id = %s"
        parameters.append(type_id)
    return sql, parameters
