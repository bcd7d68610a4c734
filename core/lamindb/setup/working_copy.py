"""The working copy of a SQLite database in a bucket: what it was made from, whether it changed, and how both sides are brought together.

Neither side is ever overwritten with something older: the object in the bucket is replaced only as long as it is the one that the copy was made
from, and a copy with changes of its own is kept under another name before newer content takes its place.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, Literal

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup._clone import back_up_sqlite
from lamindb.setup.errors import InstanceCorrupted
from lamindb.storage.conditional import object_version, replace_object
from lamindb.storage.retrying import with_retries

STATE_SUFFIX: Final = ".sync"
KEPT_INFIX: Final = ".kept-"
_MAGIC: Final = b"SQLite format 3\0"
#: Parts of the header that change without the content: journal mode, change counter, schema cookie, version of the library.
_VOLATILE: Final = ((18, 20), (24, 28), (40, 44), (92, 100))
_CHUNK: Final = 1 << 20
_DOWNLOADS: Final = 3


@dataclass(frozen=True)
class State:
    """What is known of a working copy.

    Args:
        version: version of the object that the copy agrees with.
        digest: digest of the content at that time.
        stamp: size and time of modification at that time.
        token: lease of the process that writes to the copy, or that died while it did.
    """

    version: str | None = None
    digest: str | None = None
    stamp: tuple[int, int] | None = None
    token: str | None = None


class RemoteChanged(Exception):
    """The object in the bucket is not the one that the working copy was made from; the copy was kept."""


class WorkingCopy:
    """The local file that stands for an object in a bucket.

    Args:
        path: the local file.
        remote: the object.
    """

    def __init__(self, path: Path, remote: Any) -> None:
        self.path, self.remote = path, remote
        self._state_file = path.with_name(path.name + STATE_SUFFIX)
        self._held: IO[str] | None = None

    @property
    def state(self) -> State:
        """What was noted last."""
        try:
            values = json.loads(files.read_text(self._state_file) or "{}")
            stamp = values.pop("stamp", None)
            return State(**values, stamp=None if stamp is None else (stamp[0], stamp[1]))
        except (ValueError, TypeError):
            return State()

    def note_token(self, token: str | None) -> None:
        """Note which lease the process has that writes to the copy."""
        self._note(replace(self.state, token=token))

    def bring_up_to_date(self) -> Literal["same", "renewed", "missing"]:
        """Download the object if it is another one than the copy was made from. Call it within `alone()`.

        Returns:
            Whether the copy stayed or was renewed, or there is no object (any more).

        Raises:
            StorageUnreachable: if the store doesn't answer.
            StorageAccessDenied: if the object may not be read.
            InstanceCorrupted: if it is no intact SQLite file.
        """
        version = object_version(self.remote)
        if version is None:
            return "missing"
        state = self.state
        if self.path.is_file() and (version == state.version or self.is_taken()):
            return "same"
        with self._draft() as draft:
            version = self._download(draft)
            digest = digest_of(draft)
            local = self._digest() if self.path.is_file() else None
            if local is None:
                self._set_aside_damaged()
                os.replace(draft, self.path)
            elif local != digest:
                if local != state.digest:
                    self._keep("somebody else has changed the database in the bucket meanwhile")
                self._replace_content(draft)
            self._note_agreement(version, digest, self._settle())
        return "renewed"

    def has_local_changes(self) -> bool:
        """Tell whether the content differs from what the bucket had when both agreed last."""
        if not self.path.is_file():
            return False
        state = self.state
        return state.digest is None or (state.stamp != self._stamp() and state.digest != self._digest())

    def upload(self) -> bool:
        """Replace the object by the content of the copy, if that changed; returns whether it did.

        Raises:
            RemoteChanged: if the object is not the one that the copy was made from; nothing was overwritten.
            StorageUnreachable: if the store doesn't answer.
            StorageAccessDenied: if it may not be written.
        """
        state, stamp = self.state, self._settle()  # what is written from here on is a change
        with self._draft() as draft:
            back_up_sqlite(self.path, draft)
            digest = digest_of(draft)
            if state.version is not None and digest == state.digest:
                self._note_agreement(state.version, digest, stamp)
                return False
            with closing(sqlite3.connect(draft)) as copy:
                copy.execute("PRAGMA journal_mode=DELETE")  # readable from everywhere, also without a write-ahead log
            version = replace_object(self.remote, draft.read_bytes(), state.version)
        if version is None:
            version = self._version_if_ours(digest)
        if version is None:
            kept = self._keep("the database in the bucket is not the one that it was made from")
            raise RemoteChanged(
                f"{self.remote} was changed meanwhile, so it was not overwritten: your changes are in {kept}"
            )
        self._note_agreement(version, digest, stamp)
        return True

    @property
    def notices_dead_processes(self) -> bool:
        """Whether `take()` only succeeds when the process that took it before has ended."""
        return importlib.util.find_spec("fcntl") is not None

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other process of this machine take the copy for writing or renew it, inside the block."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        stream = _lock_file(self.path.with_name(f"{self.path.name}.lock"), wait=True)
        try:
            yield
        finally:
            if stream is not None:
                _unlock(stream)

    def take(self) -> bool:
        """Take the copy for writing, until `let_go()` or the end of the process; returns whether no other process has it."""
        if self._held is None:
            self._held = _lock_file(self._writer_file(), wait=False)
        return self._held is not None

    def let_go(self) -> None:
        """Let other processes of this machine write to the copy."""
        held, self._held = self._held, None
        if held is not None:
            _unlock(held)

    def is_taken(self) -> bool:
        """Tell whether another process of this machine has the copy for writing."""
        if self._held is not None:
            return False
        stream = _lock_file(self._writer_file(), wait=False)
        if stream is None:
            return True
        _unlock(stream)
        return False

    def _writer_file(self) -> Path:
        return self.path.with_name(f"{self.path.name}.writer")

    def _download(self, target: Path) -> str:
        remote = self.remote
        for _ in range(_DOWNLOADS):
            version = object_version(remote)
            if version is None:
                break
            with_retries(remote, lambda: remote.fs.get_file(remote.path, str(target)), what=f"downloading {remote}")
            if object_version(remote) == version:
                check_file(target, str(remote))
                return version
        raise InstanceCorrupted(f"{remote} was replaced or removed while it was downloaded: try again")

    def _version_if_ours(self, digest: str) -> str | None:
        """Return the version of the object if it has our content: the answer to an upload may have got lost."""
        if object_version(self.remote) is None:
            return None
        with self._draft() as draft:
            version = self._download(draft)
            return version if digest_of(draft) == digest else None

    def _replace_content(self, source: Path) -> None:
        """Take over the content of another file in one transaction, so that open connections go on with it."""
        with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(self.path, timeout=60)) as writing:
            reading.backup(writing)

    def _keep(self, reason: str) -> Path:
        moment = datetime.now(UTC)
        kept = self.path.with_name(f"{self.path.name}{KEPT_INFIX}{moment:%Y%m%dT%H%M%S%f}")
        back_up_sqlite(self.path, kept)
        logger.error(f"{reason}: the changes that were made here are not in the bucket, but kept in {kept}")
        return kept

    def _set_aside_damaged(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            path = self.path.with_name(self.path.name + suffix)
            if path.exists():
                os.replace(path, path.with_name(f"{path.name}.damaged"))

    def _note_agreement(self, version: str, digest: str, stamp: tuple[int, int] | None) -> None:
        self._note(replace(self.state, version=version, digest=digest, stamp=stamp))

    def _settle(self) -> tuple[int, int] | None:
        """Write the write-ahead log into the file, if nobody reads from it just now, and return the stamp of the file."""
        with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._stamp()

    def _note(self, state: State) -> None:
        files.write_text(self._state_file, json.dumps(asdict(state)))

    def _stamp(self) -> tuple[int, int] | None:
        """Return size and time of the file, `None` while a write-ahead log holds part of the content."""
        log = self.path.with_name(f"{self.path.name}-wal")
        if log.exists() and log.stat().st_size:
            return None
        found = self.path.stat()
        return found.st_size, found.st_mtime_ns

    def _digest(self) -> str | None:
        with self._draft() as draft:
            try:
                back_up_sqlite(self.path, draft)
            except sqlite3.DatabaseError:
                return None
            return digest_of(draft)

    @contextlib.contextmanager
    def _draft(self) -> Iterator[Path]:
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}-{os.urandom(4).hex()}.draft")
        try:
            yield draft
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
                draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    """Return a digest of the content of a closed SQLite file: equal for a file and its copy by SQLite."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        header = bytearray(stream.read(100))
        for start, end in _VOLATILE:
            header[start:end] = bytes(len(header[start:end]))
        digest.update(header)
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def check_file(path: Path, source: str) -> None:
    """Raise if a file that was downloaded is no whole SQLite database.

    Raises:
        InstanceCorrupted: saying what is wrong.
    """
    with path.open("rb") as stream:
        header = stream.read(100)
    problem = None
    if len(header) < 100 or not header.startswith(_MAGIC):
        problem = "it is no SQLite file"
    else:
        page_size = int.from_bytes(header[16:18]) or 0
        page_size = 65536 if page_size == 1 else page_size
        n_pages = int.from_bytes(header[28:32])
        size = path.stat().st_size
        if size < page_size * n_pages:
            problem = f"it has {size} bytes instead of {page_size * n_pages}"
        else:
            try:
                with closing(sqlite3.connect(path)) as connection:
                    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
            except sqlite3.DatabaseError as error:
                problem = str(error)
    if problem is not None:
        raise InstanceCorrupted(f"{source} is no intact database ({problem}): restore an earlier version of the object")


def _lock_file(path: Path, *, wait: bool) -> IO[str] | None:
    """Open and lock a file; `None` if another process has it. The system gives the lock back when a process dies."""
    stream = path.open("w")
    try:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows: the lease in the bucket alone decides
        pass
    except OSError:
        stream.close()
        return None
    return stream


def _unlock(stream: IO[str]) -> None:
    with contextlib.suppress(ImportError):
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_UN)
    stream.close()
