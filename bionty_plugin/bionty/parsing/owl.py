"""Reads OWL ontologies in RDF/XML, one class at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree import ElementTree

from bionty.parsing.terms import Ontology, Term, curie_of

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RDFS = "{http://www.w3.org/2000/01/rdf-schema#}"
_OWL = "{http://www.w3.org/2002/07/owl#}"
_OBO = "{http://purl.obolibrary.org/obo/}"
_IN_OWL = "{http://www.geneontology.org/formats/oboInOwl#}"
_EFO = "{http://www.ebi.ac.uk/efo/}"
_ABOUT, _RESOURCE = f"{_RDF}about", f"{_RDF}resource"
_CLASS = "http://www.w3.org/2002/07/owl#Class"
_PART_OF = ("http://purl.obolibrary.org/obo/BFO_0000050", "http://purl.obolibrary.org/obo/part_of")
_DEFINITIONS = (f"{_OBO}IAO_0000115", f"{_EFO}definition")
_SYNONYMS = (f"{_IN_OWL}hasExactSynonym", f"{_EFO}alternative_term")
_BLOCK_SIZE = 1 << 20


def read_owl(stream: BinaryIO, ontology: Ontology) -> Iterator[Term]:
    """Yield the terms of an OWL document; one that is written in several places comes in parts.

    Args:
        stream: the document.
        ontology: is given the name and version of the document.

    Raises:
        ValueError: if it is no RDF/XML, or holds no class.
    """
    is_empty = True
    try:
        for element in _top_level(stream):
            if element.tag == f"{_OWL}Ontology":
                _read_header(ontology, element)
            elif _is_class(element):
                is_empty = False
                yield _term(element)
    except ElementTree.ParseError as error:
        raise ValueError(f"it is no complete RDF/XML: {error}") from error
    if is_empty:
        raise ValueError("it holds no owl:Class")


def _top_level(stream: BinaryIO) -> Iterator[Any]:
    """Yield the elements below the root as they end, and forget them."""
    root: Any = None
    depth = 0
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    while True:
        block = stream.read(_BLOCK_SIZE)
        if not block:
            parser.close()
            return
        parser.feed(block)
        for event, element in parser.read_events():
            if event == "start":
                root = element if root is None else root
                depth += 1
                continue
            depth -= 1
            if depth == 1 and root is not None:
                yield element
                root.clear()


def _is_class(element: Any) -> bool:
    if element.get(_ABOUT) is None:
        return False
    if element.tag == f"{_OWL}Class":
        return True
    return element.tag == f"{_RDF}Description" and any(
        child.get(_RESOURCE) == _CLASS for child in element.findall(f"{_RDF}type")
    )


def _term(element: Any) -> Term:
    term = Term(curie_of(element.get(_ABOUT)))
    for child in element:
        tag, text = child.tag, (child.text or "").strip()
        if tag == f"{_RDFS}label":
            if term.name is None or child.get("{http://www.w3.org/XML/1998/namespace}lang") == "en":
                term.name = text or term.name
        elif tag in _DEFINITIONS:
            term.definition = term.definition or text or None
        elif tag in _SYNONYMS:
            if text:
                term.synonyms.append(text)
        elif tag == f"{_RDFS}subClassOf":
            _add_super(term, child)
        elif tag == f"{_OWL}deprecated":
            term.deprecated = text.lower() in ("true", "1")
        elif tag == f"{_OBO}IAO_0100001":
            term.replaced_by = curie_of(child.get(_RESOURCE) or text) or None
        elif tag == f"{_IN_OWL}hasAlternativeId" and text:
            term.alternative_ids.append(curie_of(text))
    return term


def _add_super(term: Term, element: Any) -> None:
    target = element.get(_RESOURCE)
    if target is not None:
        term.parents.append(curie_of(target))
        return
    for nested in element:
        if nested.tag == f"{_OWL}Class" and nested.get(_ABOUT):
            term.parents.append(curie_of(nested.get(_ABOUT)))
        elif nested.tag == f"{_OWL}Restriction":
            relation, filler = nested.find(f"{_OWL}onProperty"), nested.find(f"{_OWL}someValuesFrom")
            if relation is None or filler is None or filler.get(_RESOURCE) is None:
                continue
            iri = relation.get(_RESOURCE)
            name = "part_of" if iri in _PART_OF else str(iri)
            term.related.setdefault(name, []).append(curie_of(filler.get(_RESOURCE)))


def _read_header(ontology: Ontology, element: Any) -> None:
    iri = element.get(_ABOUT) or ""
    ontology.name = iri.rstrip("/").split("/")[-1].removesuffix(".owl") or None
    version = element.find(f"{_OWL}versionInfo")
    if version is not None and version.text:
        ontology.version = version.text.strip()
