"""Which family a new artifact belongs to when several processes make artifacts of one key at once: settled when the row is written."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connections

from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger


def continue_family_of_key(artifact: Any, next_uid: Any) -> None:
    """Make a new artifact a version of the family that took its key since it was constructed, if there is one.

    Called inside of the transaction that inserts the row. Other writers of the key wait until it ends.

    Args:
        artifact: an artifact that isn't saved.
        next_uid: returns the uid that follows in a family, from registry and stem.
    """
    if artifact.key is None or artifact.__dict__.get("_revises") is not None or artifact.storage_id is None:
        return
    _lock(artifact)
    others = type(artifact).objects.filter(key=artifact.key, storage_id=artifact.storage_id)
    taken = others.exclude(branch_id=TRASH_BRANCH_ID).order_by("-created_at", "-id").first()
    if taken is None or taken.stem_uid == artifact.stem_uid:
        return
    if taken.hash is not None and taken.hash == artifact.hash:
        return  # the same content: the unique constraint tells
    artifact.uid = next_uid(type(artifact), taken.stem_uid)
    artifact.__dict__["_revises"] = taken
    logger.important(
        "another process has made an artifact with the key '%s' meanwhile: this one is its next version", artifact.key
    )


def _lock(artifact: Any) -> None:
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time
    text = f"artifact-key/{artifact.storage_id}/{artifact.key}".encode()
    number = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
