"""Migrations of the current instance, and Django's management commands."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup.errors import CurrentInstanceNotConfigured
from lamindb.setup.settings_singleton import settings
from lamindb.setup.versions import Compatibility, compare_with_database, installed_migrations

#: Key of the lock on a PostgreSQL server; any number that no other program uses.
_ADVISORY_LOCK = 0x6C616D696E  # "lamin"
_ROWS_OF_REHEARSAL = 1000


class migrate:
    """Create, check and run migrations.

    Example:
        >>> ln.setup.migrate.deploy()  # doctest: +SKIP
    """

    @classmethod
    def create(cls) -> None:
        """Write the migration files that the registries of the core and the modules of the instance need.

        A script `migrations/sqlite_schema.sql` beside them (see `lamindb.setup.sqlite_script`) is brought up to date.
        """
        _django_command("makemigrations", *_labels(), verbosity=1)
        from django.apps import apps

        from lamindb.setup.sqlite_script import rewrite_outdated_scripts

        for path in rewrite_outdated_scripts(config.name for config in apps.get_app_configs()):
            logger.important(f"brought {path} up to date")

    @classmethod
    def deploy(cls, package_name: str | None = None, number: int | str | None = None, *, dry_run: bool = False) -> None:
        """Run the migrations that the database hasn't had; a SQLite file is copied to `lamin.db.backup` before.

        Args:
            package_name: run those of one package only.
            number: run them up to this one (its number or name, or a unique beginning of it).
            dry_run: run them on a clone of the database, which is removed afterwards; of a PostgreSQL database, a SQLite file with the
                last 1000 rows of each table.

        Raises:
            AssertionError: without instance.
            RuntimeError: if the migrations fail on the clone.
        """
        _require_instance()
        targets = _targets(package_name, number)
        if dry_run:
            _rehearse(targets)
            return
        with files.exclusive(f"migrate--{settings.instance.owner}--{settings.instance.name}"):
            if package_name is not None or not cls.status().is_compatible:
                _back_up()
            with settings.bare_database(), _only_one_on_server():
                _check_tables_made_without_migrations()
                for target in targets:
                    _run("migrate", *target, fake_initial=True, verbosity=1)
            _record_version()
            _upload()

    @classmethod
    def check(cls) -> bool:
        """Tell whether registries and migration files agree; if not, log what is missing."""
        import io

        output = io.StringIO()
        try:
            _django_command("makemigrations", check_changes=True, dry_run=True, verbosity=1, stdout=output)
        except SystemExit:
            logger.error(f"migrations are missing, create them with lamin migrate create:\n{output.getvalue().strip()}")
            return False
        return True

    @classmethod
    def squash(cls, package_name: str, migration_nr: int | str, start_migration_nr: int | str | None = None) -> None:
        """Combine a package's migrations up to `migration_nr` (from `start_migration_nr`) to one."""
        arguments = [_label_of(package_name)]
        if start_migration_nr is not None:
            arguments.append(_full_prefix(start_migration_nr))
        _django_command("squashmigrations", *arguments, _full_prefix(migration_nr), interactive=False)

    @classmethod
    def show(cls) -> None:
        """Print all migrations with a mark at those that the database has had."""
        _require_instance()
        _django_command("showmigrations")

    @classmethod
    def status(cls) -> Compatibility:
        """Return how the database and the installed packages differ."""
        _require_instance()
        return compare_with_database(settings.instance.db, settings.instance.modules)

    @classmethod
    def defined_migrations(cls, latest: bool = False) -> dict[str, Any]:
        """Return the migrations of the installed packages: app -> names, or with `latest` app -> last name."""
        _set_up()
        from django.db.migrations.loader import MigrationLoader

        loader = MigrationLoader(None, ignore_no_migrations=True)
        labels = _labels_of_instance() if settings.is_configured else _labels()
        names: dict[str, list[str]] = {label: [] for label in labels}
        replaced = _replaced_names()
        for label, name in sorted(loader.disk_migrations):
            if label in names and (label, name) not in replaced:
                names[label].append(name)
        return _latest(names) if latest else names

    @classmethod
    def deployed_migrations(cls, latest: bool = False) -> dict[str, Any]:
        """Return the migrations that the database has had: app -> names, or with `latest` app -> last name."""
        _require_instance()
        _set_up()
        from django.db import connection
        from django.db.migrations.recorder import MigrationRecorder

        names: dict[str, list[str]] = {}
        replaced = _replaced_names()
        for label, name in sorted(MigrationRecorder(connection).applied_migrations()):
            if (label, name) not in replaced:
                names.setdefault(label, []).append(name)
        return _latest(names) if latest else names


