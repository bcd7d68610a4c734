"""Parts for those who build on vocabularies."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "InspectResult":
        from lamindb.annotation.registry_values import InspectResult

        return InspectResult
    raise AttributeError(f"module 'bionty.base.dev' has no attribute {name!r}")
