"""Reads and writes a few rows of an instance's database without Django: its identity and its applied migrations."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lamindb.setup._django import database_config
from lamindb.setup.errors import InstanceCorrupted, InstanceNotFoundError
from lamindb.setup.sqlite_urls import is_read_only_url, sqlite_path
from lamindb.setup.write_guards import guard_of


class RawDatabase:
    """An open connection (of the driver, or Django's to PostgreSQL); statements have `?` for parameters, whatever the database."""

    def __init__(self, connection: Any, is_sqlite: bool) -> None:
        self._connection = connection
        self._is_sqlite = is_sqlite

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite (else PostgreSQL)."""
        return self._is_sqlite

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        cursor = self._cursor(sql, parameters)
        return [tuple(row) for row in cursor.fetchall()]

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement in the open transaction."""
        self._cursor(sql, parameters)

    def commit(self) -> None:
        """Commit what was executed."""
        self._connection.commit()

    def has_table(self, name: str) -> bool:
        """Tell whether there is a table called `name`."""
        if self._is_sqlite:
            return bool(self.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [name]))
        return self.rows("SELECT to_regclass(?)", [name])[0][0] is not None

    def _cursor(self, sql: str, parameters: Sequence[Any]) -> Any:
        cursor = self._connection.cursor()
        cursor.execute(sql if self._is_sqlite else sql.replace("?", "%s"), tuple(parameters))
        return cursor


@contextlib.contextmanager
def open_database(url: str, *, read_only: bool = True) -> Iterator[RawDatabase]:
    """Open the database of an instance; never creates one. What was written is committed at the end, unless there was an exception.

    Args:
        url: `sqlite:///<absolute path>` or `postgresql://…`.
        read_only: refuse every write.

    Raises:
        InstanceNotFoundError: if there is no SQLite file, or the PostgreSQL server can't be reached.
        InstanceCorrupted: if the SQLite file is damaged.
    """
    is_sqlite = url.startswith("sqlite:///")
    connection = _open_sqlite(url, read_only) if is_sqlite else _open_postgresql(url, read_only)
    try:
        yield RawDatabase(connection, is_sqlite)
        if not read_only:
            connection.commit()
    finally:
        connection.close()


def missing_file_message(path: Path) -> str:
    """Say where a database file was expected, and what helps."""
    return (
        f"SQLite file {path} does not exist: the instance was deleted or its storage moved. "
        "If it moved, connect to the new folder: lamin connect <path>; if it is gone, forget it: lamin disconnect"
    )


def _open_sqlite(url: str, read_only: bool) -> Any:
    path, read_only = sqlite_path(url), read_only or is_read_only_url(url)
    if not path.is_file():
        raise InstanceNotFoundError(missing_file_message(path))
    guard = None if read_only else guard_of(path)
    if guard is not None:
        guard()
    address = f"file:{quote(str(path.absolute()))}"
    connection = sqlite3.connect(f"{address}?mode={'ro' if read_only else 'rw'}", uri=True, timeout=60)
    if not read_only:
        return connection
    try:
        _check_header(connection)
    except sqlite3.OperationalError:  # a write-ahead log can't be opened on read-only media; nobody writes there either
        connection.close()
        connection = sqlite3.connect(f"{address}?immutable=1", uri=True)
        try:
            _check_header(connection)
        except sqlite3.DatabaseError as error:
            raise InstanceCorrupted(_damaged_message(path, error)) from error
    except sqlite3.DatabaseError as error:
        connection.close()
        raise InstanceCorrupted(_damaged_message(path, error)) from error
    return connection


def _check_header(connection: sqlite3.Connection) -> None:
    connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()


def _damaged_message(path: Path, error: Exception) -> str:
    backup = path.with_name(f"{path.name}.backup")
    source = str(backup) if backup.is_file() else "a backup"
    return (
        f"SQLite file {path} can't be read ({error}): replace it by {source}, or leave the instance: lamin disconnect"
    )


def no_tables_message(slug: str, url: str) -> str:
    """Say that a database holds nothing of lamindb, and what helps."""
    is_file = url.startswith("sqlite:///")
    place, remove = (f" ({sqlite_path(url)})", "remove the file and ") if is_file else ("", "")
    return f"The database of {slug}{place} has no tables of lamindb: restore it from a backup, or {remove}set it up: lamin init"


def _open_postgresql(url: str, read_only: bool) -> Any:
    import psycopg2

    config = database_config(url, read_only=read_only)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    arguments = {key: config[name] for key, name in names.items() if config[name]}
    options = {key: value for key, value in config["OPTIONS"].items() if not key.startswith("pool")}
    try:
        return psycopg2.connect(**arguments, **options)
    except psycopg2.OperationalError as error:
        raise InstanceNotFoundError(unreachable_message(url, error)) from error


def unreachable_message(url: str, error: Exception) -> str:
    """Say that a server can't be reached, and what to check."""
    from lamindb.setup.representation import hide_secrets

    reason = " ".join(str(error).split())
    return (
        f"The PostgreSQL database {hide_secrets(url)} can't be reached: {reason}{'' if reason.endswith(('.', '?')) else '.'} "
        "Check that the server runs, and the user and password (a PGPASSFILE or PGPASSWORD may hold it)"
    )
