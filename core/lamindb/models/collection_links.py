"""Link tables of collections: their artifacts, and what annotates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.signals import m2m_changed

from lamindb.base.fields import BigAutoField, ForeignKey
from lamindb.models.collection_members import refuse_changes
from lamindb.models.link_bases import unique_link
from lamindb.models.sqlrecord import BaseSQLRecord, IsLink
from lamindb.models.tracks import TracksRun

if TYPE_CHECKING:
    from lamindb.models import Artifact, Collection, Feature, Project, Record, Reference, ULabel


class CollectionArtifact(BaseSQLRecord, IsLink, TracksRun):
    """Artifacts of a collection; the order of the ids is the order of the collection."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("collectionartifact", "collection", "artifact")

    id: int = BigAutoField(primary_key=True)
    collection: Collection = ForeignKey("lamindb.Collection", models.CASCADE, related_name="links_artifact")
    artifact: Artifact = ForeignKey("lamindb.Artifact", models.PROTECT, related_name="links_collection")


m2m_changed.connect(lambda sender, action, **_: refuse_changes(action), sender=CollectionArtifact, weak=False)


class CollectionULabel(BaseSQLRecord, IsLink, TracksRun):
    """Labels of a collection."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("collectionulabel", "collection", "ulabel")

    id: int = BigAutoField(primary_key=True)
    collection: Collection = ForeignKey("lamindb.Collection", models.CASCADE, related_name="links_ulabel")
    ulabel: ULabel = ForeignKey("lamindb.ULabel", models.PROTECT, related_name="links_collection")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_collectionulabel"
    )


class CollectionRecord(BaseSQLRecord, IsLink, TracksRun):
    """Records that annotate a collection."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("collectionrecord", "collection", "record", nullable="feature")

    id: int = BigAutoField(primary_key=True)
    collection: Collection = ForeignKey("lamindb.Collection", models.CASCADE, related_name="links_record")
    record: Record = ForeignKey("lamindb.Record", models.PROTECT, related_name="links_collection")
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.PROTECT, null=True, default=None, related_name="links_collectionrecord"
    )


class CollectionProject(BaseSQLRecord, IsLink, TracksRun):
    """Projects of a collection."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("collectionproject", "collection", "project")

    id: int = BigAutoField(primary_key=True)
    collection: Collection = ForeignKey("lamindb.Collection", models.CASCADE, related_name="links_project")
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_collection")


class CollectionReference(BaseSQLRecord, IsLink, TracksRun):
    """References of a collection."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("collectionreference", "collection", "reference")

    id: int = BigAutoField(primary_key=True)
    collection: Collection = ForeignKey("lamindb.Collection", models.CASCADE, related_name="links_reference")
    reference: Reference = ForeignKey("lamindb.Reference", models.PROTECT, related_name="links_collection")
