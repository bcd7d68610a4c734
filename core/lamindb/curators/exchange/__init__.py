"""Schemas in other languages: JSON Schema, Frictionless Table Schema, LinkML and pandera, there and back.

Each conversion says what could not be expressed. No library is needed, but for pandera.

Example:
    >>> converted = ln.curators.exchange.to_json_schema(schema)
    >>> converted.result["properties"], converted.not_expressed
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_NAMES = {
    "Converted": "outline",
    "to_json_schema": "json_schema",
    "from_json_schema": "json_schema",
    "to_frictionless": "frictionless",
    "from_frictionless": "frictionless",
    "to_linkml": "linkml",
    "from_linkml": "linkml",
    "to_pandera": "with_pandera",
    "from_pandera": "with_pandera",
}


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}: it has {', '.join(_NAMES)}")
    import lamindb.models  # noqa: F401  (sets Django up)

    return getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_NAMES)
