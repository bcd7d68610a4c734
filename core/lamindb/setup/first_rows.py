"""The rows that every instance starts with: space, user, branches, storage. Writing them again changes nothing.

They are written without Django, so that `lamin init` need not load it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamindb.setup.raw_database import RawDatabase
    from lamindb.setup.storage_settings import StorageSettings
    from lamindb.setup.user import UserSettings

SPACE_ALL_UID = "a" * 12
_BRANCHES = (
    (-1, "trash", "t" * 12, "The trash."),
    (0, "archive", "a" * 12, "The archive."),
    (1, "main", "m" * 12, "The main & default branch of the instance."),
)


def insert_first_rows(database: RawDatabase, user: UserSettings, storage: StorageSettings, instance_uid: str) -> None:
    """Insert what is missing of the first rows; runs inside the caller's transaction.

    Args:
        database: the new database, with all tables.
        user: who sets up the instance.
        storage: default storage location.
        instance_uid: uid of the instance.
    """
    description = "Every user & team with access to the instance has access."
    _insert_if_missing(database, "lamindb_space", "id", id=1, uid=SPACE_ALL_UID, name="all", description=description)
    _insert_if_missing(database, "lamindb_user", "uid", uid=user.uid, handle=user.handle, name=user.name)
    user_id = user_id_of(database, user)
    for id, name, uid, description in _BRANCHES:
        _insert_if_missing(
            database, "lamindb_branch", "id",
            id=id, uid=uid, name=name, description=description, space_id=1, created_by_id=user_id,
        )  # fmt: skip
    _insert_if_missing(
        database, "lamindb_storage", "uid",
        uid=storage.uid, root=storage.root_as_str, type=storage.type, region=storage.region, instance_uid=instance_uid,
        created_by_id=user_id,
    )  # fmt: skip
    if not database.is_sqlite:
        for table in ("lamindb_space", "lamindb_branch"):  # count on after ids that were given explicitly
            database.rows(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def user_id_of(database: RawDatabase, user: UserSettings) -> int:
    """Return the id of a user's row, without Django."""
    return int(database.rows("SELECT id FROM lamindb_user WHERE uid = ?", [user.uid])[0][0])


def _insert_if_missing(database: RawDatabase, table: str, unique: str, **values: Any) -> None:
    if database.rows(f"SELECT 1 FROM {table} WHERE {unique} = ?", [values[unique]]):
        return
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))


def register_user(user: UserSettings) -> int:
    """Return the id of a user's row; insert it, or bring handle and name up to date.

    Args:
        user: the identity.

    Raises:
        NoWriteAccess: if the row is missing and the database can't be written.
    """
    from django.db import DatabaseError, transaction

    from lamindb.base.registries import registry
    from lamindb.setup._django import setup_django
    from lamindb.setup.errors import NoWriteAccess

    setup_django()
    User = registry("User")
    row = User._base_manager.filter(uid=user.uid).first() or User._base_manager.filter(handle=user.handle).first()
    if row is not None:
        return int(row.id)
    try:
        with transaction.atomic():
            return int(_insert(User, uid=user.uid, handle=user.handle, name=user.name).id)
    except DatabaseError as error:
        row = User._base_manager.filter(uid=user.uid).first()  # another process may have been faster
        if row is not None:
            return int(row.id)
        raise NoWriteAccess(
            f"user {user.handle!r} is not registered in this instance, and the connection may not write: {error}"
        ) from error


def update_user(user: UserSettings) -> None:
    """Bring handle and name of a registered user up to date."""
    from lamindb.base.registries import registry

    User = registry("User")
    known = User._base_manager.filter(uid=user.uid).first()
    if known is None or (known.handle == user.handle and (user.name is None or known.name == user.name)):
        return
    User._base_manager.filter(uid=user.uid).update(
        handle=user.handle, **({"name": user.name} if user.name is not None else {})
    )


def _insert(model: Any, **values: Any) -> Any:
    """Insert a row without the rules of record construction, which need the very rows that are being inserted."""
    from django.db.models import Model

    names = {field.name for field in model._meta.concrete_fields} | {
        field.attname for field in model._meta.concrete_fields
    }
    record = model.__new__(model)
    Model.__init__(record, **{name: value for name, value in values.items() if name in names})
    record.save_base(force_insert=True)
    return record
