"""Families of versions: which record is revised, which uid comes next, and which version is the latest on a branch.

Invariant: per family and branch (trash excluded) exactly one version is the latest.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import Left, RowNumber

from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.base.uids import VERSION_LENGTH, base62, decode_base62, increment_base62

FIRST_VERSION = "0" * VERSION_LENGTH
LAST_VERSION = "z" * VERSION_LENGTH
#: Number of families that one statement settles.
_FAMILIES_PER_STATEMENT = 5_000
#: Up to so many families are found through the index of uids; more by one pass over the table.
_MOST_INDEXED_FAMILIES = 100
#: So many families are locked at most; the lock table of PostgreSQL is small by default.
_MOST_LOCKS = 1_000


def check_version_tag(version: Any) -> None:
    """Raise `ValueError` unless `version` is a str of at most 30 characters, or `None`."""
    if version is None:
        return
    if not isinstance(version, str):
        raise ValueError(
            f"`version` parameter must be `None` or `str`, e.g., '0.1', '1', '2', etc., not {type(version).__name__} {version!r}"
        )
    if len(version) > 30:
        raise ValueError(f"`version` may have at most 30 characters, but {version[:40]!r} has {len(version)}")


def family(registry: Any, stem_uid: str, using: str | None = None) -> Any:
    """Return all versions of a family on every branch, trash included."""
    alias = using or DEFAULT_DB_ALIAS
    return registry.objects.using(alias).filter(_in_family(stem_uid, alias))


def members_of(registry: Any, stem_uids: Iterable[str], using: str | None = None) -> Any:
    """Return all versions of many families on every branch, trash included."""
    alias, stems = using or DEFAULT_DB_ALIAS, sorted(set(stem_uids))
    members = registry.objects.using(alias)
    if len(stems) > _MOST_INDEXED_FAMILIES:
        return members.annotate(_stem=Left("uid", registry._stem_length())).filter(_stem__in=stems)
    condition = Q(pk__in=[])
    for stem in stems:
        condition |= _in_family(stem, alias)
    return members.filter(condition)


def lock_families(registry: Any, stem_uids: Iterable[str], using: str | None = None) -> None:
    """Let other writers of these families wait until the current transaction ends.

    Called before the first write to a family, so that writers never wait for each other in a circle. SQLite has one writer at a time
    anyway.
    """
    alias = using or DEFAULT_DB_ALIAS
    if connections[alias].vendor != "postgresql":
        return
    keys = sorted({_lock_key(registry, stem) for stem in stem_uids})[:_MOST_LOCKS]
    if keys:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def _lock_key(registry: Any, stem_uid: str) -> int:
    text = f"{registry._meta.db_table}/{stem_uid}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), signed=True)


def _in_family(stem_uid: str, alias: str) -> Q:
    if connections[alias].vendor == "sqlite":  # LIKE ignores case there, and can't use the index
        return Q(uid__gte=stem_uid, uid__lte=stem_uid + LAST_VERSION)
    return Q(uid__startswith=stem_uid)


def version_number(uid: str) -> int:
    return decode_base62(uid[-VERSION_LENGTH:])


def next_uid(registry: Any, stem_uid: str) -> str:
    """Return the uid after the family's highest version (highest as a number, whatever the database's collation)."""
    uids = family(registry, stem_uid).values_list("uid", flat=True)
    return increment_uid(max(uids, key=version_number, default=f"{stem_uid}{FIRST_VERSION}"))


def newest_uids(registry: Any, stem_uids: Iterable[str]) -> dict[str, str]:
    """Return the uid with the highest version of each family that has a version on any branch; one statement."""
    length, newest = registry._stem_length(), {}
    for uid in members_of(registry, stem_uids).values_list("uid", flat=True):
        stem = uid[:length]
        if stem not in newest or version_number(uid) > version_number(newest[stem]):
            newest[stem] = uid
    return newest


def increment_uid(uid: str) -> str:
    return uid[:-VERSION_LENGTH] + increment_base62(uid[-VERSION_LENGTH:])


def head_of_family(revises: Any) -> Any:
    """Return the version with the highest number of the family of `revises`, on any branch."""
    registry = type(revises)
    uids = family(registry, revises.stem_uid).values_list("uid", flat=True)
    head = max(uids, key=version_number, default=revises.uid)
    if head == revises.uid:
        return revises
    found = registry.objects.get(uid=head)
    logger.warning("didn't pass the latest version in `revises`, retrieved it: %s", found)
    return found


def start_version(registry: Any, kwargs: dict[str, Any], *, revises: Any = None, version: str | None = None) -> None:
    """Fill uid, version tag and inherited fields of a new record: a new family, or the next version of that of `revises`.

    Args:
        registry: a versioned registry.
        kwargs: constructor arguments, changed in place; `_revises` is added for saving.
        revises: any version of the family to continue.
        version: version tag.

    Raises:
        TypeError: if `revises` is of another registry.
        ValueError: if the tag is not a str or is taken by another version.
    """
    check_version_tag(version)
    kwargs["version_tag"] = version
    if revises is None:
        if kwargs.get("uid") is None:
            kwargs["uid"] = base62(registry._stem_length()) + FIRST_VERSION
        return
    if not isinstance(revises, registry):
        raise TypeError(f"`revises` has to be of type `{registry.__name__}`, not {type(revises).__name__}")
    if revises._state.adding:
        raise ValueError(f"`revises` has to be a saved {registry.__name__}: call .save() on it first")
    revises = head_of_family(revises)
    if version is not None and family(registry, revises.stem_uid).filter(version_tag=version).exists():
        raise ValueError(f"Please change the version tag or leave it `None`, '{version}' is already taken")
    kwargs["uid"] = increment_uid(revises.uid)
    for name in ("description", "key"):
        if kwargs.get(name) is None and hasattr(revises, name):
            kwargs[name] = getattr(revises, name)
    kwargs["is_latest"] = True
    kwargs["_revises"] = revises


def demote_predecessors(record: Any) -> None:
    """Before `record` is inserted as the latest: no other version of its family on its branch may stay latest."""
    registry = type(record)
    revises = record.__dict__.get("_revises")
    if revises is None and record.uid.endswith(FIRST_VERSION):
        return  # a family of its own
    family(registry, record.stem_uid).filter(branch_id=record.branch_id, is_latest=True).update(is_latest=False)
    if revises is not None and getattr(revises, "branch_id", None) == record.branch_id:
        revises.is_latest = False


def recompute_latest(registry: Any, stem_uid: str, branch_id: int) -> Any:
    """Make the newest version of a family on a branch its only latest one; return its uid if it was not before."""
    members = list(
        family(registry, stem_uid)
        .filter(branch_id=branch_id)
        .order_by("created_at", "id")
        .values("id", "uid", "is_latest")
    )
    if not members or branch_id == TRASH_BRANCH_ID:
        return None
    newest = members[-1]
    stale = [member["id"] for member in members[:-1] if member["is_latest"]]
    if stale:
        registry.objects.filter(id__in=stale).update(is_latest=False)
    if newest["is_latest"]:
        return None
    registry.objects.filter(id=newest["id"]).update(is_latest=True)
    return newest["uid"]


def families_with_several(records: list[Any]) -> list[Any]:
    """Return those of many new records whose family has other versions, so that which is the latest has to be settled."""
    members = Counter(record.stem_uid for record in records)
    return [
        record
        for record in records
        if members[record.stem_uid] > 1 or not record.uid.endswith(FIRST_VERSION) or "_revises" in record.__dict__
    ]


def settle_families(registry: Any, stem_uids: Iterable[str], using: str | None = None) -> None:
    """Restore the invariant for many families on all branches but the trash, with two statements whatever their number.

    Args:
        registry: a versioned registry.
        stem_uids: the families.
        using: database alias, by default the connected instance.
    """
    alias, stems = using or DEFAULT_DB_ALIAS, sorted(set(stem_uids))
    for start in range(0, len(stems), _FAMILIES_PER_STATEMENT):
        chunk = stems[start : start + _FAMILIES_PER_STATEMENT]
        members = members_of(registry, chunk, alias)
        ranked = members.exclude(branch_id=TRASH_BRANCH_ID).annotate(
            _rank=Window(
                RowNumber(),
                partition_by=[Left("uid", registry._stem_length()), F("branch_id")],
                order_by=[F("created_at").desc(), F("id").desc()],
            )
        )
        # what is asked of `is_latest` must stay outside of the ranking, which is about all versions
        older, newest = ranked.filter(_rank__gt=1).values("pk"), ranked.filter(_rank=1).values("pk")
        registry.objects.using(alias).filter(is_latest=True, pk__in=older).update(is_latest=False)
        registry.objects.using(alias).filter(is_latest=False, pk__in=newest).update(is_latest=True)


def broken_families(registry: Any) -> list[tuple[str, int, int]]:
    """Return stem, branch id and number of latest versions of the families that have not exactly one on a branch; one statement.

    Versions that share their files may be without a latest one, while that is in the trash: they can't be read without it.
    """
    from django.db.models import Count

    rows = registry._base_manager.exclude(branch_id=TRASH_BRANCH_ID)
    if hasattr(registry, "_overwrite_versions"):
        trashed = registry._base_manager.filter(branch_id=TRASH_BRANCH_ID, is_latest=True, _overwrite_versions=True)
        rows = rows.annotate(_family=Left("uid", registry._stem_length())).exclude(
            _overwrite_versions=True, _family__in=trashed.values_list(Left("uid", registry._stem_length()), flat=True)
        )
    grouped = rows.annotate(_stem=Left("uid", registry._stem_length())).values("_stem", "branch_id")
    counted = grouped.annotate(_n_latest=Count("pk", filter=Q(is_latest=True))).exclude(_n_latest=1)
    return sorted(counted.order_by().values_list("_stem", "branch_id", "_n_latest"))


def after_branch_change(record: Any, old_branch_id: int) -> None:
    """Restore the invariant on both branches after a saved version moved from one to another (trash included)."""
    registry = type(record)
    promoted = None
    shares_files = getattr(record, "_overwrite_versions", False) and record.branch_id == TRASH_BRANCH_ID
    if old_branch_id != TRASH_BRANCH_ID and not shares_files:  # older versions can't be read without the latest
        promoted = recompute_latest(registry, record.stem_uid, old_branch_id)
    if record.branch_id != TRASH_BRANCH_ID:
        recompute_latest(registry, record.stem_uid, record.branch_id)
        record.is_latest = registry.objects.filter(pk=record.pk).values_list("is_latest", flat=True).first()
    elif promoted is not None:
        registry.objects.filter(pk=record.pk).update(is_latest=False)
        record.is_latest = False
    if promoted is not None:
        logger.important_hint("new latest %s version is: %s", registry.__name__, promoted)


def join_family(record: Any, revises: Any, version_tag: str | None) -> None:
    """Give a saved record the next uid of another family and make it the latest there."""
    registry = type(record)
    check_version_tag(version_tag)
    if not isinstance(revises, registry):
        raise TypeError(f"`revises` has to be of type `{registry.__name__}`, not {type(revises).__name__}")
    old_uid, old_stem = record.uid, record.stem_uid
    with transaction.atomic():
        lock_families(registry, {old_stem, revises.stem_uid})
        record.uid = next_uid(registry, revises.stem_uid)
        record.version_tag = version_tag
        record._revises = revises
        demote_predecessors(record)
        record.is_latest = True
        record.save()
        recompute_latest(registry, old_stem, record.branch_id)
    del record._revises
    logger.success("updated uid from %s to %s!", old_uid, record.uid)


def bump_version(version: str, bump_type: str = "minor", behavior: str = "error") -> str:
    """Return the next version after one such as `"1.2"`: `"1.3"` (minor) or `"2"` (major).

    Args:
        version: a version whose first parts are integers.
        bump_type: `"minor"` or `"major"`.
        behavior: what to do with other versions: `"error"`, `"prompt"` the user, or `"ignore"` (returns `"?"` with a warning).

    Raises:
        ValueError: if the version can't be counted up.
    """
    if bump_type not in ("minor", "major"):
        raise ValueError(f"bump_type must be 'minor' or 'major', not {bump_type!r}")
    match = re.fullmatch(r"(\d+)(?:\.(\d+))?(?:\..*)?", version)
    if match is None:
        if behavior == "prompt":
            return input(f"The version {version!r} can't be counted up. Type the next version: ")
        if behavior == "ignore":
            logger.warning("could not count up the version %s", version)
            return "?"
        raise ValueError(f"Cannot auto-increment non-integer castable version, please provide manually: {version!r}")
    major, minor = int(match[1]), int(match[2] or 0)
    return str(major + 1) if bump_type == "major" else f"{major}.{minor + 1}"


def set_version(version: str | None = None, previous_version: str | None = None) -> str | None:
    """Return `version` if given, else the next major version after `previous_version`."""
    if version is not None or previous_version is None:
        return version
    return bump_version(previous_version, bump_type="major")
