"""`ln.core.storage.paths`: the folder that lamindb manages in a storage location, and deletion of what lies in storage."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

#: Beginning of the keys of what lamindb places itself.
AUTO_KEY_PREFIX = ".lamindb/"


def delete_storage(path: str | os.PathLike[str] | Any, raise_file_not_found_error: bool = True) -> str | None:
    """Delete a file or folder, local or remote.

    Args:
        path: what to delete.
        raise_file_not_found_error: raise if there is nothing; else return `"did-not-delete"`.

    Raises:
        FileNotFoundError: if there is nothing.
    """
    from lamindb.storage.upath import local_or_remote

    place = local_or_remote(path)
    if not place.exists():
        if raise_file_not_found_error:
            raise FileNotFoundError(f"{place} is not an existing path!")
        return "did-not-delete"
    if not isinstance(place, Path):
        place.fs.rm(place.path, recursive=True)
    elif place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink()
    return None
