"""`init`: set up a new instance. Nothing is left behind if it fails, and nobody sees it half-done."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.setup import identifiers
from lamindb.setup import settings_files as files
from lamindb.setup.errors import (
    CannotSwitchDefaultInstance,
    HubNotAvailable,
    InstanceNotCreated,
    InstanceNotFoundError,
    StorageAlreadyManaged,
)
from lamindb.setup.instance import InstanceSettings
from lamindb.setup.modules import ModuleNames, check_installed, describe_mismatch, parse_modules
from lamindb.setup.settings_singleton import settings
from lamindb.setup.sqlite_urls import sqlite_url
from lamindb.setup.storage_settings import StorageSettings
from lamindb.storage import markers
from lamindb.storage.roots import MANAGED_FOLDER, check_root, normalize_root, split_options, storage_type_of

if TYPE_CHECKING:
    from lamindb.setup.cloud_database import CloudDatabase
    from lamindb.setup.raw_database import RawDatabase

_HIDDEN_ARGUMENTS = ("schema", "_test", "_write_settings", "_user", "_resource_db_server_id")


@dataclass(frozen=True)
class _Plan:
    """What is to be created."""

    slug: identifiers.Slug
    root: str
    db: str | None
    modules: ModuleNames
    is_name_given: bool

    @property
    def is_local(self) -> bool:
        return storage_type_of(self.root) == "local"


def init(
    *,
    storage: str | os.PathLike[str] | None = ".",
    name: str | None = None,
    db: str | None = None,
    modules: str | Iterable[str] | None = None,
    **kwargs: Any,
) -> None:
    """Set up an instance and connect to it; if it exists already, only connect.

    Args:
        storage: local folder, or URL of a bucket.
        name: name of the instance, by default that of the database or of the storage folder.
        db: PostgreSQL URL; without it, a SQLite file in the storage.
        modules: schema modules besides the core, as a comma list.

    Raises:
        ValueError: for an invalid name, storage or database URL.
        ImportError: for a module that isn't installed.
        StorageAlreadyManaged: if the storage belongs to another instance.
        CannotSwitchDefaultInstance: while a run is tracked.

    Example:
        >>> ln.setup.init(storage="./my-data", modules="bionty")  # doctest: +SKIP
    """
    unknown = [key for key in kwargs if key not in _HIDDEN_ARGUMENTS]
    if unknown:
        raise TypeError(
            f"init() has no argument {', '.join(map(repr, unknown))}: it takes storage, name, db and modules"
        )
    plan = _make_plan(storage, name, db, modules if modules is not None else kwargs.get("schema"))
    write_settings = kwargs.get("_write_settings", True)
    with files.exclusive(f"init--{plan.slug.owner}--{plan.slug.name}"):
        if _connect_if_exists(plan, write_settings):
            return
        check_switch_allowed(str(plan.slug))
        _create(plan, write_settings)
    logger.important(f"initialized lamindb: {plan.slug}")


def init_template_database(*, uri: str, modules: str | Iterable[str] | None = None) -> None:
    """Create all tables in an empty PostgreSQL database, so that `CREATE DATABASE ... TEMPLATE` makes new ones quickly.

    Args:
        uri: PostgreSQL URL.
        modules: schema modules besides the core.

    Raises:
        ValueError: if `uri` is no PostgreSQL URL, or the database has tables of lamindb already.
    """
    from lamindb.setup import _django
    from lamindb.setup.database import migrate_default_connection
    from lamindb.setup.raw_database import open_database

    url = _check_url(uri)
    names = _complete_modules(modules)
    with open_database(url) as database:
        if database.has_table("lamindb_storage"):
            raise ValueError("The database has tables of lamindb already: pass an empty one")
    before = settings.instance if settings.is_configured else None
    _django.check_modules(names)
    settings.use(InstanceSettings(identifiers.new_instance_id(), "none", "template", None, db=url, modules=names))
    try:
        _django.setup_django()
        migrate_default_connection()
    finally:
        settings.use(before)


def infer_name(storage: str, db: str | None = None) -> str:
    """Return the default name of an instance: that of its database, else the last part of its storage in lower case.

    Example:
        >>> infer_name("s3://bucket/My-Data/?endpoint_url=http://localhost:9000")
        'my-data'
    """
    if db is not None:
        name = unquote(urlsplit(db).path).rstrip("/").rpartition("/")[2]
        logger.warning(f"using the name of the database, {name!r}, for the instance")
        return name
    return split_options(normalize_root(storage))[0].rstrip("/").rpartition("/")[2].lower()


def check_switch_allowed(slug: str) -> None:
    """Refuse to exchange the instance of this process while a run is tracked.

    Raises:
        CannotSwitchDefaultInstance: if it would be another instance.
    """
    if context.current_run() is not None and settings.is_configured and settings.instance.slug != slug:
        raise CannotSwitchDefaultInstance(
            f"A run is being tracked in {settings.instance.slug}, so this process can't switch to {slug}. Before, call: ln.finish()"
        )


def _make_plan(storage: Any, name: str | None, db: str | None, modules: Any) -> _Plan:
    if storage is None:
        raise SystemExit("Say where data is stored: lamin init --storage <folder or bucket URL>")
    text = str(storage) if not hasattr(storage, "storage_options") else storage
    if isinstance(text, str) and text.startswith("create-s3"):
        if name is None:
            raise ValueError("create-s3 needs a name: pass name='my-instance'")
        raise HubNotAvailable(
            "A hosted bucket (create-s3)", "create a bucket yourself and pass storage='s3://bucket/prefix'"
        )
    check_root(text)
    url = None if db is None else _check_url(db)
    root = normalize_root(text)
    checked = identifiers.check_name(infer_name(root, url) if name is None else name)
    names = _complete_modules(modules)
    if url is None and storage_type_of(root) != "local":
        from lamindb.setup.cloud_database import check_kind

        check_kind(root)
    return _Plan(identifiers.Slug(_owner(), checked), root, url, names, is_name_given=name is not None)


def _owner() -> str:
    """Return the handle of the current user, or that of the account that `LAMINDB_ACCOUNT_ID_INIT` names."""
    wanted = os.environ.get("LAMINDB_ACCOUNT_ID_INIT")
    if not wanted:
        return settings.user.handle
    from lamindb.setup.user import known_users

    for user in known_users():
        if wanted.replace("-", "") in (user.uid, user._uuid.hex if user._uuid is not None else None):
            return user.handle
    raise ValueError(
        f"LAMINDB_ACCOUNT_ID_INIT={wanted!r} is the id of no account that has logged in here: lamin login <handle>"
    )


def _complete_modules(modules: str | Iterable[str] | None) -> ModuleNames:
    names = parse_modules(modules)
    if not names:
        return names
    check_installed(names)
    from lamindb.setup.declared_modules import with_required

    return with_required(names)


def _check_url(db: str) -> str:
    parts = urlsplit(db)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(
            f"Invalid scheme {parts.scheme or db!r} of the database: pass postgresql://user:password@host:port/name, or leave db out for SQLite"
        )
    if not parts.path.strip("/"):
        raise ValueError("The database URL names no database: pass postgresql://user:password@host:port/name")
    return db if parts.scheme == "postgresql" else db.replace("postgres://", "postgresql://", 1)


def _connect_if_exists(plan: _Plan, write_settings: bool) -> bool:
    """Connect if an instance with this name is known and usable, or if the storage or database holds it."""
    from lamindb.setup._connect import connect_to
    from lamindb.setup.lookup import database_state, find_by_remote_root, find_by_root, find_by_url

    find = find_by_root if plan.is_local else find_by_remote_root

    known = files_instance(plan.slug)
    if known is not None and (plan.db is None) == (known.dialect == "sqlite") and database_state(known) == "ready":
        if known.default_root != plan.root:
            logger.warning(
                f"{plan.slug} exists already and has its storage at {known.default_root}, not at {plan.root}"
            )
        connect_to(known, write_settings=write_settings)
        return True
    found = find_by_url(plan.db) if plan.db is not None else find(plan.root)
    if found is None or found.is_clone:  # a read-only copy can't stand in for the instance that is asked for
        return False
    if found.name != plan.slug.name:
        if plan.db is None:
            raise StorageAlreadyManaged(
                f"{plan.root} is the storage of instance {found.slug}: choose another folder, or connect to it: lamin connect {plan.root}"
            )
        raise ValueError(
            f"The database already holds instance {found.slug}: choose another one, or connect to it by its URL"
        )
    connect_to(found, write_settings=write_settings)
    return True


def files_instance(slug: identifiers.Slug) -> InstanceSettings | None:
    """Return the instance in the settings files, or `None` if there is none or its file is broken."""
    from lamindb.setup.errors import SettingsEnvFileOutdated
    from lamindb.setup.instance import load_instance

    try:
        return load_instance(files.instance_file(*slug))
    except SettingsEnvFileOutdated as error:
        logger.warning(f"set {slug} up anew, because {error}")
        return None


def _create(plan: _Plan, write_settings: bool) -> None:
    from lamindb.setup import _django

    known = files_instance(plan.slug)  # known, but its database is gone: it keeps its id, and so its storage
    instance_id = known._id if known is not None and known.default_root == plan.root else _resume_or_new_id(plan)
    before, resolution = (settings.instance if settings.is_configured else None), settings.resolution
    _django.check_modules(plan.modules)
    with _journal(plan, instance_id) as was_killed, contextlib.ExitStack() as undo:
        storage = _prepare_storage(plan, instance_id, undo, is_resumed=was_killed)
        instance = InstanceSettings(
            instance_id,
            *plan.slug,
            storage,
            db=plan.db,
            modules=plan.modules,
            git_repo=known.git_repo if known else None,
        )
        _prepare_bucket(instance, undo)
        if before is not None and before.slug != instance.slug:
            logger.warning(f"switching this process from {before.slug} to {instance.slug}")
        undo.callback(settings.use, before, source=resolution)
        settings.use(instance)
        settings.modules_warning = describe_mismatch(plan.modules, _django.loaded_modules() or plan.modules)
        _create_database(instance, undo)
        if write_settings:
            _write_settings(instance, undo)
        undo.pop_all()


def _journal_file(plan: _Plan) -> Path:
    return files.settings_dir() / f".init--{plan.slug.owner}--{plan.slug.name}.pending"


def _resume_or_new_id(plan: _Plan) -> UUID:
    """Return the id with which a killed attempt has claimed the same storage, else a new one."""
    forced = os.environ.get("LAMINDB_INSTANCE_ID_INIT")
    if forced:
        try:
            return UUID(forced)
        except ValueError as error:
            raise ValueError(f"LAMINDB_INSTANCE_ID_INIT={forced!r} is no UUID") from error
    pending = files.read_dotenv(_journal_file(plan)) or {}
    if pending.get("root") == plan.root and pending.get("id"):
        return UUID(pending["id"])
    return identifiers.new_instance_id()


@contextlib.contextmanager
def _journal(plan: _Plan, instance_id: UUID) -> Iterator[bool]:
    """Note who claims the storage until it is done or undone; yields whether a killed attempt left such a note."""
    path = _journal_file(plan)
    was_killed = (files.read_dotenv(path) or {}).get("id") == instance_id.hex
    files.write_dotenv(path, {"id": instance_id, "root": plan.root})
    try:
        yield was_killed
    finally:
        path.unlink(missing_ok=True)


def _prepare_storage(
    plan: _Plan, instance_id: UUID, undo: contextlib.ExitStack, *, is_resumed: bool = False
) -> StorageSettings:
    """Claim the storage root for the new instance."""
    from lamindb.setup.storage_locations import claim_root

    if plan.is_local:
        _undo_folders(Path(plan.root), undo)
    claimant = InstanceSettings(instance_id, *plan.slug, plan.root, db=plan.db)
    had_marker = markers.read_marker(plan.root if plan.is_local else claimant.storage.root) is not None
    try:
        storage = claim_root(plan.root, claimant, uid=_forced_storage_uid())
    except OSError as error:
        raise InstanceNotCreated(f"The storage {plan.root} can't be used: {error}") from error
    if storage.instance_uid is None:
        raise InstanceNotCreated(
            f"The storage {plan.root} can't be written: choose a folder or bucket that you may write"
        )
    if storage.instance_uid != claimant.uid:
        marker = markers.read_marker(plan.root if plan.is_local else storage.root)
        owner = marker.instance_slug if marker is not None and marker.instance_slug else storage.instance_uid
        raise StorageAlreadyManaged(
            f"{plan.root} is managed by instance {owner} (uid {storage.instance_uid}): choose another storage. "
            f"Only if that instance does not exist any more, delete {plan.root}/{MANAGED_FOLDER}/{markers.MARKER_NAME} and try again"
        )
    if not had_marker or is_resumed:
        undo.callback(markers.remove_marker, plan.root if plan.is_local else storage.root)
    return storage


def _forced_storage_uid() -> str | None:
    uid = os.environ.get("LAMINDB_STORAGE_LNID_INIT") or None
    if uid is not None and not (len(uid) == 12 and uid.isalnum() and uid.isascii()):
        raise ValueError(f"LAMINDB_STORAGE_LNID_INIT={uid!r} has to be 12 letters or digits")
    return uid


def _undo_folders(root: Path, undo: contextlib.ExitStack) -> None:
    """On failure, remove those of root, its parents and its managed folder that don't exist yet, if nobody put something there."""
    for folder in reversed([root / MANAGED_FOLDER, root, *root.parents]):
        if not folder.exists():
            undo.callback(_remove_if_empty, folder)


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _create_database(instance: InstanceSettings, undo: contextlib.ExitStack) -> None:
    from lamindb.setup import _django

    if instance.dialect == "postgresql":
        _django.setup_django()
        _fill_postgresql(instance)
        return
    path = instance.database_path
    assert path is not None  # a SQLite instance has a default root
    database = _opened_in_cloud(instance)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}.init")
    undo.callback(_remove_sqlite_files, draft)
    _remove_abandoned_drafts(path)
    _fill_sqlite(instance, draft)
    if path.exists():
        raise InstanceNotCreated(
            f"{path} appeared while the instance was set up: it was not touched; connect to it: lamin connect {path.parent.parent}"
        )
    os.replace(draft, path)
    undo.callback(_remove_sqlite_files, path)
    if database is not None:
        undo.callback(database.remove_lease)
        database.claim()
        database.upload()
        undo.callback(database.remove)  # only what was put there by this call
    _django.use_instance(instance.db, instance.modules)
    _seed_modules(instance)
    if database is not None and instance.modules:
        database.upload()


