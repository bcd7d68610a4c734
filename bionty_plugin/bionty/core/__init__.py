"""Base classes and helpers behind the registries."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_NAMES = {
    "BioRecord": "bionty.models",
    "StaticReference": "bionty.public",
    "Settings": "bionty.core._settings",
    "add_ontology": "bionty.ancestors",
    "sync_public_sources": "bionty.adding",
    "sync_all_sources_to_latest": "bionty.adding",
}
__all__ = [
    "BioRecord",
    "Settings",
    "StaticReference",
    "add_ontology",
    "sync_all_sources_to_latest",
    "sync_public_sources",
]


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'bionty.core' has no attribute {name!r}")
    name_there = "sync_public_sources" if name == "sync_all_sources_to_latest" else name
    return getattr(import_module(_NAMES[name]), name_there)


def __dir__() -> list[str]:
    return __all__
