"""What errors of s3fs and botocore mean, and what helps."""

from __future__ import annotations

from typing import Any

from lamindb.plugins.types import StorageProblem
from lamindb_s3.credentials import READ_TIMEOUT_VARIABLE, read_timeout

_BAD_CREDENTIALS = {
    "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "TokenRefreshRequired", "RequestTimeTooSkewed",
    "AuthorizationHeaderMalformed", "InvalidClientTokenId",
}  # fmt: skip
_BUSY = {
    "SlowDown",
    "InternalError",
    "ServiceUnavailable",
    "RequestTimeout",
    "500",
    "502",
    "503",
    "504",
    "RequestTimeoutException",
}


def problem(error: BaseException, path: Any) -> StorageProblem | None:
    """Return what an error means, `None` if it is nothing that the user could mend at the store."""
    import aiohttp
    import botocore.exceptions as botocore_errors

    place = _place(path)
    code = _code_of(error)
    bucket = path.path.partition("/")[0]
    if code == "NoSuchBucket":
        return StorageProblem("missing", f"There is no bucket {bucket!r} at {place}: create it, or correct the name")
    if isinstance(error, (botocore_errors.NoCredentialsError, botocore_errors.PartialCredentialsError)):
        return StorageProblem(
            "denied", f"There are no complete credentials for {path}: {error}. {_how_to_give_credentials()}"
        )
    if code in _BAD_CREDENTIALS:
        return StorageProblem(
            "denied", f"{place} doesn't accept the credentials for {path} ({code}). {_how_to_give_credentials()}"
        )
    if isinstance(error, PermissionError) or code in ("AccessDenied", "403"):
        return StorageProblem(
            "denied",
            f"The credentials in use don't permit this at {path}: {error}. Ask whoever owns the bucket {bucket!r}, or use others. "
            f"{_how_to_give_credentials()}",
        )
    if isinstance(error, (botocore_errors.ReadTimeoutError, botocore_errors.ConnectTimeoutError, TimeoutError)):
        is_connected = not isinstance(error, botocore_errors.ConnectTimeoutError)
        what = "takes the connection but doesn't answer" if is_connected else "doesn't take the connection"
        return StorageProblem(
            "silent",
            f"{place} {what} ({_short(error)}). Is it the right address, and does the server run? One that needs more time gets it "
            f"with the environment variable {READ_TIMEOUT_VARIABLE} (seconds, now {read_timeout():g})",
        )
    is_connection = isinstance(
        error,
        (
            botocore_errors.HTTPClientError, botocore_errors.ConnectionError, aiohttp.ClientConnectionError,
            aiohttp.ClientPayloadError, ConnectionError, TimeoutError,
        ),
    )  # fmt: skip
    if is_connection or code in _BUSY:
        return StorageProblem("unreachable", f"{place} can't be reached, or broke off ({_short(error)})")
    return None


def _code_of(error: BaseException) -> str | None:
    for one in (error, error.__cause__):
        response = getattr(one, "response", None)
        if isinstance(response, dict):
            return str(response.get("Error", {}).get("Code"))
    return None


def _place(path: Any) -> str:
    options = path.storage_options
    endpoint = options.get("endpoint_url") or (options.get("client_kwargs") or {}).get("endpoint_url")
    return str(endpoint or "Amazon S3")


def _short(error: BaseException) -> str:
    text = str(error).splitlines()[0] if str(error) else ""
    return f"{type(error).__name__}: {text}"[:300]


def _how_to_give_credentials() -> str:
    return (
        "Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from a profile (AWS_PROFILE, ~/.aws/credentials), "
        "or from ln.settings.storage = (root, {'profile': …})"
    )
