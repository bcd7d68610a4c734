"""Entries of the cache: a stamp says what a copy was made of, and a lock lets one process at a time make it.

A copy that is still as its stamp says needs no look at the store as long as what it was made of can't have changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lamindb.storage.downloading import download_files
from lamindb.storage.listing import RemoteFile

_STAMPS, _LOCKS = ".stamps", ".locks"


@dataclass(frozen=True)
class Stamp:
    """What a cached copy was made of.

    Attributes:
        hash: hash of the artifact, `None` if it has none.
        hash_type: its type.
        files: for each file, by relative path (`""` for a single one): size and mtime_ns of the copy, and the state of the remote object
            (`None` if the copy was not downloaded, but kept when the data was uploaded).
    """

    hash: str | None
    hash_type: str | None
    files: dict[str, tuple[int, int, str | None]] = field(default_factory=dict)

    def is_of(self, content_hash: str | None, hash_type: str | None) -> bool:
        """Tell whether the copy was made of this content."""
        return content_hash is not None and (self.hash, self.hash_type) == (content_hash, hash_type)

    def matches(self, local: Path) -> bool:
        """Tell whether nobody has changed the copy: sizes, times and the set of files."""
        if set(self.files) == {""}:
            return _local_state(local) == self.files[""][:2]
        if not local.is_dir():
            return False
        found = {name: _local_state(local / name) for name in _walk(local)}
        return found == {name: value[:2] for name, value in self.files.items()}

    def is_current(self, file: RemoteFile, local: Path) -> bool:
        """Tell whether the copy of one file is untouched, and the remote object is still what it was made of."""
        known = self.files.get(file.relative)
        return known is not None and known[2] == file.state and _local_state(local) == known[:2]


def read_stamp(local: Path, cache_dir: Path) -> Stamp | None:
    """Return the stamp of a copy, `None` if there is none or it can't be read."""
    try:
        values = json.loads(_stamp_path(local, cache_dir).read_text(encoding="utf-8"))
        return Stamp(
            values["hash"], values["hash_type"], {name: tuple(value) for name, value in values["files"].items()}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_stamp(
    local: Path, cache_dir: Path, content_hash: str | None, hash_type: str | None, remote: list[RemoteFile] | None
) -> Stamp:
    """Say what a copy was made of.

    Args:
        local: the copy.
        cache_dir: root of the cache.
        content_hash: hash of the artifact.
        hash_type: its type.
        remote: the objects that were downloaded; `None` if the data was uploaded from here.
    """
    states = {file.relative: file.state for file in remote or ()}
    names = _walk(local) if local.is_dir() else [""]
    files: dict[str, tuple[int, int, str | None]] = {}
    for name in names:
        state = _local_state(local / name if name else local)
        if state is not None:
            files[name] = (*state, states.get(name))
    stamp = Stamp(content_hash, hash_type, files)
    path = _stamp_path(local, cache_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    draft.write_text(json.dumps(asdict(stamp)), encoding="utf-8")
    os.replace(draft, path)
    return stamp


def discard_copy(local: Path, cache_dir: Path) -> None:
    """Remove a copy and its stamp."""
    _stamp_path(local, cache_dir).unlink(missing_ok=True)
    if local.is_dir() and not local.is_symlink():
        shutil.rmtree(local)
    else:
        local.unlink(missing_ok=True)


@contextlib.contextmanager
def exclusive_entry(local: Path, cache_dir: Path) -> Iterator[None]:
    """Let one process (and thread) at a time make a copy; the system gives the lock back when a process dies."""
    try:
        import fcntl
    except ImportError:  # Windows: copies are still renamed in one step, only the waiting is missing
        yield
        return
    path = cache_dir / _LOCKS / f"{_name(local, cache_dir)}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def bring_up_to_date(
    origin: Any, files: list[RemoteFile], local: Path, stamp: Stamp | None, *, progress: bool, **options: Any
) -> bool:
    """Download what a copy lacks, and remove what it should not have; for the holder of its lock.

    Args:
        origin: remote `UPath`.
        files: what is there.
        local: the copy.
        stamp: what the copy was made of, if known.
        progress: draw a bar where somebody looks.
        **options: passed to the file system.

    Returns:
        Whether something was downloaded.
    """
    is_file = len(files) == 1 and files[0].relative == ""
    if local.exists() and local.is_dir() == is_file:
        shutil.rmtree(local) if local.is_dir() else local.unlink()
    pairs = [(file, local / file.relative if file.relative else local) for file in files]
    stale = [pair for pair in pairs if not _is_current(pair, stamp)]
    if not is_file:
        local.mkdir(parents=True, exist_ok=True)
        wanted = {file.relative for file in files}
        for stranger in [name for name in _walk(local) if name not in wanted and not _is_draft(name)]:
            (local / stranger).unlink()
        _remove_empty_folders(local)
    if stale:
        name = origin.name or str(origin)
        download_files(origin, stale, verb="synchronizing", name=name, progress=progress, resume=True, **options)
    return bool(stale)


def _is_current(pair: tuple[RemoteFile, Path], stamp: Stamp | None) -> bool:
    file, local = pair
    if stamp is not None:
        return stamp.is_current(file, local)
    state = _local_state(local)
    if state is None or file.modified is None or state[0] != file.size:
        return False
    return int(file.modified) <= state[1] // 1_000_000_000  # a copy that another program made


def _local_state(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _walk(folder: Path) -> list[str]:
    """List the files below a folder; drafts of downloads that broke off don't count."""
    from lamindb.storage.hashing import walk_files

    return [name for name in walk_files(folder) if not _is_draft(name)]


def _is_draft(name: str) -> bool:
    last = name.rpartition("/")[2]
    return last.startswith(".") and last.endswith((".part", ".part.done"))


def _remove_empty_folders(folder: Path) -> None:
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        with contextlib.suppress(OSError):
            path.rmdir()


def _stamp_path(local: Path, cache_dir: Path) -> Path:
    return cache_dir / _STAMPS / f"{_name(local, cache_dir)}.json"


def _name(local: Path, cache_dir: Path) -> str:
    relative = local.relative_to(cache_dir).as_posix() if local.is_relative_to(cache_dir) else str(local)
    return hashlib.sha256(relative.encode()).hexdigest()[:32]
