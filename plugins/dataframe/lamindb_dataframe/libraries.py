"""To which library a table in memory belongs, told by the names of its classes, so that no library is imported to find out."""

from __future__ import annotations

from typing import Any

_CLASSES = {
    ("pandas", "DataFrame"): "pandas",
    ("polars", "DataFrame"): "polars",
    ("polars", "LazyFrame"): "polars",
    ("pyarrow", "Table"): "pyarrow",
}


def library_of(table: Any) -> str:
    """Return `"pandas"`, `"polars"` or `"pyarrow"`, also for tables of derived classes.

    Raises:
        TypeError: for anything else.
    """
    for cls in type(table).__mro__:
        library = _CLASSES.get((cls.__module__.partition(".")[0], cls.__name__))
        if library is not None:
            return library
    raise TypeError(
        f"{type(table).__module__}.{type(table).__qualname__} is not a table of pandas, polars or pyarrow: convert it to one of them"
    )


def is_lazy(table: Any) -> bool:
    """Tell whether a table is a query of polars that has not run."""
    return any(cls.__name__ == "LazyFrame" for cls in type(table).__mro__)
