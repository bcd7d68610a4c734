"""Looking values of categories up: one statement per registry for all columns of all tables, whatever the number of values."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from numbers import Number
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Case, IntegerField, Q, Value, When

from lamindb.annotation.dtypes import ResolvedMember, resolve
from lamindb.annotation.known_labels import known_labels_of
from lamindb.annotation.terms import _fitting, _in_values
from lamindb.base.dtypes import Dtype, Member
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name
from lamindb.curators.scan import Occurrences
from lamindb.query.hierarchy import visible_branch_ids


@dataclass(frozen=True, slots=True)
class Label:
    """A record that a value stands for."""

    registry: Any
    pk: int
    type_id: int | None = None
    is_type: bool = False


@dataclass
class Vector:
    """The distinct values of one categorical column, and what was found out about them.

    Attributes:
        key: name of the column, or `columns`, `index` and so on for identifiers.
        dtype: the categorical dtype.
        values: distinct values in the order of the first occurrence.
        labels: records by value.
        synonyms: for values that are synonyms or other spellings, what they stand for.
        ambiguous: for values with several records, the message.
        mismatched: values that can't be compared with the field, such as numbers with names.
    """

    key: str
    dtype: Dtype
    values: dict[Hashable, Occurrences]
    records: list[Any] = field(default_factory=list)
    feature: Any = None
    labels: dict[Hashable, list[Label]] = field(default_factory=dict)
    synonyms: dict[str, str] = field(default_factory=dict)
    ambiguous: dict[Hashable, str] = field(default_factory=dict)
    mismatched: list[Hashable] = field(default_factory=list)
    members: list[ResolvedMember] = field(default_factory=list)
    is_looked_up: bool = False

    @property
    def non_validated(self) -> list[Hashable]:
        """Values without a record, synonyms included, in the order of the data."""
        return [value for value in self.values if value not in self.labels]

    @property
    def is_validated(self) -> bool:
        """Whether all values have a record."""
        return all(value in self.labels for value in self.values)


@dataclass(frozen=True)
class _Group:
    """Values that one statement looks up: a registry, a field, restrictions."""

    registry: Any
    field: str
    filters: tuple[tuple[str, str], ...]


@dataclass
class _Found:
    """What a statement found: labels by value, and the types of the registry."""

    labels: dict[Hashable, list[Label]] = field(default_factory=dict)
    types: dict[int, Label] = field(default_factory=dict)
    type_by_uid: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    has_types: bool = False


def look_up(vectors: Iterable[Vector], using: str | None = None) -> None:
    """Find the records that the values of all vectors stand for.

    Args:
        vectors: the vectors; their `labels`, `synonyms` and `ambiguous` are filled.
        using: database of the registries.
    """
    using = using or DEFAULT_DB_ALIAS
    asked = list(vectors)
    groups: dict[_Group, dict[Hashable, None]] = {}
    with_types: set[_Group] = set()
    for vector in asked:
        vector.members = _members_of(vector.dtype)
        vector.labels, vector.synonyms, vector.ambiguous = {}, {}, {}
        vector.is_looked_up = True
        for member in vector.members:
            group = _Group(member.registry, member.field, member.member.filters)
            groups.setdefault(group, {}).update(dict.fromkeys(vector.values))
            if member.member.types:
                with_types.add(group)
    found = {group: _look_up_group(group, list(values), group in with_types, using) for group, values in groups.items()}
    for vector in asked:
        for member in vector.members:
            _match(vector, member, found[_Group(member.registry, member.field, member.member.filters)], using)
        for value, known in known_labels_of(vector.feature).items():
            if value in vector.values:
                vector.labels[value] = [Label(registry, pk) for registry, pk in known]
                vector.ambiguous.pop(value, None)
        missing = vector.non_validated
        mismatched = {kind for kind in set(map(type, missing)) if _is_mismatched(kind, vector.members)}
        vector.mismatched = [value for value in missing if type(value) in mismatched] if mismatched else []
    _ask_public_sources([vector for vector in asked if not vector.is_validated], using)
    for vector in asked:
        if not vector.is_validated:
            vector.synonyms = _synonyms(vector, using)


def _members_of(dtype: Dtype) -> list[ResolvedMember]:
    """Return registries and fields of a dtype; its types stay uids, so that nothing is asked."""
    members = dtype.members or (Member("ULabel"),)  # what a bare `cat` stands for
    plain = resolve(replace(dtype, members=tuple(replace(member, types=()) for member in members), lists=0))
    return [replace(one, member=member) for one, member in zip(plain, members, strict=True)]


def _look_up_group(group: _Group, values: list[Hashable], with_types: bool, using: str) -> _Found:
    registry, column = group.registry, registry_field(group)
    found = _Found()
    names = {one.name for one in registry._meta.concrete_fields}
    found.has_types = "is_type" in names and "type" in names
    if _is_left_to_registry(group) or (not values and not with_types):
        return found
    fitting = _fitting([value for value in values if not isinstance(value, bool)], column)
    condition = Q(**{f"{group.field}__in": _in_values(fitting, using)}) if fitting else Q(pk__in=[])
    if with_types and found.has_types:
        condition |= Q(is_type=True)
    query = registry.objects.using(using).filter(condition)
    if group.filters:
        query = query.filter(_conditions(group, using))
    if found.has_types:  # a number, because the conversion of truth values costs more than the look-up
        query = query.annotate(
            _is_type=Case(When(is_type=True, then=Value(1)), default=Value(0), output_field=IntegerField())
        )
    columns = ["pk", group.field, *(["type_id", "_is_type", "uid", "name"] if found.has_types else [])]
    if "branch_id" in {one.attname for one in registry._meta.concrete_fields}:
        columns.append("branch_id")
    branches = set(visible_branch_ids(using))
    wanted = set(fitting)
    for row in query.order_by("pk").values_list(*columns):
        pk, value = row[0], row[1]
        if columns[-1] == "branch_id" and row[-1] not in branches:
            continue
        label = Label(registry, pk, row[2], bool(row[3])) if found.has_types else Label(registry, pk)
        if label.is_type:
            found.names[pk] = row[5]
            found.types[pk] = label
            found.type_by_uid[row[4]] = pk
        if value in wanted:
            found.labels.setdefault(value, []).append(label)
    return found


def registry_field(group: Any) -> Any:
    """Return the Django field that values are compared with."""
    return group.registry._meta.get_field(group.field)


def _conditions(group: _Group, using: str) -> Q:
    member = Member(qualified_name(group.registry), group.field, filters=group.filters)
    return ResolvedMember(member, group.registry, group.field).conditions(using)


def _is_left_to_registry(group: _Group) -> bool:
    """Tell whether the registry itself decides which records count, since the organism in force matters."""
    names = {one.name for one in group.registry._meta.concrete_fields}
    if "organism" not in names or not hasattr(group.registry, "from_values"):
        return False
    if any(key.partition("__")[0] == "organism" for key, _ in group.filters):
        return False
    needs_organism = getattr(group.registry, "require_organism", None)
    return needs_organism is None or needs_organism(group.field)  # ids of genes tell the organism


def _match(vector: Vector, member: ResolvedMember, found: _Found, using: str) -> None:
    root = _root(member, found, using) if member.member.types else None
    only_one = _is_unique(member)
    for value in vector.values:
        if value in vector.labels or isinstance(value, bool):
            continue
        candidates = found.labels.get(value)
        if not candidates:
            continue
        if not found.has_types:
            vector.labels[value] = candidates[:1] if only_one else candidates
            continue
        if root is not None:
            candidates = [one for one in candidates if one.pk != root and _depth(one, found, root) is not None]
        _choose_topmost(vector, value, candidates, found, root, using)


def _is_unique(member: ResolvedMember) -> bool:
    return member.registry._meta.get_field(member.field).unique


def _root(member: ResolvedMember, found: _Found, using: str) -> int:
    """Return the id of the type that a dtype names."""
    uid = member.member.types[-1]
    if len(member.member.types) == 1 and uid in found.type_by_uid:
        return found.type_by_uid[uid]
    bare = Dtype("cat", (member.member,))
    root = resolve(bare, using)[0].type  # a type by name, in the trash, or missing
    if root.pk not in found.types:
        found.types[root.pk] = Label(member.registry, root.pk, root.type_id, True)
    return root.pk


def _depth(label: Label, found: _Found, root: int | None) -> int | None:
    """Return how many types lie between a label and the root; `None` if it isn't below the root."""
    depth, type_id, seen = 0, label.type_id, set()
    while type_id is not None and type_id not in seen:
        if type_id == root:
            return depth
        seen.add(type_id)
        above = found.types.get(type_id)
        if above is None:
            return None if root is not None else depth + 1
        depth, type_id = depth + 1, above.type_id
    return depth if root is None else None


