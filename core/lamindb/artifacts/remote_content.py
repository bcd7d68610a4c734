"""What is known of the bytes of a remote object without downloading it: the checksum that its store keeps, typed as what it is."""

from __future__ import annotations

from typing import Any

from lamindb.artifacts.content import Content
from lamindb.base.logging import logger
from lamindb.base.settings import creation_settings
from lamindb.storage.hashing import MD5_MAX_SIZE, FileEntry, hash_entries


def read_remote_content(path: Any, *, check_exists: bool = True) -> Content:
    """Return size, hash and number of files of a remote file or folder, from one look or one listing.

    Args:
        path: remote `UPath`.
        check_exists: raise if there is nothing.

    Raises:
        FileNotFoundError: if there is nothing at the path.
    """
    if creation_settings.artifact_skip_size_hash:
        if check_exists and not path.exists():
            raise FileNotFoundError(f"There is no {path}")
        return Content(None, None, None, None)
    try:
        info = path.fs.info(path.path)
    except FileNotFoundError:
        if check_exists:
            raise FileNotFoundError(f"There is no {path}") from None
        return Content(None, None, None, None)
    except OSError as error:  # may be forbidden to look, but not to read
        logger.warning("did not add size and hash for %s, which can't be looked at: %s", path, error)
        return Content(None, None, None, None)
    if info.get("type") == "directory":
        return _read_folder(path)
    size = info.get("size")
    found = _hash_of(path, info)
    if found is None:
        logger.warning("did not add hash for %s: its store keeps no checksum", path)
    return Content(
        None if size is None else int(size),
        found.hash if found else None,
        found.hash_type if found else None,
        None,
    )


def _hash_of(path: Any, info: dict[str, Any]) -> Any:
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(path.protocol)
    return backend.hash_of(info) if backend is not None else None


def _read_folder(path: Any) -> Content:
    fs = path.fs
    root = fs._strip_protocol(path.path).rstrip("/")
    entries: list[FileEntry] | None = []
    types: set[str] = set()
    size, n_files = 0, 0
    for name, info in fs.find(path.path, detail=True).items():
        if info.get("type") == "directory" or name.rstrip("/") == root or name.endswith("/"):
            continue  # object stores keep empty objects for folders
        n_files += 1
        size += int(info.get("size") or 0)
        found = _hash_of(path, info)
        if found is None:
            entries = None
        elif entries is not None:
            relative = name.removeprefix(root).lstrip("/")
            entries.append(FileEntry(relative, int(info.get("size") or 0), found.hash))
            is_content = found.hash_type == ("md5" if int(info.get("size") or 0) <= MD5_MAX_SIZE else "blake3")
            types.add("content" if is_content else found.hash_type)
    if not entries:
        logger.warning("did not add hash for %s: its store keeps no checksum of every file", path)
        return Content(size, None, None, n_files)
    combined = hash_entries(entries, where=str(path))
    # equal to the hash of the same local folder only if every checksum is what we would have computed
    hash_type = combined.hash_type if types == {"content"} else "etags-d"
    return Content(size, combined.hash, hash_type, n_files)
