"""What a run prints: one tee for the whole process on stdout and stderr, and a log file for each run that listens.

Output of a context (a flow, an asyncio task) goes to the log of its run and of the runs around it; output of anything else, such as plain threads, to all
logs of the process.
"""

from __future__ import annotations

import os
import re
import sys
from contextvars import ContextVar, Token
from pathlib import Path

from lamindb.tracking.processes import before_fork, on_fork
from lamindb.tracking.tee import Tee, lock

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_UTF8 = ("utf-8", "utf8", "ascii", "us-ascii")
_context_log: ContextVar[RunLog | None] = ContextVar("lamindb_run_log", default=None)
_process_logs: list[RunLog] = []
_tees: dict[str, Tee] = {}
_open_logs = 0
#: Another thread of the parent may have held it when the child was forked.
on_fork(getattr(lock, "_at_fork_reinit", lambda: None))


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
        self._token: Token[RunLog | None] | None = None
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self._file: int | None = os.open(path, flags, 0o600)

    def write(self, stream: str, text: str) -> None:
        """Append text; a line is written when it is complete, and of a progress bar only what stands last in the line."""
        if "\n" not in text:
            self._pending[stream] = self._last_segment(self._pending[stream] + text)
            return
        head, _, tail = (self._pending[stream] + text).rpartition("\n")
        self._pending[stream] = tail
        if "\r" not in head and "\x1b" not in head:
            self._put(f"{head}\n")
            return
        self._put("".join(f"{self._visible(line)}\n" for line in head.split("\n")))

    def write_block(self, stream: str, block: bytes, encoding: str) -> None:
        """Append bytes in the encoding of their stream; whole lines that need no change are taken as they are."""
        before = self._pending[stream]
        is_plain = b"\r" not in block and b"\x1b" not in block and "\r" not in before and "\x1b" not in before
        if is_plain and encoding.lower() in _UTF8:
            end = block.rfind(b"\n") + 1
            if end:
                self._put_bytes(before.encode("utf-8", "backslashreplace") + block[:end] if before else block[:end])
                before, block = "", block[end:]
            self._pending[stream] = before + block.decode("utf-8", "replace")
            return
        text = block.decode(encoding, "replace")
        self.write(stream, text if os.linesep == "\n" else text.replace("\r\n", "\n"))

    def forget_unfinished(self) -> None:
        """Drop unfinished lines, without writing them."""
        self._pending = {"stdout": "", "stderr": ""}

    def flush(self) -> None:
        """Write unfinished lines."""
        for stream, text in self._pending.items():
            if text:
                self._pending[stream] = ""
                self._put(f"{self._visible(text)}\n")

    def append(self, text: str) -> None:
        """Write lines of our own, such as a traceback."""
        _settle()
        with lock:
            self.flush()
            self._put(text if text.endswith("\n") else f"{text}\n")

    def read(self) -> bytes:
        """Return all that was written so far, in UTF-8."""
        _settle()
        with lock:
            self.flush()
        return self.path.read_bytes()

    def close(self) -> None:
        """Write what is unfinished and close the file."""
        self.flush()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _put(self, text: str) -> None:
        self._put_bytes(text.encode("utf-8", "backslashreplace"))

    def _put_bytes(self, data: bytes) -> None:
        if self._file is None:
            return
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


def _hear(stream: str, text: str) -> None:
    """Write what was printed to the logs that listen."""
    if _open_logs:
        with lock:
            for log in _listening():
                log.write(stream, text)


def _settle() -> None:
    """Bring what was printed so far into the logs."""
    for tee in list(_tees.values()):
        try:
            tee.flush()
        except (
            OSError,
            ValueError,
            RuntimeError,
        ):  # the reader of our output has gone, or a signal came in the middle of a write
            continue


def _hand_over() -> None:
    """Bring what the original streams have got already into the logs, so that a forked child does not hold it, too."""
    for tee in _tees.values():
        tee.hand_over()


def _leave_lines_to_parent() -> None:
    for log in {*_process_logs, *_listening()}:
        log.forget_unfinished()


before_fork(_hand_over)
on_fork(_leave_lines_to_parent)


def _settle_stdout() -> None:
    """Bring what was printed before into the logs, ahead of what is printed to stderr now."""
    tee = _tees.get("stdout")
    if tee is not None:
        tee.flush()


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
    with lock:
        log = RunLog(path, in_context=in_context)
        if in_context:
            log.enter()
        if of_process:
            _process_logs.append(log)
        _open_logs += 1
        for name in ("stdout", "stderr"):
            if not isinstance(getattr(sys, name), Tee) and getattr(sys, name) is not None:
                _tees[name] = Tee(name, getattr(sys, name), _hear, _settle_stdout if name == "stderr" else None)
                setattr(sys, name, _tees[name])
        _choose_way()
    return log


def _choose_way() -> None:
    """Let the streams pass on blocks while all output goes to one and the same log."""
    is_simple = _open_logs == 1 and len(_process_logs) == 1
    for tee in _tees.values():
        tee.collect(_process_logs[0].write_block if is_simple else None)


def stop_log(log: RunLog) -> None:
    """Close a log; with the last one, the original streams come back."""
    global _open_logs
    with lock:
        if log.stopped:
            return
        for tee in _tees.values():
            tee.collect(None)
        log.stopped = True
        log.leave()
        if log in _process_logs:
            _process_logs.remove(log)
        log.close()
        _open_logs -= 1
        if _open_logs > 0:
            _choose_way()
            return
        for name, tee in _tees.items():
            if getattr(sys, name) is tee:  # else somebody redirected the stream since, and the tee passes on
                setattr(sys, name, tee.original)
        _tees.clear()


def strip_ansi(text: str) -> str:
    """Return a text without colour codes and other terminal sequences."""
    return _ANSI.sub("", text)