def _choose_topmost(
    vector: Vector, value: Hashable, candidates: list[Label], found: _Found, root: int | None, using: str
) -> None:
    """Take the record nearest to the root; of several at the same depth none is right."""
    if not candidates:
        return
    if len(candidates) == 1:
        vector.labels[value] = candidates
        return
    name = candidates[0].registry.__name__
    if root is None:
        at_root = [one for one in candidates if one.type_id is None]
        if len(at_root) == 1:
            vector.labels[value] = at_root
            return
        if at_root:
            vector.ambiguous[value] = f"Ambiguous match for {name} '{value}': found {len(at_root)} root-level records"
            return
        if not found.types:
            _load_types(candidates[0].registry, found, using)
    depths = [(_depth(one, found, root) or 0, one) for one in candidates]
    least = min(depth for depth, _ in depths)
    nearest = [one for depth, one in depths if depth == least]
    if len(nearest) == 1:
        vector.labels[value] = nearest
        return
    types = sorted(found.names.get(one.type_id or 0, str(one.type_id)) for one in nearest)
    vector.ambiguous[value] = (
        f"Ambiguous match for {name} '{value}': found {len(nearest)} records at depth {least if root is None else least + 1} (under types: {types})"
    )


def _load_types(registry: Any, found: _Found, using: str) -> None:
    query = registry.objects.using(using).filter(is_type=True, branch_id__in=visible_branch_ids(using))
    for pk, type_id, name in query.values_list("pk", "type_id", "name"):
        found.types[pk], found.names[pk] = Label(registry, pk, type_id, True), name


