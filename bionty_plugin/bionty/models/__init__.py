"""The registries, base classes and link models. A lazy façade: the first access connects to the current instance."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_ALIASES = {"Species": "Organism", "BiontySource": "Source", "PublicSource": "Source", "BioRegistry": "BioRecord"}
_ELSEWHERE = {
    "BioRecord": "bionty.models.bases",
    "HasOntologyId": "bionty.models.bases",
    "HasSource": "bionty.models.bases",
    "StaticReference": "bionty.public",
    "PublicOntology": "bionty.public",
}


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    name_there = _ALIASES.get(name, name)
    module = _ELSEWHERE.get(name_there, "bionty.models._registries")
    if module.startswith("bionty.models"):
        _connect()
    try:
        value = getattr(import_module(module), name_there)
    except AttributeError:
        raise AttributeError(f"module 'bionty.models' has no attribute {name!r}") from None
    globals()[name] = value
    return value


def _connect() -> None:
    from lamindb.setup._autoconnect import _check_instance_setup

    _check_instance_setup(from_module="bionty")


def __dir__() -> list[str]:
    registries = [name for name in vars(import_module("bionty.models._registries")) if name[0].isupper()]
    return sorted({*_ALIASES, *_ELSEWHERE, *registries})
