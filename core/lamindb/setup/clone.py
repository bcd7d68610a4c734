"""`clone`: copy the database of an instance, or its last rows, to a SQLite file of a new local instance."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from lamindb.base.logging import logger
from lamindb.setup import identifiers
from lamindb.setup._clone import back_up_sqlite
from lamindb.setup.errors import CurrentInstanceNotConfigured, StorageAlreadyManaged
from lamindb.setup.instance import DATABASE_NAME, InstanceSettings
from lamindb.setup.raw_database import RawDatabase, open_database
from lamindb.setup.settings_singleton import settings
from lamindb.setup.sqlite_urls import sqlite_url
from lamindb.storage.roots import MANAGED_FOLDER

_BATCH = 500
_ALIAS = "clone"


def clone(
    instance: str | os.PathLike[str] | None = None,
    *,
    storage: str | os.PathLike[str] | None = None,
    name: str | None = None,
    n_rows: int | None = None,
) -> str:
    """Copy the database of an instance to a local SQLite instance of its own, to try something out on it.

    Data stay where they are: the clone refers to the storage locations of the original, and writes to its own. It is in the state of
    migrations that the original is in.

    Args:
        instance: as for `ln.connect`; by default the current one.
        storage: local folder of the clone (default: a new folder in the working directory that is called like the clone).
        name: name of the clone (default: `<name of the instance>_clone`).
        n_rows: copy the last rows of each table only, and the rows that they refer to.

    Returns:
        URL of the new database; connect to it by its folder.

    Raises:
        CurrentInstanceNotConfigured: without instance.
        StorageAlreadyManaged: if the folder is one of an instance already; nothing is changed then.
        ValueError: for an invalid name or `n_rows`.

    Example:
        >>> ln.setup.clone(n_rows=20)  # doctest: +SKIP
        'sqlite:////home/me/my-data_clone/.lamindb/lamin.db'
    """
    if n_rows is not None and n_rows < 1:
        raise ValueError(f"n_rows must be at least 1, not {n_rows}; leave it out to copy everything")
    source = _find(instance)
    checked = identifiers.check_name(name or f"{source.name}_clone")
    root = Path(storage if storage is not None else checked).expanduser().absolute()
    managed = root / MANAGED_FOLDER
    if managed.exists() and any(managed.iterdir()):
        raise StorageAlreadyManaged(f"{root} is the storage of an instance already: pass another folder as storage")
    is_new = [folder for folder in (managed, root) if not folder.exists()]
    managed.mkdir(parents=True, exist_ok=True)
    draft = managed / f"{DATABASE_NAME}.draft"
    try:
        copy_database(source, draft, n_rows=n_rows)
        copied = _make_own(source, draft, checked, root)
        os.replace(draft, managed / DATABASE_NAME)
    except BaseException:
        for path in managed.iterdir():
            path.unlink()
        for folder in is_new:
            with suppress(OSError):
                folder.rmdir()
        raise
    logger.important(f"cloned {source.slug} to {copied.slug}; connect to it with: lamin connect {root}")
    return copied.db


def copy_database(source: InstanceSettings, target: Path, *, n_rows: int | None = None) -> None:
    """Copy the tables of an instance to a new SQLite file, as of one moment.

    Args:
        source: instance to copy.
        target: file that doesn't exist yet.
        n_rows: copy the last rows of each table only, and the rows that they refer to.
    """
    path = source.database_path
    if path is not None and n_rows is None:
        back_up_sqlite(path, target)
        return
    with open_database(source.db) as database:
        _begin(database)
        applied = database.rows("SELECT app, name FROM django_migrations ORDER BY id")
        if not database.is_sqlite:
            _create_tables_by_migrating(source, target, applied)
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous=OFF")
            copy.execute("BEGIN")
            later = _create_tables(database, copy) if database.is_sqlite else _drop_triggers(copy)
            for table in _tables(copy):
                copy.execute(f'DELETE FROM "{table}"')  # rows that migrations inserted
                columns = _common_columns(database, copy, table)
                _copy_rows(database, copy, table, columns, n_rows)
            if n_rows is not None:
                _copy_referred_rows(database, copy)
            for statement in later:
                copy.execute(statement)
            copy.execute("COMMIT")


def _find(identifier: str | os.PathLike[str] | None) -> InstanceSettings:
    from lamindb.setup.lookup import check_database, find_instance

    if identifier is None:
        if not settings.is_configured:
            raise CurrentInstanceNotConfigured
        found = settings.instance
    else:
        found = find_instance(identifier)
    check_database(found)
    return found


def _make_own(source: InstanceSettings, draft: Path, name: str, root: Path) -> InstanceSettings:
    """Give the copy an identity and a storage location of its own."""
    import lamindb
    from lamindb.setup.first_rows import insert_first_rows
    from lamindb.setup.identity import Identity, write_identity
    from lamindb.setup.storage_locations import claim_root

    claimant = InstanceSettings(
        identifiers.new_instance_id(), settings.user.handle, name, root.as_posix(), modules=source.modules
    )
    location = claim_root(root.as_posix(), claimant)
    with open_database(sqlite_url(draft), read_only=False) as database:
        insert_first_rows(database, settings.user, location, claimant.uid)
        identity = Identity(
            id=claimant._id,
            uid=claimant.uid,
            owner=claimant.owner,
            name=name,
            modules=source.modules,
            storage_uid=location.uid,
            lamindb_version=lamindb.__version__,
        )
        write_identity(database, identity)
        database.commit()
        database.rows("PRAGMA journal_mode=WAL")
        database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return claimant


# tables -----------------------------------------------------------------------------------------------------------------


def _begin(database: RawDatabase) -> None:
    if database.is_sqlite:
        database.execute("BEGIN")
    else:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _create_tables(database: RawDatabase, copy: sqlite3.Connection) -> list[str]:
    """Create the tables of another SQLite file; returns the statements for what comes after the rows: indexes, triggers, views."""
    objects = database.rows(
        "SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    )
    for kind, sql in objects:
        if kind == "table":
            copy.execute(sql)
    return [sql for kind, sql in objects if kind != "table"]


def _create_tables_by_migrating(source: InstanceSettings, target: Path, applied: Iterable[tuple[Any, ...]]) -> None:
    """Run those migrations that the source had."""
    from lamindb.setup._django import database_config, setup_django

    setup_django()
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    sqlite3.connect(target).close()
    connections.settings[_ALIAS] = database_config(sqlite_url(target))
    connections.configure_settings(connections.settings)
    try:
        with settings.bare_database():
            executor = MigrationExecutor(connections[_ALIAS])
            known = executor.loader.graph.nodes
            executor.migrate([key for key in map(tuple, applied) if key in known])
    finally:
        connections[_ALIAS].close()
        del connections[_ALIAS], connections.settings[_ALIAS]
    _create_missing_tables(source, target)


def _create_missing_tables(source: InstanceSettings, target: Path) -> None:
    """Create the tables of modules without migrations."""
    from django.apps import apps
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    from lamindb.setup._django import database_config
    from lamindb.setup.database import create_tables_without_migrations

    migrated = {label for label, _ in MigrationLoader(None, ignore_no_migrations=True).graph.nodes}
    if all(config.label in migrated for config in apps.get_app_configs()):
        return
    connections.settings[_ALIAS] = database_config(sqlite_url(target))
    connections.configure_settings(connections.settings)
    try:
        create_tables_without_migrations(connections[_ALIAS], migrated)
    finally:
        connections[_ALIAS].close()
        del connections[_ALIAS], connections.settings[_ALIAS]


def _drop_triggers(copy: sqlite3.Connection) -> list[str]:
    """Drop the triggers, which must not act on copied rows; returns the statements that create them again."""
    found = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        copy.execute(f'DROP TRIGGER "{name}"')
    return [sql for _, sql in found]


def _tables(copy: sqlite3.Connection) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    )
    return [name for (name,) in copy.execute(query)]


def _common_columns(database: RawDatabase, copy: sqlite3.Connection, table: str) -> list[str]:
    if not database.has_table(table):
        return []
    here = [row[1] for row in copy.execute(f'PRAGMA table_info("{table}")')]
    if database.is_sqlite:
        return here
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND table_schema = ANY(current_schemas(false))"
    there = {name for (name,) in database.rows(query, [table])}
    return [name for name in here if name in there]


# rows -------------------------------------------------------------------------------------------------------------------


def _copy_rows(
    database: RawDatabase, copy: sqlite3.Connection, table: str, columns: list[str], n_rows: int | None
) -> None:
    if not columns:
        return
    # migrations are the state of the tables, not rows of the instance
    limit = (
        ""
        if n_rows is None or table == "django_migrations" or "id" not in columns
        else f" ORDER BY id DESC LIMIT {int(n_rows)}"
    )
    rows = database.rows(f'SELECT {_listed(columns)} FROM "{table}"{limit}')
    _insert(copy, table, columns, rows)


def _copy_referred_rows(database: RawDatabase, copy: sqlite3.Connection) -> None:
    """Copy what the rows refer to, what these refer to, and so on."""
    while missing := _missing_references(copy):
        for (table, column), values in missing.items():
            columns = _common_columns(database, copy, table)
            for batch in _batches(sorted(values)):
                marks = ", ".join("?" * len(batch))
                rows = database.rows(f'SELECT {_listed(columns)} FROM "{table}" WHERE "{column}" IN ({marks})', batch)
                if not rows:
                    raise ValueError(f"The database is inconsistent: {table} has no rows with {column} {batch[:5]}")
                _insert(copy, table, columns, rows)


def _missing_references(copy: sqlite3.Connection) -> dict[tuple[str, str], set[Any]]:
    missing: dict[tuple[str, str], set[Any]] = {}
    keys: dict[tuple[str, int], tuple[str, str]] = {}
    for table, rowid, parent, key in copy.execute("PRAGMA foreign_key_check").fetchall():
        if (table, key) not in keys:
            for number, _, _, column, to, *_ in copy.execute(f'PRAGMA foreign_key_list("{table}")').fetchall():
                keys[table, number] = (column, to or "id")
        column, to = keys[table, key]
        value = copy.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', [rowid]).fetchone()[0]
        missing.setdefault((parent, to), set()).add(value)
    return missing


def _insert(copy: sqlite3.Connection, table: str, columns: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(columns))
    copy.executemany(
        f'INSERT INTO "{table}" ({_listed(columns)}) VALUES ({marks})',
        ([_for_sqlite(value) for value in row] for row in rows),
    )


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _batches(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]


def _for_sqlite(value: Any) -> Any:
    """Return a value of PostgreSQL in the form in which Django stores it in SQLite."""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None)) if value.tzinfo else str(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, Decimal) or not isinstance(value, (str, bytes, int, float, bool, type(None))):
        return str(value)
    return value
