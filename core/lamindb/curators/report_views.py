"""How a report of a validation looks: as text in errors, in the terminal, and in notebooks."""

from __future__ import annotations

import html
import json
from typing import Any

from lamindb.curators.report import Problem, ValidationReport, plain, section_of

_MAX_PROBLEMS = 30
_MAX_TEXT = 20_000
COERCE_HINT = "   ▶ Hint: Consider setting `feature.coerce = True` to attempt coercing values during validation to the required dtype."


def as_text(report: ValidationReport) -> str:
    """Return structure and types as nested JSON-like text, then the terms; capped in length."""
    if report.is_valid:
        return f"{report.subject or 'the dataset'} is valid"
    structure = [problem for problem in report if not problem.is_about_terms]
    terms = [problem for problem in report if problem.is_about_terms]
    parts = []
    if structure:
        parts.append(_structure_text(structure[:_MAX_PROBLEMS], len(structure)))
    parts += [problem.message for problem in terms[:_MAX_PROBLEMS]]
    if len(terms) > _MAX_PROBLEMS:
        parts.append(f"... and {len(terms) - _MAX_PROBLEMS} more columns with terms that are not validated")
    text = "\n".join(parts)
    if len(text) > _MAX_TEXT:
        text = f"{text[:_MAX_TEXT]}\n... (see curator.report for all {len(report)} problems)"
    return text


def _structure_text(problems: list[Problem], n_problems: int) -> str:
    sections: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for problem in problems:
        entry = {
            "schema": problem.slot,
            "column": plain(problem.column),
            "check": problem.check,
            "error": problem.message,
        }
        sections.setdefault(section_of(problem), {}).setdefault(problem.rule, []).append(entry)
    text = json.dumps(sections, indent=4, ensure_ascii=False)
    if n_problems > len(problems):
        text += f"\n... and {n_problems - len(problems)} more"
    if any(problem.rule == "WRONG_DATATYPE" for problem in problems):
        text += f"\n{COERCE_HINT}"
    return text


def as_rich(report: ValidationReport) -> Any:
    """Return a table for the terminal."""
    from rich.table import Table
    from rich.text import Text

    if report.is_valid:
        return Text.assemble(("✓ ", "green"), report.subject or "the dataset", " is valid")
    table = Table(
        title=f"{len(report)} problem{'s' if len(report) > 1 else ''} in {report.subject or 'the dataset'}",
        title_justify="left",
    )
    for heading in _HEADINGS:
        table.add_column(heading, overflow="fold")
    for problem in report.problems[:_MAX_PROBLEMS]:
        table.add_row(*(Text(cell) for cell in _cells(problem)))
    return table


def as_html(report: ValidationReport) -> str:
    """Return a table for notebooks; every text in it is escaped."""
    subject = html.escape(report.subject or "the dataset")
    if report.is_valid:
        return f"<p>✓ {subject} is valid</p>"
    heading = "".join(f"<th>{html.escape(name)}</th>" for name in _HEADINGS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(problem)) + "</tr>"
        for problem in report.problems[:_MAX_PROBLEMS]
    )
    return (
        f"<p>{len(report)} problem{'s' if len(report) > 1 else ''} in {subject}</p>"
        f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"
    )


_HEADINGS = ("slot", "column", "rule", "count", "examples", "hint")


def _cells(problem: Problem) -> tuple[str, ...]:
    examples = ", ".join(
        f"{plain(value)!r}" + (f" (row {row})" if row is not None else "") for row, value in problem.examples
    )
    hints = [f"{value!r} → {text!r}" for value, text in list(problem.suggestions.items())[:5]]
    if problem.hint:
        hints.append(problem.hint)
    return (
        problem.slot or "", str(problem.column), problem.rule, str(problem.count), examples or problem.message, "; ".join(hints),
    )  # fmt: skip
