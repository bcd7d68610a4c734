"""Saving records together with their feature values: one, or many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from lamindb.annotation.facts import check_columns, write_facts
from lamindb.annotation.feature_keys import resolve_keys
from lamindb.annotation.feature_removal import remove_all_of
from lamindb.annotation.pending_features import ATTRIBUTE, check_pending, write_pending
from lamindb.annotation.value_problems import ValueProblems
from lamindb.annotation.value_rules import ValueRules
from lamindb.base.dtype_inference import is_null
from lamindb.errors import ValidationError

_DEFAULT = "default"


def save_with_features(record: Any, save: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Save a record and its pending features in one transaction."""
    if ATTRIBUTE not in record.__dict__:
        save(*args, **kwargs)
        return record
    facts = check_pending(record)
    was_new = record._state.adding
    try:
        with transaction.atomic():
            saved = save(*args, **kwargs)
            write_pending(record, facts)
    except BaseException:
        if was_new:  # the row is gone with the transaction
            record._state.adding, record.pk = True, None
        raise
    return saved


def save_features_of(records: list[Any]) -> None:
    """Write the pending features of records that were just saved: a constant number of statements.

    Raises:
        ValidationError: if the records do not share one type with a schema, or values are not valid.
    """
    pending = [record for record in records if ATTRIBUTE in record.__dict__]
    if not pending:
        return
    schema = _common_schema(pending)
    rules = ValueRules.of_schema(schema)
    columns, present, unknown = _columns(pending, rules)
    problems = ValueProblems()
    rules.check_presence(present, unknown, problems)
    _check_complete(pending, columns, rules, problems)
    facts = check_columns(type(pending[0]), columns, _DEFAULT, problems, coerce=rules.coerce)
    problems.raise_if_any(f"Failed to set features on {len(pending)} records with schema '{rules.name}'")
    remove_all_of(type(pending[0]), [record.pk for record in pending if not record.__dict__.get("_is_fresh")], _DEFAULT)
    write_facts(type(pending[0]), [record.pk for record in pending], facts)
    for record in pending:
        record.__dict__.pop(ATTRIBUTE)
        record.__dict__.pop("_is_fresh", None)


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


def _columns(records: list[Any], rules: ValueRules) -> tuple[list[tuple[Any, list[Any]]], set[int], list[str]]:
    """Return the values by feature, which features occur, and names that the schema lacks."""
    keys: dict[Any, list[Any]] = {}
    n_rows = len(records)
    for row, record in enumerate(records):
        for key, value in record.__dict__[ATTRIBUTE].items():
            column = keys.get(key)
            if column is None:
                column = keys[key] = [None] * n_rows
            column[row] = value
    # the columns travel as values, so that one look-up resolves all keys
    keyed, unknown = resolve_keys(keys, _DEFAULT, members=rules.members)
    outside = {member.pk for member in rules.members or ()}
    if rules.members is not None:
        foreign = [key.name for key in keys if not isinstance(key, str) and key.pk not in outside]
        if foreign:
            raise ValidationError(
                f"These feature keys are not in the provided schema: {foreign}. Its name is {rules.name!r}"
            )
        if unknown and rules.is_flexible:
            more, unknown = _registered(unknown)
            keyed += more
    columns = [(entry.feature, entry.value) for entry in keyed]
    return columns, {feature.pk for feature, _ in columns}, list(unknown)


def _registered(unknown: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return those of the names that are features all the same, for a flexible schema."""
    from lamindb.base.registries import registry

    known = registry("Feature").objects.filter(name__in=list(unknown), is_type=False)
    names = set(known.values_list("name", flat=True))
    more, _ = resolve_keys({name: unknown[name] for name in unknown if name in names}, _DEFAULT)
    return more, {name: value for name, value in unknown.items() if name not in names}


def _check_complete(
    records: list[Any], columns: list[tuple[Any, list[Any]]], rules: ValueRules, problems: ValueProblems
) -> None:
    """Note rows that lack a required feature which other rows have."""
    if not rules.is_minimal:
        return
    members = {member.pk: member for member in rules.members or ()}
    for feature, values in columns:
        if feature.pk not in members or feature.uid in rules.optional:
            continue
        rows = [
            row
            for row, value in enumerate(values)
            if value is None and not _has_key(records[row].__dict__[ATTRIBUTE], feature)
        ]
        if rows:
            listed = ", ".join(repr(records[row].name) if records[row].name else f"number {row}" for row in rows[:10])
            problems.add(
                f"COLUMN_NOT_IN_DATAFRAME: column '{feature.name}' not in dataframe for {len(rows)} of {len(records)} records: {listed}"
                f"{', ...' if len(rows) > 10 else ''}"
            )


def _has_key(values: dict[Any, Any], feature: Any) -> bool:
    if feature.name in values:
        return True
    return any(not isinstance(key, str) and key.uid == feature.uid for key in values)


def without_nulls(values: dict[Any, Any]) -> dict[Any, Any]:
    """Return values without those that stand for missing ones."""
    return {key: value for key, value in values.items() if not (value is None or is_null(value))}
