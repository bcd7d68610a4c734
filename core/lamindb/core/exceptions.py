"""Former home of `lamindb.errors`: the same classes under their former address."""

from __future__ import annotations

from typing import Any

from lamindb import errors


def __getattr__(name: str) -> Any:
    return getattr(errors, name)


def __dir__() -> list[str]:
    return dir(errors)
