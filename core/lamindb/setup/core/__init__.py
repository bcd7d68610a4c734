"""Public names of the set-up layer for other packages."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_NAMES = {
    "SetupSettings": "lamindb.setup.setup_settings",
    "UserSettings": "lamindb.setup.user",
    "InstanceSettings": "lamindb.setup.instance",
    "StorageSettings": "lamindb.setup.storage_settings",
    "deprecated": "lamindb.base.utils",
    "doc_args": "lamindb.base.utils",
    "upload_sqlite_clone": "lamindb.setup._clone",
}
_MODULES = ("upath", "hashing", "django")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"lamindb.setup.core.{name}")
    if name in _NAMES:
        return getattr(import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'lamindb.setup.core' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*_NAMES, *_MODULES])
