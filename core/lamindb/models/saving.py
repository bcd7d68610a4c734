"""Saving one record: transfer, name changes, versions, and what a violated unique constraint means."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from lamindb.base import context
from lamindb.base.context import MAIN_BRANCH_ID, TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.errors import FieldValidationError, NoWriteAccess

#: Columns whose violated uniqueness means "this record exists".
IDENTITY_COLUMNS = {"uid", "root", "ontology_id", "scientific_name", "ensembl_gene_id", "uniprotkb_id"}
#: How often a new version retries with the next number when another process took its uid.
MAX_VERSION_RETRIES = 50
_NO_NAME_CHECK = {"Artifact", "Collection", "Transform", "Schema"}
_PROJECT_REGISTRIES = {
    "Artifact", "Transform", "Run", "ULabel", "Record", "Feature", "Schema", "Collection", "Reference",
}  # fmt: skip


def save_record(record: Any, *args: Any, **kwargs: Any) -> Any:
    """Save `record` to the connected instance; see `BaseSQLRecord.save`."""
    if args:
        raise TypeError("save() takes keyword arguments only")
    options = transfer_options(kwargs.pop("transfer", None), kwargs.pop("depth", 0))
    using = kwargs.pop("using", None)
    if record._state.db not in (None, "default") and using is None:
        from lamindb.models.transfer import transfer_record

        return transfer_record(record, **options)
    if using not in (None, "default"):
        from lamindb.models.db import save_to

        return save_to(record, using, **kwargs)
    is_new = record._state.adding
    check_before_saving(record)
    if not is_new:
        _warn_of_renaming(record)
    touch(record, kwargs)
    if is_new and getattr(record, "_is_versioned", False):
        _insert_version(record, kwargs)
    else:
        _save_row(record, kwargs)
    if is_new:
        _link_current_project(record)
    return record


def transfer_options(transfer: str | None, depth: int = 0) -> dict[str, Any]:
    """Return the arguments of `save` that say how a record of another instance is copied.

    Raises:
        ValueError: for an unknown mode or a depth that is no number of levels.
    """
    if transfer is not None:
        from lamindb.models.transfer import check_mode

        check_mode(transfer)
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 0:
        raise ValueError(f"depth is how many levels below a type are copied: 0, 1, 2, …, not {depth!r}")
    return {"transfer": transfer, "depth": depth}


def check_before_saving(record: Any) -> None:
    """Raise for values that can't be stored: too long texts, wrong or cyclic types."""
    from lamindb.models.construction import check_lengths, run_validators
    from lamindb.models.sqlrecord import ValidateFields

    check_lengths(type(record), record.__dict__)
    if isinstance(record, ValidateFields):
        run_validators(type(record), record.__dict__)
    if record.__dict__.get("type_id") is not None:
        original = {} if record._state.adding else getattr(record, "_original_values", {})
        is_moved = record.type_id != original.get("type_id")
        if is_moved and not record._state.adding:
            from lamindb.models.has_type import check_no_cycle

            check_no_cycle(record)
        if is_moved or record.space_id != original.get("space_id"):
            from lamindb.models.type_settings import check_single_space

            check_single_space(record)


def touch(record: Any, kwargs: dict[str, Any]) -> None:
    """Advance `updated_at`; a record that is inserted with an explicit time (a transferred one) keeps it."""
    if not any(field.name == "updated_at" for field in record._meta.concrete_fields):
        return
    if record._state.adding and record.updated_at is not None:
        return
    record.updated_at = timezone.now()
    if kwargs.get("update_fields") is not None:
        kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at"}


def _save_row(record: Any, kwargs: dict[str, Any]) -> None:
    original = getattr(record, "_original_values", {})
    old_branch_id = original.get("branch_id")
    moved = (
        not record._state.adding
        and getattr(record, "_is_versioned", False)
        and old_branch_id is not None
        and old_branch_id != getattr(record, "branch_id", None)
    )
    _leave_latest_alone(record, original, kwargs)
    with transaction.atomic() if moved else nullcontext():
        if moved:
            from lamindb.models.versioning import lock_families

            lock_families(type(record), [record.stem_uid])
        if _write(record, kwargs) and moved:
            from lamindb.models.versioning import after_branch_change

            after_branch_change(record, old_branch_id)


