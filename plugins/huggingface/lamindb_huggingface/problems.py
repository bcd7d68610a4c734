"""What errors of huggingface_hub mean, and what helps."""

from __future__ import annotations

from typing import Any

from lamindb.plugins.types import StorageProblem

_TOKEN = "A token comes from HF_TOKEN, from `hf auth login`, or from ln.settings.storage = (root, {'token': …})"


def problem(error: BaseException, path: Any) -> StorageProblem | None:
    """Return what an error means, `None` if it is nothing that the user could mend at the store."""
    from huggingface_hub import errors

    if isinstance(error, errors.OfflineModeIsEnabled):
        return StorageProblem(
            "denied", f"{path} can't be reached, because HF_HUB_OFFLINE is set: unset it to use Hugging Face"
        )
    if isinstance(error, (errors.GatedRepoError, errors.LocalTokenNotFoundError)):
        return StorageProblem("denied", f"Access to {path} has to be granted first ({_short(error)}). {_TOKEN}")
    if isinstance(error, (errors.RepositoryNotFoundError, errors.RevisionNotFoundError)):
        return StorageProblem(
            "missing", f"There is no repository or revision {path}, or the token in use may not see it. {_TOKEN}"
        )
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403):
        return StorageProblem("denied", f"Hugging Face doesn't permit this at {path} ({_short(error)}). {_TOKEN}")
    is_connection = isinstance(error, (ConnectionError, TimeoutError)) or _is_http_transport_error(error)
    if is_connection or status in (408, 429, 500, 502, 503, 504):
        return StorageProblem(
            "unreachable", f"Hugging Face can't be reached for {path}, or broke off ({_short(error)})"
        )
    return None


def _is_http_transport_error(error: BaseException) -> bool:
    """Whichever HTTP library huggingface_hub uses (requests, httpx …), its errors of transport have one of these names."""
    names = {cls.__name__ for cls in type(error).__mro__}
    return bool(names & {"TransportError", "NetworkError", "ConnectionError", "Timeout", "TimeoutException"})


def _short(error: BaseException) -> str:
    text = str(error).splitlines()[0] if str(error) else ""
    return f"{type(error).__name__}: {text}"[:300]
