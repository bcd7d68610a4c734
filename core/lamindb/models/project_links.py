"""Link tables of projects and references that no other registry hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from lamindb.base.fields import BigAutoField, CharField, ForeignKey
from lamindb.models.link_bases import unique_link
from lamindb.models.sqlrecord import BaseSQLRecord, IsLink
from lamindb.models.tracks import TracksRun

if TYPE_CHECKING:
    from lamindb.models import Block, Feature, Project, Record, Reference, ULabel, User


class ProjectUser(BaseSQLRecord, IsLink):
    """Users with a role in a project."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("projectuser", "project", "user", "role")

    id: int = BigAutoField(primary_key=True)
    project: Project = ForeignKey("lamindb.Project", models.CASCADE, related_name="links_user")
    user: User = ForeignKey("lamindb.User", models.PROTECT, related_name="links_project")
    role: str = CharField(max_length=32)


class ProjectRecord(BaseSQLRecord, IsLink, TracksRun):
    """Records that a project annotates."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("projectrecord", "project", "record", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_record")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_projectrecord"
    )
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="links_project")


class ULabelProject(BaseSQLRecord, IsLink, TracksRun):
    """Projects of a label."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("ulabelproject", "ulabel", "project")

    id: int = BigAutoField(primary_key=True)
    ulabel: ULabel = ForeignKey("lamindb.ULabel", models.CASCADE, related_name="links_project")
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_ulabel")


class FeatureProject(BaseSQLRecord, IsLink, TracksRun):
    """Projects of a feature."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("featureproject", "feature", "project")

    id: int = BigAutoField(primary_key=True)
    feature: Feature = ForeignKey("lamindb.Feature", models.CASCADE, related_name="links_project")
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_feature")


class BlockProject(BaseSQLRecord, IsLink, TracksRun):
    """Projects of a block."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("blockproject", "block", "project")

    id: int = BigAutoField(primary_key=True)
    block: Block = ForeignKey("lamindb.Block", models.CASCADE, related_name="links_project")
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_block")


class ReferenceRecord(BaseSQLRecord, IsLink, TracksRun):
    """Records that a reference annotates."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("referencerecord", "reference", "record", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    reference: Reference = ForeignKey("lamindb.Reference", models.PROTECT, related_name="links_record")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_referencerecord"
    )
    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="links_reference")
