"""Find an instance by name, folder or database URL, and tell whether its database is usable. Works without Django."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal
from uuid import UUID

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup.cloud_database import database_of, forget, missing_message
from lamindb.setup.cloud_database import open_database as open_cloud_database
from lamindb.setup.errors import InstanceCorrupted, InstanceNotFoundError
from lamindb.setup.identifiers import ANONYMOUS, parse_identifier
from lamindb.setup.identity import Identity, read_identity
from lamindb.setup.instance import DATABASE_NAME, InstanceSettings, load_instance
from lamindb.setup.raw_database import missing_file_message, no_tables_message, open_database
from lamindb.setup.resolve import not_found_message
from lamindb.setup.snapshot import unpacked_snapshot
from lamindb.setup.sqlite_urls import sqlite_path, sqlite_url
from lamindb.setup.storage_settings import StorageSettings
from lamindb.setup.user import read_current_handle
from lamindb.storage.markers import StorageMarker, read_marker
from lamindb.storage.retrying import with_retries
from lamindb.storage.roots import MANAGED_FOLDER, normalize_root, storage_type_of


def find_instance(identifier: str | os.PathLike[str]) -> InstanceSettings:
    """Return the instance that an identifier means.

    Args:
        identifier: `owner/name`, `name`, `https://lamin.ai/owner/name`, a folder with an instance, or a database URL.

    Raises:
        InstanceNotFoundError: if there is none.
        ValueError: if the identifier has none of these forms.
    """
    text = os.fspath(identifier) if isinstance(identifier, os.PathLike) else identifier
    if text.startswith(("postgresql://", "postgres://")):
        return _require(
            find_by_url(text), text, "the database was not set up by lamindb: lamin init --db <URL> --storage <folder>"
        )
    if text.startswith("sqlite:///"):
        return _require(find_by_root(sqlite_path(text).parent.parent), text, "there is no instance at this path")
    if _is_path(text):
        return _require(find_by_root(text), text, "there is no instance in this folder")
    if storage_type_of(text) not in ("local", "http", "https"):
        return _require(
            find_by_remote_root(text), text, "there is no instance at this place, or it has no database there"
        )
    slug = parse_identifier(text, read_current_handle())
    known = load_instance(files.instance_file(*slug))
    if known is not None:
        return known
    if not text.startswith("https://") and Path(text).is_dir():
        found = find_by_root(text)
        if found is not None:
            return found
    reason = "instance-not-found"
    owner_hint = (
        "" if slug.owner != ANONYMOUS else " It is not possible to load an anonymous-owned instance from the hub."
    )
    raise InstanceNotFoundError(
        f"{not_found_message(str(slug), reason)}{owner_hint} Check the spelling and your permissions; an instance that this user has not "
        "connected to before is found by its folder or database URL: lamin connect <path or URL>"
    )


def find_by_root(root: str | os.PathLike[str]) -> InstanceSettings | None:
    """Return the instance whose default storage a local folder is, or `None`.

    If this user knows the instance at another place that is gone, the folder was moved: the result has the new place.
    """
    folder = Path(root).expanduser().resolve()
    if folder.name == MANAGED_FOLDER:
        folder = folder.parent
    elif folder.name == DATABASE_NAME and folder.parent.name == MANAGED_FOLDER:
        folder = folder.parent.parent
    marker = read_marker(folder.as_posix())
    database = folder / MANAGED_FOLDER / DATABASE_NAME
    if database.is_file():
        owner, _, name = ((marker.instance_slug if marker is not None else None) or "").partition("/")
        identity = read_identity(sqlite_url(database), owner or read_current_handle(), name or folder.name.lower())
        return None if identity is None else _from_identity(identity, folder.as_posix(), marker=marker)
    known = _known_with_id(marker)
    if known is not None and known.dialect == "postgresql":
        return _at_root(known, folder.as_posix())
    return _find_snapshot(folder, marker)


def find_by_remote_root(root: str) -> InstanceSettings | None:
    """Return the instance whose default storage a place in a bucket is, or `None`; a SQLite database there is downloaded.

    Raises:
        InstanceNotFoundError: if the bucket can't be reached or read.
    """
    root = normalize_root(root).replace(f"/{MANAGED_FOLDER}/{DATABASE_NAME}", "")
    storage = StorageSettings(root)
    try:
        marker = with_retries(storage.root, lambda: read_marker(storage.root), what=f"reading the marker of {root}")
    except OSError as error:
        raise InstanceNotFoundError(f"{root!r} can't be read: {error}") from error
    if marker is None or marker.instance_id is None:
        return None
    owner, _, name = (marker.instance_slug or "").partition("/")
    known = _known_with_id(marker)
    if known is not None and known.dialect == "postgresql":
        return _at_root(known, root)
    draft = InstanceSettings(UUID(marker.instance_id), owner, name, root, uid=marker.instance_uid)
    database = database_of(draft)
    opened = database or open_cloud_database(draft)
    is_there = opened.refresh()
    if database is None:
        forget(draft)  # whoever connects opens it by its own name
    if not is_there or draft.database_path is None:
        return None
    identity = read_identity(sqlite_url(draft.database_path), owner, name)
    return None if identity is None else _from_identity(identity, root, marker=marker)


def _find_snapshot(folder: Path, marker: StorageMarker | None) -> InstanceSettings | None:
    """Return the instance whose compressed copy lies in a folder that has no database (any more)."""
    snapshot = unpacked_snapshot(folder.as_posix())
    if snapshot is None:
        return None
    identity = read_identity(sqlite_url(snapshot, read_only=True), read_current_handle(), folder.name.lower())
    if identity is None:
        return None
    return _from_identity(identity, folder.as_posix(), marker=marker).use_snapshot_if_needed()


def find_by_url(url: str) -> InstanceSettings | None:
    """Return the instance in a PostgreSQL database, or `None` if the database holds none.

    Raises:
        InstanceNotFoundError: if the database can't be reached.
    """
    url = url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url
    database_name = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    identity = read_identity(url, read_current_handle(), database_name)
    if identity is None or identity.storage_root is None:
        return None
    return _from_identity(identity, identity.storage_root, db=url)


def database_state(instance: InstanceSettings) -> Literal["ready", "missing", "empty"]:
    """Tell whether the database of an instance has its tables, doesn't exist, or was never filled.

    Raises:
        InstanceNotFoundError: if a PostgreSQL server can't be reached.
    """
    path = instance.database_path
    if instance.is_cloud_sqlite and not open_cloud_database(instance).refresh():
        return "missing"
    if path is not None and not path.is_file():
        return "missing"
    with open_database(instance.db) as database:
        if not database.has_table("lamindb_storage"):
            return "empty"
        return "ready" if database.rows("SELECT 1 FROM lamindb_storage LIMIT 1") else "empty"


def check_database(instance: InstanceSettings) -> None:
    """Raise if the database of an instance can't be used.

    Raises:
        InstanceNotFoundError: saying what is wrong and what helps.
    """
    adopt_legacy_file(instance)
    state = database_state(instance)
    if state == "missing":
        path = instance.database_path
        assert path is not None  # only files are missing, servers are unreachable
        database = database_of(instance)
        if database is not None:
            forget(instance)
            raise InstanceNotFoundError(missing_message(database))
        raise InstanceNotFoundError(missing_file_message(path))
    if state == "empty":
        raise InstanceCorrupted(no_tables_message(instance.slug, instance.db))


def adopt_legacy_file(instance: InstanceSettings) -> None:
    """Rename a database file that has the name of very old releases."""
    path = instance.database_path
    if path is None or path.exists() or instance.is_cloud_sqlite:
        return
    legacy = path.parent.parent / f"{instance._id.hex}.lndb"
    if legacy.is_file():
        path.parent.mkdir(exist_ok=True)
        legacy.rename(path)
        logger.warning(f"renamed the database file {legacy} to {path}")


def _is_path(text: str) -> bool:
    return text.startswith((".", "~", os.sep)) or Path(text).is_absolute()


def _require(found: InstanceSettings | None, identifier: str, reason: str) -> InstanceSettings:
    if found is None:
        from lamindb.setup.representation import hide_secrets

        raise InstanceNotFoundError(f"{hide_secrets(identifier)!r} not found: {reason}")
    return found


def _from_identity(
    identity: Identity, root: str, db: str | None = None, marker: StorageMarker | None = None
) -> InstanceSettings:
    known = load_instance(files.instance_file(identity.owner, identity.name))
    same = known if known is not None and known.uid == identity.uid else None
    uuid = identity.id
    if marker is not None and marker.instance_id and marker.instance_uid == identity.uid:
        uuid = UUID(marker.instance_id)
    return InstanceSettings(
        uuid,
        identity.owner,
        identity.name,
        root,
        db=db,
        modules=identity.modules,
        uid=identity.uid,
        git_repo=same.git_repo if same else None,
        keep_artifacts_local=same.keep_artifacts_local if same else False,
    )


def _known_with_id(marker: StorageMarker | None) -> InstanceSettings | None:
    if marker is None or marker.instance_slug is None:
        return None
    known = load_instance(files.instance_file(*parse_identifier(marker.instance_slug)))
    return known if known is not None and known.uid == marker.instance_uid else None


def _at_root(known: InstanceSettings, root: str) -> InstanceSettings:
    return InstanceSettings(
        known._id,
        known.owner,
        known.name,
        root,
        db=known._db,
        modules=known.modules,
        git_repo=known._git_repo,
        keep_artifacts_local=known.keep_artifacts_local,
        uid=known.uid,
    )
