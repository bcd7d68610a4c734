"""What this package contributes to LaminDB: the storage backend of `gs://`."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import StorageBackend


@hookimpl
def lamindb_storage_backends() -> Iterator[StorageBackend]:
    yield StorageBackend(
        ("gs", "gcs"),
        filesystem="gcsfs:GCSFileSystem",
        credentials="lamindb_gcs.access:storage_options",
        region="lamindb_gcs.access:bucket_region",
        content_hash="lamindb_gcs.objects:content_hash",
        modified="lamindb_gcs.objects:modified",
        create_exclusive="lamindb_gcs.objects:create_exclusive",
        object_version="lamindb_gcs.objects:object_version",
        replace_object="lamindb_gcs.objects:replace_object",
        problem="lamindb_gcs.problems:problem",
    )
