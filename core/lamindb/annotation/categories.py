"""Categorical feature values: names and records are resolved to records of the registries, types and filters that the dtypes name.

All features of a call are resolved together: one statement per registry and field, whatever the number of features, values and rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from lamindb.annotation.dtypes import ResolvedMember, type_of
from lamindb.annotation.feature_keys import depths_of_types
from lamindb.annotation.link_rows import in_values
from lamindb.annotation.value_problems import MissingRecords, ValueProblems, shown
from lamindb.base.dtype_inference import is_array, is_null, unwrapped
from lamindb.base.dtypes import Dtype, Member
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name
from lamindb.query.branch_scope import is_scoped
from lamindb.query.feature_dtypes import value_field
from lamindb.query.hierarchy import visible_branch_ids


@dataclass
class CategoricalColumn:
    """Values of one categorical feature.

    Attributes:
        feature: the feature.
        dtype: its dtype.
        members: registries, fields and types that the dtype names.
        items: (row, name or record), in the order of the rows and lists.
    """

    feature: Any
    dtype: Dtype
    members: list[ResolvedMember]
    items: list[tuple[int, Any]]


@dataclass(frozen=True)
class _Candidate:
    pk: Any
    type_id: Any
    type_uid: Any
    is_latest: bool


@dataclass
class _Lookup:
    """Names that are looked for in one field of a registry, and what was found."""

    registry: Any
    field_name: str
    filters: tuple[tuple[str, str], ...]
    condition: Any
    names: set[Any] = field(default_factory=set)
    found: dict[Any, list[_Candidate]] = field(default_factory=dict)


def items_of(values: list[Any]) -> list[tuple[int, Any]]:
    """Return the single names and records of cells, with their rows; nulls are left out.

    Example:
        >>> items_of(["a", None, ["b", "c"]])
        [(0, 'a'), (2, 'b'), (2, 'c')]
    """
    items: list[tuple[int, Any]] = []
    for row, value in enumerate(values):
        if isinstance(value, str | models.Model):
            items.append((row, value))
        elif _is_several(value):
            members = value.tolist() if is_array(value) else value
            items += [(row, item) for item in members if item is not None and not is_null(item)]
        elif value is not None and not is_null(value):
            items.append((row, unwrapped(value)))
    return items


def resolve_categories(
    columns: list[CategoricalColumn], using: str, problems: ValueProblems
) -> dict[Any, list[tuple[int, int, Any]]]:
    """Return (row, feature id, record id) by registry.

    Args:
        columns: names and records per feature.
        using: alias of the database.
        problems: takes what can't be resolved.
    """
    lookups = _find_names(columns, using)
    types = _Types(using)
    labels: dict[Any, list[tuple[int, int, Any]]] = {}
    for column in columns:
        by_name = _resolve_names(column, lookups, types, problems)
        by_record = _resolve_records(column, types, using, problems)
        feature_id = column.feature.pk
        for row, item in column.items:
            found = by_name.get(item) if not isinstance(item, models.Model) else by_record.get(_key(item))
            if found is not None:
                labels.setdefault(found[0], []).append((row, feature_id, found[1]))
    return labels


def _find_names(columns: list[CategoricalColumn], using: str) -> dict[Any, _Lookup]:
    lookups: dict[Any, _Lookup] = {}
    for column in columns:
        names = {item for _, item in column.items if isinstance(item, str)}
        if not names:
            continue
        for member in column.members:
            key = (member.registry, member.field, member.member.filters)
            if key not in lookups:
                condition = member.conditions(using) if member.member.filters else None
                lookups[key] = _Lookup(member.registry, member.field, member.member.filters, condition)
            lookups[key].names |= names
    for lookup in lookups.values():
        _look_up(lookup, using)
    return lookups


def _has_types(registry: Any) -> bool:
    """Tell whether records are of types, which are records themselves; registries may have a `type` of texts, too."""
    return any(known.name == "type" and known.is_relation for known in registry._meta.concrete_fields)


def _look_up(lookup: _Lookup, using: str) -> None:
    fields = {known.name for known in lookup.registry._meta.concrete_fields}
    query = lookup.registry.objects.using(using)
    names = [name for name in lookup.names if "\x00" not in name]
    query = query.filter(**{f"{lookup.field_name}__in": in_values(names, using)}) if names else query.none()
    if lookup.condition is not None:
        query = query.filter(lookup.condition)
    has_type, has_latest = _has_types(lookup.registry), "is_latest" in fields
    columns = ["pk", lookup.field_name]
    columns += ["branch_id"] if is_scoped(lookup.registry) else []
    columns += ["type_id", "type__uid"] if has_type else []
    columns += ["is_latest"] if has_latest else []
    branches = visible_branch_ids(using) if is_scoped(lookup.registry) else None
    for row in query.order_by("pk").values_list(*columns):
        values = dict(zip(columns, row, strict=True))
        if branches is not None and values["branch_id"] not in branches:
            continue
        candidate = _Candidate(
            values["pk"], values.get("type_id"), values.get("type__uid"), bool(values.get("is_latest", True))
        )
        lookup.found.setdefault(values[lookup.field_name], []).append(candidate)


def _resolve_names(
    column: CategoricalColumn, lookups: dict[Any, _Lookup], types: _Types, problems: ValueProblems
) -> dict[Any, tuple[Any, Any]]:
    """Return (registry, id) by name."""
    names = list(dict.fromkeys(item for _, item in column.items if not isinstance(item, models.Model)))
    odd = [name for name in names if not isinstance(name, str)]
    if odd:
        problems.add(
            f"Column '{column.feature.name}' failed dtype check for '{column.dtype}': {shown(odd[0])} is neither a text nor a record",
            column.feature, odd,
        )  # fmt: skip
    resolved: dict[Any, tuple[Any, Any]] = {}
    missing: list[str] = []
    for name in names:
        if not isinstance(name, str):
            continue
        for member in column.members:
            lookup = lookups[(member.registry, member.field, member.member.filters)]
            candidates = [c for c in lookup.found.get(name, ()) if types.fits(member, c.type_id, c.type_uid)]
            if candidates:
                try:
                    resolved[name] = (member.registry, types.choose(member, name, candidates))
                except ValueError as error:
                    problems.add(str(error), column.feature, [name])
                break
        else:
            missing.append(name)
    if missing:
        first = column.members[0]
        problems.add_missing(
            column.feature,
            MissingRecords(
                qualified_name(first.registry),
                first.field,
                missing,
                types.record_of(first),
                hasattr(first.registry, "from_values"),
            ),
        )
    return resolved


def _resolve_records(
    column: CategoricalColumn, types: _Types, using: str, problems: ValueProblems
) -> dict[Any, tuple[Any, Any]]:
    """Return (registry, id) by record."""
    records = {_key(item): item for _, item in column.items if isinstance(item, models.Model)}
    resolved: dict[Any, tuple[Any, Any]] = {}
    fitting: dict[Any, list[Any]] = {}
    for key, record in records.items():
        name = type(record).__name__
        if record._state.adding or record.pk is None:
            problems.add(f"Please save {record!r} before annotation.", column.feature)
            continue
        members = [member for member in column.members if isinstance(record, member.registry)]
        if not members and column.members:
            expected = " or ".join(qualified_name(member.registry) for member in column.members)
            problems.add(
                f"Expected a record of {expected} for feature '{column.feature.name}', but received {name} {_title(record)}",
                column.feature, [_title(record)],
            )  # fmt: skip
            continue
        if record._state.db not in (None, using):
            record = _here(record, using)
            if record is None:
                problems.add(
                    f"{name} {_title(records[key])} for feature '{column.feature.name}' lives in another instance: save it here first",
                    column.feature,
                )
                continue
        resolved[key] = (type(record), record.pk)
        if members and not any(not member.member.types and not member.member.filters for member in members):
            fitting.setdefault(type(record), []).append((key, record, members))
    for registry, entries in fitting.items():
        _check_restrictions(column, registry, entries, types, using, resolved, problems)
    return resolved


def _check_restrictions(
    column: CategoricalColumn, registry: Any, entries: list[Any], types: _Types, using: str, resolved: dict[Any, Any],
    problems: ValueProblems,
) -> None:  # fmt: skip
    """Take out records that are of another type than the dtype names, or that its filters exclude."""
    pks = [record.pk for _, record, _ in entries]
    has_type = _has_types(registry)
    columns = ("pk", "type_id", "type__uid") if has_type else ("pk",)
    rows = registry.objects.using(using).filter(pk__in=in_values(pks, using))
    places = {row[0]: row[1:] if has_type else (None, None) for row in rows.values_list(*columns)}
    passing: dict[Member, set[Any]] = {}
    for _, _, members in entries:
        for member in members:
            if member.member.filters and member.member not in passing:
                passing[member.member] = set(rows.filter(member.conditions(using)).values_list("pk", flat=True))
    for key, record, members in entries:
        type_id, type_uid = places.get(record.pk, (None, None))
        fits = any(
            types.fits(member, type_id, type_uid)
            and (member.member not in passing or record.pk in passing[member.member])
            for member in members
        )
        if fits:
            continue
        del resolved[key]
        name = type(record).__name__
        wanted = types.record_of(members[0])
        if wanted is not None:
            text = f"Expected a record of type '{wanted.name}' for feature '{column.feature.name}', but received {name} {_title(record)}"
        else:
            text = (
                f"{name} {_title(record)} is excluded by the filters of feature '{column.feature.name}': {column.dtype}"
            )
        problems.add(text, column.feature, [_title(record)])


class _Types:
    """Which records belong to the types that dtypes name; asks the database only where the direct type does not tell."""

    def __init__(self, using: str) -> None:
        self._using = using
        #: per registry the uid and the type of each type
        self._above: dict[Any, dict[Any, tuple[str, Any]]] = {}
        self._records: dict[Any, Any] = {}

    def record_of(self, member: ResolvedMember) -> Any:
        """Return the type that a member names, `None` if it names none."""
        if not member.member.types:
            return None
        key = (member.registry, member.member.types)
        if key not in self._records:
            self._records[key] = type_of(member, self._using)
        return self._records[key]

    def fits(self, member: ResolvedMember, type_id: Any, type_uid: Any) -> bool:
        """Tell whether a record with this type belongs to the type that a member names."""
        if not member.member.types:
            return True
        if type_id is None:
            return False
        if type_uid == member.member.types[-1]:
            return True
        if member.registry not in self._above:
            rows = member.registry.objects.using(self._using).filter(is_type=True)
            if is_scoped(member.registry):
                rows = rows.filter(branch_id__in=visible_branch_ids(self._using))
            self._above[member.registry] = {
                pk: (uid, above) for pk, uid, above in rows.values_list("pk", "uid", "type_id")
            }
        types, seen = self._above[member.registry], set()
        while type_id in types and type_id not in seen:
            seen.add(type_id)
            uid, type_id = types[type_id]
            if uid == member.member.types[-1]:
                return True
        return False

    def choose(self, member: ResolvedMember, name: str, candidates: list[_Candidate]) -> Any:
        """Return the id of one of several records with the same name.

        Raises:
            ValueError: if several are equally near to the root of the types.
        """
        latest = [one for one in candidates if one.is_latest] or candidates
        if len(latest) == 1:
            return latest[0].pk
        kind = member.registry.__name__
        if not _has_types(member.registry):
            if not hasattr(member.registry, "is_latest"):
                logger.warning("several %s records are called '%s': the oldest is used", kind, name)
                return latest[0].pk
            return latest[-1].pk
        roots = [one for one in latest if one.type_id is None]
        if len(roots) == 1:
            return roots[0].pk
        if len(roots) > 1:
            raise ValueError(
                f"Ambiguous match for {kind} '{name}': found {len(roots)} root-level records. Pass the record itself"
            )
        places = depths_of_types(member.registry, {one.type_id for one in latest}, self._using)
        nearest = min(places[one.type_id].depth for one in latest)
        near = [one for one in latest if places[one.type_id].depth == nearest]
        if len(near) > 1:
            names = [places[one.type_id].name for one in near]
            raise ValueError(
                f"Ambiguous match for {kind} '{name}': found {len(near)} records at depth {nearest} (under types: {names}). Pass the record itself"
            )
        return near[0].pk


def _is_several(value: Any) -> bool:
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return True
    return is_array(value) or (isinstance(value, Iterable) and hasattr(value, "to_list"))


def _key(record: Any) -> Any:
    return (type(record), record.pk if record.pk is not None else id(record), record._state.db)


def _title(record: Any) -> str:
    value = getattr(record, value_field(type(record)), None)
    return f"'{value}'" if value is not None else f"(uid='{getattr(record, 'uid', record.pk)}')"


def _here(record: Any, using: str) -> Any:
    """Return the record with the same uid on another database, `None` if there is none."""
    return type(record).objects.using(using).filter(uid=record.uid).first()
