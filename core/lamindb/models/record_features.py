"""Saving records together with their feature values: one, or many at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction

from lamindb.annotation.facts import Facts, check_columns, write_facts
from lamindb.annotation.feature_keys import resolve_keys
from lamindb.annotation.feature_removal import remove_all_of
from lamindb.annotation.pending_features import ATTRIBUTE, check_pending, write_pending
from lamindb.annotation.row_keys import index_uid, row_key_of, take_names
from lamindb.annotation.simple_values import is_missing
from lamindb.annotation.value_problems import ValueProblems
from lamindb.annotation.value_rules import ValueRules
from lamindb.base.registries import registry
from lamindb.errors import ValidationError
from lamindb.models.construction import check_lengths
from lamindb.models.row_key_changes import change_row_key

_DEFAULT = "default"
#: Stands for values that were not passed, while `None` stands for nulls that were.
ABSENT = object()


def save_with_features(record: Any, save: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Save a record and its pending features in one transaction."""
    if record.is_type and not record._state.adding:
        save = partial(_save_type, record, save)
    if ATTRIBUTE not in record.__dict__ or kwargs.get("using") not in (None, _DEFAULT):
        save(*args, **kwargs)  # another instance gets the features in `write_elsewhere`
        return record
    facts = check_pending(record)
    was_new, name = record._state.adding, record.name
    try:
        with transaction.atomic():
            for _, key in facts.names if facts is not None else ():
                record.name = key
            saved = save(*args, **kwargs)
            write_pending(record, facts)
    except BaseException:
        record.name = name
        if was_new:  # the row is gone with the transaction
            record._state.adding, record.pk = True, None
        raise
    return saved


def write_elsewhere(record: Any, write_row: Callable[[], None], alias: str, home: str) -> None:
    """Write a record and its pending features to another instance, in a transaction of the caller, who restores the record on errors.

    Args:
        record: a record that refers to rows of the other instance already.
        write_row: writes the row.
        alias: connection to write with.
        home: connection to read with.

    Raises:
        ValidationError: if the features are not valid there.
    """
    if ATTRIBUTE not in record.__dict__:
        write_row()
        return
    was_new = record._state.adding
    record._state.fields_cache.pop("type", None)  # the type there may have another schema
    record._state.db = home
    facts = check_pending(record) or Facts()
    for _, key in facts.names:
        record.name = key
    write_row()
    if not was_new:
        remove_all_of(type(record), [record.pk], alias)
    write_facts(type(record), [record.pk], facts, alias)
    del record.__dict__[ATTRIBUTE]


