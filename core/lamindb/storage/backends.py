"""What lamindb knows about local files and web servers beyond fsspec; declared in `lamindb.plugins.default_storage`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from lamindb.plugins.types import ContentHash

#: Seconds that a web server may take to answer or to send the next piece.
HTTP_TIMEOUT: Final = 30


def local_modified(info: Mapping[str, Any]) -> float | None:
    """Return the time of modification of a local file, in seconds since 1970."""
    modified = info.get("mtime")
    return None if modified is None else float(modified)


def local_create_exclusive(path: str | os.PathLike[str], content: bytes) -> bool:
    """Write a local file only if there is none of that name, in one step.

    Returns:
        Whether the file was written; `False` means that it was there already.
    """
    try:
        descriptor = os.open(os.fspath(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return True


def http_storage_options(path: Any) -> dict[str, Any]:
    """Return time-outs, and the wish to use proxies and certificates of the environment."""
    import aiohttp

    timeout = aiohttp.ClientTimeout(sock_connect=HTTP_TIMEOUT, sock_read=HTTP_TIMEOUT)
    return {"client_kwargs": {"timeout": timeout, "trust_env": True}, "use_listings_cache": True}


def http_content_hash(info: Mapping[str, Any]) -> ContentHash | None:
    """Return the hash of the ETag that a web server gives, typed `md5-etag`: it changes with the content, but is no hash of it."""
    from lamindb.storage.hashing import hash_string

    etag = info.get("ETag")
    return ContentHash(hash_string(str(etag).removeprefix("W/").strip('"')), "md5-etag") if etag else None


def http_modified(info: Mapping[str, Any]) -> float | None:
    """Return the time of modification that a web server tells, in seconds since 1970."""
    from email.utils import parsedate_to_datetime

    text = info.get("Last-Modified")
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except ValueError:
        return None
