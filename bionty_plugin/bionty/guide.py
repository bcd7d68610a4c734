"""Ontologies from the package `cellxgene-ontology-guide`, which holds several releases of those that CELLxGENE uses."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

    from bionty.term_table import SourceSpec

#: What tables from the package are said to come from.
ORIGIN: Final = "cellxgene-ontology-guide"
#: source -> beginning of the file names in the package, and of the identifiers that are kept
_FILES: Final = {
    "cl": ("CL", "CL:"),
    "uberon": ("UBERON", "UBERON:"),
    "mondo": ("MONDO", "MONDO:"),
    "efo": ("EFO", "EFO:"),
    "hancestro": ("HANCESTRO", ""),
    "hsapdv": ("HsapDv", "HsapDv:"),
    "mmusdv": ("MmusDv", "MmusDv:"),
    "pato": ("PATO", "PATO:"),
    "ncbitaxon": ("NCBITaxon", "NCBITaxon:"),
    "cellosaurus": ("CVCL", "CVCL_"),
    "chebi": ("CHEBI", "CHEBI:"),
}

#: Short names of the sources that the package has.
SOURCES: Final = tuple(_FILES)


def may_hold(spec: SourceSpec) -> bool:
    """Tell whether the package has some version of a source, be it installed or not."""
    return spec.name in SOURCES


def versions_of(spec: SourceSpec) -> list[str]:
    """Return the versions of a source that the installed package holds, the oldest first; none if it is not installed."""
    if spec.name not in _FILES:
        return []
    return sorted(_paths(_FILES[spec.name][0]))


def table_of(spec: SourceSpec) -> pa.Table | None:
    """Return the table of a source, if the package is installed and holds this version."""
    if spec.name not in _FILES:
        return None
    start, prefix = _FILES[spec.name]
    path = _paths(start).get(spec.version)
    return None if path is None else _read(path, prefix, spec.entity)


@cache
def _paths(start: str) -> dict[str, Path]:
    found = find_spec("cellxgene_ontology_guide")
    if found is None or not found.submodule_search_locations:
        return {}
    folder = Path(found.submodule_search_locations[0]) / "data"
    marker = f"{start}-ontology-"
    paths = {}
    for path in folder.glob(f"{marker}*.json.*"):
        version = path.name.removeprefix(marker).rpartition(".json.")[0]
        paths[version.removeprefix("v")] = path
    return paths


def _read(path: Path, prefix: str, entity: str) -> pa.Table:
    import json

    import pyarrow as pa

    from bionty.entities import in_shape

    codec = {"gz": "gzip", "zst": "zstd"}[path.suffix.removeprefix(".")]
    with pa.CompressedInputStream(pa.OSFile(str(path)), codec) as stream:
        content: dict[str, dict[str, Any]] = json.loads(stream.read())
    # a name that is missing belongs to a term that was merged into another one
    kept = {i: term for i, term in content.items() if i.startswith(prefix) and term.get("label")}
    merged: dict[str, list[str]] = {}
    for identifier, term in content.items():
        if not term.get("label") and term.get("replaced_by"):
            merged.setdefault(term["replaced_by"], []).append(identifier)
    terms = kept.values()
    table = pa.table(
        {
            "ontology_id": pa.array(kept, pa.string()),
            "name": pa.array([term["label"] for term in terms], pa.string()),
            "definition": pa.array([term.get("description") for term in terms], pa.string()),
            "synonyms": pa.array([_joined(term.get("synonyms")) for term in terms], pa.string()),
            "parents": pa.array([_parents(term, prefix) for term in terms], pa.list_(pa.string())),
            "deprecated": pa.array([bool(term.get("deprecated")) for term in terms], pa.bool_()),
            "replaced_by": pa.array([term.get("replaced_by") for term in terms], pa.string()),
            "alternative_ids": pa.array(["|".join(merged.get(i, ())) or None for i in kept], pa.string()),
        }
    )
    return in_shape(table, entity)


def _parents(term: dict[str, Any], prefix: str) -> list[str]:
    return [i for i, distance in term.get("ancestors", {}).items() if distance == 1 and i.startswith(prefix)]


def _joined(synonyms: list[str] | None) -> str | None:
    return "|".join(text.replace("|", "/") for text in synonyms) if synonyms else None
