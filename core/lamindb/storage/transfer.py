"""Moves bytes between local disk and any file system of fsspec: complete or not at all, compared afterwards."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger

#: Protocols whose modification times say nothing about the content; sizes are compared instead.
_COMPARED_BY_SIZE = frozenset({"http", "https"})
_PROGRESS_INTERVAL = 0.2  # seconds between two updates of the progress line


class TransferError(OSError):
    """What arrived is not what was sent."""


@dataclass(frozen=True)
class RemoteFile:
    """One remote object: path in its file system, path relative to the folder that was listed, size, time of modification."""

    path: str
    relative: str
    size: int
    modified: float | None


def modified_at(info: Mapping[str, Any], protocol: str) -> float | None:
    """Return the time of modification that a file system reports, as seconds since 1970, or `None`."""
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(protocol)
    return _modified_of_info(info) if backend is None else backend.modified_at(info)


def _modified_of_info(info: Mapping[str, Any]) -> float | None:
    commit = info.get("last_commit")
    value = getattr(commit, "date", None) or info.get("LastModified") or info.get("mtime") or info.get("updated")
    value = value or info.get("created")
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.timestamp()
    return None if value is None else float(value)


def list_remote_files(path: Any) -> list[RemoteFile]:
    """List the files below a remote folder with one listing; for a file, the file itself; nothing if it doesn't exist."""
    fs, root = path.fs, path.path.rstrip("/")
    try:
        info = fs.info(path.path)
    except FileNotFoundError:
        return []
    if info["type"] == "file":
        return [RemoteFile(info["name"], "", int(info.get("size") or 0), modified_at(info, path.protocol))]
    stripped = fs._strip_protocol(root).rstrip("/")
    files = []
    for name, detail in fs.find(root, detail=True).items():
        if detail.get("type") == "directory" or name.rstrip("/") == stripped or name.endswith("/"):
            continue  # object stores keep empty placeholder objects for folders
        files.append(
            RemoteFile(
                name,
                name.removeprefix(stripped).lstrip("/"),
                int(detail.get("size") or 0),
                modified_at(detail, path.protocol),
            )
        )
    return files


def synchronize_to(
    origin: Any,
    destination: Path,
    error_no_origin: bool = True,
    print_progress: bool = False,
    just_check: bool = False,
    **kwargs: Any,
) -> bool:
    """Bring a local copy up to date with a remote file or folder.

    Each file is downloaded under a temporary name, compared in size, and then renamed. A file is downloaded if it is absent or older than the remote one
    (for http: of another size). In folders, local files that are gone remotely are deleted.

    Args:
        origin: remote `UPath`.
        destination: local path of the copy.
        error_no_origin: raise if the remote path does not exist; else return `False`.
        print_progress: draw a progress line.
        just_check: only tell whether a download is needed.
        **kwargs: passed to the file system.

    Returns:
        Whether something was (or would be) transferred.

    Raises:
        FileNotFoundError: if the remote path does not exist, nor a local copy.
        TransferError: if the number of bytes that arrived is not the remote size.
    """
    kwargs.pop("disable_boto3", None)
    destination = Path(destination)
    if hasattr(origin.fs, "invalidate_cache"):
        origin.fs.invalidate_cache()
    files = list_remote_files(origin)
    if not files and not origin.exists():
        if destination.exists():
            logger.warning(
                f"{origin} does not exist anymore, but its local copy does: consider to upload {destination} again"
            )
            return False
        if error_no_origin:
            raise FileNotFoundError(f"There is no {origin}, nor a local copy of it at {destination}")
        return False
    by_size = origin.protocol in _COMPARED_BY_SIZE
    is_file = len(files) == 1 and files[0].relative == ""
    stale = [f for f in files if _needs_download(f, destination / f.relative if f.relative else destination, by_size)]
    orphans = [] if is_file else _orphans(destination, {f.relative for f in files})
    if just_check or not (stale or orphans):
        return bool(stale or orphans)
    progress = ProgressLine("synchronizing", origin.name, sum(f.size for f in stale)) if print_progress else None
    for file in stale:
        target = destination / file.relative if file.relative else destination
        download_file(origin.fs, file, target, progress=progress, keep_time=not by_size, **kwargs)
    for orphan in orphans:
        orphan.unlink(missing_ok=True)
        _remove_empty_parents(orphan.parent, destination)
    if progress:
        progress.finish()
    return True


