"""Local copies of remote artifacts: where they are in the cache, when they are current, and how they get there."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

from lamindb.artifacts.keys import MANAGED_FOLDER, storage_key
from lamindb.base.logging import logger
from lamindb.storage import cache_entries
from lamindb.storage.listing import RemoteFile, list_remote_files
from lamindb.storage.retrying import TransferError


class ChangedContentError(TransferError):
    """What lies in storage is not what was registered."""


def cache_path(artifact: Any) -> Path:
    """Return where the copy of a remote artifact is, or would be; asks nobody.

    The latest version of a virtual key lies under the key, everything else where it lies in storage.
    """
    from lamindb.setup import settings
    from lamindb.storage.cache import cache_path_for
    from lamindb.storage.roots import join_root

    is_named_by_key = artifact._key_is_virtual and artifact.key is not None and artifact.is_latest
    key = artifact.key if is_named_by_key else storage_key(artifact)
    return cache_path_for(join_root(artifact.storage.root, key), settings.cache_dir_path)


def cached_copy(artifact: Any, *, verify: bool = False, progress: bool = True, **options: Any) -> Path:
    """Return an up-to-date local copy of a remote artifact.

    Data that lamindb itself stored can't change under its name: such a copy is used without asking the store, as long as nobody touched it.
    For anything else, the store is asked whether the object is still what was copied.

    Args:
        artifact: an artifact in remote storage.
        verify: read every byte of the copy, and compare its hash with that of the artifact.
        progress: draw a bar where somebody looks.
        **options: passed to the file system.

    Raises:
        FileNotFoundError: if the data is gone, and there is no copy.
        ChangedContentError: if the data is not what was registered.
        StorageUnreachable: if the store doesn't answer.
    """
    cache_dir = _cache_dir()
    local = cache_path(artifact)
    if not is_usable(artifact, local):
        with cache_entries.exclusive_entry(local, cache_dir):
            if not is_usable(artifact, local):  # another process may have made it meanwhile
                _bring_up_to_date(artifact, local, progress, options)
    if verify:
        _verify(artifact, local, progress, options)
    return local


def is_usable(artifact: Any, local: Path) -> bool:
    """Tell whether a copy can be used without asking the store."""
    if not _is_immutable(artifact):
        return False
    stamp = cache_entries.read_stamp(local, _cache_dir())
    return stamp is not None and stamp.is_of(artifact.hash, artifact._hash_type) and stamp.matches(local)


def current_copy(artifact: Any, path: Any) -> Path | None:
    """Return the copy of a remote artifact if there is a current one; nothing is downloaded."""
    local = cache_path(artifact)
    if not local.exists():
        return None
    if is_usable(artifact, local):
        return local
    stamp = cache_entries.read_stamp(local, _cache_dir())
    if stamp is None:
        return None
    files = list_remote_files(path)
    pairs = [(file, local / file.relative if file.relative else local) for file in files]
    is_current = set(stamp.files) == {file.relative for file in files} and all(
        stamp.is_current(*pair) for pair in pairs
    )
    return local if is_current else None


def discard(artifact: Any) -> None:
    """Remove the copy of a remote artifact; data in a local storage location has none and stays."""
    if artifact.storage.type == "local":
        return
    cache_dir = _cache_dir()
    local = cache_path(artifact)
    with cache_entries.exclusive_entry(local, cache_dir):
        cache_entries.discard_copy(local, cache_dir)


def keep_source(artifact: Any, source: Path, *, move: bool = False) -> None:
    """Make the cached copy of an artifact of the data that was just uploaded; what goes wrong here is only warned of.

    Args:
        artifact: the artifact.
        source: what was uploaded; data in the cache is moved, other data is copied.
        move: move it in any case.
    """
    if os.environ.get("LAMINDB_MULTI_INSTANCE"):
        return
    cache_dir = _cache_dir()
    try:
        local = cache_path(artifact)
        with cache_entries.exclusive_entry(local, cache_dir):
            if local == source:
                pass
            else:
                cache_entries.discard_copy(local, cache_dir)
                local.parent.mkdir(parents=True, exist_ok=True)
                if move or source.is_relative_to(cache_dir):
                    shutil.move(source, local)
                else:
                    _copy(source, local)
            _touch(local)
            cache_entries.write_stamp(local, cache_dir, artifact.hash, artifact._hash_type, None)
    except OSError as error:
        logger.warning("could not keep a copy of %s in the cache: %s", artifact.uid, error)


def check_registered(artifact: Any, files: list[RemoteFile], path: Any) -> None:
    """Compare what a store tells of the data with what was registered.

    Raises:
        ChangedContentError: if size or checksum differ. Data that is written in place (`overwrite_versions`) is only warned of.
    """
    problem = _difference(artifact, files)
    if problem is None:
        return
    message = f"{path} is not what was registered: {problem}"
    if artifact._overwrite_versions:
        logger.warning("%s", message)
        return
    raise ChangedContentError(
        f"{message}. If it was changed on purpose, register it again, which makes a new version: ln.Artifact({str(path)!r}).save()"
    )


def differs_from_registered(artifact: Any, path: Any) -> bool:
    """Tell whether a store says that the data is not what was registered."""
    files = list_remote_files(path)
    return bool(files) and _difference(artifact, files) is not None


def is_registered(artifact: Any, files: list[RemoteFile]) -> bool:
    """Tell whether objects are, as far as their store tells, all of what was registered; `False` if nothing is known of that."""
    if artifact.size is None or not files or len(files) != (artifact.n_files or 1):
        return False
    return _difference(artifact, files) is None


def _difference(artifact: Any, files: list[RemoteFile]) -> str | None:
    from lamindb.storage.checksums import WEAK_TYPES, folder_content

    if artifact.size is not None and all(file.size is not None for file in files):
        total = sum(file.size or 0 for file in files)
        if total != artifact.size:
            return f"it has {total} bytes now, and had {artifact.size}"
    if artifact.hash is None:
        return None
    if artifact.n_files is None:
        found = files[0].checksum
        known = None if found is None else (found.hash, found.hash_type)
    else:
        content = folder_content(files)
        known = None if content.hash is None else (content.hash, str(content.hash_type))
    if known is None or known[1] != artifact._hash_type or known[1] in WEAK_TYPES or known[0] == artifact.hash:
        return None
    return f"its {known[1]} hash is {known[0]} now, and was {artifact.hash}"


def _is_immutable(artifact: Any) -> bool:
    """Tell whether the data lies where only lamindb writes, under a name that belongs to this artifact."""
    return artifact.hash is not None and storage_key(artifact).startswith(f"{MANAGED_FOLDER}/{artifact.uid[:16]}")


def _bring_up_to_date(artifact: Any, local: Path, progress: bool, options: dict[str, Any]) -> None:
    from lamindb.artifacts.reading import path_of

    cache_dir = _cache_dir()
    if artifact.n_files == 0:  # object stores have no empty folders
        cache_entries.discard_copy(local, cache_dir)
        local.mkdir(parents=True)
        cache_entries.write_stamp(local, cache_dir, artifact.hash, artifact._hash_type, [])
        return
    path = path_of(artifact)
    files = list_remote_files(path)
    if not files:
        _use_remaining_copy(artifact, local, path)
        return
    check_registered(artifact, files, path)
    stamp = cache_entries.read_stamp(local, cache_dir)
    if stamp is not None and artifact.hash is not None and not stamp.is_of(artifact.hash, artifact._hash_type):
        cache_entries.discard_copy(local, cache_dir)  # of another version
        stamp = None
    try:
        cache_entries.bring_up_to_date(path, files, local, stamp, progress=progress, **options)
    except TransferError:
        cache_entries.discard_copy(local, cache_dir)
        raise
    cache_entries.write_stamp(local, cache_dir, artifact.hash, artifact._hash_type, files)


def _use_remaining_copy(artifact: Any, local: Path, path: Any) -> None:
    if not local.exists():
        raise FileNotFoundError(f"The data of {artifact} is not at {path}: it was moved or deleted outside of lamindb")
    logger.warning("%s does not exist anymore, using its copy in the cache: %s", path, local)


def _verify(artifact: Any, local: Path, progress: bool, options: dict[str, Any]) -> None:
    from lamindb.storage.checksums import copy_matches

    if artifact.hash is None or artifact.n_files == 0:
        return
    matches = copy_matches(local, artifact.hash, artifact._hash_type)
    if matches is False:
        logger.warning("the copy in the cache is not what was registered, downloading it again: %s", local)
        discard(artifact)
        with cache_entries.exclusive_entry(local, _cache_dir()):
            _bring_up_to_date(artifact, local, progress, options)
        matches = copy_matches(local, artifact.hash, artifact._hash_type)
    if matches is False:
        raise ChangedContentError(
            f"The data of {artifact} in {artifact.storage.root} has not the {artifact._hash_type} hash {artifact.hash} with which it was registered"
        )
    if matches is None:
        logger.warning(
            "%s has the hash of its store (%s), which can't be made of a local copy: compared its size only",
            artifact.uid,
            artifact._hash_type,
        )


def _copy(source: Path, local: Path) -> None:
    draft = local.with_name(f".{local.name[:100]}.{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        if source.is_dir():
            shutil.copytree(source, draft, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, draft)
        os.replace(draft, local)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True) if draft.is_dir() else draft.unlink(missing_ok=True)
        raise


def _touch(local: Path) -> None:
    """Let the copy count as newer than the object, for programs that compare times."""
    now = time.time() + 1
    for path in [local] if local.is_file() else [path for path in local.rglob("*") if path.is_file()]:
        os.utime(path, (now, now))


def _cache_dir() -> Path:
    from lamindb.setup import settings

    return settings.cache_dir_path