def _save_type(record: Any, save: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Save a stored type; if it has another schema now, the names of its records follow the index."""
    original = getattr(record, "_original_values", {})
    before = original.get("schema_id", record.schema_id)
    if before == record.schema_id or record._state.db not in (None, _DEFAULT):
        save(*args, **kwargs)
        return record
    former = registry("Schema").objects.filter(pk=before).first()
    keys = [index_uid(one._aux) if one is not None else None for one in (former, record.schema)]
    try:
        with transaction.atomic():
            save(*args, **kwargs)
            if keys[0] != keys[1]:
                change_row_key(record.schema, keys[0], keys[1], sheet=record)
    except BaseException:
        record._original_values = original
        raise
    return record


def save_features_of(records: list[Any]) -> None:
    """Write the pending features of records that were just saved: a constant number of statements.

    Raises:
        ValidationError: if the records do not share one type with a schema, or values are not valid.
    """
    pending = [record for record in records if ATTRIBUTE in record.__dict__]
    if not pending:
        return
    rules = ValueRules.of_schema(_common_schema(pending), is_sheet=True)
    keys: dict[Any, list[Any]] = {}
    for row, record in enumerate(pending):
        for key, value in record.__dict__[ATTRIBUTE].items():
            column = keys.get(key)
            if column is None:
                column = keys[key] = [ABSENT] * len(pending)
            column[row] = value
    facts = check_rows(keys, rules, [record.name for record in pending])
    ids = [record.pk for record in pending]
    remove_all_of(type(pending[0]), ids, _DEFAULT)
    write_facts(type(pending[0]), ids, facts)
    for record in pending:
        del record.__dict__[ATTRIBUTE]


def name_by_row_key(records: list[Any]) -> None:
    """Give nameless records that are about to be inserted the name that their pending row key says; it is checked with the other values."""
    row_keys: dict[int, Any] = {}
    for record in records:
        values = record.__dict__.get(ATTRIBUTE)
        if values is None or record.name is not None or record.type_id is None or record.type.schema_id is None:
            continue
        schema = record.type.schema
        if schema.pk not in row_keys:
            row_keys[schema.pk] = row_key_of(schema)
        feature = row_keys[schema.pk]
        if feature is None:
            continue
        given = {key if isinstance(key, str) else key.uid: value for key, value in values.items()}
        name = given.get(feature.name, given.get(feature.uid))
        if isinstance(name, str):
            check_lengths(type(record), {"name": name})
            record.name = name


def check_rows(keys: dict[Any, list[Any]], rules: ValueRules, names: list[str | None], using: str = _DEFAULT) -> Facts:
    """Check the values of many records against a schema.

    Args:
        keys: one value per record, by feature or name; `ABSENT` where nothing was passed.
        rules: what the schema says.
        names: names of the records, for messages, and for sheets whose index names them.
        using: alias of the database that features and labels are looked up in.

    Raises:
        ValidationError: with all problems.
    """
    # the columns travel as values, so that one look-up resolves all keys
    keyed, unknown = resolve_keys(keys, using, members=rules.members)
    if rules.members is not None:
        uids = {member.uid for member in rules.members}
        foreign = [key.name for key in keys if not isinstance(key, str) and key.uid not in uids]
        if foreign:
            raise ValidationError(
                f"These feature keys are not in the provided schema: {foreign}. Its name is {rules.name!r}"
            )
        if unknown and rules.is_flexible:
            more, unknown = _registered(unknown, using)
            keyed += more
    problems = ValueProblems()
    row_key, present = rules.key, {entry.feature.pk for entry in keyed}
    if row_key is not None:
        passed = next((entry.value for entry in keyed if entry.feature.pk == row_key.pk), [None] * len(names))
        take_names(row_key, [None if value is ABSENT else value for value in passed], names, problems, may_rename=False)
        keyed = [entry for entry in keyed if entry.feature.pk != row_key.pk]
        present.add(row_key.pk)
    rules.check_presence(present, list(unknown), problems)
    columns = []
    for entry in keyed:
        absent = [row for row, value in enumerate(entry.value) if value is ABSENT]
        if absent:
            _check_absent(entry.feature, absent, rules, names, problems)
            entry.value = [None if value is ABSENT else value for value in entry.value]
        columns.append((entry.feature, _without_gaps(entry.feature, entry.value)))
    facts = check_columns(_record_registry(), columns, using, problems, coerce=rules.coerce)
    problems.raise_if_any(f"Failed to set features on {len(names)} records with the schema {rules.name!r}")
    return facts


def _common_schema(records: list[Any]) -> Any:
    """Return the schema of the one type of records."""
    types = {record.type_id: record.type for record in records}
    schema_ids = {None if kind is None else kind.schema_id for kind in types.values()}
    if None in schema_ids:
        names = sorted(
            {
                "no type" if kind is None else repr(kind.name)
                for kind in types.values()
                if kind is None or kind.schema_id is None
            }
        )
        raise ValidationError(
            f"Records that are saved together with features need the same non-null type schema, but there are records with {', '.join(names)}. "
            "Save these one by one (record.save()), or give their type a schema"
        )
    if len(schema_ids) > 1:
        raise ValidationError(
            "Records that are saved together with features need the same type schema, but there are "
            f"{len(schema_ids)}: {', '.join(sorted(repr(kind.name) for kind in types.values()))}. Save the records of each type by themselves"
        )
    return next(iter(types.values())).schema


def _registered(unknown: dict[str, Any], using: str) -> tuple[list[Any], dict[str, Any]]:
    """Return those of the names that are features all the same, for a flexible schema."""
    known = registry("Feature").objects.using(using).filter(name__in=list(unknown), is_type=False)
    names = set(known.values_list("name", flat=True))
    more, _ = resolve_keys({name: unknown[name] for name in unknown if name in names}, using)
    return more, {name: value for name, value in unknown.items() if name not in names}


def _check_absent(
    feature: Any, rows: list[int], rules: ValueRules, names: list[str | None], problems: ValueProblems
) -> None:
    """Note records that lack a required feature which others have; a null where nothing was passed is none for optional ones."""
    if not rules.is_minimal or feature.uid in rules.optional:
        return
    if rules.members is None or all(member.pk != feature.pk for member in rules.members):
        return
    listed = ", ".join(repr(names[row]) if names[row] else f"number {row}" for row in rows[:10])
    problems.add(
        f"COLUMN_NOT_IN_DATAFRAME: column '{feature.name}' not in dataframe for {len(rows)} of {len(names)} records: {listed}"
        f"{', ...' if len(rows) > 10 else ''}"
    )


def _without_gaps(feature: Any, values: list[Any]) -> list[Any]:
    """Return whole numbers as such: gaps turn a column of integers into one of floats."""
    if feature._dtype_str != "int" or not any(isinstance(value, float) for value in values):
        return values
    if not any(is_missing(value) for value in values):
        return values
    return [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]


def _record_registry() -> Any:
    return registry("Record")
