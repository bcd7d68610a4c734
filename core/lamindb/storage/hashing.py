"""Content hashes that cover every byte of files and folders, and hashes of strings, sets and dictionaries.

Files up to `MD5_MAX_SIZE` have the MD5 of their content, larger ones BLAKE3; folders have a digest over (relative path, size, file hash). All are URL-safe base64 cut to
22 characters. The older sampling hashes of LaminDB live in :mod:`lamindb.storage.legacy_hashing`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

#: Size in bytes up to which a file's hash is MD5, so that hashes of small files equal those that other LaminDB databases hold.
MD5_MAX_SIZE: Final = 100_000_000
HASH_LENGTH: Final = 22
_READ_SIZE = 1 << 20
#: BLAKE3 of pieces of this size is computed by all processors.
_PARALLEL_READ_SIZE = 8 << 20
#: Hashing is bound by reading; more threads than this don't help on one disk.
_MAX_WORKERS = 8


class FileHash(NamedTuple):
    """Size in bytes, hash and hash type (`md5` or `blake3`) of a file."""

    size: int
    hash: str
    hash_type: str


class DirectoryHash(NamedTuple):
    """Total size in bytes, hash, hash type (`blake3-d`) and number of files of a folder."""

    size: int
    hash: str
    hash_type: str
    n_files: int


class FileEntry(NamedTuple):
    """One file of a folder: its relative posix path, size in bytes and hash."""

    path: str
    size: int
    hash: str


class ContentHasher:
    """Hash of bytes that arrive in pieces, of the type that a file of `size` bytes has.

    Args:
        size: expected total number of bytes; it decides between MD5 and BLAKE3.

    Example:
        >>> hasher = ContentHasher(size=3)
        >>> hasher.update(b"abc")
        >>> hasher.result()
        FileHash(size=3, hash='kAFQmDzST7DWlj99KOF_cg', hash_type='md5')
    """

    def __init__(self, size: int) -> None:
        self.hash_type = "md5" if size <= MD5_MAX_SIZE else "blake3"
        self._digest = _new_digest(self.hash_type)
        self._n_bytes = 0

    def update(self, data: bytes | memoryview) -> None:
        """Add the next piece."""
        self._digest.update(data)
        self._n_bytes += len(data)

    def result(self) -> FileHash:
        """Return size, hash and type of everything so far."""
        return FileHash(self._n_bytes, encode_hash(self._digest.digest()), self.hash_type)


class _Unset:
    pass


_UNSET: Final = _Unset()


def hash_file(
    path: str | os.PathLike[str], file_size: int | None = None, chunk_size: int | _Unset | None = _UNSET
) -> FileHash:
    """Hash the content of a file.

    Args:
        path: local file, or a `UPath` of any file system.
        file_size: ignored unless `chunk_size` is a number; kept for scripts that pass it.
        chunk_size: leave it out for the hash that artifacts have; `None` gives the MD5 of any file, a number
            the sampling `sha1-fl` hash of older databases for files larger than that (see `legacy_hashing`).

    Returns:
        Size in bytes, hash and hash type; unpacks into three values.

    Raises:
        FileNotFoundError: if there is no such file.

    Example:
        >>> size, hash, hash_type = hash_file("reads.fastq")  # doctest: +SKIP
    """
    if isinstance(chunk_size, int):
        from lamindb.storage.legacy_hashing import hash_file_sampled

        return hash_file_sampled(path, chunk_size, file_size)
    with _open_binary(path) as stream:
        if chunk_size is None:
            return _hash_stream(stream, "md5")
        return _hash_stream(stream, "md5" if _stream_size(stream, path) <= MD5_MAX_SIZE else "blake3")


def copy_and_hash(source: BinaryIO, target: BinaryIO, size: int) -> FileHash:
    """Copy a stream and hash it in the same pass.

    Args:
        source: stream to read to its end.
        target: stream to write.
        size: expected number of bytes; it decides the hash type.
    """
    hasher = ContentHasher(size)
    while piece := source.read(_READ_SIZE):
        target.write(piece)
        hasher.update(piece)
    return hasher.result()


def hash_dir(path: str | os.PathLike[str], max_workers: int | None = None) -> DirectoryHash:
    """Hash a folder: names, sizes and contents of all files in it, recursively.

    Symbolic links are followed, as copying the folder does. Empty sub-folders don't count, because object stores have none.

    Args:
        path: local folder.
        max_workers: threads that hash files (default: number of processors, at most 8).

    Returns:
        Total size in bytes, hash, type `blake3-d` and number of files; unpacks into four values.

    Raises:
        NotADirectoryError: if `path` is no folder.
        ValueError: if the folder holds no file.
    """
    root = Path(path)
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is not a folder; hash a single file with hash_file()")
    return hash_entries(hash_tree(root, max_workers), where=str(root))


def hash_tree(path: str | os.PathLike[str], max_workers: int | None = None) -> list[FileEntry]:
    """Hash every file of a local folder in parallel, walking it once; entries are sorted by path."""
    root = Path(path)
    relative_paths = sorted(walk_files(root))
    workers = max_workers or min(_MAX_WORKERS, os.cpu_count() or 1)
    if len(relative_paths) < 2 or workers < 2:
        hashes = [hash_file(root / name) for name in relative_paths]
    else:
        with ThreadPoolExecutor(workers) as pool:
            hashes = list(pool.map(lambda name: hash_file(root / name), relative_paths))
    return [FileEntry(name, found.size, found.hash) for name, found in zip(relative_paths, hashes, strict=True)]


def hash_entries(entries: Iterable[FileEntry], where: str = "the folder") -> DirectoryHash:
    """Combine the entries of a folder, in any order, to its hash; this is how folders of object stores are hashed.

    Raises:
        ValueError: if there are no entries.
    """
    from blake3 import blake3

    ordered = sorted(entries, key=lambda entry: _path_bytes(entry.path))
    if not ordered:
        raise ValueError(f"{where} contains no file, so there is nothing to hash: add files or pass another folder")
    digest = blake3()
    for entry in ordered:
        # neither NUL nor newline can be forged: paths have no NUL, sizes and hashes have neither
        digest.update(b"%b\0%d\0%b\n" % (_path_bytes(entry.path), entry.size, entry.hash.encode()))
    total = sum(entry.size for entry in ordered)
    return DirectoryHash(total, encode_hash(digest.digest()), "blake3-d", len(ordered))


def walk_files(root: Path) -> Iterator[str]:
    """Yield the relative posix paths of all files below `root`, following links but never in circles.

    Raises:
        FileNotFoundError: for a link whose target is missing.
    """
    yield from _walk(str(root), "", frozenset({os.path.realpath(root)}))


def _walk(folder: str, prefix: str, ancestors: frozenset[str]) -> Iterator[str]:
    with os.scandir(folder) as entries:
        found = list(entries)
    for entry in found:
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            real = os.path.realpath(entry.path)
            if real in ancestors:
                continue  # a link to a folder that contains it
            yield from _walk(entry.path, f"{name}/", ancestors | {real})
        elif entry.is_symlink() and not os.path.exists(entry.path):
            raise FileNotFoundError(f"{entry.path} is a link to {os.readlink(entry.path)!r}, which does not exist")
        else:
            yield name


def encode_hash(digest: bytes) -> str:
    """Return a digest in URL-safe base64 without padding, cut to 22 characters."""
    return to_b64_str(digest)[:HASH_LENGTH]


def to_b64_str(data: bytes) -> str:
    """Return bytes in URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def b16_to_b64(text: str) -> str:
    """Turn a hexadecimal digest (such as an ETag of S3) into the form of stored hashes.

    Example:
        >>> b16_to_b64("9b89c8c1acf79dba5b5341d1fff9806f")
        'm4nIwaz3nbpbU0HR__mAbw'
    """
    return encode_hash(bytes.fromhex(text))


