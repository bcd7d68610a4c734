"""Link tables of transforms: predecessors, and what annotates them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.base.fields import BigAutoField, ForeignKey, JSONField
from lamindb.models.link_bases import unique_link
from lamindb.models.sqlrecord import BaseSQLRecord, IsLink
from lamindb.models.tracks import TracksRun

if TYPE_CHECKING:
    from lamindb.models import Feature, Project, Record, Reference, Transform, ULabel


class TransformTransform(BaseSQLRecord, IsLink, TracksRun):
    """Manually declared order of transforms."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("transformtransform", "successor", "predecessor")

    id: int = BigAutoField(primary_key=True)
    successor: Transform = ForeignKey("lamindb.Transform", models.CASCADE, related_name="links_predecessor")
    predecessor: Transform = ForeignKey("lamindb.Transform", models.CASCADE, related_name="links_successor")
    config: Any = JSONField(null=True, default=None)


class TransformULabel(BaseSQLRecord, IsLink, TracksRun):
    """Labels of a transform."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("transformulabel", "transform", "ulabel")

    id: int = BigAutoField(primary_key=True)
    transform: Transform = ForeignKey("lamindb.Transform", models.CASCADE, related_name="links_ulabel")
    ulabel: ULabel = ForeignKey("lamindb.ULabel", models.PROTECT, related_name="links_transform")


class TransformRecord(BaseSQLRecord, IsLink, TracksRun):
    """Records that annotate a transform."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("transformrecord", "transform", "record", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    transform: Transform = ForeignKey("lamindb.Transform", models.CASCADE, related_name="links_record")
    record: Record = ForeignKey("lamindb.Record", models.PROTECT, related_name="links_transform")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_transformrecord"
    )


class TransformProject(BaseSQLRecord, IsLink, TracksRun):
    """Projects of a transform."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("transformproject", "transform", "project")

    id: int = BigAutoField(primary_key=True)
    transform: Transform = ForeignKey("lamindb.Transform", models.CASCADE, related_name="links_project")
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_transform")


class TransformReference(BaseSQLRecord, IsLink, TracksRun):
    """References of a transform."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("transformreference", "transform", "reference")

    id: int = BigAutoField(primary_key=True)
    transform: Transform = ForeignKey("lamindb.Transform", models.CASCADE, related_name="links_reference")
    reference: Reference = ForeignKey("lamindb.Reference", models.PROTECT, related_name="links_transform")
