"""Transitive closures along `parents`/`children` and `type`: one recursive statement each, over indexed look-ups only.

The walk must not depend on what a query planner believes, because a wrong guess reads a table of millions of rows
once per step. Hence each step is pinned to a nested loop over an index (`CROSS JOIN` on SQLite, `LATERAL … OFFSET
0` on PostgreSQL), and the branch of a record is carried along and checked when the record is expanded, so that no
condition invites an index or a filter over a whole branch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, F
from django.db.models.lookups import Lookup

from lamindb.base import context


def visible_branch_ids(using: str | None) -> tuple[int, ...]:
    """Return the branches that queries show by default: the current one and main; on other databases only main."""
    if using not in (None, DEFAULT_DB_ALIAS):
        return (context.MAIN_BRANCH_ID,)
    return tuple(dict.fromkeys((context.current_branch_id(), context.MAIN_BRANCH_ID)))


def closure(record: Any, relation: str) -> Any:
    """Return everything above (`"parents"`) or below (`"children"`) a record in its ontology.

    Only records that are visible by default are passed through. Cycles are no problem; the record itself is not in the
    result.

    Args:
        record: a record of a registry with `parents`.
        relation: `"parents"` or `"children"`.

    Returns:
        A query set on the record's database, unordered.

    Raises:
        ValueError: for any other relation, or if the record is not saved.

    Example:
        >>> closure(cell_type, "parents").to_list("name")
    """
    if relation not in ("parents", "children"):
        raise ValueError(f"relation must be 'parents' or 'children', not {relation!r}")
    if record.pk is None:
        raise ValueError(f"An unsaved {type(record).__name__} has no {relation} yet: save it first using '.save()'")
    walk = _Walk(record)
    field = type(record)._meta.get_field("parents")
    columns = [walk.quote(field.m2m_column_name()), walk.quote(field.m2m_reverse_name())]
    start, end = columns if relation == "parents" else columns[::-1]
    links = walk.quote(field.m2m_db_table())
    step = walk.join((f"{links} t", f"t.{end}", f"t.{start} = c.id"), (f"{walk.table} r", "r.*", f"r.id = t.{end}"))
    return walk.records(f"SELECT {walk.columns('r')} FROM walked c {step}")


def ancestors_by_type(record: Any) -> list[Any]:
    """Return the record's type, that type's type, and so on, nearest first.

    The list stops before the first one that is not visible by default.

    Example:
        >>> [ancestor.name for ancestor in ancestors_by_type(label)]
    """
    if record.type_id is None:
        return []
    walk = _Walk(record, start=record.type_id)
    # each row leads to its own type, so the walk looks up the record that it stands at first
    here = walk.join((f"{walk.table} h", "h.*", "h.id = c.id"), (f"{walk.table} r", "r.*", "r.id = h.type_id"))
    query = walk.records(f"SELECT {walk.columns('r')} FROM walked c {here}", with_start=True)
    by_id = {ancestor.pk: ancestor for ancestor in query if walk.is_visible(ancestor) and ancestor.pk != record.pk}
    chain, following = [], record.type_id
    while following in by_id:
        ancestor = by_id.pop(following)
        chain.append(ancestor)
        following = ancestor.type_id
    return chain


def descendants_by_type(record: Any, depth: int | None = None) -> Any:
    """Return everything that is organised below a type: sub types and their records, through visible records only.

    Args:
        record: a type.
        depth: how many levels to go down; `None` is all the way, 1 the direct members only.

    Returns:
        A query set on the record's database, unordered, without the record itself.

    Raises:
        ValueError: if `depth` is below 1.
    """
    if depth is not None and depth < 1:
        raise ValueError(f"depth must be at least 1 (or None for all levels), not {depth}")
    walk = _Walk(record, depth=depth)
    step = walk.join((f"{walk.table} r", "r.*", "r.type_id = c.id"))
    return walk.records(f"SELECT {walk.columns('r')} FROM walked c {step}")


class _Walk:
    """Builds the recursive statement that walks from one record on its database."""

    def __init__(self, record: Any, start: Any = None, depth: int | None = None) -> None:
        self.record, self.registry = record, type(record)
        self.start = record.pk if start is None else start
        self.depth = depth
        self.using = record._state.db or DEFAULT_DB_ALIAS
        self.quote: Callable[[str], str] = connections[self.using].ops.quote_name
        self.table = self.quote(self.registry._meta.db_table)
        self._is_postgresql = connections[self.using].vendor == "postgresql"
        self._has_branch = any(field.name == "branch" for field in self.registry._meta.concrete_fields)
        self._branches = visible_branch_ids(self.using)

    def is_visible(self, record: Any) -> bool:
        """Tell whether a record is shown by default."""
        return not self._has_branch or record.branch_id in self._branches

    def columns(self, alias: str) -> str:
        """Return what is carried along: id, branch, and with a depth the level."""
        branch = f"CAST({alias}.branch_id AS bigint)" if self._has_branch else str(self._branches[0])
        level = ", c.level + 1" if self.depth is not None else ""
        return f"CAST({alias}.id AS bigint), {branch}{level}"

    def join(self, *tables: tuple[str, str, str]) -> str:
        """Return joins to (table with alias, columns, condition) in exactly this order, and the condition to go on."""
        goes_on = f"c.branch IN ({self._placeholders})"
        if self.depth is not None:
            goes_on += f" AND c.level < {int(self.depth)}"
        if self._is_postgresql:
            fenced = [
                (f"SELECT {columns} FROM {table} WHERE {condition} OFFSET 0", table.rsplit(" ", 1)[1])
                for table, columns, condition in tables
            ]
            joined = " ".join(f"CROSS JOIN LATERAL ({look_up}) {alias}" for look_up, alias in fenced)
            return f"{joined} WHERE {goes_on}"
        joined = " ".join(f"CROSS JOIN {table}" for table, _, _ in tables)
        return f"{joined} WHERE {goes_on} AND {' AND '.join(condition for _, _, condition in tables)}"

    def records(self, step: str, with_start: bool = False) -> Any:
        """Return the query set of everything that is reached by `step`."""
        query = self.registry.filter(branch=None) if self._has_branch else self.registry.filter()
        query = query.using(self.using)
        if self.start is None:
            return query.none()
        level = ", level" if self.depth is not None else ""
        # without a level, UNION drops what was met before, so that cycles end
        statement = (
            f"WITH RECURSIVE walked(id, branch{level}) AS ("
            f"SELECT CAST(%s AS bigint), CAST(%s AS bigint){', 0' if level else ''} UNION {step}"
            f") SELECT id FROM walked WHERE branch IN ({self._placeholders})"
        )
        parameters = [self.start, self._branches[0], *self._branches, *self._branches]
        if not with_start:
            statement += " AND id <> %s"
            parameters.append(self.start)
        return query.filter(InStatement(F("pk"), (statement, tuple(parameters))))

    @property
    def _placeholders(self) -> str:
        return ", ".join(["%s"] * len(self._branches))


class InStatement(Lookup):
    """Condition that an id is in the result of a statement, which is run once, before the table is looked at."""

    lookup_name = "in_statement"
    prepare_rhs = False
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        statement, values = self.rhs
        if connection.vendor == "postgresql":
            return f"{column} = ANY(ARRAY({statement}))", [*parameters, *values]
        return f"{column} IN ({statement})", [*parameters, *values]
