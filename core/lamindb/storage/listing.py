"""What lies at a remote path: its objects with size, time of modification, and the checksum that the store keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lamindb.plugins.types import ContentHash
from lamindb.storage import web_folders
from lamindb.storage.retrying import with_retries


@dataclass(frozen=True)
class RemoteFile:
    """One remote object.

    Attributes:
        path: path in its file system.
        relative: path relative to the folder that was listed, `""` for the object itself.
        size: bytes; `None` if the store doesn't tell.
        modified: time of the last change, in seconds since 1970.
        checksum: hash that the store keeps, and its type.
    """

    path: str
    relative: str
    size: int | None
    modified: float | None
    checksum: ContentHash | None = None

    @property
    def state(self) -> str:
        """What differs when the object was written anew: checksum, else time, with size."""
        mark = f"{self.checksum.hash_type}:{self.checksum.hash}" if self.checksum else f"{self.modified}"
        return f"{self.size}:{mark}"


def list_remote_files(path: Any, *, refresh: bool = True) -> list[RemoteFile]:
    """List the files below a remote folder with one listing; for a file, the file itself; nothing if it doesn't exist.

    Args:
        path: remote `UPath`.
        refresh: ask the store, whatever was listed before.

    Raises:
        StorageUnreachable: if the store doesn't answer.
        StorageAccessDenied: if it refuses the listing.
    """
    return with_retries(path, lambda: _list(path, refresh), what=f"listing {path}")


def describe_file(path: Any, info: Mapping[str, Any], relative: str = "") -> RemoteFile:
    """Return what `info` of fsspec says of an object."""
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(path.protocol)
    size = info.get("size")
    return RemoteFile(
        info["name"],
        relative,
        None if size is None else int(size),
        modified_at(info, path.protocol),
        None if backend is None else backend.hash_of(info),
    )


def modified_at(info: Mapping[str, Any], protocol: str) -> float | None:
    """Return the time of modification that a file system reports, as seconds since 1970, or `None`."""
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(protocol)
    return _modified_of_info(info) if backend is None else backend.modified_at(info)


def _list(path: Any, refresh: bool) -> list[RemoteFile]:
    fs, root = path.fs, path.path.rstrip("/")
    if refresh:
        forget_listings(path)
    try:
        info = fs.info(path.path)
    except FileNotFoundError:
        _check_container(path)
        return []
    if path.protocol in ("http", "https") and web_folders.is_folder(info):
        return [describe_file(path, told, relative) for relative, told in web_folders.files_below(fs, path.path)]
    if info["type"] == "file":
        return [describe_file(path, info)]
    stripped = fs._strip_protocol(root).rstrip("/")
    files = []
    for name, detail in fs.find(root, detail=True).items():
        if detail.get("type") == "directory" or name.rstrip("/") == stripped or name.endswith("/"):
            continue  # object stores keep empty placeholder objects for folders
        files.append(describe_file(path, detail, name.removeprefix(stripped).lstrip("/")))
    return files


def _check_container(path: Any) -> None:
    """Let a missing bucket be the error that it is, instead of an empty listing."""
    bucket = path.path.strip("/").partition("/")[0]
    if path.protocol in ("s3", "s3a", "gs", "gcs") and bucket:
        path.fs.ls(bucket, detail=False) if not path.path.strip("/").partition("/")[2] else path.fs.info(bucket)


def forget_listings(path: Any) -> None:
    """Forget what a file system remembers of its listings: others write, too."""
    if hasattr(path.fs, "invalidate_cache"):
        path.fs.invalidate_cache()


def _modified_of_info(info: Mapping[str, Any]) -> float | None:
    commit = info.get("last_commit")
    value = getattr(commit, "date", None) or info.get("LastModified") or info.get("mtime") or info.get("updated")
    value = value or info.get("created")
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.timestamp()
    return None if value is None else float(value)
