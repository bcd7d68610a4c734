"""Link tables of records: the values of their features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.base.fields import BigAutoField, ForeignKey, JSONField
from lamindb.models.link_bases import unique_link
from lamindb.models.sqlrecord import BaseSQLRecord, IsLink

if TYPE_CHECKING:
    from lamindb.models import Artifact, Collection, Feature, Project, Record, Reference, Run, Transform, ULabel, User


class RecordJson(BaseSQLRecord, IsLink):
    """Simple feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recordjson", "record", "feature")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_json")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recordjson")
    value: Any = JSONField(null=True, default=None)


class RecordRecord(BaseSQLRecord, IsLink):
    """Records that are feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recordrecord", "record", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_record")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recordrecord")
    value: Record = ForeignKey("lamindb.Record", models.PROTECT, related_name="links_record")


class RecordULabel(BaseSQLRecord, IsLink):
    """ULabels that are feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recordulabel", "record", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_ulabel")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recordulabel")
    value: ULabel = ForeignKey("lamindb.ULabel", models.PROTECT, related_name="links_record")


class RecordUser(BaseSQLRecord, IsLink):
    """Users that are feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recorduser", "record", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_user")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recorduser")
    value: User = ForeignKey("lamindb.User", models.PROTECT, related_name="links_record")


class RecordRun(BaseSQLRecord, IsLink):
    """Runs that are feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recordrun", "record", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_run")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recordrun")
    value: Run = ForeignKey("lamindb.Run", models.PROTECT, related_name="links_in_record")


class RecordArtifact(BaseSQLRecord, IsLink):
    """Artifacts that are feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recordartifact", "record", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_artifact")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recordartifact")
    value: Artifact = ForeignKey("lamindb.Artifact", models.PROTECT, related_name="links_in_record")


class RecordCollection(BaseSQLRecord, IsLink):
    """Collections that are feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recordcollection", "record", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_collection")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recordcollection")
    value: Collection = ForeignKey("lamindb.Collection", models.PROTECT, related_name="links_in_record")


class RecordTransform(BaseSQLRecord, IsLink):
    """Transforms that are feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recordtransform", "record", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_transform")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recordtransform")
    value: Transform = ForeignKey("lamindb.Transform", models.PROTECT, related_name="links_in_record")


class RecordReference(BaseSQLRecord, IsLink):
    """References that are feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recordreference", "record", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_reference")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recordreference")
    value: Reference = ForeignKey("lamindb.Reference", models.PROTECT, related_name="links_in_record")


class RecordProject(BaseSQLRecord, IsLink):
    """Projects that are feature values of a record."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("recordproject", "record", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="values_project")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_recordproject")
    value: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_in_record")
