"""SQL of lineage: which nodes lie up- or downstream of a record, and how they are connected.

One recursive statement walks in one direction, whatever the number of nodes; one statement reads the edges. As in
`lamindb.query.hierarchy`, each step of a walk is pinned to look-ups in indexes, so that no guess of a query planner
reads a whole table once per node.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import F
from django.db.models.expressions import RawSQL

from lamindb.base import context
from lamindb.base.registries import registry
from lamindb.query.hierarchy import InStatement

Direction = Literal["upstream", "downstream"]
#: (kind, id) of a node
NodeKey = tuple[str, int]

ARCHIVE_BRANCH_ID = 0
#: Kinds of nodes, and their registries.
REGISTRIES = {
    "artifact": "Artifact",
    "collection": "Collection",
    "record": "Record",
    "run": "Run",
    "transform": "Transform",
}
#: Kinds that runs read and write.
DATA_KINDS = ("artifact", "collection", "record")
_CODES = {"artifact": 1, "collection": 2, "record": 3, "run": 4, "transform": 5}
# A transform that was met at a run is not walked on from: its other runs have nothing to do with the data. Only the
# one that a walk starts at leads to its runs, and declared successors lead to successors.
_SUCCESSOR, _END = 6, 7
#: Kind of start for a walk along the declared order of transforms only.
DECLARED = "declared"
_START_CODES = {**_CODES, DECLARED: _SUCCESSOR}
_KINDS = {code: kind for kind, code in _CODES.items()} | {_SUCCESSOR: "transform", _END: "transform"}


@dataclass(frozen=True)
class EdgeRow:
    """An edge as the database knows it; `order` is the id of the link."""

    relation: str
    source: NodeKey
    target: NodeKey
    order: int


@dataclass(frozen=True)
class _Step:
    """One way to go on from a node: look-ups `(alias, table, condition)` that are made in this order.

    A condition refers to the node as `w.id`; the last look-up is the table of the next node.
    """

    source: int
    target: int
    lookups: tuple[tuple[str, str, str], ...]
    condition: str = ""

    @property
    def is_generation(self) -> bool:
        """Whether the step leads to another dataset; steps between a dataset and its run belong to one generation."""
        return _KINDS[self.target] in DATA_KINDS or self.target == _SUCCESSOR


@dataclass(frozen=True)
class _Link:
    """A table that connects two registries, and the columns of its two ends."""

    table: str
    columns: tuple[str, str]


def visible_branches(using: str) -> tuple[int, ...]:
    """Return the branches whose records are shown: main, the archive, and on the current instance the current branch."""
    ids = [context.MAIN_BRANCH_ID, ARCHIVE_BRANCH_ID]
    if using == DEFAULT_DB_ALIAS:
        ids.append(context.current_branch_id())
    return tuple(branch for branch in dict.fromkeys(ids) if branch >= 0)


def walk(kind: str, start: int, direction: Direction, using: str, depth: int | None, limit: int) -> list[NodeKey]:
    """Return up to `limit` nodes on one side of a record, nearest first, with the record itself: one statement."""
    statement, parameters = walk_statement(kind, start, direction, using, depth)
    with connections[using].cursor() as cursor:
        cursor.execute(f"{statement} SELECT kind, id FROM walked LIMIT %s", [*parameters, limit])
        rows = cursor.fetchall()
    return list(dict.fromkeys((_KINDS[code], pk) for code, pk in rows))


def walk_statement(kind: str, start: int, direction: Direction, using: str, depth: int | None) -> tuple[str, list[Any]]:
    """Return the `WITH RECURSIVE walked(kind, id, …)` clause of a walk, and its parameters."""
    vendor = connections[using].vendor
    branches = ", ".join(str(int(branch)) for branch in visible_branches(using))
    level = "" if depth is None else ", level"
    steps = [_step_sql(step, vendor, branches, depth) for step in _steps(direction)]
    # without a level, UNION drops what was met before, so that cycles end; with one, the depth ends them
    first = f"SELECT CAST(%s AS bigint), CAST(%s AS bigint){'' if depth is None else ', 0'}"
    if vendor == "postgresql":
        # the walked nodes may be named once only
        following = f"SELECT e.* FROM walked w CROSS JOIN LATERAL ({' UNION ALL '.join(steps)}) e"
    else:
        following = " UNION ".join(steps)
    return f"WITH RECURSIVE walked(kind, id{level}) AS ({first} UNION {following})", [_START_CODES[kind], start]


def reached(query: Any, kind: str, start: tuple[str, int], direction: Direction, depth: int | None) -> Any:
    """Return those records of a query set (of the registry of `kind`) that a walk from `start` reaches."""
    using = query.db or DEFAULT_DB_ALIAS
    statement, parameters = walk_statement(*start, direction, using, depth)
    codes = ", ".join(str(code) for code, name in _KINDS.items() if name == kind)
    found = f"{statement} SELECT id FROM walked WHERE kind IN ({codes})"
    if kind == start[0]:
        found += " AND id <> %s"
        parameters.append(start[1])
    return query.filter(InStatement(F("pk"), (found, tuple(parameters))))


def read_edges(nodes: list[NodeKey], using: str) -> list[EdgeRow]:
    """Return all edges between nodes: one statement."""
    ids = {kind: [pk for other, pk in nodes if other == kind] for kind in REGISTRIES}
    vendor = connections[using].vendor
    parts: list[str] = []
    parameters: list[Any] = []
    tables = _edge_tables()
    for number, edge in enumerate(tables):
        if not ids[edge.source] or not ids[edge.target]:
            continue
        near, far = (edge.source_column, edge.target_column)[:: 1 if edge.by_source else -1]
        for kind in (edge.source, edge.target)[:: 1 if edge.by_source else -1]:
            parameters.append(ids[kind] if vendor == "postgresql" else json.dumps(ids[kind]))
        # "+ 0" keeps databases from looking up every pair of both lists in an index
        parts.append(
            f"SELECT {number}, t.{edge.source_column}, t.{edge.target_column}, t.id FROM {edge.table} t"
            f" WHERE t.{near} {_in_list(vendor)} AND t.{far} + 0 {_in_list(vendor)}"
        )
    if not parts:
        return []
    with connections[using].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        rows = cursor.fetchall()
    edges = [
        EdgeRow(tables[at].relation, (tables[at].source, source), (tables[at].target, target), order)
        for at, source, target, order in rows
    ]
    return sorted(edges, key=lambda edge: (edge.relation, edge.order, edge.target))


def with_ids(query: Any, ids: list[int], using: str) -> Any:
    """Filter a query set by any number of ids in one parameter."""
    if connections[using].vendor == "postgresql":
        return query.filter(pk__in=RawSQL("SELECT unnest(%s)", (ids,)))
    return query.filter(pk__in=RawSQL("SELECT value FROM json_each(%s)", (json.dumps(ids),)))


def _in_list(vendor: str) -> str:
    return "= ANY(%s)" if vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"


# steps ----------------------------------------------------------------------------------------------------------------


def _table(kind: str) -> str:
    return f'"{registry(REGISTRIES[kind])._meta.db_table}"'


def _link(kind: str, relation: str) -> _Link:
    """Return the link table of a many-to-many field; the first column is that of the registry that has the field."""
    field = registry(REGISTRIES[kind])._meta.get_field(relation)
    return _Link(f'"{field.m2m_db_table()}"', (f'"{field.m2m_column_name()}"', f'"{field.m2m_reverse_name()}"'))


def _recreating(kind: str) -> _Link | None:
    return _link(kind, "recreating_runs") if kind != "record" else None


@cache
def _steps(direction: Direction) -> tuple[_Step, ...]:
    return tuple(_upstream() if direction == "upstream" else _downstream())


def _upstream() -> list[_Step]:
    run, steps = _table("run"), []
    for kind in DATA_KINDS:
        code, table, inputs, again = _CODES[kind], _table(kind), _link(kind, "input_of_runs"), _recreating(kind)
        data, read_by = inputs.columns
        steps.append(_Step(code, 4, (("s", table, "s.id = w.id"), ("r", run, "r.id = s.run_id"))))
        if again is not None:
            made, by = again.columns
            steps.append(_Step(code, 4, (("t", again.table, f"t.{made} = w.id"), ("r", run, f"r.id = t.{by}"))))
        lookups = (("t", inputs.table, f"t.{read_by} = w.id"), ("r", table, f"r.id = t.{data}"))
        steps.append(_Step(4, code, lookups, _not_made_by(again, "r", f"t.{data}", "w.id") + _not_hidden(kind, "r")))
    steps.append(_Step(2, 1, _members("collection", "artifact")))
    steps.append(_Step(4, _END, _executed()))
    # the run in which the transform was written down, for a walk that starts at the transform
    steps.append(_Step(5, 4, (("s", _table("transform"), "s.id = w.id"), ("r", run, "r.id = s.run_id"))))
    successor, predecessor = _link("transform", "predecessors").columns
    return steps + _declared(near=successor, far=predecessor)


def _downstream() -> list[_Step]:
    run, steps = _table("run"), []
    for kind in DATA_KINDS:
        code, table, inputs, again = _CODES[kind], _table(kind), _link(kind, "input_of_runs"), _recreating(kind)
        data, read_by = inputs.columns
        hidden = _not_hidden(kind, "r")
        steps.append(_Step(4, code, (("r", table, "r.run_id = w.id"),), hidden))
        if again is not None:
            made, by = again.columns
            lookups = (("t", again.table, f"t.{by} = w.id"), ("r", table, f"r.id = t.{made}"))
            steps.append(_Step(4, code, lookups, hidden))
        lookups = (
            ("t", inputs.table, f"t.{data} = w.id"),
            ("s", table, "s.id = w.id"),
            ("r", run, f"r.id = t.{read_by}"),
        )
        steps.append(_Step(code, 4, lookups, _not_made_by(again, "s", "w.id", f"t.{read_by}")))
    steps.append(_Step(1, 2, _members("artifact", "collection")))
    steps.append(_Step(4, _END, (("r", _table("transform"), "r.run_id = w.id"),)))
    steps.append(_Step(4, _END, _executed()))  # what was executed to make the results belongs to them
    steps.append(_Step(5, 4, (("r", run, "r.transform_id = w.id"),)))
    successor, predecessor = _link("transform", "predecessors").columns
    return steps + _declared(near=predecessor, far=successor)


def _executed() -> tuple[tuple[str, str, str], ...]:
    return ("s", _table("run"), "s.id = w.id"), ("r", _table("transform"), "r.id = s.transform_id")


def _members(near: str, far: str) -> tuple[tuple[str, str, str], ...]:
    members = _link("collection", "artifacts")
    columns = dict(zip(("collection", "artifact"), members.columns, strict=True))
    return ("t", members.table, f"t.{columns[near]} = w.id"), ("r", _table(far), f"r.id = t.{columns[far]}")


def _declared(near: str, far: str) -> list[_Step]:
    table, transform = _link("transform", "predecessors").table, _table("transform")
    lookups = (("t", table, f"t.{near} = w.id"), ("r", transform, f"r.id = t.{far}"))
    return [_Step(5, _SUCCESSOR, lookups), _Step(_SUCCESSOR, _SUCCESSOR, lookups)]


def _not_made_by(again: _Link | None, data_alias: str, data: str, run: str) -> str:
    """Return the condition that a dataset is no output of a run; what is both input and output counts as output."""
    condition = f" AND ({data_alias}.run_id IS NULL OR {data_alias}.run_id <> {run})"
    if again is not None:
        made, by = again.columns
        condition += f" AND NOT EXISTS (SELECT 1 FROM {again.table} x WHERE x.{made} = {data} AND x.{by} = {run})"
    return condition


def _not_hidden(kind: str, alias: str) -> str:
    # logs and environments of runs are artifacts too
    return f" AND ({alias}.kind IS NULL OR substr({alias}.kind, 1, 9) <> '__lamindb')" if kind == "artifact" else ""


def _step_sql(step: _Step, vendor: str, branches: str, depth: int | None) -> str:
    columns = f"CAST({step.target} AS bigint), CAST(r.id AS bigint)"
    here, visible = f"w.kind = {step.source}", f"r.branch_id IN ({branches}){step.condition}"
    if depth is not None:
        columns += f", w.level + {int(step.is_generation)}"
        here += f" AND w.level < {int(depth)}"
    if vendor == "postgresql":
        fenced = [f"(SELECT {alias}.* FROM {table} {alias} WHERE {here} AND {condition} OFFSET 0) {alias}"
                  for alias, table, condition in step.lookups]  # fmt: skip
        return f"SELECT {columns} FROM {' CROSS JOIN LATERAL '.join(fenced)} WHERE {visible}"
    joined = " ".join(f"CROSS JOIN {table} {alias}" for alias, table, _ in step.lookups)
    conditions = " AND ".join(condition for *_, condition in step.lookups)
    return f"SELECT {columns} FROM walked w {joined} WHERE {here} AND {conditions} AND {visible}"


@dataclass(frozen=True)
class _EdgeTable:
    """A table whose rows are edges: from a column of one kind of nodes to a column of another."""

    relation: str
    table: str
    source: str
    source_column: str
    target: str
    target_column: str

    @property
    def by_source(self) -> bool:
        """Which end is looked up. Runs have few inputs, while a reference may be an input of very many runs."""
        return self.relation == "recreated"

    @classmethod
    def of(cls, relation: str, link: _Link, ends: tuple[str, str], *, reverse: bool = False) -> _EdgeTable:
        """Make it from a link table; `reverse` if the table of the first column is where the edges end."""
        source, target = link.columns[::-1] if reverse else link.columns
        return cls(relation, link.table, ends[0], source, ends[1], target)


@cache
def _edge_tables() -> tuple[_EdgeTable, ...]:
    run = _table("run")
    tables = [_EdgeTable("output", _table(kind), "run", "run_id", kind, "id") for kind in (*DATA_KINDS, "transform")]
    for kind in DATA_KINDS:
        tables.append(_EdgeTable.of("input", _link(kind, "input_of_runs"), (kind, "run")))
        again = _recreating(kind)
        if again is not None:
            tables.append(_EdgeTable.of("recreated", again, ("run", kind), reverse=True))
    tables.append(_EdgeTable.of("member", _link("collection", "artifacts"), ("artifact", "collection"), reverse=True))
    tables.append(_EdgeTable("executed", run, "transform", "transform_id", "run", "id"))
    tables.append(_EdgeTable("initiated", run, "run", "initiated_by_run_id", "run", "id"))
    declared = _link("transform", "predecessors")
    tables.append(_EdgeTable.of("precedes", declared, ("transform", "transform"), reverse=True))
    return tuple(tables)
