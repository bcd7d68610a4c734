"""Public façades that join settings and helpers of several rooms. Everything is loaded on first access."""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: public name -> module that defines it (with a colon at its end: it is that module)
_NAMES = {
    "Settings": "lamindb.core.settings_facade",
    "CreationSettings": "lamindb.base.settings",
    "AnnotationSettings": "lamindb.base.settings",
    "sync": "lamindb.core.syncing",
    "verify_lineage": "lamindb.lineage.verify",
    "VerifyLineageResult": "lamindb.lineage.verify",
    "datasets": "lamindb.examples.datasets:",
}
_MODULES = ("settings_facade", "exceptions", "loaders", "storage")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"lamindb.core.{name}")
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


def __dir__() -> list[str]:
    return sorted([*_NAMES, *_MODULES])
