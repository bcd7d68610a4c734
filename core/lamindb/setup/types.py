"""Type aliases of the set-up layer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

StorageType: TypeAlias = Literal["local", "s3", "gs", "hf", "http", "https"]

if TYPE_CHECKING:
    from upath import UPath

    AnyPath: TypeAlias = Path | UPath
    AnyPathStr: TypeAlias = str | AnyPath


def __getattr__(name: str) -> Any:
    if name in ("AnyPath", "AnyPathStr", "UPath"):  # importing UPath costs time that only these names need
        from lamindb.storage.upath import UPath

        aliases: dict[str, Any] = {"AnyPath": Path | UPath, "AnyPathStr": str | Path | UPath, "UPath": UPath}
        return aliases[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
