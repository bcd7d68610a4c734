"""Storage that the core brings: local files, and reading from web servers."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins.hookspecs import hookimpl
from lamindb.plugins.types import StorageBackend


@hookimpl
def lamindb_storage_backends() -> Iterator[StorageBackend]:
    yield StorageBackend(
        ("local", "file"),
        filesystem="fsspec.implementations.local:LocalFileSystem",
        modified="lamindb.storage.backends:local_modified",
        create_exclusive="lamindb.storage.backends:local_create_exclusive",
        rename_is_atomic=True,
    )
    yield StorageBackend(
        ("http", "https"),
        filesystem="fsspec.implementations.http:HTTPFileSystem",
        credentials="lamindb.storage.backends:http_storage_options",
        content_hash="lamindb.storage.backends:http_content_hash",
        modified="lamindb.storage.backends:http_modified",
        is_read_only=True,
    )
