"""Projects: what data, code and people are grouped by."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.base.fields import AutoField, CharField, DateField, ForeignKey, SmallIntegerField, TextField, URLField
from lamindb.base.uids import base62_12
from lamindb.models.can_curate import CanCurate
from lamindb.models.has_notes import HasNotes
from lamindb.models.has_parents import HasParents
from lamindb.models.has_status import HasStatus
from lamindb.models.has_type import HasType
from lamindb.models.naming import resolve_type
from lamindb.models.sqlrecord import SQLRecord, ValidateFields
from lamindb.models.tracks import TracksRun, TracksUpdates

if TYPE_CHECKING:
    from lamindb.models import (
        Artifact,
        Block,
        Collection,
        Feature,
        Record,
        Reference,
        Run,
        Schema,
        Transform,
        ULabel,
        User,
    )


class Project(SQLRecord, HasType, HasParents, CanCurate, TracksRun, TracksUpdates, ValidateFields, HasStatus, HasNotes):
    """Projects.

    Args:
        name: name of the project.
        type: project with `is_type=True` that this one belongs to.
        is_type: whether other projects may belong to this one.
        abbr: abbreviation.
        url: web page.
        start_date: first day, a date or `YYYY-MM-DD`.
        end_date: last day.
        description: free text.

    Example:
        >>> project = ln.Project(name="atlas").save()
        >>> project.status = "active"
        >>> project.save()
    """

    class Meta(SQLRecord.Meta, HasType.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False

    _name_field = "name"
    _init_params = (
        "name",
        "type",
        "is_type",
        "abbr",
        "url",
        "start_date",
        "end_date",
        "description",
        "branch",
        "space",
    )
    _status_codes = {
        "planned": -3,
        "up-next": -2,
        "active": -1,
        "completed": 0,
        "background": 1,
        "paused": 2,
        "canceled": 3,
        "archived": 4,
    }
    _default_status = "planned"

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, max_length=12, db_index=True, default=base62_12)
    name: str = CharField(db_index=True)
    description: str | None = TextField(null=True)
    type: Project | None = ForeignKey("self", models.PROTECT, null=True, related_name="projects")
    abbr: str | None = CharField(max_length=32, db_index=True, null=True)
    url: str | None = URLField(max_length=255, null=True, default=None)
    start_date: date | None = DateField(null=True, default=None)
    end_date: date | None = DateField(null=True, default=None)
    parents: Project = models.ManyToManyField("self", symmetrical=False, related_name="children")
    predecessors: Project = models.ManyToManyField("self", symmetrical=False, related_name="successors")
    artifacts: Artifact = models.ManyToManyField(
        "lamindb.Artifact", through="lamindb.ArtifactProject", related_name="projects"
    )
    transforms: Transform = models.ManyToManyField(
        "lamindb.Transform", through="lamindb.TransformProject", related_name="projects"
    )
    runs: Run = models.ManyToManyField("lamindb.Run", through="lamindb.RunProject", related_name="projects")
    ulabels: ULabel = models.ManyToManyField("lamindb.ULabel", through="lamindb.ULabelProject", related_name="projects")
    features: Feature = models.ManyToManyField(
        "lamindb.Feature", through="lamindb.FeatureProject", related_name="projects"
    )
    schemas: Schema = models.ManyToManyField("lamindb.Schema", through="lamindb.SchemaProject", related_name="projects")
    collections: Collection = models.ManyToManyField(
        "lamindb.Collection", through="lamindb.CollectionProject", related_name="projects"
    )
    records: Record = models.ManyToManyField("lamindb.Record", through="lamindb.ProjectRecord", related_name="projects")
    linked_in_records: Record = models.ManyToManyField(
        "lamindb.Record", through="lamindb.RecordProject", related_name="linked_projects"
    )
    references: Reference = models.ManyToManyField("lamindb.Reference", related_name="projects")
    blocks: Block = models.ManyToManyField("lamindb.Block", through="lamindb.BlockProject", related_name="projects")
    users: User = models.ManyToManyField(
        "lamindb.User", through="lamindb.ProjectUser", through_fields=("project", "user"), related_name="projects"
    )
    _status_code: int = SmallIntegerField(default=-3, db_default=-3, db_index=True)

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        return resolve_type(cls, kwargs)
