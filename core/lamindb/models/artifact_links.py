"""Link tables of artifacts: what annotates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from lamindb.base.fields import BigAutoField, BooleanField, CharField, ForeignKey
from lamindb.models.link_bases import TracksCreation, unique_link
from lamindb.models.sqlrecord import BaseSQLRecord, IsLink
from lamindb.models.tracks import TracksRun

if TYPE_CHECKING:
    from lamindb.models import Artifact, Feature, JsonValue, Project, Record, Reference, Run, Schema, ULabel, User


class ArtifactSchema(BaseSQLRecord, IsLink, TracksRun):
    """Schemas that were found in the slots of an artifact."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = [
            *unique_link("artifactschema", "artifact", "schema", nullable="slot"),
            *unique_link("artifactschema_slot", "artifact", "slot"),
        ]

    id: int = BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="_links_schema")
    schema: Schema = ForeignKey("lamindb.Schema", models.PROTECT, related_name="_links_artifact")
    slot: str | None = CharField(max_length=255, null=True)
    feature_ref_is_semantic: bool | None = BooleanField(null=True)


class ArtifactJsonValue(BaseSQLRecord, IsLink, TracksRun):
    """Simple feature values of an artifact."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("artifactjsonvalue", "artifact", "jsonvalue")

    id: int = BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="links_jsonvalue")
    jsonvalue: JsonValue = ForeignKey("lamindb.JsonValue", models.PROTECT, related_name="links_artifact")


class ArtifactULabel(BaseSQLRecord, IsLink, TracksRun):
    """Labels of an artifact."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("artifactulabel", "artifact", "ulabel", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="links_ulabel")
    ulabel: ULabel = ForeignKey("lamindb.ULabel", models.PROTECT, related_name="links_artifact")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_artifactulabel"
    )


class ArtifactUser(BaseSQLRecord, IsLink, TracksRun):
    """Users that annotate an artifact."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("artifactuser", "artifact", "user", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="links_user")
    user: User = ForeignKey("lamindb.User", models.PROTECT, related_name="links_artifact")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_artifactuser"
    )


class ArtifactRun(BaseSQLRecord, IsLink, TracksCreation):
    """Runs that annotate an artifact (its own run is a field)."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("artifactrun", "artifact", "run", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="links_run")
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="links_artifact")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_artifactrun"
    )


class ArtifactArtifact(BaseSQLRecord, IsLink, TracksRun):
    """Artifacts that annotate an artifact."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("artifactartifact", "artifact", "value", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="links_artifact")
    value: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="links_value")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_artifactartifact"
    )


class ArtifactRecord(BaseSQLRecord, IsLink, TracksRun):
    """Records that annotate an artifact."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("artifactrecord", "artifact", "record", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="links_record")
    record: Record = ForeignKey("lamindb.Record", models.PROTECT, related_name="links_artifact")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_artifactrecord"
    )


class ArtifactProject(BaseSQLRecord, IsLink, TracksRun):
    """Projects of an artifact."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("artifactproject", "artifact", "project", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="links_project")
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_artifact")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_artifactproject"
    )


class ArtifactReference(BaseSQLRecord, IsLink, TracksRun):
    """References of an artifact."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("artifactreference", "artifact", "reference", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="links_reference")
    reference: Reference = ForeignKey("lamindb.Reference", models.PROTECT, related_name="links_artifact")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_artifactreference"
    )
