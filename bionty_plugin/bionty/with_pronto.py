"""Ontologies as objects of the package pronto, for those who need the whole graph."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bionty import loading
from bionty.entities import entity_named
from bionty.errors import SourceUnavailable
from bionty.term_table import SourceSpec
from lamindb.base.logging import logger

if TYPE_CHECKING:
    import pandas as pd


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
    path = file_of(spec)
    ontology = pronto.Ontology(str(path))  # type: ignore[attr-defined]
    ontology.to_df = partial(_to_df, path, spec)  # type: ignore[attr-defined]
    return ontology


def _to_df(
    path: Path,
    spec: SourceSpec,
    source: str | None = None,
    include_rel: str | None = None,
    include_id_prefixes: dict[str, list[str]] | None = None,
) -> pd.DataFrame:
    """Return the terms of an ontology file as a data frame indexed by `ontology_id`.

    Args:
        path: the file.
        spec: the source that it belongs to.
        source: short name of the source, for `include_id_prefixes`; default: that of the ontology.
        include_rel: a relation besides `is_a` whose targets count as parents, such as `"part_of"`.
        include_id_prefixes: source -> beginnings of the identifiers to keep; default: terms imported from other ontologies are kept, too.
    """
    import pandas as pd

    from bionty.parsing.columns import to_table
    from bionty.parsing.files import opened_ontology

    prefixes = (include_id_prefixes or {}).get(source or spec.name)
    with opened_ontology(path) as opened:
        table = to_table(
            opened.terms,
            None if prefixes is None else tuple(prefixes),
            () if include_rel is None else (include_rel,),
        )
    names = ["ontology_id", "name", "definition", "synonyms", "parents"]
    return pd.DataFrame(table.select(names).to_pydict()).set_index("ontology_id")


def file_of(spec: SourceSpec) -> Path:
    """Return the ontology file of a source, from a mirror or as it is published.

    Raises:
        SourceUnavailable: if it has none, or can't be downloaded.
    """
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
