"""Completion of terms on tab: named tuples of the rows of a vocabulary."""

from __future__ import annotations

import keyword
import re
from collections import namedtuple
from typing import Any

from bionty.term_table import TermTable
from lamindb.base.logging import logger

_NOT_IN_NAMES = re.compile(r"[^0-9a-zA-Z_]+")


def attribute_name(value: str) -> str:
    """Return the Python name under which a value is offered.

    Example:
        >>> attribute_name("CD8-positive, alpha-beta T cell")
        'cd8_positive_alpha_beta_t_cell'
    """
    name = _NOT_IN_NAMES.sub("_", value).lower()
    if not ("a" <= name[:1] <= "z"):
        name = f"bt_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name == "dict" else name


class Lookup:
    """One attribute per value; rows are made when they are asked for."""

    def __init__(self, table: TermTable, field: str, row_name: str) -> None:
        rows: dict[str, list[int]] = {}
        values: dict[str, int] = {}
        for position, value in enumerate(table.column(field)):
            if isinstance(value, str) and value:
                rows.setdefault(attribute_name(value), []).append(position)
                values.setdefault(value, position)
        names = [name for name in table.names if not name.startswith("_")]
        self.__dict__.update(_rows=rows, _values=values, _table=table, _names=names)
        self.__dict__["_row"] = namedtuple(row_name, names, rename=True)  # type: ignore[misc]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        rows = self._rows.get(name)
        if rows is None:
            import difflib

            near = difflib.get_close_matches(name, self._rows, n=1)
            raise AttributeError(f"there is no term {name!r}" + (f". Did you mean {near[0]!r}?" if near else ""))
        if len(rows) > 1:
            logger.warning("%d terms are called %r, the first one is given", len(rows), name)
        return self._made(rows[0])

    def dict(self) -> dict[str, Any]:
        """Return all rows by their value."""
        return {value: self._made(position) for value, position in self._values.items()}

    def _made(self, position: int) -> Any:
        return self._row(*(self._table.column(name)[position] for name in self._names))

    def __dir__(self) -> list[str]:
        return [*self._rows, "dict"]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"Lookup({len(self._rows)} terms)"


def make_lookup(table: TermTable, field: str, entity: str) -> Lookup:
    """Return a look-up by the values of a column."""
    return Lookup(table, field, re.sub(r"\W", "_", entity))
