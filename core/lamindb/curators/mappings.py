"""Dictionaries as tables of one row, and where they are in nested dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lamindb.curators.scan import is_sequence
from lamindb.errors import InvalidArgument


@dataclass(frozen=True)
class MappingTable:
    """A dictionary as a table of one row.

    Attributes:
        frame: the table.
        several_values: keys whose value is a list of values.
    """

    frame: Any
    several_values: tuple[str, ...]


def table_of_mapping(mapping: Mapping[str, Any]) -> MappingTable:
    """Return a dictionary as a table of one row: keys are columns, scalars have the type of pandas that they have.

    Example:
        >>> table_of_mapping({"temperature": 21.5}).frame["temperature"].dtype
        dtype('float64')
    """
    import pandas as pd

    columns, several = {}, []
    for key, value in mapping.items():
        if is_sequence(value):
            several.append(key)
            value = list(value)
        columns[key] = _column(value)
    frame = pd.DataFrame(columns, index=pd.RangeIndex(1)) if columns else pd.DataFrame(index=pd.RangeIndex(1))
    return MappingTable(frame, tuple(several))


def _column(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, bool | int | float) or (type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0):
        return pd.Series([value])
    import datetime

    if isinstance(value, datetime.datetime):
        return pd.Series([value])
    column = pd.Series([None], dtype=object)
    column.iat[0] = value
    return column


def write_values(component: Any, target: dict[str, Any]) -> None:
    """Write the values of a table of one row, as Python values, to the dictionary that it was made from."""
    from lamindb.base.dtype_inference import is_null, unwrapped

    kinds = {plan.name: plan for plan in component.plan.columns}
    for name in component.table.column_names:
        plan = kinds.get(name)
        value = component.table.series(name).iloc[0]
        if name in target and (plan is None or not plan.coerce or target[name] is None):
            continue
        target[name] = None if not is_sequence(value) and is_null(value) else unwrapped(value)


def nested_value(mapping: Any, slot: str, root: str, keys: list[str]) -> Any:
    """Return the dictionary that a slot such as `uns:a:b` names.

    Args:
        mapping: the outermost dictionary.
        slot: the slot, for the message.
        root: name of the outermost dictionary, such as `"uns"`.
        keys: keys, outermost first.

    Raises:
        InvalidArgument: if a key is missing; the message lists those that are there.

    Example:
        >>> nested_value({"a": {"b": {"c": 1}}}, "uns:a:b", "uns", ["a", "b"])
        {'c': 1}
    """
    value, path = mapping, "".join(f"['{key}']" for key in keys)
    for key in keys:
        if not isinstance(value, Mapping) or key not in value:
            available = list(value) if isinstance(value, Mapping) else "none (not a dict)"
            raise InvalidArgument(
                f"Schema slot '{slot}' requires keys {root}{path} but key '{key}' not found. Available keys at this level: {available}."
            )
        value = value[key]
    if not isinstance(value, Mapping):
        raise InvalidArgument(
            f"Schema slot '{slot}' names {root}{path}, which is no dictionary but a {type(value).__name__}: put the values into one"
        )
    return dict(value)


def split_slot(slot: str) -> tuple[str, list[str]]:
    """Return the first part of a slot and the keys after it.

    Example:
        >>> split_slot("uns:a:b")
        ('uns', ['a', 'b'])
    """
    first, *keys = slot.split(":")
    return first, keys
