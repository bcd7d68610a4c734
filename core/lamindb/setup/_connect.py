"""`connect`: make an existing instance the current one of this process, and (for the command line) the user's default."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup._init import check_switch_allowed
from lamindb.setup.cloud_database import open_database
from lamindb.setup.errors import InstanceNotFoundError
from lamindb.setup.instance import InstanceSettings
from lamindb.setup.lookup import check_database, find_instance
from lamindb.setup.settings_singleton import settings
from lamindb.setup.versions import warn_if_incompatible
from lamindb.storage.roots import storage_type_of

_ARGUMENTS = (
    "use_root_db_user",
    "use_proxy_db",
    "_db",
    "_write_settings",
    "_raise_not_found_error",
    "_reload_lamindb",
    "_test",
    "_user",
)


def connect(instance: str | os.PathLike[str] | None = None, **kwargs: Any) -> str | None:
    """Connect this process to an instance.

    Args:
        instance: `owner/name`, the name of one of your own instances, the folder of a local instance, or a database URL. Without it, the instance
            that is current anyway: that of `LAMIN_CURRENT_INSTANCE`, of the working directory, or the user's default.

    Returns:
        `None`; with `_raise_not_found_error=False` the reason why nothing was found.

    Raises:
        InstanceNotFoundError: if there is no such instance, or its database is gone.
        ValueError: without argument, if no instance is current.
        CannotSwitchDefaultInstance: while a run is tracked.

    Example:
        >>> ln.connect("laminlabs/my-data")  # doctest: +SKIP
    """
    unknown = [key for key in kwargs if key not in _ARGUMENTS]
    if unknown:
        raise TypeError(f"connect() has no argument {', '.join(map(repr, unknown))}: it takes the instance only")
    if instance is None:
        settings.reset()
        found = settings.instance if settings.is_configured else None
        if found is None:
            raise ValueError(
                "No instance was connected through the CLI: pass one, ln.connect('owner/name'), or run lamin connect <owner/name>"
            )
        source = settings.resolution
    else:
        try:
            found, source = find_instance(instance), None
        except InstanceNotFoundError:
            if kwargs.get("_raise_not_found_error", True):
                raise
            return "instance-not-found"
    if kwargs.get("_db") is not None:
        found = _with_database(found, kwargs["_db"])
    connect_to(found, write_settings=kwargs.get("_write_settings", False), source=source)
    return None


def connect_to(
    instance: InstanceSettings, *, write_settings: bool = False, as_default: bool = True, source: Any = None
) -> None:
    """Make an instance that was found the current one.

    Args:
        instance: the instance.
        write_settings: remember it in the settings folder.
        as_default: with `write_settings`, make it the user's default, too.
        source: what made it current, if not this process.

    Raises:
        InstanceNotFoundError: if its database is gone.
        CannotSwitchDefaultInstance: while a run is tracked.
        RuntimeError: if the process has loaded registries without some module of the instance.
    """
    check_switch_allowed(instance.slug)
    check_database(instance)
    if instance.is_cloud_sqlite:
        open_database(instance).look_at_lease()
    before = settings.instance if settings.is_configured else None
    is_reconnect = before is not None and before.slug == instance.slug and before.db == instance.db and _is_in_use()
    is_first = not files.instance_file(instance.owner, instance.name).exists()
    if before is not None and before.slug != instance.slug and _is_in_use():
        logger.warning(f"switching this process from {before.slug} to {instance.slug}")
    settings.use(instance, source=source)
    if not is_reconnect:
        warn_if_incompatible(instance.slug, instance.db, instance.modules)
        settings.modules_warning = _modules_warning(instance)
    _record_new_place(instance)
    if write_settings:
        instance.save_as_default() if as_default else instance.save()
    if is_first:
        _register_user(instance)
    if not is_reconnect:
        announce(instance)


def announce(instance: InstanceSettings) -> None:
    """Say that an instance is connected."""
    logger.important(f"connected lamindb: {instance.slug}")
    if instance.is_clone:
        logger.warning("read-only mode: this is the copy of the database that its storage holds")
    elif instance.is_read_only_connection and instance.dialect == "postgresql":
        logger.warning(f"read-only mode: to query this instance beside another one, use ln.DB({instance.slug!r})")
    from lamindb.setup.modules import missing_modules

    missing = missing_modules(instance.modules)
    if missing:
        logger.important_hint(
            f"{instance.slug} has schema modules that are not installed here: {', '.join(missing)}; pip install them to query their registries"
        )
    from lamindb.setup import _autoconnect

    _autoconnect.announced = (instance.slug, instance.db)


def _is_in_use() -> bool:
    from lamindb.setup import _autoconnect

    return _autoconnect.announced is not None


def _with_database(instance: InstanceSettings, url: str) -> InstanceSettings:
    return InstanceSettings(
        instance._id,
        instance.owner,
        instance.name,
        instance.default_root,
        db=url,
        modules=instance.modules,
        git_repo=instance._git_repo,
        uid=instance.uid,
    )


def _modules_warning(instance: InstanceSettings) -> str | None:
    from lamindb.setup import _django
    from lamindb.setup.modules import describe_mismatch, missing_modules

    missing = missing_modules(instance.modules)
    if instance.modules:
        from lamindb.setup.declared_modules import unmet_requirements

        for sentence in unmet_requirements(instance.modules):
            logger.warning(sentence)
    loaded = _django.loaded_modules()
    if loaded is None:
        return None
    warning = describe_mismatch([module for module in instance.modules if module not in missing], loaded)
    if warning:
        logger.warning(warning)
    return warning


def _record_new_place(instance: InstanceSettings) -> None:
    """If the folder of a local instance was moved, write its new place into the settings file and the storage row."""
    root = instance.default_root
    if instance.is_clone or root is None or storage_type_of(root) != "local" or instance.storage.uid is None:
        return
    from lamindb.setup.raw_database import open_database

    with open_database(instance.db) as database:
        rows = database.rows("SELECT root FROM lamindb_storage WHERE uid = ?", [instance.storage.uid])
    if not rows or rows[0][0] == root or storage_type_of(rows[0][0]) != "local":
        return
    old = rows[0][0]
    if Path(old).exists():
        logger.warning(f"{root} is a copy of {old}, which still exists: from now on {instance.slug} means the copy")
    with open_database(instance.db, read_only=False) as database:
        database.execute("UPDATE lamindb_storage SET root = ? WHERE uid = ?", [root, instance.storage.uid])
    if files.instance_file(instance.owner, instance.name).exists():
        instance.save()
    logger.important(f"moved the storage of {instance.slug} from {old} to {root}")


def _register_user(instance: InstanceSettings) -> None:
    """Insert the user's row at the first connect from this environment; on a read-only connection, do nothing."""
    from lamindb.errors import NoWriteAccess

    if instance.is_read_only_connection or instance.is_cloud_sqlite:
        return  # in a bucket, the row comes with the first write, which locks the database
    from django.db import DatabaseError

    from lamindb.setup.first_rows import register_user, update_user

    try:
        register_user(settings.user)
        update_user(settings.user)
    except (DatabaseError, NoWriteAccess) as error:
        logger.debug(f"the user was not registered: {error}")
