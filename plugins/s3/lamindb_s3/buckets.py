"""Facts about whole buckets: where they lie."""

from __future__ import annotations

from typing import Any


def bucket_region(path: Any) -> str | None:
    """Return the region of the bucket of a path, `None` if the server doesn't tell.

    Raises:
        FileNotFoundError: if there is no such bucket.
    """
    bucket = path.path.partition("/")[0]
    try:
        answer = path.fs.call_s3("head_bucket", Bucket=bucket)
    except FileNotFoundError:
        raise
    except OSError as error:  # an answer that refuses access names the region, too
        answer = getattr(error.__cause__, "response", {})
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return headers.get("x-amz-bucket-region") or answer.get("BucketRegion")
