"""The registry `Treatment` and its links to registries of the core."""

from __future__ import annotations

from django.db import models
from django.db.models import CASCADE, PROTECT

from lamindb.base.fields import CharField, FloatField, ForeignKey
from lamindb.base.uids import base62_12
from lamindb.models import (
    Artifact,
    BaseSQLRecord,
    CanCurate,
    Feature,
    IsLink,
    Record,
    Schema,
    SQLRecord,
    TracksRun,
    TracksUpdates,
)


class Treatment(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    """Something that was done to a sample.

    Example:
        >>> treatment = Treatment(name="drug A", dose=1.5).save()
        >>> artifact.treatments.add(treatment)
    """

    class Meta(SQLRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "lamindb_example"

    _name_field: str = "name"

    id: int = models.AutoField(primary_key=True)
    uid: str = CharField(unique=True, max_length=12, db_index=True, default=base62_12)
    name: str = CharField(db_index=True)
    dose: float | None = FloatField(null=True, default=None)
    artifacts: Artifact = models.ManyToManyField(Artifact, through="ArtifactTreatment", related_name="treatments")
    records: Record = models.ManyToManyField(Record, through="RecordTreatment", related_name="treatments")
    schemas: Schema = models.ManyToManyField(Schema, through="SchemaTreatment", related_name="treatments")


class ArtifactTreatment(BaseSQLRecord, IsLink, TracksRun):
    """A treatment as a label of an artifact, or as the value of one of its features."""

    class Meta:
        app_label = "lamindb_example"
        unique_together = ("artifact", "treatment", "feature")

    id: int = models.BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey(Artifact, CASCADE, related_name="links_treatment")
    treatment: Treatment = ForeignKey(Treatment, PROTECT, related_name="links_artifact")
    feature: Feature = ForeignKey(Feature, PROTECT, null=True, default=None, related_name="links_artifacttreatment")


class RecordTreatment(BaseSQLRecord, IsLink, TracksRun):
    """A treatment as the value of a feature of a record."""

    class Meta:
        app_label = "lamindb_example"
        unique_together = ("record", "value", "feature")

    id: int = models.BigAutoField(primary_key=True)
    record: Record = ForeignKey(Record, CASCADE, related_name="values_treatment")
    value: Treatment = ForeignKey(Treatment, PROTECT, related_name="links_record")
    feature: Feature = ForeignKey(Feature, PROTECT, null=True, default=None, related_name="links_recordtreatment")


class SchemaTreatment(BaseSQLRecord, IsLink):
    """A treatment as a member of a schema."""

    class Meta:
        app_label = "lamindb_example"
        unique_together = ("schema", "treatment")

    id: int = models.BigAutoField(primary_key=True)
    schema: Schema = ForeignKey(Schema, CASCADE, related_name="links_treatment")
    treatment: Treatment = ForeignKey(Treatment, PROTECT, related_name="links_schema")
