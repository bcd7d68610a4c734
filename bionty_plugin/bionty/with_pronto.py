"""Ontologies as objects of the package pronto, for those who need the whole graph."""

from __future__ import annotations

from typing import Any

from bionty import loading
from bionty.entities import entity_named
from bionty.errors import SourceUnavailable
from bionty.term_table import SourceSpec
from lamindb.base.logging import logger


def to_pronto(spec: SourceSpec, mute: bool = False) -> Any:
    """Return the ontology file of a source, read by pronto; `None` for entities that have tables only."""
    entity = spec.entity.rpartition(".")[2]
    if entity_named(spec.entity).is_table_only:
        logger.error("%s has no Pronto Ontology object!", entity)
        return None
    try:
        import pronto
    except ImportError as error:
        raise ImportError("pronto is not installed: pip install 'bionty[pronto]'") from error
    if not mute:
        logger.info("reading %s with pronto", spec)
    return pronto.Ontology(str(_file_of(spec)))  # type: ignore[attr-defined]


def _file_of(spec: SourceSpec) -> Any:
    from pathlib import Path

    from bionty import online
    from bionty.core._settings import settings
    from bionty.parsing.files import is_table

    mirror = settings.sources_mirror
    if spec.url is not None and (spec.url.startswith("file://") or "://" not in spec.url) and not is_table(spec.url):
        return Path(spec.url.removeprefix("file://"))
    if mirror is not None and "://" not in mirror:
        path = loading.find_in_folder(Path(mirror).expanduser(), spec)
        if path is not None and not is_table(path):
            return path
    if spec.url is None or is_table(spec.url):
        raise SourceUnavailable(f"The source {spec} has no ontology file, only a table")
    try:
        return online.download(spec.url, spec)
    except online.NotReachable as error:
        raise SourceUnavailable(f"The ontology file of {spec} can't be read: {error}") from error
