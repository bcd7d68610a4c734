"""Which tracked runs of this host are alive: one locked file each, so that runs whose process was killed are found and marked aborted."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.tracking.run_files import cache_dir

try:
    import fcntl
except ImportError:  # Windows: killed runs stay started there
    fcntl = None  # type: ignore[assignment]

_STARTED = (-1, -2)
#: Beginning of the names of markers that are not locked yet.
_DRAFT = "."
_ABORTED = 2


class RunningMarker:
    """Says that a run is alive as long as this process holds the lock of its file."""

    def __init__(self, instance_uid: str, run_uid: str) -> None:
        self._path = _folder(instance_uid) / run_uid
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f"{_DRAFT}{run_uid}")
        self._file = os.open(draft, os.O_RDWR | os.O_CREAT, 0o600)
        if fcntl is not None:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.rename(self._path)  # others never see it without its lock, which they would take for a killed run

    def remove(self) -> None:
        """The run ended."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def _folder(instance_uid: str) -> Path:
    return cache_dir() / "running" / (platform.node() or "localhost") / instance_uid


def killed_runs(instance_uid: str) -> list[str]:
    """Return the uids of the runs of this host whose process ended without a word; nothing is changed."""
    folder = _folder(instance_uid)
    if fcntl is None or not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if not _is_locked(path))


def mark_killed_runs(instance_uid: str) -> list[str]:
    """Mark the runs of this host aborted whose process ended without a word, with the steps in them; return their uids.

    No statement is sent if there is none.
    """
    folder = _folder(instance_uid)
    if fcntl is None or not folder.is_dir():
        return []
    killed: list[Path] = []
    alive: list[Path] = []
    for path in folder.iterdir():
        if not path.name.startswith(_DRAFT):
            (alive if _is_locked(path) else killed).append(path)
    if not killed:
        return []
    uids = [path.name for path in killed]
    ids = list(registry("Run").objects.filter(uid__in=uids).values_list("id", flat=True))
    _abort(ids, [path.name for path in alive])
    for path in killed:
        path.unlink(missing_ok=True)
        (cache_dir() / f"run_logs_{path.name}.txt").unlink(missing_ok=True)
    logger.warning("marked as aborted what was killed on this host before: %s", ", ".join(sorted(uids)))
    return uids


def abort_steps(instance_uid: str, run_ids: list[int]) -> None:
    """Mark the steps aborted that were going on in runs of this process, which is terminated."""
    folder = _folder(instance_uid)
    alive = (
        [path.name for path in folder.iterdir() if _is_locked(path)] if fcntl is not None and folder.is_dir() else []
    )
    _abort(run_ids, alive)


def _abort(run_ids: list[int], alive: list[str]) -> None:
    """Mark runs and, generation by generation, the steps in them aborted; runs that another process executes are left alone."""
    runs = registry("Run").objects
    while run_ids:
        runs.filter(id__in=run_ids, _status_code__in=_STARTED).update(_status_code=_ABORTED)
        steps = runs.filter(initiated_by_run_id__in=run_ids, _status_code__in=_STARTED)
        run_ids = list(steps.exclude(uid__in=alive).values_list("id", flat=True))


def _is_locked(path: Path) -> bool:
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return True  # it ended this moment
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(file)
    return False
