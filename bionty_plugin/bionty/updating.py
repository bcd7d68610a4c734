"""Brings records of other versions of a source up to date: `import_source(source, update_records=True)`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from bionty.importing import RowMaker
from bionty.term_table import TermTable
from lamindb.base.logging import logger

#: Rows per `UPDATE`.
_BATCH = 2_000


def update_records(registry: Any, source: Any, table: TermTable, maker: RowMaker, rows: list[int]) -> None:
    """Update, flag and re-link the records that other versions of a source brought; new terms are inserted by the caller.

    Args:
        registry: the registry.
        source: the version to update to.
        table: its terms.
        maker: makes rows from terms.
        rows: the terms that are current.
    """
    id_field = _id_field(registry, table)
    older = registry.objects.using("default").filter(source__entity=source.entity, source__name=source.name)
    older = older.exclude(source_id=source.pk).exclude(**{f"{id_field}__isnull": True})
    if maker.organism is not None:
        older = older.filter(organism=maker.organism)
    records = {getattr(record, id_field): record for record in older.order_by("pk")}
    if not records:
        logger.info("no records of other versions of %s to update", source.name)
        return
    current = {table.column(id_field)[position]: position for position in rows}
    logger.info("updating %d records to %s, %s", len(records), source.name, source.version)
    in_use = _annotating(registry, [record.pk for record in records.values()])
    updated, kept = [], []
    left: set[int] = set()  # versions that no longer have all their terms in the registry
    name_field = registry._name_field or "name"
    for identifier, record in records.items():
        position = current.get(identifier)
        if position is None:
            continue
        new_name = table.column(name_field)[position] if name_field in table.names else getattr(record, name_field)
        if record.pk in in_use and new_name != getattr(record, name_field):
            kept.append((getattr(record, name_field), new_name))
            continue
        left.add(record.source_id)
        for column, value in zip(maker.columns[1:], maker.row(position)[1:], strict=True):
            setattr(record, column, value)
        record.source = source
        record._aux = {key: value for key, value in (record._aux or {}).items() if key != "obsolete"} or None
        updated.append(record)
    _write(registry, updated, [*maker.columns[1:], "source", "_aux", "updated_at"])
    type(source).objects.using("default").filter(pk__in=left).update(in_db=False)
    _refresh_links(registry, table, updated, id_field)
    flagged = _flag_obsolete(registry, source, table, [r for i, r in records.items() if i not in current], id_field)
    logger.info("%d records updated!", len(updated))
    if kept:
        listed = ", ".join(f"'{old}' (now '{new}')" for old, new in kept[:10])
        logger.warning("%d records keep their name, because artifacts hold it: %s", len(kept), listed)
    if flagged:
        logger.warning("%d records became obsolete and were flagged", flagged)


def _id_field(registry: Any, table: TermTable) -> str:
    for name in registry._identifiers():
        if name in table.names and table.positions(name):
            return str(name)
    raise ValueError(
        f"{registry.__name__} records can't be matched with the terms of {table.spec}: it needs a column "
        f"{' or '.join(registry._identifiers()) or 'with identifiers'}"
    )


def _annotating(registry: Any, pks: list[int]) -> set[int]:
    """Return the ids of records that annotate artifacts."""
    field = next((f for f in registry._meta.many_to_many if f.name == "artifacts"), None)
    if field is None:
        return set()
    through = field.remote_field.through
    return set(
        through.objects.using("default").values_list(f"{field.m2m_field_name()}_id", flat=True).distinct()
    ) & set(pks)


def _write(registry: Any, records: list[Any], fields: list[str]) -> None:
    now = timezone.now()
    for record in records:
        record.updated_at = now
    for start in range(0, len(records), _BATCH):
        registry.objects.using("default").bulk_create(
            records[start : start + _BATCH], update_conflicts=True, update_fields=fields, unique_fields=["id"]
        )


def _refresh_links(registry: Any, table: TermTable, records: list[Any], id_field: str) -> None:
    """Take away links of updated records that the new version doesn't have, as far as they lead to terms of the vocabulary.

    Links to own records stay; links that are new are inserted with the new terms.
    """
    if "parents" not in table.names or not any(f.name == "parents" for f in registry._meta.many_to_many) or not records:
        return
    field = registry._meta.get_field("parents")
    child, parent = field.m2m_column_name(), field.m2m_reverse_name()
    through = field.remote_field.through.objects.using("default")
    positions, column = table.positions(id_field), table.column("parents")
    identifier_of = {record.pk: getattr(record, id_field) for record in records}
    vocabulary = dict(registry.objects.using("default").filter(source__isnull=False).values_list("pk", id_field))
    gone = []
    for link_id, child_id, parent_id in through.values_list("pk", child, parent):
        if child_id not in identifier_of or parent_id not in vocabulary:
            continue
        wanted = column[positions[identifier_of[child_id]][0]] or ()
        if vocabulary[parent_id] not in wanted:
            gone.append(link_id)
    for start in range(0, len(gone), _BATCH):
        through.filter(pk__in=gone[start : start + _BATCH]).delete()


def _flag_obsolete(registry: Any, source: Any, table: TermTable, records: list[Any], id_field: str) -> int:
    """Note on records that the new version calls obsolete, or lacks, that they are, and what replaces them."""
    positions, identifiers = table.positions(id_field), table.column(id_field)
    flagged = []
    for record in records:
        rows = positions.get(getattr(record, id_field), ())
        if rows and not table.is_obsolete[rows[0]]:
            continue  # current, but not imported
        alternative = table.alternatives.get(getattr(record, id_field))
        replacement = table.replacement_of(rows[0]) if rows else alternative
        note = {"source": source.uid, "replaced_by": None if replacement is None else identifiers[replacement]}
        record._aux = {**(record._aux or {}), "obsolete": note}
        flagged.append(record)
    _write(registry, flagged, ["_aux", "updated_at"])
    return len(flagged)