def _is_mismatched(kind: type, members: list[ResolvedMember]) -> bool:
    """Tell whether values of a Python type can't be compared with any of the fields."""
    if issubclass(kind, bool):
        return False
    for member in members:
        column = member.registry._meta.get_field(member.field)
        is_text = isinstance(column, models.CharField | models.TextField)
        if issubclass(kind, Number) != is_text:
            return False
    return True


def scope_of(member: ResolvedMember, using: str) -> dict[str, Any]:
    """Return the organism and the source that a dtype's filters name, as records."""
    scope: dict[str, Any] = {}
    for key, value in member.member.filters:
        relation, _, rest = key.partition("__")
        if relation not in ("organism", "source") or not member.registry._meta.get_field(relation).is_relation:
            continue
        related = member.registry._meta.get_field(relation).related_model
        scope[relation] = related.objects.using(using).get(**{rest or "name": value})
    return scope


def _ask_public_sources(vectors: list[Vector], using: str) -> None:
    """Let registries of modules find the rest, and save what they find in their public sources."""
    from lamindb.plugins.manager import reference_sources

    groups: dict[_Group, tuple[ResolvedMember, dict[str, None]]] = {}
    columns: dict[_Group, list[str]] = {}
    for vector in vectors:
        for member in vector.members:
            group = _Group(member.registry, member.field, member.member.filters)
            has_source = bool(reference_sources(member.registry)) and hasattr(member.registry, "from_values")
            if not has_source and not _is_left_to_registry(group):
                continue
            texts = {value: None for value in vector.non_validated if isinstance(value, str)}
            if texts:
                groups.setdefault(group, (member, {}))[1].update(texts)
                columns.setdefault(group, []).append(vector.key)
    for group, (member, values) in groups.items():
        if using != DEFAULT_DB_ALIAS and not _is_left_to_registry(group):
            continue
        labels = _labels_from_registry(group, member, list(values), columns[group], using)
        for vector in vectors:
            if any(_Group(one.registry, one.field, one.member.filters) == group for one in vector.members):
                for value in vector.non_validated:
                    if value in labels:
                        vector.labels[value] = labels[value]


