"""Instances whose SQLite database lies in a bucket: a working copy in the cache, a lease before the first write, an upload at the end.

Opening downloads what is newer and asks who holds the lease; that happens when the database is first needed, not when lamindb is imported.
The first statement that writes takes the lease. `close()`, which also runs at the end of the process, uploads changes and gives it back.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.setup.errors import InstanceLockedException, InstanceNotCreated, InstanceNotFoundError, NoWriteAccess
from lamindb.setup.lease import Lease, locked_message
from lamindb.setup.storage_settings import StorageSettings
from lamindb.setup.working_copy import KEPT_INFIX, STATE_SUFFIX, RemoteChanged, WorkingCopy
from lamindb.setup.write_guards import set_guard
from lamindb.storage.retrying import StorageUnreachable
from lamindb.storage.roots import storage_type_of

if TYPE_CHECKING:
    from lamindb.setup.instance import InstanceSettings

_LEASE_NAME = "lease.json"
_INSTEAD = (
    "Pass db='postgresql://...' for data in this place, or a local folder as storage, and register the place later with "
    "ln.Storage(root=...).save()"
)
_opened: dict[Path, CloudDatabase] = {}
_is_registered_at_exit = False


class CloudDatabase:
    """The database of one instance, as this process has it open.

    Args:
        instance: an instance with a SQLite database in a bucket.
        path: its working copy.
    """

    def __init__(self, instance: InstanceSettings, path: Path) -> None:
        self.slug = instance.slug
        assert instance.default_root is not None  # it says where the bucket is
        managed = StorageSettings(instance.default_root).managed_folder  # whatever location is written to just now
        self.copy = WorkingCopy(path, managed / path.name)
        self.folder = managed / "_exclusion" / instance._id.hex
        self._lease = Lease(self.folder / _LEASE_NAME, self.slug)
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._is_warned = False
        #: Why the database can only be read, as far as is known without asking.
        self.refusal: str | None = None

    @property
    def is_claimed(self) -> bool:
        """Whether this process (or the one that it was forked from) has the lease."""
        return self._lease.token is not None

    def refresh(self) -> bool:
        """Download the database if it changed; returns whether there is one.

        Raises:
            InstanceNotFoundError: if the bucket can't be reached or read, and there is no working copy.
        """
        if self.is_claimed:
            return True
        self.refusal = None
        try:
            with self.copy.alone():
                found = self.copy.bring_up_to_date()
        except (StorageUnreachable, PermissionError, io.UnsupportedOperation) as error:
            if not self.copy.path.is_file():
                raise InstanceNotFoundError(f"The database of {self.slug} can't be downloaded: {error}") from error
            self.refusal = str(error)
            logger.warning(
                f"{self.slug} is read-only, and as it was at the last download: {error}",
            )
            return True
        if found == "renewed":
            _forget_records()
        return found != "missing"

    def look_at_lease(self) -> None:
        """Say so if somebody else has locked the database, and go on with changes that a process of this machine could not upload."""
        if self.is_claimed or self.refusal is not None:
            return
        token = self.copy.state.token
        try:
            holder = self._lease.holder()
        except OSError as error:
            logger.debug("the lock of %s can't be read: %s", self.slug, error)
            return
        if holder is not None and (holder.token != token or self.copy.is_taken()):
            self.refusal = locked_message(self.slug, holder)
            logger.warning(f"read-only mode: {self.refusal}")
        elif self.copy.has_local_changes():
            logger.warning(f"going on with changes of {self.slug} that an earlier process could not upload")
            self.try_to_claim()

    def claim(self) -> None:
        """Take the lease unless this process has it, so that the working copy can be written.

        Raises:
            InstanceLockedException: if somebody else holds it.
            NoWriteAccess: if the bucket may not be written, or can't be reached.
        """
        if self.is_claimed:
            if self._lease.is_overdue and not self._is_warned:
                self._is_warned = True
                logger.warning(
                    f"the lock of {self.slug} could not be renewed in time: changes go on in the working copy, and are uploaded only if nobody else changed the database"
                )
            return
        with self._lock:
            if not self.is_claimed:
                self._claim()

    def try_to_claim(self) -> bool:
        """Take the lease if that is possible, else say why not; returns whether the database can be written."""
        try:
            self.claim()
        except NoWriteAccess as error:
            logger.warning(f"read-only mode: {error}")
            return False
        return True

    def _claim(self) -> None:
        from lamindb.setup.settings_singleton import settings

        user, copy = settings.user, self.copy
        try:
            with copy.alone():
                if not copy.take():
                    raise InstanceLockedException(locked_message(self.slug, self._lease.holder()))
                try:
                    left_token = copy.state.token if copy.notices_dead_processes else None
                    self._lease.acquire(user.uid, user.handle, left_token)
                    copy.note_token(self._lease.token)
                    found = copy.bring_up_to_date()
                    if found == "missing" and copy.state.version is not None:
                        raise NoWriteAccess(
                            f"{copy.remote} was deleted, so {self.slug} can only be read: its working copy is {copy.path}"
                        )
                except BaseException:
                    self._lease.release()
                    copy.let_go()
                    raise
        except InstanceLockedException as error:
            self.refusal = str(error)
            raise
        except PermissionError as error:
            self.refusal = f"read-only access to {self.slug}, its database can't be locked for writing: {error}"
            raise NoWriteAccess(self.refusal) from error
        except OSError as error:
            self.refusal = f"{self.slug} can only be read, because it can't be locked: {error}"
            raise NoWriteAccess(self.refusal) from error
        self.refusal, self._process = None, os.getpid()
        _opened.setdefault(copy.path, self)  # a connection of another thread may have outlived a disconnect
        _close_at_exit()
        if found == "renewed":
            _forget_records()
        logger.important(
            f"locking cloud SQLite database of {self.slug} while this process writes (upload & unlock earlier: ln.setup.disconnect())"
        )
        if user.is_anonymous:
            logger.warning("others will only see that an anonymous user has locked it; call: lamin login <handle>")

    def upload(self) -> None:
        """Upload changes, and keep the lease; nothing happens without one.

        Raises:
            RemoteChanged: if the bucket has something else than the working copy was made from; nothing was overwritten.
            StorageUnreachable: if the bucket can't be reached.
            InstanceLockedException: if the lease was lost to somebody else.
        """
        if not self.is_claimed or self._process != os.getpid():
            return
        if not self._lease.renew():
            raise InstanceLockedException(locked_message(self.slug, self._lease.holder()))
        self.copy.upload()

    def close(self) -> None:
        """Upload changes and give the lease back. What can't be uploaded stays in the working copy, with a message."""
        if self._process != os.getpid():  # a forked child: its parent has the lease
            return
        with self._lock:
            if self.is_claimed:
                self._upload_or_say()
            self._lease.release()
            self.copy.let_go()

    def _upload_or_say(self) -> None:
        try:
            self._lease_upload()
        except RemoteChanged as error:
            logger.error(f"{error}. Connect again to see what is in the bucket, and repeat what lacks there")
        except (OSError, InstanceLockedException) as error:
            if isinstance(error, StorageUnreachable):
                self._lease.abandon()
            logger.error(
                f"changes of {self.slug} could not be uploaded: {error}. They are kept in {self.copy.path} and are uploaded "
                f"when this machine connects again: lamin connect {self.slug}"
            )

    def _lease_upload(self) -> None:
        before = self.copy.state.version
        self.upload()
        if self.copy.state.version != before:
            logger.important(
                f"uploaded & unlocking cloud SQLite database '{self.copy.remote}' of instance '{self.slug}'"
            )

    def remove_lease(self) -> None:
        """Give the lease back without a trace."""
        from lamindb.storage.objects import remove

        self._lease.abandon()
        remove(self.folder)
        self.copy.let_go()

    def remove(self) -> None:
        """Remove the database, its lease and the working copy."""
        from lamindb.storage.objects import remove

        remove(self.copy.remote)
        self.remove_lease()
        _opened.pop(self.copy.path, None)
        set_guard(self.copy.path, None)
        shutil.rmtree(self.copy.path.parent, ignore_errors=True)


