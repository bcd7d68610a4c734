"""What remote paths do with whole files and folders: synchronise, download, upload. They are methods of `UPath`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger
from lamindb.storage.downloading import download_files
from lamindb.storage.listing import RemoteFile, list_remote_files
from lamindb.storage.progress import TransferProgress
from lamindb.storage.retrying import with_retries
from lamindb.storage.uploading import local_files, put_files, upload_file

#: Protocols whose modification times say nothing about the content; sizes are compared instead.
_COMPARED_BY_SIZE = frozenset({"http", "https"})


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
    files = list_remote_files(origin)
    if not files and not is_existing_folder(origin):
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
    pairs = [(file, destination / file.relative if file.relative else destination) for file in stale]
    download_files(
        origin, pairs, verb="synchronizing", name=origin.name, progress=print_progress, keep_time=not by_size, **kwargs
    )
    for orphan in orphans:
        orphan.unlink(missing_ok=True)
        _remove_empty_parents(orphan.parent, destination)
    return True


def is_existing_folder(path: Any) -> bool:
    """Tell whether a remote path without files exists nevertheless, which some file systems know."""
    return bool(with_retries(path, path.exists, what=f"looking for {path}"))


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
    pairs = [(file, destination / file.relative if file.relative else destination) for file in files]
    download_files(
        origin, pairs, verb="downloading", name=origin.name, progress=print_progress, keep_time=False, **kwargs
    )


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
        destination = target if create_folder is False else target / source.name
        files = local_files(source)
        shown = TransferProgress("uploading", source.name, sum(file.size for file in files), is_shown=print_progress)
        with shown:
            put_files(files, destination, shown, **kwargs)
        return destination
    if create_folder:
        raise ValueError(f"create_folder=True needs a folder, but {source} is a file: leave create_folder out")
    upload_file(source, target, progress=print_progress, **kwargs)
    return target


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
