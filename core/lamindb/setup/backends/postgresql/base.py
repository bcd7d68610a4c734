"""PostgreSQL as Django provides it; a module of its own so that connection rules of lamindb have one place."""

from __future__ import annotations

from typing import Any

import psycopg2
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection to a PostgreSQL database."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg2.OperationalError as error:  # Django raises its own OperationalError with this text
            from lamindb.setup.raw_database import unreachable_message

            settings = self.settings_dict
            url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
            raise psycopg2.OperationalError(unreachable_message(url, error)) from error