def django(command: str, package_name: str | None = None, **kwargs: Any) -> None:
    """Run a management command of Django on the current instance.

    Args:
        command: such as `check` or `sqlsequencereset`.
        package_name: app to run it for.
        **kwargs: options of the command.

    Example:
        >>> ln.setup.django("sqlsequencereset", "lamindb")  # doctest: +SKIP
    """
    _django_command(command, *([] if package_name is None else [_label_of(package_name)]), **kwargs)


def _django_command(command: str, *arguments: str, **options: Any) -> None:
    _set_up()
    if command == "makemigrations":  # it must not need a database, but it looks at the open ones
        with settings.bare_database(), _default_connection_only():
            _run(command, *arguments, **options)
        return
    _run(command, *arguments, **options)


@contextlib.contextmanager
def _default_connection_only() -> Iterator[None]:
    """Keep Django, which looks at the history of every open database where there are routers, from those of other instances."""
    from django.conf import settings as django_settings

    routers = django_settings.DATABASE_ROUTERS
    django_settings.DATABASE_ROUTERS = []
    try:
        yield
    finally:
        django_settings.DATABASE_ROUTERS = routers


def _run(command: str, *arguments: str, **options: Any) -> None:
    _set_up()
    from django.core.management import call_command

    call_command(command, *arguments, **options)


def _set_up() -> None:
    from lamindb.setup._django import setup_django

    setup_django()


def _require_instance() -> None:
    if not settings.is_configured:
        raise _NotConnected


class _NotConnected(AssertionError, CurrentInstanceNotConfigured):
    """No instance is connected, in the class that callers of `deploy` catch."""

    def __init__(self) -> None:
        super().__init__("Not connected to an instance, please connect to migrate: lamin connect <owner/name>")

    def __str__(self) -> str:
        return str(self.args[0])


def _labels() -> list[str]:
    _set_up()
    from django.apps import apps

    return [config.label for config in apps.get_app_configs()]


def _label_of(package: str) -> str:
    _set_up()
    from django.apps import apps

    for config in apps.get_app_configs():
        if package in (config.name, config.label) or package.replace("-", "_") == config.label:
            return config.label
    raise ValueError(f"{package!r} is no package of this instance: choose from {', '.join(_labels())}")


def _full_prefix(number: int | str) -> str:
    text = str(number)
    return text.zfill(4) if text.isdigit() and text != "0" else text if text != "0" else "zero"


def _replaced_names() -> set[tuple[str, str]]:
    """Return the migrations that exist only as part of others; applying those records these names, too."""
    from django.apps import apps

    return {
        (config.label, name)
        for config in apps.get_app_configs()
        for names in installed_migrations(config.name)[1].values()
        for name in names
    }


def _latest(names: dict[str, list[str]]) -> dict[str, str]:
    return {label: found[-1] for label, found in names.items() if found}


def _targets(package_name: str | None, number: int | str | None) -> list[list[str]]:
    """Return the arguments of the calls of Django's `migrate` that bring the packages of the instance, and no others, up to date.

    Registries of further packages may be loaded, those of the environment before the instance was made.
    """
    if package_name is not None:
        return [[_label_of(package_name), *([] if number is None else [_full_prefix(number)])]]
    of_instance = _labels_of_instance()
    return [[]] if of_instance == _labels() else [[label] for label in of_instance]


