"""What is known of the bytes of a remote object without downloading it: the checksum that its store keeps, typed as what it is."""

from __future__ import annotations

from typing import Any

from lamindb.artifacts.content import Content
from lamindb.base.logging import logger
from lamindb.base.settings import creation_settings
from lamindb.storage.retrying import StorageAccessDenied, with_retries


def read_remote_content(path: Any, *, check_exists: bool = True) -> Content:
    """Return size, hash and number of files of a remote file or folder, from one look or one listing.

    Args:
        path: remote `UPath`.
        check_exists: raise if there is nothing.

    Raises:
        FileNotFoundError: if there is nothing at the path.
        StorageUnreachable: if the store doesn't answer.
    """
    if creation_settings.artifact_skip_size_hash:
        if check_exists and not with_retries(path, path.exists, what=f"looking for {path}"):
            raise FileNotFoundError(f"There is no {path}")
        return Content(None, None, None, None)
    from lamindb.storage.checksums import remote_content

    try:
        found = remote_content(path)
    except StorageAccessDenied as error:  # may be forbidden to look, but not to read
        logger.warning("did not add size and hash for %s, which can't be looked at: %s", path, error)
        return Content(None, None, None, None)
    except FileNotFoundError:
        if check_exists:
            raise
        return Content(None, None, None, None)
    if found.hash is None:
        logger.warning("did not add hash for %s: its store keeps no checksum of it", path)
    return Content(found.size, found.hash, found.hash_type, found.n_files)
