"""The hashes that older LaminDB databases hold for large files (`sha1-fl`) and folders (`md5-d`).

They sample or ignore part of what they name, so they never establish that two things are equal; they serve to recognise what such a database recorded.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from lamindb.storage.hashing import (
    DirectoryHash,
    FileHash,
    encode_hash,
    hash_file,
    hash_from_hashes_list,
    walk_files,
)

#: 50 MiB, the size up to which older databases hashed a whole file.
LEGACY_CHUNK_SIZE = 52_428_800


def hash_file_sampled(
    path: str | os.PathLike[str], chunk_size: int = LEGACY_CHUNK_SIZE, file_size: int | None = None
) -> FileHash:
    """Return the MD5 of a file of at most `chunk_size` bytes, else `sha1-fl`: SHA-1 over the SHA-1 of its first and last `chunk_size` bytes.

    Args:
        path: local file.
        chunk_size: bytes sampled at either end.
        file_size: size to go by, if it is known already.
    """
    size = Path(path).stat().st_size if file_size is None else file_size
    if size <= chunk_size:
        return hash_file(path, chunk_size=None)
    with open(path, "rb") as stream:
        first = stream.read(chunk_size)
        stream.seek(-chunk_size, os.SEEK_END)
        last = stream.read(chunk_size)
    return FileHash(size, encode_hash(_sha1(_sha1(first) + _sha1(last))), "sha1-fl")


def hash_dir_sampled(path: str | os.PathLike[str]) -> DirectoryHash:
    """Return `md5-d`: a digest over the sorted sampled hashes of a folder's files, whatever their names."""
    root = Path(path)
    hashes = [hash_file_sampled(root / name) for name in walk_files(root)]
    if not hashes:
        raise ValueError(f"{root} contains no file, so there is nothing to hash")
    total = sum(found.size for found in hashes)
    return DirectoryHash(total, hash_from_hashes_list(found.hash for found in hashes), "md5-d", len(hashes))


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()
