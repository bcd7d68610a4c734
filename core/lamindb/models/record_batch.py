"""Rows of a data frame as records of a type: `Record.from_dataframe(df, type=sheet).save()`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.base import ModelState
from django.utils import timezone

from lamindb.annotation.facts import write_facts
from lamindb.annotation.feature_keys import topmost
from lamindb.annotation.link_rows import in_values, insert_rows
from lamindb.annotation.row_keys import row_key_of
from lamindb.annotation.simple_values import is_missing
from lamindb.annotation.value_rules import RESERVED_PREFIX, ValueRules
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.base.uids import base62_16
from lamindb.errors import InvalidArgument, ValidationError
from lamindb.models.construction import check_lengths
from lamindb.models.record_features import check_rows
from lamindb.models.save_elsewhere import refer_to
from lamindb.query.hierarchy import visible_branch_ids
from lamindb.query.write_guard import allow_writes
from lamindb.setup.databases import open_for_writing

if TYPE_CHECKING:
    import pandas as pd

    from lamindb.models import Record
    from lamindb.query.record_list import SQLRecordList

#: Types under which imported sheets and their schemas are kept; they are the same in every instance.
IMPORTS_UID, SCHEMA_IMPORTS_UID, IMPORTS = "W3WdiFRZTvTJajNp", "DGZkj4yhGWMJE5fu", "Imports"
NAME_COLUMN = "__lamindb_record_name__"
_DEFAULT = "default"


class RecordBatch:
    """Records that are made from the rows of a data frame when they are saved.

    Args:
        df: one row per record.
        type: type of the records.
        name_field: column with their names.
        made_type: whether `type` was made for this batch, and goes if the batch can't be saved.

    Example:
        >>> batch = ln.Record.from_dataframe(df, type="My samples")
        >>> records = batch.save()
    """

    def __init__(self, df: pd.DataFrame, type: Record, name_field: str, made_type: bool) -> None:
        self.type = type
        self._df, self._name_field, self._made_type = df, name_field, made_type
        self._records: Any = None

    def __len__(self) -> int:
        return len(self._df)

    def __repr__(self) -> str:
        state = "saved" if self._records is not None else "not saved"
        return f"RecordBatch({len(self)} records of type '{self.type.name}', {state})"

    def save(self, using: str | os.PathLike[str] | None = None) -> SQLRecordList:
        """Save all records with their features, or nothing; a second call returns the same records.

        Args:
            using: another instance, as for `ln.DB`, to which the type belongs.

        Raises:
            ValidationError: if values do not meet the schema of the type; the message lists all problems with their rows.
            InvalidArgument: if the type is not in the instance.
        """
        if self._records is not None:
            return self._records
        if using not in (None, _DEFAULT):
            return self._save_elsewhere(using)
        home = self.type._state.db
        if home not in (None, _DEFAULT):
            raise InvalidArgument(
                f"The type '{self.type.name}' lives in instance '{home}': save the records there with .save(using='{home}'), "
                "or save the type here first"
            )
        try:
            with transaction.atomic():
                self._records = self._write(self.type, _DEFAULT, _DEFAULT)
        except BaseException:
            if self._made_type:
                self._forget_type()
            raise
        self._made_type = False
        return self._records

    def _save_elsewhere(self, using: str | os.PathLike[str]) -> SQLRecordList:
        with open_for_writing(using) as (alias, opened):
            if alias == _DEFAULT:
                return self.save()
            kind = registry("Record").objects.using(opened.alias).filter(uid=self.type.uid, is_type=True).first()
            if kind is None:
                if self._made_type:
                    self._forget_type()
                raise InvalidArgument(
                    f"Instance '{opened.instance.slug}' has no type '{self.type.name}' (uid='{self.type.uid}'): pass a type that lives there, "
                    f"e.g. ln.DB('{opened.instance.slug}').Record.get(name=...), or save it there first: type.save(using=...)"
                )
            with allow_writes(), transaction.atomic(using=alias):
                records = self._write(kind, alias, opened.alias)
            for record in records:
                record._state.db = opened.alias
        self.type, self._records = kind, records
        return records

    def _write(self, kind: Any, alias: str, home: str) -> SQLRecordList:
        """Check and write the rows.

        Args:
            kind: the type, where the records are to be.
            alias: connection to write with.
            home: connection to read with.
        """
        from lamindb.query.record_list import SQLRecordList

        row_key = row_key_of(kind.schema) if kind.schema_id is not None else None
        df = self._df if row_key is None else _with_key(self._df, row_key.name, self._name_field)
        name_column = name_column_of(df, self._name_field, row_key.name if row_key is not None else None)
        names = _names(df, name_column)
        columns = {
            str(name): _cells(df[name])
            for name in df.columns
            if name != name_column and not str(name).startswith(RESERVED_PREFIX)
        }
        if row_key is not None and name_column == row_key.name:
            columns[row_key.name] = _cells(df[name_column])  # checked like the others, before it becomes the names
        facts = None
        if columns and names:
            if kind.schema_id is None:
                raise ValidationError(
                    f"Records that are saved together with features need the same non-null type schema, but '{self.type.name}' has none. "
                    f"Give it a schema, pass type='...' as a text to have one inferred, or drop the columns {list(columns)[:10]}"
                )
            facts = check_rows(columns, ValueRules.of_schema(kind.schema, is_sheet=True), names, home)
        records = _insert(names, kind, alias, home)
        if facts is not None:
            write_facts(registry("Record"), [record.pk for record in records], facts, alias)
        return SQLRecordList(records)

    def _forget_type(self) -> None:
        """Delete the type and the schema that were made for this batch."""
        schema = self.type.schema
        with transaction.atomic():
            self.type.delete(permanent=True)
            schema.refresh_from_db()
            if schema.type is not None and schema.type.uid == SCHEMA_IMPORTS_UID and not schema.records.exists():
                schema.delete(permanent=True)


def make_batch(df: pd.DataFrame, type: Record | str, name_field: str) -> RecordBatch:
    """Make the batch for a data frame; see `Record.from_dataframe`."""
    import pandas as pd

    if not isinstance(df, pd.DataFrame):
        raise TypeError(f"`df` needs to be a pandas DataFrame. It is a {df.__class__.__name__}: convert it first")
    if (
        isinstance(df.index.name, str)
        and df.index.name not in df.columns
        and not df.index.name.startswith(RESERVED_PREFIX)
    ):
        df = df.reset_index()  # a named index is a feature, too
    repeated = sorted({str(name) for name in df.columns[df.columns.duplicated()]})
    if repeated:
        raise ValueError(
            f"Columns of a data frame that becomes records have different names, but these are repeated: {repeated}"
        )
    if isinstance(type, str):
        return RecordBatch(df, _make_type(df, type, name_field), name_field, made_type=True)
    if not isinstance(type, registry("Record")):
        raise TypeError(f"`type` is a Record with is_type=True, or a text that names a new one, not {type!r}")
    if not type.is_type:
        raise ValueError(
            f"`type` must be a record with `is_type=True`, but this one has not: {type.name!r} (uid='{type.uid}')"
        )
    if type.name is None:
        raise ValueError(f"`type` must be a record with a non-null `name`, but the one with uid '{type.uid}' has none")
    return RecordBatch(df, type, name_field, made_type=False)


def name_column_of(df: pd.DataFrame, name_field: str, row_key: str | None = None) -> Any:
    """Return the column with the names of the records: that of the row key before others; `None` if there is none."""
    for name in (row_key, name_field, "name"):
        if name is not None and name in df.columns:
            return name
    return None


def _with_key(df: pd.DataFrame, row_key: str, name_field: str) -> pd.DataFrame:
    """Return a table whose unnamed index of texts is the column of the row key, if nothing else names the rows."""
    from pandas.api.types import infer_dtype

    if name_column_of(df, name_field, row_key) is not None or infer_dtype(df.index) != "string":
        return df
    df = df.copy(deep=False)
    df.insert(0, row_key, df.index)
    return df


def _make_type(df: pd.DataFrame, name: str, name_field: str) -> Any:
    """Make the type for imported records, with a schema of the columns that are features."""
    record, schema = registry("Record"), registry("Schema")
    with transaction.atomic():
        imports = record.objects.filter(uid=IMPORTS_UID).first()
        if imports is None:
            imports = record(uid=IMPORTS_UID, name=IMPORTS, is_type=True, type=None).save()
        if record.filter(name=name, type=imports).exists():
            raise ValueError(
                f"type '{name}' already exists under '{imports.name}', so these records could be meant to go there: pass the type itself, "
                f"ln.Record.get(name={name!r}, type__uid='{IMPORTS_UID}'), or choose another name"
            )
        schemas = schema.objects.filter(uid=SCHEMA_IMPORTS_UID).first()
        if schemas is None:
            schemas = schema(uid=SCHEMA_IMPORTS_UID, name=IMPORTS, is_type=True, type=None).save()
        features = _features_of(df, name_column_of(df, name_field))
        if not features:
            raise ValueError(
                f"Could not infer a schema for type '{name}': none of the columns {[str(column) for column in df.columns][:20]} is a feature. "
                "Create the features first, e.g.: ln.Feature.from_dataframe(df).save()"
            )
        made = schema(features, name=name, type=schemas).save()
        return record(name=name, is_type=True, type=imports, schema=made).save()


def _features_of(df: pd.DataFrame, name_column: Any) -> list[Any]:
    names = [str(name) for name in df.columns if name != name_column and not str(name).startswith(RESERVED_PREFIX)]
    query = registry("Feature").objects.filter(is_type=False, branch_id__in=visible_branch_ids("default"))
    by_name = topmost(
        list(query.filter(name__in=in_values(names, "default")).order_by("id")) if names else [], "default"
    )
    unknown = [name for name in names if name not in by_name]
    if unknown and by_name:
        logger.warning("these columns are no features and will not be stored: %s", ", ".join(map(repr, unknown[:20])))
    return [by_name[name] for name in names if name in by_name]


def _names(df: pd.DataFrame, column: Any) -> list[str | None]:
    if column is None:
        return [None] * len(df)
    return [None if is_missing(value) else str(value) for value in df[column].tolist()]


def _cells(series: Any) -> list[Any]:
    """Return the cells of a column as Python values; nulls as `None`."""
    cells = series.tolist()
    return [None if missing else cell for cell, missing in zip(cells, series.isna().tolist(), strict=True)]


def _insert(names: list[str | None], type: Any, using: str, home: str) -> list[Any]:
    """Insert records that differ in name and uid only, in one statement: one is constructed, the others are copied from it."""
    if not names:
        return []
    record = registry("Record")
    for name in names:
        if name is not None:
            check_lengths(record, {"name": name})
    first = record(name="record", type=type, _skip_name_search=True)
    first.created_at = first.updated_at = timezone.now()
    if using != _DEFAULT:
        refer_to(first, using, home)
    uids = [base62_16() for _ in names]
    columns = {"uid": uids, "name": names}
    shared = {
        field.attname: getattr(first, field.attname)
        for field in record._meta.concrete_fields
        if not field.primary_key and field.attname not in columns
    }
    inserted = insert_rows(record, columns, using, ignore_conflicts=False, returning=("uid", "id"), constants=shared)
    ids = dict(inserted)
    attributes, related = first.__dict__, first._state.fields_cache
    made = []
    for uid, name in zip(uids, names, strict=True):
        one = record.__new__(record)
        one.__dict__.update(attributes)
        one._state = ModelState()
        one._state.adding, one._state.db = False, using
        one._state.fields_cache = dict(related)
        one.id, one.uid, one.name = ids[uid], uid, name
        one._remember_original()
        made.append(one)
    return made
