"""Which features rows of values must, may and can't have: the rules of a schema, or of none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lamindb.annotation.row_keys import KEY_DTYPE, index_uid
from lamindb.annotation.value_problems import ValueProblems
from lamindb.base.logging import logger

#: Columns of exported records, which are never features.
RESERVED_PREFIX = "__lamindb_"


@dataclass(frozen=True)
class ValueRules:
    """What a schema says about the features of a record.

    Attributes:
        members: its features in their order; `None` for an open set (any feature).
        optional: uids of the features that may be absent.
        is_minimal: whether the others must be there.
        is_maximal: whether there may be no others.
        is_flexible: whether other registered features are stored, too.
        coerce: whether values are converted.
        name: name of the schema, for messages.
        key: the feature whose values are the names of the records, for sheets with an index.
    """

    members: list[Any] | None = None
    optional: frozenset[str] = field(default_factory=frozenset)
    is_minimal: bool = False
    is_maximal: bool = False
    is_flexible: bool = True
    coerce: bool = False
    name: str = ""
    key: Any = None

    @classmethod
    def of_schema(cls, schema: Any, *, is_sheet: bool = False) -> ValueRules:
        """Return the rules of a schema: one statement, none for an open set.

        Args:
            schema: the schema.
            is_sheet: whether it is that of the type of the records, so that its index is their name.
        """
        noted = ((schema._aux or {}).get("af") or {}).get("1") or ()
        is_open = schema.n_members is None and schema._pending is None
        members = None if is_open else list(schema.members)
        index = index_uid(schema._aux) if is_sheet else None
        keys = [one for one in members or () if one.uid == index and one._dtype_str == KEY_DTYPE]
        return cls(
            members=members,
            key=keys[0] if keys else None,
            optional=frozenset(noted),
            is_minimal=bool(schema.minimal_set),
            is_maximal=bool(schema.maximal_set),
            is_flexible=bool(schema.flexible),
            coerce=bool(schema.coerce),
            name=schema.name or schema.uid or "",
        )

    def check_presence(self, present: set[int], unknown: list[str], problems: ValueProblems) -> None:
        """Note required features that are absent, and names that may not be there.

        Args:
            present: ids of the features for which something (also a null) was passed.
            unknown: names that are no members.
            problems: takes what is wrong.
        """
        for member in self.members or ():
            if self.is_minimal and member.pk not in present and member.uid not in self.optional:
                problems.add(
                    f"COLUMN_NOT_IN_DATAFRAME: column '{member.name}' not in dataframe. "
                    f"The schema {self.name!r} requires a value of feature '{member.name}' ({member._dtype_str})"
                )
        extra = [name for name in unknown if not name.startswith(RESERVED_PREFIX)]
        if not extra:
            return
        if self.is_maximal:
            for name in extra:
                problems.add(
                    f"COLUMN_NOT_IN_SCHEMA: column '{name}' not in schema. The schema {self.name!r} allows no other features"
                )
            return
        n = len(extra)
        logger.warning(
            "%d term%s not validated in feature 'columns': %s; what the schema does not name is not stored",
            n, " is" if n == 1 else "s are", ", ".join(f"'{name}'" for name in extra[:10]) + (", ..." if n > 10 else ""),
        )  # fmt: skip
