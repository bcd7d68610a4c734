"""Storing many new artifacts of local locations at once: everything staged, one transaction for the rows, then every file to its place."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections

from lamindb.artifacts import staging
from lamindb.artifacts.scanning import state_of
from lamindb.artifacts.storing import STORING, target_path
from lamindb.base.logging import logger

#: More files than this are made durable with one call for the whole file system.
_MAX_FSYNC = 16


class PartlySaved(RuntimeError):
    """Some of many artifacts could not be stored; the others are."""


@dataclass
class StagedArtifact:
    """An artifact, and where its data waits; `None` if it lies where it shall lie."""

    artifact: Any
    path: Path | None


def can_store_together(artifact: Any) -> bool:
    """Tell whether an artifact is new, of a local location, and thus can be stored with others at once."""
    storage = artifact.storage
    source = artifact.__dict__.get("_local_source")
    return (
        artifact._state.adding
        and not storage._state.adding
        and storage.type == "local"
        and (source is None or artifact._key_is_virtual or artifact.key is None)
    )


def store_together(
    artifacts: Sequence[Any],
    check: Callable[[Any], None],
    insert: Callable[[list[Any]], None],
    forget: Callable[[list[Any]], None],
) -> None:
    """Store many new artifacts; the number of statements doesn't depend on how many they are.

    Args:
        artifacts: artifacts that can be stored together.
        check: raises if an artifact can't be saved.
        insert: inserts the rows in one transaction.
        forget: takes back the rows of artifacts whose data has no place.

    Raises:
        PartlySaved: if some data is gone, changed, or can't be copied; the artifacts before it are saved, the message lists them.
    """
    for artifact in artifacts:
        check(artifact)
    staged, failure = stage_in_order(artifacts)
    ready = [one.artifact for one in staged]
    if failure is not None and (not ready or connections["default"].in_atomic_block):
        discard_all(staged)
        raise PartlySaved(_report([], failure)) from failure
    try:
        for artifact in ready:
            if artifact.__dict__.get("_local_source") is not None:
                artifact._aux = {**(artifact._aux or {}), **STORING}
        insert(ready)
    except BaseException:
        discard_all(staged)
        for artifact in ready:
            _unflag(artifact)
        raise
    done: list[Any] = []
    try:
        _promote_all(staged, done)
    except BaseException as error:
        left = [one for one in staged if one.path is not None]
        discard_all(left)
        _complete(done)
        forget([one.artifact for one in left])
        for one in left:
            _unflag(one.artifact)
        if not isinstance(error, Exception):
            raise
        raise PartlySaved(_report(done, error)) from error
    _complete(ready)
    if failure is not None:
        raise PartlySaved(_report(ready, failure)) from failure


def stage_in_order(artifacts: Sequence[Any]) -> tuple[list[StagedArtifact], Exception | None]:
    """Copy the data of artifacts next to its place, until the first that can't be copied.

    Returns:
        What was staged completely, and why it isn't all.
    """
    staged: list[StagedArtifact] = []
    roots: dict[str, Path] = {}
    failure: Exception | None = None
    try:
        for artifact in artifacts:
            source = artifact.__dict__.get("_local_source")
            if source is None:
                staged.append(StagedArtifact(artifact, None))
                continue
            folder = _staging_folder(artifact.storage.root, roots)
            path = folder / staging.staged_name(artifact.uid)
            staged.append(StagedArtifact(artifact, path))
            try:
                _stage_one(artifact, source, path)
            except Exception as error:
                discard_all([staged.pop()])
                failure = error
                break
        _flush([one.path for one in staged if one.path is not None], roots)
    except BaseException:
        discard_all(staged)
        raise
    return staged, failure


def discard_all(staged: Sequence[StagedArtifact]) -> None:
    """Remove what was staged."""
    for one in staged:
        if one.path is not None:
            staging.remove(one.path)


def _staging_folder(root: str, roots: dict[str, Path]) -> Path:
    if root not in roots:
        roots[root] = staging.staging_folder(root)
        roots[root].mkdir(parents=True, exist_ok=True)
    return roots[root]


def _stage_one(artifact: Any, source: Path, path: Path) -> None:
    scanned = artifact.__dict__.get("_scanned")
    is_file = scanned is not None and len(scanned) == 1 and not scanned[0].relative
    if not is_file:
        folder = staging.stage(source, artifact.storage.root, artifact.uid, scanned)
        folder.rename(path)
        return
    try:
        staging.copy_file(source, path)
        is_changed = state_of(source) != scanned[0].state
    except FileNotFoundError:
        if source.exists():
            raise
        raise FileNotFoundError(
            f"Unable to save the artifact because the local path {source} does not exist."
        ) from None
    if is_changed:
        raise OSError(
            f"{source} changed while it was stored: its content is not what was hashed. Make the artifact again"
        )


def _flush(paths: list[Path], roots: dict[str, Path]) -> None:
    if len(paths) > _MAX_FSYNC:
        for folder in roots.values():
            staging.flush_file_system(folder)
        return
    for path in paths:
        staging.flush(path)


def _promote_all(staged: Sequence[StagedArtifact], done: list[Any]) -> None:
    made: set[str] = set()
    for one in staged:
        if one.path is None:
            done.append(one.artifact)
            continue
        if (
            one.artifact.__dict__.get("_local_source") is None
        ):  # it was saved on its own, as another artifact has its uid or content
            staging.remove(one.path)
        else:
            target = target_path(one.artifact)
            parent = os.path.dirname(target)
            if parent in made and not one.path.is_dir():
                os.replace(one.path, target)
            else:
                staging.promote(one.path, target)
                made.add(parent)
        one.path = None
        done.append(one.artifact)


def _complete(artifacts: Sequence[Any]) -> None:
    """Say of all artifacts that their bytes are complete; one statement for those with nothing else to keep."""
    if not artifacts:
        return
    rows = type(artifacts[0]).objects
    by_rest: dict[str, list[Any]] = defaultdict(list)
    for artifact in artifacts:
        if (artifact._aux or {}).get("so") != 1:
            continue
        _unflag(artifact)
        by_rest[repr(artifact._aux)].append(artifact)
    for alike in by_rest.values():
        _update_aux(rows, alike)
    for artifact in artifacts:
        source = artifact.__dict__.pop("_local_source", None)
        artifact.__dict__.pop("_as_constructed", None)
        if source is not None and artifact.__dict__.pop("_written_object", None) is not None:
            staging.remove(source)
    logger.save("stored %d artifacts", len(artifacts))


def _update_aux(rows: Any, artifacts: list[Any]) -> None:
    ids = sorted(artifact.pk for artifact in artifacts)
    if len(ids) > 1000 and ids[-1] - ids[0] == len(ids) - 1:  # one range instead of thousands of parameters
        condition: dict[str, Any] = {"pk__gte": ids[0], "pk__lte": ids[-1]}
    else:
        condition = {"pk__in": ids}
    rows.filter(**condition).update(_aux=artifacts[0]._aux)


def _unflag(artifact: Any) -> None:
    artifact._aux = {name: value for name, value in (artifact._aux or {}).items() if name != "so"} or None


def _report(done: Sequence[Any], error: Exception) -> str:
    if done:
        lines = "\n".join(f"- {saved.uid} {saved.key or saved.description or ''}".rstrip() for saved in done)
        report = f"The following entries have been successfully uploaded and committed to the database:\n{lines}"
    else:
        report = "No entries were uploaded or committed to the database."
    return f"{report}\nSaving the others failed: {type(error).__name__}: {error}"
