"""What dtypes mean in an instance: from Python objects to dtypes and back, and the registries, fields and types that they name."""

from __future__ import annotations

import datetime
import difflib
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.db.models.query_utils import DeferredAttribute

from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.dtype_inference import dtype_of_pandas, is_pandas_dtype
from lamindb.base.dtypes import UTC_DTYPE, Dtype, Member, parse_dtype
from lamindb.base.logging import logger
from lamindb.base.registries import all_registries, qualified_name, registry
from lamindb.errors import DtypeError, IntegrityError, InvalidArgument, ValidationError
from lamindb.query.feature_dtypes import value_field
from lamindb.query.hierarchy import visible_branch_ids
from lamindb.query.names import name_field

#: Registries of the core whose records can be values; those of modules qualify by their link to artifacts.
CORE_REGISTRIES: Final = (
    "ULabel", "Record", "Artifact", "Run", "User", "Project", "Reference", "Collection", "Transform", "Schema",
)  # fmt: skip
#: Registries whose types restrict a dtype.
TYPED_REGISTRIES: Final = ("ULabel", "Record")
_CLASSES: Final = {
    int: "int",
    float: "float",
    str: "str",
    bool: "bool",
    dict: "dict",
    object: "object",
    datetime.date: "date",
    datetime.datetime: "datetime",
}
_OBJECTS: Final = {name: cls for cls, name in _CLASSES.items() if cls is not object} | {
    "num": float,
    "url": str,
    UTC_DTYPE: datetime.datetime,
}


@dataclass(frozen=True)
class ResolvedMember:
    """A member of a categorical dtype with what its names stand for.

    Attributes:
        member: the member as it is written.
        registry: the registry's class.
        field: name of the field whose values name the records.
        type: the record (a type) that the values belong to, if the dtype names one.
    """

    member: Member
    registry: Any
    field: str
    type: Any = None

    @property
    def field_attr(self) -> Any:
        """The field as it is accessed on the class, such as `bt.Gene.symbol`."""
        return getattr(self.registry, self.field)

    def conditions(self, using: str | None = None) -> Q:
        """Return the filters of the member as a condition on records of its registry.

        A path through a relation is looked up first, so that a missing record is an error and not an empty result.

        Raises:
            ObjectDoesNotExist: if no related record matches.
        """
        related: dict[str, dict[str, str]] = {}
        condition = Q()
        for key, value in self.member.filters:
            relation, _, rest = key.partition("__")
            if rest and self.registry._meta.get_field(relation).is_relation:
                related.setdefault(relation, {})[rest] = value
            elif self.registry._meta.get_field(relation).is_relation and not rest:
                other = self.registry._meta.get_field(relation).related_model
                related.setdefault(relation, {})[name_field(other)] = value
            else:
                condition &= Q(**{key: value})
        for relation, lookups in related.items():
            model = self.registry._meta.get_field(relation).related_model
            found = model.objects.using(using).get(**lookups)
            condition &= Q(**{relation: found.pk})
        return condition


def dtype_of(value: Any) -> Dtype:
    """Return the dtype that an object stands for.

    Args:
        value: a Python type, `list[...]`, a registry or a field of one, a saved record that is a type, a list of registries (a union),
            a dtype of pandas or numpy, or the text of a dtype.

    Raises:
        DtypeError: for a malformed text.
        ValueError: for any other object.
        InvalidArgument: for a record that is unsaved or no type.

    Example:
        >>> str(dtype_of(list[str])), str(dtype_of([ln.ULabel, ln.Record]))
        ('list[str]', 'cat[ULabel|Record]')
    """
    if isinstance(value, str):
        return parse_dtype(value)
    if isinstance(value, Dtype):
        return value
    if typing.get_origin(value) is list:
        item = dtype_of(typing.get_args(value)[0])
        return replace(item, lists=item.lists + 1)
    if isinstance(value, type) and value in _CLASSES:
        return Dtype(_CLASSES[value])
    if is_pandas_dtype(value):
        return parse_dtype(dtype_of_pandas(value))
    members = typing.get_args(value) if isinstance(value, types.UnionType) else value
    if not isinstance(members, list | tuple) or not members:
        members = [value]
    return Dtype("cat", tuple(dict.fromkeys(_member_of(member, value) for member in members)))


