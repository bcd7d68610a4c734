"""Hashes of remote files and folders, made of the checksums that their store keeps, and the check of local copies against them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lamindb.plugins.types import ContentHash
from lamindb.storage.hashing import MD5_MAX_SIZE, FileEntry, blake3_of, encode_hash, hash_dir, hash_entries, hash_file
from lamindb.storage.listing import RemoteFile, list_remote_files

#: Types that change with the content, but whose equality says nothing of two different objects.
WEAK_TYPES: Final = frozenset({"md5-etag", "etag-d"})
#: A folder whose files have checksums of the store that differ from those of local files (of objects that were sent in parts, for instance).
STORE_FOLDER: Final = "blake3-d-store"
#: The same, with at least one checksum of a weak type.
WEAK_FOLDER: Final = "etag-d"
_MULTIPART = re.compile(r"^md5-(\d+)$")
_MIB = 1 << 20


@dataclass(frozen=True)
class RemoteContent:
    """What a store tells of a file or folder without reading it: bytes, hash, type of the hash, and number of files of a folder."""

    size: int | None
    hash: str | None
    hash_type: str | None
    n_files: int | None


def remote_content(path: Any) -> RemoteContent:
    """Return size, hash and number of files of a remote file or folder: one `stat` for a file, one listing for a folder.

    Raises:
        FileNotFoundError: if there is nothing at the path.
        StorageUnreachable: if the store doesn't answer.

    Example:
        >>> remote_content(UPath("s3://bucket/x.csv")).hash_type  # doctest: +SKIP
        'md5'
    """
    files = list_remote_files(path)
    if not files:
        raise FileNotFoundError(
            f"There is nothing at {path}: correct the path, or check that your credentials may list it"
        )
    if len(files) == 1 and files[0].relative == "":
        found = object_checksum(path, files[0])
        return RemoteContent(files[0].size, found.hash if found else None, found.hash_type if found else None, None)
    return folder_content(files, weak=_is_weak(object_checksum(path, files[0])))


def object_checksum(path: Any, file: RemoteFile) -> ContentHash | None:
    """Return the strongest checksum that the store keeps of one object."""
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(path.protocol)
    if backend is None or backend.object_hash is None:
        return file.checksum
    from lamindb.storage.retrying import with_retries
    from lamindb.storage.upath import UPath

    place = path if not file.relative else UPath(f"{path.protocol}://{file.path}", **path.storage_options)
    info = {"ETag": "", "name": file.path, "size": file.size}
    return (
        with_retries(place, lambda: backend.resolve("object_hash")(place, info), what=f"checking {place}")
        or file.checksum
    )


def folder_content(files: Iterable[RemoteFile], *, weak: bool = False) -> RemoteContent:
    """Combine the checksums of the objects of a folder; where they allow it, to the hash that the local folder has.

    Args:
        files: the objects.
        weak: take no checksum for a digest of content, whatever it looks like.
    """
    listed = list(files)
    if any(file.size is None for file in listed):
        return RemoteContent(None, None, None, len(listed))
    total = sum(file.size or 0 for file in listed)
    if any(file.checksum is None for file in listed):
        return RemoteContent(total, None, None, len(listed))
    entries, types = [], set()
    for file in listed:
        checksum, size = file.checksum, file.size or 0
        assert checksum is not None  # looked at above
        is_as_local = checksum.hash_type == "md5" and size <= MD5_MAX_SIZE
        types.add("local" if is_as_local else checksum.hash_type)
        entries.append(
            FileEntry(file.relative, size, checksum.hash if is_as_local else f"{checksum.hash_type}:{checksum.hash}")
        )
    combined = hash_entries(entries)
    if weak or types & WEAK_TYPES:
        return RemoteContent(total, combined.hash, WEAK_FOLDER, len(listed))
    return RemoteContent(total, combined.hash, "blake3-d" if types == {"local"} else STORE_FOLDER, len(listed))


def copy_matches(local: Path, content_hash: str, hash_type: str) -> bool | None:
    """Compare every byte of a local copy with a hash; `None` if a hash of that type can't be made of local bytes.

    Args:
        local: file or folder.
        content_hash: stored hash.
        hash_type: its type.
    """
    if local.is_dir():
        return hash_dir(local).hash == content_hash if hash_type == "blake3-d" else None
    if hash_type in ("md5", "blake3"):
        return _file_hash(local, hash_type) == content_hash
    if hash_type == "sha256":
        with local.open("rb") as stream:
            return encode_hash(hashlib.file_digest(stream, "sha256").digest()) == content_hash
    if hash_type == "sha1":  # of git: that of a header and the content
        digest = hashlib.sha1(f"blob {local.stat().st_size}\0".encode(), usedforsecurity=False)
        with local.open("rb") as stream:
            while piece := stream.read(_MIB):
                digest.update(piece)
        return encode_hash(digest.digest()) == content_hash
    parts = _MULTIPART.match(hash_type)
    return _parts_match(local, content_hash, int(parts[1])) if parts is not None else None


def _is_weak(checksum: ContentHash | None) -> bool:
    return checksum is not None and checksum.hash_type in WEAK_TYPES


def _file_hash(local: Path, hash_type: str) -> str | None:
    if hash_type == "md5":
        return hash_file(local, chunk_size=None).hash
    found = hash_file(local)
    if found.hash_type == hash_type:
        return found.hash
    return blake3_of(local).hash


def _parts_match(local: Path, content_hash: str, n_parts: int) -> bool | None:
    """Try the sizes of parts that clients use, as the store keeps only their number; `None` if none of them fits."""
    size = local.stat().st_size
    for part_size in _part_sizes(size, n_parts):
        digests = b""
        with local.open("rb") as stream:
            while piece := stream.read(part_size):
                digests += hashlib.md5(piece, usedforsecurity=False).digest()
        if encode_hash(hashlib.md5(digests, usedforsecurity=False).digest()) == content_hash:
            return True
    return None


def _part_sizes(size: int, n_parts: int) -> list[int]:
    usual = [5, 8, 10, 15, 16, 25, 32, 50, 64, 100, 128, 256, 512]
    even = -(-size // n_parts)
    candidates = [*(mib * _MIB for mib in usual), even, -(-even // _MIB) * _MIB, 50_000_000, 8_000_000, 16_000_000]
    return sorted({part for part in candidates if -(-size // part) == n_parts})
