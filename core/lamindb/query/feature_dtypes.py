"""The little that queries need to know about a feature's dtype: is it categorical, a list, and which registries and field does it name."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import CharField, TextField

from lamindb.base.dtypes import Dtype, parse_dtype
from lamindb.base.registries import qualified_name
from lamindb.errors import DtypeError
from lamindb.query.names import name_field


def is_categorical(dtype: str | None) -> bool:
    """Tell whether values, or the items of lists, are records."""
    read = _read(dtype)
    return read is not None and read.is_categorical


def is_list(dtype: str | None) -> bool:
    """Tell whether a value is a list."""
    read = _read(dtype)
    return read is not None and read.is_list


def item_dtype(dtype: str | None) -> str:
    """Return the dtype of the items of a list dtype, else the dtype itself."""
    read = _read(dtype)
    return dtype or "" if read is None or not read.is_list else str(read.item)


def names_registry(dtype: str | None, registry: Any) -> bool:
    """Tell whether a categorical dtype may hold records of `registry`; a bare `cat` may hold any.

    Example:
        >>> names_registry("cat[ULabel|bionty.CellType]", ln.ULabel)
        True
    """
    read = _read(dtype)
    if read is None or not read.is_categorical:
        return False
    return not read.members or qualified_name(registry) in (member.registry for member in read.members)


def registry_names(dtype: str | None) -> list[str]:
    """Return the qualified names of the registries in a categorical dtype, in their order; none for a bare `cat`.

    Example:
        >>> registry_names("list[cat[bionty.Tissue.ontology_id|ULabel[aB3dEfGh]]]")
        ['bionty.Tissue', 'ULabel']
    """
    read = _read(dtype)
    return [] if read is None else list(dict.fromkeys(member.registry for member in read.members))


def label_field(dtype: str | None, registry: Any = None) -> str | None:
    """Return the field that a categorical dtype names, such as `ontology_id` in `cat[bionty.CellType.ontology_id]`.

    Args:
        dtype: text of a dtype.
        registry: the registry whose field is meant in a union; without, that of the last member.
    """
    read = _read(dtype)
    if read is None:
        return None
    members = [m for m in read.members if registry is None or m.registry == qualified_name(registry)]
    return members[-1].field if members else None


def value_field(registry: Any) -> str:
    """Return the field whose values name records of `registry` as feature values, where a dtype names none.

    It is the name field, or the uid where records are named by something that is no text (runs).
    """
    name = name_field(registry)
    return name if isinstance(registry._meta.get_field(name), CharField | TextField) else "uid"


def read_dtype(dtype: str | None) -> Dtype | None:
    """Return the abstract form of a stored dtype, `None` if it is none."""
    return _read(dtype)


@lru_cache(maxsize=4096)
def _read(dtype: str | None) -> Dtype | None:
    """Return the abstract form; `None` for texts that are no dtype, since one such row must not spoil a whole query."""
    if not dtype:
        return None
    try:
        return parse_dtype(dtype)
    except DtypeError:
        return None
