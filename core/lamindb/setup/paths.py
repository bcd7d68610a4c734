"""Local copies of remote paths in the cache of this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lamindb.storage.cache import cache_path_for
from lamindb.storage.roots import storage_type_of


def cloud_to_local(filepath: str | os.PathLike[str], cache_key: str | None = None, **kwargs: Any) -> Path:
    """Return an up-to-date local copy of a remote path; a local path is returned as it is.

    Args:
        filepath: path, URL or `UPath`.
        cache_key: relative place in the cache to use instead of the one derived from the path.
        **kwargs: passed to `UPath.synchronize_to`.
    """
    local = cloud_to_local_no_update(filepath, cache_key)
    if storage_type_of(filepath) != "local":
        from lamindb.storage.upath import create_path

        local.parent.mkdir(parents=True, exist_ok=True)
        create_path(filepath).synchronize_to(local, **{"print_progress": True, **kwargs})
    return local


def cloud_to_local_no_update(filepath: str | os.PathLike[str], cache_key: str | None = None) -> Path:
    """Return where the local copy of a remote path is, or would be."""
    from lamindb.setup.settings_singleton import settings

    return cache_path_for(filepath, settings.cache_dir, cache_key)


class Paths:
    """The same as static methods, `settings.paths`."""

    cloud_to_local = staticmethod(cloud_to_local)
    cloud_to_local_no_update = staticmethod(cloud_to_local_no_update)
