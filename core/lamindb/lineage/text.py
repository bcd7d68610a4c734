"""Lineage of an artifact or collection as a text tree: which run of which transform made it, from which inputs.

One pair of statements per generation, whatever the number of nodes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lamindb.base.registries import registry

MAX_GENERATIONS = 50


@dataclass
class LineageNode:
    """One artifact with the run that made it and the artifacts that the run read."""

    artifact: Any
    run: Any | None = None
    inputs: list[LineageNode] = field(default_factory=list)


def upstream(artifact: Any, max_generations: int = MAX_GENERATIONS) -> LineageNode:
    """Return the tree of everything that an artifact was made from; an artifact met twice is expanded once."""
    root = LineageNode(artifact)
    nodes = {artifact.pk: root}
    generation = [root]
    for _ in range(max_generations):
        if not generation:
            break
        generation = _expand(generation, nodes, artifact._state.db or "default")
    return root


def _expand(generation: list[LineageNode], nodes: dict[int, LineageNode], using: str) -> list[LineageNode]:
    run_ids = {node.artifact.run_id for node in generation if node.artifact.run_id is not None}
    if not run_ids:
        return []
    runs = registry("Run").objects.using(using).select_related("transform", "created_by").in_bulk(run_ids)
    inputs: dict[int, list[Any]] = {}
    links = registry("Artifact").input_of_runs.through.objects.using(using).filter(run_id__in=run_ids).order_by("id")
    for link in links.select_related("artifact"):
        inputs.setdefault(link.run_id, []).append(link.artifact)
    following = []
    for node in generation:
        node.run = runs.get(node.artifact.run_id)
        for artifact in inputs.get(node.artifact.run_id, ()):
            child = nodes.get(artifact.pk)
            if child is None:
                child = nodes[artifact.pk] = LineageNode(artifact)
                following.append(child)
            node.inputs.append(child)
    return following


def render(root: LineageNode) -> str:
    """Return the tree as indented text."""
    return "\n".join(_lines(root, "", set()))


def _lines(node: LineageNode, indent: str, shown: set[int]) -> Iterable[str]:
    artifact = node.artifact
    yield f"{indent}Artifact {artifact.key or artifact.description or artifact.uid} ({artifact.uid})"
    if node.run is None:
        return
    transform = node.run.transform
    yield f"{indent}└── made by run {node.run.uid[:7]} of {transform.kind} {transform.key} ({transform.version})"
    if artifact.pk in shown:
        yield f"{indent}    └── … (see above)"
        return
    shown.add(artifact.pk)
    for child in node.inputs:
        yield f"{indent}    └── from"
        yield from _lines(child, f"{indent}        ", shown)
