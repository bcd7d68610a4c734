"""Comparing artifacts with what lies in local storage locations: missing, changed and unreferenced data, and what was left half-done."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Q

from lamindb.artifacts import deletion, staging
from lamindb.artifacts.content import read_content
from lamindb.artifacts.deletion import NOTE_SUFFIX, DeletionNote
from lamindb.artifacts.doctor_findings import DoctorReport, Finding
from lamindb.artifacts.doctor_unfinished import (
    finish_replacement,
    finish_the_move,
    is_unfinished,
    problem_of,
    remedy_for,
)
from lamindb.artifacts.keys import MANAGED_FOLDER, storage_key
from lamindb.artifacts.moving import MOVING
from lamindb.artifacts.replacing import BEFORE, former_path
from lamindb.artifacts.scanning import scan
from lamindb.artifacts.staging import StagedEntry
from lamindb.artifacts.storing import target_path
from lamindb.storage.markers import is_own_file

_FIELDS = (
    "id", "uid", "key", "_real_key", "_key_is_virtual", "_overwrite_versions", "suffix", "size", "hash", "_hash_type", "n_files",
    "is_latest", "branch_id", "storage_id", "_aux",
)  # fmt: skip
_ROWS_AT_ONCE = 2000


def examine_storage(artifact_registry: Any, storages: list[Any], report: DoctorReport, instance_uid: str) -> None:
    """Add to a report what is wrong with the data of all local storage locations, and with unfinished uploads to remote ones.

    Args:
        artifact_registry: the class `Artifact`.
        storages: all storage locations.
        report: where the findings go; `verified` says whether every byte is read.
        instance_uid: uid of the instance; only locations that it manages are searched for unreferenced data.
    """
    for storage in storages:
        rows = artifact_registry._base_manager.filter(storage_id=storage.pk)
        if storage.type != "local":
            report.findings += _remote_unfinished(rows, storage)
            continue
        report.n_locations += 1
        if not Path(storage.root).is_dir():
            n = rows.count()
            if n:
                report.findings.append(
                    Finding(
                        "unreachable-storage",
                        storage.root,
                        f"there is no such folder on this machine (host {storage.host or 'unknown'}), so {n} artifacts can't be examined",
                    )
                )
            continue
        report.findings += _examine_location(rows, storage, report, storage.instance_uid == instance_uid)


def _examine_location(rows: Any, storage: Any, report: DoctorReport, is_managed: bool) -> Iterator[Finding]:
    left: dict[str, list[StagedEntry]] = defaultdict(list)
    staged = staging.list_staged(storage.root) if is_managed else []
    busy = {entry.uid for entry in staged if entry.is_in_use}
    for entry in staged:
        if not entry.is_in_use:
            left[entry.uid].append(entry)
    present = _managed_names(storage.root) if is_managed else set()
    referenced: set[str] = set()
    assigned: set[Path] = set()
    places: dict[str, int] = {}
    for artifact in rows.order_by("-id").only(*_FIELDS).iterator(chunk_size=_ROWS_AT_ONCE):
        artifact.storage = storage
        report.n_artifacts += 1
        key = storage_key(artifact)
        name = key.removeprefix(f"{MANAGED_FOLDER}/")
        referenced.add(name if name != key else "")
        referenced.update(_former_names(artifact))
        is_newest_there = places.setdefault(key, artifact.pk) == artifact.pk
        if artifact.uid in busy:
            continue
        if is_unfinished(artifact):
            finding = _unfinished(artifact, left.get(artifact.uid, []), is_managed)
            assigned.update(entry.path for entry in left.get(artifact.uid, []))
            yield finding
        elif is_newest_there:
            yield from _examine_data(artifact, report.verified)
    yield from _unreferenced(storage.root, present - referenced)
    yield from _left_staged(
        storage.root, [entry for entries in left.values() for entry in entries if entry.path not in assigned]
    )
    yield from _deletions(rows, storage.root)


def _former_names(artifact: Any) -> Iterator[str]:
    """Yield where the bytes of an artifact come from that is being replaced or moved, if that is in lamindb's own folder."""
    former, note = former_path(artifact), (artifact._aux or {}).get(MOVING)
    if former is not None and former.parent.name == MANAGED_FOLDER:
        yield former.name
    if note is not None and note["key"].startswith(f"{MANAGED_FOLDER}/"):
        yield note["key"].removeprefix(f"{MANAGED_FOLDER}/")


