"""Look up registries by name without importing `lamindb.models` (for the rooms below it)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def registry(name: str) -> Any:
    """Return the registry called `name`: `"ULabel"` for the core, `"bionty.CellType"` for a module.

    Raises:
        LookupError: if no such registry is loaded; the message lists near matches.
    """
    from django.apps import apps

    app_label, _, model_name = name.rpartition(".")
    try:
        return apps.get_model(app_label or "lamindb", model_name)
    except LookupError:
        import difflib

        known = [qualified_name(model) for model in apps.get_models()]
        near = difflib.get_close_matches(name, known, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise LookupError(f"There is no registry {name!r} in this instance.{hint}") from None


def qualified_name(model: Any) -> str:
    """Return the name used in dtypes and messages: `ULabel` for the core, `bionty.CellType` for a module."""
    label = model._meta.app_label
    return model.__name__ if label == "lamindb" else f"{label}.{model.__name__}"


def all_registries() -> Iterator[Any]:
    """Yield every registry (core and modules), link tables excluded."""
    from django.apps import apps

    for model in apps.get_models():
        if hasattr(model, "_is_registry") and not getattr(model, "_is_link", False):
            yield model
