"""Downloads files and folders: complete or not at all, in parallel, large ones in blocks that a later attempt takes up."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from lamindb.storage.listing import RemoteFile, describe_file, forget_listings
from lamindb.storage.progress import TransferProgress
from lamindb.storage.retrying import TransferError, with_retries

#: Files larger than this, in bytes, are fetched in blocks of this size.
BLOCK_SIZE: Final = 16_000_000
_BLOCKS_AT_A_TIME: Final = 4
_FILES_AT_A_TIME: Final = 16


@dataclass(frozen=True)
class _Download:
    """One file on its way: from where, to which draft, and the bar."""

    origin: Any
    file: RemoteFile
    draft: Path
    shown: TransferProgress
    options: dict[str, Any]


def download_file(
    origin: Any,
    file: RemoteFile,
    target: Path,
    shown: TransferProgress,
    *,
    keep_time: bool = True,
    resume: bool = False,
    **options: Any,
) -> None:
    """Download one file completely or not at all.

    Args:
        origin: any `UPath` of the same file system.
        file: what to download.
        target: local path.
        shown: the bar.
        keep_time: give the local file the time of the remote one.
        resume: keep what arrived when the download breaks off, and take it up next time; only for callers that see to it that one
            process at a time downloads to `target`.
        **options: passed to the file system.

    Raises:
        TransferError: if the number of bytes that arrived is not the remote size, or the object was written anew meanwhile.
        StorageUnreachable: if the store doesn't answer.
    """
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder, so {file.path} can't be stored there: remove or rename it")
    target.parent.mkdir(parents=True, exist_ok=True)
    in_blocks = file.size is not None and file.size > BLOCK_SIZE
    draft = _draft_path(target, file, resume=resume and in_blocks)
    download = _Download(origin, file, draft, shown, options)
    try:
        if not (in_blocks and _get_blocks(download)):
            with_retries(origin, lambda: _get_whole(download), what=f"downloading {target.name}")
        arrived = draft.stat().st_size
        if file.size is not None and arrived != file.size:
            raise TransferError(f"{file.path} has {file.size} bytes, but {arrived} arrived: try again")
        if keep_time and file.modified is not None:
            os.utime(draft, (file.modified, file.modified))
        os.replace(draft, target)
    except TransferError:
        _discard(draft)
        raise
    finally:
        if not resume:
            _discard(draft)
    _done_blocks_path(draft).unlink(missing_ok=True)


def download_files(
    origin: Any,
    pairs: list[tuple[RemoteFile, Path]],
    *,
    verb: str,
    name: str,
    progress: bool,
    batch_size: int | None = None,
    **options: Any,
) -> None:
    """Download several files of one file system in parallel; after the first failure no further one is begun.

    Args:
        origin: any `UPath` of the file system.
        pairs: what to download, and where to.
        verb: for the bar, such as `"downloading"`.
        name: for the bar.
        progress: draw a bar where somebody looks.
        batch_size: how many files at a time.
        **options: as for `download_file`.
    """
    total = sum(file.size or 0 for file, _ in pairs)
    with TransferProgress(verb, name, total, is_shown=progress) as shown:
        if len(pairs) < 2:
            for file, target in pairs:
                download_file(origin, file, target, shown, **options)
            return
        with ThreadPoolExecutor(
            min(batch_size or _FILES_AT_A_TIME, len(pairs)), thread_name_prefix="lamindb-download"
        ) as pool:
            futures = [pool.submit(download_file, origin, file, target, shown, **options) for file, target in pairs]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                for future in futures:
                    future.cancel()
                raise


def _get_whole(download: _Download) -> None:
    callback = download.shown.callback()
    try:
        download.origin.fs.get_file(
            download.file.path, str(download.draft), **{"callback": callback, **download.options}
        )
    except BaseException:
        download.shown.add(-callback.value)
        raise


def _get_blocks(download: _Download) -> bool:
    """Fetch what lacks of a large file, block by block; `False` if the store doesn't serve parts of objects."""
    size = download.file.size or 0
    done = _read_done_blocks(download.draft)
    starts = [start for start in range(0, size, BLOCK_SIZE) if start not in done]
    download.shown.add(sum(min(BLOCK_SIZE, size - start) for start in done))
    descriptor = os.open(download.draft, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        os.truncate(descriptor, size)
        with _done_blocks_path(download.draft).open("a", encoding="utf-8") as notes:

            def fetch(start: int) -> bool:
                end = min(start + BLOCK_SIZE, size)
                data = with_retries(
                    download.origin,
                    lambda: download.origin.fs.cat_file(download.file.path, start=start, end=end),
                    what=f"downloading {download.file.path}",
                )
                if len(data) != end - start:
                    return False
                os.pwrite(descriptor, data, start)
                notes.write(f"{start}\n")
                notes.flush()
                download.shown.add(len(data))
                return True

            if not _all_fetched(fetch, starts):
                os.truncate(descriptor, 0)
                download.shown.add(-download.shown.done)
                return False
    finally:
        os.close(descriptor)
    now = with_retries(download.origin, lambda: _state(download), what=f"checking {download.file.path}")
    if now != download.file.state:
        raise TransferError(f"{download.file.path} was written anew while it was downloaded: try again")
    return True


def _all_fetched(fetch: Callable[[int], bool], starts: list[int]) -> bool:
    if starts and not fetch(starts[0]):  # a server that always sends everything shows it with the first block
        return False
    with ThreadPoolExecutor(_BLOCKS_AT_A_TIME, thread_name_prefix="lamindb-download") as pool:
        return all(pool.map(fetch, starts[1:]))


def _state(download: _Download) -> str:
    forget_listings(download.origin)
    return describe_file(download.origin, download.origin.fs.info(download.file.path)).state


def _draft_path(target: Path, file: RemoteFile, *, resume: bool) -> Path:
    """Return where a download is collected; one that can be taken up is named after the state of the object, others are unique."""
    if not resume:
        return target.with_name(f".{target.name[:100]}.{os.getpid()}-{os.urandom(4).hex()}.part")
    state = sha256(f"{file.path} {file.state}".encode()).hexdigest()[:12]
    draft = target.with_name(f".{target.name[:100]}.{state}.part")
    for stale in target.parent.glob(f".{_escaped(target.name[:100])}.*.part*"):
        if not stale.name.startswith(draft.name) and "-" not in stale.name.removeprefix(f".{target.name[:100]}."):
            stale.unlink(missing_ok=True)  # of a former state of the object
    return draft


def _escaped(name: str) -> str:
    import glob

    return glob.escape(name)


def _done_blocks_path(draft: Path) -> Path:
    return draft.with_name(f"{draft.name}.done")


def _read_done_blocks(draft: Path) -> set[int]:
    notes = _done_blocks_path(draft)
    if not (draft.is_file() and notes.is_file()):
        notes.unlink(missing_ok=True)
        return set()
    done = set()
    for line in notes.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n") and line.strip().isdigit():  # else the line that was being written when the process died
            done.add(int(line))
    return done


def _discard(draft: Path) -> None:
    draft.unlink(missing_ok=True)
    _done_blocks_path(draft).unlink(missing_ok=True)
