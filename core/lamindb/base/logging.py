"""The logger `lamindb`: the field's levels, and a terse handler that colours icons on terminals only.

Levels: debug 10, hint 15, info 20, save 21, success 25, warning 30, important 31, important_hint 32, error 40, print 41 (always shown).
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

LEVELS = {
    "debug": 10,
    "hint": 15,
    "info": 20,
    "save": 21,
    "success": 25,
    "warning": 30,
    "important": 31,
    "important_hint": 32,
    "error": 40,
    "print": 41,
}
#: verbosity name -> least level shown; the list order gives the integers 0-5.
VERBOSITIES = {"error": 40, "warning": 30, "success": 25, "info": 20, "hint": 15, "debug": 10}
_ICONS = {40: ("✗", "31"), 32: ("•", "94"), 31: ("→", "92"), 30: ("!", "93"), 25: ("✓", "92"), 21: ("✓", "92")}


class LaminLogger(logging.Logger):
    """A standard logger with one extra method per extra level."""

    def hint(self, message: str, *args: Any) -> None:
        self.log(LEVELS["hint"], message, *args)

    def save(self, message: str, *args: Any) -> None:
        self.log(LEVELS["save"], message, *args)

    def success(self, message: str, *args: Any) -> None:
        self.log(LEVELS["success"], message, *args)

    def important(self, message: str, *args: Any) -> None:
        self.log(LEVELS["important"], message, *args)

    def important_hint(self, message: str, *args: Any) -> None:
        self.log(LEVELS["important_hint"], message, *args)

    def print(self, message: str, *args: Any) -> None:
        self.log(LEVELS["print"], message, *args)


class _ConsoleHandler(logging.Handler):
    """Writes to the *current* stdout (or stderr), so that redirection and notebooks work."""

    stream_name = "stdout"

    def emit(self, record: logging.LogRecord) -> None:
        stream = getattr(sys, self.stream_name)
        message = record.getMessage()
        if record.levelno < LEVELS["print"]:
            icon, color = _ICONS.get(record.levelno, ("•", "94"))
            if stream.isatty() and "NO_COLOR" not in os.environ:
                icon = f"\x1b[{color}m{icon}\x1b[0m"
            message = f"{icon} {message}"
        try:
            stream.write(message + "\n")
            stream.flush()
        except UnicodeEncodeError:
            stream.write(message.encode("ascii", "replace").decode() + "\n")
        except (BrokenPipeError, ValueError):
            pass


def _make_logger() -> LaminLogger:
    for name, level in LEVELS.items():
        if level not in (10, 20, 30, 40):
            logging.addLevelName(level, name.upper())
    previous = logging.getLoggerClass()
    logging.setLoggerClass(LaminLogger)
    try:
        made = logging.getLogger("lamindb")
    finally:
        logging.setLoggerClass(previous)
    made.setLevel(VERBOSITIES["warning"])
    made.addHandler(_ConsoleHandler())
    made.propagate = False
    return made  # type: ignore[return-value]


logger: LaminLogger = _make_logger()


def log_to(stream_name: str) -> None:
    """Send log lines to `"stdout"` (default of the library) or `"stderr"` (what the command line does)."""
    if stream_name not in ("stdout", "stderr"):
        raise ValueError(f"stream must be 'stdout' or 'stderr', not {stream_name!r}")
    for handler in logger.handlers:
        if isinstance(handler, _ConsoleHandler):
            handler.stream_name = stream_name


def set_verbosity(verbosity: str | int) -> None:
    """Show messages from `verbosity` on: error, warning (default), success, info, hint, debug, or 0-5."""
    names = list(VERBOSITIES)
    if isinstance(verbosity, int) and not isinstance(verbosity, bool) and 0 <= verbosity < len(names):
        verbosity = names[verbosity]
    if verbosity not in VERBOSITIES:
        raise ValueError(f"verbosity must be one of {', '.join(names)} or 0-{len(names) - 1}, not {verbosity!r}")
    logger.setLevel(VERBOSITIES[verbosity])


def get_verbosity() -> str:
    """Return the verbosity in force by name."""
    return next((name for name, level in VERBOSITIES.items() if level <= logger.level), "debug")
