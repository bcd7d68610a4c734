"""Permanent deletion of artifacts: first the row, then the bytes; what is kept, or could not be deleted, is said."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from lamindb.artifacts import cached_copies, staging
from lamindb.artifacts.shared_places import is_in_place, who_else_has
from lamindb.base.logging import logger
from lamindb.errors import IntegrityError

#: End of the names of notes about bytes that shall be deleted; they are written before the row goes.
NOTE_SUFFIX = "-delete.json"


@dataclass(frozen=True)
class DeletionNote:
    """Bytes outside of lamindb's own folder that the deletion of an artifact includes; kept in the staging folder until they are gone."""

    file: Path

    @classmethod
    def write(cls, root: str, uid: str, path: Path) -> DeletionNote:
        folder = staging.staging_folder(root)
        folder.mkdir(parents=True, exist_ok=True)
        note = cls(folder / f"{uid}{NOTE_SUFFIX}")
        note.file.write_text(json.dumps({"uid": uid, "path": os.fspath(path)}))
        return note

    def read(self) -> tuple[str, Path]:
        """Return the uid of the artifact and the path of its bytes."""
        values = json.loads(self.file.read_text())
        return values["uid"], Path(values["path"])

    def remove(self) -> None:
        self.file.unlink(missing_ok=True)


def check_deletable(artifact: Any, storage: bool | None) -> None:
    """Refuse to delete artifacts whose bytes another instance manages.

    Raises:
        IntegrityError: if the storage location isn't managed by this instance and `storage` is not `False`.
    """
    from lamindb.setup import settings

    if storage is not False and artifact.storage.instance_uid != settings.instance.uid:
        raise IntegrityError(
            "Cannot simply delete artifacts outside of this instance's managed storage locations. "
            f"{artifact.storage.root} is managed by {artifact.storage.instance_uid or 'nobody'}: pass storage=False to delete the record only"
        )


def delete_permanently(artifact: Any, delete_row: Any, storage: bool | None = None) -> Any:
    """Delete the row of an artifact, and its bytes where lamindb manages them.

    The latest version of an artifact whose versions share their files takes all versions along.

    Args:
        artifact: a saved artifact.
        delete_row: deletes the row of the artifact that it is given, and promotes the previous version.
        storage: `True` also deletes bytes at a real key, `False` keeps all bytes. Bytes that are those of another artifact, too, stay.

    Raises:
        IntegrityError: if the storage location belongs to another instance and `storage` is not `False`.
        ProtectedError: if the artifact is still referred to; nothing is deleted then.
    """
    from lamindb.artifacts.reading import path_of

    check_deletable(artifact, storage)
    artifact.__dict__.pop("_local_source", None)
    path = path_of(artifact)
    shares_files = artifact._overwrite_versions and not artifact.is_latest
    managed = not is_in_place(artifact)
    other = who_else_has(artifact)
    note = None
    if storage and not managed and not shares_files and other is None and isinstance(path, Path):
        note = DeletionNote.write(artifact.storage.root, artifact.uid, path)
    try:
        result = _delete_rows(artifact, delete_row)
    except BaseException:
        if note is not None:
            note.remove()
        raise
    if shares_files:
        if storage:
            logger.warning("the files at %s belong to the latest version and were kept", path)
        return result
    if other is not None and storage is not False:
        logger.warning("the data at %s belongs to another artifact, too, and was kept: %s", path, other)
        return result
    if storage is None and not managed:
        storage = _confirmed(path)
    if storage is False:
        logger.important("a file/folder remains here: %s", path)
        return result
    transaction.on_commit(lambda: delete_bytes(path, note))  # a transaction of the caller may still fail
    if not isinstance(path, Path):
        transaction.on_commit(lambda: _forget_copy(artifact))
    return result


def _forget_copy(artifact: Any) -> None:
    """Remove the copy of deleted remote data from the cache of this machine."""
    try:
        cached_copies.discard(artifact)
    except OSError as error:
        logger.warning("could not remove the copy of %s from the cache: %s", artifact.uid, error)


def _delete_rows(artifact: Any, delete_row: Any) -> Any:
    if not (artifact._overwrite_versions and artifact.is_latest):
        return delete_row(artifact)
    from lamindb.base.registries import registry

    artifacts = registry("Artifact").objects
    with transaction.atomic():
        others = artifacts.filter(uid__startswith=artifact.uid[:16], _overwrite_versions=True).exclude(pk=artifact.pk)
        for other in others.order_by("id"):
            logger.important("deleting the older version %s, whose files are those of the latest", other.uid)
            delete_row(other)
        return delete_row(artifact)


def _confirmed(path: Any) -> bool:
    try:
        answer = input(f"Artifact record deleted. Do you ALSO want to delete the data in storage at {path}? (y/n) ")
    except (EOFError, OSError):
        return False
    return answer.strip() == "y"


def delete_bytes(path: Any, note: DeletionNote | None = None) -> None:
    """Delete a file or folder; if that fails, the note about it stays, so that `lamin doctor` knows."""
    if not path.exists() and not (isinstance(path, Path) and path.is_symlink()):
        if note is not None:
            note.remove()
        return
    try:
        if not isinstance(path, Path):
            path.fs.rm(path.path, recursive=True)
        elif path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        logger.error(
            "the record is deleted, but not its data at %s: %s. Delete it, or call: lamin doctor --repair", path, error
        )
        return
    if note is not None:
        note.remove()
    logger.success("deleted %s", path)
