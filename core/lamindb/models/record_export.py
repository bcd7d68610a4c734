"""Records of a type as a data frame and as an artifact: `sheet.to_dataframe()`, `sheet.to_artifact()`."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from lamindb.annotation.row_keys import row_key_of
from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.registries import registry

if TYPE_CHECKING:
    import pandas as pd

    from lamindb.models import Artifact, Record, Run

EXPORT_TRANSFORM = "__lamindb_record_export__"
_COLUMN = "__lamindb_record_{}__"


def frame_of_type(
    record: Record,
    recurse: bool = False,
    is_run_input: bool | Run | None = None,
    include: str | list[str] | None = None,
    order_by: str | None = "id",
    limit: int | None = None,
) -> pd.DataFrame:
    """Return the records of a type as a data frame; see `Record.to_dataframe`."""
    started_at = timezone.now()
    frame = _frame(record, recurse, include, order_by, limit)
    if is_run_input is not False:
        with transaction.atomic():
            run = _given_run(is_run_input) or _new_run(started_at, finished_at=timezone.now())
            record.input_of_runs.add(run)
    return frame


def artifact_of_type(
    record: Record,
    key: str | None = None,
    suffix: str | None = None,
    is_run_input: bool | Run | None = None,
    recurse: bool = False,
    **kwargs: Any,
) -> Artifact:
    """Save the records of a type as an artifact; see `Record.to_artifact`."""
    if not record.is_type:
        raise AssertionError(
            f"to_artifact() is for records that are types, and {record.name!r} is none (is_type=False)"
        )
    if key is not None and suffix is not None:
        raise AssertionError("Only one of key or suffix can be passed.")
    if key is None:
        key = f"sheet_exports/{record.name}{suffix or '.csv'}"
    _check_suffix(PurePosixPath(key).suffix)
    description = f"Export of sheet {record.uid}" + (f": {record.description}" if record.description else "")
    given = _given_run(None if is_run_input is False else is_run_input)
    run = given or _new_run(timezone.now())
    frame = _frame(record, recurse, **{"order_by": "id", "limit": None, "include": None, **kwargs})
    if is_run_input is not False:
        record.input_of_runs.add(run)
    schema = record.schema
    passed = {} if schema is None else {"schema": schema}
    index = None if schema is None else schema.index
    if index is None:
        frame = frame.reset_index(drop=True)
    elif frame.index.name != index.name:  # an index that is no text has its values in a column
        frame = frame.set_index(index.name)
    if key.endswith((".csv", ".tsv")):
        passed["csv_kwargs"] = {"index": index is not None}
    artifact = registry("Artifact").from_dataframe(frame, key=key, description=description, run=run, **passed)
    if schema is not None:
        artifact.schema = schema  # the same object
    artifact.save()
    if given is None:
        run._status_code = type(run).status_code("completed")
        run.finished_at = timezone.now()
        run.save()
    return artifact


def _frame(
    record: Record, recurse: bool, include: str | list[str] | None, order_by: str | None, limit: int | None
) -> pd.DataFrame:
    import pandas as pd

    from lamindb.query.feature_frame import empty_column, series_by_feature

    query = record.query_records() if recurse else record.records.model.filter(type=record).using(record._state.db)
    query = query.order_by(order_by or "id")
    if limit is not None:
        query = query[:limit]
    rows = list(query.values_list("pk", "uid", "name"))
    ids = [row[0] for row in rows]
    if limit is None or limit > len(ids):
        logger.important("exporting %d records of '%s'", len(ids), record.name)
    else:
        logger.important("exporting the first %d records of '%s'", len(ids), record.name)
    found = series_by_feature(query.model, ids, record._state.db or "default")
    members = [] if record.schema_id is None else list(record.schema.members)
    row_key = row_key_of(record.schema) if record.schema_id is not None else None
    if row_key is not None:
        found.pop(row_key.pk, None)
    columns: dict[str, Any] = {}
    for member in members:
        if row_key is not None and member.pk == row_key.pk:
            continue
        series = found.pop(member.pk, None)
        columns[member.name] = series.values if series is not None else empty_column(member._dtype_str, len(ids))
    for series in sorted(found.values(), key=lambda one: one.name):
        if series.name in columns:
            logger.warning("several features are called '%s': the export holds the values of one of them", series.name)
        columns.setdefault(series.name, series.values)
    for name, position in () if row_key is not None else (("uid", 1), ("name", 2)):
        columns[_COLUMN.format(name)] = pd.Series([row[position] for row in rows], dtype=object)
    if include is not None:
        shown = query.to_dataframe(include=include, limit=None, order_by=None, record_metadata=False)
        columns |= {name: shown[name] for name in shown.columns if name not in columns}
    frame = pd.DataFrame({name: pd.Series(values).reset_index(drop=True) for name, values in columns.items()})
    if row_key is not None:
        frame.index = pd.Index([row[2] for row in rows], dtype=object if not rows else None, name=row_key.name)
    else:
        frame.index = pd.Index(ids, dtype="int64", name=_COLUMN.format("id"))
    return frame


def _given_run(is_run_input: Any) -> Any:
    """Return the run that is passed, else the current one, else `None`."""
    return is_run_input if isinstance(is_run_input, registry("Run")) else context.current_run()


def _new_run(started_at: datetime, finished_at: datetime | None = None) -> Any:
    """Return a new run of the export transform: completed if it is finished, else started."""
    transform = registry("Transform")
    with transaction.atomic():
        exports = transform.objects.filter(key=EXPORT_TRANSFORM).order_by("id").first()
        if exports is None:
            exports = transform(key=EXPORT_TRANSFORM, kind="function").save()
        run = registry("Run")(exports, status="started")
        run.started_at, run.finished_at = started_at, finished_at
        if finished_at is not None:
            run._status_code = type(run).status_code("completed")
        return run.save()


def _check_suffix(suffix: str) -> None:
    from lamindb.plugins import manager

    known = manager.require_data_format(otype="DataFrame").suffixes
    if suffix not in known:
        raise ValueError(
            f"Records can't be exported with the suffix {suffix!r}, only with {', '.join(known)}: pass suffix='.csv' or a key that ends so"
        )
