"""Copies of SQLite databases that others can read."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger
from lamindb.setup.errors import CurrentInstanceNotConfigured
from lamindb.setup.settings_singleton import settings
from lamindb.storage.roots import MANAGED_FOLDER, storage_type_of


def upload_sqlite_clone(local_sqlite_path: str | os.PathLike[str] | None = None, compress: bool = True) -> None:
    """Put a consistent copy of a SQLite file into the default storage, as `.lamindb/lamin.db.gz` (or `lamin.db`).

    Args:
        local_sqlite_path: the file (default: the database of the current instance).
        compress: compress it with gzip.

    Raises:
        CurrentInstanceNotConfigured: without instance.
        FileNotFoundError: if the file doesn't exist.
        ValueError: if the copy would replace the database itself.
    """
    if not settings.is_configured:
        raise CurrentInstanceNotConfigured
    instance = settings.instance
    source = Path(local_sqlite_path) if local_sqlite_path is not None else instance.database_path
    if source is None or not source.is_file():
        raise FileNotFoundError(f"There is no SQLite file {source} to upload: pass local_sqlite_path")
    root = instance.default_root
    assert root is not None  # only none/none has no default root
    name = "lamin.db.gz" if compress else "lamin.db"
    if not compress and instance.dialect == "sqlite":
        raise ValueError("The default storage holds the database of this instance as lamin.db: pass compress=True")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "lamin.db"
        back_up_sqlite(source, copy)
        if compress:
            with copy.open("rb") as plain, gzip.open(Path(folder) / name, "wb") as packed:
                shutil.copyfileobj(plain, packed)
        if storage_type_of(root) == "local":
            target: Any = Path(root) / MANAGED_FOLDER / name
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{name}.tmp")
            shutil.copyfile(Path(folder) / name, draft)
            os.replace(draft, target)
        else:
            target = instance.storage.root / MANAGED_FOLDER / name
            target.upload_from(Path(folder) / name, print_progress=False)
    logger.important(f"uploaded a copy of the database to {target}")


def back_up_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite file as of one moment, even while others write to it."""
    reading, writing = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True), sqlite3.connect(target)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()