def _unfinished(artifact: Any, staged: list[StagedEntry], is_managed: bool) -> Finding:
    problem, target = problem_of(artifact), target_path(artifact)
    remedy = remedy_for(artifact, staged) if is_managed else None
    there = "there is data" if target.exists() else "there is no data"
    waiting = ", ".join(str(entry.path) for entry in staged)
    details = f"{artifact.key or 'no key'}: {there} at {target}" + (f"; waiting: {waiting}" if waiting else "")
    former = ", ".join(f"{artifact.storage.root}/{MANAGED_FOLDER}/{name}" for name in _former_names(artifact))
    details += f"; before: {former}" if former else ""

    def repair() -> str:
        assert remedy is not None
        done = remedy.apply()
        for entry in staged:
            if not entry.is_retired:
                staging.remove(entry.path)
        return done

    if remedy is None:
        details += (
            ". Neither the new nor the former content is there: restore it from a backup, or run the script again"
        )
        return Finding(problem, artifact.uid, details)
    return Finding(problem, artifact.uid, details, remedy.words, repair)


def _examine_data(artifact: Any, verify: bool) -> Iterator[Finding]:
    path = target_path(artifact)
    subject = f"{artifact.uid} {artifact.key or ''}".rstrip()
    if artifact._overwrite_versions and not artifact.is_latest:
        return
    if not path.exists():
        yield Finding(
            "missing-file",
            subject,
            f"{path} is not there. Save the same data again (ln.Artifact(path, key=…).save()), restore the file, or delete the record: "
            f"ln.Artifact.get('{artifact.uid}').delete(permanent=True, storage=False)",
        )
        return
    try:
        size, n_files = _size_of(path)
    except (OSError, ValueError) as error:
        yield Finding("unreadable-file", subject, f"{path}: {error}")
        return
    if artifact.size is not None and (
        size != artifact.size or (artifact.n_files is not None and n_files != artifact.n_files)
    ):
        recorded = f"{artifact.size} bytes" + (f" in {artifact.n_files} files" if artifact.n_files is not None else "")
        found = f"{size} bytes" + (f" in {n_files} files" if n_files is not None else "")
        yield Finding("wrong-size", subject, f"{path} has {found}, recorded are {recorded}: restore it from a backup")
        return
    if verify and artifact.hash is not None:
        yield from _verify(artifact, path, subject)


def _verify(artifact: Any, path: Path, subject: str) -> Iterator[Finding]:
    from lamindb.storage.checksums import copy_matches

    try:
        if artifact._hash_type == "blake3-d":
            found = read_content(path, verify=True).hash
            matches: bool | None = found == artifact.hash
        else:
            matches = copy_matches(path, artifact.hash, artifact._hash_type)
    except OSError as error:
        yield Finding("unreadable-file", subject, f"{path}: {error}")
        return
    if matches is False:
        yield Finding(
            "wrong-hash",
            subject,
            f"{path} does not have the {artifact._hash_type} hash {artifact.hash}: its content changed. Restore it from a backup",
        )


def _size_of(path: Path) -> tuple[int, int | None]:
    if not path.is_dir():
        return path.stat().st_size, None
    files = scan(path)
    return sum(file.state.size for file in files), len(files)


def _managed_names(root: str) -> set[str]:
    """Return what lies directly in lamindb's own folder, besides what belongs to the location itself."""
    folder = Path(root) / MANAGED_FOLDER
    if not folder.is_dir():
        return set()
    return {name for name in os.listdir(folder) if not is_own_file(name)}


