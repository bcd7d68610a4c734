"""Writes many rows with a number of statements that doesn't depend on theirs: prepared once on SQLite, copied on PostgreSQL."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from django.db import connections

#: Rows that are handed to the database at a time.
_CHUNK: Final = 50_000
#: From here on tables are read or indexed as a whole, rather than row by row.
_REBUILD_FROM: Final = 50_000
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert_rows(
    table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]], constants: dict[str, int | None] | None = None
) -> int:
    """Insert rows; those that violate a unique constraint are left out. All other columns get the database's defaults.

    Args:
        table: name of the table.
        columns: names of the columns of `rows`.
        rows: values that need no conversion (texts, numbers, booleans, `None`).
        constants: further columns that have the same value in all rows.

    Returns:
        How many rows were inserted.
    """
    connection = connections["default"]
    quote = connection.ops.quote_name
    fixed = constants or {}
    names = ", ".join(quote(name) for name in (*columns, *fixed))
    literals = ["NULL" if value is None else str(int(value)) for value in fixed.values()]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join([*(["%s"] * len(columns)), *literals])
            statement = f"INSERT OR IGNORE INTO {quote(table)} ({names}) VALUES ({marks})"
            cursor.executemany(statement, iter(rows))  # type: ignore[arg-type]
            return max(0, int(cursor.rowcount))
        draft = "bionty_rows_to_insert"
        own = ", ".join(quote(name) for name in columns)
        cursor.execute(
            f"CREATE TEMPORARY TABLE {draft} ON COMMIT DROP AS SELECT {own} FROM {quote(table)} WITH NO DATA"
        )
        for chunk in _chunks(rows):
            cursor.copy_expert(f"COPY {draft} ({own}) FROM STDIN", io.StringIO("".join(map(_copy_line, chunk))))
        values = ", ".join([own, *literals])
        cursor.execute(f"INSERT INTO {quote(table)} ({names}) SELECT {values} FROM {draft} ON CONFLICT DO NOTHING")
        added = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE {draft}")
        return added


@contextmanager
def rebuilt_indexes(table: str, n_rows: int) -> Iterator[None]:
    """Leave the indexes of a SQLite table out while so many rows are inserted that sorting them once afterwards is quicker.

    Runs within the caller's transaction, so that a failure brings them back. Unique ones stay, unless the table is empty: nothing can
    violate them then that `uid` doesn't.
    """
    connection = connections["default"]
    if connection.vendor != "sqlite" or n_rows < _REBUILD_FROM:
        yield
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(rowid), 0) FROM {quote(table)}")
        n_before = cursor.fetchone()[0]
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL", [table]
        )
        indexes = [
            (name, sql) for name, sql in cursor.fetchall() if n_before == 0 or not sql.startswith("CREATE UNIQUE")
        ]
        if n_before > n_rows:
            indexes = []
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {quote(name)}")
        yield
        for _, sql in indexes:
            cursor.execute(sql)


def ids_by_value(table: str, column: str, values: Sequence[str]) -> dict[str, int]:
    """Return the id of the row with each value; one statement."""
    import json

    connection = connections["default"]
    quote = connection.ops.quote_name
    is_sqlite = connection.vendor == "sqlite"
    statement = f"SELECT {quote(column)}, id FROM {quote(table)} WHERE {quote(column)} IS NOT NULL"
    parameters: list[Any] = []
    if len(values) < _REBUILD_FROM:
        statement += (
            f" AND {quote(column)} IN ({'SELECT value FROM json_each(%s)' if is_sqlite else 'SELECT unnest(%s)'})"
        )
        parameters = [json.dumps(list(values)) if is_sqlite else list(values)]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return dict(cursor.fetchall())


def insert_links(registry: Any, pairs: Iterable[tuple[int, int]]) -> int:
    """Link children (first of each pair) to parents; links that exist are left alone.

    Returns:
        How many links were added.
    """
    field = registry._meta.get_field("parents")
    columns = (field.m2m_column_name(), field.m2m_reverse_name())
    return insert_rows(field.m2m_db_table(), columns, pairs)


def _chunks(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _copy_line(row: tuple[Any, ...]) -> str:
    return "\t".join([_copy_value(value) for value in row]) + "\n"


def _copy_value(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    return str(value).translate(_ESCAPES)
