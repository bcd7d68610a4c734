"""Running a script or program as a tracked run: its arguments, its output, its exit code, the files it reads and writes."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils import timezone

from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.errors import InvalidArgument
from lamindb.plugins.manager import call_event
from lamindb.tracking import params as parameters
from lamindb.tracking import run_files
from lamindb.tracking.arguments import RunArguments
from lamindb.tracking.data_access import Access, Located, combined_environment, locate
from lamindb.tracking.data_references import find_referenced, replace_references
from lamindb.tracking.lifecycle import (
    ABORTED,
    COMPLETED,
    ERRORED,
    instance_slug,
    instance_uid,
    new_run,
    remember_environment,
)
from lamindb.tracking.logs import RunLog
from lamindb.tracking.redaction import redact_arguments, redact_log_file
from lamindb.tracking.running import RunningMarker, mark_killed_runs
from lamindb.tracking.source import Source
from lamindb.tracking.transforms import resolve_transform

_INTERPRETERS = {
    ".py": ("python",), ".pyw": ("python",), ".sh": ("bash",), ".bash": ("bash",), ".zsh": ("zsh",), ".r": ("Rscript",),
    ".R": ("Rscript",), ".Rmd": ("quarto", "render"), ".qmd": ("quarto", "render"),
}  # fmt: skip
_OUTPUT_OPTIONS = ("--out", "--output")
_PROBE_SECONDS = 5


@dataclass(frozen=True)
class Target:
    """A program with its arguments, as somebody called it, and as it will be called."""

    name: str
    command: tuple[str, ...]
    arguments: tuple[str, ...]
    script: Path | None = None


@dataclass
class Outcome:
    """How a run ended."""

    exit_code: int
    run: Any
    outputs: list[Any] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def recognise(target: str, arguments: Sequence[str]) -> Target:
    """Tell how a script or program is called.

    Raises:
        InvalidArgument: if there is no such file or program, or what executes it is not installed.

    Example:
        >>> recognise("count.py", ["--n", "3"]).name  # doctest: +SKIP
        'count.py'
    """
    path = Path(target)
    interpreter = _INTERPRETERS.get(path.suffix)
    if interpreter is not None and path.is_file():
        program = shutil.which(interpreter[0]) or (sys.executable if interpreter[0] == "python" else None)
        if program is None:
            raise InvalidArgument(f"{target} is executed with {interpreter[0]}, which is not installed")
        return Target(path.name, (program, *interpreter[1:], str(path)), tuple(arguments), path.resolve())
    program = shutil.which(target)
    if program is None:
        what = "is not executable" if path.is_file() else "is no file here and no program"
        raise InvalidArgument(f"{target!r} {what}: pass a script ({', '.join(_INTERPRETERS)}) or the name of a program")
    return Target(path.name, (program,), tuple(arguments))


def run_target(
    target: Target,
    given: RunArguments,
    register: Sequence[str] = (),
    access: Access = Access(),  # noqa: B008  (it is frozen)
    *,
    upload: bool = False,
) -> Outcome:
    """Run a program as a tracked run.

    What it prints goes on to stdout and stderr, and into the log of the run. Arguments of the form `lamin://…` become paths of artifacts, which are
    inputs of the run. Files that are to be registered become outputs when it succeeds, with keys relative to the working directory.

    Args:
        target: what to run.
        given: project, space, branch and initiating run.
        register: files to register, besides those of its options `--out` and `--output`.
        access: how the program gets remote data.
        upload: store outputs remotely also where artifacts are kept local.

    Raises:
        InvalidArgument: if a reference names no artifact of this instance; nothing is run then.
    """
    from lamindb.base import context as current

    mark_killed_runs(instance_uid())
    for argument in target.arguments:  # what can't be found stops here, before anything is written
        replace_references(argument, lambda reference: find_referenced(reference, instance_slug()).uid)
    variables = (
        (current.current_project_var, given.project),
        (current.run_space_var, given.space),
        (current.run_branch_var, given.branch),
    )
    tokens = [(variable, variable.set(value)) for variable, value in variables]
    try:
        return _run(target, given, register, access, upload)
    finally:
        for variable, token in reversed(tokens):
            variable.reset(token)


def _run(target: Target, given: RunArguments, register: Sequence[str], access: Access, upload: bool) -> Outcome:
    transform = _transform_of(target)
    values = {"argv": redact_arguments(list(target.arguments)), "tool_version": _version_of(target)}
    run = new_run(
        transform, params={name: value for name, value in values.items() if value}, initiated_by_run=given.initiated_by_run,
        cli_arguments=[shlex.quote(argument) for argument in target.arguments],
    )  # fmt: skip
    remember_environment(transform, run)
    if given.project is not None:
        transform.projects.add(given.project)
    marker, log = RunningMarker(instance_uid(), run.uid), RunLog(run_files.log_path(run))
    call_event("lamindb_run_started", run=run)
    logger.important("started Run('%s') of %s", run.uid, target.name)
    outcome = Outcome(1, run)
    try:
        with tempfile.TemporaryDirectory(prefix="lamin-run-") as folder:
            inputs: list[Located] = []

            def location(reference: Any) -> str:
                artifact = find_referenced(reference, instance_slug())
                inputs.append(locate(artifact, reference.part, access, run, Path(folder)))
                return inputs[-1].address

            arguments = [replace_references(argument, location) for argument in target.arguments]
            outcome.exit_code = _execute([*target.command, *arguments], _environment(run, given, inputs), log)
        if outcome.exit_code == 0:
            _register_outputs(outcome, arguments, register, upload)
    finally:
        _end(outcome, log)
        marker.remove()
    logger.important("Run('%s') is %s", run.uid, run.status)
    return outcome


def _transform_of(target: Target) -> Any:
    if target.script is None:
        return registry("Transform")(key=target.name, kind="pipeline").save()
    text = target.script.read_bytes().decode("utf-8", "replace")
    return resolve_transform(Source(target.script.name, "script", text, target.script))


def _version_of(target: Target) -> str | None:
    """Ask a program for its version; scripts are versioned by their text."""
    if target.script is not None:
        return None
    try:
        done = subprocess.run(
            [*target.command, "--version"],
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0][:200] if done.returncode == 0 and lines else None


def _environment(run: Any, given: RunArguments, inputs: list[Located]) -> dict[str, str]:
    changed = combined_environment(inputs)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in changed},
        **{name: value for name, value in changed.items() if value is not None},
        "LAMIN_INITIATED_BY_RUN_UID": run.uid,
        "LAMIN_INPUT_PATHS": os.pathsep.join(one.address for one in inputs),
        "PYTHONUNBUFFERED": "1",
    }
    if given.project is not None:
        environment["LAMIN_CURRENT_PROJECT"] = given.project.uid
    return environment


def _execute(command: list[str], environment: dict[str, str], log: RunLog) -> int:
    """Run a command, pass its output on, and return its exit code as a shell tells it."""
    lock = threading.Lock()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    handlers: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for stop in (signal.SIGINT, signal.SIGTERM):
            handlers[stop] = signal.signal(stop, lambda number, frame: child.send_signal(number))
    try:
        readers = [
            threading.Thread(target=_pass_on, args=(child.stdout, sys.stdout, "stdout", log, lock)),
            threading.Thread(target=_pass_on, args=(child.stderr, sys.stderr, "stderr", log, lock)),
        ]
        for reader in readers:
            reader.start()
        code = child.wait()
        for reader in readers:
            reader.join()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return 128 - code if code < 0 else code


def _pass_on(source: IO[bytes], target: Any, name: str, log: RunLog, lock: threading.Lock) -> None:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while data := os.read(source.fileno(), 65536):
        binary = getattr(target, "buffer", None)
        text = decoder.decode(data)
        with lock:
            log.write(name, text)
        try:
            if binary is not None:
                binary.write(data)
                binary.flush()
            else:
                target.write(text)
        except BrokenPipeError:  # the reader of our output has gone; the program runs on
            continue


def output_options(arguments: Sequence[str]) -> list[str]:
    """Return the files that a program was told to write, by `--out` or `--output`.

    Example:
        >>> output_options(["--out", "a.csv", "--output=b.csv", "--outer", "c"])
        ['a.csv', 'b.csv']
    """
    found = []
    for position, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in _OUTPUT_OPTIONS:
            found.append(value if equals else next(iter(arguments[position + 1 : position + 2]), ""))
    return [name for name in found if name]


def _register_outputs(outcome: Outcome, arguments: Sequence[str], register: Sequence[str], upload: bool) -> None:
    here = Path.cwd().resolve()
    asked = list(dict.fromkeys([*register, *(name for name in output_options(arguments) if Path(name).exists())]))
    for name in asked:
        path = Path(name)
        if not path.exists():
            outcome.missing.append(name)
            continue
        whole = path.resolve()
        key = whole.relative_to(here).as_posix() if whole.is_relative_to(here) else whole.name
        artifact = registry("Artifact")(path, key=key, run=outcome.run).save(upload=upload or None)
        outcome.outputs.append(artifact)
        logger.important("saved: %s", artifact)


def _end(outcome: Outcome, log: RunLog) -> None:
    run, code = outcome.run, outcome.exit_code
    interrupted = code in (128 + signal.SIGINT, 128 + signal.SIGTERM)
    run._status_code = COMPLETED if code == 0 else ABORTED if interrupted else ERRORED
    run.finished_at = timezone.now()
    data = log.read()
    log.close()
    run_files.save_report(run, redact_log_file(data, frozenset(parameters.secret_values)))
    run.save()
    call_event("lamindb_run_finished", run=run)
