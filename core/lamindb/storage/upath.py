"""`UPath` of universal-pathlib with what lamindb adds to remote paths: options in the URL, credentials, transfer, trees.

Local paths are ordinary paths that only get `view_tree`. Importing this module puts the additions on the class, once per process.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from upath import UPath
from upath.implementations.cloud import CloudPath
from upath.implementations.local import LocalPath

from lamindb.storage import listing, objects, transfer
from lamindb.storage.cache import cache_path_for, current_cache_dir
from lamindb.storage.retrying import StorageUnreachable, clear_error, with_retries
from lamindb.storage.roots import is_local, split_options, storage_type_of
from lamindb.storage.session_options import session_options
from lamindb.storage.suffixes import infer_suffix
from lamindb.storage.view_tree import view_tree

__all__ = ["UPath", "create_path", "infer_suffix", "is_local", "local_or_remote"]


def create_path(path: str | os.PathLike[str], **storage_options: Any) -> UPath:
    """Return a `UPath` with the best credentials that the environment and the installed plugins know for it.

    Args:
        path: path, URL or `UPath`; `~` is expanded.
        **storage_options: options of the file system; they win over everything else.
    """
    if storage_type_of(path) == "local":
        return UPath(os.path.expanduser(str(path).removeprefix("file://").removeprefix("local://")))
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(storage_type_of(path))  # before the UPath is made: it may have to learn the protocol
    given = UPath(path, **storage_options) if storage_options else UPath(path)
    of_session = session_options(given)
    if of_session:
        given = UPath(given, **{**of_session, **given.storage_options})
    known = backend.storage_options(given) if backend is not None else {}
    options = {**known, **given.storage_options}
    return given if options == dict(given.storage_options) else UPath(given, **options)


def local_or_remote(path: str | os.PathLike[str]) -> Any:
    """Return a `pathlib.Path` for a local path and a `UPath` for any other."""
    if isinstance(path, Path):
        return path
    return Path(os.path.expanduser(str(path))) if is_local(path) else create_path(path)


def _from_auth(cls: type[UPath], path: str | os.PathLike[str], **storage_options: Any) -> UPath:
    """Return the path with the best credentials known for it; a local path is returned as it is, with `~` expanded."""
    return create_path(path, **storage_options)


def _modified(self: UPath) -> datetime | None:
    """Local time of the last modification, without time zone; `None` if the store doesn't tell."""
    seconds = listing.modified_at(self.fs.info(self.path), self.protocol)
    return None if seconds is None else datetime.fromtimestamp(seconds)


def _cache(self: UPath, cache_key: str | None = None, **kwargs: Any) -> Path:
    """Return the path of an up-to-date copy in the cache of this machine; a local path is returned as it is.

    Args:
        cache_key: relative place in the cache to use instead of the one derived from the path.
        **kwargs: passed to `synchronize_to`.
    """
    local = cache_path_for(self, current_cache_dir(), cache_key)
    local.parent.mkdir(parents=True, exist_ok=True)
    self.synchronize_to(local, **kwargs)
    return local


def _cache_local(self: LocalPath, cache_key: str | None = None, **kwargs: Any) -> Path:
    """Return the path itself: it is on this machine."""
    return Path(self)


def _synchronize(self: UPath, *args: Any, **kwargs: Any) -> bool:
    """Former name of `synchronize_to`."""
    import warnings

    warnings.warn("Use synchronize_to() instead of synchronize()", DeprecationWarning, stacklevel=2)
    return transfer.synchronize_to(self, *args, **kwargs)


def _rename(self: UPath, target: Any, **kwargs: Any) -> UPath:
    """Move the object within its file system: copied, compared, and only then removed at its old place.

    Raises:
        FileExistsError: if something is at the target.
        FileNotFoundError: if nothing is here.
        ValueError: if the target is in another file system.
    """
    destination = target if isinstance(target, UPath) else None
    text = str(target)
    if destination is None:
        destination = UPath(text, **self.storage_options) if "://" in text else self.with_segments(text)
    if destination.protocol != self.protocol or dict(destination.storage_options) != dict(self.storage_options):
        raise ValueError(
            f"{self} and {destination} are in different file systems: download the first and upload it again"
        )
    return objects.move(self, destination)


def _to_url(self: UPath) -> str:
    """Return the address under which a web browser finds an object of an S3 bucket.

    Raises:
        ValueError: for any other file system.
    """
    if self.protocol != "s3":
        raise ValueError(f"to_url() is for paths of S3 buckets, and {self} is not one")
    bucket, _, key = self.path.partition("/")
    endpoint = self.storage_options.get("endpoint_url") or (self.storage_options.get("client_kwargs") or {}).get(
        "endpoint_url"
    )
    if endpoint:
        return f"{str(endpoint).rstrip('/')}/{bucket}/{key}"
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for("s3")
    try:
        region = None if backend is None else backend.region_of(self)
    except Exception as error:
        if not isinstance(clear_error(error, self), StorageUnreachable):
            raise
        region = None  # the address without region leads there, too
    host = "s3" if region in (None, "us-east-1") else f"s3-{region}"
    return f"https://{bucket}.{host}.amazonaws.com/{key}"


def _is_bucket_versioned(self: UPath) -> bool:
    """Tell whether the bucket keeps former versions of its objects.

    Raises:
        ValueError: for a file system that can't tell.
    """
    ask = getattr(self.fs, "is_bucket_versioned", None)
    if ask is None:
        raise ValueError(f"is_bucket_versioned() is for paths of S3 buckets, and {self} is not one")
    bucket = self.path.partition("/")[0]
    return bool(with_retries(self, lambda: ask(bucket), what=f"asking for {bucket}"))


def _with_options_of_query(original: Callable[..., Any]) -> Callable[..., Any]:
    """Make `s3://bucket/key?option=value` set options of the file system."""

    @functools.wraps(original)
    def transform(cls: type[UPath], args: tuple[Any, ...], protocol: str, storage_options: dict[str, Any]) -> Any:
        if args and isinstance(args[0], str) and "?" in args[0]:
            base, options = split_options(args[0])
            for key, value in options.items():
                if key in storage_options and storage_options[key] != value:
                    raise ValueError(
                        f"{args[0]!r} says {key}={value!r}, but the argument says {storage_options[key]!r}: pass only one of them"
                    )
            args, storage_options = (base, *args[1:]), {**options, **storage_options}
        if args and isinstance(args[0], str) and args[0].endswith("/") and not args[0].endswith("://"):
            args = (args[0].rstrip("/"), *args[1:])
        return original(cls, args, protocol, storage_options)

    return transform


def _install() -> None:
    if hasattr(UPath, "from_auth"):
        return
    UPath.from_auth = classmethod(_from_auth)
    UPath.modified = property(_modified)
    UPath.synchronize_to = transfer.synchronize_to
    UPath.synchronize = _synchronize
    UPath.cache = _cache
    LocalPath.cache = _cache_local
    UPath.download_to = transfer.download_to
    UPath.upload_from = transfer.upload_from
    UPath.to_url = _to_url
    UPath.is_bucket_versioned = _is_bucket_versioned
    UPath.view_tree = view_tree
    LocalPath.view_tree = view_tree
    LocalPath.modified = property(_modified)
    LocalPath.to_url = _to_url
    LocalPath.is_bucket_versioned = _is_bucket_versioned
    CloudPath.rename = _rename
    transform = _with_options_of_query(CloudPath._transform_init_args.__func__)
    CloudPath._transform_init_args = classmethod(transform)


_install()
