"""Writes many rows with a number of statements that doesn't depend on theirs: prepared once on SQLite, copied on PostgreSQL."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, connections

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that are handed to the database at a time.
_CHUNK: Final = 50_000
#: Rows that one run of a statement inserts on SQLite.
_TOGETHER: Final = 200
#: From here on tables are read or indexed as a whole, rather than row by row.
_REBUILD_FROM: Final = 50_000
#: Memory for the pages of the database while many rows are inserted.
_CACHE_KIB: Final = 400_000
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
            statement = f"INSERT OR IGNORE INTO {quote(table)} ({names}) VALUES "
            n_together = max(1, min(_TOGETHER, (connection.features.max_query_params or 999) // max(1, len(columns))))
            # in chunks, since Django holds on to all rows of a call until its end
            return sum(_inserted(cursor, statement, f"({marks})", n_together, chunk) for chunk in _chunks(rows))
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
def prepared_for(n_rows: int) -> Iterator[bool]:
    """Let SQLite insert so many rows quickly: with a larger cache, and without looking up each key of each row.

    Keys are not looked up only outside of other transactions, since SQLite can't change that within one. Links that are inserted refer to
    rows that the same transaction has read; for what all rows refer to, see `require`.

    Yields:
        Whether the caller has to check what the rows refer to.
    """
    connection = connections["default"]
    if connection.vendor != "sqlite" or n_rows < _REBUILD_FROM:
        yield False
        return
    is_unchecked = not connection.in_atomic_block and connection.disable_constraint_checking()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        usual = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    try:
        yield is_unchecked
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {usual}")
        if is_unchecked:
            connection.enable_constraint_checking()


def require(registry: Any, constants: dict[str, int | None]) -> None:
    """Make sure that the rows to which all new ones refer are still there.

    Raises:
        django.db.IntegrityError: if one of them is gone.
    """
    for field in registry._meta.concrete_fields:
        value = constants.get(field.attname)
        if not field.is_relation or value is None:
            continue
        if not field.related_model._base_manager.using("default").filter(pk=value).exists():
            raise IntegrityError(f"The {field.name} of the new records (id={value}) was deleted meanwhile")


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


def ids_by_value(table: str, column: str, values: Any) -> tuple[pa.Array, pa.Array]:
    """Return the values that rows have, and the ids of these rows; one statement.

    Args:
        table: name of the table.
        column: name of the column of texts.
        values: arrow array of the texts to look for; of very many, more than these may be found.
    """
    import json

    import pyarrow as pa

    connection = connections["default"]
    quote = connection.ops.quote_name
    is_sqlite = connection.vendor == "sqlite"
    statement = f"SELECT {quote(column)}, id FROM {quote(table)} WHERE {quote(column)} IS NOT NULL"
    parameters: list[Any] = []
    if len(values) < _REBUILD_FROM:
        statement += (
            f" AND {quote(column)} IN ({'SELECT value FROM json_each(%s)' if is_sqlite else 'SELECT unnest(%s)'})"
        )
        listed = values.to_pylist()
        parameters = [json.dumps(listed) if is_sqlite else listed]
    texts, ids = [pa.array([], pa.string())], [pa.array([], pa.int64())]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(_CHUNK):
            found = list(zip(*rows, strict=True))
            texts.append(pa.array(found[0], pa.string()))
            ids.append(pa.array(found[1], pa.int64()))
    return pa.concat_arrays(texts), pa.concat_arrays(ids)


def insert_links(registry: Any, pairs: Iterable[tuple[int, int]]) -> int:
    """Link children (first of each pair) to parents; links that exist are left alone.

    Returns:
        How many links were added.
    """
    field = registry._meta.get_field("parents")
    columns = (field.m2m_column_name(), field.m2m_reverse_name())
    return insert_rows(field.m2m_db_table(), columns, pairs)


def _inserted(cursor: Any, statement: str, marks: str, n_together: int, rows: list[tuple[Any, ...]]) -> int:
    """Insert rows, several of them by each run of the statement, which is five times as fast as one by one."""
    flat = chain.from_iterable
    n_whole = len(rows) - len(rows) % n_together
    added = 0
    if n_whole:
        values = (list(flat(rows[start : start + n_together])) for start in range(0, n_whole, n_together))
        cursor.executemany(statement + ", ".join([marks] * n_together), values)
        added += max(0, int(cursor.rowcount))
    if rest := rows[n_whole:]:
        cursor.execute(statement + ", ".join([marks] * len(rest)), list(flat(rest)))
        added += max(0, int(cursor.rowcount))
    return added


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
