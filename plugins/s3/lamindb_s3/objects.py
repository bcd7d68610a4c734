"""Single objects: their checksums, times, conditional writing, and what broken-off uploads of them left."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lamindb.plugins.types import ContentHash
from lamindb.storage.hashing import b16_to_b64, encode_hash, hash_string

_MD5 = re.compile(r"^[0-9a-f]{32}$")
_MULTIPART = re.compile(r"^([0-9a-f]{32})-(\d+)$")


def content_hash(info: Mapping[str, Any]) -> ContentHash | None:
    """Return the hash that an ETag is: the MD5 of an object sent in one piece, `md5-<n>` of one sent in n parts.

    Listings don't tell how an object is encrypted. Encrypted with a key of its own, its ETag is no MD5: `object_hash` finds out.
    """
    etag = str(info.get("ETag") or "").strip('"').lower()
    if _MD5.match(etag):
        return ContentHash(b16_to_b64(etag), "md5")
    parts = _MULTIPART.match(etag)
    if parts is not None:
        return ContentHash(b16_to_b64(parts[1]), f"md5-{parts[2]}")
    return _of_unknown_etag(etag)


def object_hash(path: Any, info: Mapping[str, Any]) -> ContentHash | None:
    """Return the strongest hash that the store keeps of one object, typed as what it is; asks for it with one request."""
    bucket, _, key = path.path.partition("/")
    try:
        head = path.fs.call_s3("head_object", Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    except OSError:  # a server that doesn't know checksums
        return content_hash(info)
    etag = str(head.get("ETag") or "").strip('"').lower()
    is_encrypted = str(head.get("ServerSideEncryption", "")).startswith("aws:kms") or head.get("SSECustomerAlgorithm")
    if not is_encrypted and _MD5.match(etag):
        return content_hash(head)
    sha256 = head.get("ChecksumSHA256")
    if sha256 and "-" not in sha256 and head.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT":
        return ContentHash(encode_hash(base64.b64decode(sha256)), "sha256")
    return _of_unknown_etag(etag) if is_encrypted else content_hash(head)


def modified(info: Mapping[str, Any]) -> float | None:
    """Return when an object was written, in seconds since 1970."""
    value = info.get("LastModified")
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value)
    return value.timestamp() if isinstance(value, datetime) else None


def create_exclusive(path: Any, content: bytes) -> bool:
    """Write an object only if there is none; returns whether it was written.

    The server decides, so of several writers one wins. A server that can't (`NotImplemented`) is asked before writing instead.
    """
    bucket, _, key = path.path.partition("/")
    try:
        path.fs.call_s3("put_object", Bucket=bucket, Key=key, Body=content, IfNoneMatch="*")
    except FileExistsError:
        return False
    except OSError as error:
        response = getattr(error.__cause__, "response", None) or {}
        code = response.get("Error", {}).get("Code")
        if code in ("PreconditionFailed", "ConditionalRequestConflict", "412"):
            return False
        if code not in ("NotImplemented", "501"):
            raise
        path.fs.invalidate_cache()
        if path.exists():
            return False
        path.fs.pipe_file(path.path, content)
    finally:
        path.fs.invalidate_cache()
    return True


def object_version(path: Any) -> str | None:
    """Return the ETag of an object, `None` if there is none."""
    bucket, _, key = path.path.partition("/")
    try:
        return str(path.fs.call_s3("head_object", Bucket=bucket, Key=key)["ETag"])
    except FileNotFoundError:
        return None


def replace_object(path: Any, content: bytes, version: str | None) -> str | None:
    """Write an object only if its ETag still is `version` (`None`: if there is none); returns the new one, `None` if nothing was written.

    Raises:
        io.UnsupportedOperation: if the server, or the installed botocore, doesn't know such conditions.
    """
    bucket, _, key = path.path.partition("/")
    known = path.fs.s3.meta.service_model.operation_model("PutObject").input_shape.members
    if "IfMatch" not in known:  # s3fs would leave the condition out without a word
        raise io.UnsupportedOperation("The installed botocore has no conditional writes: pip install --upgrade s3fs")
    condition = {"IfNoneMatch": "*"} if version is None else {"IfMatch": version}
    try:
        answer = path.fs.call_s3("put_object", Bucket=bucket, Key=key, Body=content, **condition)
    except FileExistsError:
        return None
    except OSError as error:
        code = (getattr(error.__cause__, "response", None) or {}).get("Error", {}).get("Code")
        if code in ("PreconditionFailed", "ConditionalRequestConflict", "412", "NoSuchKey"):
            return None
        if code in ("NotImplemented", "501"):
            raise io.UnsupportedOperation(f"The server of {path} has no conditional writes") from error
        raise
    finally:
        path.fs.invalidate_cache()
    return str(answer["ETag"])


def discard_unfinished(path: Any) -> int:
    """Abort the uploads in parts that were begun and never completed, of an object or of objects below a folder; returns their number."""
    bucket, _, prefix = path.path.partition("/")
    n_aborted = 0
    more: dict[str, Any] = {}
    while True:
        answer = path.fs.call_s3("list_multipart_uploads", Bucket=bucket, Prefix=prefix, **more)
        for upload in answer.get("Uploads") or []:
            if upload["Key"] == prefix or not prefix or upload["Key"].startswith(f"{prefix.rstrip('/')}/"):
                path.fs.call_s3("abort_multipart_upload", Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
                n_aborted += 1
        if not answer.get("IsTruncated"):
            return n_aborted
        more = {"KeyMarker": answer["NextKeyMarker"], "UploadIdMarker": answer["NextUploadIdMarker"]}


def _of_unknown_etag(etag: str) -> ContentHash | None:
    """An ETag that is no digest changes with the content, but two equal ones of different objects say nothing."""
    return ContentHash(hash_string(etag), "md5-etag") if etag else None
