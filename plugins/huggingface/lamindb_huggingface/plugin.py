"""What this package contributes to LaminDB: the storage backend of `hf://`."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import StorageBackend


@hookimpl
def lamindb_storage_backends() -> Iterator[StorageBackend]:
    yield StorageBackend(
        ("hf",),
        filesystem="huggingface_hub:HfFileSystem",
        credentials="lamindb_huggingface.repositories:storage_options",
        content_hash="lamindb_huggingface.repositories:content_hash",
        modified="lamindb_huggingface.repositories:modified",
        is_writable="lamindb_huggingface.repositories:is_writable",
        problem="lamindb_huggingface.problems:problem",
    )