def _leave_latest_alone(record: Any, original: dict[str, Any], kwargs: dict[str, Any]) -> None:
    """Do not write back whether a stored version is the latest: a later version may have been saved since the record was loaded."""
    if (
        record._state.adding
        or record.pk is None
        or "is_latest" not in original
        or original["is_latest"] != record.is_latest
    ):
        return
    if kwargs.get("update_fields") is not None or kwargs.get("force_insert"):
        return
    kwargs["update_fields"] = {
        field.name
        for field in record._meta.concrete_fields
        if not field.primary_key and field.name != "is_latest" and field.attname in record.__dict__
    }


def _write(record: Any, kwargs: dict[str, Any]) -> bool:
    """Insert or update the row; `False` if an existing row took its place."""
    in_transaction = connections["default"].in_atomic_block
    try:
        with transaction.atomic() if in_transaction else nullcontext():
            record._save_row(**{**kwargs, "using": "default"})
    except IntegrityError as error:
        if not record._state.adding or not _take_existing(record, violated_columns(error, type(record))):
            raise
        return False
    except Exception as error:
        if "read-only" in str(error) or "readonly database" in str(error):
            raise NoWriteAccess(
                f"The connected database is open for reading only, so this {type(record).__name__} was not saved: {error}"
            ) from error
        raise
    return True


def _insert_version(record: Any, kwargs: dict[str, Any]) -> None:
    from lamindb.models.versioning import demote_predecessors, lock_families, next_uid

    continues, uid_is_taken = False, False
    for _ in range(MAX_VERSION_RETRIES):
        try:
            with transaction.atomic():
                record._settle_family()
                continues = record.__dict__.get("_revises") is not None
                if continues:
                    lock_families(type(record), [record.stem_uid])
                if uid_is_taken:  # another process was faster: nobody else can number this family until we are done
                    record.uid = next_uid(type(record), record.stem_uid)
                demote_predecessors(record)
                record._save_row(**{**kwargs, "using": "default"})
            break
        except IntegrityError as error:
            columns = violated_columns(error, type(record))
            if columns == {"uid"} and continues:
                uid_is_taken = True
                continue
            if _take_existing(record, columns):
                break
            raise
    else:
        raise NoWriteAccess(f"could not find a free version of {record.stem_uid} in {MAX_VERSION_RETRIES} attempts")
    record.__dict__.pop("_revises", None)


def violated_columns(error: IntegrityError, registry: Any) -> set[str]:
    """Return the columns of the unique constraint that `error` reports (empty for other constraints)."""
    diagnostics = getattr(error.__cause__, "diag", None)
    if diagnostics is not None:  # PostgreSQL
        match = re.match(r"Key \((.+?)\)=", diagnostics.message_detail or "")
        if match is None or error.__cause__.__class__.__name__ != "UniqueViolation":
            return set()
        columns = {column.strip().strip('"') for column in match[1].split(",")}
    else:
        match = re.search(r"UNIQUE constraint failed: (.+)", str(error))
        if match is None:
            return set()
        columns = _sqlite_columns(match[1], registry)
    known = {field.column for field in registry._meta.concrete_fields}
    return columns if columns <= known else set()


def _sqlite_columns(text: str, registry: Any) -> set[str]:
    if text.startswith("index "):
        name = text.removeprefix("index ").strip("'")
        constraint = next((c for c in registry._meta.constraints if c.name == name), None)
        fields = getattr(constraint, "fields", ()) or ()
        return {registry._meta.get_field(field).column for field in fields}
    return {part.strip().split(".")[-1] for part in text.split(",")}


