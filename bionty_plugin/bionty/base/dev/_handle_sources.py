"""The manifest of sources as data frames and dictionaries."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bionty.manifest import ListedSource, listed_sources

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("entity", "name", "organism", "version", "url", "description", "source_website")


def parse_sources_yaml(filepath: str | os.PathLike[str] | None = None, url_pattern: bool = False) -> pd.DataFrame:
    """Return a manifest as a data frame, one row per source.

    Args:
        filepath: the manifest; default: the one in force.
        url_pattern: keep `{version}` in URLs.
    """
    import pandas as pd

    listed = listed_sources(None if filepath is None else Path(filepath))
    return pd.DataFrame([_row(source, url_pattern) for source in listed], columns=_COLUMNS)


def parse_currently_used_sources(yaml: Any = None) -> dict[str, dict[str, dict[str, str]]]:
    """Return the version of each default source: `{entity: {organism: {source: version}}}`.

    Args:
        yaml: path of a manifest, or rows such as those of `parse_sources_yaml`; default: the manifest in force.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    if isinstance(yaml, list):
        rows = [(row["entity"], row["organism"], row["name"], row["version"]) for row in yaml]
    else:
        rows = [(s.entity, s.organism, s.name, s.version) for s in listed_sources(None if yaml is None else Path(yaml))]
    for entity, organism, name, version in rows:
        found.setdefault(entity, {}).setdefault(organism, {}) or found[entity][organism].update({name: version})
    return found


def display_sources() -> pd.DataFrame:
    """Return all sources of the manifest, indexed by entity.

    Example:
        >>> display_sources().loc["CellType"]  # doctest: +SKIP
    """
    return parse_sources_yaml().set_index("entity")


def display_currently_used_sources(mute: bool = False) -> pd.DataFrame:
    """Return the default sources of the manifest, indexed by entity.

    Args:
        mute: do not say where the sources of the connected instance are.
    """
    import pandas as pd

    from lamindb.base.logging import logger
    from lamindb.setup import settings

    if not mute and settings.is_configured and any(module == "bionty" for module in settings.instance.modules):
        logger.error(
            "these are the sources of the manifest; for those of the instance: bt.Source.filter(currently_used=True).to_dataframe()"
        )
    rows = [(s.entity, s.organism, s.name, s.version) for s in listed_sources() if s.is_default]
    return pd.DataFrame(rows, columns=["entity", "organism", "name", "version"]).set_index("entity")


def _row(source: ListedSource, url_pattern: bool) -> tuple[Any, ...]:
    url = source.url_pattern if url_pattern else source.url
    return (source.entity, source.name, source.organism, source.version, url, source.title, source.website)
