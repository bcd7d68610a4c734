"""Which source is meant, and its table."""

from __future__ import annotations

from typing import Any

from bionty import loading
from bionty.errors import OrganismNotSet
from bionty.term_table import SourceSpec, TermTable, empty_table


def default_source(registry: Any, organism: Any = None, source: Any = None) -> Any:
    """Return the source that a registry is filled from.

    Args:
        registry: the registry.
        organism: record or name; for registries that need one by default that of the session.
        source: a source that is named explicitly wins.

    Raises:
        OrganismNotSet: if an organism is needed.
        ValueError: if no source fits.
    """
    from bionty.models import Source
    from bionty.organisms import current_organism, resolve
    from lamindb.base.registries import qualified_name

    if source is not None:
        if not isinstance(source, Source):
            raise TypeError(f"source takes a bt.Source record, not {source!r}: bt.Source.get(name=..., version=...)")
        return source
    entity = qualified_name(registry)
    if organism is None and registry.require_organism():
        organism = current_organism()
        if organism is None:
            raise OrganismNotSet(
                f"`organism` is required to get Source record for {registry.__name__}! "
                "Pass organism='human', or set it for the session: bt.settings.organism = 'human'"
            )
    organism = resolve(organism)
    found = list(Source.filter(entity=entity).order_by("pk"))
    names = _names_of(organism)
    if names:
        for name in names:
            fitting = [one for one in found if one.organism == name]
            if fitting:
                found = fitting
                break
        else:
            found = []
    if not found:
        wanted = {"entity": entity, **({"organism": names[-1]} if names else {})}
        raise ValueError(
            f"No source record found for filter {wanted}. List the sources with bt.Source.filter(entity={entity!r}).to_dataframe(), "
            f"or add one: {registry.__name__}.add_source(...)"
        )
    if len(found) == 1:
        return found[0]
    current = [one for one in found if one.currently_used]
    if len(current) == 1:
        return current[0]
    if organism is None or not current:
        for group in ("vertebrates", "all") if registry.__name__ == "Organism" else ("all",):
            in_group = [one for one in (current or found) if one.organism == group]
            if in_group:
                return in_group[0]
    return (current or found)[0]


def source_of_values(registry: Any, organism: Any = None, source: Any = None) -> Any:
    """Return the source in which values are looked up: as `default_source`, or that of all organisms where one has none of its own.

    Raises:
        OrganismNotSet: if an organism is needed.
        ValueError: if no source fits.
    """
    try:
        return default_source(registry, organism, source)
    except OrganismNotSet:
        raise
    except ValueError:
        if organism is None or registry.require_organism():
            raise
        used = default_source(registry)
        if used.organism != "all":
            raise
        return used


def _names_of(organism: Any) -> list[str]:
    if organism is None:
        return []
    if isinstance(organism, str):
        from bionty.extract import organisms

        lowered = organism.lower()
        for entry in organisms():
            if lowered in (entry["name"], entry["scientific_name"].lower()):
                return [entry["name"], entry["scientific_name"].lower()]
        return [lowered]
    from bionty.organisms import other_names

    names = (organism.name, *other_names(organism.ontology_id), organism.scientific_name)
    return list(dict.fromkeys(name.lower() for name in names if name))


def spec_of(source: Any) -> SourceSpec:
    """Return which table a source means."""
    return SourceSpec(source.entity, source.organism.lower(), source.name, source.version, source.url)


def table_of(source: Any) -> TermTable:
    """Return the table of a source: the one that was stored as an artifact, else the published one; empty if it has none.

    Raises:
        SourceUnavailable: if it is published, but can't be read.
    """
    spec = spec_of(source)
    if source.dataframe_artifact_id is not None:
        return _stored(source, spec)
    if source.url is None and not _is_listed(spec) and not _is_in_mirror(spec):
        return empty_table(spec)
    return loading.load(spec)


def is_at_hand(source: Any) -> bool:
    """Tell whether the table of a source can be read without downloading it from where it is published."""
    return source.dataframe_artifact_id is not None or loading.is_at_hand(spec_of(source))


def _stored(source: Any, spec: SourceSpec) -> TermTable:
    from bionty.entities import in_shape
    from bionty.parsing.files import read_table

    artifact = source.dataframe_artifact
    key = (spec, artifact.hash, artifact.uid)
    table = loading.kept(key)
    if table is None:
        path = artifact.cache(is_run_input=False)
        table = TermTable(in_shape(read_table(path), spec.entity), spec, origin=f"artifact {artifact.uid}")
        loading.keep(key, table)
    return table


def _is_listed(spec: SourceSpec) -> bool:
    from bionty import manifest

    return manifest.find(spec.entity, name=spec.name, organism=spec.organism) is not None


def _is_in_mirror(spec: SourceSpec) -> bool:
    from pathlib import Path

    from bionty.core._settings import settings

    mirror = settings.sources_mirror
    return mirror is not None and (
        "://" in mirror or loading.find_in_folder(Path(mirror).expanduser(), spec) is not None
    )
