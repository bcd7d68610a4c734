"""The terms of a registry or query set: which values exist, and which ones synonyms and other spellings stand for.

Each question is one statement, whatever the number of values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from lamindb.query.hierarchy import visible_branch_ids
from lamindb.query.names import field_name

#: Up to here values are passed one by one; above, as one JSON array or SQL array.
_MAX_PARAMETERS = 500
#: From here on reading all values of the field once is quicker than looking each one up.
_SCAN_FROM = 50_000
#: Up to here the database looks for spellings and synonyms; above, all of them are read once.
_MAX_PATTERNS = 5


@dataclass(frozen=True)
class Terms:
    """The records of a registry (those visible by default) or of a query set."""

    registry: Any
    queryset: Any | None  #: `None`: the registry
    using: str
    conditions: dict[str, Any] = field(default_factory=dict)

    @property
    def visible(self) -> Any:
        """Query set of the records that count."""
        query = self.queryset if self.queryset is not None else self.registry.filter()
        return query.filter(**self.conditions) if self.conditions else query

    def matching(self, name: str, values: list[Any], *columns: str) -> Iterable[Any]:
        """Yield the records (with `columns`: tuples) whose field `name` has one of `values`, by id.

        The branch is checked here rather than in SQL, because a condition on it could lead SQLite away from the index
        of the field.
        """
        fitting = _fitting(values, self.registry._meta.get_field(name))
        branches = self._branches_to_check()
        query = self.visible if branches is None else self.registry.objects.using(self.using).filter(**self.conditions)
        query = query.filter(**{f"{name}__in": _in_values(fitting, self.using)})
        query = query.order_by("pk") if not query.query.order_by else query
        if columns:
            rows = query.values_list(*columns, "branch_id") if branches else query.values_list(*columns)
            return (row[: len(columns)] for row in rows if branches is None or row[-1] in branches)
        return (record for record in query if branches is None or record.branch_id in branches)

    def existing(self, name: str, values: list[Any]) -> set[Any]:
        """Return those of `values` that the field `name` of some record has, exactly and case-sensitively."""
        if not values:
            return set()
        if len(values) > _SCAN_FROM:
            return set(self.visible.order_by().values_list(name, flat=True)).intersection(values)
        return {row[0] for row in self.matching(name, values, name)}.intersection(values)

    def is_empty(self) -> bool:
        """Tell whether there is no record at all."""
        return not self.visible.exists()

    def spellings(
        self, name: str, values: list[Any], synonyms_field: str | None, *columns: str
    ) -> Iterable[tuple[Any, ...]]:
        """Yield (value of `name`, synonyms, columns…) of all records that may know `values` by another spelling or as
        a synonym, by id.
        """
        query = self.visible
        if len(values) <= _MAX_PATTERNS and all(value.isascii() for value in values):
            patterns = [Q(**{f"{name}__iexact": value}) for value in values]
            if synonyms_field is not None:
                patterns += [Q(**{f"{synonyms_field}__icontains": value}) for value in values]
            query = query.filter(reduce(or_, patterns))
        query = query.order_by("pk")
        if synonyms_field is None:
            return ((row[0], None, *row[1:]) for row in query.values_list(name, *columns))
        return query.values_list(name, synonyms_field, *columns)

    def _branches_to_check(self) -> frozenset[int] | None:
        has_branch = any(column.attname == "branch_id" for column in self.registry._meta.concrete_fields)
        if self.queryset is not None or not has_branch or not self.registry._default_branch_filter:
            return None
        return frozenset(visible_branch_ids(self.using))


def terms_of(registry_or_queryset: Any, organism: Any = None, source: Any = None, strict_source: bool = False) -> Terms:
    """Return the terms of a registry or query set, restricted to an organism and (with `strict_source`) a source
    where it has such a field.

    Raises:
        ValueError: if `organism` or `source` is a record of another database, or `strict_source` comes without a
            source.
    """
    if isinstance(registry_or_queryset, type):
        registry, queryset, using = registry_or_queryset, None, DEFAULT_DB_ALIAS
    else:
        registry, using = registry_or_queryset.model, registry_or_queryset.db
        queryset = _without_slice(registry_or_queryset, using)
    conditions: dict[str, Any] = {}
    names = {column.name for column in registry._meta.concrete_fields}
    if organism is not None and "organism" in names:
        conditions.update(_condition("organism", organism, using))
    if source is not None and "source" in names:
        condition = _condition("source", source, using)
        if strict_source:
            conditions.update(condition)
    elif strict_source and "source" in names:
        raise ValueError("strict_source=True needs a source: pass source=<record>")
    return Terms(registry, queryset, using, conditions)


def _without_slice(queryset: Any, using: str) -> Any:
    """Return a query set that can be filtered (a slice can't), with the default branch scope if it has none yet."""
    if not queryset.query.is_sliced:
        return queryset.filter()
    return queryset.model.objects.using(using).filter(pk__in=queryset.values("pk"))


def _condition(name: str, value: Any, using: str) -> dict[str, Any]:
    if not isinstance(value, models.Model):
        return {f"{name}__name": value}
    home = value._state.db
    if home is not None and home != using:
        from lamindb.base.registries import qualified_name

        raise ValueError(
            f"record must be a {qualified_name(type(value))} record from instance '{_slug(using)}'! "
            f"The {name} that was passed is from '{_slug(home)}': get it there"
        )
    return {f"{name}_id": value.pk}


def _slug(using: str) -> str:
    if using != DEFAULT_DB_ALIAS:
        return using
    from lamindb.setup import settings

    return settings.instance.slug


def _fitting(values: list[Any], column: models.Field) -> list[Any]:
    """Leave out values that the column can't hold; databases refuse or convert them, each in its own way."""
    if isinstance(column, models.CharField | models.TextField):
        texts = [value for value in values if isinstance(value, str) and "\x00" not in value]
        return texts if _is_encodable("".join(texts)) else [text for text in texts if _is_encodable(text)]
    if isinstance(column, models.IntegerField | models.FloatField):
        whole = isinstance(column, models.IntegerField)
        return [
            value
            for value in values
            if isinstance(value, int | float) and (not whole or (value == int(value) and abs(value) < 2**63))
        ]
    return values


def _is_encodable(text: str) -> bool:
    """Tell whether a text can be stored: halves of surrogate pairs can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _in_values(values: list[Any], using: str) -> Any:
    """Return the right-hand side of `__in`: a list, or for many values a sub-query over a single parameter."""
    if len(values) <= _MAX_PARAMETERS or not isinstance(values[0], str | int | float):
        return values
    if connections[using].vendor == "postgresql":
        return RawSQL("SELECT unnest(%s)", (values,))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(values),))


@dataclass(frozen=True)
class Spellings:
    """What values that are no terms stand for: rows of `Terms.spellings`, by kind of match."""

    by_case: dict[str, list[tuple[Any, ...]]]
    by_synonym: dict[str, list[tuple[Any, ...]]]
    by_synonym_case: dict[str, list[tuple[Any, ...]]]

    def rows(self, value: str, *, case_sensitive: bool = False) -> list[tuple[Any, ...]]:
        """Return the rows that `value` stands for: another spelling of the term wins over a synonym."""
        folded = value.lower()
        if not case_sensitive and folded in self.by_case:
            return self.by_case[folded]
        if value in self.by_synonym:
            return self.by_synonym[value]
        return [] if case_sensitive else self.by_synonym_case.get(folded, [])


def read_spellings(terms: Terms, name: str, values: list[Any], synonyms_field: str | None, *columns: str) -> Spellings:
    """Find out what `values` stand for; one statement, none if there is nothing to ask."""
    found = Spellings({}, {}, {})
    asked = [value for value in values if isinstance(value, str)]
    if not asked:
        return found
    wanted = {value.lower() for value in asked}
    for row in terms.spellings(name, asked, synonyms_field, *columns):
        term, synonyms = row[0], row[1]
        if not term:
            continue
        if term.lower() in wanted:
            found.by_case.setdefault(term.lower(), []).append(row)
        for part in synonyms.split("|") if synonyms else ():
            synonym = part.strip()
            if synonym.lower() in wanted:
                found.by_synonym.setdefault(synonym, []).append(row)
                found.by_synonym_case.setdefault(synonym.lower(), []).append(row)
    return found


def synonyms_field_of(registry: Any, name: str, synonyms_field: str = "synonyms") -> str | None:
    """Return the field of synonyms if it exists and applies: synonyms stand for names, not for other fields."""
    has_field = any(column.name == synonyms_field for column in registry._meta.concrete_fields)
    return synonyms_field if has_field and name == field_name(registry) else None
