"""Local files on their way into a storage location: copied next to their place under a name that nothing refers to, then renamed.

Killed at any moment, the worst that stays behind is a folder entry in `.lamindb/_staging`, which `lamin doctor` lists.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lamindb.artifacts.keys import MANAGED_FOLDER
from lamindb.artifacts.scanning import ScannedFile, is_unchanged, scan
from lamindb.base.uids import base62_8

STAGING_FOLDER = f"{MANAGED_FOLDER}/_staging"
#: Part of the name of a folder that a newer one is about to replace.
RETIRED = "-old"
#: More files than this are made durable with one call for the whole file system.
_MAX_FSYNC = 16
_COPY_THREADS = 8
#: What is older than this has been left behind, whoever did it.
_MOST_SECONDS = 24 * 3600
#: AT_FDCWD and RENAME_EXCHANGE of Linux (linux/fcntl.h, linux/fs.h).
_HERE, _EXCHANGE = -100, 2


def staging_folder(root: str | os.PathLike[str]) -> Path:
    """Return the folder of a storage location in which data waits for its place."""
    return Path(root) / STAGING_FOLDER


def staged_name(uid: str) -> str:
    """Return a new name in the staging folder: of which artifact, and of which process of which machine it is."""
    return f"{uid}-{_host()}-{os.getpid()}-{base62_8()}"


@dataclass(frozen=True)
class StagedEntry:
    """What lies in a staging folder."""

    path: Path
    uid: str
    is_retired: bool
    is_in_use: bool


def list_staged(root: str | os.PathLike[str]) -> list[StagedEntry]:
    """List what waits in the staging folder of a local storage location, or was left there; notes about deletions are not among it."""
    folder = staging_folder(root)
    if not folder.is_dir():
        return []
    return [
        StagedEntry(
            path,
            path.name.partition("-")[0],
            path.name.endswith(RETIRED),
            _is_in_use(path.name.removesuffix(RETIRED), path),
        )
        for path in sorted(folder.iterdir())
        if not path.name.endswith(".json")
    ]


def _is_in_use(name: str, path: Path) -> bool:
    """Tell whether the process that staged something may still need it: it is alive, or on another machine and began lately."""
    try:
        age = time.time() - path.lstat().st_ctime
    except FileNotFoundError:
        return True  # it got its place this moment
    parts = name.split("-")
    if age > _MOST_SECONDS or len(parts) != 4 or not parts[2].isdigit():
        return False
    if parts[1] != _host():
        return True
    try:
        os.kill(int(parts[2]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _host() -> str:
    return hashlib.blake2s((platform.node() or "localhost").encode(), digest_size=4).hexdigest()


def stage(source: Path, root: str | os.PathLike[str], uid: str, files: list[ScannedFile] | None = None) -> Path:
    """Copy a file or folder next to its place, on the same file system.

    Args:
        source: file or folder.
        root: the storage location.
        uid: uid of the artifact, which becomes part of the name, so that what stays behind can be assigned.
        files: what the source held when it was hashed.

    Returns:
        Path of the copy, complete and on disk.

    Raises:
        OSError: if the source changed since it was hashed, or can't be copied; nothing stays behind then.
    """
    folder = staging_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    staged = folder / staged_name(uid)
    try:
        if source.is_dir():
            _copy_folder(source, staged, scan(source) if files is None else files)
        else:
            copy_file(source, staged)
            flush(staged)
        changed = None if files is None else is_unchanged(source, files)
        if changed is not None:
            raise OSError(
                f"{changed} changed while it was stored: its content is not what was hashed. Make the artifact again"
            )
    except BaseException:
        remove(staged)
        raise
    return staged


def promote(staged: Path, target: Path) -> None:
    """Give a staged file or folder its place; what is there is replaced in one step where the system can exchange folders, else in two."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_dir():
        os.replace(staged, target)
        return
    if _exchange(staged, target):
        remove(staged)
        return
    retired = staged.with_name(staged.name + RETIRED)
    target.rename(retired)
    try:
        staged.rename(target)
    except BaseException:
        retired.rename(target)
        raise
    shutil.rmtree(retired)


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def copy_file(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> None:
    """Copy the bytes of a file inside the kernel; blocks are shared where the file system can."""
    with open(source, "rb") as read, open(target, "wb") as written:
        _copy_stream(read.fileno(), written.fileno())


def flush(path: Path) -> None:
    """Wait until a file, or everything below a folder, is on disk."""
    if not path.is_dir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return
    files = [file for file in path.rglob("*") if file.is_file()]
    if len(files) <= _MAX_FSYNC:
        for file in files:
            flush(file)
        return
    flush_file_system(path)


def flush_file_system(folder: Path) -> None:
    """Wait until everything that was written to the file system of a folder is on disk: one call instead of one for each file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
        if sync is None or sync(descriptor) != 0:
            os.sync()
    finally:
        os.close(descriptor)


def _exchange(first: Path, second: Path) -> bool:
    """Let two paths swap their names in one step; `False` if the system can't (then nothing happened)."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and rename(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE) == 0


def _copy_stream(read: int, written: int) -> None:
    size = os.fstat(read).st_size
    done = 0
    if hasattr(os, "copy_file_range"):
        try:
            while done < size:
                copied = os.copy_file_range(read, written, min(size - done, 1 << 30))
                if copied == 0:
                    break
                done += copied
        except OSError:
            if done:  # a full disk, not a missing ability
                raise
    with open(read, "rb", closefd=False) as source, open(written, "wb", closefd=False) as target:
        source.seek(done)
        target.seek(done)
        shutil.copyfileobj(source, target, 1 << 20)


def _copy_folder(source: Path, staged: Path, files: list[ScannedFile]) -> None:
    staged.mkdir()
    for folder in sorted({file.relative.rpartition("/")[0] for file in files} - {""}):
        (staged / folder).mkdir(parents=True, exist_ok=True)

    def copy(file: ScannedFile) -> None:
        copy_file(source / file.relative, staged / file.relative)

    if len(files) < 2:
        for file in files:
            copy(file)
    else:
        with ThreadPoolExecutor(min(_COPY_THREADS, os.cpu_count() or 1)) as pool:
            for _ in pool.map(copy, files):
                pass
    flush(staged)
