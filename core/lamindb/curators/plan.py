"""What a table is checked for, as plain data: workers of a cluster get it without a database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lamindb.base.dtypes import Dtype, parse_dtype

#: Columns that lamindb writes itself; they are allowed everywhere.
OWN_COLUMNS: Final = re.compile(r"^__lamindb_.*$")


@dataclass(frozen=True)
class ColumnPlan:
    """What one column is checked for.

    Attributes:
        name: name of the column.
        dtype: text of the dtype, such as `"float"` or `"list[cat[ULabel]]"`.
        nullable: whether values may be missing.
        coerce: whether values are converted to the dtype first.
        required: whether the column has to be there.
        texts_are_categories: whether texts stand for categories, because the data can't hold categoricals (text files, dictionaries).
    """

    name: str
    dtype: str
    nullable: bool = True
    coerce: bool = False
    required: bool = False
    texts_are_categories: bool = False

    @cached_property
    def parsed(self) -> Dtype:
        """The dtype in its abstract form."""
        return parse_dtype(self.dtype)

    @property
    def kind(self) -> str:
        """The simple dtype of values, or of the items of lists; `"cat"` for categories."""
        return self.parsed.base

    @property
    def is_list(self) -> bool:
        """Whether cells hold lists."""
        return self.parsed.is_list

    @property
    def is_categorical(self) -> bool:
        """Whether values are looked up in registries."""
        return self.parsed.is_categorical


@dataclass(frozen=True)
class TablePlan:
    """What a table is checked for.

    Attributes:
        columns: the columns that are checked, in the order of the schema.
        index: the index, if the schema has one.
        ordered: names in the order that the columns have to have; `None` if any order will do.
        only_these: names that may be there; `None` if there may be others.
    """

    columns: tuple[ColumnPlan, ...] = ()
    index: ColumnPlan | None = None
    ordered: tuple[str, ...] | None = None
    only_these: frozenset[str] | None = None
