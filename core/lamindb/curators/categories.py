"""Fixing categories: what is not validated, standardising synonyms, saving new terms, looking terms up."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.curators.curator import not_validated_yet
from lamindb.curators.scan import is_sequence
from lamindb.curators.vocabulary import Vector, look_up, scope_of
from lamindb.errors import ValidationError

if TYPE_CHECKING:
    from lamindb.curators.component import ComponentCurator

_MAX_LOGGED = 20


class DataFrameCatManager:
    """The categories of one table: `curator.cat`, `curator.slots["obs"].cat`.

    Args:
        component: the table.

    Example:
        >>> curator.cat.non_validated
        {'tissue': ['lungg']}
    """

    def __init__(self, component: ComponentCurator) -> None:
        self._component = component
        self._is_validated = False

    def __repr__(self) -> str:
        slot = f", slot: {self._component.slot}" if self._component.slot else ""
        state = "validated" if self._component._is_validated or self._is_validated else "unvalidated"
        return f"DataFrameCatManager(categorical_features={len(self.categoricals)}{slot}, {state})"

    @property
    def categoricals(self) -> list[Any]:
        """The categorical features that are checked."""
        there = set(self._component.table.column_names)
        plans = {plan.name: plan for plan in self._component.plan.columns if plan.is_categorical}
        return [
            feature
            for feature in self._component.rules.features
            if feature.name in plans and (feature.name in there or plans[feature.name].required)
        ]

    @property
    def non_validated(self) -> dict[str, list[Any]]:
        """Values that are not validated, synonyms included, by column.

        Raises:
            ValidationError: before `validate()`.
        """
        if self._component.scan is None:
            raise not_validated_yet()
        return {
            key: vector.non_validated
            for key, vector in self._vectors().items()
            if vector.non_validated and not self._is_identifiers(key)
        }

    def validate(self) -> bool:
        """Look the categories up, nothing else; tell whether all are validated."""
        component = self._component
        component.look()
        look_up(component.vectors.values(), component._using)
        self._is_validated = not self.non_validated
        return self._is_validated

    def standardize(self, key: str) -> None:
        """Replace synonyms and other spellings in a column by the terms they stand for; the dataset changes.

        Args:
            key: name of the column, `"index"`, or `"columns"`.

        Raises:
            KeyError: for an unknown column.
            RuntimeError: if the dataset is a stored artifact.
        """
        self._component._refuse_to_change()
        for one in self._keys(key):
            self._standardize(one)

    def add_new_from(self, key: str, **create_kwargs: Any) -> None:
        """Save records for the values of a column that are not validated.

        Args:
            key: name of the column, or `"columns"` for features of unknown columns (then pass `dtype=`).
            **create_kwargs: further arguments of the registry, for all records.

        Raises:
            KeyError: for an unknown column.
            ValidationError: if some of the values are synonyms: standardise them first.
        """
        if key == "all" and create_kwargs:
            raise ValueError("Cannot pass additional arguments to 'all' key!")
        for one in self._keys(key):
            if self._is_identifiers(one) and self._component.rules.is_of_features:
                self._add_features(create_kwargs)
            else:
                self._add_records(one, create_kwargs)

    def lookup(self, public: bool = False) -> CatLookup:
        """Return the terms that are valid, for auto-completion.

        Args:
            public: those of the public source instead of those of the registry.

        Example:
            >>> curator.cat.lookup()["tissue"].lung
        """
        return CatLookup(self._component, public=public)

    def __getitem__(self, key: str) -> CatVector:
        """Return one column."""
        return CatVector(self._component, self._keys(key)[0])

    def _is_identifiers(self, key: str) -> bool:
        """Tell whether a key stands for the names of columns, and not for a column that is called so."""
        component = self._component
        if key != component.identifier_key:
            return False
        return not component.rules.is_of_features or key not in component.vectors

    def _vectors(self) -> dict[str, Vector]:
        """Return the looked-up values of all categorical columns."""
        component = self._component
        if component.scan is None:
            component.look()
        if any(not vector.is_looked_up for vector in component.vectors.values()):
            look_up(component.vectors.values(), component._using)
        return component.vectors

    def _keys(self, key: str) -> list[str]:
        known = [*self._vectors(), self._component.identifier_key]
        if key == "all":
            warnings.warn("The key 'all' is deprecated: pass the name of a column", DeprecationWarning, stacklevel=3)
            return list(self.non_validated)
        if key not in known:
            import difflib

            near = difflib.get_close_matches(str(key), known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise KeyError(
                f"{key!r} is no categorical column.{hint} There are: {', '.join(map(repr, dict.fromkeys(known)))}"
            )
        return [key]

    def _standardize(self, key: str) -> None:
        component = self._component
        vector = self._vectors().get(key)
        mapper = dict(vector.synonyms) if vector is not None else {}
        if self._is_identifiers(key) and component.rules.is_of_features:
            from lamindb.base.registries import registry

            names = [name for name in component.unknown_identifiers if isinstance(name, str)]
            mapper = registry("Feature").standardize(names, return_mapper=True, mute=True) if names else {}
        if not mapper:
            return
        _replace_values(component, key, mapper)
        pairs = ", ".join(f'"{value}" → "{term}"' for value, term in list(mapper.items())[:_MAX_LOGGED])
        logger.success('standardized %d synonym%s in "%s": %s', len(mapper), "s" if len(mapper) > 1 else "", key, pairs)
        if self._is_identifiers(key):
            component.forget_rules()
        component.look()
        look_up(component.vectors.values(), component._using)

    def _add_records(self, key: str, create_kwargs: dict[str, Any]) -> None:
        vector = self._vectors()[key]
        if vector.synonyms:
            raise ValidationError(
                f"Please run `.standardize()` before adding new values. '{key}' has synonyms: "
                + ", ".join(f"'{value}'" for value in list(vector.synonyms)[:_MAX_LOGGED])
            )
        values = [value for value in vector.non_validated if value not in vector.ambiguous]
        if not values:
            return
        member = vector.members[0]
        registry, kwargs = member.registry, dict(create_kwargs)
        if member.member.types and "type" not in kwargs:
            kwargs["type"] = _type_of(member, self._component._using)
        names = {field.name for field in registry._meta.concrete_fields}
        scope = scope_of(member, self._component._using or "default")
        kwargs.update({name: record for name, record in scope.items() if name in names and name not in kwargs})
        from lamindb.query.record_list import SQLRecordList

        records = [registry(**{member.field: value}, **kwargs) for value in values]
        SQLRecordList(records).save()
        shown = ", ".join(f"'{value}'" for value in values[:_MAX_LOGGED]) + (
            ", ..." if len(values) > _MAX_LOGGED else ""
        )
        logger.success('added %d record%s with %s for "%s": %s', len(values), "s" if len(values) > 1 else "", registry.__name__, key, shown)  # fmt: skip
        look_up(self._component.vectors.values(), self._component._using)

    def _add_features(self, create_kwargs: dict[str, Any]) -> None:
        from lamindb.base.registries import registry
        from lamindb.query.record_list import SQLRecordList

        component = self._component
        index = component.rules.index.name if component.rules.index is not None else None
        names = [name for name in component.unknown_identifiers if isinstance(name, str) and name != index]
        if not names:
            return
        kwargs = {"dtype": "cat", **create_kwargs}
        SQLRecordList([registry("Feature")(name=name, **kwargs) for name in names]).save()
        shown = ", ".join(f"'{name}'" for name in names[:_MAX_LOGGED])
        logger.success('added %d record%s with Feature for "%s": %s', len(names), "s" if len(names) > 1 else "", component.identifier_key, shown)  # fmt: skip
        component.forget_rules()
        component.look()
        look_up(component.vectors.values(), component._using)


class CatVector:
    """One categorical column: its values, what is validated, how to fix it."""

    def __init__(self, component: ComponentCurator, key: str) -> None:
        self._component, self.key = component, key

    def __repr__(self) -> str:
        vector = self._vector
        fields = ", ".join(f"{one.registry.__name__}.{one.field}" for one in vector.members)
        return f"CatVector(key='{self.key}', field='FieldAttr({fields})', values={len(vector.values)}, non-validated ({len(vector.non_validated)}))"

    @property
    def _vector(self) -> Vector:
        return self._component.cat._vectors()[self.key]

    @property
    def values(self) -> Any:
        """The column; setting it changes the dataset."""
        table = self._component.table
        return table.index() if _is_index(self._component, self.key) else table.series(self.key)

    @values.setter
    def values(self, new: Any) -> None:
        self._component._refuse_to_change()
        _put(self._component, self.key, new)
        self._component.look()

    @property
    def is_validated(self) -> bool:
        """Whether all values are validated."""
        return not self._vector.non_validated

    @property
    def records(self) -> list[Any]:
        """The records that the values stand for."""
        ids: dict[Any, set[int]] = {}
        for labels in self._vector.labels.values():
            for label in labels:
                ids.setdefault(label.registry, set()).add(label.pk)
        using = self._component._using
        return [
            record for registry, keys in ids.items() for record in registry.objects.using(using).filter(pk__in=keys)
        ]

    @property
    def feature(self) -> Any:
        """The feature, `None` for identifiers."""
        return self._vector.feature

    @property
    def label_ref_is_name(self) -> bool:
        """Whether values are names rather than other identifiers."""
        from lamindb.query.names import name_field

        return all(member.field == name_field(member.registry) for member in self._vector.members)

    def validate(self) -> bool:
        """Look the values up; tell whether all are validated."""
        self._component.look()
        look_up(self._component.vectors.values(), self._component._using)
        return self.is_validated

    def standardize(self) -> None:
        """See `DataFrameCatManager.standardize`."""
        self._component.cat.standardize(self.key)

    def add_new(self, **create_kwargs: Any) -> None:
        """See `DataFrameCatManager.add_new_from`."""
        self._component.cat.add_new_from(self.key, **create_kwargs)


class CatLookup:
    """The terms that are valid in each column, as attributes and items."""

    def __init__(self, component: ComponentCurator, *, public: bool = False) -> None:
        self._component, self._public = component, public

    def _members(self) -> dict[str, Any]:
        found = {key: vector.members[0] for key, vector in self._component.cat._vectors().items() if vector.members}
        return found

    def __getitem__(self, key: str) -> Any:
        members = self._members()
        if key == self._component.identifier_key and key not in members:
            from lamindb.base.registries import registry

            return registry("Feature").lookup()
        if key not in members:
            raise AttributeError(
                f"{key!r} is no categorical column, there are: {', '.join(map(repr, [*members, self._component.identifier_key]))}"
            )
        member = members[key]
        if self._public:
            if not hasattr(member.registry, "public"):
                raise AttributeError(f"{member.registry.__name__} has no public source to look terms up in")
            scope = {
                name: value for name, value in scope_of(member, "default").items() if name in ("organism", "source")
            }
            return member.registry.public(**scope).lookup(member.field)
        return member.registry.lookup(field=member.field)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __repr__(self) -> str:
        keys = [*self._members(), self._component.identifier_key]
        lines = [f".{key}" if str(key).isidentifier() else f"['{key}']" for key in dict.fromkeys(keys)]
        public = "" if self._public else "\npublic ontologies: .lookup(public=True)"
        return (
            "Terms of the registries, by column:\n  "
            + "\n  ".join(lines)
            + f"\nexample: curator.cat.lookup()['{keys[0]}']{public}"
        )

    def __dir__(self) -> list[str]:
        return [str(key) for key in self._members() if str(key).isidentifier()]


def _type_of(member: Any, using: str | None) -> Any:
    from lamindb.annotation.dtypes import resolve
    from lamindb.base.dtypes import Dtype

    return resolve(Dtype("cat", (member.member,)), using)[0].type


def _is_index(component: ComponentCurator, key: str) -> bool:
    return key in ("index", "__index__") and key not in component.table.column_names


def _put(component: ComponentCurator, key: str, new: Any) -> None:
    if _is_index(component, key):
        component.table.data.index = new
    else:
        component.replace(key, new)


def _replace_values(component: ComponentCurator, key: str, mapper: dict[str, str]) -> None:
    """Replace values of a column; categoricals stay categoricals, also if two values become one."""
    table = component.table
    if key == component.identifier_key and key not in set(table.column_names):
        if not hasattr(table.data, "rename"):
            raise RuntimeError("Identifiers of this dataset can't be renamed in place: rename them in the object")
        renamed = [mapper.get(name, name) for name in table.column_names]
        table.data.columns = renamed
        component.is_changed = True
        return
    if _is_index(component, key):
        table.data.index = table.data.index.map(lambda value: mapper.get(value, value))
        component.is_changed = True
        return
    component.replace(key, replaced(table.series(key), mapper))


def replaced(series: Any, mapper: dict[Any, Any]) -> Any:
    """Return a column with values replaced; a categorical stays one.

    Args:
        series: a `pandas.Series`; items of lists are replaced, too.
        mapper: new values by old ones.
    """
    import numpy as np
    import pandas as pd

    if isinstance(series.dtype, pd.CategoricalDtype):
        categories = series.cat.categories.tolist()
        new = [mapper.get(category, category) for category in categories]
        unique = list(dict.fromkeys(new))
        places: Any = np.array([*(unique.index(category) for category in new), -1], dtype=np.int64)
        codes = places[series.cat.codes.to_numpy()]
        values = pd.Categorical.from_codes(codes, categories=pd.Index(unique), ordered=bool(series.cat.ordered))
        return pd.Series(values, index=series.index, name=series.name)
    if series.dtype == object and any(is_sequence(cell) for cell in series):
        cells = [
            type(cell)(mapper.get(item, item) for item in cell)
            if isinstance(cell, list | tuple | set)
            else [mapper.get(item, item) for item in cell]
            if is_sequence(cell)
            else cell
            for cell in series
        ]
        array = np.empty(len(cells), dtype=object)
        array[:] = cells
        return pd.Series(array, index=series.index, name=series.name)
    return series.map(lambda value: mapper.get(value, value), na_action="ignore").astype(series.dtype)
