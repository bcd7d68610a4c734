"""Feature names and feature predicates in queries of Artifact, Run and Record.

This module decides what a keyword is; the conditions are built in `feature_conditions`.
"""

from __future__ import annotations

import difflib
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import BooleanField, Q

from lamindb.errors import InvalidArgument
from lamindb.query.expressions import public_names, unknown_names

#: Registries whose records are annotated with feature values.
HOSTS = ("Artifact", "Run", "Record")
#: Keyword that stands for the features themselves, as in `features__name="temperature"`.
FEATURES = "features"


def is_host(registry: Any) -> bool:
    """Tell whether records of `registry` carry feature values."""
    return registry._meta.app_label == "lamindb" and registry.__name__ in HOSTS


class FeaturePredicate(Q):
    """A comparison of a feature with a value, to be passed to `filter` of Artifact, Run or Record.

    Comparing a feature makes one; `&`, `|` and `~` combine them with each other and with `Q`.

    Args:
        feature: the feature; on another database it is found by uid.
        comparator: `""` for equality, or `"__ne"`, `"__gt"`, `"__gte"`, `"__lt"`, `"__lte"`, `"__isnull"`.
        value: what the value of the feature is compared with.

    Example:
        >>> ln.Record.filter((temperature > 20) | ln.Q(name="control"))
    """

    def __init__(self, feature: Any, comparator: str, value: Any) -> None:
        super().__init__()
        self.feature, self.comparator, self.value = feature, comparator, value
        self.children = [FeatureCondition(self)]

    def __bool__(self) -> bool:
        raise TypeError("Feature predicates cannot be used as booleans. Pass them into `.filter(...)`.")

    def __repr__(self) -> str:
        return f"FeaturePredicate({self.feature.name!r}, {self.comparator!r}, {self.value!r})"

    def _as_q(self) -> Q:
        return Q(*self.children)

    def __and__(self, other: Any) -> Q:
        return self._as_q() & _combinable(other)

    def __or__(self, other: Any) -> Q:
        return self._as_q() | _combinable(other)

    # Python asks the subclass first, so these also serve `Q(…) & predicate`
    def __rand__(self, other: Any) -> Q:
        return other & self._as_q()  # type: ignore[no-any-return]

    def __ror__(self, other: Any) -> Q:
        return other | self._as_q()  # type: ignore[no-any-return]

    def __invert__(self) -> Q:
        return ~self._as_q()


class FeatureCondition:
    """Stands for a predicate inside a `Q`, until it is known which registry is queried."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, predicate: FeaturePredicate) -> None:
        self.predicate = predicate

    def resolve(self, registry: Any, using: str) -> Q:
        """Return the condition on records of `registry`.

        Raises:
            FieldError: if the records of `registry` have no features.
            ValueError: if the feature is not saved.
        """
        if not is_host(registry):
            raise FieldError(
                f"Feature predicates are only supported for Artifact, Run, and Record, not {registry.__name__}."
            )
        feature = self.predicate.feature
        if feature.pk is None:
            raise ValueError(
                f"Feature '{feature.name}' is not saved, so nothing can have a value of it: call .save() first"
            )
        from lamindb.query.feature_conditions import condition_of_predicate

        return condition_of_predicate(registry, self.predicate, using)

    def resolve_expression(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Called by Django where a predicate is used outside of `filter` and `exclude`, such as in `annotate`."""
        from django.db import DEFAULT_DB_ALIAS

        return self.resolve(query.model, DEFAULT_DB_ALIAS).resolve_expression(query, *args, **kwargs)


