"""The statements that every save of an artifact sends: written out, since putting them together anew takes longer than running them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connections

from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.rows import records_of

_NEWEST_FIRST = "ORDER BY created_at DESC, id DESC"


def select_candidates(
    artifact_registry: Any, hash_: str | None, key: str | None, storage_id: int | None, most: int
) -> list[Any]:
    """Return artifacts outside of the trash with a hash, and the newest with a key in a storage location, newest first.

    Args:
        artifact_registry: the class `Artifact`.
        hash_: hash to look for, or `None`.
        key: key to look for, or `None`.
        storage_id: where the key is looked for.
        most: greatest number of artifacts.
    """
    table = artifact_registry._meta.db_table
    conditions: list[str] = []
    parameters: list[Any] = [TRASH_BRANCH_ID]
    if hash_ is not None:
        conditions.append("hash = %s")
        parameters.append(hash_)
    if key is not None and storage_id is not None:
        conditions.append(
            f"id = (SELECT id FROM {table} WHERE key = %s AND storage_id = %s AND branch_id <> %s {_NEWEST_FIRST} LIMIT 1)"
        )
        parameters += [key, storage_id, TRASH_BRANCH_ID]
    if not conditions:
        return []
    where = f"branch_id <> %s AND ({' OR '.join(conditions)})"
    return records_of(
        artifact_registry, f"SELECT * FROM {table} WHERE {where} {_NEWEST_FIRST} LIMIT {most:d}", parameters
    )


def select_newest_with_key(artifact_registry: Any, key: str, storage_id: int) -> Any:
    """Return the newest artifact outside of the trash with a key in a storage location, or `None`."""
    sql = (
        f"SELECT * FROM {artifact_registry._meta.db_table} WHERE key = %s AND storage_id = %s AND branch_id <> %s "
        f"{_NEWEST_FIRST} LIMIT 1"
    )
    found = records_of(artifact_registry, sql, [key, storage_id, TRASH_BRANCH_ID])
    return found[0] if found else None


def select_storages(
    storage_registry: Any,
    roots: Sequence[str],
    id_: int | None = None,
    managed_space: tuple[int, str] | None = None,
    type_: str | None = None,
) -> list[Any]:
    """Return storage locations by root, by id, by space (id, and uid of the managing instance) or by type, ordered by id."""
    conditions = [f"root IN ({', '.join(['%s'] * len(roots))})"]
    parameters: list[Any] = list(roots)
    if id_ is not None:
        conditions.append("id = %s")
        parameters.append(id_)
    if managed_space is not None:
        conditions.append("(space_id = %s AND instance_uid = %s)")
        parameters += managed_space
    if type_ is not None:
        conditions.append("type = %s")
        parameters.append(type_)
    return records_of(
        storage_registry,
        f"SELECT * FROM {storage_registry._meta.db_table} WHERE {' OR '.join(conditions)} ORDER BY id",
        parameters,
    )


def storage_of(artifact: Any) -> Any:
    """Return the storage location of an artifact: the record at hand, else what a statement that is ready finds."""
    at_hand = artifact._state.fields_cache.get("storage")
    if at_hand is not None or artifact.storage_id is None or artifact._state.db not in (None, "default"):
        return artifact.storage
    storage_registry = artifact._meta.get_field("storage").related_model
    found = records_of(
        storage_registry, f"SELECT * FROM {storage_registry._meta.db_table} WHERE id = %s", [artifact.storage_id]
    )
    if not found:
        return artifact.storage
    artifact.storage = found[0]
    return found[0]


def update_aux(artifact: Any) -> None:
    """Write `_aux` of a stored artifact: bytes arrived, which is no change of what the record says."""
    meta, connection = artifact._meta, connections["default"]
    value = meta.get_field("_aux").get_db_prep_save(artifact._aux, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {meta.db_table} SET _aux = %s WHERE id = %s", [value, artifact.pk])


def written_with_the_next() -> AbstractContextManager[None]:
    """Let what is committed here survive a power cut only together with the next commit; it survives the end of the process at once."""
    connection = connections["default"]
    return connection.without_waiting_for_disk() if connection.vendor == "sqlite" else nullcontext()
