"""Runs of shell scripts: `lamin track` opens one for the script that calls it, `lamin finish` ends it.

Which run a script has is kept per process of the shell, so that scripts at the same time, in one folder or in many, do not mix; commands that a script calls, at
any depth, find its run by the processes above them.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.errors import InvalidArgument, TrackNotCalled
from lamindb.plugins.manager import call_event
from lamindb.tracking.lifecycle import ABORTED, COMPLETED, ERRORED, instance_uid, new_run, remember_environment
from lamindb.tracking.run_files import cache_dir
from lamindb.tracking.shell import ShellScript, ancestors, calling_script, started_at
from lamindb.tracking.source import source_of_file
from lamindb.tracking.transforms import resolve_transform

_STARTED = (-1, -2)
#: What shells report for a program that SIGINT, SIGTERM ended.
_ABORTING_CODES = (130, 143)


@dataclass(frozen=True)
class ShellRun:
    """What is noted of a shell script that is being tracked."""

    run_uid: str
    instance_uid: str
    process: int
    process_started: str
    directory: str

    @property
    def is_alive(self) -> bool:
        """Whether the shell still executes the script; its number may have gone to another process since."""
        return started_at(self.process) == self.process_started != ""


def start_shell_run(
    *, project: Any = None, space: Any = None, branch: Any = None, params: dict[str, Any] | None = None
) -> Any:
    """Open a run for the shell script that called this process.

    Returns:
        The run.

    Raises:
        InvalidArgument: if no shell script called, or it has an open run.
    """
    from lamindb.base import context as current
    from lamindb.tracking.arguments import resolve_arguments
    from lamindb.tracking.params import params_to_json

    script = calling_script()
    if script is None:
        raise InvalidArgument(
            "Cannot determine script filename. Call lamin track in a shell script (bash, sh, zsh, dash or ksh) that is run as: bash script.sh"
        )
    end_abandoned_runs()
    known = _read(script.process)
    if known is not None and known.instance_uid == instance_uid():
        raise InvalidArgument(
            f"{script.path.name} is tracked already as run {known.run_uid}: call lamin finish before lamin track"
        )
    arguments = resolve_arguments(project=project, space=space, branch=branch)
    variables = (
        (current.current_project_var, arguments.project),
        (current.run_space_var, arguments.space),
        (current.run_branch_var, arguments.branch),
    )
    tokens = [(variable, variable.set(value)) for variable, value in variables]
    try:
        run = _start(script, arguments.initiated_by_run, params_to_json(params or {}))
        if arguments.project is not None:
            run.transform.projects.add(arguments.project)
    finally:
        for variable, token in reversed(tokens):
            variable.reset(token)
    _write(ShellRun(run.uid, instance_uid(), script.process, started_at(script.process), str(Path.cwd())))
    call_event("lamindb_run_started", run=run)
    return run


def _start(script: ShellScript, initiated_by_run: Any, params: dict[str, Any]) -> Any:
    transform = resolve_transform(source_of_file(script.path))
    run = new_run(
        transform,
        params=params,
        cli_arguments=list(script.arguments),
        initiated_by_run=initiated_by_run or current_shell_run(),
    )
    remember_environment(transform, run)
    return run


def current_shell_run() -> Any:
    """Return the run of the shell script that called this process, at any depth; else `None`."""
    known = _nearest()
    return None if known is None else registry("Run").objects.filter(uid=known.run_uid).first()


def finish_shell_run(exit_code: int = 0) -> Any:
    """End the run of the shell script that called this process.

    Args:
        exit_code: exit code of the script: 0 is completed, that of an interrupted script aborted, another one errored.

    Returns:
        The run.

    Raises:
        TrackNotCalled: if it has none.
    """
    known = _nearest()
    run = None if known is None else registry("Run").objects.filter(uid=known.run_uid).first()
    if known is None or run is None:
        raise TrackNotCalled("No active run to finish. Please run `lamin track` first.")
    status = COMPLETED if exit_code == 0 else ABORTED if exit_code in _ABORTING_CODES else ERRORED
    _end(run, status)
    _file(known.process).unlink(missing_ok=True)
    return run


def end_abandoned_runs() -> list[str]:
    """Mark the runs aborted whose script ended without `lamin finish`; return their uids."""
    abandoned = []
    for file in _folder().glob("*.json"):
        known = _read_file(file)
        if known is None:
            file.unlink(missing_ok=True)
        elif not known.is_alive and known.instance_uid == instance_uid():
            run = registry("Run").objects.filter(uid=known.run_uid, _status_code__in=_STARTED).first()
            if run is not None:
                _end(run, ABORTED)
                abandoned.append(run.uid)
            file.unlink(missing_ok=True)
    if abandoned:
        logger.warning("marked as aborted what ended without lamin finish: %s", ", ".join(sorted(abandoned)))
    return abandoned


def _end(run: Any, status: int) -> None:
    run._status_code, run.finished_at = status, timezone.now()
    run.save()
    call_event("lamindb_run_finished", run=run)


def _nearest() -> ShellRun | None:
    """Return what is noted for the closest shell above this process."""
    if not _folder().is_dir():
        return None
    for process in ancestors():
        known = _read(process)
        if known is not None and known.instance_uid == instance_uid():
            return known
    return None


def _folder() -> Path:
    return cache_dir() / "shell_runs" / (platform.node() or "localhost")


def _file(process: int) -> Path:
    return _folder() / f"{process}.json"


def _read(process: int) -> ShellRun | None:
    known = _read_file(_file(process))
    return known if known is not None and known.is_alive else None


def _read_file(file: Path) -> ShellRun | None:
    try:
        return ShellRun(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(known: ShellRun) -> None:
    file = _file(known.process)
    file.parent.mkdir(parents=True, exist_ok=True)
    staged = file.with_suffix(f".{os.getpid()}")
    staged.write_text(json.dumps(asdict(known)), encoding="utf-8")
    staged.replace(file)
