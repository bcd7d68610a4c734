"""`Artifact.replace`: other content under the same uid. Until the new bytes have their place, the row keeps what it was before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.artifacts import staging
from lamindb.artifacts.content import Content, read_content
from lamindb.artifacts.deduplication import find_candidates
from lamindb.artifacts.ingest import content_of
from lamindb.artifacts.keys import MANAGED_FOLDER, storage_key
from lamindb.artifacts.locating import Location, home_of_path
from lamindb.artifacts.recognition import Source, WrittenObject, recognise
from lamindb.artifacts.shared_places import who_else_has
from lamindb.artifacts.storing import save_artifact
from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.errors import InvalidArgument
from lamindb.storage.roots import join_root

#: Key in `_aux` under which a row keeps its former values while it is replaced.
BEFORE = "before"
#: Columns that a replacement changes.
_COLUMNS = (
    "key", "_real_key", "suffix", "size", "hash", "_hash_type", "n_files", "n_observations", "otype", "run_id"
)  # fmt: skip


def replace(artifact: Any, data: Any, run: Any = None, format: str | None = None) -> Any:
    """Give a saved artifact other content; `save()` stores it.

    Args:
        artifact: a saved artifact.
        data: local path outside of all storage locations, or an object in memory.
        run: the run that made the new content; default: the current one, `False` for none.
        format: how an object in memory is written.

    Returns:
        The artifact with this content, if there is one already (then nothing changes), else `None`.

    Raises:
        InvalidArgument: if the artifact isn't saved.
        ValueError: if the data lies in a storage location, or is a folder instead of a file or the other way round.
    """
    if artifact._state.adding:
        raise InvalidArgument("Only a saved artifact can be replaced: call .save() first, or make the artifact anew")
    other = who_else_has(artifact)
    if other is not None:
        raise ValueError(
            f"What lies at {artifact.path} belongs to another artifact, too, which would lose its data: {other}. Make a new artifact instead"
        )
    source = recognise(data, {"format": format, "key": artifact.key})
    try:
        return _replace(artifact, source, run)
    except BaseException:
        source.discard()
        raise


def _replace(artifact: Any, source: Source, run: Any) -> Any:
    home = None if source.memory is not None else home_of_path(source.path)
    if home is not None or not source.is_local:
        raise ValueError(
            f"Can only replace with a local path not in any Storage. {source.path} lies in {home.root if home else 'remote storage'}: "
            "copy it elsewhere, or make a new version with ln.Artifact(path, revises=artifact)"
        )
    was_folder, is_folder = artifact.n_files is not None, source.path.is_dir()
    if was_folder != is_folder:
        words = ("folder", "file") if was_folder else ("file", "folder")
        raise ValueError(
            f"It is not allowed to replace a {words[0]} with a {words[1]}. Make a new artifact of {source.path}"
        )
    content = content_of(source)
    nowhere = Location(artifact.storage, artifact.key, None, True, False)
    known = find_candidates(type(artifact), content, nowhere).same_content
    if known is not None and not (known.pk == artifact.pk and known._storage_ongoing):
        logger.important("the content is known, nothing is replaced: %s", known)
        source.discard()
        return known
    before = (artifact._aux or {}).get(BEFORE) or _values(artifact)
    _take_over(artifact, source, content, run)
    artifact.__dict__.update(_before_replacing=before, _local_source=source.path, _scanned=content.scanned)
    artifact.__dict__["_memory"] = source.memory
    if source.memory is not None:
        artifact.__dict__["_written_object"] = WrittenObject(source)
    return None


def is_replaced(artifact: Any) -> bool:
    """Tell whether `replace` was called and the new content waits for `save`."""
    return "_before_replacing" in artifact.__dict__


def save_replacement(artifact: Any, write_row: Any, **kwargs: Any) -> Any:
    """Store the new content of a replaced artifact: staged, then the row, then the place; the former object goes last.

    Raises:
        FileExistsError: if the new suffix leads to a file that is there already.
    """
    before = artifact.__dict__["_before_replacing"]
    old_path, new_path = _path(artifact, before), _path(artifact, _values(artifact))
    if new_path != old_path and not _is_free(artifact, Path(new_path)):
        raise FileExistsError(f"{new_path} exists already: the new content of {artifact.uid} can't be stored there")
    artifact._aux = {**(artifact._aux or {}), BEFORE: before}
    try:
        save_artifact(artifact, write_row, **kwargs)
    except BaseException:
        restore(artifact, before)
        raise
    finish(artifact, before)
    artifact.__dict__.pop("_before_replacing", None)
    return artifact


def _is_free(artifact: Any, path: Path) -> bool:
    """Tell whether the new content may lie at a path: nothing is there, or what an interrupted attempt has stored."""
    if artifact.storage.type != "local" or not path.exists() or path.parent.name == MANAGED_FOLDER:
        return True
    return read_content(path).hash == artifact.hash


def finish(artifact: Any, before: dict[str, Any]) -> None:
    """Remove the former object if it lies elsewhere, and what the row kept of it."""
    old_path, new_path = _path(artifact, before), _path(artifact, _values(artifact))
    if old_path != new_path:
        if before["key"] is not None and not artifact._key_is_virtual:
            logger.warning("the suffix changed, so the data moved from %s to %s", old_path, new_path)
        _remove(artifact, old_path)
    artifact._aux = {name: value for name, value in (artifact._aux or {}).items() if name not in (BEFORE, "so")} or None
    type(artifact).objects.filter(pk=artifact.pk).update(_aux=artifact._aux)


def restore(artifact: Any, before: dict[str, Any]) -> None:
    """Give the row back what it was; the object keeps the new content, so that it can be saved again."""
    aux = {name: value for name, value in (artifact._aux or {}).items() if name not in (BEFORE, "so")} or None
    type(artifact).objects.filter(pk=artifact.pk).update(**before, _aux=aux)
    artifact._aux = aux


def former_path(artifact: Any) -> Path | None:
    """Return where the former content of a row lies that was being replaced, in a local location."""
    before = (artifact._aux or {}).get(BEFORE)
    return None if before is None or artifact.storage.type != "local" else Path(_path(artifact, before))


def _take_over(artifact: Any, source: Source, content: Content, run: Any) -> None:
    old_suffix = artifact.suffix
    if source.suffix != old_suffix:
        for name in ("key", "_real_key"):
            key = getattr(artifact, name)
            if key is not None and key.lower().endswith(old_suffix.lower()):
                setattr(artifact, name, key[: len(key) - len(old_suffix)] + source.suffix)
    artifact.suffix = source.suffix
    artifact.size, artifact.hash, artifact._hash_type = content.size, content.hash, content.hash_type
    artifact.n_files, artifact.otype = content.n_files, source.otype
    artifact.n_observations = _count(source)
    run = context.current_run() if run is None else (None if run is False else run)
    if run is not None:
        artifact.run = run
    artifact._remember_original()  # the new key and suffix are part of the replacement, not moves


def _count(source: Source) -> int | None:
    from lamindb.plugins import manager

    data_format = manager.data_format_for_otype(source.otype) if source.otype else None
    if data_format is None or data_format.counter is None:
        return None
    try:
        counter = data_format.resolve("counter")
        counted = counter(source.memory) if source.memory is not None else None
        return counter(source.path) if counted is None else counted
    except (OSError, ValueError, ImportError) as error:
        logger.warning("could not count the observations of %s: %s", source.path, error)
        return None


def _values(artifact: Any) -> dict[str, Any]:
    return {name: getattr(artifact, name) for name in _COLUMNS}


def _path(artifact: Any, values: dict[str, Any]) -> str:
    """Return the place of the bytes, by the given values of the row."""
    now = _values(artifact)
    try:
        artifact.__dict__.update(values)
        return join_root(artifact.storage.root, storage_key(artifact))
    finally:
        artifact.__dict__.update(now)


def _remove(artifact: Any, path: str) -> None:
    if artifact.storage.type == "local":
        staging.remove(Path(path))
        return
    from lamindb.storage.upath import create_path

    remote = create_path(path)
    if remote.exists():
        remote.fs.rm(remote.path, recursive=True)
