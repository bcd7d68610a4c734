"""Validate, fix and annotate datasets: `ln.curators.DataFrameCurator` and the curators that plugins bring.

Names are loaded on first use; importing this package imports neither Django nor pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_NAMES = {
    "DataFrameCurator": "dataframe",
    "DictCurator": "dictionary",
    "ExperimentalDictCurator": "dictionary",
    "ComponentCurator": "component",
    "Curator": "curator",
    "SlotsCurator": "curator",
    "CatLookup": "categories",
    "CatVector": "categories",
    "DataFrameCatManager": "categories",
    "ValidationReport": "report",
    "Problem": "report",
}
_MODULES = ("core", "exchange")
#: Curators that plugins bring, by the object type whose package is named if it is missing.
_OF_PLUGINS = {
    "AnnDataCurator": "AnnData",
    "MuDataCurator": "MuData",
    "SpatialDataCurator": "SpatialData",
    "TiledbsomaExperimentCurator": "tiledbsoma",
}


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _NAMES:
        import lamindb.models

        return getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)
    from lamindb.plugins import manager

    for spec in manager.curators():
        if spec.curator_name == name:
            import lamindb.models  # noqa: F401

            return spec.resolve("curator")
    otype = _OF_PLUGINS.get(name)
    missing = manager.missing_for(otype=otype) if otype is not None else None
    if missing is not None:
        raise missing
    if otype is not None:
        raise AttributeError(
            f"The installed plugin for {otype} objects brings no {name}: update the package, or use ln.curators.SlotsCurator"
        )
    import difflib

    near = difflib.get_close_matches(name, __dir__(), n=1)
    raise AttributeError(
        f"module {__name__!r} has no attribute {name!r}" + (f". Did you mean {near[0]!r}?" if near else "")
    )


def __dir__() -> list[str]:
    from lamindb.plugins import manager

    return sorted({*_NAMES, *_MODULES, *(spec.curator_name for spec in manager.curators() if spec.curator_name)})