def _labels_from_registry(
    group: _Group, member: ResolvedMember, values: list[str], columns: list[str], using: str
) -> dict[Hashable, list[Label]]:
    registry, scope = group.registry, scope_of(member, using)
    ask = {"field": group.field, "standardize": False, "mute": True, **scope}
    owner = registry if using == DEFAULT_DB_ALIAS else registry.objects.using(using)
    try:
        records = owner.from_values(values, **ask)
    except OSError as error:
        logger.warning(
            "the public source of %s can't be read, hence only its records are looked at: %s",
            qualified_name(registry),
            error,
        )
        records = owner.from_values(values, **ask, from_source=False)
    if group.filters:  # records that don't meet the filters were left out before
        records = [record for record in records if record._state.adding and _meets(record, group.filters)]
    new = [record for record in records if record._state.adding]
    if new and using == DEFAULT_DB_ALIAS:
        from lamindb.query.record_list import SQLRecordList

        SQLRecordList(new).save()
        shown = ", ".join(f"'{getattr(record, group.field)}'" for record in new[:10])
        logger.success(
            "added %d record%s from_public with %s.%s for %s: %s", len(new), "s" if len(new) > 1 else "", qualified_name(registry), group.field,
            ", ".join(f'"{column}"' for column in dict.fromkeys(columns)), shown + (", ..." if len(new) > 10 else ""),
        )  # fmt: skip
    labels: dict[Hashable, list[Label]] = {}
    for record in records:
        if record.pk is not None:
            labels.setdefault(getattr(record, group.field), []).append(Label(registry, record.pk))
    return labels


def _meets(record: Any, filters: tuple[tuple[str, str], ...]) -> bool:
    """Tell whether a new record meets those filters that are about its own fields; the others told where to look for it."""
    own = {field.name for field in record._meta.concrete_fields if not field.is_relation}
    return all(str(getattr(record, key)) == str(value) for key, value in filters if key in own)


def _synonyms(vector: Vector, using: str) -> dict[str, str]:
    """Return what values stand for, by synonyms and other spellings of the registries."""
    from lamindb.plugins.manager import reference_sources

    mapper: dict[str, str] = {}
    for member in vector.members:
        columns = {one.name for one in member.registry._meta.concrete_fields}
        knows_synonyms = "synonyms" in columns or reference_sources(member.registry)
        if not knows_synonyms or not hasattr(member.registry, "standardize"):
            continue
        rest = [value for value in vector.non_validated if isinstance(value, str) and value not in mapper]
        if not rest:
            continue
        owner = member.registry if using == DEFAULT_DB_ALIAS else member.registry.objects.using(using)
        scope = scope_of(member, using)
        found = owner.standardize(rest, field=member.field, return_mapper=True, mute=True, **scope)
        mapper.update({value: term for value, term in found.items() if isinstance(term, str) and term != value})
    return {value: mapper[value] for value in vector.non_validated if value in mapper} if mapper else {}
