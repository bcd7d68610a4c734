"""What every reader yields: terms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_LOCAL_ID = re.compile(r"^([A-Za-z][A-Za-z0-9.-]*(?:_[A-Za-z]+)*)_([A-Za-z0-9]+)$")


@dataclass(slots=True)
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

    def add(self, more: Term) -> None:
        """Add what another part of the file says about the same term."""
        self.name = self.name or more.name
        self.definition = self.definition or more.definition
        self.deprecated = self.deprecated or more.deprecated
        self.replaced_by = self.replaced_by or more.replaced_by
        self.synonyms += more.synonyms
        self.parents += more.parents
        self.alternative_ids += more.alternative_ids
        for relation, targets in more.related.items():
            self.related.setdefault(relation, []).extend(targets)


@dataclass
class Ontology:
    """The terms of a file, and what it says about itself.

    Attributes:
        terms: where a file is read while its terms are asked for, a term may come in parts.
        name: of the ontology; known when the first term was read.
        version: likewise.
    """

    terms: Iterable[Term]
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
