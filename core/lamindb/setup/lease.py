"""The lease on a database in a bucket: an object that says who may write until when, renewed while the process lives."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from lamindb.base.logging import logger
from lamindb.setup.errors import InstanceLockedException
from lamindb.storage.conditional import object_version, replace_object
from lamindb.storage.retrying import with_retries

#: Seconds after which the lease of a process that died is free.
_SECONDS: Final = 300.0
_SECONDS_VARIABLE: Final = "_LAMIN_LEASE_SECONDS"
_RENEWALS_PER_LEASE: Final = 4
_ATTEMPTS: Final = 3


@dataclass(frozen=True)
class Holder:
    """Who holds a lease, and until when (seconds since 1970; 0 after it was given back)."""

    token: str
    user_uid: str
    user_handle: str
    host: str
    pid: int
    since: float
    expires: float

    @property
    def is_over(self) -> bool:
        """Whether somebody else may take the lease."""
        return time.time() >= self.expires

    def __str__(self) -> str:
        until = datetime.fromtimestamp(self.expires, UTC)
        return f"{self.user_handle} ({self.user_uid}) in process {self.pid} on {self.host} until {until:%Y-%m-%d %H:%M:%S} UTC"


class Lease:
    """The lease on the database of one instance.

    Args:
        path: remote path of the object.
        slug: `owner/name` of the instance, for messages.
    """

    def __init__(self, path: Any, slug: str) -> None:
        self._path, self._slug = path, slug
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._version: str | None = None
        self._mine: Holder | None = None

    @property
    def token(self) -> str | None:
        """What tells this lease from any other, `None` unless it is held."""
        mine = self._mine
        return None if mine is None else mine.token

    @property
    def is_overdue(self) -> bool:
        """Whether the lease is held, but could not be renewed in time, so that somebody else may take it."""
        mine = self._mine
        return mine is not None and mine.is_over

    def holder(self) -> Holder | None:
        """Ask the store who holds the lease; `None` if nobody does.

        Raises:
            StorageUnreachable: if the store doesn't answer.
            StorageAccessDenied: if it may not be read.
        """
        found = self._read()[1]
        return None if found is None or found.is_over else found

    def acquire(self, user_uid: str, user_handle: str, left_token: str | None = None) -> None:
        """Take the lease, and renew it from now on until it is released or the process ends.

        Args:
            user_uid: who takes it.
            user_handle: the same for people.
            left_token: token of a process of this machine that is known to be dead: its lease is taken over at once.

        Raises:
            InstanceLockedException: if somebody else holds it.
            StorageUnreachable: if the store doesn't answer.
            StorageAccessDenied: if it may not be written.
        """
        now = time.time()
        mine = Holder(
            os.urandom(12).hex(), user_uid, user_handle, socket.gethostname(), os.getpid(), now, now + _lease_seconds()
        )
        for _ in range(_ATTEMPTS):
            version, holder = self._read()
            if holder is not None and not holder.is_over and holder.token != left_token:
                raise InstanceLockedException(locked_message(self._slug, holder))
            written = self._write(mine, version)
            if written is not None:
                self._version, self._mine, self._stop = written, mine, threading.Event()
                threading.Thread(target=self._keep, args=(self._stop,), name="lamindb-lease", daemon=True).start()
                return
        raise InstanceLockedException(locked_message(self._slug, self._read()[1]))

    def renew(self) -> bool:
        """Prolong the lease; returns `False` if somebody else has taken it after it expired.

        Raises:
            StorageUnreachable: if the store doesn't answer.
        """
        with self._lock:
            if self._mine is None:
                return False
            mine = replace(self._mine, expires=time.time() + _lease_seconds())
            written = self._write(mine, self._version)
            if written is None:
                self._mine = None
                self._stop.set()
                logger.error("the lock of %s expired, and somebody else has taken it", self._slug)
                return False
            self._version, self._mine = written, mine
            return True

    def abandon(self) -> None:
        """Stop renewing the lease without a word to the store, where it expires by itself."""
        self._stop.set()
        with self._lock:
            self._mine = None

    def release(self) -> None:
        """Give the lease back; where that isn't possible, it expires by itself."""
        self._stop.set()
        with self._lock:
            mine, self._mine = self._mine, None
            if mine is None:
                return
            try:
                replace_object(self._path, _to_bytes(replace(mine, expires=0.0)), self._version)
            except OSError as error:
                logger.warning("the lock of %s could not be given back, it ends by itself: %s", self._slug, error)

    def _keep(self, stop: threading.Event) -> None:
        while not stop.wait(_lease_seconds() / _RENEWALS_PER_LEASE):
            try:
                self.renew()
            except Exception as error:  # the next attempt may succeed
                logger.debug("the lock of %s could not be renewed: %s", self._slug, error)

    def _write(self, mine: Holder, version: str | None) -> str | None:
        written = replace_object(self._path, _to_bytes(mine), version)
        if written is None:  # the answer to an attempt of our own may have got lost
            version, holder = self._read()
            written = version if holder == mine else None
        return written

    def _read(self) -> tuple[str | None, Holder | None]:
        version = object_version(self._path)
        if version is None:
            return None, None
        path = self._path
        try:
            content = with_retries(path, lambda: path.fs.cat_file(path.path), what=f"reading {path}")
            return version, Holder(**json.loads(content))
        except (FileNotFoundError, ValueError, TypeError):  # removed just now, or nothing that we have written
            return version, None


def locked_message(slug: str, holder: Holder | None) -> str:
    """Say who has locked an instance, and what helps."""
    by = "somebody else" if holder is None else str(holder)
    return (
        f"{slug} is locked by {by}, unless it is renewed, so it can only be read here. "
        "Try again when that process has ended or has called ln.setup.disconnect()"
    )


def _to_bytes(holder: Holder) -> bytes:
    return json.dumps(asdict(holder)).encode()


def _lease_seconds() -> float:
    return float(os.environ.get(_SECONDS_VARIABLE) or _SECONDS)
