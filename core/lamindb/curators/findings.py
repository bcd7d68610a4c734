"""From what a scan and the registries say to the problems of a report."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Hashable, Iterator
from typing import Any

from lamindb.base.registries import qualified_name
from lamindb.curators.plan import OWN_COLUMNS, ColumnPlan, TablePlan
from lamindb.curators.report import Problem
from lamindb.curators.scan import Cells, ColumnScan, TableScan
from lamindb.curators.vocabulary import Vector
from lamindb.query.hierarchy import descendants_by_type, visible_branch_ids

_MAX_VALUES = 20
_MAX_LABELS = 10
_MAX_COLUMNS = 20
_SEARCHED_LABELS = 10_000
#: Up to how many columns, values and labels are compared for near matches, which is slow: the labels that share most with a value.
_MAX_COMPARED = 10
_COMPARED_LABELS = 50


def structure_problems(plan: TablePlan, scan: TableScan, slot: str | None) -> Iterator[Problem]:
    """Yield what is wrong with the columns of a table and with the types of their values."""
    yield from _column_problems(plan, scan, slot)
    for column in plan.columns:
        found = scan.columns.get(column.name)
        if found is not None:
            yield from _cell_problems(column, found, slot, column.name, repr(column.name))
    if plan.index is not None and scan.index is not None:
        yield from _cell_problems(plan.index, scan.index, slot, plan.index.name, f"'{plan.index.name}' (index)")


def _column_problems(plan: TablePlan, scan: TableScan, slot: str | None) -> Iterator[Problem]:
    names = scan.column_names
    seen: set[Any] = set()
    duplicates = list(dict.fromkeys(name for name in names if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
    for name in duplicates:
        yield Problem(
            "DUPLICATE_COLUMN", name, f"column '{name}' occurs {names.count(name)} times: columns are found by name", slot,
            "unique_column_names", names.count(name), hint="rename or drop the repeated columns",
        )  # fmt: skip
    present = set(names)
    n_problems = 0
    for column in plan.columns:
        if column.required and column.name not in present:
            n_problems += 1
            near = _near(column.name, names) if n_problems <= _MAX_COMPARED else []
            yield Problem(
                "COLUMN_NOT_IN_DATAFRAME", column.name,
                f"column '{column.name}' not in dataframe. Columns in dataframe: {_names(names)}", slot, "column_in_dataframe",
                hint=f"is it the column {near[0]!r}?" if near else "add the column, or make the feature optional",
            )  # fmt: skip
    for name, files in scan.missing_in.items():
        yield Problem(
            "COLUMN_NOT_IN_DATAFRAME", name,
            f"column '{name}' not in dataframe. Columns in dataframe: not in {len(files)} of the files: {_names(files)}", slot,
            "column_in_dataframe", len(files), hint="let all files have the same columns",
        )  # fmt: skip
    if plan.only_these is not None:
        allowed = sorted(plan.only_these)
        for name in dict.fromkeys(names):
            if name not in plan.only_these and not OWN_COLUMNS.match(str(name)):
                n_problems += 1
                near = _near(str(name), allowed) if n_problems <= _MAX_COMPARED else []
                yield Problem(
                    "COLUMN_NOT_IN_SCHEMA", name, f"column '{name}' not in DataFrameSchema {_names(allowed)}", slot, "column_in_schema",
                    hint=f"is it {near[0]!r}?" if near else "drop the column, or use a schema without maximal_set",
                )  # fmt: skip
    if plan.ordered is not None:
        expected = [name for name in plan.ordered if name in present]
        actual = [name for name in dict.fromkeys(names) if name in set(plan.ordered)]
        for name, other in zip(actual, expected, strict=False):
            if name != other:
                yield Problem(
                    "COLUMN_NOT_ORDERED", name, f"column '{name}' out-of-order", slot, "column_ordered",
                    hint=f"the order is {_names(expected)}",
                )  # fmt: skip


def _cell_problems(plan: ColumnPlan, scan: ColumnScan, slot: str | None, key: str, label: str) -> Iterator[Problem]:
    if scan.nulls.count and not plan.nullable:
        yield Problem(
            "SERIES_CONTAINS_NULLS", key, f"non-nullable series {label} contains null values: {_rows(scan.nulls)}", slot,
            "not_nullable", scan.nulls.count, tuple(scan.nulls.examples), "fill the missing values, or set feature.nullable = True",
        )  # fmt: skip
    if scan.uncoerced.count:
        yield Problem(
            "DATATYPE_COERCION", key, f"Error while coercing {label} to type {plan.dtype}: {_failures(scan.uncoerced)}", slot,
            f"coerce_dtype('{plan.dtype}')", scan.uncoerced.count, tuple(scan.uncoerced.examples),
            "these values can't be converted without loss: correct them",
        )  # fmt: skip
        return
    if scan.misfit is not None:
        yield _wrong_type(plan, scan, slot, key, label)
    if scan.nested.count:
        yield Problem(
            "DATAFRAME_CHECK", key, f"lists within lists can't be categories in {label}: {_failures(scan.nested)}", slot, "flat lists",
            scan.nested.count, tuple(scan.nested.examples), "flatten the lists",
        )  # fmt: skip


def _wrong_type(plan: ColumnPlan, scan: ColumnScan, slot: str | None, key: str, label: str) -> Problem:
    assert scan.misfit is not None
    expected, got = scan.misfit.expected, scan.misfit.got
    count = scan.cells.count or scan.n_rows
    examples = tuple(scan.cells.examples)
    cases = f": {_failures(scan.cells)}" if scan.cells.count else ""
    if expected == "dict":
        message = f"Column {label} failed dtype check for 'dict': got {got}. Non-null values must be dicts{cases}"
        return Problem("DATAFRAME_CHECK", key, message, slot, "Non-null values must be dicts", count, examples)
    if plan.is_list:
        message = f"Column {label} failed dtype check for '{expected}' against (list, nullable={plan.nullable}): got {got}{cases}"
        return Problem("DATAFRAME_CHECK", key, message, slot, f"list of {plan.parsed.item}", count, examples)
    message = (
        f"expected series {label} to have type {expected}, got {got}{cases}"
        if cases
        else f"expected series {label} to have type {expected}, got {got}"
    )
    if scan.misfit.note:
        message += f". {scan.misfit.note.capitalize()}"
    if expected != "category":
        message += f". Column {label} failed dtype check for '{expected}': got {got}"
    return Problem("WRONG_DATATYPE", key, message, slot, f"dtype('{expected}')", count, examples, scan.misfit.note or "set feature.coerce = True, or convert the column")  # fmt: skip


def vector_problems(vector: Vector, slot: str | None, access: str, using: str | None = None) -> Iterator[Problem]:
    """Yield what is wrong with the terms of a categorical column.

    Args:
        vector: the looked-up values.
        slot: slot of the table.
        access: how a user reaches the manager of the table's categories, such as `"curator.slots['obs'].cat"`.
        using: database of the registries.
    """
    for value, message in vector.ambiguous.items():
        yield Problem(
            "AMBIGUOUS_TERM", vector.key, message, slot, "one record per value", 1, ((vector.values[value].first_row, value),),
            "restrict the dtype of the feature to a type, or rename one of the records",
        )  # fmt: skip
    unsaved = [record for record in vector.records if record._state.adding]
    if unsaved:
        name = getattr(unsaved[0], "name", unsaved[0])
        yield Problem(
            "RECORD_NOT_SAVED", vector.key, f"{type(unsaved[0]).__name__} {name} is not saved.", slot, "saved records", len(unsaved),
            ((None, str(name)),), "call .save() on the record",
        )  # fmt: skip
    yield from _foreign_records(vector, slot)
    if vector.mismatched:
        yield Problem(
            "TYPE_MISMATCH", vector.key,
            f"Type mismatch: the values of '{vector.key}' are numbers, the field {vector.dtype} they are compared with is a text (or the other way round): {_quoted(vector.mismatched)}",
            slot, "comparable values", len(vector.mismatched), _examples(vector, vector.mismatched), "convert the column, e.g. with .astype(str)",
        )  # fmt: skip
    explained = {*vector.ambiguous, *vector.mismatched}
    missing = [value for value in vector.non_validated if value not in explained]
    if missing:
        yield _not_validated(vector, missing, slot, access, using)


def _foreign_records(vector: Vector, slot: str | None) -> Iterator[Problem]:
    accepted = {member.registry for member in vector.members}
    foreign = [record for record in vector.records if type(record) not in accepted]
    if foreign:
        names = " or ".join(sorted(qualified_name(one) for one in accepted))
        yield Problem(
            "WRONG_REGISTRY", vector.key,
            f"Feature '{vector.key}' takes records of {names}, but there is a record of {qualified_name(type(foreign[0]))}: {foreign[0]!s}",
            slot, str(vector.dtype), len(foreign),
        )  # fmt: skip


def _not_validated(
    vector: Vector, missing: list[Hashable], slot: str | None, access: str, using: str | None
) -> Problem:
    asked = set(missing)
    synonyms = {value: term for value, term in vector.synonyms.items() if value in asked}
    others = [value for value in missing if value not in synonyms]
    where = f" in slot '{slot}'" if slot else ""
    n = len(missing)
    lines = [f"{n} term{'' if n == 1 else 's'} not validated in feature '{vector.key}'{where}: {_quoted(missing)}"]
    if synonyms:
        pairs = ", ".join(f'"{value}" → "{term}"' for value, term in list(synonyms.items())[:_MAX_VALUES])
        lines.append(f"    {len(synonyms)} synonym{'s' if len(synonyms) > 1 else ''} found: {pairs}")
        lines.append(f'    → curate synonyms via: {access}.standardize("{vector.key}")')
    suggestions: dict[Any, str] = dict(synonyms)
    if others:
        known, n_known, type_name = _known_labels(vector, using)
        by_case = {term.lower(): term for term in reversed(known)}
        for value in others[:_MAX_COMPARED]:
            same = by_case.get(value.lower()) if isinstance(value, str) else None
            near = [same] if same is not None else _near(str(value), known)
            if near:
                suggestions[value] = near[0]
        guesses = {value: suggestions[value] for value in others if value in suggestions}
        if guesses:
            pairs = ", ".join(f'"{value}" → "{term}"' for value, term in list(guesses.items())[:_MAX_VALUES])
            lines.append(f"    did you mean: {pairs}")
        if synonyms:
            lines.append("    for remaining terms:")
        lines.append(f"    → {_organism_hint(vector)}fix typos, remove non-existent values, or save terms via: {access}.add_new_from('{vector.key}')")  # fmt: skip
        if type_name is not None:
            shown = str(known[:_MAX_LABELS]) + (
                "" if n_known <= _MAX_LABELS else f" ... and {n_known - _MAX_LABELS} more"
            )
            lines.append(f"    → a valid label for subtype '{type_name}' has to be one of {shown}")
    hint = f'{access}.standardize("{vector.key}")' if not others else f"{access}.add_new_from('{vector.key}')"
    return Problem(
        "TERM_NOT_VALIDATED",
        vector.key,
        "\n".join(lines),
        slot,
        str(vector.dtype),
        n,
        _examples(vector, missing),
        hint,
        suggestions,
    )


def _near(name: str, known: list[Any]) -> list[str]:
    labels = [str(one) for one in known]
    if len(labels) > _COMPARED_LABELS:
        lowered = name.lower()
        pieces = {lowered[start : start + 3] for start in range(max(len(lowered) - 2, 1))}
        shared = [sum(piece in label.lower() for piece in pieces) - abs(len(label) - len(name)) / 4 for label in labels]
        best = heapq.nlargest(_COMPARED_LABELS, range(len(labels)), key=shared.__getitem__)
        labels = [labels[position] for position in best]
    return difflib.get_close_matches(name, labels, n=1)


def _organism_hint(vector: Vector) -> str:
    for member in vector.members:
        names = {one.name for one in member.registry._meta.concrete_fields}
        organism = next((value for key, value in member.member.filters if key.partition("__")[0] == "organism"), None)
        if "organism" in names and organism:
            return f"fix organism '{organism}', "
    return ""


def _known_labels(vector: Vector, using: str | None) -> tuple[list[str], int, str | None]:
    """Return labels that would be valid (the first ones), how many there are, and the name of the type they belong to."""
    from lamindb.annotation.dtypes import resolve
    from lamindb.base.dtypes import Dtype

    known: list[str] = []
    count, type_name = 0, None
    for member in vector.members:
        if member.member.types:
            root = resolve(Dtype("cat", (member.member,)), using)[0].type
            type_name = root.name
            query = descendants_by_type(root)
        else:
            query = member.registry.objects.using(using)
            if any(one.name == "branch" for one in member.registry._meta.concrete_fields):
                query = query.filter(branch_id__in=visible_branch_ids(using))
        labels = list(query.order_by("pk").values_list(member.field, flat=True)[:_SEARCHED_LABELS])
        count += len(labels) if len(labels) < _SEARCHED_LABELS else query.count()
        known += [str(label) for label in labels if label is not None]
    return known, count, type_name


def _examples(vector: Vector, values: list[Hashable]) -> tuple[tuple[int | None, Any], ...]:
    return tuple((vector.values[value].first_row, value) for value in values[:_MAX_VALUES])


def _quoted(values: list[Hashable]) -> str:
    shown = ", ".join(f"'{value}'" for value in values[:_MAX_VALUES])
    return shown + (", ..." if len(values) > _MAX_VALUES else "")


def _names(names: list[Any]) -> str:
    shown = str(list(names[:_MAX_COLUMNS]))
    return shown if len(names) <= _MAX_COLUMNS else f"{shown[:-1]}, ... +{len(names) - _MAX_COLUMNS}]"


def _rows(cells: Cells) -> str:
    rows = ", ".join(str(row) for row, _ in cells.examples)
    more = f", ... ({cells.count} in all)" if cells.count > len(cells.examples) else ""
    return f"row{'s' if cells.count > 1 else ''} {rows}{more}"


def _failures(cells: Cells) -> str:
    shown = ", ".join(f"{_short(value)} (row {row})" for row, value in cells.examples)
    more = f", ... ({cells.count} in all)" if cells.count > len(cells.examples) else ""
    return f"failure cases: {shown}{more}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
