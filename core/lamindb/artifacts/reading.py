"""From an artifact back to data: path, cache, load; each records the artifact as an input of the current run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.artifacts import cached_copies
from lamindb.artifacts.remote_storing import remote_path
from lamindb.artifacts.run_inputs import track_run_inputs
from lamindb.artifacts.shared_places import is_in_place
from lamindb.artifacts.statements import storage_of
from lamindb.artifacts.storing import target_path
from lamindb.base.logging import logger


def path_of(artifact: Any) -> Any:
    """Return where the data of an artifact is: in storage, or before saving at its source."""
    source = artifact.__dict__.get("_local_source")
    if source is not None:
        return source
    if storage_of(artifact).type == "local":
        return target_path(artifact)
    return remote_path(artifact)


def cache_path_of(artifact: Any) -> Path:
    """Return where the local copy of the data is, or would be; a local path itself."""
    source = artifact.__dict__.get("_local_source")
    if source is not None:
        return source
    return target_path(artifact) if storage_of(artifact).type == "local" else cached_copies.cache_path(artifact)


def cache(
    artifact: Any,
    *,
    is_run_input: Any = None,
    mute: bool = False,
    verify: bool = False,
    print_progress: bool = True,
    **options: Any,
) -> Path:
    """Return a local path that holds the data.

    Args:
        artifact: the artifact.
        is_run_input: as for `track_run_input`.
        mute: draw no bar.
        verify: read every byte, and compare its hash with that of the artifact.
        print_progress: draw a bar where somebody looks.
        **options: passed to the file system of remote data.

    Raises:
        FileNotFoundError: if the data is not in storage any more.
        ChangedContentError: if it is not what was registered.
        ValueError: if the files of this version were overwritten by a newer one.
    """
    check_readable(artifact)
    path = artifact.__dict__.get("_local_source")
    if path is None and storage_of(artifact).type == "local":
        path = target_path(artifact)
    if path is not None:
        _check_exists(artifact, path)
        if verify:
            _verify_local(artifact, path)
        else:
            _warn_of_other_size(artifact, path)
    else:
        path = cached_copies.cached_copy(artifact, verify=verify, progress=print_progress and not mute, **options)
    if is_run_input is not False:
        track_run_inputs([artifact], is_run_input)
    return path


def _verify_local(artifact: Any, path: Path) -> None:
    from lamindb.storage.checksums import copy_matches

    if artifact.hash is None or artifact.n_files == 0:
        return
    if copy_matches(path, artifact.hash, artifact._hash_type) is False:
        raise cached_copies.ChangedContentError(
            f"{path} has not the {artifact._hash_type} hash {artifact.hash} with which {artifact} was registered: its content was changed"
        )


def load(artifact: Any, *, is_run_input: Any = None, mute: bool = False, **kwargs: Any) -> Any:
    """Return the data as an object: what it is in memory, or what the loader of its suffix makes of it.

    If remote data can't be loaded, its copy in the cache may be broken: it is downloaded again, once.
    """
    memory = artifact.__dict__.get("_memory")
    if memory is not None:
        track_run_inputs([artifact], is_run_input)
        return memory
    from lamindb.plugins import manager

    check_readable(artifact)
    try:
        data_format = manager.require_data_format(suffix=artifact.suffix, otype=artifact.otype)
        loader = data_format.resolve("loader")
    except NotImplementedError:
        raise no_loader(artifact.suffix, artifact) from None
    path = cache(artifact, is_run_input=False, mute=mute)
    try:
        loaded = loader(path, **kwargs)
    except (NotImplementedError, ImportError):
        raise
    except Exception as error:
        if artifact.storage.type == "local" or path == artifact.__dict__.get("_local_source"):
            raise
        logger.warning("The cache might be corrupted: %s. Downloading %s again", error, artifact.uid)
        cached_copies.discard(artifact)
        loaded = loader(cache(artifact, is_run_input=False, mute=mute), **kwargs)
    track_run_inputs([artifact], is_run_input)
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
    if mode != "r":
        kwargs["on_change"] = artifact._register_change
    opener = data_format.resolve("opener")
    if isinstance(path, Path):
        _check_exists(artifact, path)
        opened = opener(path, mode, **kwargs)
    else:
        opened = _open_remote(artifact, opener, path, mode, kwargs)
    track_run_inputs([artifact], is_run_input)
    return opened


def _open_remote(artifact: Any, opener: Any, path: Any, mode: str, kwargs: dict[str, Any]) -> Any:
    """Open the local copy of a remote object if there is a current one, else the object itself, which isn't downloaded."""
    local = cached_copies.current_copy(artifact, path) if mode == "r" else None
    if local is None:
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
    cached_copies.discard(artifact)
    return opened


