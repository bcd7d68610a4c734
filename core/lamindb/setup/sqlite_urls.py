"""URLs of SQLite files: `sqlite:///<absolute path>`, with `?mode=ro` for files that are never written."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

_PREFIX = "sqlite:///"
_READ_ONLY = "?mode=ro"


def sqlite_url(path: Path, *, read_only: bool = False) -> str:
    """Return the URL of a file; `%` and `?` in its path are escaped.

    Example:
        >>> sqlite_url(Path("/data/50%/lamin.db"))
        'sqlite:////data/50%25/lamin.db'
    """
    escaped = path.as_posix().replace("%", "%25").replace("?", "%3F")
    return f"{_PREFIX}{escaped}{_READ_ONLY if read_only else ''}"


def sqlite_path(url: str) -> Path:
    """Return the file of a URL."""
    return Path(unquote(url.removeprefix(_PREFIX).removesuffix(_READ_ONLY)))


def is_read_only_url(url: str) -> bool:
    """Tell whether the URL says that the file is never written."""
    return url.startswith(_PREFIX) and url.endswith(_READ_ONLY)
