"""Reports and environments of deleted runs are deleted by a process in the background, unless something else refers to them.

Run as a module, this is that process: `python -m lamindb.models.run_cleanup <instance> <uid of the first run> <ids of artifacts>`.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from lamindb.base.logging import logger

RUN_KIND = "__lamindb_run__"


class _Leftovers:
    """What the runs leave that one transaction deletes; called when it is committed."""

    def __init__(self, using: str, first_uid: str) -> None:
        self.using, self.first_uid = using, first_uid
        self.artifacts: set[int] = set()

    def __call__(self) -> None:
        if self.using == "default":
            _start(self.first_uid, self.artifacts)


def note_deleted_run(sender: Any, instance: Any, using: str, **_: Any) -> None:
    """Remember what a deleted run leaves, and have it deleted once the deletion is committed."""
    left = {pk for pk in (instance.report_id, instance.environment_id) if pk is not None}
    if not left:
        return
    callbacks = (callback for _, callback, *_ in transaction.get_connection(using).run_on_commit)
    leftovers = next((callback for callback in callbacks if isinstance(callback, _Leftovers)), None)
    if leftovers is None:
        leftovers = _Leftovers(using, instance.uid)
        transaction.on_commit(leftovers, using=using, robust=True)
    leftovers.artifacts.update(left)


post_delete.connect(note_deleted_run, sender="lamindb.Run", dispatch_uid="lamindb_run_cleanup")


def _start(uid: str, artifacts: set[int]) -> None:
    """Start the process; nothing that goes wrong here concerns whoever deleted the run."""
    from lamindb.setup import settings

    try:
        log = settings.cache_dir_path / f"run_cleanup_logs_{uid}.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        ids = ",".join(str(pk) for pk in sorted(artifacts))
        with log.open("w") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "lamindb.models.run_cleanup", settings.instance.slug, uid, ids],
                stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
    except Exception as error:
        logger.warning("reports and environments of deleted runs stay, no process could be started: %s", error)
        return
    logger.important(
        "deleting reports and environments of runs in the background, process %s, log: %s", process.pid, log
    )


def delete_unreferenced(ids: list[int]) -> list[str]:
    """Delete those artifacts that are files of runs and that no run or transform refers to; return their uids."""
    from lamindb.base.registries import registry

    deleted = []
    for artifact in registry("Artifact").objects.filter(id__in=ids):
        if artifact.kind != RUN_KIND:
            print(f"kept {artifact.uid}: it is a {artifact.kind}, no file of a run")
            continue
        runs = registry("Run").objects
        if runs.filter(report=artifact).exists() or runs.filter(environment=artifact).exists():
            print(f"kept {artifact.uid}: another run refers to it")
            continue
        # transforms remember the environment of their last run, and a deletion would cascade to them
        registry("Transform").objects.filter(environment=artifact).update(environment=None)
        artifact.delete(permanent=True, storage=True)
        deleted.append(artifact.uid)
        print(f"deleted {artifact.uid}")
    return deleted


def main(arguments: list[str]) -> None:
    """Connect to the instance and delete what is not in use."""
    import lamindb as ln

    slug, uid, ids = arguments
    if not ln.setup.settings.is_configured or ln.setup.settings.instance.slug != slug:
        ln.connect(slug)
    print(f"files of deleted runs, the first of them {uid}: {ids}")
    delete_unreferenced([int(pk) for pk in ids.split(",")])


if __name__ == "__main__":
    main(sys.argv[1:])
