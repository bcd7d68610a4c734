"""Which transform stands for the code that runs: the same one, its next version, or a new one. Paths are compared by whole components."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath
from typing import Any

from lamindb.base import context
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.base.uids import base62
from lamindb.errors import InvalidArgument, UpdateContext
from lamindb.models.versioning import FIRST_VERSION, bump_version, family, increment_uid, version_number
from lamindb.tracking.redaction import redact_source
from lamindb.tracking.source import Source

_STEM, _FULL = 12, 16


def resolve_transform(
    source: Source, *, uid: str | None = None, version: str | None = None, description: str | None = None
) -> Any:
    """Return the transform of some code, saved, with its source code stored.

    Args:
        source: the code.
        uid: uid or stem uid that the user gave to keep the family across renames.
        version: version tag.
        description: description.

    Raises:
        BlobHashNotFound: if scripts are synchronised with a git repository that does not hold this one.
        InvalidArgument: if the uid has another length.
        SystemExit: if the version tag belongs to another version.
        UpdateContext: if a full uid belongs to other source code.
        ValueError: if the version is tagged otherwise.
    """
    found = _find(source, uid)
    if isinstance(found, str):
        return make_transform(source, found, version, description)
    _check_version(found, version)
    apply_source(found, source, version, description)
    return found


def _find(source: Source, uid: str | None) -> Any:
    """Return the stored transform, or the uid that a new one gets."""
    if uid is not None:
        return _find_by_uid(source, uid)
    same = _with_hash(source)
    if same is not None:
        if ends_with(same.key, source.key) or _was_renamed(same, source):
            return _reuse_or_next(same, source)
        return new_uid()
    earlier = _with_key(source)
    return new_uid() if earlier is None else _reuse_or_next(earlier, source)


def new_uid() -> str:
    """Return the uid of the first version of a new family."""
    return base62(_STEM) + FIRST_VERSION


def _find_by_uid(source: Source, uid: str) -> Any:
    if len(uid) == _FULL:
        found = registry("Transform").objects.filter(uid=uid).first()
        if found is None:
            return uid
        if found.source_code is None and found.created_by_id != context.current_user_id():
            author = found.created_by
            raise UpdateContext(
                f"✗ {author.name or author.handle} ({author.handle}) already works on this draft: pass the uid without its version, "
                f'"{uid[:_STEM]}", to make the next one, or leave it out for a transform of your own'
            )
        if found.source_code is not None and source.is_draft:
            raise UpdateContext(
                f'✗ re-running notebook with already-saved source code, please update the `uid` argument in `track()` to "{increment_uid(uid)}"'
            )
        if found.source_code is not None and source.hash not in (None, found.hash):
            raise UpdateContext(
                f'✗ source code changed, please update the uid in ln.track(): "{increment_uid(uid)}" makes a new version, "{uid[:_STEM]}" always picks the right one'
            )
        return found
    if len(uid) == _STEM:
        members = [m for m in family(registry("Transform"), uid) if m.branch_id != TRASH_BRANCH_ID]
        if not members:
            return uid + FIRST_VERSION
        same = next((m for m in members if source.hash is not None and m.hash == source.hash), None)
        return _reuse_or_next(same or max(members, key=lambda member: version_number(member.uid)), source)
    raise InvalidArgument(
        f'Please pass an auto-generated uid instead of "{uid}". Resolve by running: ln.track("{new_uid()[:_STEM]}")'
    )


def _with_hash(source: Source) -> Any:
    if source.hash is None:
        return None
    same = registry("Transform").objects.filter(hash=source.hash).exclude(branch_id=TRASH_BRANCH_ID)
    candidates = list(same.select_related("environment").order_by("-created_at", "-id")[:50])
    fitting = [candidate for candidate in candidates if candidate.key == source.key]
    fitting += [candidate for candidate in candidates if ends_with(candidate.key, source.key)]
    return next(iter([*fitting, *candidates]), None)


def _with_key(source: Source) -> Any:
    """Return the latest transform whose key names this file, the deepest key first."""
    from django.db.models import Q

    named = Q(key=source.key)
    if source.path is not None:
        named |= Q(key__endswith=f"/{source.key}")
    latest = registry("Transform").objects.filter(named, is_latest=True).exclude(branch_id=TRASH_BRANCH_ID)
    candidates = list(latest.select_related("environment").order_by("-created_at", "-id"))
    candidates = [candidate for candidate in candidates if ends_with(candidate.key, source.key)]  # SQLite ignores case
    candidates.sort(key=lambda candidate: -candidate.key.count("/"))
    whole = source.path.as_posix() if source.path is not None else source.key
    for candidate in candidates:
        if candidate.key == source.key or ends_with(whole, candidate.key):
            return candidate
    if candidates:
        listed = ", ".join(sorted(f"{candidate.key} ({candidate.uid})" for candidate in candidates))
        logger.important(
            "ignoring transform%s with same filename in different folder: %s", "s"[: len(candidates) - 1], listed
        )
    return None


def ends_with(path: str, end: str) -> bool:
    """Tell whether the last components of a path are those of another one.

    Example:
        >>> ends_with("project/a.py", "a.py"), ends_with("data.py", "a.py")
        (True, False)
    """
    parts, last = PurePosixPath(path).parts, PurePosixPath(end).parts
    return bool(last) and parts[-len(last) :] == last


def _was_renamed(same: Any, source: Source) -> bool:
    """Tell a rename from a copy; who can't be asked gets a copy."""
    if os.environ.get("LAMIN_TESTING") == "true":
        return True
    question = f"Found transform with same hash but different key: {same.key} ({same.uid}), and this is {source.key}."
    if not (sys.stdin is not None and sys.stdin.isatty()):
        logger.important(
            '%s Taking it for a copy. If you renamed the file, continue its versions with: ln.track("%s")',
            question,
            same.stem_uid,
        )
        return False
    answer = ""
    while answer not in ("1", "2"):
        answer = input(f"{question} Did you rename the file (1) or make a copy on purpose (2)? ").strip()
    return answer == "1"


