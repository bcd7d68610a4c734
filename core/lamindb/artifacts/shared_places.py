"""Data that several artifacts name: files in storage that were registered, changed and registered again, or registered under two keys."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.db.models import Q

from lamindb.artifacts.keys import storage_key


def is_in_place(artifact: Any) -> bool:
    """Tell whether the data lies where its user put it, and may be changed there."""
    return artifact._real_key is not None or (artifact.key is not None and not artifact._key_is_virtual)


def who_else_has(artifact: Any) -> Any:
    """Return an artifact that would lose its data if that of this artifact went, else `None`; one statement.

    What lies at a place is the data of the newest artifact that was registered there, and of those with the same hash. Versions that
    share their files by agreement (`overwrite_versions`) count as one. A folder has the files in it, too, and they are part of it.
    """
    if not is_in_place(artifact):
        return None
    key = storage_key(artifact)
    rows = type(artifact)._base_manager.filter(storage_id=artifact.storage_id).exclude(pk=artifact.pk)
    if artifact._overwrite_versions:
        rows = rows.exclude(uid__startswith=artifact.stem_uid, _overwrite_versions=True)
    has_it_too = Q(pk__gt=artifact.pk)
    if artifact.hash is not None:
        has_it_too |= Q(hash=artifact.hash)
    parents = [parent.as_posix() for parent in PurePosixPath(key).parents if parent.name]
    sharing = (_at(key) & has_it_too) | (_at(parents, "in") & Q(n_files__isnull=False))
    if artifact.n_files is not None:
        sharing |= _at(f"{key}/", "startswith")
    return rows.filter(sharing).order_by("-id").first()


def _at(key: Any, lookup: str = "exact") -> Q:
    """Return the condition that data lies at a key below a root."""
    return Q(**{f"_real_key__{lookup}": key}) | Q(
        **{f"key__{lookup}": key}, _key_is_virtual=False, _real_key__isnull=True
    )
