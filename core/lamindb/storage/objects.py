"""Removing and moving what lies at a path, local or remote: files and folders alike."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from lamindb.storage.listing import RemoteFile, forget_listings, list_remote_files
from lamindb.storage.retrying import TransferError, with_retries


def remove(path: Any) -> bool:
    """Remove a file or folder, local or remote, with what broken-off uploads left there.

    Returns:
        Whether something was there.

    Raises:
        StorageUnreachable: if the store doesn't answer.
        StorageAccessDenied: if it may not be removed.
    """
    if isinstance(path, Path):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.exists() or path.is_symlink():
            path.unlink()
        else:
            return False
        return True
    files = list_remote_files(path)
    if files:
        with_retries(path, lambda: _remove_files(path, files), what=f"removing {path}")
    discard_unfinished(path)
    forget_listings(path)
    return bool(files)


def move(source: Any, target: Any) -> Any:
    """Move a file or folder within one store: copied, compared, and only then removed at its old place.

    Args:
        source: local path or `UPath`.
        target: path of the same file system; nothing may be there.

    Returns:
        The target.

    Raises:
        FileExistsError: if something is at the target.
        FileNotFoundError: if nothing is at the source.
        TransferError: if what arrived differs; the target is removed, the source stays.
        ValueError: for paths of two file systems.
    """
    if isinstance(source, Path) and isinstance(target, Path):
        if target.exists():
            raise FileExistsError(f"There is something at {target} already")
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(source, target)
        return target
    if isinstance(source, Path) or isinstance(target, Path) or source.fs is not target.fs:
        raise ValueError(f"{source} and {target} are in different file systems: download the first and upload it again")
    files = list_remote_files(source)
    if not files:
        raise FileNotFoundError(f"There is nothing at {source}")
    if list_remote_files(target):
        raise FileExistsError(f"There is something at {target} already")
    try:
        copy_files(source, files, target)
    except BaseException:
        remove(target)
        raise
    with_retries(source, lambda: _remove_files(source, files), what=f"removing {source}")
    forget_listings(source)
    return target


def copy_files(source: Any, files: list[RemoteFile], target: Any) -> None:
    """Copy objects within a store, without downloading them, and compare sizes.

    Raises:
        TransferError: if what arrived differs.
    """
    from concurrent.futures import ThreadPoolExecutor

    def copy(file: RemoteFile) -> None:
        place = target / file.relative if file.relative else target
        with_retries(place, lambda: source.fs.cp_file(file.path, place.path), what=f"copying {file.path}")

    with ThreadPoolExecutor(min(16, len(files)), thread_name_prefix="lamindb-copy") as pool:
        for _ in pool.map(copy, files):
            pass
    arrived = {file.relative: file.size for file in list_remote_files(target)}
    for file in files:
        if arrived.get(file.relative, -1) != file.size:
            raise TransferError(
                f"{file.path} has {file.size} bytes, but its copy below {target} has {arrived.get(file.relative)}: nothing was removed"
            )


def discard_unfinished(path: Any) -> int:
    """Remove what broken-off uploads to a remote path left, where the store keeps such things; returns their number."""
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(path.protocol)
    if backend is None or backend.discard_unfinished is None:
        return 0
    return int(with_retries(path, lambda: backend.resolve("discard_unfinished")(path), what=f"tidying {path}"))


def is_writable(root: Any) -> bool:
    """Tell whether something can be written below a remote root: by what its backend says, else by trying it with an empty object.

    Raises:
        StorageUnreachable: if the store doesn't answer.
        StorageMissing: if there is no such bucket.
    """
    from lamindb.plugins.manager import storage_backend_for
    from lamindb.storage.retrying import StorageAccessDenied
    from lamindb.storage.roots import MANAGED_FOLDER

    backend = storage_backend_for(root.protocol)
    if backend is not None and backend.is_read_only:
        return False
    if backend is not None and backend.is_writable is not None:
        return bool(with_retries(root, lambda: backend.resolve("is_writable")(root), what=f"asking {root}"))
    trial = root / MANAGED_FOLDER / f"_trial-{os.urandom(6).hex()}"
    try:
        with_retries(root, lambda: trial.fs.pipe_file(trial.path, b""), what=f"asking {root}")
        with_retries(root, lambda: trial.fs.rm_file(trial.path), what=f"asking {root}")
    except (StorageAccessDenied, PermissionError):
        return False
    return True


def _remove_files(path: Any, files: list[RemoteFile]) -> None:
    path.fs.rm([file.path for file in files])
