"""Universal labels: simple labels for any entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.base.fields import AutoField, CharField, ForeignKey, TextField
from lamindb.base.uids import base62_8
from lamindb.models.can_curate import CanCurate
from lamindb.models.has_notes import HasNotes
from lamindb.models.has_parents import HasParents
from lamindb.models.has_type import HasType
from lamindb.models.naming import resolve_type
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates

if TYPE_CHECKING:
    from lamindb.models import Artifact, Record


class ULabel(SQLRecord, HasType, HasParents, CanCurate, TracksRun, TracksUpdates, HasNotes):
    """Universal labels.

    Args:
        name: name of the label.
        type: label with `is_type=True` that this one belongs to.
        is_type: whether other labels may belong to this one.
        description: free text.
        reference: id or link in another system.
        reference_type: what kind of reference it is, such as `"url"`.

    Example:
        >>> experiments = ln.ULabel(name="Experiment", is_type=True).save()
        >>> ln.ULabel(name="experiment 1", type=experiments).save()
    """

    class Meta(SQLRecord.Meta, HasType.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False

    _name_field = "name"
    _init_params = ("name", "type", "is_type", "description", "reference", "reference_type")
    _positional_message = (
        "Only one non-keyword arg allowed is the complete row, as the database loads it; write ULabel(name=...)"
    )

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=8, default=base62_8)
    name: str = CharField(max_length=150, db_index=True)
    type: ULabel | None = ForeignKey("self", models.PROTECT, null=True, related_name="ulabels")
    description: str | None = TextField(null=True)
    reference: str | None = CharField(max_length=255, db_index=True, null=True)
    reference_type: str | None = CharField(max_length=25, db_index=True, null=True)
    parents: ULabel = models.ManyToManyField("self", symmetrical=False, related_name="children")
    artifacts: Artifact = models.ManyToManyField(
        "lamindb.Artifact", through="lamindb.ArtifactULabel", related_name="ulabels"
    )
    linked_in_records: Record = models.ManyToManyField(
        "lamindb.Record", through="lamindb.RecordULabel", related_name="linked_ulabels"
    )

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        return resolve_type(cls, kwargs)
