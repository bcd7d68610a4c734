"""An index for searching very big tables on PostgreSQL, made on request: plain tables are scanned fast enough, and it makes inserting slower.

It needs no extension: a GIN index over the trigrams of all text fields (an SQL function computes them), and a B-tree over the lowered name.
Measured on PostgreSQL 18 with names of 25 characters: building takes about 0.05 ms per row, each insert about 0.1 ms more than without,
and the index is about as big as the table. Worth it from about a million rows.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from lamindb.query.names import name_field

#: Seconds after which a process looks again whether somebody has built or dropped an index.
_RECHECK_AFTER = 300
#: Rows in which a string is looked for before the index is asked.
_LATEST_ROWS = 20_000
_CREATE_FUNCTION = """
CREATE OR REPLACE FUNCTION lamin_trigrams(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000 AS $$
SELECT COALESCE(array_agg(DISTINCT trigram), '{}') FROM (
  SELECT substr(folded, position, 3) AS trigram
  FROM (SELECT lower($1 COLLATE "C") AS folded) t, generate_series(1, length(folded) - 2) position
) s WHERE trigram ~ '^[ -~]{3}$' $$
"""


def build_search_index(registry: Any, using: str = DEFAULT_DB_ALIAS) -> None:
    """Build the index for searching `registry`; writers are not blocked meanwhile. Does nothing if it is there.

    Args:
        registry: a registry with many records.
        using: alias of the database.

    Raises:
        ValueError: if the database is not PostgreSQL.

    Example:
        >>> build_search_index(ln.ULabel)  # doctest: +SKIP
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        raise ValueError(
            f"A search index is for PostgreSQL; {using} runs on {connection.vendor}, where search needs none"
        )
    quote = connection.ops.quote_name
    trigrams, names = _index_names(registry)
    table = quote(registry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_FUNCTION)
        for name in (trigrams, names):  # what an interrupted build left is invalid
            cursor.execute(
                "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid", [quote(name)]
            )
            if cursor.fetchone():
                cursor.execute(f"DROP INDEX CONCURRENTLY {quote(name)}")
        document = document_sql([quote(field.column) for field in text_fields(registry)])
        cursor.execute(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {quote(trigrams)} ON {table} USING gin (lamin_trigrams({document}))"
        )
        column = _name_column(registry)
        if column is not None:
            cursor.execute(
                f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {quote(names)} ON {table} ({folded_name_sql(quote(column))})"
            )
        cursor.execute(f"ANALYZE {table}")
    _forget(connection)


def drop_search_index(registry: Any, using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop what `build_search_index` has built; searching works on without it."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for name in _index_names(registry):
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {connection.ops.quote_name(name)}")
    _forget(connection)


def has_search_index(connection: Any, registry: Any) -> bool:
    """Tell whether the table of `registry` has a valid index for searching (asked of the database every few minutes)."""
    known = getattr(connection, "_lamin_search_indexes", None)
    if known is None or time.monotonic() - known[0] > _RECHECK_AFTER:
        connection.ensure_connection()
        with connection.connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
                r"WHERE i.indisvalid AND c.relname LIKE '%\_lamin\_trigrams'"
            )
            known = connection._lamin_search_indexes = (
                time.monotonic(),
                frozenset(row[0] for row in cursor.fetchall()),
            )
    return _index_names(registry)[0] in known[1]


def _forget(connection: Any) -> None:
    connection._lamin_search_indexes = None


def text_fields(registry: Any) -> list[Any]:
    """Return the text fields of `registry`, which a search looks at by default."""
    return [field for field in registry._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)]


def document_sql(columns: list[str]) -> str:
    """Return SQL for all columns as one text; it must not change, because the index is defined by it."""
    return " || chr(31) || ".join(f"COALESCE({column}, '')" for column in columns)


def folded_name_sql(column: str) -> str:
    return f'lower(({column})::text COLLATE "C")'


def trigrams_of(folded: str) -> list[str]:
    """Return trigrams that cover a folded string and are in the index (printable ASCII only).

    Those in between say little more, and each costs the reading of its list; rows that are found are tested anyway.

    Example:
        >>> trigrams_of("céll xy")
        [' xy', 'll ']
    """
    usable = [
        start
        for start in range(len(folded) - 2)
        if all(" " <= character <= "~" for character in folded[start : start + 3])
    ]
    chosen: list[int] = []
    for start in usable:
        is_last = start + 1 not in usable
        if not chosen or start >= chosen[-1] + 3 or is_last:
            chosen.append(start)
    return sorted({folded[start : start + 3] for start in chosen})


def _name_column(registry: Any) -> str | None:
    try:
        field = registry._meta.get_field(name_field(registry))
    except ValueError:
        return None
    return field.column if isinstance(field, models.CharField | models.TextField) else None


def candidates_sql(
    connection: Any, registry: Any, folded: str, test: str, parameters: list[Any], limit: int
) -> tuple[str, list[Any]]:
    """Return SQL for the ids of up to `limit` records that contain a string, and of those whose name starts with it.

    Args:
        connection: a PostgreSQL connection.
        registry: a registry with a search index.
        folded: the string without differences of case.
        test: SQL condition that a row contains the string.
        parameters: parameters of the condition.
        limit: greatest number of records of each kind.

    Returns:
        SQL and parameters. Strings without a trigram of ASCII characters are looked for in the table until there are enough.
    """
    trigrams = trigrams_of(folded)
    quote = connection.ops.quote_name
    table, key = quote(registry._meta.db_table), quote(registry._meta.pk.column)
    document = document_sql([f"{table}.{quote(field.column)}" for field in text_fields(registry)])
    indexed = f" AND lamin_trigrams({document}) @> %s::text[]" if trigrams else ""
    # a frequent string is found quickly in the latest rows, while the index would have to list millions of them
    latest = f"(SELECT * FROM {table} ORDER BY {key} DESC LIMIT {_LATEST_ROWS}) AS {table}"
    parts = [
        f"(WITH latest AS MATERIALIZED (SELECT {table}.{key} AS found FROM {latest} WHERE {test} LIMIT {int(limit)}) "
        f"SELECT found FROM latest UNION ALL (SELECT {table}.{key} FROM {table} "
        f"WHERE (SELECT count(*) FROM latest) < {int(limit)} AND {test}{indexed} LIMIT {int(limit)}))"
    ]
    given = [*parameters, *parameters, *([trigrams] if trigrams else [])]
    column = _name_column(registry)
    if column is not None and folded.isascii():
        name = folded_name_sql(f"{table}.{quote(column)}")
        prefix = "".join(f"\\{c}" if c in "\\%_" else c for c in folded)
        parts.append(
            f"(SELECT {table}.{key} FROM {table} WHERE {test} AND {name} LIKE %s ORDER BY {name} LIMIT {int(limit)})"
        )
        given += [*parameters, f"{prefix}%"]
    return " UNION ".join(parts), given


def _index_names(registry: Any) -> tuple[str, str]:
    table = registry._meta.db_table
    return f"{table}_lamin_trigrams", f"{table}_lamin_name"
