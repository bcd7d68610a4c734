"""Single objects: their checksums, times, and conditional writing."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lamindb.plugins.types import ContentHash
from lamindb.storage.hashing import encode_hash, hash_string


def content_hash(info: Mapping[str, Any]) -> ContentHash | None:
    """Return the MD5 that the store keeps; objects that were composed of others have none, but a mark that changes with the content."""
    md5 = info.get("md5Hash")
    if md5:
        return ContentHash(encode_hash(base64.b64decode(md5)), "md5")
    etag = info.get("etag")
    return ContentHash(hash_string(str(etag).strip('"')), "md5-etag") if etag else None


def modified(info: Mapping[str, Any]) -> float | None:
    """Return when an object was written, in seconds since 1970."""
    value = info.get("mtime") or info.get("updated") or info.get("timeCreated")
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value.timestamp() if isinstance(value, datetime) else None


def create_exclusive(path: Any, content: bytes) -> bool:
    """Write an object only if there is none, which the server decides; returns whether it was written."""
    try:
        path.fs.pipe_file(path.path, content, mode="create")
    except FileExistsError:
        return False
    finally:
        path.fs.invalidate_cache()
    return True


def object_version(path: Any) -> str | None:
    """Return the generation of an object, `None` if there is none."""
    bucket, _, key = path.path.partition("/")
    try:
        return str(path.fs.call("GET", "b/{}/o/{}", bucket, key, json_out=True)["generation"])
    except FileNotFoundError:
        return None


def replace_object(path: Any, content: bytes, version: str | None) -> str | None:
    """Write an object only if its generation still is `version` (`None`: if there is none); returns the new one, `None` if nothing was written."""
    from urllib.parse import quote

    bucket, _, key = path.path.partition("/")
    address = f"{path.fs._location}/upload/storage/v1/b/{quote(bucket)}/o"
    try:
        answer = path.fs.call(
            "POST",
            address,
            uploadType="media",
            name=key,
            ifGenerationMatch=version or "0",
            headers={"Content-Type": "application/octet-stream"},
            data=content,
            json_out=True,
        )
    except FileExistsError:  # how gcsfs translates a condition that isn't met
        return None
    finally:
        path.fs.invalidate_cache()
    return str(answer["generation"])
