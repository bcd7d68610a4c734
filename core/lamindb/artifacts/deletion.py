"""Permanent deletion of artifacts: first the row, then the bytes; what is kept is said."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.db import transaction

from lamindb.base.logging import logger
from lamindb.errors import IntegrityError


def delete_permanently(artifact: Any, delete_row: Any, storage: bool | None = None) -> Any:
    """Delete the row of an artifact, and its bytes where lamindb manages them.

    Args:
        artifact: a saved artifact.
        delete_row: deletes the row and promotes the previous version.
        storage: `True` also deletes bytes at a real key, `False` keeps all bytes.

    Raises:
        IntegrityError: if the storage location belongs to another instance and `storage` is not `False`.
        ProtectedError: if the artifact is still referred to; nothing is deleted then.
    """
    from lamindb.artifacts.reading import path_of
    from lamindb.setup import settings

    if storage is not False and artifact.storage.instance_uid != settings.instance.uid:
        raise IntegrityError(
            "Cannot simply delete artifacts outside of this instance's managed storage locations. "
            f"{artifact.storage.root} is managed by {artifact.storage.instance_uid or 'nobody'}: pass storage=False to delete the record only"
        )
    path = path_of(artifact)
    shares_files = artifact._overwrite_versions and not artifact.is_latest
    managed = (artifact.key is None or artifact._key_is_virtual) and artifact._real_key is None
    result = delete_row()
    if shares_files:
        if storage:
            logger.warning("the files at %s belong to the latest version and were kept", path)
        return result
    if storage is None and not managed:
        storage = _confirmed(path)
    if storage is False:
        logger.important("a file/folder remains here: %s", path)
        return result
    transaction.on_commit(lambda: _delete_bytes(path))  # a transaction of the caller may still fail
    return result


def _confirmed(path: Any) -> bool:
    try:
        answer = input(f"Artifact record deleted. Do you ALSO want to delete the data in storage at {path}? (y/n) ")
    except EOFError:
        return False
    return answer.strip() == "y"


def _delete_bytes(path: Any) -> None:
    if isinstance(path, Path):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            return
    elif path.exists():
        path.fs.rm(path.path, recursive=True)
    else:
        return
    logger.success("deleted %s", path)
