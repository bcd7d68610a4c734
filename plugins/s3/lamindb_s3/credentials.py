"""Options with which buckets are opened: the user's own credentials, else those that the environment has, else none (unsigned)."""

from __future__ import annotations

import functools
import logging
import os
from typing import Any, Final

logger = logging.getLogger("lamindb")

#: Options that say by themselves how requests are signed.
_SIGNING: Final = ("anon", "key", "secret", "token", "username", "password", "profile", "session")
_MAX_CONNECTIONS = 64
#: Parts of one object that are sent or fetched at a time; each takes up to 50 MB of memory.
_MAX_PARTS_AT_A_TIME = 4
#: Seconds to wait for a connection, and for the next bytes of an answer; a transfer may take as long as it takes.
_CONNECT_TIMEOUT, _READ_TIMEOUT = 10, 30
#: Name of the environment variable with other seconds to wait for an answer.
READ_TIMEOUT_VARIABLE: Final = "LAMIN_S3_READ_TIMEOUT"
#: How often s3fs tries by itself (5 times by default): with the time-out, it is what a server that never answers costs.
_ATTEMPTS = 3
_CHECKSUM_OPTIONS = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}


def storage_options(path: Any) -> dict[str, Any]:
    """Return the options of s3fs for a path; none of them needs the network.

    Requests are signed with the credentials that the path brings, else with those that botocore finds (environment, profile, role of
    the machine), else not at all. `LAMIN_S3_ANON=true` forces the last.

    Args:
        path: a `UPath`; what its own `storage_options` say wins.

    Example:
        >>> storage_options(UPath("s3://bucket", profile="lab"))["config_kwargs"]["max_pool_connections"]  # doctest: +SKIP
        64
    """
    given = dict(path.storage_options)
    endpoint = _endpoint(given)
    config: dict[str, Any] = {
        "max_pool_connections": _MAX_CONNECTIONS,
        "connect_timeout": _CONNECT_TIMEOUT,
        "read_timeout": read_timeout(),
        "retries": {
            "mode": "standard",
            "total_max_attempts": 1,
        },  # s3fs and the transfer of lamindb try again, that is enough
    }
    if endpoint is not None:
        config.update(_CHECKSUM_OPTIONS)  # many servers that speak S3 don't know the newer checksums
    options: dict[str, Any] = {
        "cache_regions": endpoint is None,
        "use_listings_cache": True,
        "version_aware": False,
        "max_concurrency": _MAX_PARTS_AT_A_TIME,
        "config_kwargs": {**config, **given.get("config_kwargs", {})},
    }
    if endpoint is not None and ".r2.cloudflarestorage.com" in endpoint:
        options["fixed_upload_size"] = True  # Cloudflare wants all parts of an upload to have one size
    if "config_kwargs" in given:
        given["config_kwargs"] = options["config_kwargs"]
    options.update(given)
    if not any(given.get(name) is not None for name in _SIGNING) and _is_unsigned():
        options["anon"] = True
    return options


def read_timeout() -> float:
    """Return how many seconds a server may take to answer or to send the next bytes.

    Raises:
        ValueError: if `LAMIN_S3_READ_TIMEOUT` is no positive number.
    """
    text = os.environ.get(READ_TIMEOUT_VARIABLE)
    if not text:
        return _READ_TIMEOUT
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise ValueError(f"{READ_TIMEOUT_VARIABLE}={text!r} is no number of seconds: set it to one above 0, such as 60")
    return seconds


def prepare(filesystem: Any) -> None:
    """Let s3fs try less often than it does by default, and break off uploads that get stuck.

    Storage options can't say either: they are written as JSON by libraries that open a file system once more.
    """
    filesystem.retries = min(filesystem.retries, _ATTEMPTS)
    if "http_session_cls" not in filesystem.config_kwargs and _takes_sessions():
        from lamindb_s3.sessions import WatchfulSession

        filesystem.config_kwargs = {**filesystem.config_kwargs, "http_session_cls": WatchfulSession}


@functools.cache
def _takes_sessions() -> bool:
    """Tell whether the installed aiobotocore can be given another HTTP session."""
    import inspect

    from aiobotocore.config import AioConfig

    return "http_session_cls" in inspect.signature(AioConfig).parameters


def _endpoint(options: dict[str, Any]) -> str | None:
    return (
        options.get("endpoint_url")
        or (options.get("client_kwargs") or {}).get("endpoint_url")
        or os.environ.get("AWS_ENDPOINT_URL_S3")
        or os.environ.get("AWS_ENDPOINT_URL")
    )


def _is_unsigned() -> bool:
    forced = os.environ.get("LAMIN_S3_ANON")
    if forced is not None:
        return forced.strip().lower() == "true"
    return _is_anon_in_system_settings() or not _has_credentials(
        tuple((name, os.environ.get(name)) for name in sorted(os.environ) if name.startswith("AWS_"))
    )


def _is_anon_in_system_settings() -> bool:
    from lamindb.setup import settings_files as files

    return str((files.read_dotenv(files.system_settings_file()) or {}).get("lamindb_s3_anon")).lower() == "true"


@functools.cache
def _has_credentials(environment: tuple[tuple[str, str | None], ...]) -> bool:
    """Tell whether botocore finds credentials; the environment is an argument because the answer is kept for as long as it stays."""
    import botocore.exceptions
    import botocore.session

    try:
        session = botocore.session.Session()
        # a machine that is none of Amazon's shall not wait for the service that only those have
        session.set_config_variable("metadata_service_timeout", 1)
        session.set_config_variable("metadata_service_num_attempts", 1)
        return session.get_credentials() is not None
    except botocore.exceptions.BotoCoreError as error:
        logger.warning("the credentials for S3 can't be used (%s): reading without credentials", error)
        return False
