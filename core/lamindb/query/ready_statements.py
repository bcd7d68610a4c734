"""The everyday `get`, by a uid or by plain texts such as a name or key, with statements that are put together once."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connections, models

from lamindb.base.rows import records_of
from lamindb.query.branch_scope import addresses_branch, is_scoped
from lamindb.query.hierarchy import visible_branch_ids


def get_by_texts(registry: Any, texts: dict[str, Any], *, latest: bool = True) -> Any:
    """Return the one record of the connected instance whose text fields have these values.

    Args:
        registry: a registry.
        texts: values by the names of text fields.
        latest: of versioned registries, only look at latest versions.

    Returns:
        The record; `None` if there is none or several, or if something else is asked for: then the general way has to answer.
    """
    if not texts or any(type(value) is not str for value in texts.values()):
        return None
    scope = () if addresses_branch((), texts) or not is_scoped(registry) else visible_branch_ids(None)
    sql = _select(registry, tuple(texts), len(scope), latest, connections["default"].vendor)
    if sql is None:
        return None
    found = records_of(registry, sql, [*texts.values(), *scope])
    return found[0] if len(found) == 1 else None


@cache
def _select(registry: Any, names: tuple[str, ...], n_branches: int, latest: bool, vendor: str) -> str | None:
    """Return the statement, or `None` if a name is no text field, or the columns lie in several tables."""
    meta = registry._meta
    if any(field.model._meta.db_table != meta.db_table for field in meta.concrete_fields):
        return None
    fields = {field.name: field for field in meta.concrete_fields}
    if not all(isinstance(fields.get(name), models.CharField | models.TextField) for name in names):
        return None
    conditions = [f'"{fields[name].column}" = %s' for name in names]
    if n_branches:
        plus = "+" if vendor == "sqlite" else ""  # for the same reason as in the general scope
        conditions.append(f'{plus}"branch_id" IN ({", ".join(["%s"] * n_branches)})')
    if latest and getattr(registry, "_is_versioned", False):
        conditions.append('"is_latest"')
    return f'SELECT * FROM "{meta.db_table}" WHERE {" AND ".join(conditions)} LIMIT 2'
