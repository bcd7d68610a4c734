"""Simple feature values (numbers, texts, dates …) that artifacts and runs share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.base.fields import BigAutoField, CharField, ForeignKey, JSONField
from lamindb.models.link_bases import unique_link
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun

if TYPE_CHECKING:
    from lamindb.models import Feature


class JsonValue(SQLRecord, TracksRun):
    """Values of features with a simple dtype, stored once for each feature and value.

    Example:
        >>> value, existed = ln.models.JsonValue.get_or_create(feature, 3.5)
    """

    class Meta(SQLRecord.Meta, TracksRun.Meta):
        abstract = False
        constraints = unique_link("jsonvalue", "hash", nullable="feature")

    _name_field = "value"

    id: int = BigAutoField(primary_key=True)
    feature: Feature | None = ForeignKey(
        "lamindb.Feature", models.CASCADE, null=True, default=None, related_name="values"
    )
    value: Any = JSONField()
    hash: str | None = CharField(max_length=22, null=True, db_index=True)

    @staticmethod
    def hash_of(value: Any) -> str:
        """Return the hash by which equal values are recognised."""
        from lamindb.storage.hashing import hash_dict, hash_string

        return hash_dict(value) if isinstance(value, dict) else hash_string(str(value))

    @classmethod
    def get_or_create(cls, feature: Feature, value: Any) -> tuple[JsonValue, bool]:
        """Return the saved value of a feature.

        Returns:
            The record, and whether it was there before.

        Example:
            >>> ln.models.JsonValue.get_or_create(feature, "x")[1]
            False
        """
        hash = cls.hash_of(value)
        existing = cls.objects.filter(feature=feature, hash=hash).first()
        if existing is not None:
            return existing, True
        made = cls(feature=feature, value=value, hash=hash)
        # another process may insert the same value right now: the database decides, without an error in our transaction
        cls.objects.bulk_create([made], ignore_conflicts=True)
        stored = cls.objects.get(feature=feature, hash=hash)
        return stored, stored.created_at != made.created_at
