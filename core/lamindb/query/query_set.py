"""Query sets of registries: `BasicQuerySet` (managers, relations) and `QuerySet` (`Registry.filter`), which knows branches and features."""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from lamindb.query.branch_scope import (
    BranchScope,
    add_scope,
    addresses_branch,
    is_scoped,
    keywords_of,
    remove_scope,
)
from lamindb.query.record_list import SQLRecordList
from lamindb.query.repeated_rows import first_two
from lamindb.query.write_guard import refuse_other_database

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = [
    "BasicQuerySet",
    "QuerySet",
    "SQLRecordList",
    "filter_registry",
    "get_record",
    "query_set_class",
    "scoped_to_default_branches",
]


class BasicQuerySet(models.QuerySet):
    """Django's query set with data frames, lists, search and lookup; it applies no branch scope."""

    #: Marks of a search result: it is cut to a number of records, but can still be filtered.
    _search_marks: tuple[int, int | None] | None = None
    #: First names of the keywords that the query was filtered by.
    _mentioned: frozenset[str] = frozenset()
    _branch_scope: BranchScope = BranchScope.OPEN

    def _clone(self) -> Any:
        clone = super()._clone()
        clone._search_marks = self._search_marks
        clone._mentioned = self._mentioned
        clone._branch_scope = self._branch_scope
        return clone

    def __reduce__(self) -> Any:
        # classes with a registry's mixin are made on the fly, so they are found again by their parts
        return _blank, (_plain_class(type(self)), self.model), self.__getstate__()

    def _filter_or_exclude(self, negate: bool, args: Any, kwargs: Any) -> Any:
        if any(isinstance(arg, models.Q) for arg in args):
            from lamindb.query.feature_filters import resolve_predicates

            args = tuple(resolve_predicates(self.model, arg, self.db) for arg in args)
        if not self._is_cut_search() or not (args or kwargs):
            return super()._filter_or_exclude(negate, args, kwargs)
        uncut = self._chain()
        uncut.query.clear_limits()
        filtered = super(BasicQuerySet, uncut)._filter_or_exclude(negate, args, kwargs)
        filtered.query.set_limits(*self._search_marks)  # type: ignore[misc]
        return filtered

    def order_by(self, *keys: Any) -> Any:
        """Sort by fields; Artifact, Run and Record also by features.

        Args:
            *keys: names of fields (with `-` for descending), expressions, features, and `-feature` for its greatest values first. Records
                without a value of a feature are left out.

        Raises:
            FieldError: if the values of a feature can't be sorted.

        Example:
            >>> ln.Artifact.filter(kind="dataset").order_by(-temperature)
        """
        if all(isinstance(key, str) for key in keys):
            return super().order_by(*keys)
        from lamindb.query.feature_ordering import has_features, order_by_features

        if not has_features(keys):
            return super().order_by(*keys)
        queryset, ordering = order_by_features(self, keys)
        return queryset.order_by(*ordering)

    def _is_cut_search(self) -> bool:
        marks = (self.query.low_mark, self.query.high_mark)
        return self._search_marks is not None and self._search_marks == marks and self.query.is_sliced

    def to_dataframe(
        self,
        *,
        include: str | list[str] | None = None,
        features: str | list[str] | None = None,
        limit: int | None = 100,
        order_by: str | None = "-id",
        record_metadata: bool = True,
    ) -> pd.DataFrame:
        """Return records as a data frame, one row per record, indexed by `id`.

        Args:
            include: paths to related fields such as `"created_by__handle"` or `"parents__name"` (a set per row where several records
                are related), own fields, `"features"`, or `"privates"`.
            features: names of features (or feature records) to show as columns, or `"queryset"` for those that the records use
                (Artifact, Run, Record).
            limit: greatest number of records; `None` for all.
            order_by: field to sort by, with `-` descending; query sets that are ordered or sliced keep their order.
            record_metadata: with `False`, only what `include` and `features` ask for is shown, and rows are numbered.

        Raises:
            FieldError: if a path or the order is unknown.
            ValueError: if features are asked of a registry that has none, a path ends at a relation, or several features have a name.

        Example:
            >>> ln.ULabel.filter(name__startswith="batch").to_dataframe(include="created_by__handle")
        """
        from lamindb.query.dataframe import to_dataframe

        return to_dataframe(
            self, include=include, features=features, limit=limit, order_by=order_by, record_metadata=record_metadata
        )

    def df(self, *args: Any, **kwargs: Any) -> pd.DataFrame:
        """Former name of `to_dataframe`."""
        warnings.warn(
            "Use to_dataframe instead of df, df will be removed in the future.", DeprecationWarning, stacklevel=2
        )
        return self.to_dataframe(*args, **kwargs)

    def to_list(self, field: Any = None) -> list[Any]:
        """Return the records, or the values of one field, as a list.

        Example:
            >>> ln.ULabel.filter().order_by("name").to_list("name")
        """
        if field is None:
            return list(self)
        return list(self.values_list(getattr(getattr(field, "field", None), "name", field), flat=True))

    def first(self) -> Any:
        """Return the first record in the order of the query (by id if it has none), or `None`."""
        ordered = self if self.ordered or self.query.is_sliced or self.query.combinator else self.order_by("pk")
        return next(iter(ordered[:1]), None)

    def one(self) -> Any:
        """Return the only record.

        Raises:
            ObjectDoesNotExist: if there is none.
            MultipleObjectsReturned: if there are several.
        """
        record = self.one_or_none()
        if record is None:
            raise self.model.DoesNotExist(
                f"{self.model.__name__}: no record matches this query. To get None instead, call one_or_none()"
            )
        return record

    def one_or_none(self) -> Any:
        """Return the only record, or `None` if there is none.

        Raises:
            MultipleObjectsReturned: if there are several.
        """
        found = first_two(self)
        if len(found) > 1:
            raise self.model.MultipleObjectsReturned(
                f"{self.model.__name__}: several records match this query, one was expected. To get the first, call first()"
            )
        return found[0] if found else None

    def search(self, string: str, *, field: Any = None, limit: int | None = 20, case_sensitive: bool = False) -> Any:
        """Search text fields, best match first.

        Args:
            string: piece of text to look for; nothing in it has a special meaning.
            field: field or list of fields to search (default: all text fields).
            limit: greatest number of records; `None` for all.
            case_sensitive: tell `a` from `A`.

        Returns:
            A query set ordered by relevance. Filters that follow apply before the cut at `limit`.

        Raises:
            ValueError: if `string` is `None`.
            TypeError: if a field is neither a name nor a field reference.

        Example:
            >>> ln.ULabel.search("batch").to_list("name")
        """
        from lamindb.query.search import search

        return search(self, string, field=field, limit=limit, case_sensitive=case_sensitive)

    def lookup(self, field: Any = None, return_field: Any = None, keep: Any = "first") -> Any:
        """Return a named tuple of all records for completion on tab.

        Args:
            field: field whose values become the names (default: the name field).
            return_field: return this field's value instead of the record.
            keep: which record to return for a name that several have: `"first"`, `"last"`, or `False` for all.

        Example:
            >>> labels = ln.ULabel.lookup()
            >>> labels.batch_1
        """
        from lamindb.query.lookup import lookup

        return lookup(self, field=field, return_field=return_field, keep=keep)

    def describe(self, return_str: bool = False) -> str | None:
        """Print the fields and relations of the registry."""
        from lamindb.display.registry import describe_registry

        return describe_registry(self, return_str=return_str)

    def inspect(self, values: Any, field: Any = None, **kwargs: Any) -> Any:
        """Tell which values exist among these records; see `CanCurate.inspect`."""
        from lamindb.annotation import registry_values

        return registry_values.inspect(self, values, field, **kwargs)

    def validate(self, values: Any, field: Any = None, **kwargs: Any) -> Any:
        """Return for each value whether one of these records has it; see `CanCurate.validate`."""
        from lamindb.annotation import registry_values

        return registry_values.validate(self, values, field, **kwargs)

    def from_values(self, values: Any, field: Any = None, **kwargs: Any) -> Any:
        """Return those of these records that values name; see `CanCurate.from_values`."""
        from lamindb.annotation import registry_values

        return registry_values.from_values(self, values, field, **kwargs)

    def standardize(self, values: Any, field: Any = None, **kwargs: Any) -> Any:
        """Replace synonyms by the names of these records; see `CanCurate.standardize`."""
        from lamindb.annotation import registry_values

        return registry_values.standardize(self, values, field, **kwargs)

    def create(self, **kwargs: Any) -> Any:
        refuse_other_database(self._db, self.model, "create")
        return super().create(**kwargs)

    def update_or_create(self, *args: Any, **kwargs: Any) -> Any:
        refuse_other_database(self._db, self.model, "update")
        return super().update_or_create(*args, **kwargs)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        refuse_other_database(self._db, self.model, "create")
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        refuse_other_database(self._db, self.model, "update")
        objs, names = tuple(objs), list(fields)
        if names and "updated_at" not in names and _has_field(self.model, "updated_at"):
            now = timezone.now()
            for record in objs:
                record.updated_at = now
            names.append("updated_at")
        return super().bulk_update(objs, names, batch_size=batch_size)

    def update(self, **kwargs: Any) -> int:
        """Change fields of all records in one statement; `updated_at` advances.

        Raises:
            NoWriteAccess: if the query set belongs to another database.
        """
        refuse_other_database(self._db, self.model, "update")
        if kwargs and "updated_at" not in kwargs and _has_field(self.model, "updated_at"):
            kwargs["updated_at"] = timezone.now()
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self, *args: Any, permanent: bool | None = None, **kwargs: Any) -> Any:
        """Move the records to the trash, or delete their rows.

        Args:
            permanent: `True` deletes rows; otherwise registries with a trash only move records there.

        Raises:
            ValueError: for `permanent=False` on a registry without trash.
            NoWriteAccess: if the query set belongs to another database.
        """
        refuse_other_database(self._db, self.model, "delete")
        if args:
            permanent = args[0]
        if not hasattr(self.model, "_delete_queryset"):
            return self._delete_rows()
        return self.model._delete_queryset(self, permanent, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _delete_rows(self) -> Any:
        """Django's own delete, without any of our rules."""
        return super().delete()

    def _raw_delete(self, using: str) -> Any:
        refuse_other_database(using, self.model, "delete")
        return super()._raw_delete(using)

    _raw_delete.alters_data = True  # type: ignore[attr-defined]


class QuerySet(BasicQuerySet):
    """Query set of `Registry.filter` and `Registry.connect`: branch scope, features, and errors that help."""

    def filter(self, *queries: Any, **expressions: Any) -> Any:
        """Keep the records that meet all conditions.

        Args:
            *queries: `Q` objects; for Artifact, Run and Record also feature predicates such as `feature == "x"`.
            **expressions: fields with optional comparators, such as `name__startswith="batch"`; for Artifact, Run and Record also features.

        Raises:
            FieldError: if a field is unknown; the message lists the fields and near matches.
            InvalidArgument: if a keyword is neither a field nor a feature (Artifact, Run, Record).

        Example:
            >>> ln.ULabel.filter(name__startswith="batch").filter(created_by__handle="me")
        """
        expressions = dict(expressions)
        addressed = addresses_branch(queries, expressions)
        for key in ("branch", "branch_id"):
            if key in expressions and expressions[key] is None and is_scoped(self.model):
                del expressions[key]  # means: whichever branch
        conditions, keywords = self._conditions(queries, expressions)
        result = self._scoped(addressed)
        if conditions or keywords:
            result = super(QuerySet, result).filter(*conditions, **keywords)
        names = {key.split("__", 1)[0] for key in keywords}
        names.update(
            key.split("__", 1)[0] for query in queries if isinstance(query, models.Q) for key in keywords_of(query)
        )
        result._mentioned = self._mentioned | names
        return result

    def exclude(self, *queries: Any, **expressions: Any) -> Any:
        """Leave out the records that meet all conditions."""
        conditions, keywords = self._conditions(queries, expressions)
        return super().exclude(*conditions, **keywords)

    def _conditions(self, queries: tuple[Any, ...], expressions: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Translate what `filter` and `exclude` are given to conditions and keywords that Django understands."""
        from lamindb.query.expressions import rewrite, rewrite_q
        from lamindb.query.feature_filters import resolve, resolve_in_q

        using, annotations = self.db, tuple(self.query.annotations)
        conditions: list[Any]
        conditions, expressions = resolve(self.model, expressions, using, annotations)
        for query in queries:
            if isinstance(query, bool):
                raise TypeError(
                    f"A condition has to be a Q object or a comparison of a saved feature, not {query!r}: "
                    "to compare a field, pass it as a keyword, such as name='x'"
                )
            if isinstance(query, models.Q):
                query = rewrite_q(self.model, resolve_in_q(self.model, query, using, annotations), using, annotations)
            conditions.append(query)
        return conditions, rewrite(self.model, expressions, using, annotations)

    def get(self, idlike: int | str | None = None, *queries: Any, **expressions: Any) -> Any:
        """Get the one record with this id, uid (or uid prefix), or field values.

        Raises:
            ObjectDoesNotExist: if nothing matches.
            MultipleObjectsReturned: if several records match.
            FieldError: if a field is unknown.

        Example:
            >>> ln.ULabel.filter(type=samples).get(name="sample 1")
        """
        return get_record(self, idlike, *queries, **expressions)

    def search(self, string: str, *, field: Any = None, limit: int | None = 20, case_sensitive: bool = False) -> Any:
        return super(QuerySet, self._scoped_if_open()).search(
            string, field=field, limit=limit, case_sensitive=case_sensitive
        )

    search.__doc__ = BasicQuerySet.search.__doc__

    def to_dataframe(self, **kwargs: Any) -> pd.DataFrame:
        return super(QuerySet, self._scoped_if_open()).to_dataframe(**kwargs)

    to_dataframe.__doc__ = BasicQuerySet.to_dataframe.__doc__

    def lookup(self, field: Any = None, return_field: Any = None, keep: Any = "first") -> Any:
        return super(QuerySet, self._scoped_if_open()).lookup(field=field, return_field=return_field, keep=keep)

    lookup.__doc__ = BasicQuerySet.lookup.__doc__

    def union(self, *other_qs: Any, all: bool = False) -> Any:
        return _addressed(super().union(*other_qs, all=all))

    def intersection(self, *other_qs: Any) -> Any:
        return _addressed(super().intersection(*other_qs))

    def difference(self, *other_qs: Any) -> Any:
        return _addressed(super().difference(*other_qs))

    def _combined_scope(self, combined: Any, other: Any) -> Any:
        if combined is not self and combined is not other:
            combined = _addressed(combined)
        return combined

    def __and__(self, other: Any) -> Any:
        return self._combined_scope(super().__and__(other), other)

    def __or__(self, other: Any) -> Any:
        return self._combined_scope(super().__or__(other), other)

    def _scoped(self, addressed: bool) -> Any:
        """Return a copy with the branch scope that follows from a filter that addresses the branch, or does not."""
        clone = self._chain()
        if not is_scoped(self.model):
            return clone
        if addressed and self._branch_scope is not BranchScope.ADDRESSED:
            if self._branch_scope is BranchScope.DEFAULT:
                remove_scope(clone.query)
            clone._branch_scope = BranchScope.ADDRESSED
        elif not addressed and self._branch_scope is BranchScope.OPEN:
            if self.query.is_sliced:
                raise TypeError("Cannot filter a query once a slice has been taken. Filter first, then slice.")
            add_scope(clone.query, self.model)
            clone._branch_scope = BranchScope.DEFAULT
        return clone

    def _scoped_if_open(self) -> Any:
        if self._branch_scope is BranchScope.OPEN and not self.query.is_sliced and not self.query.combinator:
            return self._scoped(addressed=False)
        return self._chain()


def _addressed(combined: Any) -> Any:
    """Mark a combination of query sets as complete: each part has brought its own scope."""
    if isinstance(combined, QuerySet):
        combined._branch_scope = BranchScope.ADDRESSED
    return combined


def filter_registry(registry: Any, *queries: Any, **expressions: Any) -> QuerySet:
    """Return the query set of a registry on the connected instance; see `Registry.filter`."""
    return query_set_class(QuerySet, registry)(model=registry).filter(*queries, **expressions)


def get_record(registry_or_queryset: Any, idlike: int | str | None = None, *queries: Any, **expressions: Any) -> Any:
    """Get one record of a registry or query set; see `Registry.get`."""
    from lamindb.query.get import get_record

    if not isinstance(registry_or_queryset, type):
        return get_record(registry_or_queryset, idlike, queries, expressions)
    queryset = query_set_class(QuerySet, registry_or_queryset)(model=registry_or_queryset)
    return get_record(queryset, idlike, queries, expressions, ready_made=True)


def scoped_to_default_branches(queryset: Any) -> QuerySet:
    """Return a query set of `Registry.filter`'s kind with the same conditions and the default branch scope."""
    made = query_set_class(QuerySet, queryset.model)(
        model=queryset.model, query=queryset.query.chain(), using=queryset._db, hints=queryset._hints
    )
    return made._scoped(addressed=False)


@cache
def query_set_class(base: type[BasicQuerySet], registry: Any) -> type[BasicQuerySet]:
    """Return `base`, with the mixin that the registry declares for its query sets (`_query_set_mixin`)."""
    mixin = getattr(registry, "_query_set_mixin", None)
    if mixin is None:
        return base
    return type(base.__name__, (base, mixin), {"__module__": base.__module__, "__doc__": base.__doc__, "_plain": base})


def _plain_class(kind: type[BasicQuerySet]) -> type[BasicQuerySet]:
    return getattr(kind, "_plain", kind)


def _blank(base: type[BasicQuerySet], registry: Any) -> BasicQuerySet:
    return query_set_class(base, registry)(model=registry)


@cache
def _has_field(registry: Any, name: str) -> bool:
    return any(field.name == name for field in registry._meta.concrete_fields)
