"""Link tables of schemas: members, slots, projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from lamindb.base.fields import BigAutoField, CharField, ForeignKey
from lamindb.models.link_bases import unique_link
from lamindb.models.sqlrecord import BaseSQLRecord, IsLink
from lamindb.models.tracks import TracksRun

if TYPE_CHECKING:
    from lamindb.models import Feature, Project, Schema


class SchemaFeature(BaseSQLRecord, IsLink):
    """Features that are members of a schema."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("schemafeature", "schema", "feature")

    id: int = BigAutoField(primary_key=True)
    schema: Schema = ForeignKey("lamindb.Schema", models.CASCADE, related_name="links_feature")
    feature: Feature = ForeignKey("lamindb.Feature", models.PROTECT, related_name="links_schema")


class SchemaComponent(BaseSQLRecord, IsLink, TracksRun):
    """Schemas of the slots of a composite schema."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = [
            *unique_link("schemacomponent", "composite", "component", nullable="slot"),
            *unique_link("schemacomponent_slot", "composite", "slot"),
        ]

    id: int = BigAutoField(primary_key=True)
    composite: Schema = ForeignKey("lamindb.Schema", models.CASCADE, related_name="links_component")
    component: Schema = ForeignKey("lamindb.Schema", models.PROTECT, related_name="links_composite")
    slot: str | None = CharField(max_length=255, null=True)


class SchemaProject(BaseSQLRecord, IsLink, TracksRun):
    """Projects of a schema."""

    class Meta(BaseSQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("schemaproject", "schema", "project")

    id: int = BigAutoField(primary_key=True)
    schema: Schema = ForeignKey("lamindb.Schema", models.CASCADE, related_name="links_project")
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_schema")
