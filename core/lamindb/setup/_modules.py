"""Add schema modules to an existing instance."""

from __future__ import annotations

from collections.abc import Iterable

from lamindb.base.logging import logger
from lamindb.setup._migrate import migrate
from lamindb.setup.declared_modules import seed_records, with_required
from lamindb.setup.errors import CurrentInstanceNotConfigured
from lamindb.setup.instance import InstanceSettings
from lamindb.setup.modules import check_installed, format_modules, is_same_module, parse_modules
from lamindb.setup.settings_singleton import settings


def add_modules(modules: str | Iterable[str]) -> None:
    """Add schema modules to the current instance: create their tables, then remember them in its database and settings.

    Args:
        modules: comma list or names.

    Raises:
        CurrentInstanceNotConfigured: without instance.
        ImportError: if a module is not installed.
        RuntimeError: if this process has loaded the registries already; call it in a new process before anything else.

    Example:
        >>> ln.setup.add_modules("bionty")  # doctest: +SKIP
    """
    if not settings.is_configured:
        raise CurrentInstanceNotConfigured
    instance = settings.instance
    asked = [module for module in parse_modules(modules) if not _has(instance, module)]
    check_installed(asked)
    new = [module for module in with_required(asked) if not _has(instance, module)]
    if not new:
        logger.important(f"{instance.slug} has these modules already: {', '.join(instance.modules) or 'none'}")
        return
    extended = _with_modules(instance, [*instance.modules, *new])
    source = settings.resolution
    settings.use(extended, source=source)
    try:
        migrate.deploy()
        _create_tables_without_migrations()
        _insert_first_rows(new)
        seed_records(new, extended)
    except BaseException:
        settings.use(instance, source=source)
        raise
    _remember(extended)
    logger.important(f"added modules to {instance.slug}: {', '.join(new)}")


def _has(instance: InstanceSettings, module: str) -> bool:
    return any(is_same_module(module, known) for known in instance.modules)


def _with_modules(instance: InstanceSettings, modules: list[str]) -> InstanceSettings:
    return InstanceSettings(
        instance._id,
        instance.owner,
        instance.name,
        instance.default_root,
        db=instance._db,
        modules=modules,
        git_repo=instance._git_repo,
        keep_artifacts_local=instance.keep_artifacts_local,
        storage_region=instance.storage.region,
        uid=instance.uid,
    )


def _create_tables_without_migrations() -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from lamindb.setup.database import create_tables_without_migrations

    with settings.bare_database():
        create_tables_without_migrations(connection, {label for label, _ in MigrationLoader(connection).graph.nodes})


def _insert_first_rows(modules: list[str]) -> None:
    from django.db import connection, transaction

    from lamindb.setup.declared_modules import insert_first_rows
    from lamindb.setup.raw_database import RawDatabase

    with transaction.atomic(), connection.cursor():
        database = RawDatabase(connection.connection, is_sqlite=connection.vendor == "sqlite")
        insert_first_rows(modules, database, settings.current_user_id())


def _remember(instance: InstanceSettings) -> None:
    from lamindb.setup.identity import TABLE
    from lamindb.setup.raw_database import open_database

    with open_database(instance.db, read_only=False) as database:
        if database.has_table(TABLE):
            database.execute(f"UPDATE {TABLE} SET value = ? WHERE key = 'modules'", [format_modules(instance.modules)])
    instance.save()
