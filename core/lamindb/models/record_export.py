"""Records of a type as a data frame and as an artifact: `sheet.to_dataframe()`, `sheet.to_artifact()`, `Record.filter(...).to_artifact()`."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from lamindb.annotation.known_labels import knowing
from lamindb.annotation.link_rows import in_values, insert_rows
from lamindb.annotation.row_keys import row_key_of
from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.base.settings import annotation_settings
from lamindb.query.feature_dtypes import is_categorical
from lamindb.query.feature_values import labels_by_value

if TYPE_CHECKING:
    import pandas as pd

    from lamindb.models import Artifact, Record, Run

EXPORT_TRANSFORM = "__lamindb_record_export__"
_COLUMN = "__lamindb_record_{}__"


class RecordSet:
    """What query sets of records do besides: `ln.Record.filter(...).to_artifact()`."""

    def to_artifact(
        self: Any,
        key: str | None = None,
        suffix: str | None = None,
        is_run_input: bool | Run | None = None,
        link_individual_inputs: bool = False,
        use_export_run: bool = False,
        **kwargs: Any,
    ) -> Artifact:
        """Save these records as an artifact; if all belong to one type, as `type.to_artifact()` writes them.

        Args:
            key: key of the artifact (default: `record_exports/<type>_subset.csv`); its suffix tells the format.
            suffix: suffix of the default key.
            is_run_input: as for `Record.to_dataframe`.
            link_individual_inputs: as for `Record.to_dataframe`.
            use_export_run: as for `Record.to_dataframe`.
            **kwargs: `include`, `order_by` and `limit`, as for `to_dataframe`.

        Raises:
            AssertionError: if key and suffix are both passed.
            ValueError: if tables aren't written with the suffix.

        Example:
            >>> ln.Record.filter(type=sheet, gc_content__gt=0.4).to_artifact()
        """
        query = self
        if self.query.is_sliced:
            ids = list(self.values_list("pk", flat=True))
            query = self.model.objects.using(self.db).filter(pk__in=in_values(ids, self.db))
        type_ids = list(query.order_by().values_list("type_id", flat=True).distinct()[:2])
        kind = None
        if len(type_ids) == 1 and type_ids[0] is not None:
            kind = self.model.objects.using(self.db).get(pk=type_ids[0])
        return _store(
            kind, query, key, suffix, is_run_input, link_individual_inputs, use_export_run, is_subset=True, **kwargs
        )


def frame_of_type(
    record: Record,
    recurse: bool = False,
    is_run_input: bool | Run | None = None,
    include: str | list[str] | None = None,
    order_by: str | None = "id",
    limit: int | None = None,
    link_individual_inputs: bool = False,
    use_export_run: bool = False,
) -> pd.DataFrame:
    """Return the records of a type as a data frame; see `Record.to_dataframe`."""
    started_at = timezone.now()
    frame, rows = _frame(record, _records_of(record, recurse), include, order_by, limit, is_whole=not recurse)
    if is_run_input is not False:
        with transaction.atomic():
            run = None if use_export_run else _given_run(is_run_input)
            run = run or _new_run(started_at, finished_at=timezone.now())
            _link_inputs(run, record, rows if link_individual_inputs else ())
    return frame


def artifact_of_type(
    record: Record,
    key: str | None = None,
    suffix: str | None = None,
    is_run_input: bool | Run | None = None,
    recurse: bool = False,
    link_individual_inputs: bool = False,
    use_export_run: bool = False,
    **kwargs: Any,
) -> Artifact:
    """Save the records of a type as an artifact; see `Record.to_artifact`."""
    if not record.is_type:
        raise AssertionError(
            f"to_artifact() is for records that are types, and {record.name!r} is none (is_type=False)"
        )
    query = _records_of(record, recurse)
    return _store(
        record,
        query,
        key,
        suffix,
        is_run_input,
        link_individual_inputs,
        use_export_run,
        is_whole=not recurse,
        **kwargs,
    )


def _records_of(record: Record, recurse: bool) -> Any:
    return record.query_records() if recurse else record.records.model.filter(type=record).using(record._state.db)


def _store(
    kind: Record | None,
    query: Any,
    key: str | None,
    suffix: str | None,
    is_run_input: bool | Run | None,
    link_individual_inputs: bool,
    use_export_run: bool,
    is_subset: bool = False,
    is_whole: bool = False,
    include: str | list[str] | None = None,
    order_by: str | None = "id",
    limit: int | None = None,
) -> Artifact:
    """Write records, all of a type or some of it (or of several types), to an artifact."""
    if key is not None and suffix is not None:
        raise AssertionError("Only one of key or suffix can be passed.")
    if key is None:
        name = kind.name if kind is not None else "records"
        key = f"record_exports/{name}_subset" if is_subset else f"sheet_exports/{name}"
        key += suffix or ".csv"
    _check_suffix(PurePosixPath(key).suffix)
    given = None if use_export_run else _given_run(None if is_run_input is False else is_run_input)
    run = given or _new_run(timezone.now())
    frame, rows = _frame(kind, query, include, order_by, limit, is_whole=is_whole)
    if is_run_input is not False:
        _link_inputs(run, kind, rows if link_individual_inputs or kind is None else ())
    schema = kind.schema if kind is not None else None
    passed = {} if schema is None else {"schema": schema}
    index = None if schema is None else schema.index
    if index is None:
        frame = frame.reset_index(drop=True)
    elif frame.index.name != index.name:  # an index that is no text has its values in a column
        frame = frame.set_index(index.name)
    if key.endswith((".csv", ".tsv")):
        passed["csv_kwargs"] = {"index": index is not None}
    description = _description(kind, len(rows) if is_subset else None)
    with knowing(_linked_records(schema, [row[0] for row in rows], query.db)):
        artifact = registry("Artifact").from_dataframe(frame, key=key, description=description, run=run, **passed)
    if schema is not None:
        artifact.schema = schema  # the same object
    if kind is not None and artifact._state.adding:
        artifact.space_id = kind.space_id
    artifact.save()
    if given is None:
        run._status_code = type(run).status_code("completed")
        run.finished_at = timezone.now()
        run.save()
    return artifact


def _linked_records(schema: Any, ids: list[Any], using: str) -> dict[int, dict[Any, list[tuple[Any, int]]]]:
    """Return the records that are linked with rows, by feature and name: several records may share a name."""
    members = [] if schema is None else list(schema.members)
    categorical = [member.pk for member in members if is_categorical(member._dtype_str)]
    return labels_by_value(registry("Record"), ids, using, categorical)


def _description(kind: Record | None, n_chosen: int | None) -> str:
    if kind is None:
        return "Export of records of several types"
    what = f"Export of sheet {kind.uid}" if n_chosen is None else f"Export of {n_chosen} records of sheet {kind.uid}"
    return what + (f": {kind.description}" if kind.description else "")


def _frame(
    kind: Record | None,
    query: Any,
    include: str | list[str] | None,
    order_by: str | None,
    limit: int | None,
    *,
    is_whole: bool,
) -> tuple[pd.DataFrame, list[tuple[Any, ...]]]:
    """Return the table, and for each row (id, uid, name, id of the run that made it).

    Args:
        kind: type that all records belong to.
        query: the records.
        include: further columns.
        order_by: field to sort by.
        limit: greatest number of records.
        is_whole: whether these are all records of the type.
    """
    import pandas as pd

    from lamindb.query.feature_frame import empty_column, series_by_feature

    query = query.order_by(order_by or "id")
    if limit is not None:
        query = query[:limit]
    rows = list(query.values_list("pk", "uid", "name", "run_id"))
    ids = [row[0] for row in rows]
    logger.important(
        "exporting %s%d records of %s",
        "" if limit is None or limit > len(ids) else "the first ", len(ids),
        f"'{kind.name}'" if kind is not None else "several types",
    )  # fmt: skip
    among = None
    if is_whole and limit is None:
        among = query.model.objects.using(query.db).filter(type_id=kind.pk).values("pk")
    found = series_by_feature(query.model, ids, query.db, among=among, with_row_keys=not is_whole)
    schema = kind.schema if kind is not None and kind.schema_id is not None else None
    members = [] if schema is None else list(schema.members)
    row_key = row_key_of(schema)
    if row_key is not None:
        found.pop(row_key.pk, None)
        members = [member for member in members if member.pk != row_key.pk]
    columns: dict[str, Any] = {}
    for member in members:
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
        frame.index = pd.Index([row[2] for row in rows], dtype=None if rows else object, name=row_key.name)
    else:
        frame.index = pd.Index(ids, dtype="int64", name=_COLUMN.format("id"))
    return frame, rows


def _link_inputs(run: Any, kind: Record | None, rows: Any) -> None:
    """Note that a run read a type, and single records but those that it made: one statement for all."""
    if kind is not None:
        kind.input_of_runs.add(run)
    ids = [row[0] for row in rows if row[3] != run.pk]
    limit = annotation_settings.n_max_records
    if len(ids) > limit:
        logger.warning(
            "linking %d of %d records as inputs of the run, the others exceed ln.settings.annotation.n_max_records",
            limit, len(ids),
        )  # fmt: skip
        ids = ids[:limit]
    if ids:
        through = registry("Record").input_of_runs.through
        insert_rows(through, {"record_id": ids}, "default", constants={"run_id": run.pk})


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
        run = registry("Run")(exports, status="started", initiated_by_run=context.current_run())
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
