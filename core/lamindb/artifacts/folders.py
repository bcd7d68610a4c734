"""One artifact for each file of a folder: walked once, hashed in parallel, looked up with a constant number of statements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.models.expressions import RawSQL

from lamindb.artifacts import known_hashes
from lamindb.artifacts.content import Content, hash_scanned
from lamindb.artifacts.deduplication import choose
from lamindb.artifacts.keys import check_key, check_real_key
from lamindb.artifacts.locating import Location, locate
from lamindb.artifacts.recognition import Source
from lamindb.artifacts.run_inputs import inputs_among
from lamindb.artifacts.scanning import ScannedFile, scan
from lamindb.base import context
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.base.settings import creation_settings


@dataclass(frozen=True)
class FoundFile:
    """A file of the folder, with what it will be as an artifact."""

    path: Path
    content: Content
    location: Location


def artifacts_of_folder(
    artifact_registry: Any,
    path: Any,
    make: Callable[[dict[str, Any], dict[str, Any]], Any],
    number_versions: Callable[[list[tuple[dict[str, Any], Any]]], None],
    *,
    key: str | None = None,
    run: Any = None,
    verify: bool = False,
) -> list[Any]:
    """Make an unsaved artifact of every file below a folder; known ones are the stored artifacts.

    Args:
        artifact_registry: the class `Artifact`.
        path: local folder.
        make: makes an artifact from field values and attributes.
        number_versions: fills uids of field values, those of new versions of an artifact (or `None`), for all at once.
        key: key of the folder; by default its path in its storage location, else its name.
        run: the run that made the files; default: the current one, `False` for none.
        verify: read every byte, also of files that did not change since they were hashed before.

    Raises:
        FileNotFoundError: if there is no such folder.
        InvalidArgument: if a file name can't be a key, or there is a pipe or the like.
    """
    folder = Path(path).expanduser().absolute()
    if not folder.exists():
        raise FileNotFoundError(f"There is no folder {str(path)!r}")
    if not folder.is_dir():
        logger.warning("%s is a file, not a folder: use ln.Artifact(path, key=…)", folder)
        return []
    run = context.current_run() if run is None else (None if run is False else run)
    home = _locate_folder(folder, key)
    before = known_hashes.now_ns()
    scanned = scan(folder)
    if not scanned:
        logger.warning("there is no file below %s", folder)
        return []
    found = _found_files(folder, scanned, home, before, verify)
    records = _make_records(artifact_registry, found, run, make, number_versions)
    shown = home.key or (home.real_key or "")
    logger.success(
        "created %d artifacts from directory using storage %s and key = %s/", len(records), home.storage.root, shown
    )
    return records


def _locate_folder(folder: Path, key: str | None) -> Location:
    if key is not None:
        key = check_key(key.rstrip("/"))
    location = locate(Source(folder, "", None), {"key": key} if key is not None else {})
    if location.in_place or key is not None:
        return location
    logger.warning(
        "folder is outside existing storage location, will copy files from %s to %s/%s",
        folder, location.storage.root, folder.name,
    )  # fmt: skip
    return Location(location.storage, check_key(folder.name), None, location.key_is_virtual, False)


def _found_files(
    folder: Path, scanned: list[ScannedFile], home: Location, scanned_at_ns: int, verify: bool
) -> list[FoundFile]:
    skips = creation_settings.artifact_skip_size_hash
    hashes = [(None, None)] * len(scanned) if skips else hash_scanned(folder, scanned, scanned_at_ns, verify=verify)
    found = []
    for file, (hash_, hash_type) in zip(scanned, hashes, strict=True):
        size = None if skips else file.state.size
        content = Content(size, hash_, hash_type, None, [ScannedFile("", file.state)])
        found.append(FoundFile(folder / file.relative, content, _location_of_file(home, file.relative)))
    return found


def _location_of_file(home: Location, relative: str) -> Location:
    check_real_key(relative)
    if not home.in_place:
        return Location(home.storage, check_key(f"{home.key}/{relative}"), None, home.key_is_virtual, False)
    folder = home.real_key if home.real_key is not None else home.key
    real_key = relative if folder in (None, "", ".") else f"{folder}/{relative}"
    if home.real_key is None:
        return Location(home.storage, real_key, None, False, True)
    return Location(home.storage, check_key(f"{home.key}/{relative}"), real_key, True, True)


def _make_records(
    artifact_registry: Any,
    found: list[FoundFile],
    run: Any,
    make: Callable[[dict[str, Any], dict[str, Any]], Any],
    number_versions: Callable[[list[tuple[dict[str, Any], Any]]], None],
) -> list[Any]:
    by_hash, by_key = _known_artifacts(artifact_registry, found)
    records: list[Any] = [None] * len(found)
    new: list[tuple[int, dict[str, Any], Any]] = []
    known: dict[int, Any] = {}
    suffixes = _Suffixes()
    claimed = _of_their_own_key(found, by_key)
    for position, file in enumerate(found):
        of_key = by_key.get(file.location.key or "", [])
        rows = _unclaimed(by_hash.get(file.content.hash or "", []), file, claimed)
        candidates = choose([*of_key[:1], *rows], file.content, file.location)
        existing = candidates.same_content
        if existing is not None:
            records[position] = known[existing.pk] = existing
            claimed.setdefault(existing.pk, file.location.key)
            _attach_source(existing, file)
        else:
            new.append((position, _fields(file, run, suffixes), candidates.same_key))
    number_versions([(fields, revises) for _, fields, revises in new])
    for position, fields, _ in new:
        file = found[position]
        attributes = {"_local_source": None if file.location.in_place else file.path, "_scanned": file.content.scanned}
        records[position] = make(fields, attributes)
    _note_recreation(list(known.values()), run)
    if known:
        logger.important("%d of %d files are known, their artifacts are returned", len(known), len(found))
    return records


def _of_their_own_key(found: list[FoundFile], by_key: dict[str, list[Any]]) -> dict[int, str | None]:
    """Return the artifacts that are those of a file by key and content, and the key of that file."""
    claimed: dict[int, str | None] = {}
    for file in found:
        for row in by_key.get(file.location.key or "", [])[:1]:
            if row.hash is not None and row.hash == file.content.hash:
                claimed[row.pk] = file.location.key
    return claimed


def _unclaimed(rows: list[Any], file: FoundFile, claimed: dict[int, str | None]) -> list[Any]:
    """Leave out artifacts that are those of other files of the folder, so that equal files keep a record each; same names come first."""
    if not rows:
        return rows
    key = file.location.key
    free = [row for row in rows if claimed.get(row.pk, key) == key]
    if len(free) > 1:
        free.sort(key=lambda row: row.key is None or row.key.rpartition("/")[2] != file.path.name)
    return free


def _known_artifacts(
    artifact_registry: Any, found: list[FoundFile]
) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Return the artifacts outside of the trash with the hashes and keys of the files, newest first; one statement."""
    storage = found[0].location.storage
    hashes = sorted({file.content.hash for file in found if file.content.hash is not None})
    keys = [file.location.key for file in found]
    rows = artifact_registry.objects.exclude(branch_id=TRASH_BRANCH_ID).order_by("-created_at", "-id")
    matching = rows.filter(hash__in=values_of(hashes)) | rows.filter(storage_id=storage.pk, key__in=values_of(keys))
    by_hash, by_key = defaultdict(list), defaultdict(list)
    for row in matching:
        if row.storage_id == storage.pk:
            row.storage = storage
            if row.key is not None:
                by_key[row.key].append(row)
        by_hash[row.hash].append(row)
    return by_hash, by_key


