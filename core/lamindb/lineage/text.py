"""Lineage graphs as indented text, for terminals and logs."""

from __future__ import annotations

from lamindb.lineage.graph import LineageEdge, LineageGraph, LineageNode
from lamindb.lineage.walk import NodeKey

MAX_GENERATIONS = 50
MAX_LINES = 500

#: How an edge is told to somebody who walks against it (towards the sources) or along it.
_UPSTREAM = {
    "output": "made by", "recreated": "made again by", "input": "from", "member": "with", "precedes": "after",
}  # fmt: skip
_DOWNSTREAM = {
    "output": "made", "recreated": "made again", "input": "read by", "member": "part of", "executed": "executed as", "precedes": "before",
}  # fmt: skip


def render(graph: LineageGraph, *, downstream: bool = False) -> str:
    """Return the graph as a tree that starts where the graph does; what is met again is not expanded again.

    Args:
        graph: what to tell about.
        downstream: go on to the results instead of back to the sources.
    """
    words, links = (_DOWNSTREAM, graph.links_from) if downstream else (_UPSTREAM, graph.links_to)

    def following(key: NodeKey) -> list[tuple[LineageEdge, NodeKey]]:
        edges = [edge for edge in links.get(key, ()) if edge.relation in words]
        return [(edge, edge.target if downstream else edge.source) for edge in edges]

    lines: list[str] = []
    shown: set[NodeKey] = set()
    # (node, what is said before it, indent of its line, indent of what follows, generation); a stack, since chains are long
    stack = [(key, "", "", "", 0) for key in reversed(graph.starts)]
    while stack:
        key, word, indent, inner, generation = stack.pop()
        if len(lines) >= MAX_LINES:
            lines.append(f"… {len(graph)} nodes in total: save(path) makes a picture, .nodes and .edges are tables")
            break
        branches = following(key)
        is_repeated = key in shown and bool(branches)
        is_far = generation >= MAX_GENERATIONS * 2 and bool(branches)
        note = " … (see above)" if is_repeated else " … (and more)" if is_far else ""
        lines.append(f"{indent}{word}{_describe(graph.by_key[key])}{note}")
        if is_repeated or is_far:
            continue
        shown.add(key)
        for position, (edge, other) in enumerate(reversed(branches)):
            corner, rest = ("└── ", "    ") if position == 0 else ("├── ", "│   ")
            stack.append((other, f"{words[edge.relation]} ", inner + corner, inner + rest, generation + 1))
    return "\n".join(lines)


def _describe(node: LineageNode) -> str:
    if node.kind != "run":
        version = f", version {node.record.version}" if node.kind == "transform" else ""
        return f"{type(node.record).__name__} {_one_line(node.label)} ({node.uid}{version})"
    transform = node.record.transform
    entrypoint = f": {node.record.entrypoint}" if node.record.entrypoint else ""
    return f"run {node.uid[:7]} of {transform.kind} {_one_line(transform.key)}{entrypoint} ({transform.version})"


def _one_line(text: str) -> str:
    return " ".join(text.split())
