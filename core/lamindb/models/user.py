"""The people (and machine accounts) who write to an instance."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from lamindb.base.fields import AutoField, CharField, DateTimeField
from lamindb.models.can_curate import CanCurate
from lamindb.models.sqlrecord import BaseSQLRecord

if TYPE_CHECKING:
    from lamindb.models import Artifact, Record


class User(BaseSQLRecord, CanCurate):
    """Users of an instance; their rows are written when they connect.

    Args:
        uid: 8 characters, from the account.
        handle: unique short name.
        name: full name.

    Example:
        >>> ln.User.get(handle="anonymous")
    """

    class Meta(BaseSQLRecord.Meta):
        abstract = False

    _name_field = "handle"
    _init_params = ("uid", "handle", "name")

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=8)
    handle: str = CharField(max_length=30, unique=True, db_index=True)
    name: str | None = CharField(max_length=150, db_index=True, null=True)
    linked_in_records: Record = models.ManyToManyField(
        "lamindb.Record", through="lamindb.RecordUser", related_name="linked_users"
    )
    artifacts: Artifact = models.ManyToManyField(
        "lamindb.Artifact",
        through="lamindb.ArtifactUser",
        through_fields=("user", "artifact"),
        related_name="users",
    )
    created_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
    updated_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
