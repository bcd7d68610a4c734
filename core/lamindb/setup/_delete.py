"""`delete`: remove an instance, but never data that lamindb doesn't manage."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from lamindb.base.logging import logger
from lamindb.setup import cloud_database
from lamindb.setup import settings_files as files
from lamindb.setup.dev_folder import remove_marker
from lamindb.setup.errors import InstanceNotFoundError, StorageNotEmpty
from lamindb.setup.instance import InstanceSettings, load_instance
from lamindb.setup.lookup import find_instance
from lamindb.setup.settings_singleton import settings
from lamindb.storage import markers
from lamindb.storage.roots import MANAGED_FOLDER, storage_type_of


def delete(slug: str, force: bool = False, require_empty: bool = True) -> int | None:
    """Delete an instance: its SQLite database, its storage marker and its settings. A PostgreSQL database stays.

    Args:
        slug: `owner/name`, a name, or the folder of a local instance.
        force: don't ask.
        require_empty: refuse if managed data is left in the default storage; else the data stays where it is, with a warning.

    Returns:
        -1 if the question was not answered with yes, else `None`.

    Raises:
        InstanceNotFoundError: if there is no such instance.
        StorageNotEmpty: if managed data is left.

    Example:
        >>> ln.setup.delete("anonymous/my-data", force=True)  # doctest: +SKIP
    """
    instance = find_instance(slug)
    if instance.is_clone:
        raise InstanceNotFoundError(
            f"{instance.slug} is known here by a read-only copy of its database only, so it can't be deleted from here; to leave it: lamin disconnect"
        )
    if instance.dialect == "postgresql":
        logger.warning(
            f"the PostgreSQL database of {instance.slug} itself is not deleted: drop it with the tools of the server"
        )
    if not force and not _is_confirmed(instance):
        return -1
    check_storage_is_empty(instance, raise_error=require_empty)
    database = cloud_database.open_database(instance) if instance.is_cloud_sqlite else None
    if database is not None and database.refresh():
        database.claim()  # not under the hands of somebody who writes
    _leave(instance)
    _delete_storage(instance, database)
    _delete_settings(instance)
    logger.success(f"deleted instance: {instance.slug}")
    return None


def check_storage_is_empty(instance: InstanceSettings, *, raise_error: bool = True) -> int:
    """Count what is left below the managed folder of the default storage, besides marker and database.

    Raises:
        StorageNotEmpty: if something is left, unless `raise_error=False`, which warns.
    """
    root = instance.default_root
    if root is None:
        return 0
    place = root if storage_type_of(root) == "local" else instance.storage.root
    left = markers.list_managed_objects(place, has_database=instance.dialect == "sqlite")
    if not left:
        return 0
    folder = f"{root}/{MANAGED_FOLDER}"
    shown = "\n".join(left[:50]) + (f"\n... and {len(left) - 50} more" if len(left) > 50 else "")
    message = f"'{folder}' contains {len(left)} objects:\n{shown}\ndelete them prior to deleting the storage location"
    if raise_error:
        raise StorageNotEmpty(message)
    logger.warning(message)
    return len(left)


def _is_confirmed(instance: InstanceSettings) -> bool:
    if os.environ.get("LAMIN_TESTING", "").lower() == "true":
        return True
    try:
        answer = input(f"Are you sure you want to delete instance {instance.slug}? (y/n) ")
    except (EOFError, OSError):
        raise ValueError(
            f"Nobody answers the question whether to delete {instance.slug}, so nothing was deleted: pass force=True, "
            f"ln.setup.delete('{instance.slug}', force=True)"
        ) from None
    return answer.strip().lower() in ("y", "yes")


def _leave(instance: InstanceSettings) -> None:
    """Close the database in this process and in the user's default."""
    with contextlib.suppress(InstanceNotFoundError):  # the environment may name an instance that is gone
        if settings.is_configured and settings.instance.slug == instance.slug:
            settings.use(None)
    default = files.current_instance_file()
    described = load_instance(default)
    if described is not None and described.slug == instance.slug:
        default.unlink(missing_ok=True)


def _delete_storage(instance: InstanceSettings, database: cloud_database.CloudDatabase | None) -> None:
    root = instance.default_root
    if root is None:
        return
    is_local = storage_type_of(root) == "local"
    place = root if is_local else instance.storage.root
    marker = markers.read_marker(place)
    if marker is not None and marker.instance_uid not in (instance.uid, None):
        logger.warning(f"{root} is managed by another instance (uid {marker.instance_uid}): nothing was deleted there")
        return
    path = instance.database_path
    if database is not None:
        database.remove()
    elif path is not None:
        for suffix in ("", "-wal", "-shm", "-journal", ".backup", ".gz"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    markers.remove_marker(place)
    if is_local:
        managed = Path(root) / MANAGED_FOLDER
        empty = sorted((path for path in managed.rglob("*") if path.is_dir()), reverse=True)  # children before parents
        for folder in (*empty, managed, Path(root)):
            with contextlib.suppress(OSError):  # the user's own files stay
                folder.rmdir()


def _delete_settings(instance: InstanceSettings) -> None:
    owner, name = instance.owner, instance.name
    stored = files.read_text(files.dev_dir_file(owner, name))
    if stored:
        remove_marker(Path(stored.strip()), instance.slug)
    for path in (
        files.instance_file(owner, name),
        files.branch_file(owner, name),
        files.space_file(owner, name),
        files.dev_dir_file(owner, name),
    ):
        path.unlink(missing_ok=True)
