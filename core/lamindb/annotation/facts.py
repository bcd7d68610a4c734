"""Feature values of many records: checked all at once, and written with one statement per table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction

from lamindb.annotation.categories import CategoricalColumn, items_of, resolve_categories
from lamindb.annotation.dtypes import resolve_without_types
from lamindb.annotation.link_rows import insert_links_by_hash, insert_rows
from lamindb.annotation.simple_values import check_column, is_missing, pandas_name
from lamindb.annotation.value_problems import ValueProblems, rows_text, shown
from lamindb.base.dtypes import Dtype, Member, parse_dtype
from lamindb.base.registries import qualified_name, registry
from lamindb.errors import DtypeError, ValidationError
from lamindb.query.feature_links import FeatureLink, feature_links


@dataclass
class Facts:
    """Checked values, ready to be written.

    Attributes:
        simple: (row, feature id, value as it is stored).
        labels: (row, feature id, record id) by registry.
        features: the features by id.
    """

    simple: list[tuple[int, int, Any]] = field(default_factory=list)
    labels: dict[Any, list[tuple[int, int, Any]]] = field(default_factory=dict)
    features: dict[int, Any] = field(default_factory=dict)
    #: (row, name) of records that are named by the value of their row key
    names: list[tuple[int, str]] = field(default_factory=list)
    #: features with a bare `cat` that got its registry from the first values
    settled: list[Any] = field(default_factory=list)


def check_columns(
    host: Any, columns: Sequence[tuple[Any, list[Any]]], using: str, problems: ValueProblems, *, coerce: bool = False
) -> Facts:
    """Check values of features, and resolve names to records.

    Args:
        host: registry of the records that get the values (Artifact, Run or Record).
        columns: features, each with one value per record; `None` where a record has none.
        using: alias of the database.
        problems: takes what does not fit.
        coerce: convert values also where a feature does not ask for it.

    Returns:
        The values that fit.

    Example:
        >>> problems = ValueProblems()
        >>> facts = check_columns(ln.Record, [(temperature, [20.5, 21.0])], "default", problems)
    """
    facts = Facts(features={feature.pk: feature for feature, _ in columns})
    categorical: list[CategoricalColumn] = []
    for feature, values in columns:
        dtype = parse_dtype(feature._dtype_str)
        _check_nulls(feature, values, problems)
        if dtype.is_categorical:
            members = dtype.members or _members_of_bare(feature, dtype, values, facts)
            resolved = resolve_without_types(Dtype("cat", members))
            _check_links(host, feature, [member.registry for member in resolved])
            categorical.append(CategoricalColumn(feature, dtype, resolved, items_of(values)))
            continue
        facts.simple += _check_simple(host, feature, dtype, values, problems, coerce)
    if categorical:
        facts.labels = resolve_categories(categorical, using, problems)
    return facts


def write_facts(host: Any, ids: Sequence[Any], facts: Facts, using: str = DEFAULT_DB_ALIAS) -> None:
    """Write checked values: two statements for simple values that artifacts and runs share, and one per link table.

    Args:
        host: registry of the records that get the values.
        ids: their primary keys; rows of the facts count in this order.
        facts: the values.
        using: alias of the database.
    """
    with transaction.atomic(using=using):
        for feature in facts.settled:
            type(feature).objects.using(using).filter(pk=feature.pk).update(_dtype_str=feature._dtype_str)
        if facts.simple:
            _write_simple(host, ids, facts, using)
        for target, rows in facts.labels.items():
            link = link_to(host, target)
            unique = list(dict.fromkeys(rows))
            insert_rows(
                link.model,
                {
                    f"{link.host}_id": [ids[row] for row, _, _ in unique],
                    f"{link.value}_id": [pk for _, _, pk in unique],
                    f"{link.feature}_id": [feature_id for _, feature_id, _ in unique],
                },
                using,
            )


def annotate(host: Any, values: dict[Any, Iterable[Any]], using: str | None = None) -> None:
    """Annotate one saved record with values that are checked already, such as the categories of a dataset's columns.

    It takes one statement per link table, and two for simple values, whatever the number of features and values.
    What is linked already stays as it is.

    Args:
        host: artifact, run or record.
        values: features, each with saved records of one or several registries (for categorical features) or simple values.
        using: alias of the database (default: that of the host).

    Raises:
        ValidationError: if a registry can't be linked with the host.

    Example:
        >>> annotate(artifact, {tissue: [lung, skin], temperature: [21.5]})
    """
    using = using or host._state.db or DEFAULT_DB_ALIAS
    facts = Facts(features={feature.pk: feature for feature in values})
    for feature, items in values.items():
        for item in items:
            if isinstance(item, models.Model):
                facts.labels.setdefault(type(item), []).append((0, feature.pk, item.pk))
            elif not is_missing(item):
                stored, mismatches = check_column(parse_dtype(feature._dtype_str), [item], coerce=True)
                if mismatches:
                    raise ValidationError(
                        f"Feature '{feature.name}' has dtype {feature._dtype_str}, and can't hold {shown(item)}"
                    )
                facts.simple.append((0, feature.pk, stored[0]))
    write_facts(type(host), [host.pk], facts, using)


@cache
def link_to(host: Any, target: Any) -> FeatureLink:
    """Return the table that links records of `host` with values of a registry.

    Raises:
        DtypeError: if there is none.
    """
    found = [link for link in feature_links(host) if link.labels is target]
    if found:  # tables of values before those of annotations, which may carry a feature, too
        return min(found, key=lambda link: link.value != "value")
    known = sorted({qualified_name(link.labels) for link in feature_links(host) if link.labels is not None})
    raise DtypeError(
        f"No categorical link model for {host.__name__} + {target.__name__}: {host.__name__} records can't have records of "
        f"{qualified_name(target)} as feature values, but those of {', '.join(known)}"
    )


def simple_link(host: Any) -> FeatureLink:
    """Return the table that holds the simple values of records of `host`."""
    return next(link for link in feature_links(host) if link.is_json)


def _check_nulls(feature: Any, values: list[Any], problems: ValueProblems) -> None:
    if feature.nullable is not False:
        return
    rows = [row for row, value in enumerate(values) if is_missing(value)]
    if rows:
        problems.add(
            f"SERIES_CONTAINS_NULLS: non-nullable column '{feature.name}' contains null values{rows_text(rows, len(values))}",
            feature, [None],
        )  # fmt: skip


def _check_simple(
    host: Any, feature: Any, dtype: Dtype, values: list[Any], problems: ValueProblems, coerce: bool
) -> list[tuple[int, int, Any]]:
    rows: Sequence[int] = range(len(values))
    if host.__name__ != "Record" and not dtype.is_list and any(isinstance(value, set | frozenset) for value in values):
        spread = [
            (row, item)
            for row, value in enumerate(values)
            for item in (sorted(value, key=repr) if isinstance(value, set | frozenset) else [value])
        ]  # several values of one feature, as `get_values` returns them
        rows, values = [row for row, _ in spread], [item for _, item in spread]
    stored, mismatches = check_column(dtype, values, coerce=bool(coerce or feature.coerce))
    if mismatches:
        first = mismatches[0]
        reasons = list(dict.fromkeys(mismatch.reason for mismatch in mismatches if mismatch.reason))
        examples = ", ".join(dict.fromkeys(shown(mismatch.value) for mismatch in mismatches[:10]))
        where = rows_text([rows[mismatch.row] for mismatch in mismatches], len(values))
        problems.add(
            f"Column '{feature.name}' failed dtype check for '{feature._dtype_str}': got {pandas_name(first.value)}{where}: {examples}"
            + (f" ({'; '.join(reasons[:3])})" if reasons else ""),
            feature, [first.value],
        )  # fmt: skip
    feature_id = feature.pk
    return [(row, feature_id, value) for row, value in zip(rows, stored, strict=True) if value is not None]


def _members_of_bare(feature: Any, dtype: Dtype, values: list[Any], facts: Facts) -> tuple[Member, ...]:
    """Return the members for a bare `cat`: those of the records that were passed, or ULabel, which the feature then keeps."""
    items = [item for _, item in items_of(values)]
    names = dict.fromkeys(qualified_name(type(item)) for item in items if isinstance(item, models.Model))
    if all(isinstance(item, models.Model) for item in items):
        return tuple(Member(name) for name in names)
    settled = Dtype("cat", (Member("ULabel"),), dtype.lists)
    feature._dtype_str = str(settled)
    facts.settled.append(feature)
    return settled.members


def _check_links(host: Any, feature: Any, registries: list[Any]) -> None:
    """Raise if no registry of the dtype can be linked with the host."""
    for target in registries:
        try:
            link_to(host, target)
        except DtypeError as error:
            if target is registries[-1]:
                raise DtypeError(f"Feature '{feature.name}' has dtype {feature._dtype_str}. {error}") from None
            continue
        return


def _write_simple(host: Any, ids: Sequence[Any], facts: Facts, using: str) -> None:
    link = simple_link(host)
    if link.feature == "feature":  # records keep their values themselves
        written = insert_rows(
            link.model,
            {
                f"{link.host}_id": [ids[row] for row, _, _ in facts.simple],
                "feature_id": [feature_id for _, feature_id, _ in facts.simple],
                "value": [value for _, _, value in facts.simple],
            },
            using,
            returning=(f"{link.host}_id", "feature_id"),
        )
        if len(written) < len(facts.simple):
            done = set(written)
            taken = [facts.features[f].name for row, f, _ in facts.simple if (ids[row], f) not in done]
            raise ValidationError(
                f"These features have a value already: {', '.join(map(repr, dict.fromkeys(taken)))}. "
                f"A {host.__name__.lower()} has one value of a feature: replace it with .features.set_values({{...}}) (all values) or "
                ".features.update_values({...}) (these only)"
            )
        return
    shared = {(feature_id, _hash(value)): value for _, feature_id, value in facts.simple}
    insert_rows(
        registry("JsonValue"),
        {
            "feature_id": [feature_id for feature_id, _ in shared],
            "value": list(shared.values()),
            "hash": [hash for _, hash in shared],
        },
        using,
    )
    rows = dict.fromkeys((ids[row], feature_id, _hash(value)) for row, feature_id, value in facts.simple)
    insert_links_by_hash(link.model, f"{link.host}_id", list(rows), using)


def _hash(value: Any) -> str:
    return registry("JsonValue").hash_of(value)  # type: ignore[no-any-return]
