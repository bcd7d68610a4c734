"""AnnData for LaminDB. Artifacts reach it through `lamindb_anndata.plugin`; the names here also work on paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamindb_anndata.accessor import AnnDataAccessor, open_anndata
    from lamindb_anndata.mapped import MappedCollection
    from lamindb_anndata.stores import BackedAccessor

__version__ = "0.1.0"
__all__ = ["AnnDataAccessor", "BackedAccessor", "MappedCollection", "open_anndata"]

_HOMES = {
    "AnnDataAccessor": "accessor",
    "BackedAccessor": "stores",
    "MappedCollection": "mapped",
    "open_anndata": "accessor",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
