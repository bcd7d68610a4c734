"""Whether data is known: artifacts with the same bytes, and the family that owns a key; both from one statement."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamindb.artifacts.content import Content
from lamindb.artifacts.keys import MANAGED_FOLDER, STEM_LENGTH, storage_key
from lamindb.artifacts.locating import Location
from lamindb.artifacts.run_inputs import inputs_among
from lamindb.artifacts.statements import select_candidates
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger

#: So many artifacts with the same bytes are looked at.
_MOST_CANDIDATES = 100


@dataclass(frozen=True)
class Candidates:
    """The artifact with the same bytes, and the newest one with the same key in the same location."""

    same_content: Any = None
    same_key: Any = None


def find_candidates(
    artifact_registry: Any, content: Content, location: Location, *, skip_hash: bool = False
) -> Candidates:
    """Look for artifacts outside of the trash with the same content or key, on all branches.

    Among several with the same content, one of the same key and location comes first, then the newest. Empty files and folders are
    the same only under the same key. Remote data without a hash is the same if it lies at the same place with the same size.

    Args:
        artifact_registry: the class `Artifact`.
        content: what is known of the bytes.
        location: where the artifact will lie.
        skip_hash: look for the key only.
    """
    by_hash = content.hash is not None and not skip_hash
    storage = location.storage
    rows = select_candidates(
        artifact_registry, content.hash if by_hash else None, location.key, storage.pk, _MOST_CANDIDATES
    )
    for row in rows:
        if row.storage_id == storage.pk:
            row.storage = storage
    return choose(rows, content, location, by_hash=by_hash)


def registered_at(artifact_registry: Any, path: Any) -> Any:
    """Return the artifact to which a remote path inside of lamindb's own folder belongs, or `None`; a file in a folder belongs to the folder."""
    from lamindb.storage.roots import is_below, path_as_text

    _, is_managed, rest = path_as_text(path).partition("?")[0].partition(f"/{MANAGED_FOLDER}/")
    name = rest.partition("/")[0]
    stem = name.partition(".")[0]
    if not is_managed or len(stem) < STEM_LENGTH:
        return None
    rows = artifact_registry.objects.filter(uid__startswith=stem).exclude(branch_id=TRASH_BRANCH_ID)
    for row in rows.select_related("storage").order_by("-is_latest", "-id"):
        if storage_key(row) == f"{MANAGED_FOLDER}/{name}" and is_below(path, row.storage.root):
            return row
    return None


def choose(rows: Any, content: Content, location: Location, *, by_hash: bool = True) -> Candidates:
    """Choose among artifacts, the newest first, that have the same hash or key."""
    same_content, same_key, storage_id = None, None, location.storage.pk
    for row in rows:
        has_key = location.key is not None and row.key == location.key and row.storage_id == storage_id
        if has_key and same_key is None:
            same_key = row
        if not by_hash or not _is_same(row, content, location, has_key):
            continue
        if has_key:
            return Candidates(row, same_key)
        if same_content is None and content.size != 0:
            same_content = row
    if same_content is None and same_key is not None and _is_same_unhashed(same_key, content, location):
        same_content = same_key
    return Candidates(same_content, same_key)


def _is_same(row: Any, content: Content, location: Location, has_key: bool) -> bool:
    from lamindb.storage.checksums import WEAK_TYPES

    if row.hash != content.hash or row._hash_type != content.hash_type or row.size != content.size:
        return False
    return has_key or content.hash_type not in WEAK_TYPES  # such a checksum says nothing of two different objects


def _is_same_unhashed(row: Any, content: Content, location: Location) -> bool:
    """Tell whether remote data without checksum is what was registered: it lies at the same place and has the same size."""
    return (
        location.in_place
        and location.storage.type != "local"
        and content.hash is None
        and row.hash is None
        and content.size is not None
        and row.size == content.size
    )


def as_existing(
    existing: Any, kwargs: dict[str, Any], location: Location, run: Any, source: Path | None, content: Content
) -> dict[str, Any]:
    """Return the field values with which an artifact becomes a stored one.

    Args:
        existing: the stored artifact with the same content.
        kwargs: arguments of `Artifact`; description and schema are taken over.
        location: where the new one would have lain.
        run: the current run, which created the content again.
        source: local data, for an artifact whose bytes are not (completely) stored.
        content: what is known of the bytes.
    """
    logger.important(
        "returning artifact with same hash: %s; to track this artifact as an input, use: ln.Artifact.get()", existing
    )
    as_stored = stored_values(existing)
    _settle_key(existing, location)
    if run is not None and existing.run_id != run.id and not inputs_among([existing], run):
        if existing.run_id is None:
            existing.run = run
            logger.warning("run was not set on %s, setting to current run", existing)
        else:
            existing.recreating_runs.add(run)
    attributes: dict[str, Any] = {"_as_stored": as_stored}
    if source is not None and _lacks_bytes(existing):
        attributes.update(_local_source=source, _scanned=content.scanned)
    passed = {name: kwargs.get(name) for name in ("description", "schema") if kwargs.get(name) is not None}
    return {"_existing": existing, "_attributes": attributes, **passed}


def stored_values(artifact: Any) -> dict[str, Any]:
    """Return the values of the columns of an artifact."""
    return {field.attname: artifact.__dict__.get(field.attname) for field in artifact._meta.concrete_fields}


def _settle_key(existing: Any, location: Location) -> None:
    if location.key is None or existing.key == location.key:
        return
    if existing.key is None and existing._key_is_virtual:
        existing.key = location.key
        return
    was_moved = (
        location.in_place
        and existing.storage_id == location.storage.pk
        and location.storage.type == "local"
        and not _is_auto(existing)
        and not os.path.exists(_path(existing))
    )
    if was_moved:
        logger.warning("updating previous key %s to new key %s, as the data was moved", existing.key, location.key)
        existing.key, existing._real_key = location.key, location.real_key
        existing._key_is_virtual = location.key_is_virtual
        existing._moved_by_user = True
        return
    logger.warning(
        "key %s on existing artifact differs from passed key %s, keeping original key; "
        "update manually if needed or pass skip_hash_lookup if you want to duplicate the artifact",
        existing.key, location.key,
    )  # fmt: skip


def _lacks_bytes(existing: Any) -> bool:
    """Tell whether storing was interrupted, or the stored file is gone, so that the data at hand is needed."""
    if (existing._aux or {}).get("so") == 1:
        return True
    if existing.storage.type != "local" or not _is_auto(existing):
        return False
    if os.path.exists(_path(existing)):
        return False
    logger.warning("the data of %s is gone from %s: save() stores it again", existing.uid, _path(existing))
    return True


def _is_auto(artifact: Any) -> bool:
    return (artifact.key is None or artifact._key_is_virtual) and artifact._real_key is None


def _path(artifact: Any) -> str:
    return f"{artifact.storage.root}/{storage_key(artifact)}"
