"""Compiles queries like SQLite, but every attempt to run one says that no instance is connected."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that can't be opened."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> NoReturn:
        from lamindb.setup.errors import CurrentInstanceNotConfigured

        raise CurrentInstanceNotConfigured
