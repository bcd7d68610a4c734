"""Export the tables of an instance to parquet files, and import them into another one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lamindb.base.logging import logger
from lamindb.setup.errors import CurrentInstanceNotConfigured
from lamindb.setup.settings_singleton import settings

if TYPE_CHECKING:
    from django.db.models import Field, Model

_INSERT_BATCH = 5000
#: SQLite takes at most this many parameters in one statement.
_MAX_PARAMETERS = 30_000
#: In the files that `export_db` writes: a missing value and an empty text differ, and all JSON is written as such.
_MARK = {b"lamindb_export": b"1"}


def export_db(
    module_names: Sequence[str] | None = None,
    *,
    output_dir: str | os.PathLike[str] | None = None,
    max_workers: int = 8,
    chunk_size: int = 500_000,
) -> None:
    """Write one parquet file per table of the current instance, all as of one moment.

    Args:
        module_names: schema modules (default: the core).
        output_dir: folder to write to (default: `./<instance name>_export/`).
        max_workers: kept for callers; tables are read one after the other in one transaction, so that they fit together.
        chunk_size: rows that are in memory at a time.

    Raises:
        CurrentInstanceNotConfigured: without instance.
        ValueError: for an unknown module, or if a table is missing in the database.

    Example:
        >>> ln.setup.io.export_db(output_dir="./backup")  # doctest: +SKIP
    """
    _connect()
    from django.db import connection, transaction

    folder = Path(output_dir) if output_dir is not None else Path(f"{settings.instance.name}_export")
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        present = set(connection.introspection.table_names())
        models = _models(module_names or ["lamindb"])
        missing = [model._meta.db_table for model in models if model._meta.db_table not in present]
        if missing:
            raise ValueError(
                f"The database has no table {', '.join(missing)}: the instance might need to be migrated, lamin migrate deploy"
            )
        for model in models:
            _export_table(model, folder / f"{model._meta.db_table}.parquet", chunk_size)
    logger.important(f"exported {len(models)} tables to {folder}")


def import_db(
    module_names: Sequence[str] | None = None,
    *,
    input_dir: str | os.PathLike[str] = "./lamindb_export/",
    if_exists: Literal["fail", "replace", "append"] = "replace",
) -> None:
    """Read the parquet files of an export into the current instance, in one transaction. Tables keep their schema.

    Args:
        module_names: schema modules (default: all that the folder has files of).
        input_dir: folder of the export.
        if_exists: what to do with tables that have rows: raise, delete the rows first, or add the rows whose primary key is not there yet.

    Raises:
        CurrentInstanceNotConfigured: without instance.
        ValueError: if the folder is missing or `if_exists` is none of the three; with `fail`, if a table has rows.
    """
    if if_exists not in ("fail", "replace", "append"):
        raise ValueError(f"if_exists must be 'fail', 'replace' or 'append', not {if_exists!r}")
    folder = Path(input_dir)
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder} to import from: pass input_dir, the folder that export_db wrote")
    _connect()
    from django.db import connection, transaction

    files = {path.stem: path for path in folder.glob("*.parquet")}
    models = [model for model in _models(module_names) if model._meta.db_table in files]
    with transaction.atomic():  # foreign keys are checked at its end
        if if_exists == "fail":
            _require_empty(models)
        if if_exists == "replace":
            with connection.cursor() as cursor:
                for model in models:
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        for model in models:
            _import_table(model, files[model._meta.db_table], skip_existing=if_exists == "append")
        _reset_sequences(models)
    settings.clear_record_cache()
    logger.important(f"imported {len(models)} tables from {folder}")


def _connect() -> None:
    if not settings.is_configured:
        raise CurrentInstanceNotConfigured
    from lamindb.setup._django import setup_django

    setup_django()


def _models(module_names: Iterable[str] | None) -> list[type[Model]]:
    from django.apps import apps

    from lamindb.setup.modules import package_of

    configs = {config.label: config for config in apps.get_app_configs()}
    labels = list(configs) if module_names is None else [package_of(name.strip()) for name in module_names]
    unknown = [label for label in labels if label not in configs]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is no module of this instance: choose from {', '.join(configs)}")
    found = [model for label in labels for model in configs[label].get_models(include_auto_created=True)]
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _query_set(model: type[Model]) -> Any:
    """Return all rows, whatever the default scope of the registry is."""
    from django.db.models import QuerySet

    return QuerySet(model).order_by(model._meta.pk.attname)


def _export_table(model: type[Model], path: Path, chunk_size: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = list(model._meta.concrete_fields)
    schema = pa.schema([(field.column, _arrow_type(field)) for field in fields], metadata=_MARK)
    rows = (
        _query_set(model).values_list(*(field.attname for field in fields)).iterator(chunk_size=min(chunk_size, 5000))
    )
    draft = path.with_name(f".{path.name}.tmp")
    with pq.ParquetWriter(draft, schema) as writer:
        for chunk in _chunks(rows, chunk_size):
            columns = [
                pa.array([_to_plain(value, field) for value in values], column.type)
                for values, column, field in zip(zip(*chunk, strict=True), schema, fields, strict=True)
            ]
            writer.write_table(pa.table(columns, schema=schema))
    os.replace(draft, path)


def _chunks(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    from itertools import islice

    while chunk := list(islice(rows, size)):
        yield chunk


def _arrow_type(field: Field) -> Any:
    import pyarrow as pa

    kind = _kind_of(field)
    if "Boolean" in kind:
        return pa.bool_()
    if "Integer" in kind or "AutoField" in kind:
        return pa.int64()
    return {"FloatField": pa.float64(), "DateTimeField": pa.timestamp("us", tz="UTC"), "BinaryField": pa.binary()}.get(
        kind, pa.string()
    )


def _kind_of(field: Any) -> str:
    """Return Django's name of a column's type; a reference has the type of what it refers to."""
    return (field.target_field if field.is_relation else field).get_internal_type()


def _to_plain(value: Any, field: Field) -> Any:
    """Return what a parquet file holds of a value; all JSON is written as such, texts too, which might read like numbers."""
    import pyarrow as pa

    if value is None or not pa.types.is_string(_arrow_type(field)):
        return value
    if _kind_of(field) == "JSONField":
        return json.dumps(value)
    return str(value)


def _require_empty(models: list[type[Model]]) -> None:
    full = [model._meta.db_table for model in models if _query_set(model).exists()]
    if full:
        raise ValueError(f"These tables have rows already: {', '.join(full)}. Pass if_exists='replace' or 'append'")


def _import_table(model: type[Model], path: Path, *, skip_existing: bool) -> None:
    import pyarrow.parquet as pq
    from django.db import connection

    by_column = {field.column: field for field in model._meta.concrete_fields}
    source = pq.ParquetFile(path)
    names = [name for name in source.schema_arrow.names if name in by_column and not name.endswith("_old")]
    fields = [by_column[name] for name in names]
    is_ours = all((source.schema_arrow.metadata or {}).get(name) == value for name, value in _MARK.items())
    quote = connection.ops.quote_name
    head = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, names))}) VALUES "
    tail = f" ON CONFLICT ({quote(str(model._meta.pk.column))}) DO NOTHING" if skip_existing else ""
    placeholders = f"({', '.join(['%s'] * len(names))})"
    n_rows = max(1, min(_INSERT_BATCH, _MAX_PARAMETERS // max(1, len(names))))
    with connection.cursor() as cursor:
        for batch in source.iter_batches(batch_size=n_rows, columns=names):
            columns = [column.to_pylist() for column in batch.columns]
            rows = [
                [_to_database(v, f, connection, is_ours) for v, f in zip(row, fields, strict=True)]
                for row in zip(*columns, strict=True)
            ]
            if rows:
                parameters = [value for row in rows for value in row]
                cursor.execute(head + ", ".join([placeholders] * len(rows)) + tail, parameters)


def _to_database(value: Any, field: Field, connection: Any, is_ours: bool) -> Any:
    """Convert what a parquet file holds, of this or of another exporter, to what the column takes."""
    kind = _kind_of(field)
    if value is None or (value == "" and field.null and not is_ours):
        return None
    if kind == "JSONField":
        value = _from_json(value) if isinstance(value, str) else value
    elif kind == "BooleanField" and isinstance(value, str):
        value = value.strip().lower() in ("t", "true", "1")
    elif ("Integer" in kind or "AutoField" in kind) and not isinstance(value, int):
        value = int(float(value))
    elif kind == "DateTimeField":
        value = _aware(value)
    return field.get_db_prep_save(value, connection)


def _from_json(text: str) -> Any:
    """Read JSON; other exporters write texts as they are."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _aware(value: Any) -> Any:
    from datetime import UTC, datetime

    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _reset_sequences(models: list[type[Model]]) -> None:
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
