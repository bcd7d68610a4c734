"""Django apps of schema modules, made so that a package may import its registries at the top of its `__init__`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.apps import AppConfig


def app_entries(packages: Iterable[str]) -> list[AppConfig | str]:
    """Return what Django's app registry is populated with, one entry a package.

    Django imports all packages before it loads the first registry, so that `from .models import Donor` in the `__init__` of a
    package would ask for registries of the core that are not there yet. The entries made here let the package be imported together with
    its registries, in order. Packages that bring a Django app of their own (an `apps.py`) stay with Django's way.
    """
    return [_app_of(package) for package in packages]


def _app_of(package: str) -> AppConfig | str:
    if package in sys.modules:
        return package
    spec = find_spec(package)
    folders = [Path(place) for place in (spec.submodule_search_locations or ())] if spec is not None else []
    if spec is None or not folders or any((folder / "apps.py").is_file() for folder in folders):
        return package
    return _module_app(package, str(folders[0]), module_from_spec(spec))


def _module_app(package: str, folder: str, unloaded: Any) -> AppConfig:
    from django.apps import AppConfig

    class ModuleConfig(AppConfig):
        path = folder

        def import_models(self) -> None:
            super().import_models()  # imports the package, too
            self.module = sys.modules.get(package, self.module)

    return ModuleConfig(package, unloaded)
