"""Reads lineage graphs from the database: one recursive statement per direction, one for the edges, one per kind of node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from django.db import DEFAULT_DB_ALIAS

from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.lineage.graph import LineageEdge, LineageGraph, LineageNode, distances
from lamindb.lineage.walk import DATA_KINDS, DECLARED, REGISTRIES, EdgeRow, NodeKey, reached, read_edges, walk, with_ids

MAX_NODES = 10_000

_DIRECTIONS: dict[str, tuple[Literal["upstream", "downstream"], ...]] = {
    "upstream": ("upstream",),
    "downstream": ("downstream",),
    "both": ("upstream", "downstream"),
}
#: Texts and columns that can be long and that no picture or export shows.
_NOT_READ = {"run": ("extra_data",), "transform": ("source_code",), "record": ("extra_data",)}


def read_lineage(
    record: Any,
    direction: str = "both",
    *,
    depth: int | None = None,
    max_nodes: int = MAX_NODES,
) -> LineageGraph:
    """Return the lineage of a record.

    Args:
        record: a saved artifact, collection, record, run or transform.
        direction: `"upstream"`, `"downstream"` or `"both"`.
        depth: how many generations of datasets to go; a run and its inputs are one. Default: all.
        max_nodes: how many nodes to read at most; the nearest ones are read.

    Raises:
        ValueError: for an unknown direction, a depth below 1 or an unsaved record.
        TypeError: if the record's registry has no lineage.

    Example:
        >>> read_lineage(artifact, "upstream", depth=1)
    """
    return _read(record, kind_of(record), direction, depth, max_nodes)


def read_declared_order(transform: Any, with_successors: bool = False, distance: int = 5) -> LineageGraph:
    """Return the transforms that were declared to come before a transform, and maybe after it.

    Args:
        transform: a saved transform.
        with_successors: also those that come after it.
        distance: how many steps to go.
    """
    return _read(transform, DECLARED, "both" if with_successors else "upstream", distance, MAX_NODES)


def _read(record: Any, kind: str, direction: str, depth: int | None, max_nodes: int) -> LineageGraph:
    check_arguments(record, direction, depth, max_nodes)
    using = record._state.db or DEFAULT_DB_ALIAS
    start: NodeKey = (kind_of(record), record.pk)
    found: dict[NodeKey, None] = {start: None}
    is_cut = False
    for one in _DIRECTIONS[direction]:
        keys = walk(kind, record.pk, one, using, depth, max_nodes + 1)
        is_cut = is_cut or len(keys) > max_nodes
        found.update(dict.fromkeys(keys[:max_nodes]))
    if is_cut:
        logger.warning(
            f"the lineage of {record.uid} has more than {max_nodes} nodes in one direction and was cut there:"
            " pass depth=… for a part, or a greater max_nodes"
        )
    return _assemble((start,), list(found), using, is_cut, {start: record})


def query_reached(
    record: Any, direction: Literal["upstream", "downstream"], registry_name: Any, depth: int | None
) -> Any:
    """Return a query set of what lies up- or downstream of a record.

    Args:
        record: a saved artifact, collection, record, run or transform.
        direction: `"upstream"` or `"downstream"`.
        registry_name: one of these registries or its name; default: that of the record, for runs and transforms artifacts.
        depth: as for `read_lineage`.
    """
    kind = kind_of(record)
    check_arguments(record, direction, depth)
    if registry_name is None:
        wanted = kind if kind in DATA_KINDS else "artifact"
    else:
        wanted = _kind_of_registry(registry_name)
    query = registry(REGISTRIES[wanted]).filter(branch=None).using(record._state.db or DEFAULT_DB_ALIAS)
    return reached(query, wanted, (kind, record.pk), direction, depth)


def kind_of(record: Any) -> str:
    """Return the kind of node that a record is.

    Raises:
        TypeError: if its registry has no lineage.
    """
    for kind, name in REGISTRIES.items():
        if isinstance(record, registry(name)):
            return kind
    raise TypeError(f"{type(record).__name__} has no lineage; {', '.join(REGISTRIES.values())} have")


def check_arguments(record: Any, direction: str, depth: int | None, max_nodes: int = MAX_NODES) -> None:
    """Raise `ValueError` if a lineage can't be read like this."""
    if direction not in _DIRECTIONS:
        raise ValueError(f"direction is one of {', '.join(map(repr, _DIRECTIONS))}, not {direction!r}")
    for name, number in (("depth", depth), ("max_nodes", max_nodes)):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 1):
            raise ValueError(f"{name} is a whole number from 1 on, not {number!r}")
    if record.pk is None or record._state.adding:
        raise ValueError(f"{record!r} is not saved, so it has no lineage yet: call .save() first")


