"""What the schemas of all tables of a dataset ask for, read from the database in a few statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from lamindb.base.dtypes import parse_dtype, parse_registry
from lamindb.base.registries import registry
from lamindb.curators.plan import OWN_COLUMNS, ColumnPlan, TablePlan
from lamindb.query.hierarchy import descendants_by_type, visible_branch_ids
from lamindb.query.names import name_field

_NAMES_PER_STATEMENT = 10_000


@dataclass
class TableRules:
    """What one table is checked for.

    Attributes:
        schema: the schema of the table.
        features: the features that are checked, members first, then registered features that have the name of a column.
        optional: uids of members that may be absent.
        index: the feature that is the index.
        known_names: column names that are registered, if the schema takes any registered feature.
        members: the schema's members that are no features, for a schema of identifiers; `None` if any is allowed.
    """

    schema: Any
    features: list[Any] = field(default_factory=list)
    members_of_schema: list[Any] = field(default_factory=list)
    optional: frozenset[str] = frozenset()
    index: Any = None

    @property
    def is_of_features(self) -> bool:
        """Whether identifiers are names of features."""
        return (self.schema.itype or "Feature").partition("[")[0].partition(".")[0] == "Feature"

    @property
    def identifier_field(self) -> Any:
        """The field that identifiers are values of, as on the class."""
        name = (self.schema.itype or "Feature").partition("[")[0]
        parsed = parse_registry(name)
        target = registry(parsed.registry)
        return getattr(target, parsed.field or name_field(target))

    def is_required(self, feature: Any) -> bool:
        """Tell whether the column of a feature has to be there."""
        return bool(self.schema.minimal_set) and feature.uid not in self.optional

    def plan(self, *, texts_are_categories: bool = False) -> TablePlan:
        """Return the rules as plain data."""
        schema = self.schema
        member_uids = {member.uid for member in self.members_of_schema}
        coerces = bool(schema.coerce)
        columns = tuple(
            ColumnPlan(
                feature.name,
                feature._dtype_str or "object",
                nullable=feature.nullable is not False,
                coerce=coerces or bool(feature.coerce),
                required=feature.uid in member_uids and self.is_required(feature),
                texts_are_categories=texts_are_categories,
            )
            for feature in self.features
        )
        names = [member.name for member in self.members_of_schema]
        return TablePlan(
            columns=columns,
            index=self._index_plan(coerces),
            ordered=tuple(names) if schema.ordered_set and self.is_of_features else None,
            only_these=frozenset(feature.name for feature in self.features)
            if schema.maximal_set and self.is_of_features
            else None,
        )

    def _index_plan(self, coerces: bool) -> ColumnPlan | None:
        feature = self.index
        if feature is None:
            return None
        dtype = feature._dtype_str or "str"
        return ColumnPlan(
            feature.name, dtype, nullable=False, coerce=coerces or bool(feature.coerce), required=True,
            texts_are_categories=True,
        )  # fmt: skip


def read_rules(tables: Iterable[tuple[Any, list[Any]]], using: str | None = None) -> list[TableRules]:
    """Read the rules of all tables of a dataset.

    Args:
        tables: pairs of a schema and the column names of its table.
        using: database of the schemas.

    Returns:
        The rules in the same order; one statement for the members of all schemas, and one for registered features.
    """
    asked = list(tables)
    using = using or DEFAULT_DB_ALIAS
    members = _members_of([schema for schema, _ in asked], using)
    rules = []
    for position, (schema, _) in enumerate(asked):
        found = members[position]
        one = TableRules(schema, optional=frozenset(schema.optionals.get_uids()))
        notes = ((schema._aux or {}).get("af") or {}).get("3")
        if one.is_of_features:
            one.index = next((feature for feature in found if feature.uid == notes), None)
            one.members_of_schema = [feature for feature in found if feature.uid != notes]
        rules.append(one)
    _add_registered(rules, asked, using)
    return rules


def _members_of(schemas: list[Any], using: str) -> list[list[Any]]:
    """Return the features that are members of each schema, in order."""
    saved = [
        schema.pk for schema in schemas if schema._pending is None and not schema._state.adding and schema.n_members
    ]
    by_schema: dict[int, list[Any]] = {}
    if saved:
        links = registry("SchemaFeature").objects.using(using).filter(schema_id__in=saved)
        for link in links.select_related("feature").order_by("id"):
            by_schema.setdefault(link.schema_id, []).append(link.feature)
    found = []
    for schema in schemas:
        if schema._pending is not None and schema._pending.members is not None:
            members = schema._pending.members
            found.append(members if members and type(members[0]).__name__ == "Feature" else [])
        else:
            found.append(by_schema.get(schema.pk, []))
    return found


def _add_registered(rules: list[TableRules], asked: list[tuple[Any, list[Any]]], using: str) -> None:
    """Add registered features that have the name of a column to schemas that take them; members win by name."""
    wanted: dict[str, None] = {}
    for one, (schema, names) in zip(rules, asked, strict=True):
        one.features = [feature for feature in one.members_of_schema if not feature.is_type]
        if _takes_registered(one, schema):
            taken = {feature.name for feature in one.members_of_schema} | {one.index.name if one.index else None}
            wanted.update(
                dict.fromkeys(
                    name
                    for name in names
                    if isinstance(name, str) and name not in taken and not OWN_COLUMNS.match(name)
                )
            )
    candidates = _registered(list(wanted), using)
    scopes: dict[str, set[int]] = {}
    for one, (schema, names) in zip(rules, asked, strict=True):
        if not _takes_registered(one, schema):
            continue
        scope = _scope_of(schema.itype, using, scopes)
        taken = {feature.name for feature in one.members_of_schema} | {one.index.name if one.index else None}
        for name in dict.fromkeys(name for name in names if isinstance(name, str)):
            if name in taken:
                continue
            fitting = [feature for feature in candidates.get(name, ()) if scope is None or feature.type_id in scope]
            if fitting:
                one.features.append(fitting[0])


def _takes_registered(rules: TableRules, schema: Any) -> bool:
    return rules.is_of_features and bool(schema.flexible) and bool(schema.itype)


def _registered(names: list[str], using: str) -> dict[str, list[Any]]:
    """Return registered features by name, those without a type first."""
    feature = registry("Feature")
    found: dict[str, list[Any]] = {}
    for start in range(0, len(names), _NAMES_PER_STATEMENT):
        part = names[start : start + _NAMES_PER_STATEMENT]
        query = feature.objects.using(using).filter(
            name__in=part, is_type=False, branch_id__in=visible_branch_ids(using)
        )
        for record in query.order_by("id"):
            found.setdefault(record.name, []).append(record)
    for records in found.values():
        records.sort(key=lambda record: (record.type_id is not None, record.pk))
    return found


def _scope_of(itype: str | None, using: str, scopes: dict[str, set[int]]) -> set[int] | None:
    """Return the ids of the types that `Feature[<uid>]` stands for; `None` without a type."""
    if itype is None or "[" not in itype:
        return None
    uid = itype.partition("[")[2].rstrip("]")
    if uid not in scopes:
        feature_type = registry("Feature").objects.using(using).get(uid=uid)
        below = descendants_by_type(feature_type).filter(is_type=True).values_list("pk", flat=True)
        scopes[uid] = {feature_type.pk, *below}
    return scopes[uid]


def for_list_values(plan: TablePlan, names: Iterable[str]) -> TablePlan:
    """Return a plan in which these categorical columns may hold several categories a cell, as dictionaries do."""
    several = set(names)
    columns = tuple(
        replace(column, dtype=f"list[{column.dtype}]")
        if column.name in several and column.is_categorical and not parse_dtype(column.dtype).is_list
        else column
        for column in plan.columns
    )
    return replace(plan, columns=columns)
