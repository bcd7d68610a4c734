"""Link tables of runs: feature values, and what annotates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from lamindb.base.fields import BigAutoField, ForeignKey
from lamindb.models.link_bases import TracksCreation, unique_link
from lamindb.models.sqlrecord import BaseSQLRecord, IsLink

if TYPE_CHECKING:
    from lamindb.models import (
        Artifact,
        Collection,
        Feature,
        JsonValue,
        Project,
        Record,
        Reference,
        Run,
        Transform,
        ULabel,
        User,
    )


class RunJsonValue(BaseSQLRecord, IsLink, TracksCreation):
    """Simple feature values of a run."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("runjsonvalue", "run", "jsonvalue")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="links_jsonvalue")
    jsonvalue: JsonValue = ForeignKey("lamindb.JsonValue", models.PROTECT, related_name="links_run")


class RunArtifact(BaseSQLRecord, IsLink):
    """Artifacts that are feature values of a run."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("runartifact", "run", "artifact", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="values_artifact")
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.PROTECT, related_name="links_in_run")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_runartifact"
    )


class RunULabel(BaseSQLRecord, IsLink, TracksCreation):
    """Labels of a run."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("runulabel", "run", "ulabel", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="links_ulabel")
    ulabel: ULabel = ForeignKey("lamindb.ULabel", models.PROTECT, related_name="links_run")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_runulabel"
    )


class RunRecord(BaseSQLRecord, IsLink, TracksCreation):
    """Records that annotate a run."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("runrecord", "run", "record", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="links_record")
    record: Record = ForeignKey("lamindb.Record", models.PROTECT, related_name="links_run")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_runrecord"
    )


class RunProject(BaseSQLRecord, IsLink, TracksCreation):
    """Projects of a run."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("runproject", "run", "project", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="links_project")
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_run")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_runproject"
    )


class RunUser(BaseSQLRecord, IsLink, TracksCreation):
    """Users that are feature values of a run."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("runuser", "run", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="values_user")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_runuser")
    value: User = ForeignKey("lamindb.User", models.PROTECT, related_name="links_in_run")


class RunRun(BaseSQLRecord, IsLink, TracksCreation):
    """Other runs that are feature values of a run."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("runrun", "run", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="values_run")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_runrun")
    value: Run = ForeignKey("lamindb.Run", models.PROTECT, related_name="links_in_run")


class RunTransform(BaseSQLRecord, IsLink, TracksCreation):
    """Transforms that are feature values of a run."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("runtransform", "run", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="values_transform")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_runtransform")
    value: Transform = ForeignKey("lamindb.Transform", models.PROTECT, related_name="links_in_run")


class RunCollection(BaseSQLRecord, IsLink, TracksCreation):
    """Collections that are feature values of a run."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("runcollection", "run", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="values_collection")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_runcollection")
    value: Collection = ForeignKey("lamindb.Collection", models.PROTECT, related_name="links_in_run")


class RunReference(BaseSQLRecord, IsLink, TracksCreation):
    """References that are feature values of a run."""

    class Meta(BaseSQLRecord.Meta, TracksCreation.Meta):
        abstract = False
        constraints = unique_link("runreference", "run", "feature", "value")

    id: int = BigAutoField(primary_key=True)
    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="values_reference")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_runreference")
    value: Reference = ForeignKey("lamindb.Reference", models.PROTECT, related_name="links_in_run")
