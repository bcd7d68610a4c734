"""Public façades that join settings and helpers of several rooms. Everything is loaded on first access."""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: public name -> module that defines it (with a colon at its end: it is that module)
_NAMES = {
    "Settings": "lamindb.core.settings_facade",
    "CreationSettings": "lamindb.base.settings",
    "AnnotationSettings": "lamindb.base.settings",
    "Context": "lamindb.tracking.session",
    "sync": "lamindb.core.syncing",
    "verify_lineage": "lamindb.lineage.verify",
    "VerifyLineageResult": "lamindb.lineage.verify",
    "datasets": "lamindb.examples.datasets:",
}
_MODULES = ("settings_facade", "exceptions", "loaders", "storage")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"lamindb.core.{name}")
    if name == "MappedCollection":
        return _dataset_for_training()
    if name not in _NAMES:
        import difflib

        near = difflib.get_close_matches(name, [*_NAMES, *_MODULES], n=1)
        raise AttributeError(
            f"module 'lamindb.core' has no attribute {name!r}" + (f". Did you mean {near[0]!r}?" if near else "")
        )
    target = _NAMES[name]
    module = import_module(target.rstrip(":"))
    value = module if target.endswith(":") else getattr(module, name)
    globals()[name] = value
    return value


def _dataset_for_training() -> Any:
    """Return the class of datasets for training that an installed data format brings.

    Raises:
        MissingPluginError: if none does; the message names the package.
    """
    from lamindb.plugins import manager
    from lamindb.plugins.errors import MissingPluginError
    from lamindb.plugins.well_known import packages_for_training

    for data_format in manager.data_formats():
        if data_format.mapper is not None:
            return data_format.resolve("mapper")
    package = packages_for_training()[0]
    raise MissingPluginError(
        f"ln.core.MappedCollection needs the package {package}: pip install {package}",
        package=package,
        asked="reading for training",
    )


def __dir__() -> list[str]:
    return sorted([*_NAMES, *_MODULES, "MappedCollection"])