class ComparesValues:
    """Mixin for features: comparing one with a value makes a `FeaturePredicate`; comparing records stays what it is.

    A record of a registry that the feature's dtype names is a value, too: `tissue == ln.ULabel.get(name="lung")`.
    """

    def __eq__(self, other: Any) -> Any:
        return FeaturePredicate(self, "", other) if self._is_value(other) else super().__eq__(other)

    def __ne__(self, other: Any) -> Any:
        return FeaturePredicate(self, "__ne", other) if self._is_value(other) else super().__ne__(other)

    def __gt__(self, other: Any) -> Any:
        return FeaturePredicate(self, "__gt", other) if self._is_value(other) else NotImplemented

    def __ge__(self, other: Any) -> Any:
        return FeaturePredicate(self, "__gte", other) if self._is_value(other) else NotImplemented

    def __lt__(self, other: Any) -> Any:
        return FeaturePredicate(self, "__lt", other) if self._is_value(other) else NotImplemented

    def __le__(self, other: Any) -> Any:
        return FeaturePredicate(self, "__lte", other) if self._is_value(other) else NotImplemented

    def __neg__(self) -> Any:
        """Return the key that sorts by this feature, greatest first: `Artifact.filter().order_by(-temperature)`."""
        from lamindb.query.feature_ordering import Descending

        return Descending(self)

    def __hash__(self) -> int:
        # not Django's hash(pk): sets would compare features with numbers and other records, and dictionaries couldn't be written with
        # features that are not saved, so that nothing could tell that they have to be
        return hash(("Feature", self.uid))  # type: ignore[attr-defined]

    def is_null(self, value: bool = True) -> FeaturePredicate:
        """Return the predicate that a record has no value of this feature (with `False`: that it has one).

        Example:
            >>> ln.Record.filter(temperature.is_null())
        """
        return FeaturePredicate(self, "__isnull", value)

    def _is_value(self, other: Any) -> bool:
        from django.db.models import Model

        if not isinstance(other, Model):
            return True
        if isinstance(other, ComparesValues):
            return False
        from lamindb.query.feature_dtypes import names_registry

        return names_registry(self._dtype_str, type(other))  # type: ignore[attr-defined]


def resolve_predicates(registry: Any, query: Any, using: str) -> Any:
    """Replace the predicates inside a `Q` by conditions on records of `registry`; anything else is returned as it is."""
    if isinstance(query, FeatureCondition):
        return query.resolve(registry, using)
    if not isinstance(query, Q) or not _holds_predicate(query):
        return query
    made = Q()
    made.connector, made.negated = query.connector, query.negated
    made.children = [resolve_predicates(registry, child, using) for child in query.children]
    return made


def resolve(
    registry: Any, expressions: dict[str, Any], using: str, annotations: Any = ()
) -> tuple[list[Q], dict[str, Any]]:
    """Split keywords into conditions on features and keywords on fields; names of fields win.

    Args:
        registry: the registry that is queried.
        expressions: all keyword arguments.
        using: alias of the database that is queried.
        annotations: names of annotations of the query, which are no features.

    Returns:
        Conditions on features, and the keywords that are left.

    Raises:
        InvalidArgument: if a keyword is neither a field nor a feature.
    """
    unknown = unknown_names(registry, expressions, annotations)
    if not unknown or not is_host(registry):
        return [], expressions
    from lamindb.query.feature_conditions import condition_on_features, conditions_by_name

    featured = {key: value for key, value in expressions.items() if key.split("__", 1)[0] in unknown}
    left = {key: value for key, value in expressions.items() if key not in featured}
    about = {key: featured.pop(key) for key in list(featured) if key.split("__", 1)[0] == FEATURES}
    conditions = [condition_on_features(registry, key, value, using) for key, value in about.items()]
    if featured:
        named, missing = conditions_by_name(registry, featured, using)
        if missing:
            raise _invalid_names(registry, missing)
        conditions += named
    return conditions, left


def resolve_in_q(registry: Any, query: Q, using: str, annotations: Any = ()) -> Q:
    """Replace the keywords inside a `Q` that name features by conditions."""
    if not is_host(registry):
        return query
    children: list[Any] = []
    for child in query.children:
        if isinstance(child, Q):
            children.append(resolve_in_q(registry, child, using, annotations))
        elif isinstance(child, tuple):
            conditions, left = resolve(registry, dict([child]), using, annotations)
            children += [*conditions, *left.items()]
        else:
            children.append(child)
    made = Q()
    made.connector, made.negated, made.children = query.connector, query.negated, children
    return made


def _holds_predicate(query: Q) -> bool:
    return any(
        isinstance(child, FeatureCondition) or (isinstance(child, Q) and _holds_predicate(child))
        for child in query.children
    )


def _combinable(other: Any) -> Any:
    return other._as_q() if isinstance(other, FeaturePredicate) else other


def _invalid_names(registry: Any, missing: list[str]) -> InvalidArgument:
    fields = public_names(registry)
    near = {name: difflib.get_close_matches(name, fields, n=1) for name in missing}
    hints = [f"'{found[0]}' instead of '{name}'" for name, found in near.items() if found]
    hint = f"\nDid you mean {', '.join(hints)}?" if hints else ""
    return InvalidArgument(
        f"You can query either by available fields: {', '.join(fields)}\nOr fix invalid feature names: {', '.join(missing)}{hint}"
    )
