"""Small datasets, schemas and fixtures for trying things out and for tests. Everything is loaded on first access."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["cellxgene", "croissant", "datasets", "schemas"]


def __getattr__(name: str) -> Any:
    if name in (*__all__, "fixtures"):
        return import_module(f"lamindb.examples.{name}")
    import difflib

    near = difflib.get_close_matches(name, __all__, n=1)
    raise AttributeError(
        f"module 'lamindb.examples' has no attribute {name!r}" + (f". Did you mean {near[0]!r}?" if near else "")
    )


def __dir__() -> list[str]:
    return sorted(__all__)
