"""From an artifact back to data: path, cache, load; each records the artifact as an input of the current run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.artifacts.storing import target_path
from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.settings import tracking_settings


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
    _check_readable(artifact)
    path = path_of(artifact)
    if not isinstance(path, Path):
        from lamindb.setup import settings
        from lamindb.storage.cache import cache_path_for

        local = Path(cache_path_for(path, settings.cache_dir))
        local.parent.mkdir(parents=True, exist_ok=True)
        path.synchronize_to(local)
        path = local
    if not path.exists():
        raise FileNotFoundError(f"The data of {artifact} is not at {path}: it was moved or deleted outside of lamindb")
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


def _check_readable(artifact: Any) -> None:
    if artifact._overwrite_versions and not artifact.is_latest and not artifact._state.adding:
        raise ValueError(
            "Cannot read this outdated artifact version: its files were overwritten and are no longer available. "
            f"Read the latest version instead: ln.Artifact.get('{artifact.stem_uid}')"
        )


def track_run_input(artifact: Any, is_run_input: Any = None) -> None:
    """Link an artifact as an input of a run, unless the run made it."""
    if is_run_input is False or artifact._state.adding:
        return
    if is_run_input is None and not tracking_settings.track_run_inputs:
        return
    run = is_run_input if hasattr(is_run_input, "transform_id") else context.current_run()
    if run is None:
        if is_run_input is True:
            logger.warning("run input wasn't tracked, call `ln.track()` and re-run")
        return
    if artifact.run_id == run.id or artifact._state.db not in (None, "default"):
        return
    artifact.input_of_runs.add(run)
