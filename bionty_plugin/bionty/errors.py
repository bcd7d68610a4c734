"""Errors of their own: an organism is needed, a vocabulary can't be read."""

from __future__ import annotations


class OrganismNotSet(ValueError, SystemExit):
    """An organism is needed to know which vocabulary or record is meant.

    It is an ordinary exception, and a `SystemExit` as well, because that is what code for the original catches.
    """

    def __str__(self) -> str:
        return ValueError.__str__(self)


class SourceUnavailable(ValueError):
    """The table of a source is neither cached nor in a mirror, an installed package or reachable online."""


class CorruptedOntology(ValueError):
    """A file is no ontology, or a damaged one."""
