"""What this package contributes to LaminDB: the storage backend of `s3://`."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import StorageBackend


@hookimpl
def lamindb_storage_backends() -> Iterator[StorageBackend]:
    yield StorageBackend(
        ("s3", "s3a"),
        filesystem="s3fs:S3FileSystem",
        credentials="lamindb_s3.credentials:storage_options",
        region="lamindb_s3.buckets:bucket_region",
        content_hash="lamindb_s3.objects:content_hash",
        object_hash="lamindb_s3.objects:object_hash",
        modified="lamindb_s3.objects:modified",
        create_exclusive="lamindb_s3.objects:create_exclusive",
        object_version="lamindb_s3.objects:object_version",
        replace_object="lamindb_s3.objects:replace_object",
        discard_unfinished="lamindb_s3.objects:discard_unfinished",
        problem="lamindb_s3.problems:problem",
        prepare="lamindb_s3.credentials:prepare",
        program_environment="lamindb_s3.program_credentials:program_environment",
    )
