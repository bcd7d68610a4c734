"""The settings folder: where each file is, and how files are read and written so that nobody ever sees half of one.

Files hold secrets, so they have mode 0600. Values are stored verbatim (`${…}` is not expanded).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

MARKER_FOLDER: Final = ".lamin"
#: characters that would be lost if a value were written as it is
_NEEDS_QUOTES = re.compile(r"[\r\n]|^\s|\s$|^[\"']|^null$")


def settings_dir() -> Path:
    """Return the settings folder: `$LAMIN_SETTINGS_DIR/.lamin`, by default `~/.lamin`.

    Raises:
        RuntimeError: if neither the variable is set nor a home directory is known.
    """
    base = os.environ.get("LAMIN_SETTINGS_DIR")
    folder = Path(base).expanduser() if base else home()
    if folder is None:
        raise RuntimeError(
            "There is no home directory for the settings of LaminDB: set HOME, or LAMIN_SETTINGS_DIR to a folder you can write"
        )
    return folder / ".lamin"


def home() -> Path | None:
    """Return the home directory; `None` for a user that has none (in containers, for instance)."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def environment_prefix() -> str:
    """Return what precedes file names in an environment (`LAMIN_ENV`) other than `prod`."""
    environment = os.environ.get("LAMIN_ENV") or "prod"
    return "" if environment == "prod" else f"{environment}--"


def current_instance_file() -> Path:
    """Return the file that describes the user's default instance."""
    return settings_dir() / f"{environment_prefix()}current_instance.env"


def instance_file(owner: str, name: str) -> Path:
    """Return the file that describes the instance `owner/name`."""
    return settings_dir() / f"{environment_prefix()}instance--{owner}--{name}.env"


def current_user_file() -> Path:
    """Return the file that describes the current user."""
    return settings_dir() / f"{environment_prefix()}current_user.env"


def user_file(handle_or_email: str) -> Path:
    """Return the file that keeps an account for a later login."""
    return settings_dir() / f"{environment_prefix()}user--{handle_or_email}.env"


def current_modules_file() -> Path:
    """Return the file that lists the schema modules of an environment without instance."""
    return settings_dir() / f"{environment_prefix()}current_modules.txt"


def storage_file() -> Path:
    """Return the file that names the cache folder."""
    return settings_dir() / "storage.env"


def run_file() -> Path:
    """Return the file with the user's defaults of `lamin run`."""
    return settings_dir() / "run.env"


def branch_file(owner: str, name: str) -> Path:
    """Return the file that names the branch switched to."""
    return settings_dir() / f"current-branch--{owner}--{name}.txt"


def space_file(owner: str, name: str) -> Path:
    """Return the file that names the space switched to."""
    return settings_dir() / f"current-space--{owner}--{name}.txt"


def dev_dir_file(owner: str, name: str) -> Path:
    """Return the file that names the development folder."""
    return settings_dir() / f"dev-dir--{owner}--{name}.txt"


def marker_file(folder: Path) -> Path:
    """Return the marker with which a working directory names its instance."""
    return folder / MARKER_FOLDER / f"{environment_prefix()}current_instance"


def system_settings_file() -> Path:
    """Return the machine-wide settings file."""
    import platformdirs

    return Path(platformdirs.site_config_dir()) / "lamindb" / "system.env"


def known_instance_files() -> list[Path]:
    """Return the files of all instances that this user has connected to."""
    return sorted(settings_dir().glob(f"{environment_prefix()}instance--*--*.env"))


def read_text(path: Path) -> str | None:
    """Return the text of a file, or `None` if there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_text(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Replace a file atomically; other processes see the old or the new text, whenever this one is killed.

    Raises:
        OSError: if the folder can't be written.
    """
    _make_folder(path.parent)
    draft = path.with_name(f".{path.name[:100]}.{os.getpid()}-{os.urandom(4).hex()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_dotenv(path: Path) -> dict[str, str | None] | None:
    """Return the keys and values of a file, or `None` if there is none; empty values and `null` are `None`.

    Raises:
        SettingsEnvFileOutdated: if the file holds no text.
    """
    try:
        text = read_text(path)
    except UnicodeDecodeError as error:
        from lamindb.setup.errors import SettingsEnvFileOutdated

        raise SettingsEnvFileOutdated(
            f"The settings file {path} can't be used: it holds no text. Delete it, then connect or log in again: lamin connect, lamin login"
        ) from error
    return None if text is None else parse_dotenv(text)


def write_dotenv(path: Path, values: Mapping[str, Any]) -> None:
    """Replace a file by one line `key=value` per item."""
    write_text(path, format_dotenv(values))


def parse_dotenv(text: str) -> dict[str, str | None]:
    """Read `key=value` lines; lines without `=` and comments are ignored.

    Example:
        >>> parse_dotenv("a=1\\nb=null")
        {'a': '1', 'b': None}
    """
    values: dict[str, str | None] = {}
    for line in text.split("\n"):
        key, equals, value = line.removesuffix("\r").partition("=")
        if equals and not key.lstrip().startswith("#"):
            values[key.strip()] = _parse_value(value)
    return values


def format_dotenv(values: Mapping[str, Any]) -> str:
    """Write `key=value` lines: `None` as `null`, a UUID as its 32 hexadecimal digits.

    Example:
        >>> format_dotenv({"a": None, "b": True})
        'a=null\\nb=True\\n'
    """
    return "".join(f"{key}={_format_value(value)}\n" for key, value in values.items())


def parse_bool(value: str | None) -> bool:
    """Read `true`, `1` or `yes`, whatever their case, as true and everything else as false."""
    return value is not None and value.strip().lower() in ("true", "1", "yes")


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Let only one process at a time do what `name` says; the system gives the lock back when a process dies."""
    try:
        import fcntl
    except ImportError:  # Windows: the atomic writes still hold, only the waiting is missing
        yield
        return
    _make_folder(settings_dir())
    with open(settings_dir() / f".{name}.lock", "w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = (
            f"the settings folder can't be created ({error.strerror}); set LAMIN_SETTINGS_DIR to a folder you can write"
        )
        raise type(error)(error.errno, message, str(folder)) from error


def _parse_value(value: str) -> str | None:
    if len(value) > 1 and value[0] == value[-1] == '"':
        try:
            return str(json.loads(value))
        except json.JSONDecodeError:
            return value
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    value = value.strip()
    return None if value in ("", "null") else value


def _format_value(value: Any) -> str:
    if value is None or value == "":
        return "null"
    if hasattr(value, "hex") and not isinstance(value, (str, bytes, float)):
        return str(value.hex)
    text = str(value)
    return json.dumps(text) if _NEEDS_QUOTES.search(text) else text
