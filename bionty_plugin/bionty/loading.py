"""Finds the table of a source: in memory, in the cache, in a mirror, in an installed package, online, or in the packaged extract.

What lies on this machine comes before the network, and the network is asked only for the very file that a source names.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bionty.entities import entity_named, in_shape
from bionty.errors import CorruptedOntology, SourceUnavailable
from bionty.parsing.columns import to_table
from bionty.parsing.files import is_table, opened_ontology, read_table
from bionty.term_table import SourceSpec, TermTable
from lamindb.base.logging import logger

if TYPE_CHECKING:
    import pyarrow as pa

#: How many tables a process keeps.
_MAX_IN_MEMORY = 24
_ONTOLOGY_SUFFIXES = (".obo", ".obo.gz", ".json", ".json.gz", ".owl", ".owl.gz")

_lock = threading.RLock()
_in_memory: OrderedDict[tuple[Any, ...], TermTable] = OrderedDict()


def load(spec: SourceSpec) -> TermTable:
    """Return the table of a source.

    Args:
        spec: which source.

    Raises:
        SourceUnavailable: if it is nowhere; the message lists what helps.
        CorruptedOntology: if its file can't be read.
    """
    from bionty.core._settings import settings

    key = (spec, settings.sources_mirror)
    with _lock:
        if key in _in_memory:
            _in_memory.move_to_end(key)
            return _in_memory[key]
        table = _find(spec)
        keep(key, table)
        return table


def load_with_relation(spec: SourceSpec, relation: str) -> TermTable:
    """Return the table of a source, in which the targets of a further relation count as parents.

    Raises:
        SourceUnavailable: if there is no ontology file.
    """
    from bionty.with_pronto import file_of

    path = file_of(spec)
    return TermTable(parse(path, spec, (relation,)), spec, origin=str(path))


def keep(key: tuple[Any, ...], table: TermTable) -> None:
    """Keep a table in memory for the next time."""
    with _lock:
        _in_memory[key] = table
        while len(_in_memory) > _MAX_IN_MEMORY:
            _in_memory.popitem(last=False)


def kept(key: tuple[Any, ...]) -> TermTable | None:
    """Return a table that was kept."""
    with _lock:
        return _in_memory.get(key)


def is_at_hand(spec: SourceSpec) -> bool:
    """Tell whether the whole table of a source is on this machine."""
    from bionty import guide
    from bionty.core._settings import settings

    mirror = settings.sources_mirror
    in_memory = _in_memory.get((spec, mirror))
    if in_memory is not None:
        return not in_memory.is_extract
    if spec.url is not None and _is_local(spec.url):
        return _local_path(spec.url).is_file()
    if mirror is not None and "://" not in mirror and find_in_folder(Path(mirror).expanduser(), spec) is not None:
        return True
    cached = cache_path(spec)
    is_own = "?size=" not in (_note_of(cached) or {}).get("origin", "?size=")  # else only read together with its file
    return (cached.is_file() and is_own) or spec.version in guide.versions_of(spec)


def forget_tables() -> None:
    """Forget the tables in memory; the next question reads them again."""
    with _lock:
        _in_memory.clear()


def _find(spec: SourceSpec) -> TermTable:
    from bionty import guide, online
    from bionty.core._settings import settings
    from bionty.extract import extract_of

    if spec.url is not None and _is_local(spec.url):
        return TermTable(table_from_file(_local_path(spec.url), spec), spec, origin=spec.url)
    mirror = settings.sources_mirror
    if mirror is not None and "://" not in mirror:
        path = find_in_folder(Path(mirror).expanduser(), spec)
        if path is not None:
            return TermTable(table_from_file(path, spec), spec, origin=str(path))
    cached = _read_cached(spec)
    if cached is not None:
        return cached
    tried: list[str] = []
    if mirror is not None and "://" in mirror:
        with contextlib.suppress(online.NotReachable):
            return online.table_from_url(f"{mirror.rstrip('/')}/{spec.table_name}", spec)
    found = guide.table_of(spec)
    if found is not None:
        return TermTable(store(found, spec, guide.ORIGIN), spec, guide.ORIGIN)
    if spec.url is not None:
        try:
            return online.table_from_url(spec.url, spec)
        except online.NotReachable as error:
            tried.append(str(error))
    extract = extract_of(spec)
    if extract is not None:
        logger.warning(
            "%s is not reachable%s, so a packaged extract of %d terms stands in for it. For all terms: %s",
            spec, f" ({tried[0]})" if tried else "", len(extract), ways_to_read(spec),
        )  # fmt: skip
        return extract
    reason = f" {tried[0]}." if tried else " It has no URL." if spec.url is None else ""
    raise SourceUnavailable(f"The source {spec} can't be read.{reason} {ways_to_read(spec)}")


def ways_to_read(spec: SourceSpec) -> str:
    """Say what helps if a source can't be read."""
    from bionty import guide

    held = ", ".join(guide.versions_of(spec)) if guide.may_hold(spec) else f"it has {', '.join(guide.SOURCES)}"
    return (
        f"(1) go online, so that it is downloaded from {spec.url or 'its URL'}; (2) put {spec.table_name}, or the ontology file as published, "
        "into a folder and name it: bt.settings.sources_mirror = '<folder or URL>' or BIONTY_SOURCES_MIRROR; (3) pip install 'bionty[offline]' "
        f"and use a {'version' if guide.may_hold(spec) else 'source'} that it holds{f' ({held})' if held else ''}; "
        "(4) take an own file or table: add_source(source, df=...) or add_source('<path>')"
    )


