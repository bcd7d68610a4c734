"""The result of a validation: all problems of all columns and slots, to be read, shown, stored or worked through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lamindb.errors import ValidationError

#: Problems of structure and types; the others are about terms.
STRUCTURE = (
    "COLUMN_NOT_IN_DATAFRAME", "COLUMN_NOT_IN_SCHEMA", "COLUMN_NOT_ORDERED", "DUPLICATE_COLUMN",
    "SERIES_CONTAINS_NULLS", "WRONG_DATATYPE", "DATATYPE_COERCION", "DATAFRAME_CHECK",
)  # fmt: skip
#: Problems of the data rather than of the table's structure.
_OF_DATA = ("DATATYPE_COERCION", "DATAFRAME_CHECK")


class TypeMismatch(ValidationError, TypeError):
    """Numbers were compared with texts, among possibly other problems."""


@dataclass(frozen=True)
class Problem:
    """One rule that one column breaks.

    Attributes:
        rule: code, such as `"WRONG_DATATYPE"` or `"TERM_NOT_VALIDATED"`.
        column: name of the column, or of the identifiers.
        message: what is wrong.
        slot: slot of the table, `None` for the table of a data frame itself.
        check: what was checked, in short.
        count: number of cells; for terms the number of distinct values.
        examples: first cells as pairs of position and value (the position is `None` for problems of a whole column).
        hint: what helps.
        suggestions: for values, what they may stand for.
    """

    rule: str
    column: Any
    message: str
    slot: str | None = None
    check: str = ""
    count: int = 1
    examples: tuple[tuple[int | None, Any], ...] = ()
    hint: str | None = None
    suggestions: dict[Any, str] = field(default_factory=dict)

    @property
    def is_about_terms(self) -> bool:
        """Whether it is about terms rather than about structure and types."""
        return self.rule not in STRUCTURE

    def to_dict(self) -> dict[str, Any]:
        """Return the problem as plain data."""
        return {
            "rule": self.rule,
            "slot": self.slot,
            "column": plain(self.column),
            "message": self.message,
            "check": self.check,
            "count": self.count,
            "examples": [{"row": row, "value": plain(value)} for row, value in self.examples],
            "hint": self.hint,
            "suggestions": {str(value): text for value, text in self.suggestions.items()},
        }


@dataclass
class ValidationReport:
    """All problems of a dataset; without any it is valid.

    Shown as text in the terminal and as a table in notebooks.

    Attributes:
        subject: what was validated, such as the schema's name.
        n_rows: number of rows that were looked at, by slot.
        problems: the problems.

    Example:
        >>> report = curator.report
        >>> report.is_valid, report.to_dataframe()
    """

    subject: str = ""
    n_rows: dict[str | None, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    def __len__(self) -> int:
        return len(self.problems)

    @property
    def is_valid(self) -> bool:
        """Whether there are no problems."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "subject": self.subject,
            "is_valid": self.is_valid,
            "n_rows": {slot or "columns": count for slot, count in self.n_rows.items()},
            "problems": [problem.to_dict() for problem in self.problems],
        }

    def to_json(self, indent: int | None = 2) -> str:
        """Return the report as JSON."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def to_dataframe(self) -> Any:
        """Return a data frame with a row per example of a failure: slot, column, row, value, rule, count, hint, message.

        `row` is the position of the cell, counted from zero; it is missing for problems of a whole column.
        """
        import pandas as pd

        columns = ("slot", "column", "row", "value", "rule", "count", "hint", "message")
        rows = [
            (
                problem.slot, problem.column, row, value, problem.rule, problem.count,
                (problem.suggestions.get(_key(value)) and f"did you mean {problem.suggestions[_key(value)]!r}?") or problem.hint, problem.message,
            )
            for problem in self.problems
            for row, value in (problem.examples or ((None, None),))
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=list(columns))
        frame["row"] = frame["row"].astype("Int64")
        return frame

    def error(self) -> ValidationError:
        """Return the error that lists all problems; it carries the report as `error.report`."""
        kind = TypeMismatch if any(problem.rule == "TYPE_MISMATCH" for problem in self.problems) else ValidationError
        error = kind(self.to_text())
        error.report = self  # type: ignore[attr-defined]
        return error

    def to_text(self) -> str:
        """Return the report as text without colours, as errors show it."""
        from lamindb.curators.report_views import as_text

        return as_text(self)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        state = "valid" if self.is_valid else f"{len(self.problems)} problem{'s' if len(self.problems) > 1 else ''}"
        return f"ValidationReport({self.subject}, {state})"

    def __rich__(self) -> Any:
        from lamindb.curators.report_views import as_rich

        return as_rich(self)

    def _repr_html_(self) -> str:
        from lamindb.curators.report_views import as_html

        return as_html(self)


def _key(value: Any) -> Any:
    return value if isinstance(value, str | int | float) else str(value)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    from lamindb.base.dtype_inference import is_null, unwrapped

    value = unwrapped(value)
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    if is_null(value):
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)


def section_of(problem: Problem) -> str:
    """Return the section of the text in which a problem of structure stands."""
    return "DATA" if problem.rule in _OF_DATA else "SCHEMA"
