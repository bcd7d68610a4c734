"""Completion on tab: a named tuple whose attributes are records, named by a field's values."""

from __future__ import annotations

import keyword
import re
from typing import Any, Self

from lamindb.base.logging import logger
from lamindb.query.names import field_name
from lamindb.query.record_list import SQLRecordList

_NOT_IN_NAMES = re.compile(r"[^0-9a-zA-Z_]+")
_METHOD = "dict"


def lookup(queryset: Any, field: Any = None, return_field: Any = None, keep: Any = "first") -> Lookup:
    """Return the records of a query set as a `Lookup`; one statement.

    Raises:
        FieldError: if a field is unknown.
        ValueError: if `keep` is not `"first"`, `"last"` or `False`.

    Example:
        >>> lookup(ln.ULabel.filter()).batch_1
    """
    if keep not in ("first", "last", False):
        raise ValueError(f"keep must be 'first', 'last' or False, not {keep!r}")
    registry = queryset.model
    name = field_name(registry, field)
    returned = None if return_field is None else field_name(registry, return_field)
    ordered = (
        queryset
        if queryset.ordered or queryset.query.is_sliced or queryset.query.combinator
        else queryset.order_by("pk")
    )
    entries: dict[str, list[Any]] = {}
    by_value: dict[str, list[Any]] = {}
    for record in ordered:
        value = getattr(record, name)
        if not isinstance(value, str) or not value:
            continue
        entry = record if returned is None else getattr(record, returned)
        entries.setdefault(attribute_name(value), []).append(entry)
        by_value.setdefault(value, []).append(entry)
    return Lookup(entries, by_value, keep)


def attribute_name(value: str) -> str:
    """Return the Python name under which `value` is offered.

    Example:
        >>> attribute_name("T cell, CD4+")
        't_cell_cd4_'
    """
    name = _NOT_IN_NAMES.sub("_", value.lower())
    if not ("a" <= name[0] <= "z"):
        name = f"ln_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name == _METHOD else name


class Lookup(tuple):
    """Records by the names of their attributes; `dict()` gives them by their original values."""

    _entries: dict[str, list[Any]]
    _by_value: dict[str, list[Any]]
    _keep: Any
    _warned: set[str]

    def __new__(cls, entries: dict[str, list[Any]], by_value: dict[str, list[Any]], keep: Any) -> Self:
        made = super().__new__(cls, (_choose(found, keep) for found in entries.values()))
        made._entries, made._by_value, made._keep, made._warned = entries, by_value, keep, set()
        return made

    @property
    def _fields(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def dict(self) -> dict[str, Any]:
        """Return `{original value: record}`, with a list where several records have the value."""
        return {value: found[0] if len(found) == 1 else found for value, found in self._by_value.items()}

    def __getattribute__(self, name: str) -> Any:
        # names of records win over methods of tuple, such as `count`
        if name.startswith("_") or name == _METHOD:
            return super().__getattribute__(name)
        found = self._entries.get(name)
        if found is None:
            return super().__getattribute__(name)
        if len(found) > 1 and name not in self._warned:
            self._warned.add(name)
            logger.warning("%d records found for '%s'. Returning based on keep=%r.", len(found), name, self._keep)
        return _choose(found, self._keep)

    def __getattr__(self, name: str) -> Any:
        import difflib

        near = difflib.get_close_matches(name, self._entries, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise AttributeError(f"There is no record for '{name}' in this lookup.{hint}")

    def __dir__(self) -> list[str]:
        return [*self._entries, _METHOD]

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields[:20], self, strict=False))
        return f"Lookup({shown}{', …' if len(self) > 20 else ''})"

    def __reduce__(self) -> Any:
        return Lookup, (self._entries, self._by_value, self._keep)


def _choose(found: list[Any], keep: Any) -> Any:
    if len(found) == 1:
        return found[0]
    if keep is False:
        return SQLRecordList(list(found))
    return found[0] if keep == "first" else found[-1]
