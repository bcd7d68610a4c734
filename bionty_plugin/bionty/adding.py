"""Adds vocabularies and versions of them (`add_source`), and brings the sources of an instance in line with the manifest."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from bionty import manifest, sources
from bionty.entities import entity_named
from bionty.errors import SourceUnavailable
from bionty.loading import ways_to_read
from bionty.parsing.files import is_table, read_header
from bionty.term_table import SourceSpec, TermTable
from lamindb.base.logging import logger

if TYPE_CHECKING:
    import pyarrow as pa

#: Kind of the artifacts that hold tables; they are not shown in listings.
_KIND = "__lamindb_run__"
#: One of these a table needs, because records are made from them.
_IDENTIFYING = frozenset({"name", "symbol", "ontology_id", "ensembl_gene_id", "stable_id", "uniprotkb_id"})
_FILE_SUFFIXES = (".obo", ".owl", ".json", ".parquet", ".csv", ".tsv", ".txt", ".feather", ".gz")


def add_source(
    registry: Any,
    source: Any,
    *,
    df: Any = None,
    version: str | None = None,
    organism: Any = None,
    url: str | None = None,
) -> Any:
    """Add a vocabulary or a version of one; see `BioRecord.add_source`."""
    from lamindb.base.registries import qualified_name

    entity = qualified_name(registry)
    organism_name = _organism_of(registry, source, organism)
    made = _make_source(entity, source, version, organism_name, url, has_table=df is not None)
    if made.dataframe_artifact_id is not None and df is None:
        return made.save() if made._state.adding else made
    if df is not None:
        table = _table_of_frame(df, entity)
    else:  # a source of another registry brings its own table
        table = _whole(sources.table_of(source if getattr(source, "entity", entity) != entity else made))
    if not table.num_rows:
        logger.warning("the source %s has no terms yet: pass its table as df", made)
        return made.save() if made._state.adding else made
    with transaction.atomic():
        if made._state.adding:  # only now: a table that can't be read leaves no source behind
            made.save()
        made.dataframe_artifact = _store(table, sources.spec_of(made))
        made.save()
    logger.success("Added source %r of version %r for organism %r.", made.name, made.version, made.organism)
    return made


def _whole(table: TermTable) -> pa.Table:
    """Return the terms of a vocabulary; an extract of it is not kept in its place."""
    if table.is_extract:
        raise SourceUnavailable(
            f"The source {table.spec} can't be read, only a packaged extract of {len(table)} terms, which is not kept as its table. "
            f"{ways_to_read(table.spec)}"
        )
    return table.data


def _organism_of(registry: Any, source: Any, organism: Any) -> str | None:
    from bionty.models import Source
    from bionty.organisms import resolve

    if organism is None and isinstance(source, Source):
        organism = source.organism
    if not registry.require_organism():
        return organism if organism is None or isinstance(organism, str) else organism.name
    if organism is None:
        raise ValueError(
            f"organism must be provided for organism-specific entities. Pass organism='human' to {registry.__name__}.add_source()"
        )
    found = resolve(organism, create=True)
    return found if isinstance(found, str) else str(found.name)


def _make_source(
    entity: str, source: Any, version: str | None, organism: str | None, url: str | None, has_table: bool
) -> Any:
    """Return the source that is meant, unsaved if it is new."""
    from bionty.models import Source
    from bionty.public import PublicOntology

    if isinstance(source, PublicOntology):
        spec = source._spec
        listed = manifest.find(entity, name=spec.name, organism=spec.organism)
        return _get_or_make(entity, spec.name, version or spec.version, organism or spec.organism, spec.url, listed)
    if isinstance(source, Source):
        if source.entity == entity:
            return source
        copied = _get_or_make(
            entity, source.name, version or source.version, organism or source.organism, source.url, None
        )
        if copied._state.adding:
            copied.description, copied.source_website = source.description, source.source_website
            copied.currently_used = source.currently_used
            copied.dataframe_artifact = source.dataframe_artifact
            copied.url = source.url
        return copied
    if not isinstance(source, str) and not hasattr(source, "__fspath__"):
        raise TypeError(f"add_source() takes a bt.Source, a PublicOntology, a name, a path or a URL, not {source!r}")
    text = str(source)
    if _is_place(text):
        name, found_version = _named_by(text)
        wanted = version or found_version
        if wanted is None:
            raise ValueError(f"{text} doesn't say its version: pass version='...'")
        return _get_or_make(entity, name, wanted, organism or "all", _absolute(text), None)
    return _by_name(entity, text, version, organism, url, has_table)


def _by_name(
    entity: str, name: str, version: str | None, organism: str | None, url: str | None, has_table: bool
) -> Any:
    from bionty.models import Source

    wanted = {"entity": entity, "name": name, "version": version, "organism": organism}
    wanted = {key: value for key, value in wanted.items() if value is not None}
    found = list(Source.filter(**wanted).order_by("pk")) if url is None else []
    if len(found) > 1:
        raise ValueError(
            f"multiple existing sources found in the database for {wanted}, please specify `version`. "
            f"There are: {', '.join(f'{one.version} ({one.organism})' for one in found)}"
        )
    if found:
        return found[0]
    listed = manifest.find(entity, name=name, organism=organism)
    if listed is None and url is None and not has_table:
        listed = _looked_up(entity, name, wanted)
    if version is None and listed is None:
        raise ValueError(f"the version of {name!r} is not known: pass version='...'")
    known = listed.organism if listed is not None else "all"
    place = _absolute(url) if url is not None else None
    return _get_or_make(entity, name, version or listed.version, organism or known, place, listed)  # type: ignore[union-attr]


def _looked_up(entity: str, name: str, wanted: dict[str, Any]) -> manifest.ListedSource:
    """Return what the ontology lookup service says about an ontology that the manifest does not list."""
    from bionty import ols
    from bionty.online import NotReachable

    reason = "the manifest does not list it"
    if not entity_named(entity).is_table_only:
        try:
            found = ols.find(name, entity)
        except NotReachable as error:
            reason += f", and the ontology lookup service can't be asked ({error})"
        else:
            if found is not None:
                return found
            reason += ", nor does the ontology lookup service"
    raise ValueError(
        f"No source is available with {wanted}: {reason}. Pass url='<path or URL of its file>' or df=<its table>, "
        f"or list what there is: bionty.base.display_sources()"
    )


def _get_or_make(entity: str, name: str, version: str, organism: str, url: str | None, listed: Any) -> Any:
    from bionty.models import Source

    key = {"entity": entity, "name": name, "version": version, "organism": organism.lower() if listed else organism}
    existing = Source.filter(**key).first()
    if existing is not None:
        return existing
    facts = {"description": listed.title, "source_website": listed.website} if listed is not None else {}
    return Source(**key, url=url or (listed.url_of(version) if listed is not None else None), **facts)


def _is_place(text: str) -> bool:
    return "://" in text or text.lower().endswith(_FILE_SUFFIXES) or "/" in text


def _absolute(place: str) -> str:
    if "://" in place:
        return place
    path = Path(place).expanduser().absolute()
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}")
    return path.as_uri()


def _named_by(place: str) -> tuple[str, str | None]:
    """Return name and version of the vocabulary in a file: what the file says, else its own name."""
    stem = re.sub(
        r"(\.gz|\.obo|\.owl|\.json|\.parquet|\.csv|\.tsv|\.txt|\.feather)+$", "", place.rstrip("/").rpartition("/")[2]
    )
    parts = stem.split("__")
    if stem.startswith("df_") and len(parts) == 4:
        return parts[1], parts[2]
    name, _, version = stem.partition(".")
    path = Path(place.removeprefix("file://")).expanduser()
    if "://" not in place.removeprefix("file://") and path.is_file() and not is_table(path):
        ontology = read_header(path)
        found = re.search(r"\d+(?:[.-]\d+)*", ontology.version or "")
        return (ontology.name or name).rpartition("/")[2] or name, version or (found[0] if found else None)
    return name, version or None


def _table_of_frame(df: Any, entity: str) -> pa.Table:
    """Return a data frame, or a table as it is, as the table of a source."""
    import pyarrow as pa

    from bionty.entities import in_shape

    if isinstance(df, pa.Table):
        return in_shape(df, entity)
    if not hasattr(df, "columns"):
        raise TypeError(f"df takes a data frame or an arrow table, not {type(df).__name__}")
    frame = df.reset_index() if df.index.name in ("ontology_id", "name") and df.index.name not in df.columns else df
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if not _IDENTIFYING & set(table.column_names):
        raise ValueError(
            f"The table has the columns {', '.join(map(repr, table.column_names))}, but no 'name' or 'ontology_id': rename one"
        )
    return in_shape(table, entity)


def _store(table: pa.Table, spec: SourceSpec) -> Any:
    import pyarrow.parquet as pq

    from lamindb.models import Artifact

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / spec.table_name
        pq.write_table(table, path, compression="zstd")
        return Artifact(
            str(path), key=spec.table_name, kind=_KIND, otype="DataFrame", run=False, description=f"Terms of {spec}"
        ).save()


def sync_public_sources(update_currently_used: bool = False) -> None:
    """Add the sources of the manifest that the instance lacks, and bring the facts about the others up to date.

    Args:
        update_currently_used: make the newest version current where a source is.

    Example:
        >>> bt.core.sync_public_sources()  # doctest: +SKIP
    """
    from bionty.models import Source

    with transaction.atomic():
        known = {
            (one.entity, one.name, one.organism, one.version): one for one in Source.objects.using("default").all()
        }
        for listed in manifest.listed_sources():
            key = (listed.registry, listed.name, listed.organism, listed.version)
            facts = {"description": listed.title, "url": listed.url, "source_website": listed.website}
            found = known.get(key)
            if found is None:
                names = ("entity", "name", "organism", "version")
                Source(**dict(zip(names, key, strict=True)), **facts).save()
                logger.success(
                    "added new source: %s, %s (%s, %s)", listed.name, listed.version, listed.registry, listed.organism
                )
            elif found.branch_id != 1 or any(getattr(found, name) != value for name, value in facts.items()):
                for name, value in facts.items():
                    setattr(found, name, value)
                found.branch_id = 1
                found.save()
                logger.success(
                    "updated source: %s, %s (%s, %s)", listed.name, listed.version, listed.registry, listed.organism
                )
        if update_currently_used:
            _use_newest()
    logger.success("the sources of the manifest are in the instance")


def _use_newest() -> None:
    from bionty.models import Source

    for current in Source.filter(currently_used=True):
        versions = Source.filter(entity=current.entity, organism=current.organism, name=current.name)
        newest = max(versions, key=lambda source: _version_key(source.version))
        if newest.pk != current.pk:
            newest.currently_used = True
            newest.save()


def _version_key(version: str) -> tuple[Any, ...]:
    """Return what versions are sorted by: numbers as numbers."""
    parts = re.split(r"(\d+)", version)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts if part)
