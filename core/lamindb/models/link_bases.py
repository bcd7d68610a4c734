"""What link tables share: the columns that tell who linked when, and their unique constraints."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.db.models.functions import Now

from lamindb.base.fields import DateTimeField, ForeignKey
from lamindb.base.users import current_user_id

if TYPE_CHECKING:
    from lamindb.models import User


class TracksCreation(models.Model):
    """Adds `created_at` and `created_by` (for links of a run, which need no second run)."""

    class Meta:
        abstract = True

    created_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
    created_by: User = ForeignKey(
        "lamindb.User", models.PROTECT, editable=False, default=current_user_id, related_name="+"
    )


def unique_link(name: str, *fields: str, nullable: str | None = None) -> list[UniqueConstraint]:
    """Return the constraints that make a link unique.

    Args:
        name: lower-case name of the link class; the constraints are `unique_<name>` and `unique_<name>_null_<nullable>`.
        *fields: the linked fields.
        nullable: field that belongs to the link, too, but may be null. SQL takes nulls for different from each other, so
            that rows without it need a constraint of their own.
    """
    constraints = [UniqueConstraint(fields=[*fields, *([nullable] if nullable else [])], name=f"unique_{name}")]
    if nullable:
        constraints.append(
            UniqueConstraint(
                fields=list(fields), condition=Q(**{f"{nullable}__isnull": True}), name=f"unique_{name}_null_{nullable}"
            )
        )
    return constraints
