"""References: papers, web pages and other documents."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.core.validators import RegexValidator
from django.db import models

from lamindb.base.fields import AutoField, BigIntegerField, CharField, DateField, ForeignKey, TextField, URLField
from lamindb.base.uids import base62_12
from lamindb.models.can_curate import CanCurate
from lamindb.models.has_type import HasType
from lamindb.models.naming import resolve_type
from lamindb.models.sqlrecord import SQLRecord, ValidateFields
from lamindb.models.tracks import TracksRun, TracksUpdates

if TYPE_CHECKING:
    from lamindb.models import Artifact, Collection, Record, Transform

#: A DOI, optionally behind one of the prefixes under which it is usually written.
DOI_PATTERN = r"^(?:https?://(?:dx\.)?doi\.org/|doi:|DOI:)?10\.\d+/.*$"


class Reference(SQLRecord, HasType, CanCurate, TracksRun, TracksUpdates, ValidateFields):
    """References such as publications.

    Args:
        name: title.
        type: reference with `is_type=True` that this one belongs to.
        is_type: whether other references may belong to this one.
        abbr: abbreviation.
        url: web page.
        pubmed_id: number in PubMed.
        doi: such as `10.1000/xyz123`, or with `https://doi.org/` in front.
        description: free text.
        text: abstract or full text.
        date: day of publication, a date or `YYYY-MM-DD`.

    Raises:
        FieldValidationError: if url, doi or date are malformed.

    Example:
        >>> ln.Reference(name="A paper on cells", doi="10.1000/xyz123").save()
    """

    class Meta(SQLRecord.Meta, HasType.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False

    _name_field = "name"
    _init_params = (
        "name", "type", "is_type", "abbr", "url", "pubmed_id", "doi", "description", "text", "date", "branch", "space",
    )  # fmt: skip

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, max_length=12, db_index=True, default=base62_12)
    name: str = CharField(db_index=True)
    description: str | None = TextField(null=True)
    type: Reference | None = ForeignKey("self", models.PROTECT, null=True, related_name="references")
    abbr: str | None = CharField(max_length=32, db_index=True, null=True)
    url: str | None = URLField(null=True, default=None, db_index=True)
    pubmed_id: int | None = BigIntegerField(null=True, db_index=True)
    doi: str | None = CharField(
        null=True,
        db_index=True,
        validators=[
            RegexValidator(
                regex=DOI_PATTERN, message="Must be a DOI (e.g., 10.1000/xyz123 or https://doi.org/10.1000/xyz123)"
            )
        ],
    )
    text: str | None = TextField(null=True)
    date: datetime.date | None = DateField(null=True, default=None)
    artifacts: Artifact = models.ManyToManyField(
        "lamindb.Artifact", through="lamindb.ArtifactReference", related_name="references"
    )
    transforms: Transform = models.ManyToManyField(
        "lamindb.Transform", through="lamindb.TransformReference", related_name="references"
    )
    collections: Collection = models.ManyToManyField(
        "lamindb.Collection", through="lamindb.CollectionReference", related_name="references"
    )
    records: Record = models.ManyToManyField(
        "lamindb.Record", through="lamindb.ReferenceRecord", related_name="references"
    )
    linked_in_records: Record = models.ManyToManyField(
        "lamindb.Record", through="lamindb.RecordReference", related_name="linked_references"
    )

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        return resolve_type(cls, kwargs)
