"""The little that queries need to know about a feature's dtype: is it categorical, a list, and which registries and field does it name."""

from __future__ import annotations

import re
from typing import Any

from lamindb.base.registries import qualified_name

_NAMED = re.compile(r"(?<![\w.'\"=])((?:[a-z_]\w*\.)?[A-Z]\w*)")
_FIELD = re.compile(r"\.([a-z_]\w*)\]*\s*$")


def is_categorical(dtype: str | None) -> bool:
    return bool(dtype) and (dtype.startswith(("cat", "list[cat")))  # type: ignore[union-attr]


def is_list(dtype: str | None) -> bool:
    return bool(dtype) and dtype.startswith("list")  # type: ignore[union-attr]


def item_dtype(dtype: str | None) -> str:
    """Return the dtype of the items of a list dtype, else the dtype itself."""
    dtype = dtype or ""
    return dtype[len("list[") : -1] if dtype.startswith("list[") and dtype.endswith("]") else dtype


def names_registry(dtype: str | None, registry: Any) -> bool:
    """Tell whether a categorical dtype may hold records of `registry`; a bare `cat` may hold any.

    Example:
        >>> names_registry("cat[ULabel|bionty.CellType]", ln.ULabel)
        True
    """
    item = item_dtype(dtype)
    if item == "cat":
        return True
    return qualified_name(registry) in _NAMED.findall(item)


def label_field(dtype: str | None) -> str | None:
    """Return the field that a categorical dtype names, such as `ontology_id` in `cat[bionty.CellType.ontology_id]`."""
    if not is_categorical(dtype):
        return None
    found = _FIELD.search(item_dtype(dtype).split("|")[-1])
    return found.group(1) if found else None
