"""SQLite files that may be written only after something was asked: working copies of databases in buckets ask for the lease."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

_READING = re.compile(
    r"\s*\(*\s*(SELECT|WITH|PRAGMA|EXPLAIN|VALUES|COMMIT|END|ROLLBACK|RELEASE|SAVEPOINT)\b", re.IGNORECASE
)
_CHANGING = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_guards: dict[str, Callable[[], None]] = {}


def set_guard(path: Path, guard: Callable[[], None] | None) -> None:
    """From now on, call `guard()` before each statement that writes to a file; it raises to refuse. `None` takes the guard away."""
    if guard is None:
        _guards.pop(_key(path), None)
    else:
        _guards[_key(path)] = guard


def guard_of(path: str | os.PathLike[str]) -> Callable[[], None] | None:
    """Return what is to be called before a file is written, `None` for files that may be written anyway."""
    return _guards.get(_key(path)) if _guards else None


def is_reading(statement: str) -> bool:
    """Tell whether a statement leaves the database as it is; one that begins a transaction for writing doesn't.

    Example:
        >>> is_reading("SELECT 1"), is_reading("BEGIN IMMEDIATE")
        (True, False)
    """
    match = _READING.match(statement)
    return match is not None and (match[1].upper() != "WITH" or not _CHANGING.search(statement))


def _key(path: str | os.PathLike[str]) -> str:
    return os.path.abspath(os.fspath(path))
