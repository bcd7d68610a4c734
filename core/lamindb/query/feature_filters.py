"""Feature names and feature predicates in queries of Artifact, Run and Record.

This module decides what a keyword is; the conditions are built in `feature_conditions`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Q

from lamindb.errors import InvalidArgument
from lamindb.query.expressions import public_names, unknown_names

#: Registries whose records are annotated with feature values.
HOSTS = ("Artifact", "Run", "Record")


def is_host(registry: Any) -> bool:
    """Tell whether records of `registry` carry feature values."""
    return registry._meta.app_label == "lamindb" and registry.__name__ in HOSTS


@dataclass(frozen=True)
class FeaturePredicate:
    """A comparison of a feature with a value, to be passed to `filter` of Artifact, Run or Record.

    Attributes:
        feature: the feature; on another database it is found by uid.
        comparator: `""` for equality, or `"__ne"`, `"__gt"`, `"__gte"`, `"__lt"`, `"__lte"`.
        value: what the value of the feature is compared with.
    """

    feature: Any
    comparator: str
    value: Any

    def __bool__(self) -> bool:
        raise TypeError("Feature predicates cannot be used as booleans. Pass them into `.filter(...)`.")


def is_predicate(query: Any) -> bool:
    """Tell whether a positional argument is a feature predicate, such as `feature == "x"`."""
    return isinstance(query, FeaturePredicate)


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
    from lamindb.query.feature_conditions import conditions_by_name

    featured = {key: value for key, value in expressions.items() if key.split("__", 1)[0] in unknown}
    conditions, missing = conditions_by_name(registry, featured, using)
    if missing:
        raise _invalid_names(registry, missing)
    return conditions, {key: value for key, value in expressions.items() if key not in featured}


def _invalid_names(registry: Any, missing: list[str]) -> InvalidArgument:
    fields = public_names(registry)
    near = {name: difflib.get_close_matches(name, fields, n=1) for name in missing}
    hints = [f"'{found[0]}' instead of '{name}'" for name, found in near.items() if found]
    hint = f"\nDid you mean {', '.join(hints)}?" if hints else ""
    return InvalidArgument(
        f"You can query either by available fields: {', '.join(fields)}\nOr fix invalid feature names: {', '.join(missing)}{hint}"
    )


def resolve_predicates(registry: Any, predicates: list[Any], using: str) -> list[Q]:
    """Translate positional feature predicates to conditions.

    Raises:
        FieldError: if the records of `registry` have no features.
    """
    if not predicates:
        return []
    if not is_host(registry):
        raise FieldError(
            f"Feature predicates are only supported for Artifact, Run, and Record, not {registry.__name__}."
        )
    from lamindb.query.feature_conditions import condition_of_predicate

    return [condition_of_predicate(registry, predicate, using) for predicate in predicates]
