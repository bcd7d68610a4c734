"""From an unsaved artifact to stored bytes: stage → commit → promote. Every step can be killed and is finished by the next save."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from lamindb.artifacts import cached_copies, remote_storing, staging
from lamindb.artifacts.keys import storage_key
from lamindb.artifacts.statements import storage_of, update_aux, written_with_the_next
from lamindb.base.logging import logger

#: `_aux["so"] == 1` while the bytes of an artifact may not be complete.
STORING = {"so": 1}


def target_path(artifact: Any) -> Path:
    """Return where the bytes of an artifact in a local storage location lie."""
    return Path(os.path.join(storage_of(artifact).root, storage_key(artifact)))


def save_artifact(
    artifact: Any,
    write_row: Any,
    *,
    upload: bool | None = None,
    print_progress: bool = True,
    store_kwargs: dict[str, Any] | None = None,
    **kwargs: Any,
) -> Any:
    """Store the bytes of an artifact and write its row.

    Args:
        artifact: the artifact.
        write_row: writes the row (the record's plain `save`).
        upload: `True` stores data that is kept local in the default storage location of the instance, also if it was saved before.
        print_progress: draw a bar where somebody looks.
        store_kwargs: passed to the file system of a remote location.

    Raises:
        FileNotFoundError: if the data is gone.
        ValueError: if the storage location is managed by another instance, or `upload=True` has nowhere to go.
        TransferError: if what arrived in a remote location is not what was hashed.
        StorageUnreachable: if a remote location doesn't answer.
    """
    options = {"print_progress": print_progress, **(store_kwargs or {})}
    if upload:
        uploaded = _upload_kept_local(artifact, write_row, options, kwargs)
        if uploaded is not None:
            return uploaded
    if artifact.storage._state.adding:  # a bucket or server that is referred to for the first time
        artifact.storage = artifact.storage.save()
    source: Path | None = artifact.__dict__.get("_local_source")
    if source is None:
        return write_row(**kwargs)
    if not source.exists():
        raise FileNotFoundError(f"Unable to save the artifact because the local path {source} does not exist.")
    check_managed(artifact.storage)
    if artifact.storage.type == "local":
        if not _store_locally(artifact, source, write_row, kwargs):
            return artifact
    elif not _store_remotely(artifact, source, write_row, options, kwargs):
        return artifact
    artifact._aux = {name: value for name, value in (artifact._aux or {}).items() if name != "so"} or None
    update_aux(artifact)
    for name in ("_local_source", "_scanned"):
        artifact.__dict__.pop(name, None)
    if artifact.storage.type == "local":
        logger.save("storing artifact '%s' at '%s'", artifact.uid, target_path(artifact))
        _discard_cached_object(artifact, source)
        return artifact
    logger.save("storing artifact '%s' at '%s'", artifact.uid, remote_storing.remote_path(artifact))
    cached_copies.keep_source(artifact, source)
    return artifact


def _store_locally(artifact: Any, source: Path, write_row: Any, kwargs: dict[str, Any]) -> bool:
    """Stage, commit, promote; `False` if the artifact became an existing, complete one."""
    # tests kill the process in these steps, hence they are looked up in their module
    staged = staging.stage(source, artifact.storage.root, artifact.uid, artifact.__dict__.get("_scanned"))
    is_new = artifact._state.adding
    try:
        artifact._aux = {**(artifact._aux or {}), **STORING}
        with written_with_the_next() if is_new else nullcontext():  # that is the end of storing
            write_row(**kwargs)
        if artifact.__dict__.get("_local_source") is None:
            staging.remove(staged)
            return False
        staging.promote(staged, target_path(artifact))
    except BaseException:
        staging.remove(staged)
        if is_new and not artifact._state.adding:
            _withdraw(artifact)
        raise
    return True


def _store_remotely(
    artifact: Any, source: Path, write_row: Any, options: dict[str, Any], kwargs: dict[str, Any]
) -> bool:
    """Commit, then upload; `False` if the artifact became an existing, complete one."""
    remote_storing.check_target_is_free(artifact)
    is_new = artifact._state.adding
    artifact.__dict__["_was_interrupted"] = not is_new and artifact._storage_ongoing
    artifact._aux = {**(artifact._aux or {}), **STORING}
    write_row(**kwargs)
    if artifact.__dict__.get("_local_source") is None:
        return False
    try:
        remote_storing.upload(artifact, source, **options)
    except BaseException as error:
        if remote_storing.is_to_be_resumed(source, error):
            logger.warning(
                "the upload of %s broke off: what has arrived is kept; save it again to upload the rest", artifact
            )
        elif is_new and remote_storing.take_back(artifact, error):
            _withdraw(artifact)
        raise
    finally:
        artifact.__dict__.pop("_was_interrupted", None)
    return True


def _upload_kept_local(artifact: Any, write_row: Any, options: dict[str, Any], kwargs: dict[str, Any]) -> Any:
    """Store the data of an artifact in the default, remote location of the instance; `None` if it is yet to be saved there."""
    from lamindb.base.registries import registry
    from lamindb.setup import settings

    if artifact.storage.type != "local":
        return None
    default = settings.instance.storage
    if default.type == "local":
        raise ValueError(
            f"upload=True needs a storage location to upload to, but the default one, {default.root_as_str}, is local: "
            "choose a bucket with ln.settings.storage"
        )
    cloud = registry("Storage").objects.get(root=default.root_as_str)
    check_managed(cloud)
    before = {name: getattr(artifact, name) for name in ("storage", "_key_is_virtual", "_real_key")}
    source = artifact.__dict__.get("_local_source") or target_path(artifact)
    if not source.exists():
        raise FileNotFoundError(f"Unable to save the artifact because the local path {source} does not exist.")
    artifact.storage, artifact._key_is_virtual, artifact._real_key = cloud, True, None
    if artifact._state.adding or "_local_source" in artifact.__dict__:
        artifact.__dict__["_local_source"] = source  # also data that lies in a local location already
        return None
    # the bytes first, then the row: until it is written, everything is where it was
    try:
        remote_storing.upload(artifact, source, **options)
        write_row(**kwargs)
    except BaseException:
        for name, value in before.items():
            setattr(artifact, name, value)
        raise
    logger.save("storing artifact '%s' at '%s'", artifact.uid, remote_storing.remote_path(artifact))
    logger.important("moved the local file of %s into the cache: %s", artifact.uid, cached_copies.cache_path(artifact))
    cached_copies.keep_source(artifact, source, move=True)
    return artifact


def check_managed(storage: Any) -> None:
    """Raise `ValueError` unless this instance may write to a storage location."""
    from lamindb.setup import settings

    if storage.instance_uid == settings.instance.uid or (storage.instance_uid is None and storage.type == "local"):
        return
    manager = f"belongs to the instance with uid {storage.instance_uid}" if storage.instance_uid else "can't be written"
    raise ValueError(
        f"Cannot save an artifact to a storage location that is not managed by the current instance: {storage.root} {manager}"
    )


def _withdraw(artifact: Any) -> None:
    """Take back the row of an artifact whose bytes could not be stored; its predecessor becomes the latest again."""
    logger.warning("could not upload artifact: %s", artifact)
    artifact._forget_row()


def _discard_cached_object(artifact: Any, source: Path) -> None:
    if artifact.__dict__.get("_memory") is not None and source.parent.name == "objects":
        staging.remove(source)
