"""Reads the compressed copy of a database that lies in a local storage (`.lamindb/lamin.db.gz`) when the database itself can't be had."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from pathlib import Path

from lamindb.storage.roots import MANAGED_FOLDER, storage_type_of

SNAPSHOT_NAME = "lamin.db.gz"


def unpacked_snapshot(root: str | os.PathLike[str] | None) -> Path | None:
    """Return the unpacked copy in the cache, brought up to date; `None` if the storage has no snapshot.

    Args:
        root: storage root; only local ones are looked at.

    Raises:
        InstanceCorrupted: if the snapshot is damaged.
    """
    if root is None or storage_type_of(root) != "local":
        return None
    packed = Path(root) / MANAGED_FOLDER / SNAPSHOT_NAME
    if not packed.is_file():
        return None
    from lamindb.setup.cache_folder import current_cache_dir

    stat = packed.stat()
    key = hashlib.sha256(f"{packed.absolute()}\n{stat.st_mtime_ns}\n{stat.st_size}".encode()).hexdigest()[:32]
    target = current_cache_dir() / "snapshots" / f"{key}.db"
    if not target.is_file():
        _unpack(packed, target)
    return target


def _unpack(packed: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        with gzip.open(packed, "rb") as source, draft.open("wb") as stream:
            shutil.copyfileobj(source, stream)
        os.replace(draft, target)
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        from lamindb.setup.errors import InstanceCorrupted

        draft.unlink(missing_ok=True)
        raise InstanceCorrupted(f"The copy of the database {packed} can't be unpacked: {error}") from error
