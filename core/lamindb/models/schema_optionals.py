"""Which members of a schema may be absent: `schema.optionals`, and adding or removing optional members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.errors import InvalidArgument
from lamindb.models.schema_members import PendingMembers, members_of, noted, write_note

if TYPE_CHECKING:
    from lamindb.models import Feature, Schema

#: Key in the notes of a schema: uids of the optional features.
_OPTIONALS = "1"


class SchemaOptionals:
    """The optional members of a schema. Changes are in memory until `schema.save()`.

    Args:
        schema: the schema.

    Example:
        >>> schema.optionals.add(feature)
        >>> schema.save()
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def __repr__(self) -> str:
        return f"SchemaOptionals({self.get_uids()})"

    def get_uids(self) -> list[str]:
        """Return the uids of the optional members; no statement."""
        return list(noted(self._schema).get(_OPTIONALS) or ())

    def get(self) -> Any:
        """Return the optional members in the order of the schema: a query set, or a list before the schema is saved."""
        uids, members = self.get_uids(), members_of(self._schema)
        if isinstance(members, models.QuerySet):
            return members.filter(uid__in=uids)
        return type(members)([member for member in members if member.uid in set(uids)])

    def set(self, features: Iterable[Feature]) -> None:
        """Let exactly these members be optional; an empty list makes all of them required.

        Raises:
            TypeError: if they are no features.
        """
        self._write([feature.uid for feature in features_in(features)])

    def add(self, features: Feature | Iterable[Feature]) -> None:
        """Let further members be optional; those that are so already stay it.

        Raises:
            TypeError: if they are no features.
        """
        self._write([*self.get_uids(), *(feature.uid for feature in features_in(features))])

    def remove(self, features: Feature | Iterable[Feature]) -> None:
        """Let members be required; those that are so already stay it.

        Raises:
            TypeError: if they are no features.
        """
        gone = {feature.uid for feature in features_in(features)}
        self._write([uid for uid in self.get_uids() if uid not in gone])

    def _write(self, uids: list[str]) -> None:
        write_note(self._schema, _OPTIONALS, list(dict.fromkeys(uids)) or None)


def features_in(features: Any) -> list[Any]:
    """Return one feature or several as a list.

    Raises:
        TypeError: for anything else.
    """
    if isinstance(features, models.Model):
        features = [features]
    found = None if isinstance(features, str | bytes) or not isinstance(features, Iterable) else list(features)
    if found is None or any(type(feature).__name__ != "Feature" for feature in found):
        raise TypeError(f"features must be a list of Feature records! It is {features!r}")
    return found


def add_optional(schema: Schema, features: Any) -> Schema:
    """Make features optional members of a schema and save it; see `Schema.add`."""
    added = features_in(features)
    unsaved = [feature.name for feature in added if feature._state.adding]
    if unsaved:
        raise ValueError(f"Save the features first: {', '.join(map(repr, unsaved))}")
    if schema.itype is not None and not schema.itype.startswith("Feature"):
        raise InvalidArgument(f"The members of this schema are records of {schema.itype}, not features")
    present = list(members_of(schema))
    uids = {member.uid for member in present}  # comparing features makes predicates, hence uids
    optional = set(SchemaOptionals(schema).get_uids())
    required = [feature.name for feature in added if feature.uid in uids - optional]
    if required:
        raise InvalidArgument(
            f"{', '.join(map(repr, required))} are required members: to relax them, call schema.optionals.add(…) and schema.save()"
        )
    new = {feature.uid: feature for feature in added if feature.uid not in uids}
    SchemaOptionals(schema).add(added)
    return _with_members(schema, [*present, *new.values()])


def remove_members(schema: Schema, features: Any, *, only_optional: bool = False) -> Schema:
    """Take features out of a schema and save it; see `Schema.remove`."""
    removed = features_in(features)
    present = list(members_of(schema))
    gone = {feature.uid for feature in removed}
    foreign = [feature.name for feature in removed if feature.uid not in {member.uid for member in present}]
    if foreign:
        raise InvalidArgument(f"{', '.join(map(repr, foreign))} are no members of this schema")
    if only_optional:
        optional = set(SchemaOptionals(schema).get_uids())
        required = [feature.name for feature in removed if feature.uid not in optional]
        # a former release checked this with `assert`, and people catch that
        if required:
            raise AssertionError(f"{', '.join(map(repr, required))} are required, only optional features are removed")
    elif schema.maximal_set:
        raise InvalidArgument(
            "Features can't be removed from a schema with maximal_set=True: datasets that have them would become invalid. "
            "Make a new schema"
        )
    SchemaOptionals(schema).remove(removed)
    if noted(schema).get("3") in gone:
        write_note(schema, "3", None)
    return _with_members(schema, [member for member in present if member.uid not in gone])


def _with_members(schema: Schema, members: list[Any]) -> Schema:
    schema._pending = PendingMembers(members, schema.slots)
    if schema._state.adding:
        schema.n_members = len(members)
        return schema
    schema.__dict__["_is_compatible_change"] = True
    try:
        return schema.save()
    finally:
        schema.__dict__.pop("_is_compatible_change", None)
