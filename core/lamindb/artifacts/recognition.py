"""What data is that is handed to `Artifact`: a local or remote path, or an object in memory that is written to the cache first."""

from __future__ import annotations

import os
import shutil
import stat
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamindb.artifacts.keys import MANAGED_FOLDER, suffix_mismatch
from lamindb.base.logging import logger
from lamindb.errors import InvalidArgument


@dataclass(frozen=True)
class Source:
    """Data, and what is known about it.

    Attributes:
        path: local path, or `UPath` of a remote one.
        suffix: of the name that the user gave, even if it is a link.
        otype: object type, if a format is recognised.
        memory: the object in memory that was written to `path`.
        may_be_missing: whether remote data is registered even if nothing is there yet.
    """

    path: Any
    suffix: str
    otype: str | None
    memory: Any = None
    may_be_missing: bool = False

    @property
    def is_local(self) -> bool:
        return isinstance(self.path, Path)

    def discard(self) -> None:
        """Remove what was written for an object in memory; the user's own files stay."""
        if self.memory is None:
            return
        if self.path.is_dir():
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            self.path.unlink(missing_ok=True)


class WrittenObject:
    """Keeps the file that was written for an object in memory as long as an artifact that isn't saved needs it."""

    def __init__(self, source: Source) -> None:
        weakref.finalize(self, source.discard)


def recognise(data: Any, kwargs: dict[str, Any]) -> Source:
    """Find out what the data is; an object in memory is written to the cache.

    Args:
        data: path, URL or object.
        kwargs: arguments of `Artifact`; `format` and `to_disk_kwargs` are taken out.

    Raises:
        FileNotFoundError: if the path does not exist.
        InvalidArgument: if the path is a pipe or the like, or the key has a suffix in which the object isn't written.
        TypeError: if no installed format knows the object.
        ValueError: for a path that lamindb itself manages.
    """
    from lamindb.plugins import manager
    from lamindb.storage.roots import is_local, is_path
    from lamindb.storage.suffixes import infer_suffix, stored_suffix

    data_format_name, to_disk_kwargs = kwargs.pop("format", None), kwargs.pop("to_disk_kwargs", None) or {}
    check_exists = not kwargs.pop("skip_check_exists", False)
    if is_path(data):
        if not is_local(data):
            return _remote(data, check_exists=check_exists, is_internal=kwargs.get("uid") is not None)
        path = _local(data, check_exists=check_exists, is_internal=kwargs.get("uid") is not None)
        suffix = stored_suffix(infer_suffix(path))
        data_format = manager.data_format_for_path(path)
        return Source(path, suffix, data_format.otype if data_format is not None else None)
    data_format = manager.data_format_for_object(data)
    if data_format is None:
        missing = manager.missing_for(otype=type(data).__name__)
        if missing is not None:
            raise missing
        raise TypeError(
            f"data has to be a string, Path, UPath, or an object of an installed data format, not {type(data).__name__}"
        )
    suffix = data_format.suffix_for(data_format_name)
    if kwargs.get("key") and data_format_name is None:
        of_key = stored_suffix(infer_suffix(kwargs["key"]))
        try:
            suffix = data_format.suffix_for(of_key or None)
        except ValueError as error:
            raise InvalidArgument(f"{suffix_mismatch(of_key, suffix)} ({error})") from None
    return write_object(data, data_format, suffix, to_disk_kwargs)


def write_object(data: Any, data_format: Any, suffix: str, to_disk_kwargs: dict[str, Any]) -> Source:
    """Write an object in memory to the cache; nothing stays behind if that fails."""
    from lamindb.base.uids import base62_20
    from lamindb.setup import settings

    folder = Path(settings.cache_dir) / "objects"
    folder.mkdir(parents=True, exist_ok=True)
    written = Source(folder / f"{base62_20()}{suffix}", suffix, data_format.otype, data)
    logger.info("writing the in-memory object into cache")
    try:
        data_format.resolve("writer")(data, written.path, **to_disk_kwargs)
    except BaseException:
        written.discard()
        raise
    return written


def _remote(data: Any, *, check_exists: bool, is_internal: bool) -> Source:
    from lamindb.plugins import manager
    from lamindb.storage.suffixes import infer_suffix, stored_suffix
    from lamindb.storage.upath import create_path

    if isinstance(data, str) and data.startswith("s3:///"):
        data = f"s3://{data.removeprefix('s3:///')}"
    path = create_path(data)
    manager.require_storage_backend(path.protocol)
    if MANAGED_FOLDER in path.path.split("/") and not is_internal:
        raise ValueError(
            f"Do not pass path inside the `{MANAGED_FOLDER}/` directory: {path} is managed by lamindb itself; to get what lies "
            "there: ln.Artifact.get(path=…)"
        )
    suffix = stored_suffix(infer_suffix(path.name))
    data_format = manager.data_format_for_suffix(suffix)
    if suffix == ".zarr":
        logger.warning("we do not check whether cloud zarr is an AnnData, MuData or SpatialData: %s", path)
        data_format = None
    otype = data_format.otype if data_format is not None else None
    return Source(path, suffix, otype, may_be_missing=not check_exists)


def _local(data: str | os.PathLike[str], *, check_exists: bool, is_internal: bool) -> Path:
    text = os.fspath(data)
    if isinstance(text, bytes):
        text = os.fsdecode(text)
    if "\x00" in text:
        raise InvalidArgument(f"{text!r} holds a NUL character, which no path has")
    path = Path(text.removeprefix("file://").removeprefix("local://")).expanduser()
    if MANAGED_FOLDER in path.parts and not is_internal:
        raise ValueError(
            f"Do not pass path inside the `{MANAGED_FOLDER}/` directory: {text!r} is managed by lamindb itself; to get what lies there: "
            "ln.Artifact.get(path=…)"
        )
    path = Path(os.path.abspath(path))
    try:
        mode = path.stat().st_mode
    except PermissionError:
        return path
    except OSError as error:
        if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
            raise InvalidArgument(f"{text[:200]!r} can't be a path of this machine: {error.strerror}") from None
        if not check_exists:
            return path
        raise FileNotFoundError(f"There is no file or folder {text!r}" + _near_files(path)) from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InvalidArgument(
            f"{text!r} is neither a file nor a folder (a pipe, socket or device can't be an artifact)"
        )
    return path


def _near_files(path: Path) -> str:
    import difflib

    if path.is_symlink():
        return f": it is a link to {os.readlink(path)!r}, which does not exist"
    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1)
    except OSError:
        return ""
    return f". Did you mean {str(path.parent / near[0])!r}?" if near else ""
