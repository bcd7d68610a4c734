"""Which files a source holds, and in which state: one walk, whose result hashing, copying and the check for changes share."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lamindb.errors import InvalidArgument


@dataclass(frozen=True, slots=True)
class FileState:
    """What the file system says of a file; as long as all of it stays the same, so does the content."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """A file of a source: its relative posix path (`""` if the source is the file itself) and its state."""

    relative: str
    state: FileState


def scan(path: Path) -> list[ScannedFile]:
    """List the files of a file or folder with their states, sorted by path.

    Links are followed, but never in circles; empty sub-folders don't count, because object stores have none.

    Raises:
        FileNotFoundError: for a path that isn't there, or a link to nothing.
        InvalidArgument: for a pipe, socket or device.
        PermissionError: for a folder that can't be listed; the message names it.
    """
    status = path.stat()
    if not stat.S_ISDIR(status.st_mode):
        _check_kind(str(path), status)
        return [ScannedFile("", _state(status))]
    found = list(_walk(str(path), "", frozenset({os.path.realpath(path)})))
    found.sort(key=lambda file: os.fsencode(file.relative))
    return found


def state_of(path: str | os.PathLike[str]) -> FileState:
    """Return the state of one file; links are followed."""
    return _state(os.stat(path))


def is_unchanged(path: Path, before: list[ScannedFile]) -> str | None:
    """Return `None` if a source is what it was when it was scanned, else the first file that differs."""
    try:
        now = scan(path)
    except OSError as error:
        return str(error)
    if now == before:
        return None
    known = {file.relative: file.state for file in before}
    for file in now:
        if known.pop(file.relative, None) != file.state:
            return str(path / file.relative) if file.relative else str(path)
    return str(path / next(iter(known)))


def _walk(folder: str, prefix: str, ancestors: frozenset[str]) -> Iterator[ScannedFile]:
    try:
        with os.scandir(folder) as listing:
            entries = list(listing)
    except PermissionError as error:
        raise PermissionError(
            error.errno, "This folder can't be listed: change its permissions, or leave it out", folder
        ) from None
    for entry in entries:
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            real = os.path.realpath(entry.path)
            if real not in ancestors:  # else a link to a folder that contains it
                yield from _walk(entry.path, f"{name}/", ancestors | {real})
            continue
        try:
            status = entry.stat() if entry.is_symlink() else os.stat(entry.path)
        except FileNotFoundError:
            if not entry.is_symlink():
                raise
            raise FileNotFoundError(
                f"{entry.path} is a link to {os.readlink(entry.path)!r}, which does not exist: remove the link or restore its target"
            ) from None
        _check_kind(entry.path, status)
        yield ScannedFile(name, _state(status))


def _check_kind(path: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InvalidArgument(
            f"{path!r} is neither a file nor a folder (a pipe, socket or device can't be stored): pass files and folders only"
        )


def _state(status: os.stat_result) -> FileState:
    return FileState(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev)
