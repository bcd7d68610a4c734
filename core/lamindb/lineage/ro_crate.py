"""Lineage graphs as RO-Crates (https://w3id.org/ro/crate/1.1) that follow the profile Process Run Crate."""

from __future__ import annotations

import json
import mimetypes
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from lamindb.lineage.facts import as_text, clean, facts_of, locations, origin_of, timestamp
from lamindb.lineage.graph import LineageGraph, LineageNode

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_NO_LICENSE = "no licence was stated; ask the people who made the data"
_STATUS = {"completed": "CompletedActionStatus", "errored": "FailedActionStatus", "aborted": "FailedActionStatus"}
_PICTURE, _PROVENANCE = "lineage.svg", "lineage.prov.json"


def to_ro_crate(
    graph: LineageGraph, path: Path, *, with_data: bool = False, name: str | None = None, license: str | None = None
) -> Path:
    """Write a crate; it appears under its name when it is complete.

    Raises:
        FileExistsError: if there is a file or a folder with content.
    """
    is_archive = path.suffix == ".zip"
    if path.exists() and (is_archive or not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(f"{path} exists already: a crate is written to a new place or an empty folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".crate-") as folder:
        crate = Path(folder) / "crate"
        crate.mkdir()
        _write(graph, crate, with_data, name, license)
        if is_archive:
            made = shutil.make_archive(str(Path(folder) / "archive"), "zip", crate)
            shutil.move(made, path)
        else:
            if path.exists():
                path.rmdir()
            shutil.move(crate, path)
    return path


def _write(graph: LineageGraph, crate: Path, with_data: bool, name: str | None, license: str | None) -> None:
    copies = _copy_data(graph, crate) if with_data else {}
    (crate / _PICTURE).write_text(graph.to_svg(), encoding="utf-8")
    (crate / _PROVENANCE).write_text(json.dumps(graph.to_prov(), indent=1), encoding="utf-8")
    writer = _Writer(graph, copies)
    entities = writer.entities(name, license or _NO_LICENSE)
    document = {"@context": CONTEXT, "@graph": entities}
    (crate / "ro-crate-metadata.json").write_text(json.dumps(document, indent=1), encoding="utf-8")


def _copy_data(graph: LineageGraph, crate: Path) -> dict[str, str]:
    """Copy the data of all artifacts, and return where they are in the crate by uid."""
    copies = {}
    for artifact in graph.records("artifact"):
        source = artifact.cache(is_run_input=False)
        file_name = PurePosixPath(artifact.key).name if artifact.key else f"{artifact.uid}{artifact.suffix}"
        target = crate / "data" / artifact.uid / file_name
        target.parent.mkdir(parents=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
        copies[artifact.uid] = quote(target.relative_to(crate).as_posix()) + ("/" if source.is_dir() else "")
    return copies


class _Writer:
    """Writes the entities of one crate."""

    def __init__(self, graph: LineageGraph, copies: dict[str, str]) -> None:
        self.graph, self.copies = graph, copies
        self.where = locations(graph)

    def entities(self, name: str | None, license: str) -> list[dict[str, Any]]:
        described = [self.entity(node) for node in self.graph]
        files = [self.id(node) for node in self.graph.of_kind("artifact")]
        actions = [self.id(node) for node in self.graph.of_kind("run")]
        users = {node.record.created_by.uid: node.record.created_by for node in self.graph}
        start = self.graph.by_key[self.graph.starts[0]]
        root = {
            "@id": "./",
            "@type": "Dataset",
            "name": name or f"Lineage of {clean(None, start.label)}",
            "description": f"What {start.kind} {start.uid} of {origin_of(self.graph).name} was made from, and what was made from it.",
            "datePublished": datetime.now(UTC).date().isoformat(),
            "license": license,
            "conformsTo": {"@id": _PROFILE},
            "hasPart": _refer([*files, _PICTURE, _PROVENANCE]),
            "mentions": _refer(actions),
        }
        descriptor = {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _SPECIFICATION},
        }
        profile = {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
        people = [
            {"@id": f"#user-{user.uid}", "@type": "Person", "name": user.name or user.handle, "alternateName": user.handle}
            for user in users.values()
        ]  # fmt: skip
        extra = [
            {"@id": _PICTURE, "@type": "File", "name": "Picture of the lineage", "encodingFormat": "image/svg+xml"},
            {"@id": _PROVENANCE, "@type": "File", "name": "W3C PROV-JSON", "encodingFormat": "application/json"},
        ]
        params = [entity for node in self.graph.of_kind("run") for entity in self.params(node)]
        return [descriptor, root, profile, *extra, *people, *described, *params]

    def id(self, node: LineageNode) -> str:
        """The identifier of a node: data in the crate has its path there."""
        if node.kind == "artifact":
            return self.copies.get(node.uid, f"urn:lamindb:artifact:{node.uid}")
        return f"#{node.kind}-{node.uid}"

    def entity(self, node: LineageNode) -> dict[str, Any]:
        facts = facts_of(node)
        entity: dict[str, Any] = {
            "@id": self.id(node),
            "@type": "Thing",
            "name": clean(None, node.label),
            "identifier": node.uid,
        }
        if "description" in facts:
            entity["description"] = facts["description"]
        if "version" in facts:
            entity["version"] = facts["version"]
        if node.kind != "run":
            entity["dateCreated"] = timestamp(node.record.created_at)
            entity["author"] = {"@id": f"#user-{node.record.created_by.uid}"}
        describe = {
            "artifact": self.file,
            "collection": self.collection,
            "run": self.action,
            "transform": self.software,
        }
        return entity | describe[node.kind](node, facts) if node.kind in describe else entity

    def file(self, node: LineageNode, facts: dict[str, Any]) -> dict[str, Any]:
        is_folder = (node.record.n_files or 0) > 0
        file: dict[str, Any] = {"@type": "Dataset" if is_folder else "File"}
        if "size" in facts:
            file["contentSize"] = str(facts["size"])
        guessed = mimetypes.guess_type(f"x{node.record.suffix}")[0]
        if guessed and not is_folder:
            file["encodingFormat"] = guessed
        if node.uid not in self.copies:
            file["contentUrl"] = self.where[node.uid]
        return file

    def collection(self, node: LineageNode, facts: dict[str, Any]) -> dict[str, Any]:
        members = [edge.source for edge in self.graph.links_to.get(node.key, ()) if edge.relation == "member"]
        return {"@type": "Collection", "hasPart": self.refer(members)}

    def software(self, node: LineageNode, facts: dict[str, Any]) -> dict[str, Any]:
        software: dict[str, Any] = {"@type": ["SoftwareSourceCode", "SoftwareApplication"]}
        if facts.get("reference_type") == "url":
            software["url"] = facts["reference"]
        return software

    def action(self, node: LineageNode, facts: dict[str, Any]) -> dict[str, Any]:
        before, after = self.graph.links_to.get(node.key, ()), self.graph.links_from.get(node.key, ())
        action: dict[str, Any] = {
            "@type": "CreateAction",
            "startTime": timestamp(node.record.started_at),
            "agent": {"@id": f"#user-{node.record.created_by.uid}"},
            "object": self.refer(edge.source for edge in before if edge.relation == "input")
            + _refer(entity["@id"] for entity in self.params(node)),
            "result": self.refer(edge.target for edge in after if edge.relation in ("output", "recreated")),
        }
        software = [edge.source for edge in before if edge.relation == "executed"]
        if software:
            action["instrument"] = self.refer(software)[0]
        if node.record.finished_at is not None:
            action["endTime"] = timestamp(node.record.finished_at)
        if node.record.status in _STATUS:
            action["actionStatus"] = {"@id": f"http://schema.org/{_STATUS[node.record.status]}"}
        return action

    def params(self, node: LineageNode) -> list[dict[str, Any]]:
        params = facts_of(node).get("params", {})
        return [
            {"@id": f"#param-{node.uid}-{quote(key)}", "@type": "PropertyValue", "name": key, "value": as_text(value)}
            for key, value in params.items()
        ]

    def refer(self, keys: Any) -> list[dict[str, str]]:
        return _refer(self.id(self.graph.by_key[key]) for key in keys)


def _refer(ids: Any) -> list[dict[str, str]]:
    return [{"@id": one} for one in ids]
