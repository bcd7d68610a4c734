"""The marker file of a storage root: it says which storage and which instance the root belongs to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lamindb.base.logging import logger
from lamindb.storage.roots import MANAGED_FOLDER

MARKER_NAME: Final = "storage_uid.txt"
LEGACY_MARKER_NAME: Final = "_is_initialized"
#: What `instance_uid` says when a marker names no instance.
UNKNOWN_INSTANCE: Final = "__unknown__"
#: File names that may stay in the managed folder of an otherwise empty root.
_DATABASE_NAMES = frozenset(
    {"lamin.db", "lamin.db-wal", "lamin.db-shm", "lamin.db-journal", "lamin.db.backup", "lamin.db.gz"}
)


@dataclass(frozen=True)
class StorageMarker:
    """Content of a marker: uid of the storage, and what is known of the instance that manages it."""

    uid: str
    instance_slug: str | None = None
    instance_id: str | None = None
    instance_uid: str | None = None

    def to_text(self) -> str:
        """Return the text of the file (no final newline)."""
        lines = [self.uid]
        if self.instance_uid is not None:
            lines += [
                "creation info:",
                f"instance_slug={self.instance_slug}",
                f"instance_id={self.instance_id}",
                f"instance_uid={self.instance_uid}",
            ]
        return "\n".join(lines)

    @classmethod
    def from_text(cls, text: str) -> StorageMarker:
        """Read a marker; lines that are not understood are ignored."""
        lines = text.strip().splitlines()
        values = dict(line.split("=", 1) for line in lines[1:] if "=" in line)
        known = {key: values.get(key, "").strip() or None for key in ("instance_slug", "instance_id", "instance_uid")}
        return cls(uid=lines[0].strip() if lines else "", **known)


class MarkerExistsError(Exception):
    """The root has a marker already."""


def marker_path(root: Any) -> Any:
    """Return where the marker of `root` (a local path or `UPath`) is."""
    return _as_path(root) / MANAGED_FOLDER / MARKER_NAME


def read_marker(root: Any) -> StorageMarker | None:
    """Return the marker of a root, or `None`; a marker with the former name is renamed.

    Raises:
        PermissionError: if it can't be read.
    """
    path = marker_path(root)
    text = _read_text(path)
    if text is not None:
        return StorageMarker.from_text(text)
    legacy = path.parent / LEGACY_MARKER_NAME
    text = _read_text(legacy)
    if text is None:
        return None
    try:
        legacy.rename(path)
        logger.warning(f"renamed the storage marker {legacy} to {MARKER_NAME}, its name since long")
    except OSError:
        logger.warning(f"{legacy} has the former name of a storage marker, but can't be renamed to {MARKER_NAME}")
    return StorageMarker.from_text(text)


def write_marker(root: Any, marker: StorageMarker) -> None:
    """Write the marker of a root that has none; of several writers exactly one succeeds, if the store can decide that.

    Raises:
        MarkerExistsError: if there is one already.
        OSError: if the root can't be written.
    """
    path = marker_path(root)
    if not isinstance(path, Path):
        _write_remote(path, marker.to_text().encode())
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{MARKER_NAME}.{os.getpid()}.{os.urandom(4).hex()}")
    draft.write_text(marker.to_text())
    try:
        os.link(draft, path)  # unlike rename, fails if the marker is there: readers see all of it or nothing
    except FileExistsError:
        raise MarkerExistsError(str(path)) from None
    except OSError:  # a file system without hard links
        if path.exists():
            raise MarkerExistsError(str(path)) from None
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _write_remote(path: Any, content: bytes) -> None:
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(path.protocol)
    if backend is not None and backend.create_exclusive is not None:
        if not backend.resolve("create_exclusive")(path, content):
            raise MarkerExistsError(str(path))
        return
    if path.exists():
        raise MarkerExistsError(str(path))
    path.fs.pipe_file(path.path, content)


def remove_marker(root: Any) -> None:
    """Remove the marker of a root if there is one."""
    from lamindb.storage.objects import remove

    remove(marker_path(root))


def is_own_file(name: str) -> bool:
    """Tell whether a name directly in the managed folder belongs to the location itself: marker, database, locks, staging."""
    return name in {MARKER_NAME, LEGACY_MARKER_NAME} | _DATABASE_NAMES or name.startswith("_")


def list_managed_objects(root: Any, *, has_database: bool = False) -> list[str]:
    """List what is left below the managed folder of a root, besides its marker, its lock folder and (if told so) its database.

    Args:
        root: local path or `UPath`.
        has_database: the root holds the SQLite file of its instance, which doesn't count.

    Returns:
        Sorted relative posix paths.
    """
    folder = _as_path(root) / MANAGED_FOLDER
    allowed = {MARKER_NAME, LEGACY_MARKER_NAME} | (_DATABASE_NAMES if has_database else set())
    return sorted(name for name in _names_below(folder) if name not in allowed and not name.startswith("_exclusion/"))


def _names_below(folder: Any) -> list[str]:
    if isinstance(folder, Path):
        return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
    from lamindb.storage.listing import list_remote_files

    return [file.relative for file in list_remote_files(folder)]


def _as_path(root: Any) -> Any:
    return Path(root) if isinstance(root, str) else root


def _read_text(path: Any) -> str | None:
    try:
        if isinstance(path, Path):
            return path.read_text()
        path.fs.invalidate_cache()
        return path.fs.cat_file(path.path).decode()
    except (FileNotFoundError, NotADirectoryError):
        return None
