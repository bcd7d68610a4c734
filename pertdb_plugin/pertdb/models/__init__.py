"""The registries and link models. A lazy façade: the first access connects to the current instance."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any


def __getattr__(name: str) -> Any:
    if name == "RDKIT_AVAILABLE":
        return find_spec("rdkit") is not None
    if name.startswith("__"):
        raise AttributeError(name)
    from lamindb.setup._autoconnect import _check_instance_setup

    _check_instance_setup(from_module="pertdb")
    try:
        value = getattr(import_module("pertdb.models._registries"), name)
    except AttributeError:
        raise AttributeError(f"module 'pertdb.models' has no attribute {name!r}") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    registries = [name for name in vars(import_module("pertdb.models._registries")) if name[0].isupper()]
    return sorted({"RDKIT_AVAILABLE", *registries})