def registry_text(registry_or_field: Any) -> str:
    """Return the text of a registry or of one of its fields, such as `ULabel` or `bionty.Gene.symbol`.

    Raises:
        TypeError: if it is neither.
    """
    if isinstance(registry_or_field, type) and issubclass(registry_or_field, models.Model):
        return qualified_name(registry_or_field)
    if isinstance(registry_or_field, DeferredAttribute):
        field = registry_or_field.field
        name = qualified_name(field.model)
        return name if field.name == "name" == _name_field(field.model) else f"{name}.{field.name}"
    raise TypeError(
        f"expected a registry or a field of one, such as ln.ULabel or ln.ULabel.name, not {registry_or_field!r}"
    )


def object_of(dtype: Dtype, using: str | None = None) -> Any:
    """Return the Python object that a dtype stands for, `None` where there is none.

    Args:
        dtype: the dtype.
        using: database in which types are looked up.

    Returns:
        A class; a field such as `ULabel.name`; the record of a type; a list of these for unions; `list[...]` of these for lists.
    """
    if dtype.is_list:
        item = object_of(dtype.item, using)
        return list if item is None else types.GenericAlias(list, (item,))
    if not dtype.is_categorical:
        return _OBJECTS.get(dtype.base)
    found = [one.type if one.type is not None else one.field_attr for one in resolve(dtype, using)]
    return found[0] if len(found) == 1 else found or None


def resolve(dtype: Dtype | str, using: str | None = None) -> list[ResolvedMember]:
    """Return the registries, fields and types that a dtype names; nothing for simple dtypes.

    Args:
        dtype: the dtype, or its text.
        using: database in which types are looked up.

    Raises:
        ValidationError: if a registry or field does not exist here.
        ObjectDoesNotExist: if there is no type with the uid.
        IntegrityError: if there is no type with the name.
        InvalidArgument: if the record is no type.
    """
    dtype = parse_dtype(dtype) if isinstance(dtype, str) else dtype
    return [_resolve_member(member, using) for member in dtype.members]


def resolve_without_types(dtype: Dtype) -> list[ResolvedMember]:
    """Return what `resolve` returns, but with types left for `type_of`: no statement."""
    return [replace(_resolve_member(replace(member, types=()), None), member=member) for member in dtype.members]


def type_of(member: ResolvedMember, using: str | None = None) -> Any:
    """Return the record (a type) that a member's records belong to, `None` if the dtype names none.

    Raises:
        As `resolve`.
    """
    if not member.member.types:
        return None
    return member.type if member.type is not None else _find_type(member.registry, member.member.types, using)


def checked(dtype: Dtype) -> Dtype:
    """Return a dtype whose names all exist in the current instance, with types by uid.

    Raises:
        As `resolve`, and ValidationError if a filter is no path of fields.
    """
    members = []
    for resolved in resolve(dtype):
        member = resolved.member
        for key, _ in member.filters:
            _check_path(resolved.registry, key)
        members.append(member if resolved.type is None else replace(member, types=(resolved.type.uid,)))
    return replace(dtype, members=tuple(members))


def with_filters(dtype: Dtype, filters: dict[str, Any]) -> Dtype:
    """Return a dtype of one registry with restrictions on its records.

    Args:
        dtype: a categorical dtype with one registry, without type and not in a list.
        filters: paths of fields and values; a record stands for its uid.

    Raises:
        ValidationError: if the dtype can't be restricted, or a value is empty or has not the attribute that the path ends with.

    Example:
        >>> str(with_filters(dtype_of(bt.Disease), {"source__uid": "4a3ejKuf"}))
        "cat[bionty.Disease[source__uid='4a3ejKuf']]"
    """
    if len(dtype.members) > 1:
        raise ValidationError(f"cat_filters are incompatible with union dtypes: '{dtype}'. Pass one registry")
    if dtype.is_list or any(member.types or member.filters for member in dtype.members):
        raise ValidationError(
            f"cat_filters are incompatible with nested dtypes: '{dtype}'. Pass a registry or one of its fields"
        )
    if not dtype.members:
        raise ValidationError(f"cat_filters restrict the records of a registry, but dtype '{dtype}' names none")
    pairs = tuple(_filter_pair(key, value) for key, value in filters.items())
    return replace(dtype, members=(replace(dtype.members[0], filters=pairs),))


