"""Uploads files and folders: in parallel, tried again, taken up where an earlier attempt ended, and compared with what arrived."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lamindb.plugins.types import ContentHash
from lamindb.storage.listing import RemoteFile, describe_file, forget_listings, list_remote_files
from lamindb.storage.progress import TransferProgress
from lamindb.storage.retrying import TransferError, with_retries

#: Files up to this size, in bytes, are sent many at a time; larger ones few, because each may be held in memory while it is sent.
_SMALL_FILE: Final = 8_000_000
_SMALL_AT_A_TIME: Final = 16
_LARGE_AT_A_TIME: Final = 2


@dataclass(frozen=True)
class LocalFile:
    """A file to upload: path, path relative to the folder, and its state when the upload was planned."""

    path: Path
    relative: str
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path, relative: str = "") -> LocalFile:
        """Return a file with its present state."""
        status = path.stat()
        return cls(path, relative, status.st_size, status.st_mtime_ns)


class UploadManifest:
    """Which files of a folder have arrived: one line of JSON for each, appended when it has, so that a killed upload is taken up again.

    Args:
        path: local file; it need not exist. `None`: remember nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._lines: dict[str, tuple[int, int]] = dict(self._read())

    def has(self, file: LocalFile) -> bool:
        """Tell whether this file arrived before, and hasn't changed since."""
        return self._lines.get(file.relative) == (file.size, file.mtime_ns)

    def add(self, file: LocalFile) -> None:
        """Note that a file has arrived."""
        with self._lock:
            self._lines[file.relative] = (file.size, file.mtime_ns)
            if self.path is None:
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps([file.relative, file.size, file.mtime_ns]) + "\n")

    def remove(self) -> None:
        """Forget everything: the upload is complete."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _read(self) -> Iterator[tuple[str, tuple[int, int]]]:
        if self.path is None or not self.path.is_file():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                relative, size, mtime_ns = json.loads(line)
            except ValueError:
                continue  # the line that was being written when the process died
            yield relative, (size, mtime_ns)


def upload_file(
    source: Path, target: Any, *, expected: ContentHash | None = None, progress: bool = False, **kwargs: Any
) -> RemoteFile:
    """Upload a file to a remote path, replacing what is there in one step.

    Args:
        source: local file.
        target: remote `UPath`.
        expected: hash of the content, compared with the checksum of the store where that is of the same type.
        progress: draw a bar where somebody looks.
        **kwargs: passed to the file system.

    Returns:
        What arrived.

    Raises:
        TransferError: if size or checksum of what arrived differ, or the file changed meanwhile.
        StorageUnreachable: if the store doesn't answer.
        StorageAccessDenied: if it can't be written.
    """
    kwargs.pop("batch_size", None)  # it is about several files
    file = LocalFile.of(source)
    with TransferProgress("uploading", source.name, file.size, is_shown=progress) as shown:
        _put(file, target, shown, kwargs)
    arrived = with_retries(target, lambda: _info(target), what=f"checking {target}")
    _compare(file, arrived, target, expected)
    return arrived


def upload_folder(
    files: Iterable[LocalFile],
    target: Any,
    *,
    manifest: UploadManifest | None = None,
    name: str = "",
    progress: bool = False,
    **kwargs: Any,
) -> list[RemoteFile]:
    """Upload the files of a folder; what is there already with the same content is not sent again, what doesn't belong is removed.

    Args:
        files: what the folder holds.
        target: remote `UPath` of the folder.
        manifest: notes what has arrived; removed when all has.
        name: of the folder, for the bar.
        progress: draw a bar where somebody looks.
        **kwargs: passed to the file system, but `batch_size`: how many files at a time.

    Returns:
        What the folder holds now.

    Raises:
        TransferError: if something that arrived has another size or checksum, or a file changed meanwhile.
        StorageUnreachable: if the store doesn't answer; what has arrived is in the manifest.
    """
    manifest = manifest or UploadManifest(None)
    planned = list(files)
    wanted = {file.relative for file in planned}
    there = {file.relative: file for file in list_remote_files(target)}
    lacking = [file for file in planned if not _is_there(file, there.get(file.relative), manifest)]
    with TransferProgress(
        "uploading", name or target.name, sum(file.size for file in lacking), is_shown=progress
    ) as shown:
        _send_all(lacking, target, shown, manifest, kwargs)
    strangers = [there[relative].path for relative in sorted(set(there) - wanted)]
    if strangers:
        with_retries(target, lambda: target.fs.rm(strangers), what=f"removing what {target.name} held before")
    arrived = list_remote_files(target)
    _compare_all(planned, arrived, target)
    manifest.remove()
    return arrived


def put_files(files: list[LocalFile], target: Any, shown: TransferProgress, **kwargs: Any) -> None:
    """Upload files below a remote path, whatever else is there, and compare sizes.

    Raises:
        TransferError: if something that arrived has another size.
    """
    _send_all(files, target, shown, UploadManifest(None), kwargs)
    _compare_all(files, list_remote_files(target), target)


def local_files(source: Path) -> list[LocalFile]:
    """List the files of a local folder, sorted by path."""
    from lamindb.storage.hashing import walk_files

    return [LocalFile.of(source / relative, relative) for relative in sorted(walk_files(source))]


def _send_all(
    files: list[LocalFile], target: Any, shown: TransferProgress, manifest: UploadManifest, options: dict[str, Any]
) -> None:
    options = dict(options)
    batch_size = options.pop("batch_size", None)

    def send(file: LocalFile) -> None:
        _put(file, target / file.relative, shown, options)
        manifest.add(file)

    _in_parallel(send, [file for file in files if file.size <= _SMALL_FILE], batch_size or _SMALL_AT_A_TIME)
    _in_parallel(send, [file for file in files if file.size > _SMALL_FILE], batch_size or _LARGE_AT_A_TIME)


def _put(file: LocalFile, target: Any, shown: TransferProgress, options: dict[str, Any]) -> None:
    def put() -> None:
        callback = shown.callback()
        try:
            target.fs.put_file(str(file.path), target.path, **{"callback": callback, **options})
        except BaseException:
            shown.add(-callback.value)  # what was sent in vain
            raise

    with_retries(target, put, what=f"uploading {file.path.name}")
    if LocalFile.of(file.path, file.relative) != file:
        raise TransferError(
            f"{file.path} changed while it was uploaded to {target}: what is there may be a mixture. Upload it again when nobody writes it"
        )


def _info(path: Any) -> RemoteFile:
    forget_listings(path)
    return describe_file(path, path.fs.info(path.path))


def _compare(file: LocalFile, arrived: RemoteFile, target: Any, expected: ContentHash | None) -> None:
    if arrived.size is not None and arrived.size != file.size:
        raise TransferError(f"{file.path} has {file.size} bytes, but {target} has {arrived.size}: upload it again")
    checksum = arrived.checksum
    if expected is None or checksum is None or checksum.hash_type != expected.hash_type:
        return
    if checksum.hash != expected.hash:
        raise TransferError(
            f"{target} has other content ({checksum.hash}) than {file.path} had when it was hashed ({expected.hash}): "
            "the file changed, or the transfer failed. Make the artifact again"
        )


def _compare_all(planned: list[LocalFile], arrived: list[RemoteFile], target: Any) -> None:
    sizes = {file.relative: file.size for file in arrived}
    for file in planned:
        if file.relative not in sizes:
            raise TransferError(
                f"{file.path} is not at {target / file.relative}, though it was uploaded: upload it again"
            )
        size = sizes[file.relative]
        if size is not None and size != file.size:
            raise TransferError(
                f"{file.path} has {file.size} bytes, but {target / file.relative} has {size}: upload it again"
            )


def _is_there(file: LocalFile, arrived: RemoteFile | None, manifest: UploadManifest) -> bool:
    """Tell whether a file needs not be sent: the manifest says so, or the checksum of the store is that of the file."""
    if arrived is None or arrived.size != file.size:
        return False
    if manifest.has(file):
        return True
    if arrived.checksum is None or arrived.checksum.hash_type != "md5":
        return False
    from lamindb.storage.hashing import hash_file

    is_same = hash_file(file.path, chunk_size=None).hash == arrived.checksum.hash
    if is_same:
        manifest.add(file)
    return is_same


def _in_parallel(send: Any, files: list[LocalFile], at_a_time: int) -> None:
    """Send files; after the first failure no further one is begun."""
    if len(files) < 2:
        for file in files:
            send(file)
        return
    with ThreadPoolExecutor(min(at_a_time, len(files)), thread_name_prefix="lamindb-upload") as pool:
        futures = [pool.submit(send, file) for file in files]
        try:
            for future in futures:
                future.result()
        except BaseException:
            for future in futures:
                future.cancel()
            raise


def manifest_path(cache_dir: str | os.PathLike[str], uid: str) -> Path:
    """Return where the manifest of the upload of an artifact is kept."""
    return Path(cache_dir) / ".uploads" / f"{uid}.jsonl"
