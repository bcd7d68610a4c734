"""Instances: `init`, connect, settings on disk, Django's configuration, migrations. Everything is loaded on first access, Django last."""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: public name -> module (and attribute, if it has another name there)
_NAMES = {
    "init": "lamindb.setup._init",
    "init_template_database": "lamindb.setup._init",
    "disconnect": "lamindb.setup._disconnect",
    "close": "lamindb.setup._disconnect:disconnect",
    "delete": "lamindb.setup._delete",
    "login": "lamindb.setup._login",
    "logout": "lamindb.setup._login",
    "switch": "lamindb.setup._switch",
    "merge": "lamindb.setup._switch",
    "settings": "lamindb.setup.settings_singleton",
    "migrate": "lamindb.setup._migrate",
    "django": "lamindb.setup._migrate",
    "clone": "lamindb.setup.clone",
    "add_modules": "lamindb.setup._modules",
    "register": "lamindb.setup.hub",
    "signup": "lamindb.setup.hub",
    "_check_instance_setup": "lamindb.setup._autoconnect",
}
_MODULES = ("core", "errors", "io", "types")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"lamindb.setup.{name}")
    target = _NAMES.get(name)
    if target is None:
        import difflib

        near = difflib.get_close_matches(name, [*_NAMES, *_MODULES], n=1)
        raise AttributeError(
            f"module 'lamindb.setup' has no attribute {name!r}" + (f". Did you mean {near[0]!r}?" if near else "")
        )
    module_name, _, attribute = target.partition(":")
    value = getattr(import_module(module_name), attribute or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(name for name in (*_NAMES, *_MODULES) if not name.startswith("_"))
