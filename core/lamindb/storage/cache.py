"""Where copies of remote objects are kept on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from lamindb.storage.roots import split_options, storage_type_of

#: Set by the room `setup`: returns the cache folder in force.
_cache_dir: Callable[[], Path] | None = None


def set_cache_dir_provider(provider: Callable[[], Path]) -> None:
    """Tell this module how to find the cache folder of this process."""
    global _cache_dir
    _cache_dir = provider


def current_cache_dir() -> Path:
    """Return the cache folder in force.

    Raises:
        RuntimeError: before `lamindb` was imported.
    """
    if _cache_dir is None:
        raise RuntimeError("The cache folder is a setting of lamindb: import lamindb first")
    return _cache_dir()


def cache_path_for(path: Any, cache_dir: str | os.PathLike[str], cache_key: str | None = None) -> Path:
    """Map a remote path to its place in the cache; a local path maps to itself.

    Objects of an S3-compatible server have their endpoint in the path, so equal bucket names on two servers don't collide.

    Args:
        path: path, URL or `UPath`.
        cache_dir: root of the cache.
        cache_key: relative path to use instead of the one derived from `path`.

    Raises:
        ValueError: if the place would be outside of the cache.

    Example:
        >>> cache_path_for("https://example.org/a/b.csv", "/cache").as_posix()
        '/cache/example.org/a/b.csv'
    """
    if storage_type_of(path) == "local":
        return Path(path)
    root = Path(cache_dir)
    if cache_key is not None:
        return root / checked_key(cache_key)
    text, options = split_options(str(path))
    endpoint = _endpoint(path, options)
    parts = urlsplit(text)
    relative = f"{parts.netloc}/{parts.path.lstrip('/')}".strip("/")
    if endpoint is not None:
        relative = f"{quote(endpoint, safe='')}/{relative}"
    return root / checked_key(relative)


def checked_key(key: str) -> PurePosixPath:
    """Return a relative key, after checking that it stays inside its root.

    Raises:
        ValueError: for an absolute key, or one with `..`.
    """
    pure = PurePosixPath(key)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or (os.name == "nt" and ":" in key):
        raise ValueError(f"{key!r} can't be a place in the cache: pass a relative path without '..'")
    return pure


def check_cache_dir(path: str | os.PathLike[str]) -> Path:
    """Return a cache folder as a path, after checking that it can be one.

    Raises:
        ValueError: if it is relative, remote, or an existing file.
    """
    text = os.path.expanduser(os.fspath(path))
    if storage_type_of(text) != "local":
        raise ValueError(f"The cache should be a local path, not {text!r}")
    folder = Path(text)
    if not folder.is_absolute():
        raise ValueError(
            f"A path to the cache dir should be absolute. {text!r} is not; did you mean {folder.absolute()}?"
        )
    if folder.is_file():
        raise ValueError(f"The cache should be a directory, but {text!r} is a file")
    return folder


def _endpoint(path: Any, options: dict[str, str]) -> str | None:
    endpoint = options.get("endpoint_url")
    if endpoint is None:
        stored = getattr(path, "storage_options", {})
        endpoint = stored.get("endpoint_url") or (stored.get("client_kwargs") or {}).get("endpoint_url")
    return str(endpoint) if endpoint else None
