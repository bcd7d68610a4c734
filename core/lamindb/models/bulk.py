"""Saving many records at once: one transaction, a constant number of statements per registry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from lamindb.base.context import MAIN_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.errors import NoWriteAccess
from lamindb.models.bulk_insert import insert
from lamindb.models.construction import check_lengths
from lamindb.models.saving import violated_columns
from lamindb.models.versioning import families_with_several

_DEFAULT = "default"


def save(
    records: Iterable[Any], ignore_conflicts: bool = False, batch_size: int = 10000, using: str | None = None
) -> None:
    """Save many records, of any registries, at once; everything but artifacts' data is one transaction.

    Args:
        records: saved and unsaved records; records of other instances are transferred.
        ignore_conflicts: silently leave out new records that exist already; the records then get no id.
        batch_size: number of rows per `INSERT`.
        using: save to another instance, as in `record.save(using=...)`.

    Raises:
        ValueError: for a single record.
        TypeError: if something is no record; nothing is written then.
        RuntimeError: if an artifact could not be saved; the message lists those that were.

    Example:
        >>> ln.save([ln.ULabel(name=f"sample {i}") for i in range(3)])
    """
    from lamindb.models.sqlrecord import BaseSQLRecord

    if isinstance(records, BaseSQLRecord):
        raise ValueError("Please use record.save() if saving a single record.")
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    listed = list({id(record): record for record in records}.values())
    for record in listed:
        if not isinstance(record, BaseSQLRecord):
            raise TypeError(f"save() takes an iterable of records, but it holds {record!r} ({type(record).__name__})")
    if using not in (None, _DEFAULT):
        from lamindb.models.save_elsewhere import save_elsewhere

        save_elsewhere(listed, using)
        return
    remote = [record for record in listed if _is_remote(record)]
    artifacts = [record for record in listed if type(record).__name__ == "Artifact" and not _is_remote(record)]
    others = [record for record in listed if type(record).__name__ != "Artifact" and not _is_remote(record)]
    states = [(record, dict(record.__dict__), record._state.adding, record._state.db) for record in others]
    try:
        with transaction.atomic():
            if remote:
                from lamindb.models.transfer import transfer_records

                transfer_records(remote)
            for group in _in_order(others):
                _save_group(group, ignore_conflicts, batch_size)
    except BaseException as error:
        for record, values, adding, db in states:  # the rows are gone, so the records must not claim to be saved
            record.__dict__.clear()
            record.__dict__.update(values)
            record._state.adding, record._state.db = adding, db
        if "read-only" in str(error) or "readonly database" in str(error):
            raise NoWriteAccess(
                f"The connected database is open for reading only, so nothing was saved: {error}"
            ) from error
        raise
    _save_artifacts(artifacts, batch_size)


def _is_remote(record: Any) -> bool:
    return record._state.db not in (None, _DEFAULT) and not record._state.adding


def _in_order(records: list[Any]) -> Iterator[list[Any]]:
    """Group records by registry, those first that others refer to."""
    unsaved = {id(record) for record in records if record._state.adding}
    depths: dict[int, int] = {}

    def depth(record: Any) -> int:
        key = id(record)
        if key not in depths:
            depths[key] = 0  # a cycle of unsaved records ends here; the database tells what is missing
            cached = record._state.fields_cache.values()
            depths[key] = max((depth(related) + 1 for related in cached if id(related) in unsaved), default=0)
        return depths[key]

    groups: dict[tuple[int, Any], list[Any]] = defaultdict(list)
    for record in records:
        groups[(depth(record) if record._state.fields_cache else 0, type(record))].append(record)
    for key in sorted(groups, key=lambda key: key[0]):
        yield groups[key]


def _save_group(records: list[Any], ignore_conflicts: bool, batch_size: int) -> None:
    registry = type(records[0])
    for record in records:
        check_lengths(registry, record.__dict__)
    new = [record for record in records if record._state.adding]
    stored = {record.pk: record for record in records if not record._state.adding}
    before = getattr(registry, "_before_bulk_save", None)
    if before is not None:
        before(new)
    if new:
        _insert(registry, new, ignore_conflicts, batch_size)
    if stored:
        _update(registry, list(stored.values()), batch_size)
    after = getattr(registry, "_after_bulk_save", None)
    if after is not None and not ignore_conflicts:
        after(records)


# inserting ----------------------------------------------------------------------------------------------------------------


def _insert(registry: Any, records: list[Any], ignore_conflicts: bool, batch_size: int) -> None:
    versioned = getattr(registry, "_is_versioned", False)
    if versioned:
        _number_versions(registry, records)
    if len(records) > batch_size:
        logger.important(
            "starting creation of %d %s records in batches of %d", len(records), registry.__name__, batch_size
        )
    n_batches = -(-len(records) // batch_size)
    for number, start in enumerate(range(0, len(records), batch_size), start=1):
        batch = records[start : start + batch_size]
        if n_batches > 1:
            logger.info("processing batch %d/%d for %s: %d records", number, n_batches, registry.__name__, len(batch))
        if ignore_conflicts:
            registry.objects.using(_DEFAULT).bulk_create(batch, ignore_conflicts=True)
        else:
            _insert_batch(registry, batch)
    if versioned:
        _settle(registry, families_with_several(records))


def _insert_batch(registry: Any, records: list[Any]) -> None:
    """Insert records; those that violate a unique constraint are then saved one by one, with the rules of a single save."""
    conflicting: list[Any] = []
    while records:
        try:
            insert(registry, records, _DEFAULT)
            break
        except IntegrityError as error:
            columns = violated_columns(error, registry)
            clashing = _clashing(registry, records, columns) if columns else set()
            if not clashing:
                raise
            conflicting += [record for record in records if id(record) in clashing]
            records = [record for record in records if id(record) not in clashing]
            _warn_of_revival(registry, conflicting, columns)
    for record in records:
        record._remember_original()
    for record in conflicting:
        record.save()


def _clashing(registry: Any, records: list[Any], columns: set[str]) -> set[int]:
    """Return the ids of the objects whose values are in the database already, or earlier in the list."""
    attnames = sorted(field.attname for field in registry._meta.concrete_fields if field.column in columns)
    keys = {id(record): tuple(getattr(record, name) for name in attnames) for record in records}
    lookup = {f"{name}__in": {key[i] for key in keys.values()} for i, name in enumerate(attnames)}
    seen = set(registry.objects.using(_DEFAULT).filter(**lookup).values_list(*attnames))
    clashing = set()
    for record in records:
        key = keys[id(record)]
        if key in seen:
            clashing.add(id(record))
        seen.add(key)
    return clashing


def _warn_of_revival(registry: Any, records: list[Any], columns: set[str]) -> None:
    if not hasattr(registry, "branch"):
        return
    attnames = sorted(field.attname for field in registry._meta.concrete_fields if field.column in columns)
    lookup = {f"{name}__in": {getattr(record, name) for record in records} for name in attnames}
    n = registry.objects.using(_DEFAULT).filter(**lookup).exclude(branch_id=MAIN_BRANCH_ID).count()
    if n:
        logger.warning(
            "some %s records with the same (%s) already exist in non-default branches - moving them to the default branch",
            registry.__name__, ", ".join(attnames),
        )  # fmt: skip


# versions -----------------------------------------------------------------------------------------------------------------


def _number_versions(registry: Any, records: list[Any]) -> None:
    """Give new records of one family consecutive versions: those with one key, and those that revise the same record."""
    from lamindb.models.versioning import FIRST_VERSION, increment_uid, lock_families, newest_uids

    stem_length = registry._stem_length()
    stem_of_key: dict[str, str] = {}
    for record in records:
        key = getattr(record, "key", None)
        is_first = record.uid.endswith(FIRST_VERSION) and record.__dict__.get("_revises") is None
        if key is None:
            continue
        stem = stem_of_key.setdefault(key, record.uid[:stem_length])
        if is_first and not record.uid.startswith(stem):
            record.uid = stem + FIRST_VERSION
    families: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        families[record.uid[:stem_length]].append(record)
    several = {stem for stem, members in families.items() if len(members) > 1 or "_revises" in members[0].__dict__}
    if not several:
        return
    lock_families(registry, several)
    newest = newest_uids(registry, several)
    for stem in several:
        following = increment_uid(newest[stem]) if stem in newest else stem + FIRST_VERSION
        for record in families[stem]:
            record.uid = following
            following = increment_uid(following)


def _settle(registry: Any, records: list[Any]) -> None:
    """Leave one latest version per family and branch, also on the objects at hand."""
    if not records:
        return
    from lamindb.models.versioning import settle_families

    settle_families(registry, {record.stem_uid for record in records})
    involved = list(records)
    for record in records:
        revises = record.__dict__.pop("_revises", None)
        if revises is not None:
            involved.append(revises)
    flags = dict(
        registry.objects.using(_DEFAULT)
        .filter(pk__in=[record.pk for record in involved if record.pk is not None])
        .values_list("pk", "is_latest")
    )
    for record in involved:
        record.is_latest = flags.get(record.pk, record.is_latest)
        record._remember_original()


# updating -----------------------------------------------------------------------------------------------------------------


def _update(registry: Any, records: list[Any], batch_size: int) -> None:
    """Write all columns but id and created_at of stored records: an `INSERT` that turns into an update of the row with this id."""
    for record in records:
        if "type_id" in record.__dict__ and record.type_id != getattr(record, "_original_values", {}).get("type_id"):
            from lamindb.models.has_type import check_no_cycle

            check_no_cycle(record)
    # which version is the latest may have changed since a record was loaded; moves between branches settle it below
    kept = {"created_at", "is_latest"} if getattr(registry, "_is_versioned", False) else {"created_at"}
    names = [field.name for field in registry._meta.concrete_fields if not field.primary_key and field.name not in kept]
    if "updated_at" in names:
        now = timezone.now()
        for record in records:
            record.updated_at = now
    if len(records) > batch_size:
        logger.warning(
            "starting update for %d %s records in batches of %d", len(records), registry.__name__, batch_size
        )
    moved = _moved_families(registry, records)
    if moved:
        from lamindb.models.versioning import lock_families

        lock_families(registry, {record.stem_uid for record in moved})
    for start in range(0, len(records), batch_size):
        registry.objects.using(_DEFAULT).bulk_create(
            records[start : start + batch_size],
            update_conflicts=True,
            update_fields=names,
            unique_fields=[registry._meta.pk.name],
        )
    if moved:
        _settle(registry, moved)
    for record in records:
        record._remember_original()


def _moved_families(registry: Any, records: list[Any]) -> list[Any]:
    if not getattr(registry, "_is_versioned", False):
        return []
    return [
        record
        for record in records
        if getattr(record, "_original_values", {}).get("branch_id", record.branch_id) != record.branch_id
    ]


# artifacts ----------------------------------------------------------------------------------------------------------------


def _save_artifacts(artifacts: list[Any], batch_size: int) -> None:
    """Save artifacts: new ones of local locations together, the others one after another; the first failure stops."""
    from lamindb.artifacts.bulk_storing import can_store_together
    from lamindb.models.artifact_bulk import is_as_looked_up, is_plain_update, needs_own_save

    together = [artifact for artifact in artifacts if can_store_together(artifact) and not needs_own_save(artifact)]
    done = list(together) if len(together) > 1 else []
    if done:
        _store_together(done, batch_size)
    handled = {id(artifact) for artifact in done}
    rest = [artifact for artifact in artifacts if id(artifact) not in handled and not is_as_looked_up(artifact)]
    updated = {artifact.pk: artifact for artifact in rest if is_plain_update(artifact)}
    if updated:
        with transaction.atomic():
            _update(type(rest[0]), list(updated.values()), batch_size)
    for artifact in rest:
        if updated.get(artifact.pk) is artifact:
            continue
        try:
            artifact.save()
        except Exception as error:
            if connections[_DEFAULT].in_atomic_block:
                raise
            if done:
                lines = "\n".join(f"- {saved.uid} {saved.key or saved.description or ''}".rstrip() for saved in done)
                report = (
                    f"The following entries have been successfully uploaded and committed to the database:\n{lines}"
                )
            else:
                report = "No entries were uploaded or committed to the database."
            raise RuntimeError(
                f"{report}\nSaving {artifact.uid} {artifact.key or ''} failed: {type(error).__name__}: {error}"
            ) from error
        done.append(artifact)


def _store_together(artifacts: list[Any], batch_size: int) -> None:
    from lamindb.artifacts.bulk_storing import store_together
    from lamindb.models.artifact_bulk import check_new, forget_rows, insert_rows

    store_together(
        artifacts,
        check_new,
        lambda new: insert_rows(new, lambda rows: _insert(type(rows[0]), rows, False, batch_size)),
        forget_rows,
    )
