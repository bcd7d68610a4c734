"""Which block a constructor call means: an existing one, a new version of a readme, or a new block."""

from __future__ import annotations

from typing import Any, get_args

from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.base.types import RegistryId
from lamindb.models.versioning import check_version_tag, start_version
from lamindb.storage.hashing import hash_string

_KINDS = ("readme", "comment")
BLOCK_KEYS = ("README.md", *get_args(RegistryId))


def hash_of_content(content: str | None) -> str | None:
    """Return the hash of a block's text, `None` for an empty one."""
    return hash_string(content) if content else None


def prepare_block(registry: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Translate the arguments of `Block(...)` to field values.

    Raises:
        ValueError: for another kind than `readme`, or an unknown key.
        TypeError: if `revises` is no block.
    """
    kwargs.setdefault("kind", "readme")
    if kwargs["kind"] != "readme":
        raise ValueError(f"Only kind = 'readme' is supported for block, not {kwargs['kind']!r}")
    key = kwargs.get("key")
    if key is not None and key not in BLOCK_KEYS:
        raise ValueError(
            f"key must be one of RegistryId or README.md, that is one of {', '.join(BLOCK_KEYS)}: {key!r} is none"
        )
    revises, version = kwargs.pop("revises", None), _version(kwargs)
    content = _take_content(kwargs)
    latest = registry.objects.filter(is_latest=True).exclude(branch_id=TRASH_BRANCH_ID).order_by("-created_at", "-id")
    if content:
        same = latest.filter(hash=kwargs["hash"]).first()
        if same is not None:
            if key not in (None, same.key):
                logger.warning(
                    "key %s on existing block differs from passed key %s, keeping original key", same.key, key
                )
            return {"_existing": same}
    if revises is None and key is not None:
        revises = latest.filter(key=key).first()
        if revises is not None and not revises.content:
            return _filled(revises, content, "key")
    start_version(registry, kwargs, revises=revises, version=version)
    return kwargs


def prepare_attached_block(registry: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Translate the arguments of a block of a record to field values.

    Raises:
        ValueError: if the record or kind is missing, or `revises` is passed for a comment.
    """
    name = registry.__name__
    subject = registry._subject
    uid, kind, revises = kwargs.get("uid"), kwargs.get("kind"), kwargs.pop("revises", None)
    version = _version(kwargs)
    if uid is not None:
        same = registry.objects.filter(uid=uid).first()
        if same is not None:
            return {"_existing": same}
    if kwargs.get(subject) is None and kwargs.get(f"{subject}_id") is None:
        raise ValueError(f"{subject} is required for {name}: pass {subject}=<saved {subject}>")
    if kind is None:
        raise ValueError(f"kind is required for {name}; use 'readme' or 'comment'")
    if kind not in _KINDS:
        raise ValueError(f"kind must be 'readme' or 'comment', got {kind!r}")
    if kind == "comment" and revises is not None:
        raise ValueError("revises is not allowed for kind='comment'; comments are not versioned, write a new one")
    content = _take_content(kwargs)
    if kind == "readme" and revises is None:
        revises = _latest_readme(registry, kwargs)
        if revises is not None and not revises.content:
            return _filled(revises, content, f"{subject} and kind")
        if revises is not None and revises.hash == kwargs["hash"] and version in (None, revises.version_tag):
            logger.important("the latest readme has this content already, returning it")
            return {"_existing": revises}
    start_version(registry, kwargs, revises=revises, version=version)
    if uid is not None:
        kwargs["uid"] = uid
    return kwargs


def _version(kwargs: dict[str, Any]) -> str | None:
    version = kwargs.pop("version", None)
    tag = kwargs.pop("version_tag", None)
    check_version_tag(version if version is not None else tag)
    return version if version is not None else tag


def _take_content(kwargs: dict[str, Any]) -> str:
    content = kwargs.get("content")
    if content is not None and not isinstance(content, str):
        raise ValueError(f"content must be a text (markdown), not {type(content).__name__}")
    kwargs["content"] = content or ""
    kwargs["hash"] = hash_of_content(content)
    return kwargs["content"]


def _latest_readme(registry: Any, kwargs: dict[str, Any]) -> Any:
    subject = registry._subject
    owner = kwargs.get(subject)
    owner_id = owner.pk if owner is not None else kwargs[f"{subject}_id"]
    if owner_id is None:
        raise ValueError(f"The {subject} is not saved: call .save() on it before writing its readme")
    readmes = registry.filter(**{f"{subject}_id": owner_id, "kind": "readme", "is_latest": True})
    return readmes.order_by("-created_at", "-id").first()


def _filled(block: Any, content: str, what: str) -> dict[str, Any]:
    """Return an empty block, with the new text."""
    logger.important("no content was yet saved, returning existing block with same %s", what)
    if content:
        block.content = content
    return {"_existing": block}