def _kind_of_registry(wanted: Any) -> str:
    name = wanted if isinstance(wanted, str) else wanted.__name__
    for kind, registry_name in REGISTRIES.items():
        if name in (kind, registry_name):
            return kind
    raise ValueError(f"Lineage leads to {', '.join(REGISTRIES.values())}, not to {name!r}")


def _assemble(
    starts: tuple[NodeKey, ...], keys: Sequence[NodeKey], using: str, is_cut: bool, known: dict[NodeKey, Any]
) -> LineageGraph:
    records = _read_records(keys, using, known)
    keys = [key for key in keys if key in records]
    edges = _cleaned(read_edges(list(keys), using), records)
    far = distances(starts, edges)
    ordered = sorted(keys, key=lambda key: (far.get(key, len(keys)), -key[1]))
    nodes = {key: LineageNode(key[0], records[key], records[key].uid, far.get(key)) for key in ordered}
    return LineageGraph(starts, nodes, edges, is_cut)


def _read_records(keys: Sequence[NodeKey], using: str, known: dict[NodeKey, Any]) -> dict[NodeKey, Any]:
    """Read the records of nodes, one statement per registry, with their transforms, types and users."""
    ids: dict[str, set[int]] = {kind: set() for kind in REGISTRIES}
    for kind, pk in keys:
        if (kind, pk) not in known:
            ids[kind].add(pk)
    read: dict[str, dict[int, Any]] = {}
    records = dict(known)
    for kind, name in REGISTRIES.items():  # runs before transforms
        read[kind] = _by_id(registry(name), ids[kind], using, _NOT_READ.get(kind, ()))
        records.update({(kind, pk): record for pk, record in read[kind].items()})
        if kind == "run":
            runs = [record for (other, _), record in records.items() if other == "run"]
            ids["transform"] |= {run.transform_id for run in runs if ("transform", run.transform_id) not in known}
    _attach(runs, "transform", {pk: record for (kind, pk), record in records.items() if kind == "transform"})
    typed = [record for (kind, _), record in records.items() if kind == "record" and record.type_id is not None]
    _attach(typed, "type", _by_id(registry("Record"), {record.type_id for record in typed}, using))
    users = _by_id(registry("User"), {record.created_by_id for record in records.values()}, using)
    _attach(records.values(), "created_by", users)
    return records


def _by_id(model: Any, ids: set[int], using: str, not_read: tuple[str, ...] = ()) -> dict[int, Any]:
    if not ids:
        return {}
    return {
        record.pk: record for record in with_ids(model._base_manager.using(using).defer(*not_read), list(ids), using)
    }


def _attach(records: Iterable[Any], name: str, related: dict[int, Any]) -> None:
    """Set what foreign keys refer to. A join would make a new object for every row."""
    for record in records:
        there = related.get(getattr(record, f"{name}_id"))
        if there is not None:
            record._state.fields_cache[name] = there


def _cleaned(rows: list[EdgeRow], records: dict[NodeKey, Any]) -> list[LineageEdge]:
    """Leave out that a run read what it made, that a collection has members if its run read them, and repetitions."""
    made = {(row.target, row.source) for row in rows if row.relation in ("output", "recreated")}
    read = {(row.source, row.target) for row in rows if row.relation == "input"}
    makers: dict[NodeKey, list[NodeKey]] = {}
    for target, run in made:
        makers.setdefault(target, []).append(run)
    edges: dict[tuple[NodeKey, NodeKey], LineageEdge] = {}
    doubtful = []
    # an output that was made again later by its own run is an output; hence outputs come first
    for row in sorted(rows, key=lambda row: row.relation != "output"):
        if row.relation == "input" and (row.source, row.target) in made:
            doubtful.append(row)
            continue
        if row.relation == "member" and any((row.source, run) in read for run in makers.get(row.target, ())):
            continue
        edges.setdefault((row.source, row.target), LineageEdge(row.source, row.target, row.relation))
    for row in doubtful[:3]:
        logger.warning(
            f"{row.source[0]} {records[row.source].uid} is input and output of run {records[row.target].uid}:"
            " shown as output only"
        )
    if len(doubtful) > 3:
        logger.warning(f"… and {len(doubtful) - 3} more that are input and output of one run")
    return list(edges.values())
