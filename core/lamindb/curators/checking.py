"""Checks all tables of a dataset together, so that each registry is asked once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.curators.findings import structure_problems, vector_problems
from lamindb.curators.plan import OWN_COLUMNS
from lamindb.curators.report import Problem, ValidationReport
from lamindb.curators.vocabulary import Vector, look_up

if TYPE_CHECKING:
    from lamindb.curators.component import ComponentCurator

_MAX_LOGGED = 10


def check(
    components: Sequence[ComponentCurator], *, subject: str = "", using: str | None = None, client: Any = None
) -> ValidationReport:
    """Check tables for their schemas.

    Args:
        components: the tables.
        subject: what the report is about.
        using: database of the registries.
        client: Dask client, for tables in files.

    Returns:
        The report with the problems of all tables.
    """
    report = ValidationReport(subject)
    for component in components:
        report.n_rows[component.slot] = component.look(client).n_rows
    look_up([vector for component in components for vector in component.vectors.values()], using)
    for component in components:
        _restrict_identifiers(component)
        report.problems += table_problems(component, using)
    return report


def table_problems(component: ComponentCurator, using: str | None = None) -> list[Problem]:
    """Return the problems of a table whose values are looked up."""
    assert component.scan is not None
    problems = list(structure_problems(component.plan, component.scan, component.slot))
    problems += _identifier_problems(component, using)
    structural = {problem.column for problem in problems}
    for key, vector in component.vectors.items():
        if key == component.identifier_key and not component.rules.is_of_features:
            continue
        found = list(vector_problems(vector, component.slot, component.access, using))
        problems += found
        if found or key in structural:
            continue
        if vector.values:
            targets = ", ".join(f"{member.registry.__name__}.{member.field}" for member in vector.members)
            logger.debug('"%s" is validated against %s', key, targets)
    return problems


def _restrict_identifiers(component: ComponentCurator) -> None:
    """Count only members of the schema as known, if the schema has members and takes no others."""
    schema = component._schema
    vector = component.vectors.get(component.identifier_key)
    if vector is None or component.rules.is_of_features or schema.flexible or not schema.n_members:
        return
    if schema._state.adding:
        return
    ids = set(schema.members.values_list("pk", flat=True))
    vector.labels = {
        value: [label for label in labels if label.pk in ids]
        for value, labels in vector.labels.items()
        if any(label.pk in ids for label in labels)
    }


def _identifier_problems(component: ComponentCurator, using: str | None) -> list[Problem]:
    """Return what is wrong with column names and other identifiers; unknown ones matter with `maximal_set` only."""
    schema, names = component._schema, component.table.column_names
    if component.rules.is_of_features:
        odd = [name for name in names if not isinstance(name, str)]
        if odd and schema.itype is not None:
            shown = ", ".join(map(repr, odd[:_MAX_LOGGED]))
            return [
                Problem(
                    "TYPE_MISMATCH", component.identifier_key,
                    f"Type mismatch: identifiers are 'numeric' but field_values are 'str/categorical': names of features are texts, but there are columns {shown}",
                    component.slot, "names are texts", len(odd), hint="rename the columns: df.columns = df.columns.astype(str)",
                )
            ]  # fmt: skip
        if not schema.maximal_set and schema.flexible:
            _log_unknown(component)
        return []
    vector = component.vectors.get(component.identifier_key)
    if vector is None:
        return []
    if schema.maximal_set:
        return list(vector_problems(vector, component.slot, component.access, using))
    mismatched = Vector(vector.key, vector.dtype, {value: vector.values[value] for value in vector.mismatched})
    if mismatched.values:
        mismatched.members, mismatched.mismatched = vector.members, list(vector.mismatched)
        return [problem for problem in vector_problems(mismatched, component.slot, component.access, using) if problem.rule == "TYPE_MISMATCH"]  # fmt: skip
    _log_unknown(component)
    return []


def _log_unknown(component: ComponentCurator) -> None:
    unknown = [name for name in component.unknown_identifiers if not OWN_COLUMNS.match(str(name))]
    if component.rules.index is not None:
        unknown = [name for name in unknown if name != component.rules.index.name]
    if unknown and len(unknown) == len(component.table.column_names):
        logger.warning("no values were validated for %s!", component.identifier_key)
    if unknown:
        shown = ", ".join(f"'{name}'" for name in unknown[:_MAX_LOGGED]) + (
            ", ..." if len(unknown) > _MAX_LOGGED else ""
        )
        logger.warning(
            "%d term%s not validated in %s%s: %s", len(unknown), "" if len(unknown) == 1 else "s", component.identifier_key,
            f" of slot {component.slot}" if component.slot else "", shown,
        )  # fmt: skip