def _take_existing(record: Any, columns: set[str]) -> bool:
    """Let `record` become the row whose uniqueness it violated, where that is what the user meant."""
    registry = type(record)
    if "hash" in columns:
        return _take_same_hash(record, columns)
    if not columns & IDENTITY_COLUMNS or not hasattr(registry, "branch"):
        return False
    values = {column: getattr(record, _attname(registry, column)) for column in columns}
    existing = registry.objects.filter(**values).first()
    if existing is None:
        return False
    from lamindb.models.construction import _become

    if existing.branch_id == MAIN_BRANCH_ID:
        logger.warning("returning %s record with same %s: %s", registry.__name__, sorted(columns), existing)
        _become(record, existing)
        return True
    new_values = {
        field.attname: value
        for field in registry._meta.concrete_fields
        if (value := getattr(record, field.attname)) is not None
        and not field.primary_key
        and field.name not in ("created_at", "created_on")
    }
    _become(record, existing)
    for name, value in new_values.items():
        setattr(record, name, value)
    record.save()
    return True


def _take_same_hash(record: Any, columns: set[str]) -> bool:
    registry = type(record)
    values = {column: getattr(record, _attname(registry, column)) for column in columns}
    existing = registry.objects.filter(**values).first()
    if existing is None:
        return False
    from lamindb.models.construction import _become

    in_trash = existing.branch_id == TRASH_BRANCH_ID
    logger.warning(
        "returning %s %swith same hash & key: %s",
        registry.__name__.lower(),
        "from trash " if in_trash else "",
        existing,
    )
    _become(record, existing)
    if in_trash:
        record.branch_id = MAIN_BRANCH_ID
        _save_row(record, {})  # also settles which version is the latest now
    return True


def _attname(registry: Any, column: str) -> str:
    return next(field.attname for field in registry._meta.concrete_fields if field.column == column)


def _warn_of_renaming(record: Any) -> None:
    """Say which artifacts hold the old name of a label or feature in their data."""
    registry = type(record)
    name = registry._name_field or "name"
    original = getattr(record, "_original_values", {})
    if registry.__name__ in _NO_NAME_CHECK or name not in original:
        return
    old, new = original[name], getattr(record, name, None)
    if old == new or old is None:
        return
    if registry.__name__ == "Feature":
        schemas = registry._meta.get_field("schemas").related_model
        uids = list(
            schemas.objects.filter(features=record)
            .values_list("artifacts__uid", flat=True)
            .exclude(artifacts__uid=None)
        )
        log, what = logger.warning, "feature"
    elif hasattr(registry, "artifacts") and registry.__name__ != "Storage":
        uids = _artifacts_labelled_through_feature(record)
        log, what = logger.error, "label"
    else:
        return
    if uids:
        log(
            "by renaming %s from '%s' to '%s' %d artifact(s) no longer match(es) the %s name in storage: %s\n→ consider re-curating",
            what,
            old,
            new,
            len(uids),
            what,
            uids,
        )


def _artifacts_labelled_through_feature(record: Any) -> list[str]:
    through = type(record).artifacts.rel.through
    target = next(
        (field for field in through._meta.fields if field.is_relation and field.related_model is type(record)), None
    )
    if target is None or not any(field.name == "feature" for field in through._meta.fields):
        return []
    from lamindb.query.feature_dtypes import label_field, names_registry

    name = type(record)._name_field or "name"
    links = through.objects.filter(**{target.name: record, "feature__isnull": False})
    # where the dtype names another field, such as the ontology id, the data doesn't hold the name
    features = [
        feature_id
        for feature_id, dtype in links.values_list("feature_id", "feature___dtype_str").distinct()
        if names_registry(dtype, type(record)) and label_field(dtype, type(record)) in (None, name)
    ]
    if not features:
        return []
    return list(links.filter(feature_id__in=features).values_list("artifact__uid", flat=True).distinct())


def _link_current_project(record: Any) -> None:
    project = context.current_project_var.get()
    if project is None or type(record).__name__ not in _PROJECT_REGISTRIES:
        return
    if getattr(record, "kind", None) == "__lamindb_run__":
        return
    record.projects.add(project)


def check_saved(record: Any) -> None:
    """Raise unless `record` is saved in the connected instance."""
    if record._state.adding:
        raise FieldValidationError(f"{record} is not saved yet: call .save() first")