def _opened_in_cloud(instance: InstanceSettings) -> CloudDatabase | None:
    if not instance.is_cloud_sqlite:
        return None
    from lamindb.setup import cloud_database

    return cloud_database.open_database(instance)


def _prepare_bucket(instance: InstanceSettings, undo: contextlib.ExitStack) -> None:
    """Open a database that is to lie in a bucket.

    Raises:
        RuntimeError: if there is a working copy, but nothing in the bucket.
        InstanceNotCreated: if the bucket can't protect a database from being overwritten.
    """
    from lamindb.setup import cloud_database

    path = instance.database_path
    if path is None or not instance.is_cloud_sqlite:
        return
    if path.exists():
        raise RuntimeError(
            f"There is a working copy of a database at {path}, but none in the bucket. If the instance was deleted, remove that folder: "
            f"rm -r {path.parent}; if only its database is gone from the bucket, put the working copy there as {MANAGED_FOLDER}/{path.name}"
        )
    cloud_database.check_storage(instance.storage.root)
    cloud_database.open_database(instance)
    undo.callback(cloud_database.forget, instance)


def _fill_sqlite(instance: InstanceSettings, draft: Path) -> None:
    from lamindb.setup.database import create_sqlite_file
    from lamindb.setup.raw_database import open_database

    create_sqlite_file(draft, instance.modules)
    with open_database(sqlite_url(draft), read_only=False) as database:
        _insert_rows(instance, database)
        database.commit()
        database.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill_postgresql(instance: InstanceSettings) -> None:
    from django.db import OperationalError, connection, transaction

    from lamindb.setup.database import migrate_default_connection
    from lamindb.setup.raw_database import RawDatabase

    try:
        with transaction.atomic():  # all tables and rows appear at once, or none
            migrate_default_connection()
            _insert_rows(instance, RawDatabase(connection, is_sqlite=False))
            _seed_modules(instance)
    except OperationalError as error:
        from lamindb.setup.representation import hide_secrets

        raise InstanceNotFoundError(f"The database {hide_secrets(instance.db)} can't be used: {error}") from error


