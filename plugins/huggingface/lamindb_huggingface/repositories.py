"""Repositories on Hugging Face: how they are opened, who may write, and what is known of their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamindb.plugins.types import ContentHash
from lamindb.storage.hashing import b16_to_b64

#: First parts of paths that name a kind of repository; without one, it is a repository of a model.
KINDS = {"datasets": "dataset", "spaces": "space"}


def storage_options(path: Any) -> dict[str, Any]:
    """Return the options of `HfFileSystem`: those of the path; a token comes from `HF_TOKEN` or `hf auth login`."""
    return {"expand_info": True, **path.storage_options}


def repository_of(path: Any) -> tuple[str, str]:
    """Return kind and name of the repository of a path.

    Raises:
        ValueError: if the path names none.

    Example:
        >>> repository_of(UPath("hf://datasets/org/repo@v1/x.csv"))  # doctest: +SKIP
        ('dataset', 'org/repo')
    """
    parts = [part for part in path.path.split("/") if part]
    kind = KINDS.get(parts[0], "model") if parts else "model"
    named = parts[1:3] if parts and parts[0] in KINDS else parts[:2]
    if len(named) < 2:
        raise ValueError(
            f"{path} names no repository: write hf://datasets/<owner>/<name>/…, hf://spaces/<owner>/<name>/… or hf://<owner>/<name>/… for a model"
        )
    return kind, f"{named[0]}/{named[1].partition('@')[0]}"


def content_hash(info: Mapping[str, Any]) -> ContentHash | None:
    """Return the SHA-256 of a large file, the SHA-1 that git has of a small one."""
    large = info.get("lfs")
    sha256 = large.get("sha256") if isinstance(large, Mapping) else getattr(large, "sha256", None)
    if sha256:
        return ContentHash(b16_to_b64(str(sha256)), "sha256")
    blob = info.get("blob_id")
    return ContentHash(b16_to_b64(str(blob)), "sha1") if blob else None


def modified(info: Mapping[str, Any]) -> float | None:
    """Return the time of the last commit that changed a file, in seconds since 1970."""
    commit = info.get("last_commit")
    date = commit.get("date") if isinstance(commit, Mapping) else getattr(commit, "date", None)
    return None if date is None else date.timestamp()


def is_writable(path: Any) -> bool:
    """Tell whether the token in use may write to the repository; trying it would make a commit."""
    from huggingface_hub import HfApi, get_token

    token = path.storage_options.get("token") or get_token()
    if not token:
        return False
    _, name = repository_of(path)
    api = HfApi(endpoint=path.storage_options.get("endpoint"), token=token)
    account = api.whoami()
    owners = {account.get("name")} | {
        org.get("name") for org in account.get("orgs", []) if org.get("roleInOrg") in ("admin", "write", "contributor")
    }
    role = ((account.get("auth") or {}).get("accessToken") or {}).get("role")
    return name.partition("/")[0] in owners and role != "read"