def hash_small_bytes(data: bytes) -> str:
    """Return the MD5 of bytes that are in memory."""
    return to_b64_str(_md5(data).digest())


def hash_string(string: str) -> str:
    """Return the hash of a text.

    Example:
        >>> hash_string("a")
        'DMF1ucDxtqgxw5niaXcmYQ'
    """
    return encode_hash(_md5(string.encode()).digest())


def hash_set(items: Iterable[str]) -> str:
    """Return the hash of a set of strings; their order doesn't matter.

    Example:
        >>> hash_set({"b", "a"})
        '2BYMmz3CDU6TGutPRSYhVQ'
    """
    return hash_string(":".join(sorted(set(items))))


def hash_dict(dictionary: dict[str, Any]) -> str:
    """Return the hash of a dictionary that JSON can express; the order of its keys doesn't matter.

    Example:
        >>> hash_dict({"b": 1, "a": [1, 2]})
        'vSrkP8i5TjQWigabbCBgtw'
    """
    return hash_string(json.dumps(dictionary, sort_keys=True))


def hash_from_hashes_list(hashes: Iterable[str]) -> str:
    """Return the hash of a collection of hashes; their order doesn't matter, duplicates count.

    Example:
        >>> hash_from_hashes_list(["y", "x"])
        'vmmWy3BvNNZbn-6HRTJavw'
    """
    digests = b"".join(_md5(text.encode()).digest() for text in sorted(hashes))
    return encode_hash(_md5(digests).digest())


def hash_code(path: str | os.PathLike[str]) -> Any:
    """Return the digest object (SHA-1) that git computes for a file's content."""
    content = Path(path).read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)


def _md5(data: bytes = b"") -> Any:
    return hashlib.md5(data, usedforsecurity=False)


def _new_digest(hash_type: str) -> Any:
    if hash_type == "md5":
        return _md5()
    from blake3 import blake3

    return blake3(max_threads=blake3.AUTO)


def _open_binary(path: str | os.PathLike[str]) -> BinaryIO:
    if isinstance(path, (str, Path)):
        return open(path, "rb")
    return path.open("rb")  # type: ignore[attr-defined]  # a UPath of another file system


def _stream_size(stream: BinaryIO, path: Any) -> int:
    if isinstance(path, (str, Path)):
        return os.fstat(stream.fileno()).st_size
    return int(path.stat().st_size)


def _hash_stream(stream: BinaryIO, hash_type: str) -> FileHash:
    digest, size = _new_digest(hash_type), 0
    # mapping a file would be quicker, but all of it counts as memory of the process, which is killed if the file gets shorter meanwhile
    while piece := stream.read(_READ_SIZE if hash_type == "md5" else _PARALLEL_READ_SIZE):
        digest.update(piece)
        size += len(piece)
    return FileHash(size, encode_hash(digest.digest()), hash_type)


def blake3_of(path: str | os.PathLike[str]) -> FileHash:
    """Return size and BLAKE3 of a local file of any size."""
    with open(path, "rb") as stream:
        return _hash_stream(stream, "blake3")


def _path_bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")  # names on disk need not be valid UTF-8
