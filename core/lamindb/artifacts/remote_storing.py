"""Artifacts on their way into a bucket: the row says that storing is under way, the bytes follow, then the row says that they are there.

An object appears in its store entirely or not at all, so a file needs no staging. The files of a folder appear one by one: where a newer
version takes the place of an older one, they wait beside it until all have arrived.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.artifacts.keys import MANAGED_FOLDER, STEM_LENGTH, storage_key
from lamindb.artifacts.scanning import is_unchanged
from lamindb.base.logging import logger
from lamindb.plugins.types import ContentHash
from lamindb.storage import objects, uploading
from lamindb.storage.checksums import folder_content
from lamindb.storage.listing import list_remote_files
from lamindb.storage.retrying import StorageUnreachable, TransferError

#: Part of the remote path of what waits for its place.
STAGING_FOLDER = f"{MANAGED_FOLDER}/_staging"


def remote_path(artifact: Any) -> Any:
    """Return where the bytes of an artifact in a remote storage location lie."""
    from lamindb.storage.upath import create_path

    return create_path(artifact.storage.root) / storage_key(artifact)


def upload(artifact: Any, source: Path, *, print_progress: bool = True, **options: Any) -> None:
    """Upload the data of an artifact to its place; what an earlier attempt has uploaded is not sent again.

    Args:
        artifact: the artifact; its row exists.
        source: local file or folder.
        print_progress: draw a bar where somebody looks.
        **options: passed to the file system.

    Raises:
        TransferError: if what arrived is not what was hashed.
        StorageUnreachable: if the store doesn't answer.
        StorageAccessDenied: if it may not be written.
    """
    target = remote_path(artifact)
    if source.is_dir():
        _upload_folder(artifact, source, target, print_progress, options)
    elif not _has_arrived(artifact, target):
        expected = ContentHash(artifact.hash, artifact._hash_type) if artifact.hash is not None else None
        objects.discard_unfinished(target)
        uploading.upload_file(source, target, expected=expected, progress=print_progress, **options)
    scanned = artifact.__dict__.get("_scanned")
    changed = None if scanned is None else is_unchanged(source, scanned)
    if changed is not None:
        raise TransferError(
            f"{changed} changed while it was stored: its content is not what was hashed. Make the artifact again"
        )


def check_target_is_free(artifact: Any) -> None:
    """Refuse to write a new artifact with a real key over something that is there.

    Raises:
        FileExistsError: if there is something.
    """
    if artifact._key_is_virtual or artifact.key is None or not artifact._state.adding:
        return
    if not _is_first_version(artifact):
        return
    target = remote_path(artifact)
    if list_remote_files(target):
        raise FileExistsError(
            f"There is something at {target} already, which is not of this artifact: register it where it is, ln.Artifact({str(target)!r}), "
            "or choose another key"
        )


def is_to_be_resumed(source: Path, error: BaseException) -> bool:
    """Tell whether an upload that failed should be taken up again: a folder of which a part has arrived."""
    return source.is_dir() and isinstance(error, (StorageUnreachable, KeyboardInterrupt, SystemExit))


def take_back(artifact: Any, error: BaseException) -> bool:
    """Remove what a failed upload left, so that nothing is there without a row.

    Returns:
        Whether the row may go: `False` if something may be left at a place that only the row tells.
    """
    target = remote_path(artifact)
    place = _staging_path(artifact) if _takes_the_place_of_another(artifact) else target
    if not isinstance(error, StorageUnreachable):
        try:
            objects.remove(place)
        except OSError as failure:
            logger.warning("could not remove what was uploaded to %s: %s", place, failure)
        else:
            _manifest(artifact).remove()
            return True
    # a store that can't be reached shows no half object, and what is below the managed folder `lamin doctor` finds by its name
    return MANAGED_FOLDER in place.path.split("/")


def _upload_folder(artifact: Any, source: Path, target: Any, progress: bool, options: dict[str, Any]) -> None:
    files = uploading.local_files(source)
    if not files:
        return  # object stores have no empty folders; the row says that it is one
    is_shared = _takes_the_place_of_another(artifact)
    place = _staging_path(artifact) if is_shared else target
    objects.discard_unfinished(place)
    arrived = uploading.upload_folder(
        files, place, manifest=_manifest(artifact), name=source.name, progress=progress, **options
    )
    content = folder_content(arrived)
    if content.hash_type == artifact._hash_type and content.hash != artifact.hash:
        raise TransferError(
            f"What arrived at {place} has the hash {content.hash}, but {source} had {artifact.hash} when it was hashed: "
            "a file changed. Make the artifact again"
        )
    if not is_shared:
        return
    before = list_remote_files(target)
    objects.copy_files(place, arrived, target)
    names = {file.relative for file in arrived}
    strangers = [file.path for file in before if file.relative not in names]
    if strangers:
        target.fs.rm(strangers)
    objects.remove(place)


def _has_arrived(artifact: Any, target: Any) -> bool:
    """Tell whether an earlier attempt, which died later, has uploaded the file."""
    if artifact._state.adding or not artifact.__dict__.get("_was_interrupted"):
        return False
    files = list_remote_files(target)
    if len(files) != 1 or files[0].size != artifact.size or files[0].checksum is None:
        return False
    return (files[0].checksum.hash, files[0].checksum.hash_type) == (artifact.hash, artifact._hash_type)


def _takes_the_place_of_another(artifact: Any) -> bool:
    """Tell whether something that must not get lost may lie at the target: an older version, or what a replaced artifact held."""
    return (artifact._overwrite_versions and not _is_first_version(artifact)) or "before" in (artifact._aux or {})


def _is_first_version(artifact: Any) -> bool:
    return artifact.uid[STEM_LENGTH:] == "0000"


def _staging_path(artifact: Any) -> Any:
    from lamindb.storage.upath import create_path

    return create_path(artifact.storage.root) / f"{STAGING_FOLDER}/{artifact.uid}"


def _manifest(artifact: Any) -> uploading.UploadManifest:
    from lamindb.setup import settings

    return uploading.UploadManifest(uploading.manifest_path(settings.cache_dir_path, artifact.uid))
