"""Trash, restoring and permanent deletion of records and query sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from lamindb.base.context import MAIN_BRANCH_ID, TRASH_BRANCH_ID
from lamindb.base.logging import logger

#: Rows that an error shows.
_MAX_SHOWN: Final = 10


def has_trash(registry: Any) -> bool:
    """Tell whether records of `registry` can be moved to the trash (domain registries other than Storage)."""
    return hasattr(registry, "restore") and getattr(registry, "_has_trash", True)


def delete_record(record: Any, permanent: bool | None = None, **kwargs: Any) -> Any:
    """Delete one record; see `BaseSQLRecord.delete`."""
    registry = type(record)
    _refuse_other_databases(record)
    if record._state.adding or record.pk is None:
        logger.warning("record is not yet saved, delete has no effect")
        return None
    if not has_trash(registry):
        _refuse_soft_delete(registry, permanent)
        permanent = True
    elif permanent is None and record.branch_id == TRASH_BRANCH_ID:
        permanent = _confirmed(record)
    if permanent:
        with _saying_what_refers_to_it():
            return (
                record._delete_permanently(**kwargs) if hasattr(record, "_delete_permanently") else _delete_row(record)
            )
    if record.branch_id != TRASH_BRANCH_ID:
        move_to_trash(record)
    return None


class _Rows(set[Any]):
    """Rows that refer to others, shown abridged."""

    def __repr__(self) -> str:
        shown = [_shown(row) for row in list(self)[:_MAX_SHOWN]]
        if len(self) > _MAX_SHOWN:
            shown.append(f"… and {len(self) - _MAX_SHOWN} more")
        return f"{{{', '.join(shown)}}}"


def _shown(row: Any) -> str:
    """Return a row as text; one of which only the key was loaded is named by it."""
    is_loaded = len(row.get_deferred_fields()) < len(row._meta.concrete_fields) - 1
    return repr(row) if is_loaded else f"{type(row).__name__}(id={row.pk})"


@contextmanager
def _saying_what_refers_to_it() -> Iterator[None]:
    """Show some of the rows that protect one, not tens of thousands; say which modules may refer to it that this process lacks."""
    from lamindb.setup.databases import open_database

    try:
        yield
    except (ProtectedError, RestrictedError) as error:
        error.args = (error.args[0], _Rows(error.args[1]))
        raise
    except IntegrityError as error:
        missing = open_database(None).missing if "foreign key" in str(error).lower() else ()
        if not missing:
            raise
        raise IntegrityError(
            f"Nothing was deleted, because rows of modules that are not loaded here refer to it: {', '.join(missing)}. "
            f"Install them and delete these rows first. The database says: {error}"
        ) from error


def _refuse_soft_delete(registry: Any, permanent: bool | None) -> None:
    if permanent is False:
        raise ValueError(
            f"Soft delete is not possible for {registry.__name__}, "
            "use 'permanent=True' or 'permanent=None' for permanent deletion."
        )


def _refuse_other_databases(record: Any) -> None:
    if record._state.db not in (None, "default"):
        from lamindb.errors import NoWriteAccess

        raise NoWriteAccess(
            f"{type(record).__name__} {record.uid if hasattr(record, 'uid') else record.pk} lives in {record._state.db}, which is open "
            f"for queries only. To change it, connect to that instance: ln.connect('{record._state.db}')"
        )


def _confirmed(record: Any) -> bool:
    try:
        answer = input(
            f"{record} is already in trash! Are you sure you want to delete it from your database? You can't undo this action. (y/n) "
        )
    except EOFError:
        raise ValueError(
            f"{type(record).__name__} {record.uid} is already in trash, and nobody answers the question whether to delete it for good: "
            "pass permanent=True"
        ) from None
    return answer.strip() == "y"


def _delete_row(record: Any) -> tuple[int, dict[str, int]]:
    registry = type(record)
    if not getattr(registry, "_is_versioned", False):
        return record._delete_row()
    from lamindb.models.versioning import lock_families, recompute_latest

    branch_id, stem_uid = getattr(record, "branch_id", None), record.stem_uid
    with transaction.atomic():
        lock_families(registry, [stem_uid])
        result = record._delete_row()
        promoted = recompute_latest(registry, stem_uid, branch_id) if branch_id is not None else None
    if promoted is not None:
        logger.important_hint("new latest %s version is: %s", registry.__name__, promoted)
    return result


def move_to_trash(record: Any) -> None:
    """Move a record, and all records below it if it is a type, to the trash."""
    with transaction.atomic():
        if getattr(record, "is_type", False):
            _trash_descendants(type(record), [record.pk])
        record.branch_id = TRASH_BRANCH_ID
        record.save()
    logger.important("moved record to trash: %s", record)


def _trash_descendants(registry: Any, types: list[Any]) -> None:
    level, seen = types, set(types)
    while level:
        below = registry.objects.filter(type_id__in=level).exclude(pk__in=seen).exclude(branch_id=TRASH_BRANCH_ID)
        children = list(below)
        for child in children:
            child.branch_id = TRASH_BRANCH_ID  # as the log shows it
            logger.important("moved record to trash: %s", child)
        level = [child.pk for child in children]
        seen.update(level)
        registry.objects.filter(pk__in=level).update(branch_id=TRASH_BRANCH_ID)


def restore_record(record: Any) -> None:
    """Move a record to the main branch; the latest version of its family is determined anew."""
    _refuse_other_databases(record)
    record.branch_id = MAIN_BRANCH_ID
    record.save()


def delete_query_set(queryset: Any, permanent: bool | None = None, **kwargs: Any) -> Any:
    """Delete the records of a query set; see `QuerySet.delete`."""
    registry = queryset.model
    per_record = registry.__name__ in ("Artifact", "Collection", "Storage") or hasattr(registry, "_delete_permanently")
    if not has_trash(registry):
        _refuse_soft_delete(registry, permanent)
        if per_record:
            for record in list(queryset):
                record.delete(permanent=permanent, **kwargs)
            return None
        with _saying_what_refers_to_it():
            return _delete_rows(queryset)
    if per_record:
        with transaction.atomic():
            for record in list(queryset):
                record.delete(permanent=bool(permanent), **kwargs)
        return None
    if permanent:
        with _saying_what_refers_to_it():
            return _delete_rows(queryset)
    _trash_query_set(queryset)
    return None


def _delete_rows(queryset: Any) -> Any:
    """Delete the rows at once; families that lose their latest version get another one."""
    registry = queryset.model
    if not getattr(registry, "_is_versioned", False):
        return queryset._delete_rows()
    from lamindb.models.versioning import lock_families, recompute_latest

    stem_length = registry._stem_length()
    with transaction.atomic():
        rows = list(queryset.values_list("pk", "uid", "branch_id", "is_latest"))
        lock_families(registry, {row[1][:stem_length] for row in rows})
        if queryset.query.is_sliced:  # the database can't delete a slice
            queryset = registry.objects.filter(pk__in=[row[0] for row in rows])
        result = queryset._delete_rows()
        families = {(uid[:stem_length], branch_id) for _, uid, branch_id, is_latest in rows if is_latest}
        promoted = [uid for stem, branch_id in families if (uid := recompute_latest(registry, stem, branch_id))]
    if promoted:
        logger.important_hint("new latest %s versions are: %s", registry.__name__, sorted(promoted))
    return result


def _trash_query_set(queryset: Any) -> None:
    registry = queryset.model
    if getattr(registry, "_is_versioned", False):
        _trash_versions(registry, queryset)
    elif any(field.name == "is_type" for field in registry._meta.concrete_fields):
        with transaction.atomic():  # what belongs to a type goes with it
            _trash_descendants(registry, list(queryset.filter(is_type=True).values_list("pk", flat=True)))
            queryset.update(branch_id=TRASH_BRANCH_ID)
    else:
        queryset.update(branch_id=TRASH_BRANCH_ID)
    logger.warning("moved records to trash (branch_id = -1)")


def _trash_versions(registry: Any, queryset: Any) -> None:
    from lamindb.models.versioning import lock_families, recompute_latest

    stem_length = registry._stem_length()
    with transaction.atomic():
        rows = [row for row in queryset.values_list("id", "uid", "branch_id", "is_latest") if row[2] != TRASH_BRANCH_ID]
        lock_families(registry, {row[1][:stem_length] for row in rows})
        registry.objects.filter(id__in=[row[0] for row in rows]).update(branch_id=TRASH_BRANCH_ID)
        families = {(uid[:stem_length], branch_id) for _, uid, branch_id, is_latest in rows if is_latest}
        promoted = {stem: uid for stem, branch_id in families if (uid := recompute_latest(registry, stem, branch_id))}
        demoted = [id_ for id_, uid, _, is_latest in rows if is_latest and uid[:stem_length] in promoted]
        if demoted:
            registry.objects.filter(id__in=demoted).update(is_latest=False)
    if promoted:
        logger.important_hint("new latest %s versions are: %s", registry.__name__, sorted(promoted.values()))
