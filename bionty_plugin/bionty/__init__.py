"""Registries of biological entities and the public ontologies behind them.

Importing this package is cheap: it connects to the current instance when a registry is first used. `bionty.base` reads public ontologies
without any instance.

Example:
    >>> import bionty as bt
    >>> bt.CellType.from_source(name="T cell").save()  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_REGISTRIES = (
    "Organism", "Gene", "Protein", "CellMarker", "CellType", "CellLine", "Tissue", "Disease", "Phenotype", "Pathway",
    "ExperimentalFactor", "DevelopmentalStage", "Ethnicity", "Source",
)  # fmt: skip
_MODULES = ("base", "core", "models", "uids")
__all__ = [
    "CellLine", "CellMarker", "CellType", "DevelopmentalStage", "Disease", "Ethnicity", "ExperimentalFactor", "Gene", "Organism",
    "Pathway", "Phenotype", "Protein", "Source", "Tissue", "base", "core", "settings", "uids",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _REGISTRIES:
        return getattr(import_module("bionty.models"), name)
    if name in _MODULES:
        return import_module(f"bionty.{name}")
    if name == "settings":
        return import_module("bionty.core._settings").settings
    if name == "ids":
        import warnings

        warnings.warn("Use bionty.uids instead of bionty.ids, ids will be removed.", DeprecationWarning, stacklevel=2)
        return import_module("bionty.uids")
    if name.startswith("__"):
        raise AttributeError(name)
    import difflib

    near = difflib.get_close_matches(name, __all__, n=1)
    raise AttributeError(
        f"module 'bionty' has no attribute {name!r}" + (f". Did you mean {near[0]!r}?" if near else "")
    )


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__"})
