"""How a tracked run begins and ends: its row, environment, log, and the marker that says it is alive."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.plugins.manager import call_event
from lamindb.tracking import params as parameters
from lamindb.tracking.logs import RunLog, start_log, stop_log
from lamindb.tracking.notebooks import Notebook
from lamindb.tracking.redaction import redact_arguments, redact_log_file
from lamindb.tracking.run_files import environment_artifact, foreign_environment, log_path, save_report
from lamindb.tracking.running import RunningMarker

COMPLETED, ERRORED, ABORTED = 0, 1, 2
_RESTARTED, _STARTED = -2, -1
_MAX_CLI_ARGS = 1024


@dataclass
class TrackedRun:
    """A run that this process executes, and what has to be put away when it ends."""

    run: Any
    transform: Any
    log: RunLog | None = None
    marker: RunningMarker | None = None
    process: int = field(default_factory=os.getpid)
    instance_uid: str = field(default_factory=lambda: instance_uid())
    ended: bool = False
    notebook: Notebook | None = None
    failure: str | None = None
    """Traceback of the last cell of an executed notebook, if it failed."""


def instance_uid() -> str:
    """Return the uid of the connected instance."""
    from lamindb.setup import settings

    return str(settings.instance.uid)


def _connected_instance_uid() -> str | None:
    from lamindb.setup import settings

    return instance_uid() if settings.is_configured else None


def instance_slug() -> str:
    """Return owner and name of the connected instance."""
    from lamindb.setup import settings

    return str(settings.instance.slug)


def new_run(
    transform: Any,
    *,
    params: dict[str, Any] | None = None,
    entrypoint: str | None = None,
    initiated_by_run: Any = None,
    plan: Any = None,
    cli_arguments: list[str] | None = None,
) -> Any:
    """Insert a run that has started; one statement if the environment is known.

    Args:
        transform: saved transform.
        params: parameters as JSON.
        entrypoint: name of the function.
        initiated_by_run: run around this one.
        plan: artifact with the plan.
        cli_arguments: arguments of the command line.
    """
    run = registry("Run")(
        transform=transform, entrypoint=entrypoint, params=params or None, initiated_by_run=initiated_by_run, plan=plan
    )
    run._status_code = _STARTED
    run.started_at = timezone.now()
    run.environment = environment_artifact(instance_uid(), known=_known_environment(transform))
    run.cli_args = _cli_text(cli_arguments)
    return run.save()


def restart_run(run: Any, *, params: dict[str, Any] | None, plan: Any, cli_arguments: list[str] | None) -> Any:
    """Let a run begin again: its end and status are reset."""
    run.started_at, run.finished_at, run._status_code = timezone.now(), None, _RESTARTED
    run.params = params or run.params
    run.plan = plan or run.plan
    run.environment = environment_artifact(instance_uid())
    run.cli_args = _cli_text(cli_arguments) or run.cli_args
    return run.save()


def _known_environment(transform: Any) -> Any:
    return transform.environment if transform.environment_id is not None else None


def _cli_text(arguments: list[str] | None) -> str | None:
    if not arguments:
        return None
    text = " ".join(redact_arguments(arguments)).replace("\x00", "")
    return text if len(text) <= _MAX_CLI_ARGS else f"{text[: _MAX_CLI_ARGS - 1]}…"


def remember_environment(transform: Any, run: Any) -> None:
    """Note the environment of a run at its transform, if it has none or another one."""
    if transform.environment_id != run.environment_id:
        transform.environment = run.environment
        type(transform).objects.filter(pk=transform.pk).update(environment_id=run.environment_id)


def watch(tracked: TrackedRun, *, capture: bool, in_context: bool = False, of_process: bool = True) -> None:
    """Mark a run as alive, and record what is printed if `capture`."""
    tracked.marker = RunningMarker(instance_uid(), tracked.run.uid)
    call_event("lamindb_run_started", run=tracked.run)
    if capture:
        tracked.log = start_log(log_path(tracked.run), in_context=in_context, of_process=of_process)
        tracked.log.append(f"→ connected lamindb: {instance_slug()}\n→ log of run {tracked.run.uid}")


def end_run(tracked: TrackedRun, status: int, message: str | None = None) -> None:
    """Store how a run ended: report, time and status. A second call, or one in a forked process, does nothing.

    Args:
        tracked: the run.
        status: status code.
        message: what to add to the log, such as a traceback.
    """
    if tracked.ended or tracked.process != os.getpid():
        return
    tracked.ended = True
    run = tracked.run
    if tracked.instance_uid != _connected_instance_uid():
        if tracked.log is not None:
            stop_log(tracked.log)
        logger.error("run %s stays started: its instance is no longer the connected one", run.uid)
        return
    values: dict[str, Any] = {"_status_code": status, "finished_at": timezone.now(), "updated_at": timezone.now()}
    if tracked.log is not None:
        try:
            if message is not None:
                tracked.log.append(message)
            data = tracked.log.read()
        finally:
            stop_log(tracked.log)
        try:
            values["report_id"] = _report(run, data).id
        except Exception as error:  # the run ended all the same
            logger.error("could not store the log of run %s: %s", run.uid, error)
    elif message is not None and tracked.notebook is not None:
        values["report_id"] = _report(run, message.encode("utf-8", "backslashreplace")).id
    environment = foreign_environment(run, tracked.instance_uid)
    if environment is not None:
        values["environment_id"] = environment.id
    for name, value in values.items():
        setattr(run, name, value)
    type(run).objects.filter(pk=run.pk).update(**values)
    if environment is not None:
        remember_environment(tracked.transform, run)
    if tracked.marker is not None:
        tracked.marker.remove()
    call_event("lamindb_run_finished", run=run)


def _report(run: Any, data: bytes) -> Any:
    if run.report_id is not None:
        logger.important("overwriting run.report")
    return save_report(run, redact_log_file(data, frozenset(parameters.secret_values)))


def traceback_text(error: BaseException) -> str:
    """Return the traceback of an error as Python prints it."""
    return "".join(traceback.format_exception(error))


def duration_text(start: datetime, end: datetime) -> str:
    """Return a duration in its two largest units, such as `1m 12s`."""
    seconds = int((end - start).total_seconds())
    parts: list[str] = []
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        number, seconds = divmod(seconds, length)
        if number or (unit == "s" and not parts):
            parts.append(f"{number}{unit}")
    return " ".join(parts[:2])