def download_file(
    fs: Any,
    file: RemoteFile,
    target: Path,
    *,
    progress: ProgressLine | None = None,
    keep_time: bool = True,
    **kwargs: Any,
) -> None:
    """Download one file completely or not at all.

    Raises:
        TransferError: if the number of bytes that arrived is not the remote size.
    """
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder, so {file.path} can't be stored there: remove or rename it")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name[:100]}.{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        if progress is not None:
            kwargs.setdefault("callback", progress.callback())
        fs.get_file(file.path, str(draft), **kwargs)
        if file.size and draft.stat().st_size != file.size:
            raise TransferError(f"{file.path} has {file.size} bytes, but {draft.stat().st_size} arrived: try again")
        if keep_time and file.modified is not None:
            os.utime(draft, (file.modified, file.modified))
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def download_to(origin: Any, local_path: str | os.PathLike[str], print_progress: bool = True, **kwargs: Any) -> None:
    """Download a remote file or folder.

    Args:
        origin: remote `UPath`.
        local_path: where the file or folder will be.
        print_progress: draw a progress line.
        **kwargs: passed to the file system.

    Raises:
        FileNotFoundError: if the remote path does not exist.
    """
    kwargs.pop("use_boto3", None)
    files = list_remote_files(origin)
    if not files:
        raise FileNotFoundError(f"There is nothing to download at {origin}")
    destination = Path(local_path)
    progress = ProgressLine("downloading", origin.name, sum(f.size for f in files)) if print_progress else None
    for file in files:
        target = destination / file.relative if file.relative else destination
        download_file(origin.fs, file, target, progress=progress, keep_time=False, **kwargs)
    if progress:
        progress.finish()


def upload_from(
    target: Any,
    local_path: str | os.PathLike[str],
    create_folder: bool | None = None,
    print_progress: bool = True,
    **kwargs: Any,
) -> Any:
    """Upload a local file to this path, or a local folder into it.

    Args:
        target: remote `UPath`.
        local_path: file or folder.
        create_folder: put a folder's files into a sub-folder with its name (default), or directly into the target (`False`).
        print_progress: draw a progress line.
        **kwargs: passed to the file system.

    Returns:
        The path of what was uploaded.

    Raises:
        ValueError: for a file with `create_folder=True`.
        TransferError: if the number of bytes that arrived is not the local size.
    """
    source = Path(local_path)
    if source.is_dir():
        from lamindb.storage.hashing import walk_files

        destination = target if create_folder is False else target / source.name
        pairs = [(source / name, destination / name) for name in sorted(walk_files(source))]
    elif create_folder:
        raise ValueError(f"create_folder=True needs a folder, but {source} is a file: leave create_folder out")
    else:
        destination, pairs = target, [(source, target)]
    sizes = [local.stat().st_size for local, _ in pairs]
    progress = ProgressLine("uploading", source.name, sum(sizes)) if print_progress else None
    for (local, remote), size in zip(pairs, sizes, strict=True):
        options = dict(kwargs)
        if progress is not None:
            options.setdefault("callback", progress.callback())
        target.fs.put_file(str(local), remote.path, **options)
        arrived = target.fs.info(remote.path)["size"]
        if arrived != size:
            raise TransferError(f"{local} has {size} bytes, but {remote} has {arrived}: upload it again")
    if progress:
        progress.finish()
    return destination


class ProgressLine:
    """One line on the terminal, such as `... uploading x.h5ad:  42.0%`, that is redrawn a few times a second."""

    def __init__(self, verb: str, name: str, total: int) -> None:
        self.verb, self.name, self.total = verb, name, total
        self._done = 0
        self._drawn_at = 0.0

    def add(self, n_bytes: int) -> None:
        """Count bytes and redraw if it is time."""
        self._done += n_bytes
        if time.monotonic() - self._drawn_at > _PROGRESS_INTERVAL:
            self._draw()

    def finish(self) -> None:
        """Draw 100 % and end the line."""
        self._done = self.total
        self._draw()
        sys.stdout.write("\n")

    def callback(self) -> Any:
        """Return a callback for one file, as fsspec wants it."""
        from fsspec.callbacks import Callback

        line = self

        class _FileCallback(Callback):  # type: ignore[misc]
            def relative_update(self, inc: int = 1) -> None:
                super().relative_update(inc)
                line.add(inc)

            def absolute_update(self, value: int) -> None:
                line.add(value - self.value)
                super().absolute_update(value)

        return _FileCallback()

    def _draw(self) -> None:
        share = 100.0 if not self.total else min(100.0, 100 * self._done / self.total)
        sys.stdout.write(f"\r... {self.verb} {self.name}: {share:5.1f}%")
        sys.stdout.flush()
        self._drawn_at = time.monotonic()


def _needs_download(file: RemoteFile, local: Path, by_size: bool) -> bool:
    try:
        stat = local.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    if by_size or file.modified is None:
        return stat.st_size != file.size
    return int(file.modified) > int(stat.st_mtime)  # some stores report whole seconds only


def _orphans(folder: Path, remote: set[str]) -> list[Path]:
    if not folder.is_dir():
        return []
    return [p for p in folder.rglob("*") if not p.is_dir() and p.relative_to(folder).as_posix() not in remote]


def _remove_empty_parents(folder: Path, stop: Path) -> None:
    while folder != stop and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
