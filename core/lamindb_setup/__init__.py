"""The set-up layer of lamindb under its own import name, for packages that need only this part. Everything lives in `lamindb.setup`."""

from __future__ import annotations

import os
from typing import Any


def _import_unconnected() -> Any:
    """Import `lamindb.setup` without connecting to an instance; child processes must not inherit the switch."""
    os.environ["_LAMIN_DEFER_CONNECT"] = "1"
    try:
        from lamindb import setup
    finally:
        os.environ.pop("_LAMIN_DEFER_CONNECT", None)
    return setup


def _call_entry_points() -> None:
    from lamindb.setup._autoconnect import call_entry_points

    call_entry_points()


_setup = _import_unconnected()
_call_entry_points()


def __getattr__(name: str) -> Any:
    if name == "connect":
        from lamindb.setup._connect import connect

        return connect
    if name == "__version__":
        from lamindb import __version__

        return __version__
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_setup, name)


def __dir__() -> list[str]:
    return sorted([*dir(_setup), "connect"])
