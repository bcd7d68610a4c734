"""Spaces: who may see and write a record."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models.functions import Lower, Now

from lamindb.base.fields import CharField, DateTimeField, ForeignKey, SmallAutoField, TextField
from lamindb.base.logging import logger
from lamindb.base.uids import base62_12
from lamindb.models.has_notes import HasNotes
from lamindb.models.sqlrecord import BaseSQLRecord
from lamindb.models.unique_name import HasUniqueName

if TYPE_CHECKING:
    from lamindb.models import User


class Space(HasUniqueName, BaseSQLRecord, HasNotes):
    """Spaces group records by permission; every record is in exactly one.

    Args:
        name: unique, whatever the case of its letters.
        description: free text.

    Example:
        >>> ln.Space(name="lab of cell biology").save()
    """

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(Lower("name"), name="unique_space_name_lower")]

    _init_params = ("name", "description")

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        if kwargs.get("uid") is None and kwargs.get("name") is not None:
            logger.warning(
                "spaces that are created by hand on %s databases group records, but do *not* affect access permissions",
                "sqlite" if connection.vendor == "sqlite" else "local",
            )
        return kwargs

    id: int = SmallAutoField(primary_key=True)
    name: str = CharField(max_length=100, db_index=True)
    uid: str = CharField(editable=False, unique=True, max_length=12, default=base62_12, db_index=True)
    description: str | None = TextField(null=True)
    created_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
    created_by: User | None = ForeignKey("lamindb.User", models.CASCADE, default=None, null=True, related_name="+")
