"""Lineage graphs as W3C PROV-JSON (https://www.w3.org/submissions/prov-json/).

Datasets are entities, runs are activities, transforms are plans, users are agents.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from lamindb.lineage.facts import as_text, clean, facts_of, locations, origin_of, timestamp
from lamindb.lineage.graph import LineageEdge, LineageGraph, LineageNode

#: Attributes and identifiers of this export: `lamindb:` and what comes after.
_PREFIX = "lamindb"
_KINDS = {"collection": "prov:Collection", "transform": "prov:Plan"}


def to_prov(graph: LineageGraph) -> dict[str, Any]:
    """Return a PROV-JSON document."""
    document: dict[str, Any] = defaultdict(dict)
    document["prefix"] = {_PREFIX: f"urn:lamindb:{origin_of(graph).name}:"}
    where = locations(graph)
    for node in graph:
        document["activity" if node.kind == "run" else "entity"][name_of(node)] = _attributes(node, where)
        user = node.record.created_by
        document["agent"][f"{_PREFIX}:user-{user.uid}"] = {
            "prov:type": _qualified("prov:Person"),
            "prov:label": user.name or user.handle,
            f"{_PREFIX}:handle": user.handle,
        }
    for number, (relation, members) in enumerate(_statements(graph), start=1):
        document[relation][f"_:s{number}"] = members
    return dict(document)


def name_of(node: LineageNode) -> str:
    """Return the qualified name of a node."""
    return f"{_PREFIX}:{node.kind}-{node.uid}"


def _attributes(node: LineageNode, where: dict[str, str]) -> dict[str, Any]:
    attributes: dict[str, Any] = {"prov:label": clean(None, node.label)}
    if node.kind in _KINDS:
        attributes["prov:type"] = _qualified(_KINDS[node.kind])
    if node.kind == "run":
        attributes["prov:startTime"] = timestamp(node.record.started_at)
        if node.record.finished_at is not None:
            attributes["prov:endTime"] = timestamp(node.record.finished_at)
    if node.kind == "artifact":
        attributes["prov:location"] = where[node.uid]
    attributes[f"{_PREFIX}:uid"] = node.uid
    for name, value in facts_of(node).items():
        if name == "params":
            attributes.update({f"{_PREFIX}:param-{_local(key)}": as_text(one) for key, one in value.items()})
        else:
            attributes[f"{_PREFIX}:{name}"] = value
    return attributes


def _statements(graph: LineageGraph) -> list[tuple[str, dict[str, Any]]]:
    statements: list[tuple[str, dict[str, Any]]] = []
    for edge in graph.links:
        if edge.relation != "executed":
            statements.append(_statement(graph, edge))
    plans = {edge.target: edge.source for edge in graph.links if edge.relation == "executed"}
    for node in graph:
        user = f"{_PREFIX}:user-{node.record.created_by.uid}"
        if node.kind != "run":
            statements.append(("wasAttributedTo", {"prov:entity": name_of(node), "prov:agent": user}))
            continue
        association = {"prov:activity": name_of(node), "prov:agent": user}
        if node.key in plans:
            association["prov:plan"] = name_of(graph.by_key[plans[node.key]])
        statements.append(("wasAssociatedWith", association))
    return statements


def _statement(graph: LineageGraph, edge: LineageEdge) -> tuple[str, dict[str, Any]]:
    source, target = name_of(graph.by_key[edge.source]), name_of(graph.by_key[edge.target])
    if edge.relation == "input":
        return "used", {"prov:activity": target, "prov:entity": source}
    if edge.relation == "output":
        return "wasGeneratedBy", {"prov:entity": target, "prov:activity": source}
    if edge.relation == "member":
        return "hadMember", {"prov:collection": target, "prov:entity": source}
    if edge.relation == "initiated":
        return "wasInformedBy", {"prov:informed": target, "prov:informant": source}
    # in PROV, things are generated once; a run that made them again, and a declared order, are influences
    kind = _qualified(f"{_PREFIX}:{edge.relation}")
    return "wasInfluencedBy", {"prov:influencee": target, "prov:influencer": source, "prov:type": kind}


def _qualified(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _local(name: str) -> str:
    return "".join(character if character.isalnum() or character in "_-" else "_" for character in name)