def _labels_of_instance() -> list[str]:
    _set_up()
    from django.apps import apps

    from lamindb.setup.declared_modules import mountable_packages

    packages = {"lamindb", *mountable_packages(settings.instance.modules)}
    return [config.label for config in apps.get_app_configs() if config.name in packages]


def _check_tables_made_without_migrations() -> None:
    """Refuse to take tables for what the first migration of their package makes if they are not.

    A module without migration files gets its tables when the instance is made. When it has some later, its first migration only has to
    be noted, unless the registries have changed in between.

    Raises:
        RuntimeError: if columns are missing.
    """
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    migrated = {label for label, _ in MigrationRecorder(connection).applied_migrations()}
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for config in apps.get_app_configs():
            models = [model for model in config.get_models(include_auto_created=True) if model._meta.db_table in tables]
            # migrations of a package that succeeds another one complete the tables that this one left
            if config.label in migrated or not models or getattr(config, "takes_over_tables", False):
                continue
            missing: list[str] = []
            for model in models:
                table = model._meta.db_table
                columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
                missing += [
                    f"{table}.{field.column}"
                    for field in model._meta.local_concrete_fields
                    if field.column not in columns
                ]
            if missing:
                raise RuntimeError(
                    f"The tables of {config.name} were made before it had migrations, and lack {', '.join(missing)}, which its registries "
                    f"have got since. Make migrations of the registries as they were first (take the new fields out, run lamin migrate create "
                    f"and lamin migrate deploy), then of the new fields; or delete the tables of {config.name} if they are empty"
                )


def _rehearse(targets: list[list[str]]) -> None:
    """Run migrations on a clone of the database."""
    import tempfile
    from pathlib import Path

    _set_up()
    from django.db import connections

    from lamindb.setup._django import database_config
    from lamindb.setup.clone import copy_database
    from lamindb.setup.sqlite_urls import sqlite_url

    instance, alias = settings.instance, "rehearsal"
    with tempfile.TemporaryDirectory(prefix="lamindb-rehearsal-") as folder:
        copy = Path(folder) / "lamin.db"
        copy_database(instance, copy, n_rows=None if instance.dialect == "sqlite" else _ROWS_OF_REHEARSAL)
        connections.settings[alias] = database_config(sqlite_url(copy))
        connections.configure_settings(connections.settings)
        try:
            with settings.bare_database():
                for target in targets:
                    _run("migrate", *target, database=alias, fake_initial=True, verbosity=1)
        except Exception as error:
            raise RuntimeError(
                f"The migrations fail on a clone of {instance.slug}, the database itself was not touched: {type(error).__name__}: {error}"
            ) from error
        finally:
            connections[alias].close()
            del connections[alias], connections.settings[alias]
    logger.important(
        f"the migrations run on a clone of {instance.slug}; to run them on the database: lamin migrate deploy"
    )


@contextlib.contextmanager
def _only_one_on_server() -> Iterator[None]:
    """Let a second deployment, from whatever machine, wait for the first one; on SQLite the file lock does that."""
    _set_up()
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


def _back_up() -> None:
    """Copy a SQLite file consistently, so that a failed migration can be undone by hand."""
    path = settings.instance.database_path
    if path is None:
        return
    from lamindb.setup._clone import back_up_sqlite

    backup = path.with_name(path.name + ".backup")
    draft = path.with_name(path.name + ".backup.tmp")
    draft.unlink(missing_ok=True)
    back_up_sqlite(path, draft)
    shutil.move(draft, backup)
    logger.info(f"copied the database to {backup} before migrating")


def _upload() -> None:
    """Let a bucket have the migrated database at once, so that nobody waits for the end of this process."""
    from lamindb.setup.cloud_database import database_of

    database = database_of(settings.instance)
    if database is not None:
        database.upload()


def _record_version() -> None:
    import lamindb
    from lamindb.setup.identity import TABLE
    from lamindb.setup.raw_database import open_database

    with open_database(settings.instance.db, read_only=False) as database:
        if database.has_table(TABLE):
            database.execute(f"UPDATE {TABLE} SET value = ? WHERE key = 'lamindb_version'", [lamindb.__version__])