def _unreferenced(root: str, names: set[str]) -> Iterator[Finding]:
    for name in sorted(names):
        path = Path(root) / MANAGED_FOLDER / name
        yield Finding(
            "file-without-record",
            str(path),
            "no artifact refers to it; it may be the only copy of its data. To keep it, copy it elsewhere and make an artifact of it",
            "delete it",
            lambda path=path: _delete(path),
            deletes_data=True,
        )


def _left_staged(root: str, entries: list[StagedEntry]) -> Iterator[Finding]:
    for entry in entries:
        if entry.is_retired:
            details = f"the former data of artifact {entry.uid}, which newer data replaced"
        else:
            details = f"a copy for artifact {entry.uid} that never got its place; the source of it was not touched"
        yield Finding(
            "staging-leftover",
            str(entry.path),
            details,
            "delete it",
            lambda path=entry.path: _delete(path),
            deletes_data=True,
        )


def _deletions(rows: Any, root: str) -> Iterator[Finding]:
    folder = staging.staging_folder(root)
    for file in sorted(folder.glob(f"*{NOTE_SUFFIX}")) if folder.is_dir() else []:
        note = DeletionNote(file)
        try:
            uid, path = note.read()
        except (OSError, ValueError, KeyError):
            yield Finding(
                "staging-leftover",
                str(file),
                "a note about a deletion that can't be read",
                "remove the note",
                lambda file=file: _delete(file),
            )
            continue
        if rows.filter(uid=uid).exists():
            yield Finding(
                "unfinished-deletion", uid, "the record was not deleted after all, only a note of it is left", "remove the note",
                lambda file=file: _delete(file),
            )  # fmt: skip
        elif (
            rows.filter(_real_key=_relative(path, root)).exists()
            or rows.filter(key=_relative(path, root), _key_is_virtual=False).exists()
        ):
            yield Finding(
                "unfinished-deletion",
                uid,
                f"{path} belongs to another artifact by now",
                "remove the note",
                lambda file=file: _delete(file),
            )
        else:
            yield Finding(
                "unfinished-deletion", uid, f"the record is deleted, its data at {path} should be, too", "delete it",
                lambda path=path, note=note: _finish_deletion(path, note),
            )  # fmt: skip


def _relative(path: Path, root: str) -> str:
    return os.path.relpath(path, root)


def _finish_deletion(path: Path, note: DeletionNote) -> str:
    deletion.delete_bytes(path, note)
    if path.exists():
        raise OSError(f"{path} can't be deleted")
    return f"deleted {path}"


def _delete(path: Path) -> str:
    staging.remove(path)
    if path.exists():
        raise OSError(f"{path} can't be deleted")
    return f"deleted {path}"


def _remote_unfinished(rows: Any, storage: Any) -> Iterator[Finding]:
    for artifact in rows.filter(_aux__so=1).only(*_FIELDS):
        artifact.storage = storage
        yield Finding(
            "unfinished-upload",
            artifact.uid,
            f"{artifact.key or 'no key'}: the upload to {storage.root} did not finish, or goes on elsewhere. Make the artifact of the same data "
            "and save it again: what has arrived is not sent twice",
        )
    for artifact in rows.filter(Q(_aux__has_key=MOVING) | Q(_aux__has_key=BEFORE)).only(*_FIELDS):
        if artifact._storage_ongoing:
            continue  # said above
        artifact.storage = storage
        problem, key = problem_of(artifact), artifact.key or "no key"
        if problem == "unfinished-move":
            details = (
                f"{key}: moving the data within {storage.root} did not finish; it is at {artifact._aux[MOVING]['key']}, at "
                f"{storage_key(artifact)}, or partly at both"
            )
            yield Finding(
                problem, artifact.uid, details, "finish the move", lambda artifact=artifact: finish_the_move(artifact)
            )
        else:
            details = f"{key}: the new data is complete, the former data may still be in {storage.root}"
            yield Finding(
                problem,
                artifact.uid,
                details,
                "remove the former data",
                lambda artifact=artifact: finish_replacement(artifact),
            )
