"""Runs of a lineage graph as OpenLineage events (https://openlineage.io/spec/2-0-2/OpenLineage.json)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from lamindb.lineage.facts import as_text, clean, facts_of, locations, origin_of, timestamp
from lamindb.lineage.graph import LineageGraph, LineageNode

PRODUCER = "https://github.com/laminlabs/lamindb"
_SPECIFICATION = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = "https://openlineage.io/spec/facets/"
_ENDINGS = {"completed": "COMPLETE", "errored": "FAIL", "aborted": "ABORT"}


def to_openlineage(graph: LineageGraph, namespace: str | None = None) -> list[dict[str, Any]]:
    """Return the events of all runs, oldest first.

    A run that hasn't ended has a start only. Datasets are named by their keys; versions of a key are versions of one
    dataset, and the facet `symlinks` tells where the data is.
    """
    origin = origin_of(graph)
    writer = _Writer(graph, namespace or origin.namespace, uuid.uuid5(uuid.NAMESPACE_URL, origin.namespace))
    events: list[tuple[datetime, int, dict[str, Any]]] = []
    for node in graph.of_kind("run"):
        run = node.record
        events.append((run.started_at, 0, writer.event(node, "START", run.started_at)))
        if run.status in _ENDINGS:
            ended = run.finished_at or run.started_at
            events.append((ended, 1, writer.event(node, _ENDINGS[run.status], ended)))
    return [event for *_, event in sorted(events, key=lambda event: event[:2])]


class _Writer:
    """Writes the events of one graph."""

    def __init__(self, graph: LineageGraph, namespace: str, ids: uuid.UUID) -> None:
        self.graph, self.namespace, self.ids = graph, namespace, ids
        self.where = locations(graph)

    def event(self, node: LineageNode, kind: str, moment: datetime) -> dict[str, Any]:
        read = [edge.source for edge in self.graph.links_to.get(node.key, ()) if edge.relation == "input"]
        made = [
            edge.target
            for edge in self.graph.links_from.get(node.key, ())
            if edge.relation in ("output", "recreated") and edge.target[0] != "transform"
        ]
        return {
            "eventType": kind,
            "eventTime": timestamp(moment),
            "producer": PRODUCER,
            "schemaURL": _SPECIFICATION,
            "run": {"runId": self.run_id(node.record), "facets": self.run_facets(node)},
            "job": self.job(node),
            "inputs": [self.dataset(self.graph.by_key[key]) | {"inputFacets": {}} for key in read],
            "outputs": [
                self.dataset(self.graph.by_key[key]) | {"outputFacets": self.output_facets(key)} for key in made
            ],
        }

    def run_id(self, run: Any) -> str:
        """The UUID of a run: always the same one for the same run."""
        return str(uuid.uuid5(self.ids, run.uid))

    def job_name(self, run: Any) -> str:
        key = clean(None, run.transform.key)
        return f"{key}:{run.entrypoint}" if run.entrypoint else key

    def job(self, node: LineageNode) -> dict[str, Any]:
        transform = node.record.transform
        facets: dict[str, Any] = {
            "jobType": _facet("2-0-4/JobTypeJobFacet")
            | {"processingType": "BATCH", "integration": "LAMINDB", "jobType": transform.kind.upper()},
            "ownership": _facet("1-0-1/OwnershipJobFacet") | {"owners": [{"name": transform.created_by.handle, "type": "OWNER"}]},
        }  # fmt: skip
        if transform.description:
            description = clean(None, transform.description)
            facets["documentation"] = _facet("1-1-0/DocumentationJobFacet") | {"description": description}
        return {"namespace": self.namespace, "name": self.job_name(node.record), "facets": facets}

    def run_facets(self, node: LineageNode) -> dict[str, Any]:
        facets: dict[str, Any] = {}
        params = facts_of(node).get("params")
        if params:
            parameters = [{"key": key, "name": key, "value": as_text(value)} for key, value in params.items()]
            facets["executionParameters"] = _facet("1-0-0/ExecutionParametersRunFacet") | {"parameters": parameters}
        parents = [edge.source for edge in self.graph.links_to.get(node.key, ()) if edge.relation == "initiated"]
        for parent in (self.graph.by_key[key].record for key in parents):
            facets["parent"] = _facet("1-2-0/ParentRunFacet") | {
                "run": {"runId": self.run_id(parent)},
                "job": {"namespace": self.namespace, "name": self.job_name(parent)},
            }
        return facets

    def dataset(self, node: LineageNode) -> dict[str, Any]:
        name = clean(None, getattr(node.record, "key", None)) or node.uid
        facets: dict[str, Any] = {
            "version": _facet("1-0-1/DatasetVersionDatasetFacet") | {"datasetVersion": node.uid},
        }
        if node.record.description:
            description = clean(None, node.record.description)
            facets["documentation"] = _facet("1-1-0/DocumentationDatasetFacet") | {"description": description}
        if node.kind == "artifact":
            there, _, path = self.where[node.uid].partition("://")[2].partition("/")
            scheme = self.where[node.uid].partition("://")[0]
            identifier = {"namespace": f"{scheme}://{there}" if there else scheme, "name": path or "/", "type": "FILE"}
            facets["symlinks"] = _facet("1-0-1/SymlinksDatasetFacet") | {"identifiers": [identifier]}
        prefix = "" if node.kind == "artifact" else f"{node.kind}/"
        return {"namespace": self.namespace, "name": f"{prefix}{name}", "facets": facets}

    def output_facets(self, key: tuple[str, int]) -> dict[str, Any]:
        record = self.graph.by_key[key].record
        sizes = {
            "rowCount": getattr(record, "n_observations", None),
            "size": getattr(record, "size", None),
            "fileCount": getattr(record, "n_files", None),
        }
        known = {name: size for name, size in sizes.items() if size is not None}
        return {"outputStatistics": _facet("1-0-2/OutputStatisticsOutputDatasetFacet") | known} if known else {}


def _facet(name: str) -> dict[str, Any]:
    version, _, facet = name.partition("/")
    return {"_producer": PRODUCER, "_schemaURL": f"{_FACETS}{version}/{facet}.json#/$defs/{facet}"}