def no_loader(suffix: str, data: Any) -> Exception:
    """Return the error that says that nothing loads a suffix, or which store a zarr folder is."""
    if suffix == ".zarr":
        return ValueError(
            f"Unable to determine zarr store format and therefore cannot load Artifact: {data} is of no installed format. "
            "Use .open() or .cache()"
        )
    return NotImplementedError(f"There is no loader for {suffix or 'suffix-less'} files. Use .cache() to get the path.")


def _check_exists(artifact: Any, path: Path) -> None:
    if not path.exists():
        raise FileNotFoundError(f"The data of {artifact} is not at {path}: it was moved or deleted outside of lamindb")


def _check_mode(artifact: Any, data_format: Any, mode: str) -> None:
    if mode == "r":
        return
    modes = data_format.write_modes_of(artifact.suffix)
    if mode not in modes:
        allowed = " or ".join(f"`mode='{name}'`" for name in ("r", *modes))
        raise ValueError(
            f"It is not allowed to open a {artifact.suffix} object with `mode='{mode}'`, only with {allowed}."
        )
    if not artifact._overwrite_versions:
        raise ValueError(
            "It is not allowed to open an artifact for writing that has overwrite_versions=False: "
            "its versions would not be what they were. Make the artifact with overwrite_versions=True."
        )


def check_readable(artifact: Any) -> None:
    """Raise `ValueError` for a version whose files were overwritten by a newer one, or changed in place."""
    if artifact.is_latest or artifact._state.adding:
        return
    if artifact._overwrite_versions:
        reason = "its files were overwritten and are no longer available"
    elif is_in_place(artifact) and not _is_still_there(artifact):
        reason = f"{path_of(artifact)} was changed in place, and what lies there belongs to another version"
    else:
        return
    raise ValueError(
        f"Cannot read this outdated artifact version: {reason}. "
        f"Read the latest version instead: ln.Artifact.get('{artifact.stem_uid}')"
    )


def _is_still_there(artifact: Any) -> bool:
    """Tell whether the data of an older version is what it was; without a hash, whether no other version lies in its place."""
    if artifact.hash is None:
        place = {"storage_id": artifact.storage_id, "key": artifact.key, "_real_key": artifact._real_key}
        family = type(artifact).objects.filter(uid__startswith=artifact.stem_uid, **place)
        return not family.exclude(pk=artifact.pk).exists()
    path = path_of(artifact)
    if not isinstance(path, Path):
        return not cached_copies.differs_from_registered(artifact, path)
    if not path.exists() or artifact.n_files == 0:
        return True  # whoever reads it finds out
    if path.is_file() and artifact.size is not None and path.stat().st_size != artifact.size:
        return False
    from lamindb.storage.checksums import copy_matches

    return copy_matches(path, artifact.hash, artifact._hash_type) is not False


def _warn_of_other_size(artifact: Any, path: Path) -> None:
    """Say that data was changed where its user put it, if its size tells; `verify=True` reads every byte."""
    if artifact._state.adding or artifact.size is None or artifact.n_files is not None or not is_in_place(artifact):
        return
    size = path.stat().st_size
    if size != artifact.size:
        logger.warning(
            "%s has %d bytes and had %d when it was registered: it was changed since. To register it as a new version: ln.Artifact(%r).save()",
            path, size, artifact.size, str(path),
        )  # fmt: skip


def track_run_input(artifact: Any, is_run_input: Any = None) -> None:
    """Link an artifact as an input of a run, unless the run made it."""
    track_run_inputs([artifact], is_run_input)
