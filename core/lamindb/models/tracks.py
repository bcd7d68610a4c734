"""Mixins that record who made a record, when, in which run, and when it changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Now

from lamindb.base import context
from lamindb.base.fields import DateTimeField, ForeignKey
from lamindb.base.users import current_user_id

if TYPE_CHECKING:
    from lamindb.models import Run, User


def current_run() -> Any:
    """Return the active run, or `None`; the default of every `run` field."""
    return context.current_run()


class TracksRun(models.Model):
    """Adds `created_at`, `created_by` and `run`."""

    class Meta:
        abstract = True

    created_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
    created_by: User = ForeignKey(
        "lamindb.User", models.PROTECT, editable=False, default=current_user_id, related_name="+"
    )
    run: Run | None = ForeignKey(
        "lamindb.Run", models.PROTECT, null=True, default=current_run, editable=False, related_name="+"
    )


class TracksUpdates(models.Model):
    """Adds `updated_at`, which moves whenever the record is saved."""

    class Meta:
        abstract = True

    updated_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
