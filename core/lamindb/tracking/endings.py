"""What happens when a process with open runs ends without `ln.finish()`: at exit, by an exception, by `sys.exit`, by SIGTERM.

The hooks are installed with the first open run and taken away with the last.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import traceback
import weakref
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from lamindb.storage.last_calls import allow_last_calls
from lamindb.tracking.lifecycle import ABORTED, COMPLETED, ERRORED, TrackedRun, end_run, traceback_text
from lamindb.tracking.processes import on_fork
from lamindb.tracking.running import abort_steps

_open: list[TrackedRun] = []
#: A forked child ends no run of its parent.
on_fork(_open.clear)
_previous: dict[str, Any] = {}
#: Set by a SIGTERM after which the handler of the user let the process go on.
_terminated: list[str] = []
_exit_codes: list[Any] = []
_last_exit: weakref.ref[_Exit] | None = None


class _Exit(SystemExit):
    """What `sys.exit` raises while runs are open; it notes whether it ended the process or was caught."""

    def __del__(self) -> None:
        try:
            sys._getframe(1)  # somebody's code is still running: it caught this
        except ValueError:
            _exit_codes.append(self.code)


def open_run(tracked: TrackedRun) -> None:
    """End this run with the process, however that ends."""
    if not _open:
        _install()
    _open.append(tracked)


def close_run(tracked: TrackedRun) -> None:
    """The run ended by itself."""
    if tracked in _open:
        _open.remove(tracked)
        if not _open:
            _uninstall()


def _end_all(status: int, message: str | None) -> None:
    for tracked in reversed(_open[:]):
        try:
            if status == COMPLETED and tracked.failure is not None:
                end_run(tracked, ERRORED, tracked.failure)
            else:
                end_run(tracked, status, message)
        except Exception as error:  # the process ends for its own reason, which this must not hide
            print(f"lamindb could not store the end of run {tracked.run.uid}: {error}", file=sys.__stderr__)
        close_run(tracked)


def _install() -> None:
    _previous.update(excepthook=sys.excepthook, exit=sys.exit)
    sys.excepthook, sys.exit = _on_exception, _exit
    atexit.register(_at_exit)
    if threading.current_thread() is threading.main_thread():
        handler = signal.getsignal(signal.SIGTERM)
        if handler is not None and handler is not signal.SIG_IGN:
            _previous["SIGTERM"] = signal.signal(signal.SIGTERM, _on_sigterm)


def _uninstall() -> None:
    if sys.excepthook is _on_exception:
        sys.excepthook = _previous["excepthook"]
    if sys.exit is _exit:
        sys.exit = _previous["exit"]
    atexit.unregister(_at_exit)
    in_main_thread = threading.current_thread() is threading.main_thread()
    if "SIGTERM" in _previous and in_main_thread and signal.getsignal(signal.SIGTERM) is _on_sigterm:
        signal.signal(signal.SIGTERM, _previous["SIGTERM"])
    _previous.clear()
    _terminated.clear()
    _exit_codes.clear()


def _exit(status: Any = None, /) -> Any:
    """Stands in for `sys.exit` while runs are open."""
    global _last_exit
    raised = _Exit(status) if status is not None else _Exit()
    _last_exit = weakref.ref(raised)
    try:
        raise raised
    finally:
        del raised  # else the traceback keeps this frame, which keeps the exception


def _at_exit() -> None:
    allow_last_calls()  # reports may go to a bucket
    alive = _last_exit() if _last_exit is not None else None
    code = _exit_codes[-1] if _exit_codes else getattr(alive, "code", None)
    if _terminated:
        _end_all(ABORTED, _terminated[-1])
    elif code in (None, 0):
        _end_all(COMPLETED, None)
    else:
        _end_all(ERRORED, f"The script ended with exit code {code}")


def _on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    previous = _previous.get("excepthook", sys.__excepthook__)
    if error.__traceback__ is None and trace is not None:
        error = error.with_traceback(trace)
    _end_all(ABORTED if isinstance(error, KeyboardInterrupt) or _terminated else ERRORED, traceback_text(error))
    previous(kind, error, trace)
    if isinstance(error, KeyboardInterrupt):
        _stay_interrupted()


def _stay_interrupted() -> None:
    """Let Python still end the process with SIGINT.

    It notes that a KeyboardInterrupt was not caught when code that was given as a text (the main program) ends with one, and forgets that
    when another text runs well, which importing a module with dataclasses does.
    """
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        pass


def _on_sigterm(number: int, frame: FrameType | None) -> None:
    previous: Callable[..., Any] | int | None = _previous.get("SIGTERM")
    name = signal.Signals(number).name
    message = f"Process terminated by signal {number} ({name})\n{''.join(traceback.format_stack(frame))}"
    if callable(previous):
        if any(tracked.process == os.getpid() for tracked in _open):
            _terminated.append(message)
        previous(number, frame)
        return
    if any(tracked.process == os.getpid() for tracked in _open):
        _leave_transaction()
        ended = _open[:]
        _end_all(ABORTED, message)
        _abort_steps(ended)
        _upload_database()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _abort_steps(ended: list[TrackedRun]) -> None:
    try:
        abort_steps(ended[0].instance_uid, [tracked.run.pk for tracked in ended])
    except Exception as error:  # the process must end as it was told to
        print(f"lamindb could not store the end of steps: {error}", file=sys.__stderr__)


def _upload_database() -> None:
    """Upload and unlock a database in a bucket: exit functions don't run after a signal."""
    cloud_database = sys.modules.get("lamindb.setup.cloud_database")
    if cloud_database is not None:
        cloud_database.close_all()


def _leave_transaction() -> None:
    """Roll back what the interrupted code was writing: the process ends here, and the end of the run is a transaction of its own."""
    from django.db import connections

    connection = connections["default"]
    if connection.in_atomic_block:
        connection.close()
        connection.connect()
