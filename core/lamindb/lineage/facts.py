"""What exports tell about nodes, without secrets: plain values that JSON can express."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from lamindb.artifacts.keys import storage_key
from lamindb.base.redaction import ISSUED_KEYS, REDACTED, redact_arguments, redact_urls, redact_value
from lamindb.base.registries import registry
from lamindb.lineage.graph import LineageGraph, LineageNode

_RECORDED = {
    "artifact": ("key", "description", "suffix", "kind", "otype", "size", "hash", "n_files", "n_observations"),
    "collection": ("key", "description", "hash", "reference", "reference_type"),
    "record": ("name", "description", "reference", "reference_type"),
    "run": ("name", "description", "entrypoint", "status", "reference", "reference_type"),
    "transform": ("key", "description", "kind", "hash", "reference", "reference_type"),
}


@dataclass(frozen=True)
class Origin:
    """The instance that a graph was read from."""

    name: str
    uid: str | None

    @property
    def namespace(self) -> str:
        """Namespace of everything in the instance."""
        return f"lamindb://{self.name}"


def origin_of(graph: LineageGraph) -> Origin:
    """Return the instance that a graph was read from."""
    from lamindb.setup import settings

    using = using_of(graph)
    if using != DEFAULT_DB_ALIAS:
        return Origin(using, None)
    instance = settings.instance
    return Origin(instance.slug, instance.uid)


def using_of(graph: LineageGraph) -> str:
    """Return the alias of the database that a graph was read from."""
    return graph.by_key[graph.starts[0]].record._state.db or DEFAULT_DB_ALIAS


def facts_of(node: LineageNode) -> dict[str, Any]:
    """Return what is recorded about a node; what is empty is left out.

    Example:
        >>> facts_of(node)["key"]
        'raw/plate_1.csv'
    """
    record = node.record
    facts = {name: clean(name, getattr(record, name)) for name in _RECORDED[node.kind]}
    if node.kind in ("artifact", "collection", "transform"):
        facts["version"] = clean("version", record.version)
    if node.kind == "artifact":
        facts["hash_type"] = record._hash_type
    if node.kind == "run":
        facts["params"] = params_of(record)
        facts["cli_args"] = command_line(record.cli_args)
    return {name: value for name, value in facts.items() if value not in (None, "", {}, [])}


def params_of(run: Any) -> dict[str, Any]:
    """Return the parameters of a run without secrets."""
    cleaned = clean(None, run.params or {})
    return cleaned if isinstance(cleaned, dict) else {"params": cleaned}


def clean(name: str | None, value: Any) -> Any:
    """Return a value without secrets: by its name, passwords in URLs, keys in the formats of well-known services."""
    return _without_keys(redact_value(name, value))


def command_line(arguments: str | None) -> str | None:
    """Return command line arguments without the values of secret options."""
    if not arguments:
        return arguments
    try:
        parts = shlex.split(arguments)
    except ValueError:  # quotes that don't end
        parts = arguments.split()
    return ISSUED_KEYS.sub(REDACTED, shlex.join(redact_arguments(parts)))


def locations(graph: LineageGraph) -> dict[str, str]:
    """Return the address of the data of each artifact by uid: one statement."""
    artifacts = graph.records("artifact")
    wanted = {artifact.storage_id for artifact in artifacts}
    if not wanted:
        return {}
    storages = registry("Storage")._base_manager.using(using_of(graph)).in_bulk(wanted)
    found = {}
    for artifact in artifacts:
        storage = storages[artifact.storage_id]
        if storage.type == "local":
            found[artifact.uid] = (Path(storage.root) / storage_key(artifact)).as_uri()
        else:
            found[artifact.uid] = redact_urls(f"{storage.root.rstrip('/')}/{storage_key(artifact)}")
    return found


def as_text(value: Any) -> str:
    """Return a value as a text: texts as they are, others as JSON."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def timestamp(moment: datetime) -> str:
    """Return a moment in ISO format, in UTC."""
    return moment.astimezone(UTC).isoformat()


def _without_keys(value: Any) -> Any:
    if isinstance(value, str):
        return ISSUED_KEYS.sub(REDACTED, value)
    if isinstance(value, dict):
        return {key: _without_keys(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_without_keys(member) for member in value]
    return value
