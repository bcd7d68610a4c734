"""The default branch scope: queries show the current branch and main, once per query, until a call addresses the branch itself.

The scope is one recognisable condition in the WHERE clause, so that counting, slicing, unions, sub-queries, updates and deletions all see it;
a later call that addresses the branch takes it out again. Which branches it means is decided when the SQL is compiled.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import cache
from typing import Any

from django.db.models import BooleanField, Q
from django.db.models.lookups import Lookup
from django.db.models.sql.where import AND, WhereNode

from lamindb.query.hierarchy import visible_branch_ids

#: Keywords that name certain records, wherever they live.
#: `pk` is not among them, because Django itself narrows query sets by it, as in `queryset.contains(record)`.
_IDENTIFYING = frozenset({"id", "uid", "hash", "id__in", "uid__in", "hash__in"})
_BRANCH = ("branch", "branch_id")


class BranchScope(Enum):
    """How a query set stands to the default branch scope."""

    OPEN = "open"  # not filtered yet, all branches
    DEFAULT = "default"  # shows the current branch and main
    ADDRESSED = "addressed"  # a call said which branches or records are meant


class InDefaultBranches(Lookup):
    """Condition `branch_id IN (current branch, main)`; of other databases, only main."""

    lookup_name = "in_default_branches"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Any = None) -> None:
        super().__init__(lhs, rhs)

    @property
    def output_field(self) -> BooleanField:
        return BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "sqlite":
            # without statistics SQLite would walk through a whole branch instead of using the index of a name: the plus prevents that
            column = f"+{column}"
        branches = visible_branch_ids(connection.alias)
        if len(branches) == 1:
            return f"{column} = %s", [*parameters, *branches]
        return f"{column} IN ({', '.join(['%s'] * len(branches))})", [*parameters, *branches]


@cache
def is_scoped(registry: Any) -> bool:
    """Tell whether queries of `registry` are limited to the default branches."""
    if not getattr(registry, "_default_branch_filter", True):
        return False
    return any(field.attname == "branch_id" for field in registry._meta.concrete_fields)


def addresses_branch(queries: Iterable[Any], expressions: Iterable[str]) -> bool:
    """Tell whether a call of `filter` says by itself which branches or records it means."""
    if any(key in _IDENTIFYING or _is_branch_key(key) for key in expressions):
        return True
    return any(_is_branch_key(key) for query in queries if isinstance(query, Q) for key in keywords_of(query))


def _is_branch_key(key: str) -> bool:
    return key.split("__", 1)[0] in _BRANCH


def keywords_of(query: Q) -> Iterable[str]:
    """Yield the keywords of a `Q` object, nested at any depth."""
    for child in query.children:
        if isinstance(child, Q):
            yield from keywords_of(child)
        elif isinstance(child, tuple):
            yield child[0]


def add_scope(query: Any, registry: Any) -> None:
    """Add the default branch scope to a `django.db.models.sql.Query`, in place."""
    condition = InDefaultBranches(registry._meta.get_field("branch").get_col(query.get_initial_alias()))
    if query.where.connector == AND and not query.where.negated:
        query.where.children.append(condition)
    else:
        query.where = WhereNode([query.where, condition], connector=AND)


def remove_scope(query: Any) -> None:
    """Take the default branch scope out of a `django.db.models.sql.Query`, in place."""
    _remove(query.where)


def _remove(node: Any) -> None:
    node.children = [child for child in node.children if not isinstance(child, InDefaultBranches)]
    for child in node.children:
        if isinstance(child, WhereNode):
            _remove(child)
