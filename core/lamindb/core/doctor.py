"""`ln.doctor`: what crashes, full disks and deleted files left in an instance, and how to mend it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lamindb.artifacts.doctor_findings import DoctorReport, Finding

#: Files in the cache that no process of this length of time can still need.
_CACHE_SECONDS = 24 * 3600


def doctor(repair: bool = False, verify: bool = False, delete_unreferenced: bool = False) -> DoctorReport:
    """Look for damage: unfinished uploads, missing, changed and unreferenced data, broken version families, killed runs, left-overs.

    Without `repair`, nothing is changed. A repair finishes or undoes what was interrupted; data that no record refers to is deleted only
    if that is asked for, since it may be the only copy. Local storage locations are examined, remote ones are not contacted.

    Args:
        repair: mend what can be mended.
        verify: read every byte and compare it with the recorded hash.
        delete_unreferenced: with `repair`, also delete data in lamindb's own folders that no artifact refers to.

    Returns:
        The report: `.findings`, `.remaining`, `.is_healthy`, `.of("missing-file")`, `.as_dict()`.

    Raises:
        CurrentInstanceNotConfigured: without instance.
        ValueError: for `delete_unreferenced` without `repair`.

    Example:
        >>> ln.doctor().is_healthy
        True
    """
    from lamindb.artifacts.doctor_storage import examine_storage
    from lamindb.models import Artifact, Storage
    from lamindb.setup import settings
    from lamindb.setup.errors import CurrentInstanceNotConfigured

    if delete_unreferenced and not repair:
        raise ValueError("delete_unreferenced=True deletes data, which is part of a repair: pass repair=True, too")
    if not settings.is_configured:
        raise CurrentInstanceNotConfigured
    instance = settings.instance
    report = DoctorReport(instance.slug, verified=verify)
    examine_storage(Artifact, list(Storage._base_manager.order_by("id")), report, instance.uid)
    report.findings += _version_families()
    report.findings += _cache(Path(settings.cache_dir_path))
    report.findings += _killed_runs(instance.uid)
    if repair:
        for finding in report.findings:
            if not finding.deletes_data or delete_unreferenced:
                finding.mend()
    return report


def _version_families() -> Iterator[Finding]:
    from lamindb.models import Artifact, Collection, Schema, Transform
    from lamindb.models.versioning import broken_families, settle_families

    for registry in (Artifact, Transform, Collection, Schema):
        if not getattr(registry, "_is_versioned", False):
            continue
        for stem, branch_id, n_latest in broken_families(registry):

            def repair(registry: Any = registry, stem: str = stem) -> str:
                settle_families(registry, [stem])
                return "the newest version of each branch is the latest"

            yield Finding(
                "broken-version-family",
                f"{registry.__name__} {stem}",
                f"{n_latest or 'no'} versions on the branch with id {branch_id} are the latest, there must be one",
                "make the newest version the latest",
                repair,
            )


def _cache(folder: Path) -> Iterator[Finding]:
    """Find written objects of artifacts that were never saved, and downloads that broke off."""
    now = time.time()
    for path in sorted((folder / "objects").glob("*")):
        if now - path.lstat().st_mtime > _CACHE_SECONDS:
            yield _cache_finding(path, "an object in memory that was written for an artifact which was never saved")
    for path in sorted(folder.rglob(".*.part")):
        if now - path.lstat().st_mtime > _CACHE_SECONDS:
            yield _cache_finding(path, "a download that broke off")


def _cache_finding(path: Path, details: str) -> Finding:
    def repair() -> str:
        from lamindb.artifacts import staging

        staging.remove(path)
        return f"deleted {path}"

    return Finding("cache-leftover", str(path), details, "delete it", repair)


def _killed_runs(instance_uid: str) -> Iterator[Finding]:
    from lamindb.tracking.running import killed_runs, mark_killed_runs

    def repair() -> str:
        mark_killed_runs(instance_uid)
        return "marked as aborted"

    for uid in killed_runs(instance_uid):
        yield Finding(
            "killed-run", uid, "its process on this machine ended without a word", "mark it as aborted", repair
        )
