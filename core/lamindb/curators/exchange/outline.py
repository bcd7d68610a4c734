"""What schemas of all languages have in common: columns with a kind of values, which may be missing, and a list of allowed values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lamindb.base.dtypes import parse_dtype
from lamindb.base.registries import registry
from lamindb.errors import InvalidArgument
from lamindb.query.hierarchy import descendants_by_type, visible_branch_ids

#: Up to how many labels are listed as allowed values.
MAX_VALUES = 1000


@dataclass
class Converted:
    """A converted schema.

    Attributes:
        result: the schema in the other language, or an unsaved `ln.Schema` whose features are saved by `save()`.
        not_expressed: what has no counterpart, one sentence each.
    """

    result: Any
    not_expressed: list[str] = field(default_factory=list)


@dataclass
class Column:
    """A column in the common form.

    Attributes:
        name: its name.
        kind: simple dtype, or `"cat"`.
        is_list: whether cells hold lists.
        nullable: whether values may be missing.
        required: whether the column has to be there.
        values: the labels that are allowed; `None` if there are too many, or any will do.
        coerce: whether values are converted.
        default: what stands in for missing values.
        description: free text.
        unit: unit of the values.
    """

    name: str
    kind: str
    is_list: bool = False
    nullable: bool = True
    required: bool = True
    values: list[str] | None = None
    coerce: bool = False
    default: Any = None
    description: str | None = None
    unit: str | None = None


@dataclass
class Outline:
    """A schema in the common form."""

    name: str | None
    columns: list[Column]
    description: str | None = None
    closed: bool = False
    ordered: bool = False
    coerce: bool = False
    index: Column | None = None


def outline_of(schema: Any) -> tuple[Outline, list[str]]:
    """Return a saved schema in the common form, and what that form leaves out."""
    if not isinstance(schema, registry("Schema")):
        raise InvalidArgument(f"schema must be a Schema record, not {schema!r}")
    if not (schema.itype or "Feature").startswith("Feature"):
        raise InvalidArgument(
            f"Only schemas of features have columns, the members of this one are records of {schema.itype}"
        )
    lost = []
    optional, index = set(schema.optionals.get_uids()), schema.index
    columns, index_column = [], None
    for feature in schema.members:
        column, problems = _column_of(feature, bool(schema.minimal_set) and feature.uid not in optional)
        lost += problems
        if index is not None and feature.uid == index.uid:
            index_column = column
        else:
            columns.append(column)
    if schema.flexible:
        lost.append("flexible: further columns that are registered features are not validated elsewhere")
    if schema.slots:
        lost.append(f"slots: {', '.join(schema.slots)} are schemas of their own, convert them one by one")
    if schema.suffix:
        lost.append(f"suffix: datasets are stored as {schema.suffix}")
    outline = Outline(
        schema.name,
        columns,
        schema.description,
        bool(schema.maximal_set),
        bool(schema.ordered_set),
        bool(schema.coerce),
        index_column,
    )
    return outline, lost


def _column_of(feature: Any, required: bool) -> tuple[Column, list[str]]:
    dtype, lost = parse_dtype(feature._dtype_str), []
    values = None
    if dtype.is_categorical:
        values, problem = _labels(feature, dtype)
        if problem:
            lost.append(problem)
    if dtype.lists > 1:
        lost.append(f"{feature.name}: lists within lists are converted as lists")
    column = Column(
        feature.name, dtype.base, dtype.is_list, feature.nullable is not False, required, values, bool(feature.coerce),
        feature.default_value, feature.description, feature.unit,
    )  # fmt: skip
    return column, lost


def _labels(feature: Any, dtype: Any) -> tuple[list[str] | None, str | None]:
    from lamindb.annotation.dtypes import resolve

    found: list[str] = []
    for member in resolve(dtype):
        if member.type is not None:
            query = descendants_by_type(member.type)
        else:
            query = member.registry.objects.filter(member.conditions())
            if any(one.name == "branch" for one in member.registry._meta.concrete_fields):
                query = query.filter(branch_id__in=visible_branch_ids(None))
        found += [str(value) for value in query.order_by("pk").values_list(member.field, flat=True)[: MAX_VALUES + 1]]
    if not found:
        return None, f"{feature.name}: {dtype} has no labels yet, so that any text is allowed"
    if len(found) > MAX_VALUES:
        return None, f"{feature.name}: {dtype} has more than {MAX_VALUES} labels, so that any text is allowed"
    note = f"{feature.name}: the labels of {dtype} are listed as they are now; synonyms and later labels are not known elsewhere"
    return list(dict.fromkeys(found)), note


def schema_of(outline: Outline, lost: list[str]) -> Converted:
    """Return an unsaved schema for the common form; its features, and labels for lists of allowed values, are saved.

    Raises:
        ValidationError: if a feature of this name exists with another dtype.
    """
    from django.db import transaction

    schema_registry = registry("Schema")
    with transaction.atomic():
        members = [
            _feature_of(column).with_config(optional=None if column.required else True) for column in outline.columns
        ]
        index = _feature_of(outline.index) if outline.index is not None else None
    schema = schema_registry(
        features=members, name=outline.name, description=outline.description, maximal_set=outline.closed,
        ordered_set=outline.ordered, coerce=outline.coerce or None, index=index,
    )  # fmt: skip
    return Converted(schema, lost)


def _feature_of(column: Column) -> Any:
    dtype: Any = column.kind
    if column.values is not None:
        dtype = _type_with(column.name, column.values)
    elif column.kind == "cat":
        dtype = registry("ULabel")
    if column.is_list:
        import types

        dtype = types.GenericAlias(list, (dtype,)) if not isinstance(dtype, str) else f"list[{dtype}]"
    optional = {
        "nullable": False if not column.nullable else None,
        "coerce": True if column.coerce else None,
        "default_value": column.default,
        "description": column.description,
        "unit": column.unit,
    }
    kwargs = {name: value for name, value in optional.items() if value is not None}
    return registry("Feature")(name=column.name, dtype=dtype, **kwargs).save()


def _type_with(name: str, values: list[str]) -> Any:
    """Return a type of labels with these labels."""
    from lamindb.query.record_list import SQLRecordList

    label = registry("ULabel")
    found = label.filter(name=name, is_type=True, type=None).first()
    kind = found or label(name=name, is_type=True, type=None, _skip_name_search=True).save()
    known = set(descendants_by_type(kind).values_list("name", flat=True))
    SQLRecordList(
        [label(name=value, type=kind, _skip_name_search=True) for value in dict.fromkeys(values) if value not in known]
    ).save()
    return kind


def unsupported(found: dict[str, Any], known: set[str], where: str) -> list[str]:
    """Return a sentence for each key that has no counterpart here."""
    return [f"{where}: {key}={found[key]!r} has no counterpart" for key in found if key not in known]
