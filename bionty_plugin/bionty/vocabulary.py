"""What validation and `from_values` ask of public vocabularies; the plugin declares these functions as a reference source."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

from bionty import sources
from bionty.errors import CorruptedOntology, OrganismNotSet, SourceUnavailable
from bionty.term_table import TermTable
from lamindb.base.logging import logger

#: Fields of records that columns of vocabularies fill under another name.
FIELD_OF_COLUMN = {"definition": "description"}
#: Seconds for which a warning about a source is not repeated.
_SILENCE: Final = 2.0

_warned: dict[str, float] = {}


def known(registry: Any, values: list[str], field: str, organism: Any = None, source: Any = None) -> set[str]:
    """Return those of `values` that a current term of the vocabulary has in `field`."""
    found: set[str] = set()
    for _, table, group in _tables(registry, values, field, organism, source):
        positions = table.rows_of(column_of(table, field), group)
        found |= {value for value, rows in positions.items() if _current(table, rows)}
    return found


def records(
    registry: Any, values: list[str], field: str, organism: Any = None, source: Any = None
) -> dict[str, list[dict[str, Any]]]:
    """Return the field values of the records of each known value, and the source and organism they have.

    Raises:
        OrganismNotSet: if an organism is needed to make records.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    if organism is None and source is None and registry.require_organism(field):
        raise OrganismNotSet(
            f"`organism` is required to create new {registry.__name__} records from source! "
            "Pass organism='human', or set it for the session: bt.settings.organism = 'human'"
        )
    for used, table, group in _tables(registry, values, field, organism, source):
        positions = table.rows_of(column_of(table, field), group)
        matching = {value: current for value, rows in positions.items() if (current := _current(table, rows))}
        if not matching:
            continue
        make = RecordFields(registry, table, used, organism)
        found.update({value: [make(row) for row in rows] for value, rows in matching.items()})
    return found


def standardize(
    registry: Any, values: list[str], field: str, organism: Any = None, source: Any = None
) -> dict[str, str]:
    """Return what values stand for: the term of which they are another spelling, a synonym, or an alternative identifier."""
    found: dict[str, str] = {}
    is_name = field == (registry._name_field or "name")
    for _, table, group in _tables(registry, values, field, organism, source):
        if is_name:
            column = column_of(table, field)
            found.update({value: table.value(column, rows[0]) for value, rows in table.spelled(group, column).items()})
        elif field == "ontology_id":
            leading = table.alternatives
            found.update({v: table.value("ontology_id", leading[v]) for v in group if v in leading})
    return found


def convert(
    registry: Any, values: list[str], field: str, target: str, organism: Any = None, source: Any = None
) -> dict[str, Any]:
    """Return what current terms with these values in `field` have in another field; of several, the first."""
    found: dict[str, Any] = {}
    for _, table, group in _tables(registry, values, field, organism, source):
        column = column_of(table, target)
        for value, rows in table.rows_of(column_of(table, field), group).items():
            current = _current(table, rows)
            converted = table.value(column, current[0]) if current else None
            if converted is not None:
                found[value] = converted
    return found


def obsolete(
    registry: Any, values: list[str], field: str, organism: Any = None, source: Any = None
) -> dict[str, str | None]:
    """Return the obsolete ones among `values`, by identifier, name or former name, with what replaces them."""
    found: dict[str, str | None] = {}
    for _, table, group in _tables(registry, values, field, organism, source):
        if not table.has_obsolete:
            continue
        column = column_of(table, field)
        positions = table.rows_of(column, group)
        for value in group:
            rows = positions.get(value, ())
            row = rows[0] if rows and table.is_obsolete[rows[0]] else None
            if row is None and not rows and column == "name":
                row = table.former_names.get(value)
            if row is not None:
                replacement = table.replacement_of(row)
                found[value] = None if replacement is None else table.value(column, replacement)
    return found


class RecordFields:
    """Makes the field values of records from rows of a table.

    Args:
        registry: their registry; columns that it has no field for are left out.
        table: the vocabulary.
        source: its `bt.Source`, or `None`.
        organism: record or name, for registries with organisms.
    """

    def __init__(self, registry: Any, table: TermTable, source: Any, organism: Any = None) -> None:
        from bionty.organisms import resolve

        self.columns = fields_by_column(registry, table)
        self.table = table
        self.common: dict[str, Any] = {"source": source}
        if any(field.name == "organism" for field in registry._meta.concrete_fields):
            if organism is None or isinstance(organism, str):
                organism = resolve(organism or table.spec.organism, create=True)
            self.common["organism"] = organism
        self.with_parents = "parents" in table.names and _has_parents(registry)

    def __call__(self, row: int) -> dict[str, Any]:
        values = {field: self.table.value(column, row) for column, field in self.columns.items()}
        if self.with_parents:
            values["parents"] = self.table.value("parents", row) or None
        return {**values, **self.common}


def fields_by_column(registry: Any, table: TermTable) -> dict[str, str]:
    """Return the column of the vocabulary that fills each field of the registry."""
    own = {"id", "uid", "source", "organism", "branch", "created_on", "space", "is_locked", "_aux", "run"}
    fields = {f.name for f in registry._meta.concrete_fields if not f.is_relation} - own - {"created_at", "updated_at"}
    found = {column: FIELD_OF_COLUMN.get(column, column) for column in table.names}
    kept = {column: field for column, field in found.items() if field in fields}
    if "definition" in kept and "description" in kept:  # a table with both: its own description wins
        del kept["definition"]
    return kept


def column_of(table: TermTable, field: str) -> str:
    """Return the column of the vocabulary that fills a field."""
    if field not in table.names:
        return next(
            (column for column, name in FIELD_OF_COLUMN.items() if name == field and column in table.names), field
        )
    return field


def _has_parents(registry: Any) -> bool:
    return any(field.name == "parents" for field in registry._meta.many_to_many)


def _warn_once(uid: str, message: str) -> None:
    """Log what several steps of one call meet in turn with a source."""
    now = time.monotonic()
    if now > _warned.get(uid, 0):
        logger.warning("%s", message)
    _warned[uid] = now + _SILENCE


def _current(table: TermTable, rows: Any) -> list[int]:
    return [row for row in rows if not table.is_obsolete[row]]


def _tables(
    registry: Any, values: list[str], field: str, organism: Any, source: Any
) -> Iterator[tuple[Any, TermTable, list[str]]]:
    """Yield the source and table to ask, and the values to ask for: several for identifiers of several organisms."""
    groups: list[tuple[Any, list[str]]] = [(organism, values)]
    if organism is None and source is None and registry.require_organism() and not registry.require_organism(field):
        from bionty.organisms import current_organism, group_gene_ids

        by_organism = group_gene_ids(values) if field == "ensembl_gene_id" else {}
        grouped = {value for group in by_organism.values() for value in group}
        rest = [value for value in values if value not in grouped]
        groups = list(by_organism.items())
        if rest and current_organism() is not None:
            groups.append((current_organism(), rest))
    for name, group in groups:
        try:
            used = sources.source_of_values(registry, name, source)
        except (OrganismNotSet, ValueError) as error:
            logger.debug("%s", error)
            continue
        try:
            table = sources.table_of(used)
        except (SourceUnavailable, CorruptedOntology) as error:
            _warn_once(used.uid, str(error))
            continue
        if len(table):
            yield used, table, group
