"""From an unsaved artifact to stored bytes: stage → commit → promote. Every step can be killed and is finished by the next save."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.artifacts import staging
from lamindb.artifacts.keys import storage_key
from lamindb.base.logging import logger
from lamindb.errors import InvalidArgument

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
    # tests kill the process in these steps, hence they are looked up in their module
    staged = staging.stage(source, artifact.storage.root, artifact.uid, artifact.__dict__.get("_scanned"))
    is_new = artifact._state.adding
    try:
        artifact._aux = {**(artifact._aux or {}), **STORING}
        write_row(**kwargs)
        if artifact.__dict__.get("_local_source") is None:  # became an existing, complete artifact
            staging.remove(staged)
            return artifact
        staging.promote(staged, target_path(artifact))
    except BaseException:
        staging.remove(staged)
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


def _withdraw(artifact: Any) -> None:
    """Take back the row of an artifact whose bytes could not be stored; its predecessor becomes the latest again."""
    logger.warning("could not upload artifact: %s", artifact)
    artifact._forget_row()


def _discard_cached_object(artifact: Any, source: Path) -> None:
    if artifact.__dict__.get("_memory") is not None and source.parent.name == "objects":
        staging.remove(source)
