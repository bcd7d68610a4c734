"""`ln.track()`, `ln.finish()` and `ln.context`: the one run of a script or an interactive session."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import transaction as database

from lamindb.base import context as current
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.errors import InvalidArgument, TrackNotCalled
from lamindb.tracking.arguments import RunArguments, resolve_arguments
from lamindb.tracking.endings import close_run, open_run
from lamindb.tracking.lifecycle import (
    COMPLETED,
    TrackedRun,
    duration_text,
    end_run,
    instance_uid,
    new_run,
    remember_environment,
    restart_run,
    watch,
)
from lamindb.tracking.param_types import check_expected, without_mismatches
from lamindb.tracking.params import format_params, params_to_json
from lamindb.tracking.processes import allow_event_loops, share_with_children
from lamindb.tracking.redaction import redact_arguments
from lamindb.tracking.running import mark_killed_runs
from lamindb.tracking.source import Source, command_line, source_of_caller, source_of_file
from lamindb.tracking.transforms import resolve_transform

_TIME = "%Y-%m-%d %H:%M:%S UTC"


class Context:
    """The run of this process, and what new records take from it.

    Example:
        >>> ln.track()  # doctest: +SKIP
        >>> ln.context.run  # doctest: +SKIP
    """

    def __init__(self) -> None:
        self.uid: str | None = None
        """Uid of the transform; set it before `track()`."""
        self.version: str | None = None
        """Version tag of the transform; set it before `track()`."""
        self.description: str | None = None
        """Description of the transform; set it before `track()`."""
        self._tracked: TrackedRun | None = None
        self._arguments = RunArguments()

    @property
    def run(self) -> Any:
        """The run, or `None`."""
        return self._tracked.run if self._tracked is not None else None

    @property
    def transform(self) -> Any:
        """The transform of the run, or `None`."""
        return self._tracked.transform if self._tracked is not None else None

    @property
    def project(self) -> Any:
        """The project that new records belong to, or `None`."""
        return self._arguments.project

    @property
    def space(self) -> Any:
        """The space that new records are put in, or `None`."""
        return self._arguments.space

    @property
    def branch(self) -> Any:
        """The branch that new records are put on, or `None`."""
        return self._arguments.branch

    def __repr__(self) -> str:
        names = ("uid", "version", "description", "transform", "run", "project", "space", "branch")
        known = "\n".join(f"  {name}: {value}" for name in names if (value := getattr(self, name)) is not None)
        return f"Context of this process:\n{known}" if known else "Context of this process: no run, call ln.track()"

    def track(self, transform: Any = None, **kwargs: Any) -> None:
        """Start a run; see `ln.track`."""
        _track(self, sys._getframe(1), transform, **kwargs)

    def finish(self, ignore_non_consecutive: bool | None = None) -> None:
        """End the run; see `ln.finish`."""
        if self._tracked is None:
            raise TrackNotCalled("Please run `ln.track()` before `ln.finish()`")
        tracked = self._tracked
        if tracked.notebook is not None:
            from lamindb.tracking.notebook_runs import prepare_end

            if not prepare_end(tracked, ignore_non_consecutive):
                return
        try:
            end_run(tracked, COMPLETED)
        finally:
            close_run(tracked)
            self._clear()
        run = tracked.run
        logger.important(
            "finished Run('%s') after %s at %s",
            run.uid,
            duration_text(run.started_at, run.finished_at),
            f"{run.finished_at:{_TIME}}",
        )

    def _publish(self, tracked: TrackedRun, arguments: RunArguments) -> None:
        """Make a run that of the process, for every thread."""
        self._tracked, self._arguments = tracked, arguments
        current.current_run_var.process_value = tracked.run
        share_with_children(tracked.run)
        current.current_project_var.process_value = arguments.project
        current.run_space_var.process_value = arguments.space
        current.run_branch_var.process_value = arguments.branch

    def _clear(self) -> None:
        self._tracked, self._arguments = None, RunArguments()
        share_with_children(None)
        self.uid = self.version = self.description = None
        for variable in (
            current.current_run_var,
            current.current_project_var,
            current.run_space_var,
            current.run_branch_var,
        ):
            variable.process_value = None


context = Context()


def track(
    transform: Any = None,
    *,
    project: Any = None,
    space: Any = None,
    branch: Any = None,
    plan: Any = None,
    features: dict[str, Any] | None = None,
    params: dict[str, Any] | None = None,
    new_run: bool | None = None,
    pypackages: bool | None = None,
    key: str | None = None,
    path: str | Path | None = None,
    source_code: str | None = None,
    kind: str | None = None,
    entrypoint: str | None = None,
    initiated_by_run: Any = None,
    stream_tracking: bool | None = None,
    expected_param_types: dict[str, Any] | None = None,
) -> None:
    """Start a run of the code that calls this; what is created and loaded from now on is linked to it.

    The run ends with `ln.finish()`, else when the process ends.

    Args:
        transform: uid or stem uid that keeps versions together when a file is renamed; or a `Transform` of kind `pipeline` or `function`.
        project: project of what is created, by record, name or uid. Default: the environment variable `LAMIN_CURRENT_PROJECT`.
        space: space of what is created, likewise.
        branch: branch of what is created, likewise.
        plan: artifact with the plan that the run follows, or its key or uid.
        features: feature values of the run.
        params: parameters, anything; secrets are taken out.
        new_run: `False` continues the latest run of this transform by the same user. Default: `False` for notebooks that are edited while they
            run, else `True`.
        pypackages: kept for scripts that pass it; packages are always recorded.
        key: key of the transform. Default: path of the file in the dev-dir, else its name.
        path: file to track instead of the calling one.
        source_code: text to track instead of a file; needs `key`.
        kind: kind of the transform, with `source_code` only. Default: `"function"`.
        entrypoint: function or command that runs.
        initiated_by_run: run that started this one, or its uid. Default: the environment variable `LAMIN_INITIATED_BY_RUN_UID`.
        stream_tracking: whether to record what is printed. Default: for scripts.
        expected_param_types: types of parameters by name: classes, registries, or dtypes such as `"cat[bionty.Organism]"`. A parameter of
            another type is warned about and not recorded.

    Raises:
        InvalidArgument: if a record that is named doesn't exist, or arguments exclude each other.
        NotImplementedError: if the code is in no file.
        UpdateContext: if the full uid that is passed belongs to other source code.

    Example:
        >>> ln.track(params={"learning_rate": 0.01})  # doctest: +SKIP
    """
    _track(
        context, sys._getframe(1), transform,
        project=project, space=space, branch=branch, plan=plan, features=features, params=params, new_run=new_run,
        pypackages=pypackages, key=key, path=path, source_code=source_code, kind=kind, entrypoint=entrypoint,
        initiated_by_run=initiated_by_run, stream_tracking=stream_tracking, expected_param_types=expected_param_types,
    )  # fmt: skip


def finish(ignore_non_consecutive: bool | None = None) -> None:
    """End the run that `ln.track()` started: completed, with its log as report.

    Args:
        ignore_non_consecutive: what to do if the cells of a notebook ran in another order than they stand in: `None` warns, `False` asks whether to
            go on, `True` doesn't look.

    Raises:
        TrackNotCalled: if there is no run.

    Example:
        >>> ln.finish()  # doctest: +SKIP
    """
    context.finish(ignore_non_consecutive)


def _track(
    session: Context,
    frame: FrameType | None,
    transform: Any = None,
    *,
    project: Any = None,
    space: Any = None,
    branch: Any = None,
    plan: Any = None,
    features: dict[str, Any] | None = None,
    params: dict[str, Any] | None = None,
    new_run: bool | None = None,
    pypackages: bool | None = None,
    key: str | None = None,
    path: str | Path | None = None,
    source_code: str | None = None,
    kind: str | None = None,
    entrypoint: str | None = None,
    initiated_by_run: Any = None,
    stream_tracking: bool | None = None,
    expected_param_types: dict[str, Any] | None = None,
) -> None:
    import lamindb.models  # noqa: F401  (registries are looked up by name from here on)
    from lamindb.setup import settings

    allow_event_loops()
    if not settings.instance.claim_for_writing():
        logger.warning("skipping track(), connected in read-only mode")
        return
    uid = transform if isinstance(transform, str) else session.uid
    if not isinstance(transform, str) and transform is not None:
        _check_transform(transform)
        source: Source | None = None
    else:
        source = _source(frame, key, path, source_code, kind)
    arguments = resolve_arguments(
        project=project, space=space, branch=branch, plan=plan, initiated_by_run=initiated_by_run
    )
    expected = check_expected(expected_param_types) if expected_param_types is not None else {}
    values = params_to_json(without_mismatches(params or {}, expected))
    cli_arguments = command_line() if source is not None and source.path is not None else []
    mark_killed_runs(instance_uid())
    started = _start(session, source, transform, uid, arguments, values, new_run, entrypoint, cli_arguments, features)
    session._publish(started, arguments)
    open_run(started)
    capture = stream_tracking if stream_tracking is not None else started.transform.kind == "script"
    watch(started, capture=capture)
    if started.notebook is not None:
        from lamindb.tracking.notebook_runs import watch_cells

        watch_cells(started)
    _announce(started, values, cli_arguments, features)
    if uid is None and source is not None and source.path is not None:
        _recommend_uid(started, source, arguments, values)


def _source(frame: FrameType | None, key: str | None, path: Any, source_code: str | None, kind: str | None) -> Source:
    if source_code is not None:
        if key is None or path is not None:
            raise InvalidArgument(
                "With source_code=…, pass key=… for the name of the transform and leave out path: the text takes its place"
            )
        return Source(key, kind or "function", source_code)
    if kind is not None:
        raise InvalidArgument(f"kind={kind!r} is taken from the file: pass it together with source_code=… only")
    found = source_of_caller(frame) if path is None else source_of_file(path)
    return found if key is None else replace(found, key=key)


def _check_transform(transform: Any) -> None:
    if not isinstance(transform, registry("Transform")):
        raise InvalidArgument(f"transform must be a uid or a Transform, not {type(transform).__name__}: {transform!r}")
    if transform.kind in ("notebook", "script"):
        raise ValueError(
            "Use `ln.track()` without passing transform in a notebook or script - metadata is automatically parsed"
        )


def _start(
    session: Context,
    source: Source | None,
    transform: Any,
    uid: str | None,
    arguments: RunArguments,
    values: dict[str, Any],
    make_new: bool | None,
    entrypoint: str | None,
    cli_arguments: list[str],
    features: dict[str, Any] | None = None,
) -> TrackedRun:
    """Write transform and run in one transaction; what they create is put on the branch and in the space of the run."""
    from lamindb.tracking.run_files import environment_artifact

    tokens = [
        (variable, variable.set(value))
        for variable, value in (
            (current.current_project_var, arguments.project),
            (current.run_space_var, arguments.space),
            (current.run_branch_var, arguments.branch),
        )
    ]
    try:
        environment_artifact(instance_uid())  # its bytes are stored before the transaction
        with database.atomic():
            if source is None:
                if transform._state.adding:
                    transform.save()
            else:
                by_arguments = f"CLI: {Path(source.key).name}" if cli_arguments else None
                description = source.title or session.description or by_arguments
                transform = resolve_transform(source, uid=uid, version=session.version, description=description)
            run = None
            if make_new is False or (make_new is None and source is not None and source.is_draft):
                own = transform.runs.filter(created_by_id=current.current_user_id()).exclude(
                    branch_id=current.TRASH_BRANCH_ID
                )
                run = own.order_by("-started_at", "-id").first()
            if run is not None:
                restart_run(run, params=values, plan=arguments.plan, cli_arguments=cli_arguments)
            else:
                run = new_run(
                    transform, params=values, entrypoint=entrypoint, plan=arguments.plan, cli_arguments=cli_arguments,
                    initiated_by_run=arguments.initiated_by_run,
                )  # fmt: skip
            remember_environment(transform, run)
            if arguments.project is not None:
                transform.projects.add(arguments.project)
            if features:
                run.features.add_values(features)
    finally:
        for variable, token in reversed(tokens):
            variable.reset(token)
    return TrackedRun(run, transform, notebook=source.notebook if source is not None else None)


def _announce(
    started: TrackedRun, values: dict[str, Any], cli_arguments: list[str], features: dict[str, Any] | None = None
) -> None:
    run, transform = started.run, started.transform
    made = "created" if transform.__dict__.pop("_created_by_tracking", False) else "loaded"
    what = "re-started" if run.status == "restarted" else "started new"
    entry = f", entrypoint='{run.entrypoint}'" if run.entrypoint else ""
    logger.important(
        "%s Transform('%s', key='%s'), %s Run('%s'%s) at %s",
        made, transform.uid, transform.key, what, run.uid, entry, f"{run.started_at:{_TIME}}",
    )  # fmt: skip
    if values:
        logger.important("params: %s", format_params(values))
    if features:
        logger.important("features: %s", format_params(params_to_json(features)))
    if cli_arguments:
        logger.important("script invoked with: %s", " ".join(redact_arguments(cli_arguments)))


def _recommend_uid(started: TrackedRun, source: Source, arguments: RunArguments, values: dict[str, Any]) -> None:
    call = "ln.track" if source.is_python else "ln$track"
    words = [f'"{started.transform.stem_uid}"']
    for name in ("project", "space"):
        record = getattr(arguments, name)
        if record is not None:
            words.append(f'{name}="{record.name}"')
    if arguments.plan is not None:
        words.append(f'plan="{arguments.plan.key or arguments.plan.uid}"')
    if values:
        words.append("params={...}")
    logger.important_hint(
        "recommendation: to identify the %s across renames, pass the uid: %s(%s)",
        started.transform.kind,
        call,
        ", ".join(words),
    )
