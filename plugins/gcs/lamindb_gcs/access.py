"""How buckets are opened, and where they lie."""

from __future__ import annotations

import os
import sys
from typing import Any


def storage_options(path: Any) -> dict[str, Any]:
    """Return the options of gcsfs for a path.

    Without a token of the path, gcsfs takes the default credentials of Google (`GOOGLE_APPLICATION_CREDENTIALS`, or
    `gcloud auth application-default login`), else none. A server of your own (`endpoint_url`, `STORAGE_EMULATOR_HOST`) gets none.

    Args:
        path: a `UPath`; what its own `storage_options` say wins.
    """
    given = dict(path.storage_options)
    is_own_server = given.get("endpoint_url") or os.environ.get("STORAGE_EMULATOR_HOST")
    if is_own_server and "gcsfs" not in sys.modules:
        # newer gcsfs asks each bucket for its layout over gRPC, which only Google's own service speaks; others leave it waiting
        os.environ.setdefault("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")
    return {**({"token": "anon"} if is_own_server else {}), "use_listings_cache": True, **given}


def bucket_region(path: Any) -> str | None:
    """Return the location of the bucket of a path, in lower case.

    Raises:
        FileNotFoundError: if there is no such bucket.
    """
    answer = path.fs.call("GET", "b/{}", path.path.partition("/")[0], json_out=True)
    location = answer.get("location")
    return None if location is None else str(location).lower()
