"""The rows that an instance with bionty starts with: one source per vocabulary of the manifest. Written without Django."""

from __future__ import annotations

from typing import Any

from bionty import uids
from bionty.manifest import listed_sources

_COLUMNS = (
    "uid", "entity", "organism", "name", "version", "in_db", "currently_used", "description", "url", "source_website",
    "created_by_id",
)  # fmt: skip


def insert_sources(database: Any, user_id: int) -> None:
    """Insert the sources of the manifest with one statement; those that exist are left alone.

    Args:
        database: `lamindb.setup.raw_database.RawDatabase` of the new instance, in a transaction.
        user_id: id of the user who sets it up.
    """
    rows = [
        (
            uids.source(f"{source.registry}{source.name}{source.organism}{source.version}"),
            source.registry, source.organism, source.name, source.version, False, source.is_default, source.title,
            source.url, source.website, user_id,
        )
        for source in listed_sources()
    ]  # fmt: skip
    marks = f"({', '.join('?' * len(_COLUMNS))})"
    database.execute(
        f"INSERT INTO bionty_source ({', '.join(_COLUMNS)}) VALUES {', '.join([marks] * len(rows))} ON CONFLICT DO NOTHING",
        [value for row in rows for value in row],
    )
