"""Records: flexible entities whose features are data, and sheets that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.base.fields import AutoField, CharField, ForeignKey, JSONField, TextField
from lamindb.base.logging import logger
from lamindb.base.uids import base62_16
from lamindb.models.can_curate import CanCurate
from lamindb.models.has_lineage import HasLineage
from lamindb.models.has_notes import HasNotes
from lamindb.models.has_parents import HasParents
from lamindb.models.has_type import HasType
from lamindb.models.naming import resolve_type
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates, current_run

if TYPE_CHECKING:
    from lamindb.annotation.feature_manager import FeatureManager
    from lamindb.models import Artifact, Collection, Run, Schema, Transform


class Record(SQLRecord, HasType, HasParents, CanCurate, TracksRun, TracksUpdates, HasNotes, HasLineage):
    """Records: entities of any type, with features as in the rows of a sheet.

    Args:
        name: name of the record; records may be nameless.
        type: record with `is_type=True` that this one belongs to.
        is_type: whether other records may belong to this one.
        features: feature values by name, written when the record is saved.
        description: free text.
        schema: which features the records of this type have; makes the type a sheet.
        reference: id or link in another system.
        reference_type: what kind of reference it is, such as `"url"`.

    Example:
        >>> samples = ln.Record(name="Sample", is_type=True).save()
        >>> ln.Record(name="sample 1", type=samples).save()
    """

    class Meta(SQLRecord.Meta, HasType.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False

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

    @classmethod
    def _after_bulk_save(cls, records: list[Record]) -> None:
        from lamindb.models.record_features import save_features_of

        save_features_of(records)

    @property
    def features(self) -> FeatureManager:
        """The feature values of the record: `record.features.add_values({"temperature": 21.5})`, `.get_values()`, …"""
        from lamindb.annotation.feature_manager import FeatureManager

        return FeatureManager(self)

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
