"""Row keys: the index feature of a sheet's schema. Its values are the names of the sheet's records, and in no table of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from lamindb.annotation.simple_values import check_column, pandas_name
from lamindb.annotation.value_problems import ValueProblems, rows_text, shown
from lamindb.base.dtypes import Dtype
from lamindb.base.registries import registry

#: Where a schema notes the uid of its index feature.
_FIELDS, _INDEX = "af", "3"
#: The dtype that names have.
KEY_DTYPE = "str"


def index_uid(aux: Any) -> str | None:
    """Return the uid of the index feature that a schema notes in `_aux`, `None` if it has none."""
    return ((aux or {}).get(_FIELDS) or {}).get(_INDEX)


def row_key_of(schema: Any) -> Any:
    """Return the feature whose values are the names of the records of sheets with a schema: one statement if the schema has an index.

    Args:
        schema: a saved schema, or `None`.

    Returns:
        The feature; `None` if the schema has no index, or one that is no text (then its values are stored as those of other features).
    """
    uid = None if schema is None else index_uid(schema._aux)
    if uid is None:
        return None
    features = registry("Feature").objects.using(schema._state.db or "default")
    return features.filter(uid=uid, _dtype_str=KEY_DTYPE).first()


def row_key_of_record(record: Any, using: str) -> Any:
    """Return the feature that a record's name is a value of, `None` if there is none: up to two statements."""
    if type(record).__name__ != "Record" or record.type_id is None or record.is_type:
        return None
    kind = record._state.fields_cache.get("type")
    if kind is not None and (kind.schema_id is None or "schema" in kind._state.fields_cache):
        return row_key_of(kind.schema if kind.schema_id is not None else None)
    schemas = registry("Schema").objects.using(using)
    return row_key_of(schemas.filter(records=record.type_id, _aux__isnull=False).only("_aux").first())


def schemas_keyed_by(feature: Any, using: str) -> list[int]:
    """Return the ids of the schemas of sheets whose records are named by the values of a feature: one statement, none if it is no text."""
    if feature._dtype_str != KEY_DTYPE:
        return []
    schemas = registry("Schema").objects.using(using)
    found = schemas.filter(links_feature__feature_id=feature.pk, _aux__isnull=False, records__isnull=False)
    return sorted({pk for pk, aux in found.values_list("pk", "_aux") if index_uid(aux) == feature.uid})


class KeyColumn(NamedTuple):
    """A row key and its values: ids of records, and their names."""

    feature: Any
    record_ids: list[int]
    names: list[str]


def row_keys_of_records(ids: Sequence[int], using: str, wanted: Sequence[int] | None = None) -> list[KeyColumn]:
    """Return the row keys of records, which may belong to several sheets: one statement if no sheet has an index, else three.

    Args:
        ids: primary keys of the records.
        using: alias of the database.
        wanted: ids of the features that are asked for (default: all).
    """
    from lamindb.annotation.link_rows import in_values

    schemas = registry("Schema").objects.using(using).filter(_aux__isnull=False, records__isnull=False)
    uids = {pk: index_uid(aux) for pk, aux in schemas.order_by().values_list("pk", "_aux")}
    uids = {pk: uid for pk, uid in uids.items() if uid is not None}
    if not uids or not ids:
        return []
    known = registry("Feature").objects.using(using).filter(uid__in=set(uids.values()), _dtype_str=KEY_DTYPE)
    features = {one.uid: one for one in known if wanted is None or one.pk in wanted}
    keyed = [pk for pk, uid in uids.items() if uid in features]
    if not keyed:
        return []
    records = registry("Record").objects.using(using).filter(pk__in=in_values(list(ids), using), name__isnull=False)
    rows = records.filter(type__schema__in=keyed, is_type=False).order_by()
    columns: dict[Any, KeyColumn] = {}
    for pk, name, schema in rows.values_list("pk", "name", "type__schema_id"):
        feature = features[uids[schema]]
        column = columns.setdefault(feature.pk, KeyColumn(feature, [], []))
        column.record_ids.append(pk)
        column.names.append(name)
    return list(columns.values())


def take_names(
    key: Any, values: list[Any], names: Sequence[str | None], problems: ValueProblems, *, may_rename: bool
) -> list[tuple[int, str]]:
    """Check the values of a row key, which become the names of records.

    Args:
        key: the feature.
        values: one per record; `None` where none was passed.
        names: names that the records have.
        problems: takes what is wrong.
        may_rename: whether records that have another name get a new one.

    Returns:
        Rows and names of the records whose names change.
    """
    texts, mismatches = check_column(Dtype(KEY_DTYPE), list(values), coerce=bool(key.coerce))
    n, wrong = len(values), {mismatch.row for mismatch in mismatches}
    if mismatches:
        examples = ", ".join(dict.fromkeys(shown(mismatch.value) for mismatch in mismatches[:10]))
        problems.add(
            f"Column '{key.name}' failed dtype check for '{KEY_DTYPE}': got {pandas_name(mismatches[0].value)}"
            f"{rows_text(sorted(wrong), n)}: {examples}",
            key, [mismatches[0].value],
        )  # fmt: skip
    nameless = [row for row, text in enumerate(texts) if text is None and names[row] is None and row not in wrong]
    if nameless:
        problems.add(
            f"SERIES_CONTAINS_NULLS: '{key.name}' is the row key of the sheet, its values are the names of the records, and can't be null"
            f"{rows_text(nameless, n)}",
            key, [None],
        )  # fmt: skip
    limit = registry("Record")._meta.get_field("name").max_length
    long = [row for row, text in enumerate(texts) if text is not None and len(text) > limit]
    if long:
        problems.add(
            f"The row key '{key.name}' is the name of the record, which has at most {limit} characters{rows_text(long, n)}: "
            f"{shown(texts[long[0]])}", key, [texts[long[0]]],
        )  # fmt: skip
    changed = [(row, text) for row, text in enumerate(texts) if text is not None and text != names[row]]
    renamed = [row for row, _ in changed if names[row] is not None]
    if renamed and not may_rename:
        row = renamed[0]
        problems.add(
            f"The row key '{key.name}' is the name of the record: {shown(texts[row])} was passed, but the name is {shown(names[row])}"
            f"{rows_text(renamed, n)}. Pass one of them only; .features.update_values({{'{key.name}': ...}}) renames a saved record",
            key, [texts[row]],
        )  # fmt: skip
        return []
    return changed