def same_meaning(stored: str | None, passed: str | None) -> bool:
    """Tell whether two texts stand for the same dtype, however their filters and name fields are written.

    A bare `cat` that is passed means any categories, hence whatever registries are stored.
    """
    if stored == passed or stored is None or passed is None:
        return stored == passed
    try:
        one, other = parse_dtype(stored), parse_dtype(passed)
    except DtypeError:
        return False
    if other.is_categorical and not other.members:
        return one.is_categorical and one.lists == other.lists
    return _explicit(one) == _explicit(other)


def with_type_names(dtype: Dtype, using: str | None = None) -> str:
    """Return a dtype in the former form, with types by name and outermost first."""
    members = []
    for resolved in resolve(dtype, using):
        names, group = [], resolved.type
        while group is not None:
            names.insert(0, group.name)
            group = group.type
        members.append(replace(resolved.member, types=tuple(names)))
    return str(replace(dtype, members=tuple(members)))


def member_facts(text: str, check_exists: bool = False) -> list[dict[str, Any]]:
    """Return the members of a dtype as dictionaries; empty for simple dtypes.

    Args:
        text: text of the dtype.
        check_exists: also look up the types that are named.

    Returns:
        Per member `registry` (class), `registry_str`, `field` (as on the class), `field_str`, `filter_str`, and where they apply
        `record_uid` (uid of the type) and `list`.
    """
    dtype, facts = parse_dtype(text), []
    for member in dtype.members:
        resolved = _resolve_member(member if check_exists else replace(member, types=()), None)
        fact: dict[str, Any] = {
            "registry": resolved.registry,
            "registry_str": member.registry,
            "field": resolved.field_attr,
            "field_str": resolved.field,
            "filter_str": member.filter_text,
        }
        if member.types:
            fact["record_uid"] = resolved.type.uid if resolved.type is not None else member.types[-1]
        if dtype.is_list:
            fact["list"] = True
        facts.append(fact)
    return facts


def _member_of(value: Any, dtype: Any) -> Member:
    if isinstance(value, models.Model) and type(value).__name__ in TYPED_REGISTRIES:
        return Member(qualified_name(type(value)), types=(_uid_of_type(value),))
    if isinstance(value, type) and issubclass(value, models.Model):
        return Member(qualified_name(value))
    if isinstance(value, DeferredAttribute):
        field, model = value.field.name, value.field.model
        return Member(qualified_name(model), None if field == "name" == _name_field(model) else field)
    raise ValueError(
        "dtype has to be a registry, a ulabel or record subtype, a registry field, or a list of registries or fields, or a Python type such "
        f"as int or list[str], not {dtype!r}"
    )


def _uid_of_type(record: Any) -> str:
    name = type(record).__name__
    if record._state.adding:
        raise InvalidArgument(
            f"Cannot serialize unsaved objects: save the {name} {record.name!r} first, then use it as dtype"
        )
    if not record.is_type:
        raise InvalidArgument(
            f"Cannot serialize non-type {name} '{record.name}'. Only types (is_type=True) are allowed in dtypes."
        )
    return record.uid


def _resolve_member(member: Member, using: str | None) -> ResolvedMember:
    model = _registry_of(member.registry)
    field = member.field or value_field(model)
    if all(known.name != field for known in model._meta.concrete_fields):
        known_fields = [known.name for known in model._meta.concrete_fields if not known.name.startswith("_")]
        raise ValidationError(
            f"'{member}' is an invalid dtype: registry {member.registry} has no field '{field}'."
            f"{_near(field, known_fields)} Its fields are: {', '.join(sorted(known_fields))}"
        )
    if not member.types:
        return ResolvedMember(member, model, field)
    if member.registry not in TYPED_REGISTRIES:
        raise ValidationError(
            f"'{member}' is an invalid dtype: only {' and '.join(TYPED_REGISTRIES)} are restricted to a type. "
            f"Restrict {member.registry} by filters, written {member.registry}[key='value']"
        )
    return ResolvedMember(member, model, field, _find_type(model, member.types, using))


