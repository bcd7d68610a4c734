"""Which family a new artifact belongs to when several processes make artifacts of one key at once: settled when the row is written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import connections

from lamindb.artifacts.statements import select_newest_with_key
from lamindb.base.logging import logger

#: So many keys are locked at most; the lock table of PostgreSQL is small by default.
_MOST_LOCKS = 1_000


def continue_family_of_key(artifact: Any, next_uid: Any) -> None:
    """Make a new artifact a version of the family that took its key since it was constructed, if there is one.

    Called inside of the transaction that inserts the row. Other writers of the key wait until it ends.

    Args:
        artifact: an artifact that isn't saved.
        next_uid: returns the uid that follows in a family, from registry and stem.
    """
    if artifact.key is None or artifact.__dict__.get("_revises") is not None or artifact.storage_id is None:
        return
    lock_keys([artifact])
    taken = select_newest_with_key(type(artifact), artifact.key, artifact.storage_id)
    if taken is None or taken.stem_uid == artifact.stem_uid:
        return
    if taken.hash is not None and taken.hash == artifact.hash:
        return  # the same content: the unique constraint tells
    artifact.uid = next_uid(type(artifact), taken.stem_uid)
    artifact.__dict__["_revises"] = taken
    logger.important(
        "another process has made an artifact with the key '%s' meanwhile: this one is its next version", artifact.key
    )


def lock_keys(artifacts: Sequence[Any]) -> None:
    """Let other writers of the keys of new artifacts wait until the current transaction ends; at most one statement.

    Every writer shares a lock of the storage location; who writes very many keys has that one for itself instead of one for each key.
    """
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time
    storages = sorted({_number(f"artifact-keys/{artifact.storage_id}") for artifact in artifacts})
    keys = sorted({_number(f"artifact-key/{artifact.storage_id}/{artifact.key}") for artifact in artifacts})
    with connection.cursor() as cursor:
        if len(keys) > _MOST_LOCKS:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [storages])
            return
        cursor.execute(
            "SELECT (SELECT count(pg_advisory_xact_lock_shared(key)) FROM unnest(%s::bigint[]) AS key), "
            "(SELECT count(pg_advisory_xact_lock(key)) FROM unnest(%s::bigint[]) AS key)",
            [storages, keys],
        )


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)
