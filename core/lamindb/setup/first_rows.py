"""The rows that every instance starts with: space, user, branches, storage. Writing them again changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamindb.setup.storage_settings import StorageSettings
    from lamindb.setup.user import UserSettings

SPACE_ALL_UID = "a" * 12
_BRANCHES = ((-1, "trash", "t" * 12), (0, "archive", "a" * 12), (1, "main", "m" * 12))


def insert_first_rows(user: UserSettings, storage: StorageSettings, instance_uid: str) -> None:
    """Insert what is missing of the first rows; runs inside the caller's transaction.

    Args:
        user: who sets up the instance.
        storage: default storage location.
        instance_uid: uid of the instance.
    """
    from lamindb.base.registries import registry

    Space, User, Branch, Storage = (registry(name) for name in ("Space", "User", "Branch", "Storage"))
    with_ids: list[Any] = []
    if not Space._base_manager.filter(id=1).exists():
        _insert(
            Space,
            id=1,
            uid=SPACE_ALL_UID,
            name="all",
            description="Every user & team with access to the instance has access.",
        )
        with_ids.append(Space)
    user_id = register_user(user, first_id=1)
    existing = set(Branch._base_manager.filter(id__in=[-1, 0, 1]).values_list("id", flat=True))
    for id, name, uid in _BRANCHES:
        if id not in existing:
            _insert(Branch, id=id, uid=uid, name=name, space_id=1, created_by_id=user_id)
            with_ids.append(Branch)
    if not Storage._base_manager.filter(uid=storage.uid).exists():
        _insert(
            Storage,
            uid=storage.uid,
            root=storage.root_as_str,
            type=storage.type,
            region=storage.region,
            instance_uid=instance_uid,
            created_by_id=user_id,
            space_id=1,
            branch_id=1,
        )
    _reset_sequences([*dict.fromkeys(with_ids), User])


def register_user(user: UserSettings, first_id: int | None = None) -> int:
    """Return the id of a user's row; insert it, or bring handle and name up to date.

    Args:
        user: the identity.
        first_id: id to use if there is no user at all yet.

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
    values: dict[str, Any] = {"uid": user.uid, "handle": user.handle, "name": user.name}
    if first_id is not None and not User._base_manager.exists():
        values["id"] = first_id
    try:
        with transaction.atomic():
            return int(_insert(User, **values).id)
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


def _reset_sequences(models: list[Any]) -> None:
    """Let PostgreSQL count on after ids that were given explicitly."""
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
