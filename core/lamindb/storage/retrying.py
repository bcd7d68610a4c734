"""Calls to a store: tried again with growing pauses while it can't be reached, and failing with an error that says what helps."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from lamindb.base.logging import logger

T = TypeVar("T")

#: How often a call is tried, and the first pause in seconds, which doubles each time.
MAX_ATTEMPTS: Final = 4
FIRST_PAUSE: Final = 0.5
#: An attempt that has waited in vain for so many seconds is the last one; time-outs are the file systems' own.
LONG_SILENCE: Final = 10.0


class TransferError(OSError):
    """What arrived is not what was sent."""


class StorageUnreachable(ConnectionError):
    """The store doesn't answer, or broke off; the same call may succeed later."""


class StorageSilent(StorageUnreachable):
    """The store takes connections but doesn't answer; waiting for it again and again would take minutes."""


class StorageAccessDenied(PermissionError):
    """The store refuses the credentials, or they don't permit what was tried."""


class StorageMissing(FileNotFoundError):
    """The bucket or repository doesn't exist."""


_ERRORS: Final[dict[str, type[OSError]]] = {
    "unreachable": StorageUnreachable,
    "silent": StorageSilent,
    "denied": StorageAccessDenied,
    "missing": StorageMissing,
}


def with_retries(path: Any, call: Callable[[], T], *, what: str, attempts: int = MAX_ATTEMPTS) -> T:
    """Call something that talks to the store of a path; as long as the store can't be reached, try again.

    Args:
        path: remote `UPath`, for the message.
        call: what to do; doing it twice must do no harm.
        what: what is being done, such as `"uploading x.csv"`.
        attempts: how often to try.

    Raises:
        StorageUnreachable: if the last attempt failed for the same reason, or waited longer than `LONG_SILENCE` for an answer.
        StorageAccessDenied: if the store refuses it.
        StorageMissing: if there is no such bucket.
    """
    _prepare(path)
    for attempt in range(1, attempts + 1):
        begin = time.monotonic()
        try:
            return call()
        except Exception as error:
            clear = clear_error(error, path)
            is_over = isinstance(clear, StorageSilent) and time.monotonic() - begin > LONG_SILENCE
            if isinstance(clear, StorageUnreachable) and attempt < attempts and not is_over:
                pause = FIRST_PAUSE * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)
                logger.info("%s: %s; trying again in %.1f s", what, clear, pause)
                time.sleep(pause)
                continue
            if clear is None:
                raise
            raise clear from error
    raise AssertionError("unreachable")  # the last attempt returns or raises


def _prepare(path: Any) -> None:
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(path.protocol)
    if backend is not None and backend.prepare:
        backend.resolve("prepare")(path.fs)


def clear_error(error: BaseException, path: Any) -> OSError | None:
    """Return the error that says what an error of a store means, `None` if it says so itself.

    Example:
        >>> isinstance(clear_error(ConnectionResetError(), UPath("memory://x")), StorageUnreachable)  # doctest: +SKIP
        True
    """
    from lamindb.plugins.manager import storage_backend_for

    if isinstance(error, tuple(_ERRORS.values())):
        return error  # type: ignore[return-value]
    backend = storage_backend_for(path.protocol)
    problem = backend.resolve("problem")(error, path) if backend is not None and backend.problem else None
    if problem is not None:
        hint = (
            ". Try again when it can be reached: what has arrived is kept where it can be"
            if problem.kind in ("unreachable", "silent")
            else ""
        )
        return _ERRORS[problem.kind](f"{problem.message}{hint}")
    if isinstance(error, TimeoutError):
        return StorageSilent(f"{path} doesn't answer ({type(error).__name__}: {error})")
    if isinstance(error, ConnectionError):
        return StorageUnreachable(f"{path} can't be reached, or broke off ({type(error).__name__}: {error})")
    return None
