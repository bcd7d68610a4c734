"""Organisms: which one is meant by a name, a record, Ensembl ids or the settings, and when one is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from bionty.errors import OrganismNotSet
from lamindb.errors import DoesNotExist

#: Stands for vocabularies that are not of one organism.
_NO_ORGANISMS = frozenset({"all", "vertebrates", "bacteria", "fungi", "metazoa", "plants"})
_ENSEMBL_PREFIX = re.compile(r"^(ENS[A-Z]*G|MGP_\w+?_G)\d+")


def current_organism() -> Any:
    """Return the organism of the session, `bt.settings.organism`, or `None`."""
    from bionty.core._settings import settings

    return settings.organism


def resolve(organism: Any, *, create: bool = False) -> Any:
    """Return the record that an organism means; an unknown name stays a text unless a record may be created.

    Args:
        organism: record, name, scientific name, a text such as `"all"`, or `None`.
        create: save a record for a well-known name that has none yet.

    Raises:
        OrganismNotSet: if a record is to be created and no source knows the name.
        TypeError: for anything else.
    """
    if organism is None or (isinstance(organism, str) and organism.lower() in _NO_ORGANISMS):
        return organism
    if type(organism).__name__ == "Organism":
        return organism
    if not isinstance(organism, str):
        raise TypeError(f"organism takes a name or a bt.Organism record, not {organism!r}")
    found = find(organism)
    if found is not None:
        return found
    return get_or_create(organism) if create else organism


def find(name: str) -> Any:
    """Return the record with this name or scientific name, or `None`; case doesn't matter. One statement.

    A well-known organism is found under another name, too, since its identifier says which one it is.
    """
    from django.db.models import Q

    from bionty.models import Organism

    lowered = name.strip().lower()
    capitalised = lowered.capitalize()
    named = Q(name=name) | Q(name=lowered) | Q(scientific_name=capitalised) | Q(scientific_name=name)
    identifiers = [name, *(entry["ontology_id"] for entry in _known() if lowered in _names_in(entry))]
    matches = list(Organism.filter(named | Q(ontology_id__in=identifiers)).order_by("pk")[:10])
    by_name = [one for one in matches if one.name in (name, lowered) or one.scientific_name in (name, capitalised)]
    return next(iter(by_name or matches), None)


def other_names(ontology_id: str | None) -> list[str]:
    """Return what a well-known organism is called in the names of sources, by its identifier."""
    return [name for entry in _known() if entry["ontology_id"] == ontology_id for name in _names_in(entry)]


def _names_in(entry: dict[str, str]) -> tuple[str, str]:
    return entry["name"], entry["scientific_name"].lower()


def get_or_create(name: str, missing: str = "not-set") -> Any:
    """Return the saved record of an organism, created from the packaged facts or the sources if there is none.

    Args:
        name: common or scientific name.
        missing: `"does-not-exist"` raises `DoesNotExist` for an unknown name.

    Raises:
        OrganismNotSet: if no source knows the name.
        DoesNotExist: the same, if asked for.
    """
    from bionty.models import Organism

    found = find(name)
    if found is not None:
        return found
    fields = _fields_of(name)
    if fields is None:
        message = (
            f"Organism {name} can't be created from the source, check your spelling or create it manually. "
            f"For instance: bt.Organism(name={name.lower()!r}, scientific_name=...).save()"
        )
        raise DoesNotExist(f"no Organism found: {message}") if missing == "does-not-exist" else OrganismNotSet(message)
    same = Organism.filter(ontology_id=fields["ontology_id"]).first() if fields.get("ontology_id") else None
    return same or Organism(**fields, _skip_validation=True).save()


def _fields_of(name: str) -> dict[str, Any] | None:
    """Return what an Organism record is made of: the packaged facts, else the default source, else the NCBI taxonomy."""
    from bionty import sources
    from bionty.errors import SourceUnavailable
    from bionty.models import Source

    lowered = name.strip().lower()
    default = (
        Source.filter(entity="bionty.Organism", name="ensembl", organism="vertebrates")
        .order_by("-currently_used", "-pk")
        .first()
    )
    for entry in _known():
        if lowered in (entry["name"], entry["scientific_name"].lower()):
            return {**{key: entry[key] for key in ("name", "scientific_name", "ontology_id")}, "source": default}
    taxonomy = Source.filter(entity="bionty.Organism", name="ncbitaxon").order_by("-currently_used", "-pk").first()
    for source, column in ((default, "name"), (taxonomy, "scientific_name")):
        if source is None:
            continue
        try:
            table = sources.table_of(source)
        except SourceUnavailable:
            continue
        wanted = lowered.capitalize() if column == "scientific_name" else lowered
        rows = [row for row in table.rows_of(column, [wanted]).get(wanted, ()) if not table.is_obsolete[row]]
        if rows:
            plain = [row for row in rows if " - " not in table.value("name", row)]
            names = [n for n in ("name", "scientific_name", "ontology_id") if n in table.names]
            return {**table.row((plain or rows)[0], names), "source": source}
    return None


@cache
def _known() -> list[dict[str, str]]:
    from bionty.extract import organisms

    return organisms()


@cache
def _by_prefix() -> dict[str, str]:
    return {entry["gene_prefix"]: entry["name"] for entry in _known() if entry["gene_prefix"]}


def name_of_gene_id(identifier: str) -> str | None:
    """Return the organism that an Ensembl gene id belongs to, by its beginning.

    Example:
        >>> name_of_gene_id("ENSMUSG00000000001")
        'mouse'
    """
    match = _ENSEMBL_PREFIX.match(identifier)
    return _by_prefix().get(match[1]) if match else None


def group_gene_ids(identifiers: Iterable[str]) -> dict[str, list[str]]:
    """Group Ensembl gene ids by organism; ids of unknown beginnings are left out.

    Example:
        >>> group_gene_ids(["ENSG00000139618", "ENSMUSG00000000001"])
        {'human': ['ENSG00000139618'], 'mouse': ['ENSMUSG00000000001']}
    """
    groups: dict[str, list[str]] = {}
    for identifier in identifiers:
        name = name_of_gene_id(identifier) if isinstance(identifier, str) else None
        if name is not None:
            groups.setdefault(name, []).append(identifier)
    return groups


def scope_of(registry: Any, field: str, organism: Any, source: Any, *, create: bool) -> tuple[Any, Any]:
    """Complete the organism with which values of a registry are looked up or made.

    A field that identifies records whatever their organism needs none. Nothing is created, unless records are to be made.
    """
    has_organism = any(column.name == "organism" for column in registry._meta.concrete_fields)
    if not has_organism:
        return organism, source
    if organism is None and (registry.require_organism(field) or create):
        organism = current_organism()
    if (
        organism is None
        and source is not None
        and registry.require_organism(field)
        and source.organism not in _NO_ORGANISMS
    ):
        organism = source.organism
    return resolve(organism, create=create), source
