"""Transfer of records from other instances to the connected one: rows are copied, data stay where they are.

A transfer is one transaction. How rows and links are copied is written in `transfer_rows`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name, registry
from lamindb.base.settings import creation_settings
from lamindb.errors import NoWriteAccess
from lamindb.models.transfer_rows import RowCopier
from lamindb.setup.databases import DEFAULT, OpenDatabase, opened_database

#: Accepted values of `transfer`, and what they mean.
MODES = {"record": "record", "sqlrecord": "record", "notes": "notes", "annotations": "annotations"}
#: How often a transfer is tried when another process inserts the same rows.
_ATTEMPTS = 3
#: How many records a log line names.
_MAX_LOGGED = 20


def transfer_record(record: Any, transfer: str | None = None, *, depth: int = 0) -> Any:
    """Copy a record of another instance, and what it refers to, into the connected instance.

    Args:
        record: a record that lives in another database; it becomes the local record.
        transfer: `"record"` (default) copies the row and all rows it refers to; `"notes"` also the latest readme; `"annotations"`
            also labels, feature values and schemas.
        depth: how many levels of the records below a type are copied, too.

    Returns:
        The record itself. If the connected instance has a record with this uid already, on whichever branch, it is that record.

    Raises:
        ValueError: for an unknown mode.
        NotImplementedError: if the record is not the latest version of its family.
        NoWriteAccess: if the connected database can't be written.

    Example:
        >>> artifact = ln.Artifact.connect("owner/name").get(key="cells.h5ad")  # doctest: +SKIP
        >>> artifact.save(transfer="annotations")  # doctest: +SKIP
    """
    transfer_records([record], transfer, depth=depth)
    return record


def transfer_records(records: Iterable[Any], transfer: str | None = None, *, depth: int = 0) -> None:
    """Transfer many records in one transaction, with a constant number of statements per registry; see `transfer_record`."""
    records = list(records)
    mode = check_mode(transfer)
    for record in records:
        _check_is_latest(record)
    for attempt in range(_ATTEMPTS):
        try:
            becoming, copiers = _transfer(records, mode, depth)
            break
        except IntegrityError:  # another process may be transferring the same rows: they are found the next time
            if attempt == _ATTEMPTS - 1:
                raise
    for record, local in becoming:
        become(record, local)
    for copier in copiers:
        for model, pks in copier.made.items():
            after_transfer = getattr(model, "_after_transfer", None)
            if after_transfer is not None and pks:
                after_transfer(pks)
        _log("mapped", copier.mapped)
        _log("transferred", copier.transferred)
        if mode == "annotations" and copier.source.missing:
            logger.warning(
                "left out what %s holds of modules that are not mounted here: %s",
                copier.source.alias, ", ".join(copier.source.missing),
            )  # fmt: skip


def _transfer(records: list[Any], mode: str, depth: int) -> tuple[list[tuple[Any, Any]], list[RowCopier]]:
    """Copy the records in one transaction; return which local record each becomes, and what the log is to tell."""
    by_home: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        by_home[record._state.db].append(record)
    becoming: list[tuple[Any, Any]] = []
    copiers: list[RowCopier] = []
    with transaction.atomic():
        for alias, at_home in by_home.items():
            source = opened_database(alias)
            if source.alias == DEFAULT:  # that instance was connected in the meantime
                becoming += _already_here(at_home)
                continue
            copier = RowCopier(source, make_run=_TransferRun(source))
            copiers.append(copier)
            becoming += _copy(copier, at_home, mode, depth)
            copier.make_run.complete()
    return becoming, copiers


def check_mode(transfer: str | None) -> str:
    """Return the mode that `transfer` means.

    Raises:
        ValueError: for any other value.
    """
    mode = MODES.get(transfer or "record") if isinstance(transfer, str | None) else None
    if mode is None:
        raise ValueError(
            f"transfer should be either 'record' or 'annotations', not {transfer}: 'notes' is possible, too"
        )
    return mode


def _check_is_latest(record: Any) -> None:
    if getattr(record, "_is_versioned", False) and not record.is_latest:
        raise NotImplementedError(
            f"You are attempting to transfer a record that's not the latest in its version history: "
            f"{type(record).__name__} {record.uid} of {record._state.db}. Transfer its latest version: record.versions.get(is_latest=True).save()"
        )


def _copy(copier: RowCopier, records: list[Any], mode: str, depth: int) -> list[tuple[Any, Any]]:
    by_registry: dict[Any, list[Any]] = defaultdict(list)
    for record in records:
        by_registry[type(record)].append(record)
    becoming = []
    for model, members in by_registry.items():
        try:
            ids = copier.bring(model, [record.pk for record in members], records=members)
            _copy_below(copier, model, members, depth)
            copier.fill_definitions()
            if mode in ("notes", "annotations"):
                copier.copy_readmes(model, [record.pk for record in members])
            if mode == "annotations":
                copier.copy_links(model, [record.pk for record in members])
                copier.fill_definitions()
        except Exception as error:
            if "read-only" in str(error) or "readonly database" in str(error):
                raise NoWriteAccess(
                    f"The connected database is open for reading only, so nothing was transferred: {error}"
                ) from error
            raise
        local = model.objects.using(DEFAULT).in_bulk({ids[record.pk] for record in members})
        becoming += [(record, local[ids[record.pk]]) for record in members]
    return becoming


def _copy_below(copier: RowCopier, model: Any, records: list[Any], depth: int) -> None:
    if not any(field.name == "type" and field.related_model is model for field in model._meta.concrete_fields):
        return
    level, seen = [record.pk for record in records if record.is_type], set()
    for _ in range(depth):
        seen.update(level)
        below = model.objects.using(copier.source.alias).filter(type_id__in=level, branch_id=context.MAIN_BRANCH_ID)
        members = list(below.exclude(pk__in=seen))
        if not members:
            return
        copier.bring(model, [member.pk for member in members], records=members)
        level = [member.pk for member in members]


def _already_here(records: list[Any]) -> list[tuple[Any, Any]]:
    return [(record, type(record).objects.using(DEFAULT).get(pk=record.pk)) for record in records]


def become(record: Any, local: Any) -> None:
    """Make `record` the local row `local`; nothing that was cached from the other database stays."""
    record.__dict__.clear()
    record.__dict__.update(local.__dict__)


def _log(word: str, labels: list[str]) -> None:
    if labels:
        more = f" and {len(labels) - _MAX_LOGGED} more" if len(labels) > _MAX_LOGGED else ""
        logger.important("%s: %s%s", word, ", ".join(labels[:_MAX_LOGGED]), more)


class _TransferRun:
    """The run that stands for a transfer: made when the first row is copied, one per source and initiating run."""

    def __init__(self, source: OpenDatabase) -> None:
        self._source = source
        self._run: Any = None

    def __call__(self) -> int:
        if self._run is None:
            self._run = self._find_or_make()
        return int(self._run.pk)

    def _find_or_make(self) -> Any:
        Run, active = registry("Run"), context.current_run()
        if active is None and not creation_settings.artifact_silence_missing_run_warning:
            logger.warning("no run & transform got linked, call `ln.track()` & re-run")
        transform = self._transform()
        run = Run.objects.using(DEFAULT).filter(transform=transform, initiated_by_run=active).order_by("id").first()
        if run is None:
            run = Run(
                transform=transform, initiated_by_run=active, status="started", branch_id=context.MAIN_BRANCH_ID
            ).save()
        return run

    def _transform(self) -> Any:
        Transform, instance = registry("Transform"), self._source.instance
        uid = f"{instance.uid}0000"
        existing = Transform.objects.using(DEFAULT).filter(uid=uid).first()
        if existing is not None:
            return existing
        return Transform(
            uid=uid,
            key=f"__lamindb_transfer__/{instance.uid}",
            description=f"Transfer from `{instance.slug}`",
            kind="function",
            branch_id=context.MAIN_BRANCH_ID,
        ).save()

    def complete(self) -> None:
        """Mark the run as completed, if it was needed."""
        if self._run is None:
            return
        self._run.finished_at = timezone.now()
        self._run._status_code = type(self._run)._status_codes["completed"]
        self._run.save()


def describe_row(record: Any) -> str:
    """Name a record in a log line.

    Example:
        >>> describe_row(label)  # doctest: +SKIP
        "ULabel(uid='…')"
    """
    name = qualified_name(type(record))
    return f"{name}(uid='{record.uid}')" if hasattr(record, "uid") else f"{name}({record.pk})"
