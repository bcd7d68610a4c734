"""The statements that every save of an artifact sends: written out, since putting them together anew takes longer than running them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

from django.db import connections

from lamindb.base.context import TRASH_BRANCH_ID

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
    return _raw(artifact_registry, f"SELECT * FROM {table} WHERE {where} {_NEWEST_FIRST} LIMIT {most:d}", parameters)


def select_newest_with_key(artifact_registry: Any, key: str, storage_id: int) -> Any:
    """Return the newest artifact outside of the trash with a key in a storage location, or `None`."""
    sql = (
        f"SELECT * FROM {artifact_registry._meta.db_table} WHERE key = %s AND storage_id = %s AND branch_id <> %s "
        f"{_NEWEST_FIRST} LIMIT 1"
    )
    found = _raw(artifact_registry, sql, [key, storage_id, TRASH_BRANCH_ID])
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
    return _raw(
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
    found = _raw(
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


def _raw(registry: Any, sql: str, parameters: list[Any]) -> list[Any]:
    """Return the records of a statement; making records is left out if there are no rows, which is the rule for new artifacts."""
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
        if not rows:
            return []
        columns = [description[0] for description in cursor.description]
    connection = connections["default"]
    names, converters = _layout(registry, tuple(columns), connection.vendor)
    records = []
    for row in rows:
        values = list(row)
        for position, column, made in converters:
            for converter in made:
                values[position] = converter(values[position], column, connection)
        records.append(registry.from_db("default", names, values))
    return records


@cache
def _layout(registry: Any, columns: tuple[str, ...], vendor: str) -> tuple[list[str], list[tuple[int, Any, list[Any]]]]:
    """Return the attributes of columns, and for those whose values have to be converted: position, column and converters."""
    connection = connections["default"]
    fields = {field.column: field for field in registry._meta.concrete_fields}
    converters = []
    for position, name in enumerate(columns):
        column = fields[name].get_col(registry._meta.db_table)
        made = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        if made:
            converters.append((position, column, made))
    return [fields[name].attname for name in columns], converters
