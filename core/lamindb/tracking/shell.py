"""The processes above this one: their commands, and the shell script that called."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

SHELLS = ("bash", "sh", "zsh", "dash", "ksh")
_MAX_GENERATIONS = 12
#: Options of shells that take the next word as their value.
_OPTIONS_WITH_VALUE = ("-o", "+o", "-O", "+O", "--rcfile", "--init-file")


@dataclass(frozen=True)
class ShellScript:
    """A shell script that is being executed, and the process that does it."""

    path: Path
    process: int
    arguments: tuple[str, ...] = ()


def command_of(process: int) -> list[str]:
    """Return the words of the command line of a process; empty if it has ended or can't be read."""
    try:
        return [os.fsdecode(word) for word in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[:-1]]
    except OSError:
        return _ask_ps(process, "args=").split()


def parent_of(process: int) -> int:
    """Return the process that started another one, 0 if that is not known."""
    try:
        facts = Path(f"/proc/{process}/stat").read_text()
        return int(facts.rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        found = _ask_ps(process, "ppid=")
        return int(found) if found.isdigit() else 0


def started_at(process: int) -> str:
    """Return a text that differs between two processes that had the same number; empty if there is no such process."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return _ask_ps(process, "lstart=")


def ancestors() -> list[int]:
    """Return the processes above this one, the parent first."""
    found: list[int] = []
    process = os.getppid()
    while process > 1 and len(found) < _MAX_GENERATIONS:
        found.append(process)
        process = parent_of(process)
    return found


def calling_script() -> ShellScript | None:
    """Return the shell script that called this process, directly or through a function, subshell or program of it; else `None`.

    The nearest shell decides: what is typed into a shell, or given to it with `-c`, is no part of the script that once started this shell.
    """
    for process in ancestors():
        words = command_of(process)
        if not words or Path(words[0].lstrip("-")).name not in SHELLS:
            continue
        script = script_of_command(words)
        if script is None:
            return None
        folder = _folder_of(process)
        path = Path(script) if Path(script).is_absolute() else folder / script
        if not path.is_file():
            path = Path.cwd() / script
        if path.is_file():
            arguments = words[words.index(script) + 1 :]
            return ShellScript(path.resolve(), process, tuple(arguments))
    return None


def script_of_command(words: list[str]) -> str | None:
    """Return the script that a shell was given, past its options; `None` for an interactive shell or `-c`.

    Example:
        >>> script_of_command(["bash", "-e", "-o", "pipefail", "count.sh", "x"])
        'count.sh'
    """
    position = 1
    while position < len(words):
        word = words[position]
        if word == "--":
            return words[position + 1] if position + 1 < len(words) else None
        if not word.startswith(("-", "+")) or len(word) == 1:
            return word
        if not word.startswith("--") and ("c" in word[1:] or "s" in word[1:]):
            return None
        takes_value = word in _OPTIONS_WITH_VALUE or (not word.startswith("--") and word.endswith(("o", "O")))
        position += 2 if takes_value else 1
    return None


def _folder_of(process: int) -> Path:
    try:
        return Path(os.readlink(f"/proc/{process}/cwd"))
    except OSError:
        return Path.cwd()


def _ask_ps(process: int, column: str) -> str:
    try:
        done = subprocess.run(["ps", "-o", column, "-p", str(process)], capture_output=True, text=True, timeout=10)
    except OSError:
        return ""
    return done.stdout.strip()
