"""Writing new or changed records to another instance's database: `record.save(using=...)` and `ln.save(records, using=...)`."""

from __future__ import annotations

import copy
import os
from typing import Any

from django.db import transaction

from lamindb.base import context
from lamindb.base.registries import registry
from lamindb.query.write_guard import allow_writes
from lamindb.setup.databases import DEFAULT, has_registry, open_for_writing


def save_elsewhere(records: list[Any], using: str | os.PathLike[str], **kwargs: Any) -> list[Any]:
    """Write records to another instance in one transaction.

    Args:
        records: unsaved records, or records that live in that instance.
        using: the instance, as for `ln.DB`.
        **kwargs: passed on to Django's `save`.

    Returns:
        The records; their home is that instance.

    Raises:
        ValueError: if a record lives elsewhere, or refers to something that the other database does not have.
        NoWriteAccess: if the other database can't be written.
    """
    with open_for_writing(using) as (alias, opened):
        if alias == DEFAULT:
            for record in records:
                record.save(**kwargs)
            return records
        for record in records:
            _check_home(record, opened.alias)
            if not has_registry(opened, type(record)):
                raise ValueError(f"Instance {opened.instance.slug!r} has no registry {type(record).__name__}")
        before = [_snapshot(record) for record in records]
        try:
            with allow_writes(), transaction.atomic(using=alias):
                for record in records:
                    _write(record, alias, opened.alias, kwargs)
        except BaseException:
            for record, values in zip(records, before, strict=True):
                _restore(record, values)
            raise
        for record in records:
            record._state.db = opened.alias
            record._state.fields_cache.clear()
    return records


def _check_home(record: Any, home: str) -> None:
    if record._state.adding or record._state.db == home:
        return
    raise ValueError(
        f"Please use the transfer flow instead: this {type(record).__name__} lives in {record._state.db}. Connect to the instance that "
        f"shall get it, then call record.save() on the record from ln.DB({record._state.db!r})"
    )


def _write(record: Any, alias: str, home: str, kwargs: dict[str, Any]) -> None:
    from lamindb.models.saving import check_before_saving, touch

    is_new = record._state.adding
    if is_new:
        refer_to(record, alias, home)
    check_before_saving(record)
    touch(record, kwargs)
    if is_new and getattr(record, "_is_versioned", False):
        from lamindb.models.versioning import family

        family(type(record), record.stem_uid, alias).filter(branch_id=record.branch_id).update(is_latest=False)
        record.__dict__.pop("_revises", None)

    def write_row() -> None:
        record._save_row(**{**kwargs, "using": alias, "force_insert": is_new})

    record._write_elsewhere(write_row, alias, home)


def _snapshot(record: Any) -> dict[str, Any]:
    state = copy.copy(record._state)
    state.fields_cache = dict(record._state.fields_cache)
    return {**record.__dict__, "_state": state}


def _restore(record: Any, values: dict[str, Any]) -> None:
    """Let a record be as it was, so that it can be corrected and saved again, wherever."""
    record.__dict__.clear()
    record.__dict__.update(values)


def refer_to(record: Any, alias: str, home: str) -> None:
    """Replace the ids of the connected instance by those that the same rows have in the other one."""
    for field in record._meta.concrete_fields:
        if not field.is_relation:
            continue
        value, related = getattr(record, field.attname), field.related_model
        if field.name == "run" and field.null:
            value = None
        elif field.name == "created_by" and related.__name__ == "User":
            value = _current_user(related, alias)
        elif value is not None:
            value = _same_row(record, field, value, alias, home)
        setattr(record, field.attname, value)


def _same_row(record: Any, field: Any, value: Any, alias: str, home: str) -> Any:
    related = field.related_model
    cached = record._state.fields_cache.get(field.name)
    if cached is not None and cached._state.db == home:
        return value
    uid = related.objects.using(DEFAULT).filter(pk=value).values_list("uid", flat=True).first()
    there = related.objects.using(alias).filter(uid=uid).values_list("pk", flat=True).first()
    if there is not None:
        return there
    if field.name in ("branch", "created_on"):
        return context.MAIN_BRANCH_ID
    if field.name == "space":
        return context.ALL_SPACE_ID
    raise ValueError(
        f"{field.name} of this {type(record).__name__} is {related.__name__} {uid}, which {home} does not have. "
        f"Save it there first: record.{field.name}.save(using={home!r})"
    )


def _current_user(users: Any, alias: str) -> Any:
    current = registry("User").objects.using(DEFAULT).get(pk=context.current_user_id())
    found = users.objects.using(alias).filter(uid=current.uid).values_list("pk", flat=True).first()
    if found is not None:
        return found
    made = users.objects.using(alias).bulk_create([users(uid=current.uid, handle=current.handle, name=current.name)])
    return made[0].pk
