"""Imports all terms of a source: `import_source`. One transaction, and a number of statements that doesn't depend on that of the terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction

from bionty import bulk, sources, uids
from bionty.term_table import TermTable
from bionty.vocabulary import fields_by_column
from lamindb.base import context
from lamindb.base.logging import logger

#: Rows that are made at a time.
_BATCH = 10_000


def import_source(
    registry: Any,
    source: Any = None,
    update_records: bool = False,
    *,
    organism: Any = None,
    ignore_conflicts: bool = True,
) -> None:
    """Import all terms of a source; see `BioRecord.import_source`."""
    from bionty.models import Source
    from lamindb.base.registries import qualified_name

    if isinstance(source, str):
        raise TypeError(
            f"import_source() expects a `bt.Source` object, not a str. Pass bt.Source.get(name={source!r}, ...)"
        )
    if update_records and source is None:
        raise ValueError(
            "update_records=True needs the source to update to: pass source=bt.Source.get(name=..., version=...)"
        )
    used = sources.default_source(registry, organism, source)
    if used.entity != qualified_name(registry):
        raise ValueError(
            f"please pass a source record of the same entity: {qualified_name(registry)}. {used} is of {used.entity}; "
            f"to use its terms here: {registry.__name__}.add_source(source)"
        )
    if used._state.adding:
        used.save()
    logger.info("importing %s records from %s, %s", registry.__name__, used.name, used.version)
    table = sources.table_of(used)
    rows = wanted_rows(registry, table)
    if not rows:
        raise ValueError(
            f"No valid records to add! The source {used} has no current terms; it was read from {table.origin}"
        )
    maker = RowMaker(registry, table, used)
    with bulk.prepared_for(len(rows)) as is_unchecked, transaction.atomic():
        if update_records:
            from bionty.updating import update_records as update

            update(registry, used, table, maker, rows)
        added, linked = _insert(registry, table, maker, rows)
        if added < len(rows) and not ignore_conflicts:
            raise IntegrityError(
                f"{len(rows) - added} of the {len(rows)} terms of {used} are in the {registry.__name__} registry already, so nothing was imported. "
                "To leave them as they are, pass ignore_conflicts=True"
            )
        if is_unchecked:
            bulk.require(registry, maker.constants)
        used.in_db = not table.is_extract  # all terms are there now, of whichever version they came
        used.currently_used = used.currently_used or update_records
        Source.objects.filter(pk=used.pk).update(in_db=used.in_db)
        if update_records:
            used.save()
    if maker.n_shortened:
        logger.warning("%d texts were longer than their column and were cut", maker.n_shortened)
    if not added and not linked:
        logger.info("nothing to add: all %d terms and their links are in the registry", len(rows))
    logger.info("adding %d new records", added)
    if linked:
        logger.info("adding %d parents/children links", linked)
    logger.success("import is completed!")


class RowMaker:
    """Makes rows of a registry's table from terms.

    Args:
        registry: the registry.
        table: the vocabulary.
        source: its `bt.Source`.

    Attributes:
        columns: columns of the rows.
        constants: further columns, which are the same in all rows.
        n_shortened: how many texts were too long for their column.
    """

    def __init__(self, registry: Any, table: TermTable, source: Any) -> None:
        from bionty.organisms import resolve
        from lamindb.base.users import current_user_id

        self.registry, self.table, self.source = registry, table, source
        self.field_of = fields_by_column(registry, table)
        self.columns = ["uid", *self.field_of.values()]
        self.n_shortened = 0
        self._long: list[tuple[int, int]] = []
        self._has_empty = False
        self._look_for_misfits()
        branch = context.current_branch_id()
        run = context.current_run()
        self.constants: dict[str, int | None] = {
            "source_id": source.pk,
            "created_by_id": current_user_id(),
            "run_id": None if run is None else run.pk,
            "branch_id": branch,
            "created_on_id": branch,
            "space_id": context.current_space_id() if registry._inherits_space else 1,
        }
        self.organism = None
        names = {field.name for field in registry._meta.concrete_fields}
        if "organism" in names:
            self.organism = resolve(source.organism, create=True)
            self.constants["organism_id"] = self.organism.pk
        organism_name = self.organism.name if self.organism is not None and registry.require_organism() else ""
        self._organism_name = organism_name
        name_field = registry._name_field or "name"
        fields = list(self.field_of.values())
        self._identity = [fields.index(name) for name in registry._identifiers() if name in fields]
        self._name = fields.index(name_field) if name_field in fields else None

    def row(self, position: int) -> tuple[Any, ...]:
        """Return one row."""
        values = [self.table.value(column, position) for column in self.field_of]
        return (uids.ontology(self.text_of(values)), *self._fitted(values))

    def rows(self, wanted: list[bool] | None = None) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of all terms, or of those that are `wanted`, each only once."""
        names = list(self.field_of)
        batch: list[tuple[Any, ...]] = []
        for position, values in enumerate(self.table.rows(names)):
            if wanted is None or wanted[position]:
                batch.append(values)
                if len(batch) == _BATCH:
                    yield from self._finished(batch)
                    batch = []
        yield from self._finished(batch)

    def text_of(self, values: Any) -> str:
        """Return the text from which the uid is made."""
        for position in self._identity:
            if values[position]:
                return str(values[position])
        return f"{values[self._name] if self._name is not None else ''}{self._organism_name}"

    def _finished(self, batch: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        encoded = uids.record_uids([self.text_of(values) for values in batch])
        for uid, values in zip(encoded, batch, strict=True):
            yield (uid, *self._fitted(values))

    def _fitted(self, values: Any) -> Any:
        if not self._long and not self._has_empty:
            return values
        fitted = [None if value == "" else value for value in values]
        for i, limit in self._long:
            value = fitted[i]
            if isinstance(value, str) and len(value) > limit:
                fitted[i] = f"{value[: limit - 1]}…"
                self.n_shortened += 1
        return fitted

    def _look_for_misfits(self) -> None:
        """Note which columns hold texts that are too long, and whether some are empty, so that other rows need no check."""
        import pyarrow as pa
        import pyarrow.compute as pc

        self._long, self._has_empty = [], False
        for i, (column, field) in enumerate(self.field_of.items()):
            values = self.table.data[column]
            if not pa.types.is_string(values.type):
                continue
            limit = self.registry._meta.get_field(field).max_length
            lengths = pc.min_max(pc.utf8_length(values)).as_py()
            self._has_empty = self._has_empty or lengths["min"] == 0
            if limit is not None and (lengths["max"] or 0) > limit:
                self._long.append((i, limit))


def wanted_rows(registry: Any, table: TermTable) -> list[int]:
    """Return the rows that become records: current terms of the source's own, that have what records need."""
    import pyarrow.compute as pc

    name_field = registry._name_field or "name"
    mask = pc.and_(pc.invert(table.obsolete_mask), table.own_mask)
    if not registry._meta.get_field(name_field).null:
        mask = pc.and_(mask, _filled(table, name_field))
    keys = [field for field in (*registry._identifiers(), name_field) if field in table.names]
    with_key = _filled(table, keys[0]) if keys else _filled(table, name_field)
    for field in keys[1:]:
        with_key = pc.or_(with_key, _filled(table, field))
    return pc.indices_nonzero(pc.and_(mask, with_key)).to_pylist()


def _filled(table: TermTable, name: str) -> Any:
    """Return for each row whether it has a value in a column, as an arrow array."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if name not in table.data.column_names:
        return pa.repeat(pa.scalar(False), len(table))
    values = table.data[name].combine_chunks()
    if pa.types.is_string(values.type):
        return pc.fill_null(pc.not_equal(values, ""), False)
    return pc.is_valid(values)


def _insert(registry: Any, table: TermTable, maker: RowMaker, rows: list[int]) -> tuple[int, int]:
    """Insert records and links; returns how many of each were new."""
    flags = [False] * len(table)
    for position in rows:
        flags[position] = True
    with bulk.rebuilt_indexes(registry._meta.db_table, len(rows)):
        added = bulk.insert_rows(registry._meta.db_table, maker.columns, maker.rows(flags), maker.constants)
    if "parents" not in table.names or not any(f.name == "parents" for f in registry._meta.many_to_many):
        return added, 0
    links = registry._meta.get_field("parents").m2m_db_table()
    with bulk.rebuilt_indexes(links, len(rows)):
        return added, bulk.insert_links(registry, _links(registry, table, flags))


def _links(registry: Any, table: TermTable, wanted: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield (child, parent) of all terms that are wanted and stored.

    In arrays rather than lists: millions of small objects would keep the garbage collector busy most of the time.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    identifiers = table.data["ontology_id"].combine_chunks()
    kept = pc.if_else(pa.array(wanted, pa.bool_()), identifiers, None)
    values, ids = bulk.ids_by_value(registry._meta.db_table, registry._ontology_id_field, pc.drop_null(kept))
    id_of_row = ids.take(pc.index_in(kept, value_set=values))
    parents = table.data["parents"].combine_chunks()
    children = id_of_row.take(pc.list_parent_indices(parents))
    targets = id_of_row.take(pc.index_in(pc.list_flatten(parents), value_set=kept, skip_nulls=True))
    linked = pc.fill_null(pc.not_equal(children, targets), False)
    found = pa.table({"child": children, "parent": targets}).filter(linked)
    for batch in found.to_batches(max_chunksize=_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
