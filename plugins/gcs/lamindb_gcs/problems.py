"""What errors of gcsfs and google-auth mean, and what helps."""

from __future__ import annotations

from typing import Any

from lamindb.plugins.types import StorageProblem

_CREDENTIALS = (
    "Credentials come from GOOGLE_APPLICATION_CREDENTIALS, from `gcloud auth application-default login`, "
    "or from ln.settings.storage = (root, {'token': …})"
)
_BUSY = {408, 429, 500, 502, 503, 504}


def problem(error: BaseException, path: Any) -> StorageProblem | None:
    """Return what an error means, `None` if it is nothing that the user could mend at the store."""
    import aiohttp
    import google.auth.exceptions as google_errors
    import requests
    from gcsfs.retry import HttpError

    place = str(path.storage_options.get("endpoint_url") or "Google Cloud Storage")
    bucket = path.path.partition("/")[0]
    code = _code_of(error) if isinstance(error, HttpError) else None
    if isinstance(error, google_errors.TransportError) or (code in _BUSY):
        return StorageProblem("unreachable", f"{place} can't be reached, or broke off ({_short(error)})")
    if isinstance(error, google_errors.GoogleAuthError) or code == 401:
        return StorageProblem("denied", f"There are no usable credentials for {path} ({_short(error)}). {_CREDENTIALS}")
    is_forbidden = type(error) is OSError and str(error).startswith("Forbidden")
    if is_forbidden or code == 403 or isinstance(error, PermissionError):
        return StorageProblem(
            "denied",
            f"The credentials in use don't permit this at {path} ({_short(error)}). Ask whoever owns the bucket {bucket!r}, or use others. "
            f"{_CREDENTIALS}",
        )
    if isinstance(error, FileNotFoundError) and str(error).endswith((f"b/{bucket}", f"b/{bucket}/o")):
        return StorageProblem("missing", f"There is no bucket {bucket!r} at {place}: create it, or correct the name")
    is_connection = isinstance(
        error,
        (
            aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, requests.exceptions.ConnectionError,
            requests.exceptions.Timeout, ConnectionError, TimeoutError,
        ),
    )  # fmt: skip
    if is_connection:
        return StorageProblem("unreachable", f"{place} can't be reached, or broke off ({_short(error)})")
    return None


def _code_of(error: BaseException) -> int | None:
    try:
        return int(getattr(error, "code", None) or 0)
    except (TypeError, ValueError):
        return None


def _short(error: BaseException) -> str:
    text = str(error).splitlines()[0] if str(error) else ""
    return f"{type(error).__name__}: {text}"[:300]