# files --------------------------------------------------------------------------------------------------------------------


def find_in_folder(folder: Path, spec: SourceSpec) -> Path | None:
    """Return the file of a source in a mirror folder or the folders in it: its table, else the ontology as published."""
    if not folder.is_dir():
        logger.warning("the mirror of sources %s is not a folder, so it is not used", folder)
        return None
    folders = [folder, *sorted(entry for entry in folder.iterdir() if entry.is_dir())]
    stems = [f"{spec.name}{edition}.{spec.version}" for edition in ("", "-base", "-basic", "-simple")]
    published = [] if spec.url is None else [spec.url.rpartition("/")[2]]
    # ontologies are published under the same name in every version, so that only names of tables identify a release
    tables = [spec.table_name, *(name for name in published if is_table(name))]
    names = [*tables, *(f"{stem}{suffix}" for stem in stems for suffix in _ONTOLOGY_SUFFIXES)]
    for name in names:
        for place in folders:
            if (place / name).is_file():
                return place / name
    return None


def table_from_file(path: Path, spec: SourceSpec) -> pa.Table:
    """Return the terms in a file of any kind; what had to be parsed is kept in the cache.

    Raises:
        CorruptedOntology: if it can't be read.
        FileNotFoundError: if there is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path} for the source {spec}: correct the url of the source")
    if is_table(path):
        return in_shape(read_table(path), spec.entity)
    stat = path.stat()
    origin = f"{path}?size={stat.st_size}&changed={stat.st_mtime_ns}"
    cached = _read_cached(spec, origin=origin)
    return cached.data if cached is not None else store(parse(path, spec), spec, origin=origin)


def parse(path: Path, spec: SourceSpec, relations: tuple[str, ...] = ()) -> pa.Table:
    """Read an ontology file into a table, with the terms and parents that belong to the entity, and those of further relations."""
    entity = entity_named(spec.entity)
    with opened_ontology(path) as ontology:
        table = to_table(ontology.terms, entity.prefixes.get(spec.name), (*entity.relations, *relations))
    if not table.num_rows:
        raise CorruptedOntology(f"Corrupted ontology file: {path} holds no term of {spec}")
    return in_shape(table, spec.entity)


def _is_local(url: str) -> bool:
    return url.startswith("file://") or "://" not in url


def _local_path(url: str) -> Path:
    return Path(url.removeprefix("file://")).expanduser()


# cache --------------------------------------------------------------------------------------------------------------------


def cache_path(spec: SourceSpec) -> Path:
    """Return where the table of a source is kept."""
    from bionty.base._settings import settings

    return settings.dynamicdir / spec.table_name


def _read_cached(spec: SourceSpec, origin: str | None = None) -> TermTable | None:
    """Return the kept table, unless it is damaged or was made from something else."""
    import pyarrow.parquet as pq

    path = cache_path(spec)
    if not path.is_file():
        return None
    noted = _note_of(path)
    if noted is None or noted.get("sha256") != _digest(path):
        logger.warning("the cached table %s is damaged, so it is made anew", path)
        path.unlink(missing_ok=True)
        return None
    if origin is not None and noted.get("origin") != origin:
        return None
    if origin is None and "?size=" in noted.get("origin", ""):
        return None  # made from a file of a mirror or of a user: only asked for together with that file
    return TermTable(pq.read_table(path), spec, origin=noted.get("origin", str(path)))


def store(table: pa.Table, spec: SourceSpec, origin: str | None = None) -> pa.Table:
    """Keep a table in the cache, for this and other processes; its file appears complete or not at all.

    A cache that can't be written is no error.
    """
    import json

    import pyarrow.parquet as pq

    try:
        path = cache_path(spec)
        with locked(path):
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            pq.write_table(table, draft, compression="zstd")
            note = {"sha256": _digest(draft), "origin": origin or "", "rows": table.num_rows}
            note_draft = draft.with_suffix(".note")
            note_draft.write_text(json.dumps(note))
            os.replace(draft, path)
            os.replace(note_draft, _note_path(path))
    except OSError as error:
        logger.warning("the table of %s is not kept in the cache: %s", spec, error)
    return table


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process at a time make a file; the system gives the lock back when a process dies."""
    try:
        import fcntl
    except ImportError:  # Windows: files are still replaced at once, only the waiting is missing
        yield
        return
    with path.with_name(f".{path.name}.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _note_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.note")


def _note_of(path: Path) -> dict[str, Any] | None:
    import json

    try:
        return json.loads(_note_path(path).read_text())
    except (OSError, ValueError):
        return None


def _digest(path: Path) -> str:
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def cached_files(spec: SourceSpec) -> list[Path]:
    """Return the files that the cache holds of a source."""
    from bionty.base._settings import settings

    table = cache_path(spec)
    downloads = [path for path in settings.datasetdir.glob(f"*{spec.stem}*") if not path.name.startswith(".")]
    return [path for path in (table, _note_path(table), *downloads) if path.is_file()]
