"""From an artifact back to data: path, cache, load; each records the artifact as an input of the current run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from lamindb.artifacts.run_inputs import track_run_inputs
from lamindb.artifacts.storing import target_path
from lamindb.base.logging import logger


def path_of(artifact: Any) -> Any:
    """Return where the data of an artifact is: in storage, or before saving at its source."""
    source = artifact.__dict__.get("_local_source")
    if source is not None:
        return source
    if artifact.storage.type == "local":
        return target_path(artifact)
    from lamindb.artifacts.keys import storage_key
    from lamindb.storage.upath import create_path

    return create_path(artifact.storage.root) / storage_key(artifact)


def cache(artifact: Any, *, is_run_input: Any = None) -> Path:
    """Return a local path that holds the data.

    Raises:
        FileNotFoundError: if the data is not in storage any more.
        ValueError: if the files of this version were overwritten by a newer one.
    """
    check_readable(artifact)
    path = path_of(artifact)
    if not isinstance(path, Path):
        local = _cached_path(path)
        local.parent.mkdir(parents=True, exist_ok=True)
        path.synchronize_to(local)
        path = local
    _check_exists(artifact, path)
    track_run_input(artifact, is_run_input)
    return path


def load(artifact: Any, *, is_run_input: Any = None, **kwargs: Any) -> Any:
    """Return the data as an object: what it is in memory, or what the loader of its suffix makes of it."""
    memory = artifact.__dict__.get("_memory")
    if memory is not None:
        track_run_input(artifact, is_run_input)
        return memory
    from lamindb.plugins import manager

    try:
        data_format = manager.require_data_format(suffix=artifact.suffix, otype=artifact.otype)
        loader = data_format.resolve("loader")
    except NotImplementedError as error:
        raise NotImplementedError(
            f"There is no loader for the suffix '{artifact.suffix}' ({error}): use artifact.cache() to get a local path and read it yourself"
        ) from None
    path = cache(artifact, is_run_input=False)
    loaded = loader(path, **kwargs)
    track_run_input(artifact, is_run_input)
    return loaded


def open_lazily(
    artifact: Any, mode: str = "r", *, engine: str | None = None, is_run_input: Any = None, **kwargs: Any
) -> Any:
    """Open the data without reading it: what the opener of its format makes of it.

    Raises:
        FileNotFoundError: if the data is not in storage any more.
        MissingPluginError: if the package that opens it is not installed.
        ValueError: if no installed format opens it, or not in this mode or with this engine.
    """
    from lamindb.plugins import manager

    check_readable(artifact)
    path = path_of(artifact)
    data_format = manager.data_format_to_open(path, suffix=artifact.suffix, otype=artifact.otype)
    _check_mode(artifact, data_format, mode)
    if engine is not None and data_format.engines:
        if engine not in data_format.engines:
            known = ", ".join(repr(name) for name in data_format.engines[:-1])
            raise ValueError(f"Unknown engine: {engine!r}. It should be {known} or {data_format.engines[-1]!r}.")
        kwargs["engine"] = engine
    opener = data_format.resolve("opener")
    if isinstance(path, Path):
        _check_exists(artifact, path)
        opened = opener(path, mode, **kwargs)
    else:
        opened = _open_remote(opener, path, mode, kwargs)
    track_run_input(artifact, is_run_input)
    return opened


def _open_remote(opener: Any, path: Any, mode: str, kwargs: dict[str, Any]) -> Any:
    """Open the local copy of a remote object if there is a current one, else the object itself, which isn't downloaded."""
    local = _cached_path(path)
    if mode != "r" or not local.exists() or path.synchronize_to(local, error_no_origin=False, just_check=True):
        return opener(path, mode, **kwargs)
    try:
        return opener(local, mode, **kwargs)
    except ImportError:
        raise
    except Exception as error:
        try:
            opened = opener(path, mode, **kwargs)
        except Exception:
            raise error from None  # it isn't the copy that is wrong
        logger.warning("The cache might be corrupted: %s. Opened %s directly and removed the copy.", error, path)
    if local.is_dir():
        shutil.rmtree(local, ignore_errors=True)
    else:
        local.unlink(missing_ok=True)
    return opened


def _cached_path(path: Any) -> Path:
    from lamindb.setup import settings
    from lamindb.storage.cache import cache_path_for

    return Path(cache_path_for(path, settings.cache_dir))


def _check_exists(artifact: Any, path: Path) -> None:
    if not path.exists():
        raise FileNotFoundError(f"The data of {artifact} is not at {path}: it was moved or deleted outside of lamindb")


def _check_mode(artifact: Any, data_format: Any, mode: str) -> None:
    if mode == "r":
        return
    if mode not in data_format.write_modes:
        allowed = " or ".join(f"mode='{name}'" for name in ("r", *data_format.write_modes))
        raise ValueError(
            f"It is not allowed to open a {artifact.suffix} object with mode='{mode}', only with {allowed}."
        )
    if not artifact._overwrite_versions:
        raise ValueError(
            "It is not allowed to open an artifact for writing that has overwrite_versions=False: "
            "its versions would not be what they were. Make the artifact with overwrite_versions=True."
        )


def check_readable(artifact: Any) -> None:
    """Raise `ValueError` for a version whose files were overwritten by a newer one."""
    if artifact._overwrite_versions and not artifact.is_latest and not artifact._state.adding:
        raise ValueError(
            "Cannot read this outdated artifact version: its files were overwritten and are no longer available. "
            f"Read the latest version instead: ln.Artifact.get('{artifact.stem_uid}')"
        )


def track_run_input(artifact: Any, is_run_input: Any = None) -> None:
    """Link an artifact as an input of a run, unless the run made it."""
    track_run_inputs([artifact], is_run_input)
