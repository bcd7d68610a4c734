"""Transitive closures along `parents`/`children` and `type`: one recursive statement each, over indexed joins only.

`CROSS JOIN` (which fixes the join order on SQLite) and the unary plus before `branch_id` (which keeps its index out of the plan) make the
database walk from the record outwards instead of through a whole branch.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.expressions import RawSQL

from lamindb.base import context


def visible_branch_ids(using: str | None) -> tuple[int, ...]:
    """Return the branches that queries show by default: the current one and main; on other databases only main."""
    if using not in (None, DEFAULT_DB_ALIAS):
        return (context.MAIN_BRANCH_ID,)
    return tuple(dict.fromkeys((context.current_branch_id(), context.MAIN_BRANCH_ID)))


def closure(record: Any, relation: str) -> Any:
    """Return everything above (`"parents"`) or below (`"children"`) a record in its ontology.

    Only records that are visible by default are passed through. Cycles are no problem; the record itself is not in the result.

    Args:
        record: a record of a registry with `parents`.
        relation: `"parents"` or `"children"`.

    Returns:
        A query set on the record's database, unordered.

    Raises:
        ValueError: for any other relation.

    Example:
        >>> closure(cell_type, "parents").to_list("name")
    """
    if relation not in ("parents", "children"):
        raise ValueError(f"relation must be 'parents' or 'children', not {relation!r}")
    using = record._state.db or DEFAULT_DB_ALIAS
    through, from_column, to_column = through_columns(type(record), relation, using)
    table, visible, branches = _visible_table(type(record), using)
    statement = (
        "WITH RECURSIVE closure(id) AS ("
        f" SELECT r.id FROM {through} t CROSS JOIN {table} r WHERE t.{from_column} = %s AND r.id = t.{to_column}{visible}"
        " UNION"
        f" SELECT r.id FROM closure c CROSS JOIN {through} t CROSS JOIN {table} r"
        f" WHERE t.{from_column} = c.id AND r.id = t.{to_column}{visible}"
        ") SELECT id FROM closure WHERE id <> %s"
    )
    return _records(record, statement, (record.pk, *branches, *branches, record.pk))


def ancestors_by_type(record: Any) -> list[Any]:
    """Return the record's type, that type's type, and so on, nearest first, up to the first one that is not visible by default."""
    if record.type_id is None:
        return []
    using = record._state.db or DEFAULT_DB_ALIAS
    table, visible, branches = _visible_table(type(record), using)
    statement = (
        "WITH RECURSIVE chain(id, parent) AS ("
        f" SELECT r.id, r.type_id FROM {table} r WHERE r.id = %s{visible}"
        " UNION"
        f" SELECT r.id, r.type_id FROM chain c CROSS JOIN {table} r WHERE r.id = c.parent{visible}"
        ") SELECT id FROM chain"
    )
    query = type(record).objects.using(using).filter(pk__in=RawSQL(statement, (record.type_id, *branches, *branches)))
    by_id = {ancestor.pk: ancestor for ancestor in query}
    by_id.pop(record.pk, None)
    chain, following = [], record.type_id
    while following in by_id:
        ancestor = by_id.pop(following)
        chain.append(ancestor)
        following = ancestor.type_id
    return chain


def descendants_by_type(record: Any, depth: int | None = None) -> Any:
    """Return everything that is organised below a type: sub types and their records, through visible records only.

    Args:
        record: a type.
        depth: how many levels to go down; `None` is all the way, 1 the direct members only.

    Returns:
        A query set on the record's database, unordered, without the record itself.

    Raises:
        ValueError: if `depth` is below 1.
    """
    if depth is not None and depth < 1:
        raise ValueError(f"depth must be at least 1 (or None for all levels), not {depth}")
    using = record._state.db or DEFAULT_DB_ALIAS
    table, visible, branches = _visible_table(type(record), using)
    if depth is None:  # without a level, UNION drops what was met before, so that cycles end
        columns, start, following, limit = "id", "r.id", "r.id", ""
    else:
        columns, start, following, limit = "id, level", "r.id, 1", "r.id, c.level + 1", f" AND c.level < {int(depth)}"
    statement = (
        f"WITH RECURSIVE below({columns}) AS ("
        f" SELECT {start} FROM {table} r WHERE r.type_id = %s{visible}"
        " UNION"
        f" SELECT {following} FROM below c CROSS JOIN {table} r WHERE r.type_id = c.id{visible}{limit}"
        ") SELECT id FROM below WHERE id <> %s"
    )
    return _records(record, statement, (record.pk, *branches, *branches, record.pk))


def through_columns(registry: Any, relation: str, using: str) -> tuple[str, str, str]:
    """Return the quoted link table of `parents`, the column to start from and the column to arrive at."""
    field = registry._meta.get_field("parents")
    columns = (field.m2m_column_name(), field.m2m_reverse_name())
    quote = connections[using].ops.quote_name
    start, end = columns if relation == "parents" else columns[::-1]
    return quote(field.m2m_db_table()), quote(start), quote(end)


def _visible_table(registry: Any, using: str) -> tuple[str, str, tuple[int, ...]]:
    """Return the quoted table, the condition on its alias `r` that keeps to visible branches, and the parameters of that condition."""
    table = connections[using].ops.quote_name(registry._meta.db_table)
    if not any(field.name == "branch" for field in registry._meta.concrete_fields):
        return table, "", ()
    branches = visible_branch_ids(using)
    return table, f" AND +r.branch_id IN ({', '.join(['%s'] * len(branches))})", branches


def _records(record: Any, statement: str, parameters: tuple[Any, ...]) -> Any:
    # the statement has kept to visible branches already: a second condition could only mislead the query planner
    registry = type(record)
    has_branch = any(field.name == "branch" for field in registry._meta.concrete_fields)
    query = registry.filter(branch=None) if has_branch else registry.filter()
    query = query.using(record._state.db or DEFAULT_DB_ALIAS)
    if record.pk is None:
        return query.none()
    return query.filter(pk__in=RawSQL(statement, parameters))
