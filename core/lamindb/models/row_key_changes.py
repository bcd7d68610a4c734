"""When the index of a sheet's schema changes: values of the new one become names of records, and names values of the former one."""

from __future__ import annotations

import sys
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Subquery

from lamindb.annotation.link_rows import in_values, insert_rows
from lamindb.annotation.row_keys import KEY_DTYPE, index_uid
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.errors import ValidationError
from lamindb.query.feature_conditions import JsonText

_CHOICES = ("keep_name", "keep_feature")
_MAX_SHOWN = 10


def check_row_key(schema: Any) -> None:
    """Raise if the index of a schema can't name the records of a sheet.

    Raises:
        ValueError: if its dtype is not `str`.
    """
    uid = index_uid(schema._aux)
    if uid is None:
        return
    feature = registry("Feature").objects.using(schema._state.db or "default").filter(uid=uid).first()
    if feature is not None and feature._dtype_str != KEY_DTYPE:
        raise ValueError(
            f"The index of a sheet names its records, so its dtype must be 'str', but feature '{feature.name}' has {feature._dtype_str!r}. "
            "Make it a member of the schema, or use another feature as index"
        )


def change_row_key(
    schema: Any, before: str | None, after: str | None, conflict: str | None = None, *, sheet: Any = None
) -> None:
    """Move names and values of the records of all sheets with a schema, in a transaction of the caller: a constant number of statements.

    Args:
        schema: the schema; `None` for a sheet that has none any more.
        before: uid of the former index.
        after: uid of the new index.
        conflict: what counts where a record has a name and another value of the new index: `"keep_name"`, `"keep_feature"`, or `None`.
        sheet: the one sheet whose records are meant, because it gets another schema.

    Raises:
        ValueError: for another `conflict`, or if the new index is no text.
        ValidationError: if names and values differ and nothing says what counts, or records would have no key.
    """
    if conflict is not None and conflict not in _CHOICES:
        raise ValueError(f"index_name_conflict is one of {', '.join(map(repr, _CHOICES))}, not {conflict!r}")
    owner = {"type__schema_id": schema.pk} if sheet is None else {"type_id": sheet.pk}
    rows = dict(registry("Record").objects.filter(**owner, is_type=False).values_list("pk", "name").order_by())
    if not rows:
        return
    if schema is not None:
        check_row_key(schema)
    features = {
        one.uid: one for one in registry("Feature").objects.filter(uid__in=[uid for uid in (before, after) if uid])
    }
    former, new = features.get(before or ""), features.get(after or "")
    if former is not None and former._dtype_str == KEY_DTYPE:
        _names_to_values(former, {pk: name for pk, name in rows.items() if name is not None})
    else:
        former = None
    if new is not None:
        _values_to_names(new, rows, former, conflict)


def _names_to_values(feature: Any, names: dict[int, str]) -> None:
    values = registry("RecordJson")
    values.objects.filter(feature=feature, record_id__in=in_values(list(names), "default"))._raw_delete("default")
    if names:
        insert_rows(
            values,
            {
                "record_id": list(names),
                "value": list(names.values()),
            },
            "default",
            constants={"feature_id": feature.pk},
        )


def _values_to_names(feature: Any, rows: dict[int, str | None], former: Any, conflict: str | None) -> None:
    table = registry("RecordJson")
    stored = table.objects.filter(feature=feature, record_id__in=in_values(list(rows), "default"))
    values = {pk: value for pk, value in stored.values_list("record_id", "value") if value is not None}
    _check_texts(feature, values)
    if former is None:
        differing = [pk for pk, value in values.items() if rows[pk] is not None and rows[pk] != value]
        keyless: list[int] = []
    else:  # the names are values of the former index now
        differing, keyless = [], [pk for pk, name in rows.items() if name is not None and pk not in values]
    if keyless and conflict != "keep_name":
        shown = ", ".join(repr(rows[pk]) for pk in keyless[:_MAX_SHOWN])
        raise ValidationError(
            f"{len(keyless)} of {len(rows)} records have no value of '{feature.name}', which would name them: {shown}"
            f"{', ...' if len(keyless) > _MAX_SHOWN else ''}. Give them one, or let their names stay, when the index of their schema changes: "
            "schema.save(index_name_conflict='keep_name')"
        )
    choice = conflict or (_ask(feature, differing, rows, values) if differing else "keep_feature")
    named = set(differing) if choice == "keep_name" else set()
    renamed = [pk for pk, value in values.items() if pk not in named and rows[pk] != value]
    if renamed:
        text = table.objects.filter(feature=feature, record=OuterRef("pk")).annotate(_text=JsonText(F("value")))
        registry("Record").objects.filter(pk__in=in_values(renamed, "default")).update(
            name=Subquery(text.values("_text")[:1], output_field=models.CharField())
        )
    stored._raw_delete("default")
    logger.important("'%s' is the row key now: it names %d records", feature.name, len(rows))


def _check_texts(feature: Any, values: dict[int, Any]) -> None:
    limit = registry("Record")._meta.get_field("name").max_length
    wrong = [value for value in values.values() if not isinstance(value, str) or len(value) > limit]
    if wrong:
        raise ValidationError(
            f"{len(wrong)} values of '{feature.name}' can't name records, because they are no texts of at most {limit} characters: "
            f"{', '.join(repr(value)[:60] for value in wrong[:_MAX_SHOWN])}"
        )


def _ask(feature: Any, pks: list[int], rows: dict[int, str | None], values: dict[int, Any]) -> str:
    """Return whether names or values count: asked at a terminal, an error elsewhere."""
    shown = ", ".join(f"{rows[pk]!r} / {values[pk]!r}" for pk in pks[:_MAX_SHOWN])
    listed = (
        f"{len(pks)} records have a name that differs from their value of '{feature.name}' (name / value): {shown}"
        f"{', ...' if len(pks) > _MAX_SHOWN else ''}"
    )
    if sys.stdin is not None and sys.stdin.isatty():
        answer = input(f"{listed}\nKeep the names (y), or use the values as names (n)? ").strip().lower()
        if answer in ("y", "n"):
            return "keep_name" if answer == "y" else "keep_feature"
    raise ValidationError(
        f"{listed}. Say what counts when the index of their schema changes: schema.save(index_name_conflict='keep_name') drops those values, "
        "schema.save(index_name_conflict='keep_feature') makes them the names. Before a sheet gets another schema, make them equal"
    )
