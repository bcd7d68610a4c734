"""What a run prints: one tee for the whole process on stdout and stderr, and a log file for each run that listens.

Output of a context (a flow, an asyncio task) goes to the log of its run and of the runs around it; output of anything else, such as plain threads, to all
logs of the process.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from contextvars import ContextVar, Token
from pathlib import Path
from typing import Any

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_context_log: ContextVar[RunLog | None] = ContextVar("lamindb_run_log", default=None)
_lock = threading.RLock()
_process_logs: list[RunLog] = []
_tees: dict[str, Tee] = {}
_open_logs = 0


class RunLog:
    """The log of one run while it is written.

    Args:
        path: file to write.
        in_context: whether it is the log of a flow, not of the process.
    """

    def __init__(self, path: Path, *, in_context: bool = False) -> None:
        self.path, self.in_context, self.stopped = path, in_context, False
        self.parent = _context_log.get()
        self._pending = {"stdout": "", "stderr": ""}
        self._owner = os.getpid()
        self._token: Token[RunLog | None] | None = None
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self._file: int | None = os.open(path, flags, 0o600)

    def write(self, stream: str, text: str) -> None:
        """Append text; a line is written when it is complete, and of a progress bar only what stands last in the line."""
        if "\n" not in text:
            self._pending[stream] = self._last_segment(self._pending[stream] + text)
            return
        if self._owner != os.getpid():  # a forked child: the unfinished lines are its parent's
            self._owner, self._pending = os.getpid(), {"stdout": "", "stderr": ""}
        head, _, tail = (self._pending[stream] + text).rpartition("\n")
        self._pending[stream] = tail
        self._put("".join(f"{self._visible(line)}\n" for line in head.split("\n")))

    def flush(self) -> None:
        """Write unfinished lines."""
        for stream, text in self._pending.items():
            if text:
                self._pending[stream] = ""
                self._put(f"{self._visible(text)}\n")

    def append(self, text: str) -> None:
        """Write lines of our own, such as a traceback."""
        with _lock:
            self.flush()
            self._put(text if text.endswith("\n") else f"{text}\n")

    def read(self) -> str:
        """Return all that was written so far."""
        with _lock:
            self.flush()
        return self.path.read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Write what is unfinished and close the file."""
        self.flush()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _put(self, text: str) -> None:
        if self._file is None:
            return
        data = text.encode("utf-8", "backslashreplace")
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError:  # the disk is full or the file is gone: the program must go on
            self._file = None

    @staticmethod
    def _last_segment(text: str) -> str:
        return text[text.rfind("\r", 0, -1) + 1 :] if text.count("\r") > 1 else text

    @staticmethod
    def _visible(line: str) -> str:
        if "\r" in line:
            line = next((segment for segment in reversed(line.split("\r")) if segment.strip()), "")
        return _ANSI.sub("", line) if "\x1b" in line else line

    def enter(self) -> None:
        """Make this the log of the current context."""
        self._token = _context_log.set(self)

    def leave(self) -> None:
        """Let the log around this one be that of the current context again."""
        if self._token is not None:
            try:
                _context_log.reset(self._token)
            except ValueError:  # ended in another context than it was started in
                _context_log.set(self.parent)
            self._token = None


class Tee:
    """A text stream that passes everything on to the original one and to the logs that listen."""

    def __init__(self, name: str, original: Any) -> None:
        self._name, self._original = name, original

    def write(self, text: str) -> int:
        """Write text to the original stream and to the logs; return its length."""
        self._original.write(text)
        if _open_logs:
            with _lock:
                for log in _listening():
                    log.write(self._name, text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._original.flush()

    def isatty(self) -> bool:
        """Return false: what is written lands in a file, too, so that colours and progress bars are better left out."""
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


def _listening() -> list[RunLog]:
    """Return the logs that what is written now belongs to."""
    log, listening = _context_log.get(), []
    while log is not None:
        listening.append(log)
        log = log.parent
    in_flow = bool(listening)
    return listening + [log for log in _process_logs if log not in listening and not (in_flow and log.in_context)]


def start_log(path: Path, *, of_process: bool = True, in_context: bool = False) -> RunLog:
    """Open a log and let it listen.

    Args:
        path: file to write.
        of_process: whether output outside of any flow belongs to it, too.
        in_context: whether it is the log of the current context (a flow), not of the whole process.
    """
    global _open_logs
    path.parent.mkdir(parents=True, exist_ok=True)
    with _lock:
        log = RunLog(path, in_context=in_context)
        if in_context:
            log.enter()
        if of_process:
            _process_logs.append(log)
        _open_logs += 1
        for name in ("stdout", "stderr"):
            if not isinstance(getattr(sys, name), Tee) and getattr(sys, name) is not None:
                _tees[name] = Tee(name, getattr(sys, name))
                setattr(sys, name, _tees[name])
    return log


def stop_log(log: RunLog) -> None:
    """Close a log; with the last one, the original streams come back."""
    global _open_logs
    with _lock:
        if log.stopped:
            return
        log.stopped = True
        log.leave()
        if log in _process_logs:
            _process_logs.remove(log)
        log.close()
        _open_logs -= 1
        if _open_logs > 0:
            return
        for name, tee in _tees.items():
            if getattr(sys, name) is tee:  # else somebody redirected the stream since, and the tee passes on
                setattr(sys, name, tee._original)
        _tees.clear()


def strip_ansi(text: str) -> str:
    """Return a text without colour codes and other terminal sequences."""
    return _ANSI.sub("", text)