def _reuse_or_next(found: Any, source: Source) -> Any:
    """Return a stored version if the code is still its, else the uid of the next version."""
    user = context.current_user_id()
    if found.source_code is None and found.created_by_id == user:
        return found
    if found.hash == source.hash and found.hash is not None and not source.is_draft:
        return found
    members = [m for m in family(registry("Transform"), found.stem_uid) if m.branch_id != TRASH_BRANCH_ID]
    newest = max(members, key=lambda member: version_number(member.uid), default=found)
    if source.is_draft and newest.source_code is None and newest.created_by_id == user:
        return newest  # of an earlier session that wasn't finished
    suffix = ""
    if found.source_code is None:
        suffix = f" -- {found.created_by.handle} already works on this draft"
    elif found.hash == source.hash:
        suffix = " -- anticipating changes"
    logger.important("found %s %s, making new version%s", found.kind, found.key, suffix)
    highest = max((member.uid for member in family(registry("Transform"), found.stem_uid)), key=version_number)
    return increment_uid(highest)


def _check_version(found: Any, version: str | None) -> None:
    if version is None or found.version_tag == version:
        return
    if found.version_tag is not None:
        raise ValueError(
            f"Transform is already tagged with version {found.version_tag}, but you passed {version}: "
            "leave ln.context.version unset, or change the code to make a new version"
        )
    _check_tag_is_free(found.stem_uid, version)


def _check_tag_is_free(stem_uid: str, version: str) -> None:
    holder = family(registry("Transform"), stem_uid).filter(version_tag=version).first()
    if holder is not None:
        bumped = bump_version(version, behavior="ignore")
        raise SystemExit(
            f"✗ version '{version}' is already taken by Transform('{holder.uid}'); please set another version, e.g., ln.context.version = '{bumped}'"
        )


def make_transform(source: Source, uid: str, version: str | None, description: str | None) -> Any:
    """Save a new transform with this uid."""
    if version is not None:
        _check_tag_is_free(uid[:_STEM], version)
    transform = registry("Transform")(
        uid=uid, key=source.key, kind=source.kind, version=version, description=description, skip_hash_lookup=True
    )
    if not source.is_draft:
        store_source(transform, source)
    _refer_to_git(transform, source)
    transform.save()
    transform.__dict__["_created_by_tracking"] = True
    return transform


def apply_source(found: Any, source: Source, version: str | None, description: str | None) -> None:
    """Bring what is known about a stored transform up to date: key after a rename, description, tag, source code of a draft."""
    changed = []
    if found.branch_id == TRASH_BRANCH_ID:
        found.branch_id = context.MAIN_BRANCH_ID
        changed.append("branch_id")
    if not ends_with(found.key, source.key) and (source.path is not None or Path(found.key).suffix):
        logger.important("renaming transform %s to %s", found.key, source.key)
        found.key = source.key
        changed.append("key")
    if description is not None and description != found.description:
        found.description = description
        changed.append("description")
    if version is not None and version != found.version_tag:
        found.version_tag = version
        changed.append("version_tag")
    if found.source_code is None and source.text is not None and not source.is_draft:
        store_source(found, source)
        changed.append("source_code")
    if _refer_to_git(found, source):
        changed.append("reference")
    if changed:
        found.save()


def _refer_to_git(transform: Any, source: Source) -> bool:
    """Assign the address of the file in the repository that scripts are synchronised with; tell whether that is new."""
    if source.path is None or source.kind != "script":
        return False
    from lamindb.tracking.git_sync import find_in_repository, repository_to_sync

    repository = repository_to_sync()
    if repository is None or (transform.reference or "").startswith(f"{repository}/blob/"):
        return False
    transform.reference = find_in_repository(source.path, repository).reference
    transform.reference_type = "url"
    return True


def store_source(transform: Any, source: Source) -> None:
    """Assign the source code without its secrets, and the hash of the whole text."""
    if source.text is None:
        return
    redacted = redact_source(source.text, python=source.is_python)
    if redacted.count:
        logger.warning(
            "redacted %d secret-looking assignment(s) before persisting transform source code", redacted.count
        )
    transform.source_code, transform.hash = redacted.text.replace("\x00", ""), source.hash