def _seed_modules(instance: InstanceSettings) -> None:
    if instance.modules:
        from lamindb.setup.declared_modules import seed_records

        seed_records(instance.modules, instance)


def _insert_rows(instance: InstanceSettings, database: RawDatabase) -> None:
    import lamindb
    from lamindb.setup import first_rows
    from lamindb.setup.identity import Identity, write_identity

    first_rows.insert_first_rows(database, settings.user, instance.storage, instance.uid)
    identity = Identity(
        id=instance._id,
        uid=instance.uid,
        owner=instance.owner,
        name=instance.name,
        modules=instance.modules,
        storage_uid=instance.storage.uid,
        lamindb_version=lamindb.__version__,
    )
    write_identity(database, identity)
    if instance.modules:
        from lamindb.setup.declared_modules import insert_first_rows

        insert_first_rows(instance.modules, database, first_rows.user_id_of(database, settings.user))


def _write_settings(instance: InstanceSettings, undo: contextlib.ExitStack) -> None:
    for path in (files.instance_file(instance.owner, instance.name), files.current_instance_file()):
        undo.callback(_restore_file, path, files.read_text(path))
    instance.save_as_default()


def _restore_file(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        files.write_text(path, text)


def _remove_sqlite_files(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _remove_abandoned_drafts(path: Path) -> None:
    """Remove what killed attempts left; the exclusive lock says that no attempt of this name is running."""
    for draft in path.parent.glob(f"{path.name}.*.init*"):
        pid = draft.name.removeprefix(f"{path.name}.").partition("-")[0]
        if pid.isdigit() and not _is_running(int(pid)):
            draft.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
