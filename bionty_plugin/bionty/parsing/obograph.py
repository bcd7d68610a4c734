"""Reads OBO-graph JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from bionty.parsing.terms import Ontology, Term, curie_of

_REPLACED_BY = ("http://purl.obolibrary.org/obo/IAO_0100001", "obo:IAO_0100001")
_ALTERNATIVE = "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId"
_PART_OF = ("http://purl.obolibrary.org/obo/BFO_0000050", "part_of")


def read_obograph(stream: BinaryIO, ontology: Ontology) -> Iterator[Term]:
    """Yield the terms of an OBO-graph document, which is read as a whole, because its links come last.

    Args:
        stream: the document.
        ontology: is given the version of the document.

    Raises:
        ValueError: if it is no such document.
    """
    document = json.load(stream)
    graphs = document.get("graphs") if isinstance(document, dict) else None
    if not graphs:
        raise ValueError("it holds no 'graphs'")
    terms: dict[str, Term] = {}
    for graph in graphs:
        for node in graph.get("nodes", ()):
            if node.get("type", "CLASS") == "CLASS" and "id" in node:
                term = _term(node)
                terms.setdefault(term.ontology_id, term)
        for edge in graph.get("edges", ()):
            child = terms.get(curie_of(edge["sub"]))
            if child is None:
                continue
            if edge["pred"] in ("is_a", "subClassOf"):
                child.parents.append(curie_of(edge["obj"]))
            else:
                relation = "part_of" if edge["pred"] in _PART_OF else edge["pred"]
                child.related.setdefault(relation, []).append(curie_of(edge["obj"]))
    meta = graphs[0].get("meta") or {}
    ontology.version = _version_in(str(meta.get("version") or "").rstrip("/").split("/"))
    yield from terms.values()


def _term(node: dict[str, Any]) -> Term:
    meta = node.get("meta") or {}
    term = Term(curie_of(node["id"]), name=node.get("lbl"), deprecated=bool(meta.get("deprecated")))
    term.definition = (meta.get("definition") or {}).get("val")
    term.synonyms = [s["val"] for s in meta.get("synonyms", ()) if s.get("pred") == "hasExactSynonym" and s.get("val")]
    for entry in meta.get("basicPropertyValues", ()):
        if entry.get("pred") in _REPLACED_BY:
            term.replaced_by = curie_of(entry["val"])
        elif entry.get("pred") == _ALTERNATIVE:
            term.alternative_ids.append(curie_of(entry["val"]))
    return term


def _version_in(parts: list[str]) -> str | None:
    return next((part for part in reversed(parts) if part[:1].isdigit() or part[1:2].isdigit()), None)
