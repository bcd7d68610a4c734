"""PostgreSQL as Django provides it; a module of its own so that connection rules of lamindb have one place."""

from __future__ import annotations

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection to a PostgreSQL database."""
