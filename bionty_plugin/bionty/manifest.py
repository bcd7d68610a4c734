"""The manifest of public vocabularies (`sources.yaml`): which exist, their versions, and where they are published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

PACKAGED: Final = Path(__file__).parent / "sources.yaml"
_SIBLINGS: Final = ("name", "website")
#: Vocabularies without a registry; their sources have no module in front of the entity.
WITHOUT_REGISTRY: Final = ("BFXPipeline", "Drug", "BioSample")


@dataclass(frozen=True)
class ListedSource:
    """One vocabulary of the manifest, in its latest version.

    Attributes:
        entity: name without module, such as `"CellType"`.
        name: short name, such as `"cl"`.
        organism: organism, a group of organisms, or `"all"`.
        version: the latest version.
        url_pattern: where it is published; `{version}` stands for the version.
        title: long name.
        website: where people read about it.
        versions: other versions that are known to be published.
        is_default: whether it is the first one of its entity and organism.
        other_urls: where those versions are published that are published elsewhere.
    """

    entity: str
    name: str
    organism: str
    version: str
    url_pattern: str
    title: str | None
    website: str | None
    versions: tuple[str, ...]
    is_default: bool
    other_urls: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """Address of the latest version."""
        return self.url_of(self.version)

    def url_of(self, version: str) -> str:
        """Return the address of any version.

        Example:
            >>> find("CellType", name="cl").url_of("2025-12-17")
            'http://purl.obolibrary.org/obo/cl/releases/2025-12-17/cl.owl'
        """
        return dict(self.other_urls).get(version, self.url_pattern).replace("{version}", version)

    @property
    def registry(self) -> str:
        """Name of the registry that it fills, such as `"bionty.CellType"`."""
        return self.entity if self.entity in WITHOUT_REGISTRY else f"bionty.{self.entity}"


def listed_sources(path: Path | None = None) -> tuple[ListedSource, ...]:
    """Return all vocabularies of a manifest, in its order.

    Args:
        path: a manifest; default: `sources.yaml` in the root folder of `bionty.base.settings`, else the packaged one.
    """
    if path is None:
        from bionty.base._settings import settings

        path = settings.public_sources
    return _read(path, path.stat().st_mtime_ns)


def find(entity: str, *, name: str | None = None, organism: str | None = None) -> ListedSource | None:
    """Return the first vocabulary that fits, or `None`.

    Args:
        entity: with or without module.
        name: short name of the source.
        organism: in any case.
    """
    entity = entity.removeprefix("bionty.")
    for source in listed_sources():
        if source.entity != entity or (name is not None and source.name != name):
            continue
        if organism is None or source.organism == organism.lower():
            return source
    return None


def entities() -> tuple[str, ...]:
    """Return the names of all entities, in the order of the manifest."""
    return tuple(dict.fromkeys(source.entity for source in listed_sources()))


@cache
def _read(path: Path, changed_at: int) -> tuple[ListedSource, ...]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # a safe loader in either case
    return tuple(_sources(content))


def _sources(content: dict[str, Any]) -> Iterator[ListedSource]:
    for entity, sources in content.items():
        if entity == "version":
            continue
        seen: set[str] = set()
        for name, entry in sources.items():
            for organism, facts in entry.items():
                if organism in _SIBLINGS:
                    continue
                yield ListedSource(
                    entity=entity,
                    name=str(name),
                    organism=str(organism),
                    version=str(facts["latest-version"]),
                    url_pattern=facts["url"],
                    title=entry.get("name"),
                    website=entry.get("website"),
                    versions=tuple(map(str, facts.get("versions", ()))),
                    is_default=organism not in seen,
                    other_urls=tuple((str(version), url) for version, url in facts.get("other-urls", {}).items()),
                )
                seen.add(organism)
