"""Which folder is the cache of this machine, and how it is set and emptied."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.storage.cache import check_cache_dir

_KEY = "lamindb_cache_path"


def current_cache_dir() -> Path:
    """Return the cache folder: `LAMIN_CACHE_DIR`, else the stored one, else the machine-wide one, else that of the platform.

    Raises:
        ValueError: if the configured path is relative, remote or a file.
    """
    from_env = os.environ.get("LAMIN_CACHE_DIR")
    folder = check_cache_dir(from_env) if from_env else _stored() or default_cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        logger.warning(
            f"the cache folder {folder} can't be created ({error.strerror}); set another: lamin settings cache-dir set <path>"
        )
    return folder


def default_cache_dir() -> Path:
    """Return the machine-wide cache folder, else that of the platform."""
    stored = (files.read_dotenv(files.system_settings_file()) or {}).get(_KEY)
    if stored is not None:
        return check_cache_dir(stored)
    import platformdirs

    return Path(platformdirs.user_cache_dir()) / "lamindb"


def set_cache_dir(path: str | os.PathLike[str] | None, *, move: bool = False) -> Path:
    """Use another cache folder from now on.

    Args:
        path: absolute local path; `None` or `"null"` goes back to the default.
        move: take the content of the present cache along. Without, it stays where it is, and is simply not used any more.

    Returns:
        The cache folder in force.

    Raises:
        ValueError: if the path is relative, remote or a file.
    """
    before = current_cache_dir()
    if path is None or str(path) == "null":
        files.write_dotenv(files.storage_file(), {_KEY: None})
    else:
        folder = check_cache_dir(path)
        folder.mkdir(parents=True, exist_ok=True)
        if move and before.is_dir() and before.resolve() != folder.resolve():
            _move_content(before, folder)
        files.write_dotenv(files.storage_file(), {_KEY: folder.as_posix()})
    now = current_cache_dir()
    if now != before and os.environ.get("LAMIN_CACHE_DIR"):
        return now
    if os.environ.get("LAMIN_CACHE_DIR"):
        logger.warning(f"LAMIN_CACHE_DIR is set and wins over the stored cache folder: the cache stays at {now}")
    return now


def clear_cache_dir() -> None:
    """Delete everything in the cache folder, after a database whose working copy is there was disconnected."""
    from lamindb.setup.settings_singleton import settings

    folder = current_cache_dir()
    database = settings.instance.database_path if settings.is_configured else None
    if database is not None and database.is_relative_to(folder):
        from lamindb.setup._disconnect import disconnect

        disconnect()
    from lamindb.setup.cloud_database import unsynchronised_folders

    kept = unsynchronised_folders(folder)
    for place in kept:
        logger.warning(f"{place} stays, because it has changes that are not in the bucket, or a process writes there")
    _empty(folder, kept)
    logger.success("the cache folder was cleared")


def _empty(folder: Path, kept: list[Path]) -> None:
    for child in folder.iterdir():
        if child in kept:
            continue
        if child.is_symlink() or not child.is_dir():
            child.unlink()
        elif any(place.is_relative_to(child) for place in kept):
            _empty(child, kept)
        else:
            shutil.rmtree(child)


def _stored() -> Path | None:
    stored = (files.read_dotenv(files.storage_file()) or {}).get(_KEY)
    return None if stored is None else check_cache_dir(stored)


def _move_content(source: Path, target: Path) -> None:
    for child in source.iterdir():
        if (target / child.name).exists():
            logger.warning(f"{child} stays where it is, because {target} has something of that name")
            continue
        shutil.move(child, target / child.name)
