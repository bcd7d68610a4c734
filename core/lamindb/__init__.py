"""LaminDB: query, trace and validate datasets and models at scale.

Importing this package is cheap: it resolves the current instance and says so. Registries and everything that needs Django are loaded
when first used.

Example:
    >>> import lamindb as ln
    >>> ln.ULabel(name="my label").save()
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: public name -> module (and attribute, if it has another name there)
_NAMES = {
    **dict.fromkeys(
        (
            "Artifact", "Storage", "Transform", "Run", "Feature", "ULabel", "Schema", "Record", "User", "Collection",
            "Project", "Space", "Branch", "Reference", "DB", "save", "view", "SQLRecord",
        ),
        "lamindb.models",
    ),
    "Param": "lamindb.models:Feature",
    "Q": "django.db.models:Q",
    "connect": "lamindb.setup._connect:connect",
    "UPath": "lamindb.storage.upath:UPath",
    "settings": "lamindb.core.settings_facade:settings",
    **dict.fromkeys(("track", "finish", "context"), "lamindb.tracking.session"),
    **dict.fromkeys(("flow", "step", "tracked"), "lamindb.tracking.decorators"),
    "doctor": "lamindb.core.doctor",
    "hookimpl": "lamindb.plugins:hookimpl",
    "fields": "lamindb.base.fields:",
    "logger": "lamindb.base.logging:logger",
}  # fmt: skip
_MODULES = ("setup", "base", "models", "errors", "core", "plugins", "curators", "examples", "integrations")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"lamindb.{name}")
    target = _NAMES.get(name)
    if target is None:
        raise AttributeError(f"module 'lamindb' has no attribute {name!r}{_near(name)}")
    module_name, _, attribute = target.partition(":")
    module = import_module(module_name)
    value = module if target.endswith(":") else getattr(module, attribute or name)
    globals()[name] = value
    return value


def _near(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, [*_NAMES, *_MODULES], n=1)
    return f". Did you mean {near[0]!r}?" if near else ""


def __dir__() -> list[str]:
    return sorted({"__version__", *_NAMES, *_MODULES})


def _draw_trees_of_local_paths() -> None:
    """Let local paths, such as `artifact.path`, draw their tree as remote ones do."""
    from pathlib import Path

    def view_tree(self: Path, **kwargs: Any) -> None:
        from lamindb.storage.view_tree import view_tree

        view_tree(self, **kwargs)

    Path.view_tree = view_tree  # type: ignore[attr-defined]


def _connect_on_import() -> None:
    import os

    if os.environ.get("_LAMIN_DEFER_CONNECT"):  # the command line decides by itself when to connect
        return
    from lamindb.setup._autoconnect import on_import

    on_import()


_draw_trees_of_local_paths()
_connect_on_import()
