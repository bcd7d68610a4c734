"""PostgreSQL as Django provides it; a module of its own so that connection rules of lamindb have one place."""

from __future__ import annotations

import random
import time
from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from django.utils.functional import cached_property

from lamindb.setup.backends.missing_tables import ExplainingErrorWrapper

#: What the server says when all its connections are taken, as by the jobs of an array that begin at once.
_ALL_TAKEN = ("too many clients", "remaining connection slots", "too many connections")
_WAIT_SECONDS = 120.0


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection to a PostgreSQL database; where all are taken, it waits for one."""

    @cached_property
    def wrap_database_errors(self) -> ExplainingErrorWrapper:
        return ExplainingErrorWrapper(self)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        end = time.monotonic() + _WAIT_SECONDS
        pause = 0.05
        while True:
            try:
                return super().get_new_connection(conn_params)
            except psycopg2.OperationalError as error:  # Django raises its own OperationalError with this text
                if not any(text in str(error) for text in _ALL_TAKEN) or time.monotonic() > end:
                    raise self._unreachable(error) from error
            time.sleep(pause * random.uniform(0.5, 1.5))  # not all at the same moment again
            pause = min(2 * pause, 2.0)

    def _unreachable(self, error: Exception) -> psycopg2.OperationalError:
        from lamindb.setup.raw_database import unreachable_message

        settings = self.settings_dict
        url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
        return psycopg2.OperationalError(unreachable_message(url, error))