def database_of(instance: InstanceSettings) -> CloudDatabase | None:
    """Return what this process has open of an instance, `None` if that is nothing; asks nobody."""
    path = instance.database_path if instance.is_cloud_sqlite else None
    return None if path is None else _opened.get(path)


def open_database(instance: InstanceSettings) -> CloudDatabase:
    """Return the database of an instance for this process; writing to its working copy takes the lease from now on. Asks nobody."""
    path = instance.database_path
    assert path is not None  # the caller knows that it is SQLite
    database = _opened.get(path)
    if database is None:
        database = _opened[path] = CloudDatabase(instance, path)
        set_guard(path, database.claim)
    return database


def open_current(instance: InstanceSettings) -> None:
    """Bring the working copy of the instance that this process connects to up to date, and say so if it can only be read.

    Raises:
        InstanceNotFoundError: if there is no database, or it can't be had.
    """
    if database_of(instance) is not None or not instance.is_cloud_sqlite:
        return
    database = open_database(instance)
    try:
        if not database.refresh():
            raise InstanceNotFoundError(missing_message(database))
    except InstanceNotFoundError:
        forget(instance)
        raise
    database.look_at_lease()
    from lamindb.setup.versions import warn_if_incompatible

    warn_if_incompatible(instance.slug, instance.db, instance.modules)


