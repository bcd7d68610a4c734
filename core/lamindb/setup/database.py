"""Creates the tables of an instance: by scripts that come with the packages, by the migrations, or from a file in which they ran before."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from lamindb.setup import settings_files as files
from lamindb.setup.modules import importable_packages
from lamindb.setup.sqlite_urls import sqlite_url
from lamindb.setup.versions import migrations_folder

_MAX_TEMPLATES = 10


def migrate_default_connection() -> None:
    """Run all migrations on the default connection, and create the tables of modules that have no migrations.

    Raises:
        DatabaseError: if a migration fails.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from lamindb.setup.settings_singleton import settings

    with settings.bare_database():
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        migrated = {label for label, _ in executor.loader.graph.nodes}
        create_tables_without_migrations(connection, migrated)


def create_tables_without_migrations(connection: Any, migrated_labels: set[str]) -> None:
    """Create the missing tables of apps that come without migration files, so that they are usable at once."""
    from django.apps import apps

    present = set(connection.introspection.table_names())
    models = [
        model
        for config in apps.get_app_configs()
        if config.label not in migrated_labels
        for model in config.get_models(include_auto_created=False)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in present
    ]
    if not models:
        return
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)


def create_sqlite_file(path: Path, modules: Iterable[str]) -> None:
    """Create a SQLite file with all tables.

    Packages with a script of their tables (see `sqlite_script`) need neither Django nor migrations. Otherwise the migrations run, without
    waiting for the disk, the first time for a set of packages; later a copy of the result is enough.
    `LAMINDB_INIT_FROM_SCRATCH=true` always runs them.

    Args:
        path: file that doesn't exist yet.
        modules: schema modules of the instance.
    """
    from lamindb.setup import sqlite_script

    from_scratch = os.environ.get("LAMINDB_INIT_FROM_SCRATCH", "").lower() == "true"
    scripts = None if from_scratch else sqlite_script.usable_scripts(["lamindb", *importable_packages(modules)])
    if scripts is not None:
        sqlite_script.create_tables(path, scripts)
        return
    template = _template_path(modules)
    if template.is_file() and not from_scratch:
        shutil.copyfile(template, path)
        return
    _create_by_migrating(path, modules)
    _keep_as_template(path, template)


def _create_by_migrating(path: Path, modules: Iterable[str]) -> None:
    from lamindb.setup import _django

    _django.setup_django()
    from django.db import connection

    sqlite3.connect(path).close()
    _django.use_instance(sqlite_url(path), modules)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=MEMORY")
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        migrate_default_connection()
    finally:
        connection.close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
    raw.close()
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _keep_as_template(path: Path, template: Path) -> None:
    draft = template.with_name(f".{template.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        template.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, draft)
        os.replace(draft, template)
    except OSError:
        draft.unlink(missing_ok=True)  # the template only saves time
        return
    known = sorted(template.parent.glob("*.db"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in known[_MAX_TEMPLATES:]:
        old.unlink(missing_ok=True)


def _template_path(modules: Iterable[str]) -> Path:
    """Return the template for these packages; its name is a digest of everything that decides how the tables look."""
    from lamindb.setup.cache_folder import current_cache_dir

    digest = hashlib.sha256(f"{sqlite3.sqlite_version} {_version('django')}".encode())
    for package in ["lamindb", *importable_packages(modules)]:
        digest.update(f"\n{package} {_version(package)}".encode())
        folder = migrations_folder(package)
        names = [] if folder is None else sorted(folder.rglob("*.py"))
        has_migrations = any(path.stem[0].isdigit() for path in names)
        for path in names if has_migrations else _model_files(package):
            digest.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
    return current_cache_dir() / "templates" / f"{files.environment_prefix()}{digest.hexdigest()[:32]}.db"


def _model_files(package: str) -> list[Path]:
    """Return the source files of a package without migrations: then the models themselves decide."""
    from importlib.util import find_spec

    spec = find_spec(package)
    locations = list(spec.submodule_search_locations or []) if spec is not None else []
    return sorted(path for location in locations for path in Path(location).rglob("*.py"))


def _version(package: str) -> str:
    if package == "lamindb":
        import lamindb

        return lamindb.__version__
    try:
        return version(package.replace("_", "-"))
    except PackageNotFoundError:
        return "unknown"
