"""What every reader yields: terms, and which ones are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_LOCAL_ID = re.compile(r"^([A-Za-z][A-Za-z0-9.-]*(?:_[A-Za-z]+)*)_([A-Za-z0-9]+)$")


@dataclass
class Term:
    """One term of an ontology; `parents` are identifiers of direct super terms, `part_of` of what it is a part of."""

    ontology_id: str
    name: str | None = None
    definition: str | None = None
    synonyms: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    #: relation -> identifiers, for all relations but `is_a`
    related: dict[str, list[str]] = field(default_factory=dict)
    deprecated: bool = False
    replaced_by: str | None = None
    alternative_ids: list[str] = field(default_factory=list)


@dataclass
class Ontology:
    """The terms of a file, and what it says about itself."""

    terms: list[Term]
    name: str | None = None
    version: str | None = None


def curie_of(iri: str) -> str:
    """Return the short form of an identifier: `CL:0000084` for `http://purl.obolibrary.org/obo/CL_0000084`; others stay.

    Example:
        >>> curie_of("http://purl.obolibrary.org/obo/NCBITaxon_Union_0000023")
        'NCBITaxon_Union:0000023'
    """
    if "://" not in iri:
        return iri
    local = re.split(r"[/#]", iri)[-1]
    match = _LOCAL_ID.match(local)
    return f"{match[1]}:{match[2]}" if match else iri


def to_columns(
    terms: Iterable[Term], prefixes: tuple[str, ...] | None = None, relations: tuple[str, ...] = ()
) -> dict[str, list]:
    """Return terms as columns.

    Args:
        terms: the terms; those without name are no terms, but merged ones among them are alternative ids of their replacement.
        prefixes: keep only terms and parents whose identifier begins with one of these.
        relations: relations besides `is_a` whose targets count as parents, such as `("part_of",)`.
    """
    merged: dict[str, list[str]] = {}
    kept: dict[str, Term] = {}
    for term in terms:
        if term.name is None:
            if term.replaced_by is not None:
                merged.setdefault(term.replaced_by, []).append(term.ontology_id)
            continue
        if prefixes is not None and not term.ontology_id.startswith(prefixes):
            continue
        kept.setdefault(term.ontology_id, term)
    columns: dict[str, list] = {name: [] for name in (
        "ontology_id", "name", "definition", "synonyms", "parents", "deprecated", "replaced_by", "alternative_ids"
    )}  # fmt: skip
    for term in kept.values():
        parents = dict.fromkeys(term.parents)
        for relation in relations:
            parents.update(dict.fromkeys(term.related.get(relation, ())))
        parents.pop(term.ontology_id, None)
        if prefixes is not None:
            parents = dict.fromkeys(parent for parent in parents if parent.startswith(prefixes))
        synonyms = dict.fromkeys(text for text in (s.replace("|", "/").strip() for s in term.synonyms) if text)
        alternatives = dict.fromkeys([*term.alternative_ids, *merged.get(term.ontology_id, ())])
        columns["ontology_id"].append(term.ontology_id)
        columns["name"].append(term.name)
        columns["definition"].append(term.definition)
        columns["synonyms"].append("|".join(synonyms) or None)
        columns["parents"].append(list(parents))
        columns["deprecated"].append(term.deprecated)
        columns["replaced_by"].append(term.replaced_by)
        columns["alternative_ids"].append("|".join(alternatives) or None)
    return columns
