"""The identity of an instance that is stored in its own database, so that a copied URL or folder is enough to connect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from lamindb.setup import identifiers
from lamindb.setup.modules import ModuleNames, format_modules, parse_modules
from lamindb.setup.raw_database import RawDatabase, open_database

TABLE = "lamindb_instance"
_KEYS = ("id", "uid", "owner", "name", "modules", "storage_uid", "lamindb_version")


@dataclass(frozen=True)
class Identity:
    """Who an instance is, as its database tells."""

    id: UUID
    uid: str
    owner: str
    name: str
    modules: ModuleNames
    storage_uid: str | None = None
    storage_root: str | None = None
    lamindb_version: str | None = None

    @property
    def slug(self) -> str:
        """`owner/name`."""
        return f"{self.owner}/{self.name}"


def read_identity(
    url: str, default_owner: str = identifiers.ANONYMOUS, default_name: str | None = None
) -> Identity | None:
    """Return the identity in a database, or `None` if the database is not (yet) one of lamindb.

    A database that was set up by another implementation has no such table; its identity follows from its storage rows, then.

    Args:
        url: database URL.
        default_owner: owner, if the database doesn't tell.
        default_name: name, if the database doesn't tell.

    Raises:
        InstanceNotFoundError: if the database can't be opened.
    """
    with open_database(url) as database:
        if not database.has_table("lamindb_storage"):
            return None
        values = dict(database.rows(f"SELECT key, value FROM {TABLE}")) if database.has_table(TABLE) else {}
        if "id" in values:
            return _from_values(database, values)
        rows = database.rows(
            "SELECT uid, root, instance_uid FROM lamindb_storage WHERE instance_uid IS NOT NULL ORDER BY id LIMIT 1"
        )
        if not rows:
            return None
        storage_uid, root, instance_uid = rows[0]
        name = default_name or "unknown"
        return Identity(
            id=uuid5(NAMESPACE_URL, f"{default_owner}/{name}"),
            uid=instance_uid,
            owner=default_owner,
            name=name,
            modules=_modules_of(database),
            storage_uid=storage_uid,
            storage_root=root,
        )


def write_identity(database: RawDatabase, identity: Identity) -> None:
    """Store the identity in an open transaction."""
    values = {
        "id": identity.id.hex,
        "uid": identity.uid,
        "owner": identity.owner,
        "name": identity.name,
        "modules": format_modules(identity.modules),
        "storage_uid": identity.storage_uid,
        "lamindb_version": identity.lamindb_version,
    }
    database.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (key varchar(64) PRIMARY KEY, value text)")
    database.execute(f"DELETE FROM {TABLE}")
    for key in _KEYS:
        database.execute(f"INSERT INTO {TABLE} (key, value) VALUES (?, ?)", [key, values[key]])


def _from_values(database: RawDatabase, values: dict[str, Any]) -> Identity:
    roots = database.rows("SELECT root FROM lamindb_storage WHERE uid = ?", [values.get("storage_uid")])
    return Identity(
        id=UUID(values["id"]),
        uid=values["uid"],
        owner=values["owner"],
        name=values["name"],
        modules=parse_modules(values.get("modules")),
        storage_uid=values.get("storage_uid"),
        storage_root=roots[0][0] if roots else None,
        lamindb_version=values.get("lamindb_version"),
    )


def _modules_of(database: RawDatabase) -> ModuleNames:
    if not database.has_table("django_migrations"):
        return ModuleNames()
    apps = database.rows("SELECT DISTINCT app FROM django_migrations ORDER BY app")
    return parse_modules([app for (app,) in apps if app not in ("contenttypes", "auth", "pgtrigger")])