def missing_message(database: CloudDatabase) -> str:
    """Say that there is no database in the bucket, and what helps."""
    copy = database.copy
    kept = f" Its working copy is still at {copy.path}." if copy.path.is_file() else ""
    return f"There is no database of {database.slug} at {copy.remote}: the instance was deleted or moved.{kept} To forget it: lamin disconnect"


def close_others(path: Path | None) -> None:
    """Upload the changes of this process, and give the leases back, of all databases but the one with this working copy."""
    for database in [database for database in _opened.values() if database.copy.path != path and database.is_claimed]:
        database.close()
        _opened.pop(database.copy.path, None)


def forget(instance: InstanceSettings) -> None:
    """Leave a database without uploading anything."""
    database = database_of(instance)
    if database is not None:
        database._lease.release()
        database.copy.let_go()
        _opened.pop(database.copy.path, None)


def upload_leftovers(instance: InstanceSettings) -> None:
    """Upload what an earlier process left in the working copy, if that is possible."""
    if not instance.is_cloud_sqlite or database_of(instance) is not None:
        return
    path = instance.database_path
    if path is None or not path.is_file():
        return
    database = open_database(instance)
    if database.copy.has_local_changes() and database.refresh():
        database.try_to_claim()


def unsynchronised_folders(cache_dir: Path) -> list[Path]:
    """Return the folders of working copies in the cache that hold something the bucket doesn't have, or that a process is using."""
    found = []
    for state in cache_dir.rglob(f"lamin.db{STATE_SUFFIX}"):
        copy = WorkingCopy(state.with_name("lamin.db"), None)
        kept = any(KEPT_INFIX in path.name for path in state.parent.iterdir())
        if kept or copy.is_taken() or copy.has_local_changes():
            found.append(state.parent)
    return found


def check_kind(root: str) -> None:
    """Raise if the kind of storage has no conditional writes; asks nobody.

    Raises:
        InstanceNotCreated: saying what to do instead.
    """
    from lamindb.plugins.manager import require_storage_backend

    backend = require_storage_backend(storage_type_of(root))
    if backend.object_version is None or backend.replace_object is None:
        raise InstanceNotCreated(
            f"A SQLite database can't be kept at {root}: {backend.label} has no conditional writes. {_INSTEAD}"
        )


def check_storage(root: Any) -> None:
    """Raise if a database in this bucket could not be protected from being overwritten.

    Raises:
        InstanceNotCreated: saying what to do instead.
    """
    from lamindb.storage.conditional import check_conditional_writes

    try:
        check_conditional_writes(root)
    except io.UnsupportedOperation as error:
        raise InstanceNotCreated(f"A SQLite database can't be kept there: {error}. {_INSTEAD}") from error
    except OSError as error:
        raise InstanceNotCreated(f"A SQLite database can't be kept at {root}: {error}") from error


def _forget_records() -> None:
    from lamindb.setup.settings_singleton import settings

    settings.clear_record_cache()


def _close_at_exit() -> None:
    global _is_registered_at_exit
    if not _is_registered_at_exit:
        _is_registered_at_exit = True
        atexit.register(close_all)


def close_all() -> None:
    """Close every database of this process, as at its end."""
    from lamindb.storage.last_calls import allow_last_calls

    allow_last_calls()
    for database in list(_opened.values()):
        try:
            database.close()
        except Exception as error:  # whatever happens to one, the others get their turn
            logger.error(f"{database.slug} could not be closed: {error}. Its changes are kept in {database.copy.path}")
