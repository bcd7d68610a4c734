"""`@ln.flow()` and `@ln.step()`: a run for each call of a function, over its whole execution, also of coroutines and generators."""

from __future__ import annotations

import functools
import inspect
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

from lamindb.base import context as current
from lamindb.base.logging import logger

F = TypeVar("F", bound=Callable[..., Any])
GlobalRun = Literal["memorize", "clear", "none"]
_ALIASES = ("project", "space", "branch", "plan", "initiated_by_run")
#: Transforms of functions whose code did not change since: saves the look-up for each call.
_transforms: dict[tuple[Any, ...], Any] = {}
_transforms_lock = threading.Lock()


def flow(uid: str | None = None, global_run: GlobalRun = "clear", track_arg_aliases: bool = True) -> Callable[[F], F]:
    """Decorate a function so that each call is a run with source code, environment and log, from which steps start.

    Arguments of the call become the parameters of the run. An exception ends it as errored and goes on to the caller.

    Args:
        uid: stem uid that keeps versions of the file together when it is renamed.
        global_run: `"clear"`: the run is that of the process, for every thread, until the call ends; `"memorize"`: and stays it;
            `"none"`: it is that of the call only, for flows that run at the same time.
        track_arg_aliases: whether arguments named project, space, branch, plan and initiated_by_run are used as those of `ln.track()`.

    Example:
        >>> @ln.flow()
        ... def ingest(key: str) -> None: ...
    """
    if global_run not in ("memorize", "clear", "none"):
        raise ValueError(f"global_run must be 'memorize', 'clear' or 'none', not {global_run!r}")
    return _decorator("flow", uid, global_run, track_arg_aliases)


def step(uid: str | None = None) -> Callable[[F], F]:
    """Decorate a function so that each call is a run that the enclosing run initiated.

    Args:
        uid: stem uid that keeps versions of the file together when it is renamed.

    Example:
        >>> @ln.step()
        ... def subset(key: str) -> None: ...
    """
    return _decorator("step", uid, "none", False)


def tracked(uid: str | None = None) -> Callable[[F], F]:
    """Former name of `step`."""
    warnings.warn("Use ln.step() instead of ln.tracked(), tracked will be removed.", DeprecationWarning, stacklevel=2)
    return step(uid)


def _decorator(role: str, uid: str | None, global_run: GlobalRun, aliases: bool) -> Any:
    if callable(uid):
        raise TypeError(f"Use the decorator with parentheses: @ln.{role}()")

    def decorate(function: Any) -> Any:
        call = functools.partial(_call, function, role, uid, global_run, aliases)
        wrapper: Any
        if inspect.isasyncgenfunction(function):

            async def tracked_async_generator(*args: Any, **kwargs: Any) -> Any:
                with call(args, kwargs) as switch:
                    generator = function(*args, **kwargs)
                    resume, value = generator.asend, None
                    while True:
                        try:
                            produced = await resume(value)
                        except StopAsyncIteration:
                            return
                        switch.off()
                        try:
                            value = yield produced
                            resume = generator.asend
                        except GeneratorExit:
                            switch.on()
                            await generator.aclose()
                            raise
                        except BaseException as error:
                            resume, value = generator.athrow, error
                        switch.on()

            wrapper = tracked_async_generator
        elif inspect.iscoroutinefunction(function):

            async def tracked_coroutine(*args: Any, **kwargs: Any) -> Any:
                with call(args, kwargs):
                    return await function(*args, **kwargs)

            wrapper = tracked_coroutine
        elif inspect.isgeneratorfunction(function):

            def tracked_generator(*args: Any, **kwargs: Any) -> Any:
                with call(args, kwargs) as switch:
                    return (yield from _switching(function(*args, **kwargs), switch))

            wrapper = tracked_generator
        else:

            def tracked_call(*args: Any, **kwargs: Any) -> Any:
                with call(args, kwargs):
                    return function(*args, **kwargs)

            wrapper = tracked_call
        return functools.wraps(function)(wrapper)

    return decorate


