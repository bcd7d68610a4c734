"""What single examples need: libraries that the core doesn't depend on, and registries of modules that the instance has to mount."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def require(package: str, example: str) -> Any:
    """Import a library that an example needs.

    Raises:
        ImportError: if it is not installed; the message names the package.
    """
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise ImportError(
            f"The example {example} needs the package {package}: pip install {package}", name=package
        ) from None


def module_registry(name: str, example: str) -> Any:
    """Return a registry of a module by its qualified name.

    Raises:
        ModuleNotMounted: if the instance has no such module.
    """
    import lamindb.models  # noqa: F401  (loads the registries)
    from lamindb.base.registries import registry

    module = name.partition(".")[0]
    try:
        return registry(name)
    except LookupError as error:
        raise ModuleNotMounted(
            f"The example {example} needs the registry {name}, but the current instance doesn't have the module {module!r}: "
            f"pip install {module}, then lamin init --storage ./data --modules {module}"
        ) from error


class ModuleNotMounted(LookupError):
    """The current instance doesn't have a module that an example needs."""
