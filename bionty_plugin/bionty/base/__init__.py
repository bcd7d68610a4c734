"""Read-only access to public vocabularies; needs no instance and no database.

Example:
    >>> import bionty.base as bt_base
    >>> bt_base.CellType().search("T cell")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_CLASSES = (
    "BFXPipeline", "BioSample", "CellLine", "CellMarker", "CellType", "DevelopmentalStage", "Disease", "Drug", "Ethnicity",
    "ExperimentalFactor", "Gene", "Organism", "Pathway", "Phenotype", "Protein", "Tissue",
)  # fmt: skip
_LISTS = ("display_sources", "display_currently_used_sources")
__all__ = [*_CLASSES, *_LISTS, "PublicOntology", "dev", "settings"]


def __getattr__(name: str) -> Any:
    if name in _CLASSES:
        return getattr(import_module("bionty.base._entities"), name)
    if name in _LISTS:
        return getattr(import_module("bionty.base.dev._handle_sources"), name)
    if name in ("PublicOntology", "PublicOntologyField"):
        return getattr(import_module("bionty.public"), name)
    if name == "settings":
        return import_module("bionty.base._settings").settings
    if name == "dev":
        return import_module("bionty.base.dev")
    raise AttributeError(f"module 'bionty.base' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