def _switching(generator: Any, switch: _Switch) -> Any:
    """Run a generator step by step; while its consumer works, the run is not the current one."""
    resume, value = generator.send, None
    while True:
        try:
            produced = resume(value)
        except StopIteration as end:
            return end.value
        switch.off()
        try:
            value = yield produced
            resume = generator.send
        except GeneratorExit:
            switch.on()
            generator.close()
            raise
        except BaseException as error:
            resume, value = generator.throw, error
        switch.on()


class _Switch:
    """Makes a run (and what comes with it) current in this context, or what was current before."""

    def __init__(self, values: dict[current.CurrentVar, Any], log: Any) -> None:
        self._values, self._log = values, log
        self._before: dict[current.CurrentVar, Any] = {}

    def on(self) -> None:
        self._before = {variable: variable.get_local() for variable in self._values}
        for variable, value in self._values.items():
            variable.set(value)
        if self._log is not None:
            self._log.enter()

    def off(self) -> None:
        for variable, value in self._before.items():
            variable.set(value)
        if self._log is not None:
            self._log.leave()


@contextmanager
def _call(
    function: Any, role: str, uid: str | None, global_run: GlobalRun, aliases: bool, args: Any, kwargs: Any
) -> Iterator[_Switch]:
    """Begin a run for a call, make it current, and end it as the call ends."""
    import lamindb.models  # noqa: F401  (registries are looked up by name from here on)
    from lamindb.plugins.manager import call_event
    from lamindb.setup import settings
    from lamindb.tracking import endings, lifecycle
    from lamindb.tracking.processes import allow_event_loops, run_of_parent_process
    from lamindb.tracking.session import context

    if not settings.instance.claim_for_writing():
        logger.warning("not tracking %s(), connected in read-only mode", _name_of(function))
        yield _Switch({}, None)
        return
    allow_event_loops()
    around = _check_around(role, current.current_run() or run_of_parent_process())
    bound = _bind(function, args, kwargs)
    arguments = _arguments(bound if aliases else {}, around)
    tracked = _begin(function, uid, bound, arguments, around)
    of_process = role == "flow" and global_run != "none"
    if role == "flow":
        lifecycle.watch(tracked, capture=True, in_context=True, of_process=of_process)
        endings.open_run(tracked)
        if of_process:
            context._publish(tracked, arguments)
        _announce(tracked, uid)
    else:
        call_event("lamindb_run_started", run=tracked.run)
    switch = _Switch(_values(tracked, arguments), tracked.log)
    if tracked.log is not None:
        tracked.log.leave()
    switch.on()
    try:
        yield switch
    except GeneratorExit:  # the consumer of a generator had enough
        lifecycle.end_run(tracked, lifecycle.COMPLETED)
        raise
    except BaseException as error:
        _end_with(tracked, error)
        raise
    else:
        lifecycle.end_run(tracked, lifecycle.COMPLETED)
    finally:
        switch.off()
        endings.close_run(tracked)
        if of_process and global_run == "clear" and context.run is tracked.run:
            context._clear()


def _end_with(tracked: Any, error: BaseException) -> None:
    from lamindb.tracking import lifecycle

    aborted = isinstance(error, KeyboardInterrupt)
    status = lifecycle.ABORTED if aborted else lifecycle.ERRORED
    if isinstance(error, SystemExit) and error.code in (None, 0):
        status = lifecycle.COMPLETED
    if type(error).__name__ == "CancelledError":
        status = lifecycle.ABORTED
    try:
        lifecycle.end_run(tracked, status, lifecycle.traceback_text(error))
    except Exception as failure:  # the error of the user is what the caller must see
        logger.error("could not store the end of run %s: %s", tracked.run.uid, failure)


def _check_around(role: str, around: Any) -> Any:
    from lamindb.tracking.session import context

    if role == "step" and around is None:
        raise RuntimeError("Please track the global run context before using @ln.step(): ln.track() or @ln.flow()")
    if role == "flow" and context.run is not None:
        raise RuntimeError(
            "Please use @ln.step() or clear the global run context before using @ln.flow(): no `ln.track()` or `@ln.flow(global_run='clear')`"
        )
    return around


