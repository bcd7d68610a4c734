"""Hashes of files that were hashed before and did not change since, kept in the cache folder: re-adding a big folder reads no content.

A file counts as unchanged while device, inode, size, time of modification and time of the last change of its inode are the same. The
last one can't be set by programs, so that copying back an old time doesn't deceive it. Files that changed in the two seconds before they
were hashed are not kept: the clock of a file system may be that coarse.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from lamindb.artifacts.scanning import FileState
from lamindb.base.logging import logger

FILE_NAME = "known_hashes.sqlite"
#: Hash and hash type of a file.
KnownHash = tuple[str, str]
_SETTLED_AFTER_NS = 2_000_000_000
_BUSY_SECONDS = 5
#: Changes when rows mean something else; a file of another layout is made anew.
_LAYOUT = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS known (
  device INTEGER, inode INTEGER, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, hash TEXT, hash_type TEXT,
  PRIMARY KEY (device, inode)
) WITHOUT ROWID
"""


def recall(states: Sequence[FileState]) -> list[KnownHash | None]:
    """Return the known hash of each file, `None` for those that are new or changed. Trouble with the cache means: nothing is known."""
    if not states or not _path().exists():
        return [None] * len(states)
    try:
        found = _read(states)
    except (sqlite3.Error, OSError) as error:
        logger.debug("known hashes can't be read: %s", error)
        return [None] * len(states)
    return [found.get(state) for state in states]


def remember(hashed: Iterable[tuple[FileState, KnownHash]], scanned_at_ns: int) -> None:
    """Keep the hashes of files that had settled when they were scanned. Trouble with the cache is no trouble of the caller."""
    latest = scanned_at_ns - _SETTLED_AFTER_NS
    rows = [
        (_signed(state.device), _signed(state.inode), state.size, state.mtime_ns, state.ctime_ns, *known)
        for state, known in hashed
        if max(state.mtime_ns, state.ctime_ns) < latest
    ]
    if not rows:
        return
    try:
        connection = _connect()
        try:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        logger.debug("known hashes can't be kept: %s", error)


def now_ns() -> int:
    """Return the time to which the states of a scan that starts now are compared."""
    return time.time_ns()


def _read(states: Sequence[FileState]) -> dict[FileState, KnownHash]:
    inodes: dict[int, set[int]] = defaultdict(set)
    for state in states:
        inodes[state.device].add(_signed(state.inode))
    found: dict[tuple[int, int], tuple[int, int, int, str, str]] = {}
    connection = _connect()
    try:
        for device, wanted in inodes.items():
            rows = connection.execute(
                "SELECT inode, size, mtime_ns, ctime_ns, hash, hash_type FROM known "
                "WHERE device = ? AND inode IN (SELECT value FROM json_each(?))",
                (_signed(device), json.dumps(list(wanted))),
            )
            found.update({(device, row[0]): row[1:] for row in rows})
    finally:
        connection.close()
    known = {}
    for state in states:
        row = found.get((state.device, _signed(state.inode)))
        if row is not None and row[:3] == (state.size, state.mtime_ns, state.ctime_ns):
            known[state] = (row[3], row[4])
    return known


def _path() -> Path:
    from lamindb.setup import settings

    return settings.cache_dir_path / FILE_NAME


def _connect() -> sqlite3.Connection:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
        if layout != _LAYOUT:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("DROP TABLE IF EXISTS known")
            connection.execute(_SCHEMA)
            connection.execute(f"PRAGMA user_version = {_LAYOUT:d}")
            connection.commit()
        connection.execute("PRAGMA synchronous = OFF")  # what gets lost is hashed again
    except sqlite3.DatabaseError:
        connection.close()
        path.unlink(missing_ok=True)  # not a database any more
        raise
    return connection


def _signed(number: int) -> int:
    """Return an unsigned 64-bit number as SQLite stores it."""
    return number - (1 << 64) if number >= 1 << 63 else number
