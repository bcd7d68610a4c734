"""Tables for LaminDB. `open_table` opens files lazily; artifacts reach the rest through `lamindb_dataframe.plugin`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamindb_dataframe.counting import count_observations
    from lamindb_dataframe.loading import load
    from lamindb_dataframe.opening import OpenTable, open_table
    from lamindb_dataframe.writing import write

__version__ = "0.1.0"
__all__ = ["OpenTable", "count_observations", "load", "open_table", "write"]

_HOMES = {
    "OpenTable": "opening",
    "count_observations": "counting",
    "load": "loading",
    "open_table": "opening",
    "write": "writing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
