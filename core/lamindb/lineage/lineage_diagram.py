"""Turns a lineage graph into a diagram: what boxes say, what is left out, which ones are drawn as one."""

from __future__ import annotations

from collections import defaultdict

from lamindb.lineage.diagram import Diagram, DiagramEdge, DiagramNode
from lamindb.lineage.graph import LineageEdge, LineageGraph, LineageNode
from lamindb.lineage.walk import REGISTRIES, NodeKey

#: In graphs with more nodes than this, datasets with the same neighbours are drawn as one box, if there are enough of them.
GROUPED_FROM = 40
_LEAST_GROUP = 5
_N_NAMED = 12


def make_diagram(graph: LineageGraph, *, transforms: bool | None = None) -> Diagram:
    """Return what a picture of a lineage graph shows.

    Args:
        graph: the graph.
        transforms: draw transforms as nodes of their own; default: if the graph starts at one.
    """
    if transforms is None:
        transforms = any(kind == "transform" for kind, _ in graph.starts)
    shown = {key: node for key, node in graph.by_key.items() if transforms or node.kind != "transform"}
    links = [edge for edge in graph.links if edge.source in shown and edge.target in shown]
    links = [edge for edge in links if edge.relation != "initiated" or transforms is not None]
    groups = _groups(shown, links, set(graph.starts)) if len(shown) > GROUPED_FROM else {}
    boxes: dict[NodeKey, DiagramNode] = {}
    box_of: dict[NodeKey, NodeKey] = {}
    for key, node in shown.items():
        members = groups.get(key)
        if members is not None and members[0] != key:
            box_of[key] = members[0]
            continue
        box_of[key] = key
        boxes[key] = _group_box([shown[one] for one in members]) if members else _box(node, key in graph.starts)
    edges: dict[tuple[str, str], DiagramEdge] = {}
    for edge in links:
        source, target = boxes[box_of[edge.source]].id, boxes[box_of[edge.target]].id
        dashed = edge.relation in ("recreated", "initiated", "precedes")
        edges.setdefault((source, target), DiagramEdge(source, target, edge.relation, dashed))
    note = "cut: there are more nodes" if graph.is_cut else ""
    present = {node.kind for node in boxes.values()}
    title = "Lineage of " + ", ".join(graph.by_key[key].label for key in graph.starts[:3])
    return Diagram(
        list(boxes.values()), list(edges.values()), "LR", title, note, [kind for kind in REGISTRIES if kind in present]
    )


def _box(node: LineageNode, is_start: bool) -> DiagramNode:
    people = f"by {node.record.created_by.handle}"
    tooltip = f"{node.kind} {node.uid}: {node.label} · {node.detail} · {people}"
    return DiagramNode(node.id, node.kind, node.label, node.detail, tooltip, is_start)


def _group_box(members: list[LineageNode]) -> DiagramNode:
    first = members[0]
    named = ", ".join(node.label for node in members[:_N_NAMED])
    more = f" and {len(members) - _N_NAMED} more" if len(members) > _N_NAMED else ""
    labels = sorted(node.label for node in members)
    return DiagramNode(
        f"{first.id}+{len(members) - 1}",
        first.kind,
        f"{len(members)} {first.kind}s",
        f"{labels[0]} …",
        f"{named}{more}",
        n_members=len(members),
    )


def _groups(
    shown: dict[NodeKey, LineageNode], links: list[LineageEdge], starts: set[NodeKey]
) -> dict[NodeKey, list[NodeKey]]:
    """Return the members of the group by each member, for datasets that have the same neighbours."""
    before: dict[NodeKey, set[tuple[NodeKey, str]]] = defaultdict(set)
    after: dict[NodeKey, set[tuple[NodeKey, str]]] = defaultdict(set)
    for edge in links:
        before[edge.target].add((edge.source, edge.relation))
        after[edge.source].add((edge.target, edge.relation))
    alike: dict[tuple[object, ...], list[NodeKey]] = defaultdict(list)
    for key, node in shown.items():
        if node.kind != "run" and key not in starts:
            alike[node.kind, frozenset(before[key]), frozenset(after[key])].append(key)
    return {key: members for members in alike.values() if len(members) >= _LEAST_GROUP for key in members}
