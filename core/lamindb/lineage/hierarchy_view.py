"""Pictures of ontologies: as text in a terminal or script, as a page to zoom and search in in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from lamindb.base.notebook import in_notebook
from lamindb.lineage.diagram import Diagram, DiagramEdge, DiagramNode
from lamindb.lineage.show import display
from lamindb.query.hierarchy import visible_branch_ids
from lamindb.query.names import field_name

#: Bigger graphs can't be read any more.
MAX_NODES = 500


@dataclass
class HierarchyGraph:
    """Records (by id) around a start, and the edges (parent id, child id) between them."""

    start: int
    labels: dict[int, str]
    edges: list[tuple[int, int]] = field(default_factory=list)
    is_cut: bool = False

    def diagram(self) -> Diagram:
        """Return what a picture shows: parents above children, the start highlighted."""
        nodes = [DiagramNode(str(key), "term", label, is_start=key == self.start) for key, label in self.labels.items()]
        edges = [DiagramEdge(str(parent), str(child)) for parent, child in self.edges]
        note = f"cut at {MAX_NODES} records" if self.is_cut else ""
        return Diagram(nodes, edges, "TB", self.labels[self.start], note)


def view_hierarchy(
    record: Any, field: Any = None, parents: bool = True, children: bool = False, distance: int = 5
) -> None:
    """Draw the ancestors or descendants of a record.

    Args:
        record: a saved record of a registry with parents.
        field: field to label the nodes with (default: the name).
        parents: draw ancestors.
        children: draw descendants.
        distance: how many steps to go.

    Raises:
        NotImplementedError: if the registry has no parents.
        ValueError: if the record is not saved.
    """
    graph = read_graph(record, field, parents=parents, children=children, distance=distance)
    if in_notebook():
        display(graph.diagram())
    else:
        print(as_text(graph, parents=parents, children=children))


def read_graph(record: Any, field: Any, *, parents: bool, children: bool, distance: int) -> HierarchyGraph:
    """Read the surroundings of a record: one statement per step."""
    registry = type(record)
    if not any(relation.name == "parents" for relation in registry._meta.many_to_many):
        raise NotImplementedError(f"Parents view is not supported for {registry.__name__}!")
    if record.pk is None:
        raise ValueError(f"{record} is not saved, so it has no parents or children yet: call .save() first")
    label = field_name(registry, field)
    graph = HierarchyGraph(record.pk, {record.pk: str(getattr(record, label))})
    for wanted, upwards in ((parents, True), (children, False)):
        if wanted:
            _walk(graph, record, label, upwards, distance)
    graph.edges = list(dict.fromkeys(graph.edges))
    return graph


def _walk(graph: HierarchyGraph, record: Any, label: str, upwards: bool, distance: int) -> None:
    registry, using = type(record), record._state.db or DEFAULT_DB_ALIAS
    relation = registry._meta.get_field("parents")
    child, parent = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    near, far = (child, parent) if upwards else (parent, child)
    visible = {f"{far}__branch_id__in": visible_branch_ids(using)} if hasattr(registry, "branch") else {}
    frontier, met = {record.pk}, {record.pk}
    for _ in range(distance):
        links = relation.remote_field.through._base_manager.using(using)
        links = links.filter(**{f"{near}_id__in": frontier}, **visible).order_by("pk")
        frontier = set()
        for near_id, far_id, text in links.values_list(f"{near}_id", f"{far}_id", f"{far}__{label}"):
            if far_id not in graph.labels:
                if len(graph.labels) >= MAX_NODES:
                    graph.is_cut = True
                    continue
                graph.labels[far_id] = str(text)
            graph.edges.append((far_id, near_id) if upwards else (near_id, far_id))
            if far_id not in met:
                met.add(far_id)
                frontier.add(far_id)
        if not frontier:
            return


def as_text(graph: HierarchyGraph, *, parents: bool, children: bool) -> str:
    """Return the graph as trees that start at the record; a node that is met again is not expanded again.

    Example:
        >>> print(as_text(HierarchyGraph(1, {1: "T cell", 2: "lymphocyte"}, [(2, 1)]), parents=True, children=False))
        T cell
        parents
        └── lymphocyte
    """
    lines = [graph.labels[graph.start]]
    for wanted, title, start, end in ((parents, "parents", 1, 0), (children, "children", 0, 1)):
        if not wanted:
            continue
        following: dict[int, list[int]] = {}
        for edge in graph.edges:
            following.setdefault(edge[start], []).append(edge[end])
        lines.append(title if graph.start in following else f"no {title}")
        _branches(graph, graph.start, following, "", {graph.start}, lines)
    if graph.is_cut:
        lines.append(f"… cut at {MAX_NODES} records")
    return "\n".join(lines)


def _branches(
    graph: HierarchyGraph, node: int, following: dict[int, list[int]], indent: str, shown: set[int], lines: list[str]
) -> None:
    nodes = sorted(following.get(node, ()), key=lambda key: graph.labels[key])
    for position, child in enumerate(nodes):
        is_last = position == len(nodes) - 1
        is_repeated = child in shown
        note = " (see above)" if is_repeated and following.get(child) else ""
        lines.append(f"{indent}{'└── ' if is_last else '├── '}{graph.labels[child]}{note}")
        if not is_repeated:
            shown.add(child)
            _branches(graph, child, following, indent + ("    " if is_last else "│   "), shown, lines)
