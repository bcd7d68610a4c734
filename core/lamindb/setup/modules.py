"""Schema modules: from names in an instance's list to importable Django apps."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec


def package_of(module: str) -> str | None:
    """Return the importable package of a schema module (`lnschema_<name>` before `<name>`), or `None`."""
    for candidate in (f"lnschema_{module.replace('-', '_')}", module):
        try:
            if find_spec(candidate) is not None:
                return candidate
        except (ImportError, ValueError):
            continue
    return None


def importable_packages(modules: Iterable[str]) -> list[str]:
    """Return the packages of those modules that are installed, in the given order."""
    return [package for module in modules if (package := package_of(module)) is not None]
