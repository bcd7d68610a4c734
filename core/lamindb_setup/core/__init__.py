"""Alias of `lamindb.setup.core`."""

from __future__ import annotations

from typing import Any

from lamindb.setup import core as _core


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_core, name)
