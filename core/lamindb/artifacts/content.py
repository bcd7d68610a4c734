"""What the bytes of a file or folder are: size, hash and number of files; read once, in parallel, or not at all if nothing changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from lamindb.artifacts import known_hashes
from lamindb.artifacts.known_hashes import KnownHash
from lamindb.artifacts.scanning import ScannedFile, scan
from lamindb.base.settings import creation_settings
from lamindb.storage.hashing import FileEntry, hash_entries, hash_file, hash_small_bytes

#: Files of up to this many bytes are read in one piece.
_SMALL = 1 << 20
#: A single file is looked up among the known hashes from this size on; smaller ones are hashed in the time that it takes.
_LOOKED_UP_FROM = 8 << 20
#: Threads help from this mean size on; below it they only wait for each other.
_PARALLEL_FROM = 64 << 10
_MAX_WORKERS = 8
EMPTY_FOLDER_HASH_TYPE = "blake3-d"


@dataclass(frozen=True)
class Content:
    """What the bytes of a file or folder are.

    Attributes:
        size: bytes; of a folder, of all files in it.
        hash: 22 characters, `None` if nothing is known of the content.
        hash_type: how the hash was made.
        n_files: number of files of a folder, `None` for a file.
        scanned: the files and their states when they were hashed.
    """

    size: int | None
    hash: str | None
    hash_type: str | None
    n_files: int | None
    scanned: list[ScannedFile] | None = field(default=None, repr=False, compare=False)


def read_content(path: Path, *, verify: bool = False) -> Content:
    """Return size and hash of a local file or folder; every byte counts.

    Args:
        path: file or folder.
        verify: read every byte, also of files that did not change since they were hashed before.

    Raises:
        PermissionError: if a file can't be read; the message names it.
        InvalidArgument: for a folder that holds a pipe, socket or device.
    """
    if creation_settings.artifact_skip_size_hash:
        return Content(None, None, None, None)
    is_folder = path.is_dir()
    before = known_hashes.now_ns()
    scanned = scan(path)
    hashes = hash_scanned(path, scanned, before, verify=verify)
    if not is_folder:
        return Content(scanned[0].state.size, *hashes[0], None, scanned)
    if not scanned:
        return Content(0, hash_small_bytes(b""), EMPTY_FOLDER_HASH_TYPE, 0, scanned)
    combined = hash_entries(
        FileEntry(file.relative, file.state.size, known[0]) for file, known in zip(scanned, hashes, strict=True)
    )
    return Content(combined.size, combined.hash, combined.hash_type, combined.n_files, scanned)


def hash_scanned(
    folder: Path, scanned: Sequence[ScannedFile], scanned_at_ns: int, *, verify: bool = False
) -> list[KnownHash]:
    """Return hash and hash type of every file of a scan, in its order.

    Args:
        folder: what was scanned.
        scanned: its files.
        scanned_at_ns: when the scan started, from `known_hashes.now_ns`.
        verify: read every byte, whatever is known.
    """
    is_worth_it = len(scanned) > 1 or any(file.state.size >= _LOOKED_UP_FROM for file in scanned)
    if not is_worth_it:
        return _hash_all(folder, scanned)
    states = [file.state for file in scanned]
    known = [None] * len(states) if verify else known_hashes.recall(states)
    unknown = [file for file, found in zip(scanned, known, strict=True) if found is None]
    if not unknown:
        return known  # type: ignore[return-value]  # none of them is None
    made = _hash_all(folder, unknown)
    known_hashes.remember(((file.state, one) for file, one in zip(unknown, made, strict=True)), scanned_at_ns)
    following = iter(made)
    return [found if found is not None else next(following) for found in known]


def _hash_all(folder: Path, files: Sequence[ScannedFile]) -> list[KnownHash]:
    root = str(folder)
    workers = min(_MAX_WORKERS, os.cpu_count() or 1, len(files))
    total = sum(file.state.size for file in files)
    if workers < 2 or total < _PARALLEL_FROM * len(files):
        return [_hash_one(root, file) for file in files]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda file: _hash_one(root, file), files))


def _hash_one(root: str, file: ScannedFile) -> KnownHash:
    path = f"{root}/{file.relative}" if file.relative else root
    try:
        if file.state.size <= _SMALL:
            with open(path, "rb", buffering=0) as stream:
                data = stream.read(_SMALL + 1)
            if len(data) == file.state.size:
                return hash_small_bytes(data), "md5"
        found = hash_file(path)
    except PermissionError as error:
        raise PermissionError(
            error.errno, "This file can't be read: change its permissions, or leave it out", path
        ) from None
    if found.size != file.state.size:
        raise OSError(
            f"{path} changed while it was read: it had {file.state.size} bytes and now has {found.size}. Try again when nobody writes to it"
        )
    return found.hash, found.hash_type
