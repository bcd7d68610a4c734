"""Files from before anndata 0.7: tables and multi-dimensional annotations are structured arrays, categories lie in `uns`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_old(root: Any) -> bool:
    """Tell whether an open store of an AnnData was written before anndata 0.7."""
    return not hasattr(root["obs"], "keys")


def entries_of(element: Any) -> Mapping[str, Any]:
    """Return the elements of a slot such as `obsm` by name; the fields of a structured array are read."""
    if hasattr(element, "keys"):
        found: Mapping[str, Any] = element
        return found
    if element.dtype.names is None:
        return {}
    values = element[:]
    return {name: values[name] for name in values.dtype.names}


def with_categories(frame: Any, root: Any) -> Any:
    """Return a table with the categories that lie in `uns`, of which its columns hold the codes."""
    if not is_old(root) or "uns" not in root:
        return frame
    import pandas as pd

    from lamindb_anndata.frames import read_values

    for name in frame.columns:
        stored = f"{name}_categories"
        if stored in root["uns"] and frame[name].dtype.kind in "iu":
            # a single category was stored as a scalar
            categories = pd.Index(read_values(root["uns"][stored]).reshape(-1))
            frame[name] = pd.Categorical.from_codes(frame[name].to_numpy(), categories=categories)
    return frame


def without_categories(uns: Any, root: Any) -> Any:
    """Return unstructured annotations without the categories that belong to tables."""
    if not is_old(root):
        return uns
    names = {name for axis in ("obs", "var") for name in root[axis].dtype.names or ()}
    return {key: value for key, value in uns.items() if key.removesuffix("_categories") not in names or key in names}
