"""Reads OBO files (1.0 to 1.4), line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bionty.parsing.terms import Ontology, Term, curie_of

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*([A-Z]*)')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "W": " "}
_END_OF_VALUE = re.compile(r"(?<!\\)\s+(?:!|\{)|\s*$")


def read_obo(lines: Iterable[str], ontology: Ontology) -> Iterator[Term]:
    """Yield the terms of an OBO document.

    Args:
        lines: its lines.
        ontology: is given the name and version of the document.

    Raises:
        ValueError: if it holds no term, or a line outside of any tag.

    Example:
        >>> next(read_obo(["[Term]", "id: X:1", "name: one", "synonym: \\"uno\\" EXACT []"], Ontology([]))).synonyms
        ['uno']
    """
    term: Term | None = None
    in_header, is_other, is_empty = True, False, True
    for tag, value in _tags(lines):
        if tag.startswith("["):
            if term is not None:
                is_empty = False
                yield term
            in_header, is_other = False, tag != "[Term]"
            term = None
        elif in_header:
            if tag == "ontology":
                ontology.name = value
            elif tag == "data-version":
                ontology.version = value
        elif is_other:
            continue
        elif tag == "id":
            term = Term(curie_of(_bare(value)))
        elif term is not None:
            _add(term, tag, value)
    if term is not None:
        yield term
    elif is_empty:
        raise ValueError("it holds no [Term]")


def _tags(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, start=1):
        line = line.strip()
        if not line or line.startswith("!"):
            continue
        if line.startswith("["):
            yield line.split("]")[0] + "]", ""
            continue
        tag, separator, value = line.partition(":")
        if not separator:
            raise ValueError(f"line {number} has no tag: {line[:60]!r}")
        yield tag, value.strip()


def _add(term: Term, tag: str, value: str) -> None:
    if tag == "name" and term.name is None:  # merged ontologies may hold two, the first is the term's own
        term.name = _unescape(_bare(value, may_hold_braces=True))
    elif tag == "def":
        match = _QUOTED.match(value)
        term.definition = _unescape(match[1]) if match else value
    elif tag in ("synonym", "exact_synonym"):
        match = _QUOTED.match(value)
        if match and (tag == "exact_synonym" or match[2] == "EXACT"):
            term.synonyms.append(_unescape(match[1]))
    elif tag == "is_a":
        term.parents.append(curie_of(_bare(value)))
    elif tag == "relationship":
        relation, _, target = _bare(value).partition(" ")
        term.related.setdefault(_relation(relation), []).append(curie_of(target.strip()))
    elif tag == "is_obsolete":
        term.deprecated = value.startswith("true")
    elif tag == "replaced_by":
        term.replaced_by = curie_of(_bare(value))
    elif tag == "alt_id":
        term.alternative_ids.append(curie_of(_bare(value)))


def _relation(name: str) -> str:
    return "part_of" if name in ("part_of", "BFO:0000050", "OBO_REL:part_of") else name


def _bare(value: str, may_hold_braces: bool = False) -> str:
    """Return a value without its trailing modifiers and comment."""
    if may_hold_braces:  # a name may hold " {", and only a real list of modifiers ends it
        return re.sub(r"\s+\{[\w:]+=.*\}\s*$", "", value)
    end = _END_OF_VALUE.search(value)
    return value[: end.start()] if end else value


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text) if "\\" in text else text
