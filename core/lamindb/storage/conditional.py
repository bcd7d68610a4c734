"""Writing a remote object only if nobody else has written it meanwhile: what locks and databases in buckets rest on."""

from __future__ import annotations

import io
import os
from typing import Any

from lamindb.storage.retrying import with_retries
from lamindb.storage.roots import MANAGED_FOLDER


def object_version(path: Any) -> str | None:
    """Return what changes whenever an object is written (ETag, generation), `None` if there is no object.

    Raises:
        StorageUnreachable: if the store doesn't answer.
        StorageAccessDenied: if it may not be asked.
        io.UnsupportedOperation: if the kind of store has no such thing.
    """
    return _call(path, "object_version")  # type: ignore[no-any-return]


def replace_object(path: Any, content: bytes, version: str | None) -> str | None:
    """Write an object only if its version still is this one (`None`: if there is none); the store decides.

    An answer that gets lost looks like a refusal when the call is tried again: after `None`, look at what is there.

    Returns:
        The new version, `None` if nothing was written.

    Raises:
        StorageUnreachable: if the store doesn't answer.
        StorageAccessDenied: if it may not be written.
        io.UnsupportedOperation: if the store can't decide.
    """
    return _call(path, "replace_object", content, version)  # type: ignore[no-any-return]


def check_conditional_writes(root: Any) -> None:
    """Try whether the store of a root really refuses to overwrite: some servers take the condition and ignore it.

    Raises:
        io.UnsupportedOperation: if it doesn't.
    """
    from lamindb.storage.objects import remove

    trial = root / MANAGED_FOLDER / f"_trial-{os.urandom(6).hex()}"
    try:
        first = replace_object(trial, b"1", None)
        refuses_to_create = replace_object(trial, b"2", None) is None
        second = replace_object(trial, b"3", first)
        refuses_to_replace = second is not None and replace_object(trial, b"4", first) is None
    finally:
        remove(trial)
    if first is None or not (refuses_to_create and refuses_to_replace):
        raise io.UnsupportedOperation(
            f"The server of {root} has no conditional writes: it overwrites whatever is there"
        )


def _call(path: Any, name: str, *arguments: Any) -> Any:
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(path.protocol)
    if backend is None or getattr(backend, name) is None:
        raise io.UnsupportedOperation(f"Storage of the kind {path.protocol}:// has no conditional writes")
    call = backend.resolve(name)
    return with_retries(path, lambda: call(path, *arguments), what=f"asking for {path}")
