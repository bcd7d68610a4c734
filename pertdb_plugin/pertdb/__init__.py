"""Registries of perturbations and their targets.

Importing this package is cheap: it connects to the current instance when a registry is first used.

Example:
    >>> import pertdb
    >>> pertdb.Compound(name="gefitinib").save()  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_REGISTRIES = (
    "GeneticPerturbation", "Biologic", "Compound", "CompoundPerturbation", "EnvironmentalPerturbation",
    "CombinationPerturbation", "PerturbationTarget",
)  # fmt: skip
_TYPES = ("GeneticPerturbationSystem", "BiologicType")
__all__ = [
    "Biologic", "BiologicType", "CombinationPerturbation", "Compound", "CompoundPerturbation", "EnvironmentalPerturbation",
    "GeneticPerturbation", "GeneticPerturbationSystem", "PerturbationTarget",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _REGISTRIES:
        return getattr(import_module("pertdb.models"), name)
    if name in _TYPES:
        return getattr(import_module("pertdb.types"), name)
    if name in ("models", "types"):
        return import_module(f"pertdb.{name}")
    if name.startswith("__"):
        raise AttributeError(name)
    import difflib

    near = difflib.get_close_matches(name, __all__, n=1)
    raise AttributeError(
        f"module 'pertdb' has no attribute {name!r}" + (f". Did you mean {near[0]!r}?" if near else "")
    )


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__"})
