"""The tables of a package as a SQL script, so that a new SQLite instance needs neither migrations nor Django.

`<package>/migrations/sqlite_schema.sql` is generated from the migrations (`python -m lamindb.setup.sqlite_script PACKAGE`) and names the digest
of the migration files that it was made from; a script that is out of date is not used.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from lamindb.setup.versions import migrations_folder

SCRIPT_NAME = "sqlite_schema.sql"
_DIGEST = re.compile(r"-- migrations: ([0-9a-f]{64})\n")


def usable_scripts(packages: Iterable[str]) -> list[str] | None:
    """Return the scripts of all packages, or `None` if one of them has none that is up to date."""
    scripts = []
    for package in packages:
        folder = migrations_folder(package)
        path = None if folder is None else folder / SCRIPT_NAME
        if folder is None or path is None or not path.is_file():
            return None
        script = path.read_text(encoding="utf-8")
        match = _DIGEST.match(script)
        if match is None or match[1] != digest_of(folder):
            return None
        scripts.append(script)
    return scripts


def digest_of(folder: Path) -> str:
    """Return the digest of everything that decides about the tables: the Python files of a migrations folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def create_tables(path: Path, scripts: Iterable[str]) -> None:
    """Create a SQLite file in WAL mode with the tables of some scripts."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # the caller's commit of the first rows syncs the file
        connection.execute("BEGIN")
        for script in scripts:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")


def write_script(package: str) -> Path:
    """Generate the script of an installed package from its migrations.

    Args:
        package: a package with Django migrations, such as `"lamindb"`.

    Raises:
        ValueError: if the package has no migrations.
    """
    folder = migrations_folder(package)
    if folder is None:
        raise ValueError(f"The package {package!r} has no migrations: run lamin migrate create")
    with TemporaryDirectory() as temporary:
        database = Path(temporary) / "schema.db"
        _migrate(package, database)
        with closing(sqlite3.connect(database)) as connection:
            lines = list(_dump(connection, package))
    path = folder / SCRIPT_NAME
    path.write_text(f"-- migrations: {digest_of(folder)}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def rewrite_outdated_scripts(packages: Iterable[str]) -> list[Path]:
    """Generate those scripts anew whose migrations have changed; packages without a script stay without.

    Raises:
        RuntimeError: if the migrations fail.
    """
    written = []
    for package in packages:
        folder = migrations_folder(package)
        path = None if folder is None else folder / SCRIPT_NAME
        if folder is None or path is None or not path.is_file():
            continue
        match = _DIGEST.match(path.read_text(encoding="utf-8"))
        if match is not None and match[1] == digest_of(folder):
            continue
        command = [sys.executable, "-m", __name__, package]  # a process of its own: Django can be set up only once
        done = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, "_LAMIN_DEFER_CONNECT": "1"}, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{path} could not be generated: {done.stderr.strip().splitlines()[-1]}")
        written.append(path)
    return written


def _statements(script: str) -> Iterable[str]:
    buffer = ""
    for line in script.splitlines(keepends=True):
        if not buffer and (line.startswith("--") or not line.strip()):
            continue
        buffer += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(buffer):
            yield buffer
            buffer = ""


def _migrate(package: str, database: Path) -> None:
    from importlib import import_module

    from django.conf import settings
    from django.core.management import call_command

    from lamindb.setup._django import database_config
    from lamindb.setup.declared_modules import mountable_packages
    from lamindb.setup.sqlite_urls import sqlite_url

    sqlite3.connect(database).close()
    modules = [] if package == "lamindb" else mountable_packages([package])
    settings.configure(
        INSTALLED_APPS=["lamindb", *modules],
        DATABASES={"default": database_config(sqlite_url(database))},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    import_module("lamindb.models")  # sets Django up with these settings
    call_command("migrate", verbosity=0)


def _dump(connection: sqlite3.Connection, package: str) -> Iterable[str]:
    """Yield the statements that make the objects of a package (for the core: everything) and note its migrations as applied."""
    is_core = package == "lamindb"
    query = "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    order = " ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, rowid"
    tables = _tables_of(package)
    for table, sql in connection.execute(query + order):
        if is_core or table in tables:
            yield f"{sql};"
    for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY id"):
        if app == package:
            yield f"INSERT INTO django_migrations (app, name, applied) VALUES ('{app}', '{name}', CURRENT_TIMESTAMP);"


def _tables_of(package: str) -> set[str]:
    """Return the tables of the registries of a package, many-to-many tables included, whatever they are called."""
    from django.apps import apps

    config = next(config for config in apps.get_app_configs() if config.name == package)
    return {model._meta.db_table for model in config.get_models(include_auto_created=True)}


if __name__ == "__main__":
    for name in sys.argv[1:] or ["lamindb"]:
        print(write_script(name))
