"""Makes the table of a vocabulary from terms while they are read, so that millions of them need not be in memory as objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from bionty.parsing.terms import Term

if TYPE_CHECKING:
    import pyarrow as pa

#: Terms that are objects at a time.
_BATCH: Final = 20_000
_TEXTS: Final = ("ontology_id", "name", "definition", "synonyms", "replaced_by", "alternative_ids")


def to_table(
    terms: Iterable[Term], prefixes: tuple[str, ...] | None = None, relations: tuple[str, ...] = ()
) -> pa.Table:
    """Return terms as a table.

    Args:
        terms: the terms; those without name are no terms, but merged ones among them are alternative ids of their replacement.
        prefixes: keep only terms and parents whose identifier begins with one of these.
        relations: relations besides `is_a` whose targets count as parents, such as `("part_of",)`.

    Example:
        >>> to_table([Term("X:1", "one"), Term("X:2", "two", parents=["X:1"])])["parents"].to_pylist()
        [[], ['X:1']]
    """
    import pyarrow as pa

    columns = _Columns(prefixes, relations)
    seen: set[str] = set()
    nameless: dict[str, Term] = {}
    parts: dict[str, Term] = {}  # of terms that are rows already
    for term in terms:
        identifier = term.ontology_id
        if identifier in seen:
            _collect(parts, term)
        elif term.name is None and identifier not in nameless:
            nameless[identifier] = term
        else:
            known = nameless.get(identifier)
            if known is not None:
                known.add(term)
                term = known
                if term.name is None:
                    continue
                del nameless[identifier]
            if prefixes is None or identifier.startswith(prefixes):
                seen.add(identifier)
                columns.append(term)
    table = pa.Table.from_batches(columns.finished(), columns.schema)
    for term in nameless.values():
        if term.replaced_by in seen:
            _collect(parts, Term(term.replaced_by, alternative_ids=[term.ontology_id]))
    return _with_parts(table, parts, _Columns(prefixes, relations)) if parts else table


class _Columns:
    """Rows of terms that are waiting to become batches of a table."""

    def __init__(self, prefixes: tuple[str, ...] | None, relations: tuple[str, ...]) -> None:
        import pyarrow as pa

        self.prefixes, self.relations = prefixes, relations
        kinds: dict[str, Any] = {"parents": pa.list_(pa.string()), "deprecated": pa.bool_()}
        names = (*_TEXTS[:4], "parents", "deprecated", *_TEXTS[4:])
        self.schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
        self._rows: list[tuple[Any, ...]] = []
        self._batches: list[pa.RecordBatch] = []

    def append(self, term: Term) -> None:
        """Add the row of a term."""
        parents = term.parents
        if self.relations:
            parents = [*parents, *(target for name in self.relations for target in term.related.get(name, ()))]
        if parents:
            parents = [parent for parent in dict.fromkeys(parents) if parent != term.ontology_id]
            if self.prefixes is not None:
                parents = [parent for parent in parents if parent.startswith(self.prefixes)]
        synonyms = "|".join(dict.fromkeys(s.replace("|", "/").strip() for s in term.synonyms if s.strip()))
        alternatives = "|".join(dict.fromkeys(term.alternative_ids))
        self._rows.append(
            (term.ontology_id, term.name, term.definition, synonyms or None, parents, term.deprecated, term.replaced_by, alternatives or None)
        )  # fmt: skip
        if len(self._rows) == _BATCH:
            self._finish_batch()

    def finished(self) -> list[pa.RecordBatch]:
        """Return the batches."""
        if self._rows:
            self._finish_batch()
        return self._batches

    def _finish_batch(self) -> None:
        import pyarrow as pa

        columns = zip(*self._rows, strict=True)
        arrays = [pa.array(values, field.type) for values, field in zip(columns, self.schema, strict=True)]
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=self.schema))
        self._rows = []


def _collect(parts: dict[str, Term], term: Term) -> None:
    known = parts.setdefault(term.ontology_id, term)
    if known is not term:
        known.add(term)


def _with_parts(table: pa.Table, parts: dict[str, Term], columns: _Columns) -> pa.Table:
    """Return the table with what later parts of the file say about terms, in the same order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = table["ontology_id"].combine_chunks()
    rows = pc.indices_nonzero(pc.is_in(ids, value_set=pa.array(parts, pa.string()))).to_pylist()
    for row in table.take(pa.array(rows, pa.int64())).to_pylist():
        term = _term_of(row)
        term.add(parts[term.ontology_id])
        columns.append(term)
    more = pa.Table.from_batches(columns.finished(), columns.schema)
    order = list(range(table.num_rows))
    for position, row in enumerate(rows):
        order[row] = table.num_rows + position
    return pa.concat_tables([table, more]).take(pa.array(order, pa.int64()))


def _term_of(row: dict[str, Any]) -> Term:
    def parts_of(text: str | None) -> list[str]:
        return text.split("|") if text else []

    return Term(
        row["ontology_id"], row["name"], row["definition"], parts_of(row["synonyms"]), row["parents"],
        deprecated=row["deprecated"], replaced_by=row["replaced_by"], alternative_ids=parts_of(row["alternative_ids"]),
    )  # fmt: skip
