"""Which transform a constructor call means: an existing one, a new version of it, or a new family."""

from __future__ import annotations

import warnings
from typing import Any

from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.models.construction import check_values
from lamindb.models.versioning import check_version_tag, family, start_version
from lamindb.storage.hashing import hash_string

#: Arguments that may change what is known about an existing transform (in memory, with a warning).
_DESCRIPTIVE = ("description", "reference", "reference_type", "kind")


def prepare_transform(registry: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Translate the arguments of `Transform(...)` to field values, or to `_existing` for a stored transform.

    Raises:
        TypeError: if `revises` is no transform.
        ValueError: if the version tag belongs to other source code.
    """
    kwargs.pop("using_key", None)
    skip_hash_lookup = kwargs.pop("skip_hash_lookup", False)
    revises = kwargs.pop("revises", None)
    version = _one_of(kwargs, "version", "version_tag")
    check_version_tag(version)
    _rename_type(kwargs)
    check_values(registry, {"kind": kwargs.get("kind")})
    if kwargs.get("kind") is None:
        kwargs.pop("kind", None)
    source_code = kwargs.get("source_code")
    if source_code is not None and kwargs.get("hash") is None:
        kwargs["hash"] = hash_string(source_code)
    existing = None
    if revises is None:
        existing, revises = _find(registry, kwargs, version)
        if existing is not None:
            return _existing(existing, kwargs, version)
    elif kwargs.get("key") is not None and isinstance(revises, registry) and revises.key != kwargs["key"]:
        logger.important("renaming transform %s to %s", revises.key, kwargs["key"])
    if kwargs.get("hash") is not None and not skip_hash_lookup:
        same = _with_hash(registry, kwargs["hash"])
        if same is not None and (version is None or same.version_tag == version):
            if kwargs.get("key") not in (None, same.key):
                logger.warning(
                    "the transform %s has the same source code: returning it with its key %s", same.uid, same.key
                )
            return _existing(same, kwargs, None)
    if skip_hash_lookup:
        kwargs["hash"] = None
    uid = kwargs.get("uid")
    start_version(registry, kwargs, revises=revises, version=version)
    if uid is not None:
        kwargs["uid"] = uid
    return kwargs


def _one_of(kwargs: dict[str, Any], *names: str) -> Any:
    values = [value for name in names if (value := kwargs.pop(name, None)) is not None]
    return values[0] if values else None


def _rename_type(kwargs: dict[str, Any]) -> None:
    kind = kwargs.pop("type", None)
    if kind is None:
        return
    warnings.warn("Use kind instead of type, type will be removed in the future.", DeprecationWarning, stacklevel=6)
    kwargs.setdefault("kind", kind)


def _find(registry: Any, kwargs: dict[str, Any], version: str | None) -> tuple[Any, Any]:
    """Return the stored transform that is meant, or else the version that a new one continues."""
    if kwargs.get("uid") is not None:
        members = list(family(registry, kwargs["uid"][: registry._stem_length()]).order_by("-created_at", "-id"))
        same = next((member for member in members if member.uid == kwargs["uid"]), None)
        return same, members[0] if members and same is None else None
    if kwargs.get("key") is None:
        return None, None
    latest = (
        registry.filter(key=kwargs["key"], is_latest=True)
        .exclude(branch_id=TRASH_BRANCH_ID)
        .order_by("-created_at", "-id")
        .first()
    )
    if latest is None:
        return None, None
    return _version_of(registry, latest, kwargs, version), latest


def _version_of(registry: Any, latest: Any, kwargs: dict[str, Any], version: str | None) -> Any:
    """Return the version of the family of `latest` that the arguments mean, or `None` for a new one.

    Raises:
        ValueError: if the tag belongs to a version with other source code.
    """
    if version is not None:
        tagged = (
            family(registry, latest.stem_uid).filter(version_tag=version).exclude(branch_id=TRASH_BRANCH_ID).first()
        )
        if tagged is not None:
            if kwargs.get("hash") is None or tagged.hash in (None, kwargs["hash"]):
                return tagged
            raise ValueError(
                f"Please change the version tag or leave it `None`, '{version}' is already taken by {tagged.uid} with other source code"
            )
    if latest.source_code is not None or (version is not None and latest.version_tag is not None):
        return None
    logger.important("no source code was yet saved, returning existing transform with same key")
    return latest


def _with_hash(registry: Any, hash: str) -> Any:
    found = registry.objects.filter(hash=hash, is_latest=True).exclude(branch_id=TRASH_BRANCH_ID)
    return found.order_by("-created_at", "-id").first()


def _existing(existing: Any, kwargs: dict[str, Any], version: str | None) -> dict[str, Any]:
    if kwargs.get("key") not in (None, existing.key):
        logger.warning("key %s differs from the existing key %s, keeping the existing one", kwargs["key"], existing.key)
    if existing.source_code is None and kwargs.get("source_code") is not None:
        existing.source_code, existing.hash = kwargs["source_code"], kwargs.get("hash")
    updates = {name: kwargs[name] for name in _DESCRIPTIVE if kwargs.get(name) is not None}
    if version is not None:
        updates["version_tag"] = version
    return {"_existing": existing, **updates}
