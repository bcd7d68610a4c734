"""Adds the ancestors of new records from the vocabulary that the records came from, and the links between all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from bionty import bulk, sources, uids
from bionty.errors import SourceUnavailable
from bionty.importing import RowMaker
from bionty.term_table import TermTable
from lamindb.base.logging import logger


def add_ancestors(registry: Any, records: Iterable[Any]) -> None:
    """Insert the missing ancestors of saved records that remember their parents, and link them: a constant number of statements.

    Parents that somebody linked by hand stay; what the records remember is forgotten afterwards.

    Args:
        registry: their registry.
        records: saved records; those that don't come from a vocabulary are left alone.
    """
    wanting = [record for record in records if record.__dict__.get("_source_parents")]
    by_source: dict[Any, list[Any]] = defaultdict(list)
    for record in wanting:
        by_source[record.source_id].append(record)
    for source_id, group in by_source.items():
        source = group[0].source if source_id is not None else _default_source(registry, group[0])
        if source is None:
            _link_known(registry, group)
        else:
            _add_from_source(registry, group, source)
    for record in wanting:
        record.__dict__.pop("_source_parents", None)


def add_ontology(
    records: Iterable[Any], organism: Any = None, source: Any = None, ignore_conflicts: bool = True
) -> None:
    """Add the ancestors of saved records from their source, whether they remember their parents or not.

    Args:
        records: saved records of one registry.
        organism: chooses the source where records have none.
        source: the source to read; default: that of each record, else the current one.
        ignore_conflicts: accepted for old callers; what exists is always left alone.
    """
    listed = list(records)
    if not listed:
        return
    registry = type(listed[0])
    for record in listed:
        used = source or record.source or sources.default_source(registry, organism)
        table = sources.table_of(used)
        rows = table.rows_of("ontology_id", [record.ontology_id]).get(record.ontology_id, ())
        if rows:
            record.__dict__["_source_parents"] = list(table.value("parents", rows[0]) or ())
            _add_from_source(registry, [record], used)
            record.__dict__.pop("_source_parents", None)


def add_ancestors_at_hand(registry: Any, records: Iterable[Any]) -> None:
    """Add the ancestors of saved records, from vocabularies that need no download; others are left alone.

    Args:
        registry: their registry.
        records: saved records without parents.
    """
    id_field = registry._ontology_id_field
    by_source: dict[Any, list[Any]] = defaultdict(list)
    default = None
    for record in records:
        used = record.source
        if used is None or not sources.is_at_hand(used):
            default = default or _default_source(registry, record)
            used = default if default is not None and sources.is_at_hand(default) else None
        if used is not None:
            by_source[used].append(record)
    for used, group in by_source.items():
        table = sources.table_of(used)
        rows_of = table.rows_of("ontology_id", [getattr(record, id_field) for record in group])
        known = [record for record in group if getattr(record, id_field) in rows_of]
        for record in known:
            record.__dict__["_source_parents"] = table.value("parents", rows_of[getattr(record, id_field)][0]) or []
        if known:
            _add_from_source(registry, known, used)
        for record in known:
            record.__dict__.pop("_source_parents", None)


def _default_source(registry: Any, record: Any) -> Any:
    """Return the source in which parents of an own record are looked up, or `None`."""
    try:
        return sources.default_source(registry, getattr(record, "organism", None))
    except ValueError:
        return None


def _link_known(registry: Any, records: list[Any]) -> None:
    """Link records to those parents that the registry has."""
    id_field = registry._ontology_id_field
    wanted = {parent for record in records for parent in record._source_parents}
    id_of = dict(registry.filter(**{f"{id_field}__in": wanted}).values_list(id_field, "pk"))
    for identifier in sorted(wanted - id_of.keys()):
        logger.warning("there is no %s with %s=%r to be a parent", registry.__name__, id_field, identifier)
    links = [(record.pk, id_of[parent]) for record in records for parent in record._source_parents if parent in id_of]
    bulk.insert_links(registry, links)


def _add_from_source(registry: Any, records: list[Any], source: Any) -> None:
    try:
        table = sources.table_of(source)
    except SourceUnavailable as error:
        logger.warning("the parents of %d %s records are not added: %s", len(records), registry.__name__, error)
        return
    import pyarrow as pa

    id_field = registry._ontology_id_field
    keys = {id(record): getattr(record, id_field) or f"record {record.pk}" for record in records}
    own_parents = {keys[id(record)]: record._source_parents for record in records}
    parents_of, missing = _closure(table, own_parents)
    for identifier in missing:
        logger.warning(
            "ontology ID %s not found in DataFrame of %s, so it is not added as a parent", identifier, source
        )
    ancestors = [identifier for identifier in parents_of if identifier not in own_parents]
    positions = table.rows_of("ontology_id", ancestors)
    maker = RowMaker(registry, table, source)
    with transaction.atomic():
        if ancestors:
            rows = (maker.row(positions[identifier][0]) for identifier in ancestors)
            bulk.insert_rows(registry._meta.db_table, maker.columns, rows, maker.constants)
        uid_of = dict(zip(parents_of, uids.record_uids(parents_of), strict=True))
        found, ids = bulk.ids_by_value(registry._meta.db_table, "uid", pa.array(uid_of.values(), pa.string()))
        id_of_uid = dict(zip(found.to_pylist(), ids.to_pylist(), strict=True))
        id_of = {identifier: id_of_uid[uid] for identifier, uid in uid_of.items() if uid in id_of_uid}
        id_of.update({keys[id(record)]: record.pk for record in records})
        links = (
            (id_of[child], id_of[parent])
            for child, parents in parents_of.items()
            for parent in parents
            if child in id_of and parent in id_of and child != parent
        )
        bulk.insert_links(registry, links)


def _closure(table: TermTable, start: dict[str, list[str]]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the parents of every term from `start` upwards, and identifiers that the table lacks; cycles end."""
    obsolete = table.is_obsolete
    parents_of: dict[str, list[str]] = {}
    missing: dict[str, None] = {}
    level = start
    while level:
        rows_of = table.rows_of("ontology_id", {parent for parents in level.values() for parent in parents})
        following: dict[str, list[str]] = {}
        for identifier, parents in level.items():
            missing.update(dict.fromkeys(parent for parent in parents if parent not in rows_of))
            known = [parent for parent in parents if parent in rows_of and not obsolete[rows_of[parent][0]]]
            parents_of[identifier] = known
            following.update({parent: table.value("parents", rows_of[parent][0]) or [] for parent in known})
        level = {identifier: parents for identifier, parents in following.items() if identifier not in parents_of}
    return parents_of, list(missing)
