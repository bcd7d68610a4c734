"""Records: flexible entities whose features are data, and sheets that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.base.fields import AutoField, CharField, ForeignKey, JSONField, TextField
from lamindb.base.logging import logger
from lamindb.base.uids import base62_16
from lamindb.base.utils import class_and_instance_method, strict_classmethod
from lamindb.models.can_curate import CanCurate
from lamindb.models.has_lineage import HasLineage
from lamindb.models.has_notes import HasNotes
from lamindb.models.has_parents import HasParents
from lamindb.models.has_type import HasType
from lamindb.models.naming import resolve_type
from lamindb.models.record_export import RecordSet
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates, current_run

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from lamindb.annotation.feature_manager import FeatureManager
    from lamindb.models import Artifact, Collection, Run, Schema, Transform
    from lamindb.models.record_batch import RecordBatch

#: Column of exported and imported tables with the names of the records.
NAME_COLUMN = "__lamindb_record_name__"


class Record(SQLRecord, HasType, HasParents, CanCurate, TracksRun, TracksUpdates, HasNotes, HasLineage):
    """Records: entities of any type, with features as in the rows of a sheet.

    Args:
        name: name of the record; records may be nameless.
        type: record with `is_type=True` that this one belongs to.
        is_type: whether other records may belong to this one.
        features: feature values by name, written when the record is saved.
        description: free text.
        schema: which features the records of this type have; makes the type a sheet. The values of its index are the names of the records.
        reference: id or link in another system.
        reference_type: what kind of reference it is, such as `"url"`.

    Example:
        >>> samples = ln.Record(name="Sample", is_type=True).save()
        >>> ln.Record(name="sample 1", type=samples).save()
    """

    class Meta(SQLRecord.Meta, HasType.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False

    _query_set_mixin = RecordSet
    _TRACK_FIELDS = ("schema_id",)  # the index of a sheet's schema names its records
    _name_field = "name"
    _init_params = ("name", "type", "is_type", "features", "description", "schema", "reference", "reference_type")
    _positional_message = (
        "Only one non-keyword arg allowed is the complete row, as the database loads it; write Record(name=...)"
    )

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=16, default=base62_16)
    name: str | None = CharField(max_length=150, db_index=True, null=True)
    type: Record | None = ForeignKey("self", models.PROTECT, null=True, related_name="records")
    description: str | None = TextField(null=True)
    reference: str | None = CharField(max_length=255, db_index=True, null=True)
    reference_type: str | None = CharField(max_length=25, db_index=True, null=True)
    extra_data: Any = JSONField(null=True)
    schema: Schema | None = ForeignKey("lamindb.Schema", models.CASCADE, null=True, related_name="records")
    run: Run | None = ForeignKey(
        "lamindb.Run", models.PROTECT, null=True, default=current_run, editable=False, related_name="output_records"
    )
    parents: Record = models.ManyToManyField("self", symmetrical=False, related_name="children")
    linked_records: Record = models.ManyToManyField(
        "self",
        through="lamindb.RecordRecord",
        through_fields=("record", "value"),
        symmetrical=False,
        related_name="linked_in_records",
    )
    input_of_runs: Run = models.ManyToManyField("lamindb.Run", related_name="input_records")
    artifacts: Artifact = models.ManyToManyField(
        "lamindb.Artifact", through="lamindb.ArtifactRecord", related_name="records"
    )
    runs: Run = models.ManyToManyField("lamindb.Run", through="lamindb.RunRecord", related_name="records")
    transforms: Transform = models.ManyToManyField(
        "lamindb.Transform", through="lamindb.TransformRecord", related_name="records"
    )
    collections: Collection = models.ManyToManyField(
        "lamindb.Collection", through="lamindb.CollectionRecord", related_name="records"
    )

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        kwargs = resolve_type(cls, kwargs)
        has_schema = kwargs.get("schema") is not None or kwargs.get("schema_id") is not None
        if has_schema and not kwargs.get("is_type"):
            logger.important("passing schema, treating as type")
            kwargs["is_type"] = True
        if kwargs.get("schema") is not None:
            from lamindb.models.row_key_changes import check_row_key

            check_row_key(kwargs["schema"])
        return kwargs

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        features = kwargs.pop("features", None)
        super().__init__(*args, **kwargs)
        if features:
            self._features = features

    def save(self, *args: Any, **kwargs: Any) -> Record:
        """Save the record and the features that were passed to its constructor, both or nothing.

        Raises:
            ValidationError: if the features are not valid; they stay on the object.
        """
        from lamindb.models.record_features import save_with_features

        return save_with_features(self, super().save, *args, **kwargs)

    def _write_elsewhere(self, write_row: Callable[[], None], alias: str, home: str) -> None:
        from lamindb.models.record_features import write_elsewhere

        write_elsewhere(self, write_row, alias, home)

    @classmethod
    def _before_bulk_save(cls, records: list[Record]) -> None:
        from lamindb.models.record_features import name_by_row_key

        name_by_row_key(records)

    @classmethod
    def _after_bulk_save(cls, records: list[Record]) -> None:
        from lamindb.models.record_features import save_features_of

        save_features_of(records)

    @property
    def features(self) -> FeatureManager:
        """The feature values of the record: `record.features.add_values({"temperature": 21.5})`, `.get_values()`, …"""
        from lamindb.annotation.feature_manager import FeatureManager

        return FeatureManager(self)

    @strict_classmethod
    def from_dataframe(cls, df: pd.DataFrame, *, type: Record | str, name_field: str = NAME_COLUMN) -> RecordBatch:
        """Make one record per row; call `.save()` on what is returned.

        Args:
            df: its columns are features of the type's schema. The column `name_field`, else `name`, holds the names of the records.
            type: type of the records; a text makes a new one below the type "Imports", with a schema of the columns that are features.
            name_field: column with the names.

        Returns:
            A `RecordBatch`: `len()` of it is the number of rows, `save()` writes all of them or nothing.

        Raises:
            TypeError: if `df` is no data frame.
            ValueError: if `type` is no type or nameless, the text names a type that exists, or no column is a feature.

        Example:
            >>> ln.Record.from_dataframe(df, type=sheet).save()
        """
        from lamindb.models.record_batch import make_batch

        return make_batch(df, type, name_field)

    @class_and_instance_method
    def to_dataframe(cls_or_self: Any, *args: Any, **kwargs: Any) -> pd.DataFrame:
        """Return records as a data frame: of the registry (see `QuerySet.to_dataframe`), or all that belong to a type.

        Args:
            recurse: also the records of sub-types, and these themselves.
            is_run_input: run that reads the records; by default the current one, else a new one; `False` for none.
            link_individual_inputs: note each record as an input of the run, too, but those that the run made; at most
                `ln.settings.annotation.n_max_records`.
            use_export_run: let a new run read the records, which the current run initiates.
            include: further columns, as for query sets.
            order_by: field to sort by (default: id).
            limit: greatest number of records (default: all).

        Returns:
            For a type: one column per feature (for a sheet: per member of the schema, in its order), then uid and name of the records as
            `__lamindb_record_uid__` and `__lamindb_record_name__`; the index is the id. If the schema of a sheet has an index, its values,
            which are the names of the records, are the index instead of these.

        Raises:
            TypeError: if the record is no type.

        Example:
            >>> sheet.to_dataframe()
        """
        if isinstance(cls_or_self, type):
            return cls_or_self.filter().to_dataframe(*args, **kwargs)
        from lamindb.models.record_export import frame_of_type

        if not cls_or_self.is_type:
            raise TypeError("to_dataframe() can only be called on the class or on record type instance.")
        return frame_of_type(cls_or_self, *args, **kwargs)

    def to_artifact(
        self,
        key: str | None = None,
        suffix: str | None = None,
        is_run_input: bool | Run | None = None,
        **kwargs: Any,
    ) -> Artifact:
        """Save all records of this type as an artifact that is validated against the schema of the type.

        Args:
            key: key of the artifact (default: `sheet_exports/<name>.csv`); its suffix tells the format.
            suffix: suffix of the default key.
            is_run_input: as for `to_dataframe`.
            **kwargs: other arguments of `to_dataframe`.

        Raises:
            AssertionError: if this is no type, or key and suffix are both passed.
            ValueError: if tables aren't written with the suffix.

        Example:
            >>> sheet.to_artifact(suffix=".parquet")
        """
        from lamindb.models.record_export import artifact_of_type

        return artifact_of_type(self, key, suffix, is_run_input, **kwargs)

    @property
    def is_sheet(self) -> bool:
        """Whether this is a type whose records have the features of a schema."""
        return self.is_type and self.schema_id is not None

    @property
    def is_frame(self) -> bool:
        """The same as `is_sheet`."""
        return self.is_sheet

    @property
    def is_page(self) -> bool:
        """Whether this is a type without schema."""
        return self.is_type and self.schema_id is None

    @property
    def is_data(self) -> bool:
        """Whether this is no type."""
        return not self.is_type
