"""From an unsaved artifact to stored bytes: stage → commit → promote. Every step can be killed and is finished by the next save."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from lamindb.artifacts.keys import MANAGED_FOLDER, storage_key
from lamindb.base.logging import logger
from lamindb.base.uids import base62_8
from lamindb.errors import InvalidArgument

STAGING_FOLDER = f"{MANAGED_FOLDER}/_staging"
#: `_aux["so"] == 1` while the bytes of an artifact may not be complete.
STORING = {"so": 1}


def target_path(artifact: Any) -> Path:
    """Return where the bytes of an artifact in a local storage location lie."""
    return Path(artifact.storage.root) / storage_key(artifact)


def save_artifact(artifact: Any, write_row: Any, **kwargs: Any) -> Any:
    """Store the bytes of an artifact and write its row.

    Args:
        artifact: the artifact.
        write_row: writes the row (the record's plain `save`).

    Raises:
        FileNotFoundError: if the data is gone.
        ValueError: if the storage location is managed by another instance.
        InvalidArgument: if the storage location is not local.
    """
    source: Path | None = artifact.__dict__.get("_local_source")
    if source is None:
        return write_row(**kwargs)
    if not source.exists():
        raise FileNotFoundError(f"Unable to save the artifact because the local path {source} does not exist.")
    _check_managed(artifact)
    staged = _stage(source, Path(artifact.storage.root), artifact.size)
    is_new = artifact._state.adding
    try:
        artifact._aux = {**(artifact._aux or {}), **STORING}
        write_row(**kwargs)
        if artifact.__dict__.get("_local_source") is None:  # became an existing, complete artifact
            _remove(staged)
            return artifact
        _promote(staged, target_path(artifact))
    except BaseException:
        _remove(staged)
        if is_new and not artifact._state.adding:
            _withdraw(artifact)
        raise
    artifact._aux = {name: value for name, value in (artifact._aux or {}).items() if name != "so"} or None
    type(artifact).objects.filter(pk=artifact.pk).update(_aux=artifact._aux)
    artifact.__dict__.pop("_local_source", None)
    logger.save("storing artifact '%s' at '%s'", artifact.uid, target_path(artifact))
    _discard_cached_object(artifact, source)
    return artifact


def _check_managed(artifact: Any) -> None:
    from lamindb.setup import settings

    if artifact.storage.instance_uid not in (None, settings.instance.uid):
        raise ValueError(
            "Cannot save an artifact to a storage location that is not managed by the current instance: "
            f"{artifact.storage.root} belongs to the instance with uid {artifact.storage.instance_uid}"
        )
    if artifact.storage.type != "local":
        raise InvalidArgument(
            f"Data can be stored in local storage locations only in this release, not in {artifact.storage.root}: "
            "choose another with ln.settings.storage, or register data that lies there already by its path"
        )


def _stage(source: Path, root: Path, size: int | None) -> Path:
    """Copy the data next to its target, on the same file system, under a name that nothing refers to."""
    staged = root / STAGING_FOLDER / base62_8()
    staged.parent.mkdir(parents=True, exist_ok=True)
    try:
        if source.is_dir():
            shutil.copytree(source, staged, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, staged)
            _check_size(staged, size, source)
    except BaseException:
        _remove(staged)
        raise
    return staged


def _check_size(staged: Path, size: int | None, source: Path) -> None:
    copied = staged.stat().st_size
    if size is not None and copied != size:
        raise OSError(
            f"{source} changed while it was stored: it had {size} bytes when it was hashed and {copied} when it was copied"
        )
    with staged.open("rb") as stream:
        os.fsync(stream.fileno())


def _promote(staged: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        retired = staged.with_name(staged.name + "-old")
        target.rename(retired)
        staged.rename(target)
        shutil.rmtree(retired)
    else:
        os.replace(staged, target)


def _withdraw(artifact: Any) -> None:
    """Take back the row of an artifact whose bytes could not be stored; its predecessor becomes the latest again."""
    logger.warning("could not upload artifact: %s", artifact)
    artifact._forget_row()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _discard_cached_object(artifact: Any, source: Path) -> None:
    if artifact.__dict__.get("_memory") is not None and source.parent.name == "objects":
        _remove(source)