def _registry_of(name: str) -> Any:
    """Return the class of a registry whose records can be values.

    Raises:
        ValidationError: if there is none of this name, or its records can't be values.
    """
    problem = f"'{name}' is an invalid dtype, has to be registry, e.g. ULabel or bionty.CellType"
    from django.apps import apps

    try:
        model = registry(name)
    except LookupError:
        model = None
    if model is None or qualified_name(model) != name:  # Django ignores case
        module = name.rpartition(".")[0]
        if module and module not in apps.app_configs:
            raise ValidationError(
                f"{problem}: the module {module} is not part of this instance. Add it with: lamin settings modules add {module}"
            )
        legal = [qualified_name(known) for known in all_registries() if _is_annotatable(known)]
        raise ValidationError(f"{problem}.{_near(name, legal)}")
    if not _is_annotatable(model):
        raise ValidationError(
            f"{problem}: records of {name} can't be values of features, because they can't annotate artifacts"
        )
    return model


def _is_annotatable(model: Any) -> bool:
    if model._meta.app_label == "lamindb":
        return model.__name__ in CORE_REGISTRIES
    if getattr(model, "_is_link", False):
        return False
    return any(field.related_model is model for field in registry("Artifact")._meta.get_fields(include_hidden=True))


def _find_type(model: Any, names: tuple[str, ...], using: str | None) -> Any:
    records = model.objects.using(using)
    if len(names) == 1:
        found = records.filter(uid=names[0]).first()
        if found is not None:
            if not found.is_type:
                raise InvalidArgument(
                    f"{model.__name__} '{found.name}' (uid='{found.uid}') is no type: only records with is_type=True restrict a dtype"
                )
            if found.branch_id == TRASH_BRANCH_ID:
                logger.warning("retrieving %s type '%s' (uid='%s') from trash", model.__name__, found.name, found.uid)
            return found
    path, lookups = "", {"is_type": True}
    for name in reversed(names):
        lookups[f"{path}name"] = name
        path += "type__"
    visible = records.filter(**lookups, **{f"{path[:-2]}__isnull": True}, branch_id__in=visible_branch_ids(using))
    matches = list(visible[:2])
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise ValidationError(
            f"Several types of {model.__name__} are called {' > '.join(names)}: name one by its uid, e.g. {model.__name__}[{matches[0].uid}]"
        )
    if len(names) == 1 and len(names[0]) == model._meta.get_field("uid").max_length and names[0].isalnum():
        raise model.DoesNotExist(
            f"There is no {model.__name__} with uid '{names[0]}', and no type without parents that is called so"
        )
    known = _names_of(records.filter(is_type=True, branch_id__in=visible_branch_ids(using)))
    raise IntegrityError(
        f"No {model.__name__} type found matching subtypes {list(names)} for field `.name`.{_near(names[-1], known)} "
        f"Create it: ln.{model.__name__}(name={names[-1]!r}, is_type=True).save()"
    )


def _names_of(records: Any) -> list[str]:
    return list(records.values_list("name", flat=True)[:10_000])


def _check_path(model: Any, path: str) -> None:
    first = path.partition("__")[0]
    try:
        model._meta.get_field(first)
    except FieldDoesNotExist:
        known = [field.name for field in model._meta.get_fields() if not field.name.startswith(("_", "links_"))]
        raise ValidationError(
            f"{qualified_name(model)} has no field '{first}', which the filter {path} names.{_near(first, known)}"
        ) from None


def _filter_pair(key: str, value: Any) -> tuple[str, str]:
    if isinstance(value, models.Model):
        if value._state.adding:
            raise InvalidArgument(f"Save the record in filter {key} first: {value!r}")
        _, _, attribute = key.rpartition("__")
        if "__" not in key:
            return f"{key}__uid", value.uid
        if not hasattr(value, attribute):
            raise ValidationError(f"SQLRecord {type(value).__name__} has no attribute '{attribute}' in filter {key}")
        value = getattr(value, attribute)
    if not value or not str(value).strip():
        raise ValidationError(f"Empty value in filter {key}")
    return key, str(value)


def _explicit(dtype: Dtype) -> Dtype:
    """Return a dtype with every field written out, where its registry is known."""
    members = []
    for member in dtype.members:
        field = member.field
        if field is None:
            try:
                field = value_field(registry(member.registry))
            except LookupError:
                field = "name"
        members.append(replace(member, field=field, filters=tuple(sorted(member.filters))))
    return replace(dtype, members=tuple(members))


def _name_field(model: Any) -> str | None:
    try:
        return name_field(model)
    except ValueError:
        return None


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=3)
    return f" Did you mean {' or '.join(near)}?" if near else ""