def values_of(values: list[Any]) -> RawSQL:
    """Return a sub-query that gives many texts and takes one parameter."""
    if connections["default"].vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", (values,))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(values),))


def _attach_source(existing: Any, file: FoundFile) -> None:
    if existing._storage_ongoing and not file.location.in_place:
        existing.__dict__.update(_local_source=file.path, _scanned=file.content.scanned)


def _note_recreation(known: list[Any], run: Any) -> None:
    """Link artifacts that a run made again and has not read, with three statements."""
    if run is None or not known:
        return
    read = inputs_among(known, run)
    known = [artifact for artifact in known if artifact.pk not in read]
    made_before = [artifact for artifact in known if artifact.run_id not in (None, run.id)]
    without_run = [artifact for artifact in known if artifact.run_id is None]
    for artifact in without_run:
        artifact.run = run
    if made_before:
        through = type(known[0]).recreating_runs.through
        through.objects.bulk_create(
            [through(artifact_id=artifact.pk, run_id=run.pk) for artifact in made_before], ignore_conflicts=True
        )


def _fields(file: FoundFile, run: Any, suffixes: _Suffixes) -> dict[str, Any]:
    suffix = suffixes.of(file.path)
    return {
        "key": file.location.key,
        "_real_key": file.location.real_key,
        "_key_is_virtual": file.location.key_is_virtual,
        "_overwrite_versions": False,
        "storage": file.location.storage,
        "suffix": suffix,
        "otype": suffixes.otype(file.path, suffix),
        "size": file.content.size,
        "hash": file.content.hash,
        "_hash_type": file.content.hash_type,
        "n_files": None,
        "run": run,
    }


class _Suffixes:
    """Suffixes and object types of many files; what depends on the suffix only is found out once."""

    def __init__(self) -> None:
        self._otypes: dict[str, str | None] = {}
        self._shared: frozenset[str] | None = None

    def of(self, path: Path) -> str:
        from lamindb.storage.suffixes import infer_suffix, stored_suffix

        return stored_suffix(infer_suffix(path.name))

    def otype(self, path: Path, suffix: str) -> str | None:
        from lamindb.plugins import manager

        if self._shared is None:
            self._shared = frozenset(shared for one in manager.data_formats() for shared in one.shared_suffixes)
        if suffix in self._shared:
            data_format = manager.data_format_for_path(path)
            return data_format.otype if data_format is not None else None
        if suffix not in self._otypes:
            data_format = manager.data_format_for_suffix(suffix)
            self._otypes[suffix] = data_format.otype if data_format is not None else None
        return self._otypes[suffix]