def _bind(function: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{_name_of(function)}() {error}") from None
    bound.apply_defaults()
    return dict(bound.arguments)


def _arguments(bound: dict[str, Any], around: Any) -> Any:
    from lamindb.tracking.arguments import RunArguments, resolve_arguments

    given = {name: bound[name] for name in _ALIASES if bound.get(name) is not None}
    if around is not None and not given:
        return RunArguments(initiated_by_run=around)
    if around is not None:
        given.setdefault("initiated_by_run", around)
    return resolve_arguments(**given)


def _values(tracked: Any, arguments: Any) -> dict[current.CurrentVar, Any]:
    values: dict[current.CurrentVar, Any] = {current.current_run_var: tracked.run}
    for variable, value in (
        (current.current_project_var, arguments.project),
        (current.run_space_var, arguments.space),
        (current.run_branch_var, arguments.branch),
    ):
        if value is not None:
            values[variable] = value
    return values


def _begin(function: Any, uid: str | None, bound: dict[str, Any], arguments: Any, around: Any) -> Any:
    from lamindb.tracking.lifecycle import TrackedRun, instance_uid, new_run, remember_environment
    from lamindb.tracking.param_types import types_of_arguments, without_mismatches
    from lamindb.tracking.params import params_to_json
    from lamindb.tracking.running import mark_killed_runs
    from lamindb.tracking.session import context
    from lamindb.tracking.source import command_line

    if around is None:
        mark_killed_runs(instance_uid())
    params = params_to_json(without_mismatches(bound, types_of_arguments(function)))
    before = _Switch({k: v for k, v in _values(_Nothing, arguments).items() if v is not None}, None)
    before.on()
    try:
        transform = _transform_of(function, uid, around.transform if around is not None else context.transform)
        run = new_run(
            transform, params=params, entrypoint=_name_of(function),
            initiated_by_run=arguments.initiated_by_run, plan=arguments.plan,
            cli_arguments=_own_command_line(function, command_line) if around is None else None,
        )  # fmt: skip
        remember_environment(transform, run)
    finally:
        before.off()
    return TrackedRun(run, transform)


class _Nothing:
    """Stands for no run while the arguments of a call are in force already."""

    run = None


def _own_command_line(function: Any, command_line: Callable[[], list[str]]) -> list[str]:
    """Return the arguments of the command line if the script that was called holds this function."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    code = _code_of(function)
    in_script = main is not None and code is not None and Path(main).resolve() == Path(code.co_filename).resolve()
    return command_line() if in_script else []


def _name_of(function: Any) -> str:
    return str(getattr(function, "__qualname__", type(function).__name__))[:255]


def _code_of(function: Any) -> Any:
    return getattr(inspect.unwrap(function), "__code__", None)


def _transform_of(function: Any, uid: str | None, caller: Any) -> Any:
    from lamindb.tracking.lifecycle import instance_uid
    from lamindb.tracking.source import source_of_function
    from lamindb.tracking.transforms import resolve_transform

    code = _code_of(function)
    try:
        stat = Path(code.co_filename if code is not None else "").stat()
        state: tuple[Any, ...] = (stat.st_mtime_ns, stat.st_size)
    except OSError:
        state = (caller.key if caller is not None else None,)
    known = (instance_uid(), code or function, uid, *state)
    with _transforms_lock:
        if known in _transforms:
            return _transforms[known]
        source = source_of_function(function, caller.key if caller is not None else _key_of_notebook(function))
        _transforms[known] = resolve_transform(source, uid=uid)
        return _transforms[known]


def _key_of_notebook(function: Callable[..., Any]) -> str | None:
    """Return the key of the notebook that a function is defined in, which keys a flow without a run around it."""
    from lamindb.tracking.marimo_notebooks import is_cell_of_marimo
    from lamindb.tracking.notebooks import current_notebook, is_kernel

    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is not None and is_cell_of_marimo(code.co_filename):
        file = getattr(function, "__globals__", {}).get("__file__")
        return Path(file).name if file else None
    if not is_kernel():
        return None
    try:
        return current_notebook().path.name
    except (RuntimeError, ValueError):  # a kernel without a notebook that can be found
        return None


def _announce(tracked: Any, uid: str | None) -> None:
    from lamindb.tracking.session import _announce

    _announce(tracked, tracked.run.params or {}, [])
    if uid is not None:
        return
    logger.important_hint(
        'recommendation: to identify the %s across renames, pass the uid: @ln.flow(uid="%s")',
        tracked.transform.kind, tracked.transform.stem_uid,
    )  # fmt: skip
