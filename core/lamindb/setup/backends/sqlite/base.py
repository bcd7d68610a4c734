"""SQLite in WAL mode, with Unicode-aware functions, that never creates a database file by opening it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db.backends.sqlite3 import base, features
from django.utils.asyncio import async_unsafe
from django.utils.functional import cached_property

from lamindb.base.text_search import rank
from lamindb.setup.backends.missing_tables import ExplainingErrorWrapper
from lamindb.setup.write_guards import guard_of, is_reading


class DatabaseFeatures(features.DatabaseFeatures):
    """What this SQLite can do."""

    #: Django assumes the 999 of old builds, which cuts bulk inserts into many statements; this is the default since SQLite 3.32.
    max_query_params = 32_766 if sqlite3.sqlite_version_info >= (3, 32) else 999


#: Most memory that the pages of one connection take.
_PAGE_CACHE_KIB = 64 * 1024


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection to a SQLite file."""

    features_class = DatabaseFeatures

    @cached_property
    def wrap_database_errors(self) -> ExplainingErrorWrapper:
        return ExplainingErrorWrapper(self)

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        self._read_only = params.pop("read_only", False)
        path = str(params["database"])
        if not path.startswith("file:") and path != ":memory:":
            mode = "ro" if self._read_only else "rw"
            params["database"] = f"file:{quote(os.path.abspath(path))}?mode={mode}"
            self._path: str | None = path
        else:
            self._path = None
        return params

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        if self._path is not None and not Path(self._path).exists():
            from lamindb.setup.errors import InstanceNotFoundError

            raise InstanceNotFoundError(
                f"The database file of this instance is not where it was: {self._path}. "
                "If you moved its storage, connect to the new folder: lamin connect <path>; "
                "if you deleted it, forget the instance: lamin disconnect"
            )
        connection = super().get_new_connection(conn_params)
        if self._path is not None and not self._read_only:
            connection.execute("PRAGMA journal_mode=WAL")
            self._guard(connection)
        # scans of tables beyond SQLite's default of 2 MiB would read every page anew
        connection.execute(f"PRAGMA cache_size=-{_PAGE_CACHE_KIB}")
        connection.create_function("lamin_lower", 1, _lower, deterministic=True)
        connection.create_function("lamin_search_rank", -1, _search_rank, deterministic=True)
        return connection

    def _guard(self, connection: sqlite3.Connection) -> None:
        """Refuse writing to the working copy of a database in a bucket until its guard has agreed."""
        if self._path is None or guard_of(self._path) is None:
            return
        connection.execute("PRAGMA query_only=ON")
        self._is_query_only = True
        if self._ask_before_writing not in self.execute_wrappers:
            self.execute_wrappers.insert(0, self._ask_before_writing)

    def _ask_before_writing(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        guard = None if self._path is None or is_reading(sql) else guard_of(self._path)
        if guard is not None:
            guard()
            if self._is_query_only:
                self.connection.execute("PRAGMA query_only=OFF")
                self._is_query_only = False
        return execute(sql, params, many, context)

    @contextmanager
    def without_waiting_for_disk(self) -> Iterator[None]:
        """Leave it to the next transaction to wait until this one is on disk; no effect inside of another one."""
        if self.in_atomic_block or getattr(self, "_read_only", False):
            yield
            return
        self.ensure_connection()
        self.connection.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            if self.connection is not None and not self.connection.in_transaction:
                self.connection.execute("PRAGMA synchronous=FULL")


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _search_rank(string: str, *texts: str | None) -> int:
    return rank(string, texts)
