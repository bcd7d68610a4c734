"""What `lamin run` does unless it is told otherwise: kept for the user, beside the other settings."""

from __future__ import annotations

from typing import Final

from lamindb.setup import settings_files as files

#: What holds where nothing was set.
RUN_DEFAULTS: Final = {"where": "local", "access": "mount,cache"}


def run_default(name: str) -> str:
    """Return the user's default of an option of `lamin run`.

    Args:
        name: `"where"` (on which machine) or `"access"` (the ways to remote inputs, in order, separated by commas).

    Example:
        >>> run_default("where")  # doctest: +SKIP
        'local'
    """
    stored = files.read_dotenv(files.run_file()) or {}
    return stored.get(f"lamin_run_{name}") or RUN_DEFAULTS[name]


def set_run_default(name: str, value: str | None) -> None:
    """Set the user's default of an option of `lamin run`, or unset it with `None`."""
    with files.exclusive("run"):
        stored = dict(files.read_dotenv(files.run_file()) or {})
        stored[f"lamin_run_{name}"] = value
        files.write_dotenv(files.run_file(), stored)
