"""Other databases are open for queries only: every way to write through a query set, manager or relation refuses, unless allowed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from lamindb.errors import NoWriteAccess

_writes_allowed: ContextVar[bool] = ContextVar("lamindb_writes_allowed", default=False)


@contextmanager
def allow_writes() -> Iterator[None]:
    """Permit writing to other databases inside the block (transfers and migrations need it).

    Example:
        >>> with allow_writes():
        ...     ln.ULabel.connect("owner/name").create(name="batch 1")
    """
    token = _writes_allowed.set(True)
    try:
        yield
    finally:
        _writes_allowed.reset(token)


def refuse_other_database(alias: str | None, registry: Any, action: str) -> None:
    """Raise `NoWriteAccess` if `alias` is another database than the connected one.

    Args:
        alias: connection alias; `None` and `"default"` are the connected instance.
        registry: the registry that would be changed.
        action: what was tried, such as `"update"`.
    """
    if alias in (None, DEFAULT_DB_ALIAS) or _writes_allowed.get():
        return
    raise NoWriteAccess(
        f"Cannot {action} {registry.__name__} records of {alias}: other databases are open for queries only. "
        f"Connect to that instance to change it: ln.connect('{alias}'). To use a record of it here, call .save() on the record first"
    )


class QueryOnlyRouter:
    """Database router that refuses writes which start from a record of another database, such as `record.parents.add(...)`."""

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        record = hints.get("instance")
        if record is not None and getattr(model, "_meta", None) is not None:
            refuse_other_database(record._state.db, model, "change or refer to")
        return None

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        """Refuse to relate records of two databases, with the call that helps."""
        homes = one._state.db, other._state.db
        if None in homes or homes[0] == homes[1]:
            return None
        remote = one if homes[0] != DEFAULT_DB_ALIAS else other
        raise ValueError(
            f"Cannot label a record from instance '{remote._state.db}': relations stay within one instance. "
            f"Please save the {type(remote).__name__} first to your instance using '.save()'."
        )
