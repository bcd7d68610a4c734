"""Schemas: sets of features (or other members) that datasets and records are checked against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.base.fields import AutoField, BooleanField, CharField, ForeignKey, IntegerField, TextField
from lamindb.base.logging import logger
from lamindb.base.utils import deprecated, strict_classmethod
from lamindb.models.can_curate import CanCurate
from lamindb.models.has_notes import HasNotes
from lamindb.models.has_type import HasType
from lamindb.models.naming import resolve_type
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates

if TYPE_CHECKING:
    import pandas as pd

    from lamindb.models import Feature
    from lamindb.models.schema_members import PendingMembers
    from lamindb.models.schema_optionals import SchemaOptionals


class Schema(SQLRecord, HasType, CanCurate, TracksRun, TracksUpdates, HasNotes):
    """Schemas.

    Args:
        features: saved members of one registry; `(feature, {"optional": True})` or `feature.with_config(optional=True)` marks
            optional ones. May be the one positional argument.
        slots: schemas of the parts of a composite object, such as `{"obs": schema1, "var.T": schema2}`.
        name: name of the schema.
        description: free text.
        itype: registry or field that identifies the members, such as `ln.Feature` or `bt.Gene.ensembl_gene_id`.
        type: schema with `is_type=True` that this one belongs to.
        is_type: whether other schemas may belong to this one.
        index: feature that is the index of a table.
        flexible: whether further registered members are validated, too (default: if there are no members).
        otype: object that the schema describes, such as `"DataFrame"` or `"AnnData"`.
        dtype: dtype of all members (default: `"num"`, none for features).
        minimal_set: whether members have to be there.
        maximal_set: whether there may be no others.
        ordered_set: whether their order matters.
        coerce: whether values are converted to the dtype when data is validated.
        n_members: number of members of an open set.

    Raises:
        InvalidArgument: if nothing says what the schema is about, or slots come without otype.
        TypeError: if members are no records, or of several registries.
        ValueError: if members are not saved.

    Example:
        >>> ln.Schema([feature1, feature2], name="measurement").save()
    """

    class Meta(SQLRecord.Meta, HasType.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False

    _name_field = "name"
    _positional = ("features",)
    _init_params = (
        "features", "slots", "name", "description", "itype", "type", "is_type", "index", "flexible", "otype", "dtype",
        "minimal_set", "maximal_set", "ordered_set", "coerce", "n_members", "suffix",
    )  # fmt: skip
    _hidden_params = ("n", "coerce_dtype", "components", "_pending")
    _query_aliases = {"n": "n_members", "dtype": "_dtype_str"}
    _TRACK_FIELDS = ("_aux",)  # where the index is noted, which names the records of sheets

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=16)
    name: str | None = CharField(max_length=150, null=True, db_index=True)
    description: str | None = TextField(null=True)
    n_members: int | None = IntegerField(null=True)
    coerce: bool | None = BooleanField(null=True)
    flexible: bool | None = BooleanField(null=True)
    type: Schema | None = ForeignKey("self", models.PROTECT, null=True, related_name="schemas")
    itype: str | None = CharField(max_length=120, db_index=True, null=True, editable=False)
    otype: str | None = CharField(max_length=64, db_index=True, null=True)
    _dtype_str: str | None = CharField(max_length=64, null=True)
    hash: str | None = CharField(max_length=22, db_index=True, null=True, editable=False)
    minimal_set: bool = BooleanField(default=True, db_index=True)
    ordered_set: bool = BooleanField(default=False, db_index=True)
    maximal_set: bool = BooleanField(default=False, db_index=True)
    suffix: str | None = CharField(max_length=30, null=True)
    components: Schema = models.ManyToManyField(
        "self",
        through="lamindb.SchemaComponent",
        through_fields=("composite", "component"),
        symmetrical=False,
        related_name="composites",
    )

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        from lamindb.models.schema_members import prepare_schema

        return prepare_schema(cls, resolve_type(cls, kwargs))

    @property
    def _pending(self) -> PendingMembers | None:
        return self.__dict__.get("_pending_members")

    @_pending.setter
    def _pending(self, pending: PendingMembers) -> None:
        self.__dict__["_pending_members"] = pending

    def _on_reuse(self, explicit: dict[str, Any]) -> None:
        """A schema of the same name takes over the members that were passed; they are written when it is saved."""
        pending = explicit.pop("_pending", None)
        if pending is None or explicit.get("hash") in (None, self.hash):
            return
        logger.warning(
            "the schema '%s' has other members or settings; saving it replaces them by those passed now", self.name
        )
        self._pending = pending

    @classmethod
    def _after_bulk_save(cls, records: list[Schema]) -> None:
        from lamindb.models.schema_members import link_pending

        for schema in records:
            link_pending(schema)

    def save(self, *args: Any, index_name_conflict: str | None = None, **kwargs: Any) -> Schema:
        """Save the schema, its members and its slots in one transaction; the hash follows them.

        If the index of a schema of sheets changes, the values of the new one become the names of the records, and the names the values of
        the former one.

        Args:
            *args: passed on.
            index_name_conflict: what counts if a record has a name and another value of the new index: `"keep_name"` or `"keep_feature"`.
                By default people at a terminal are asked, programs get an error.
            **kwargs: passed on.

        Raises:
            ValueError: if the index of a schema of sheets is no `str` feature, or for an unknown `index_name_conflict`.
            ValidationError: if names and values of the new index differ and nothing says what counts, or records have no value of it.
        """
        from lamindb.models.schema_members import save_schema

        return save_schema(self, super().save, *args, index_name_conflict=index_name_conflict, **kwargs)

    @property
    def dtype(self) -> str | None:
        """The dtype of all members, `None` if each has its own."""
        return self._dtype_str

    @dtype.setter
    def dtype(self, value: Any) -> None:
        self._dtype_str = value.__name__ if isinstance(value, type) else value

    @property
    def members(self) -> Any:
        """The members in their order: a query set, or a list before the schema is saved."""
        from lamindb.models.schema_members import members_of

        return members_of(self)

    @property
    def slots(self) -> dict[str, Schema]:
        """The schemas of the slots, in the order in which they were passed."""
        from lamindb.models.schema_members import slots_of

        return slots_of(self)

    @property
    def index(self) -> Feature | None:
        """The feature that is the index of a table. Setting it makes the feature the first member; `None` takes it out.

        The index of a schema of sheets changes with `save()`, because it is the name of their records.
        """
        from lamindb.models.schema_members import index_of

        return index_of(self)

    @index.setter
    def index(self, feature: Feature | None) -> None:
        from lamindb.models.schema_members import set_index

        set_index(self, feature)

    @property
    def optionals(self) -> SchemaOptionals:
        """The members that may be absent; changes are written by `save()`.

        Example:
            >>> schema.optionals.add(feature)
            >>> schema.save()
        """
        from lamindb.models.schema_optionals import SchemaOptionals

        return SchemaOptionals(self)

    def add(self, features: Feature | list[Feature], *, optional: bool = True) -> Schema:
        """Add optional features and save the schema; datasets that were validated stay valid.

        Args:
            features: saved features.
            optional: only `True`: a new required feature would make datasets invalid, so it needs another schema.

        Raises:
            InvalidArgument: for `optional=False`, or a feature that is a required member.

        Example:
            >>> schema.add(ln.Feature.get(name="batch"), optional=True)
        """
        from lamindb.errors import InvalidArgument
        from lamindb.models.schema_optionals import add_optional

        if not optional:
            raise InvalidArgument(
                "Only optional features are added to an existing schema: pass optional=True, or make a new schema with the required feature"
            )
        return add_optional(self, features)

    def remove(self, features: Feature | list[Feature]) -> Schema:
        """Take features out and save the schema; not possible with `maximal_set`.

        Raises:
            InvalidArgument: with `maximal_set`, or for a feature that is no member.
        """
        from lamindb.models.schema_optionals import remove_members

        return remove_members(self, features)

    def add_optional_features(self, features: list[Feature]) -> Schema:
        """Former name of `add`."""
        return self.add(features, optional=True)

    def remove_optional_features(self, features: list[Feature]) -> Schema:
        """Take optional features out and save the schema; required ones are refused (use `remove`)."""
        from lamindb.models.schema_optionals import remove_members

        return remove_members(self, features, only_optional=True)

    @strict_classmethod
    def from_values(
        cls, values: Any, field: Any = None, dtype: Any = None, name: str | None = None, mute: bool = False,
        organism: Any = None, source: Any = None, raise_validation_error: bool = True, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Return an unsaved schema of the records that have these values, or the stored schema with the same members.

        Args:
            values: names or other identifiers.
            field: field that they are values of (default: `Feature.name`).
            dtype: dtype of all members (default: `"num"`, none for features).
            name: name of the schema.
            mute: do not log.
            organism: restrict to an organism.
            source: restrict to a source.
            raise_validation_error: `False` leaves unknown values out.

        Returns:
            The schema, `None` if no value is known.

        Raises:
            TypeError: if `field` is no field of a registry.
            ValueError: if there are no values.
            ValidationError: if values are unknown.

        Example:
            >>> ln.Schema.from_values(["temperature", "tissue"]).save()
        """
        from lamindb.models.schema_from_data import schema_of_values

        if kwargs.pop("create", None) is not None or kwargs:  # what `CanCurate.from_values` takes
            raise TypeError(
                "Schema.from_values makes one schema of values: it takes no create=… and no other arguments"
            )
        return schema_of_values(
            cls, values, _feature_name() if field is None else field, dtype=dtype, name=name, mute=mute,
            organism=organism, source=source, raise_validation_error=raise_validation_error,
        )  # fmt: skip

    @strict_classmethod
    def from_dataframe(
        cls, df: pd.DataFrame, field: Any = None, name: str | None = None, mute: bool = False, organism: Any = None,
        source: Any = None,
    ) -> Any:  # fmt: skip
        """Return an unsaved schema of the columns that are known, `None` if none is.

        Args:
            df: the data frame.
            field: field that the columns are values of (default: `Feature.name`).
            name: name of the schema.
            mute: do not log.
            organism: restrict to an organism.
            source: restrict to a source.

        Raises:
            TypeError: if `field` is no field of a registry.
            ValueError: if members that are no features have different dtypes.

        Example:
            >>> ln.Schema.from_dataframe(df).save()
        """
        from lamindb.models.schema_from_data import schema_of_dataframe

        return schema_of_dataframe(
            cls, df, _feature_name() if field is None else field, name=name, mute=mute, organism=organism, source=source
        )

    @strict_classmethod
    @deprecated("from_dataframe")
    def from_df(cls, df: pd.DataFrame, field: Any = None, name: str | None = None, **kwargs: Any) -> Any:
        """Former name of `from_dataframe`."""
        return cls.from_dataframe(df, field, name, **kwargs)


def _feature_name() -> Any:
    from lamindb.base.registries import registry

    return registry("Feature").name
