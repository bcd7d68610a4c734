"""Mixin for registries whose records come in versions: a family shares the stem of the uid."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from lamindb.base.fields import BooleanField, CharField
from lamindb.base.uids import VERSION_LENGTH


class IsVersioned(models.Model):
    """Adds `version_tag`, `is_latest` and the family of versions."""

    class Meta:
        abstract = True

    _is_versioned: ClassVar[bool] = True

    version_tag: str | None = CharField(max_length=30, null=True, db_index=True)
    is_latest: bool = BooleanField(default=True, db_index=True)

    @classmethod
    def _stem_length(cls) -> int:
        return cls._meta.get_field("uid").max_length - VERSION_LENGTH  # type: ignore[union-attr, operator]

    @property
    def stem_uid(self) -> str:
        """The part of the uid that all versions share."""
        return self.uid[: self._stem_length()]  # type: ignore[attr-defined]

    @property
    def version(self) -> str:
        """The version tag, or the last four characters of the uid."""
        return self.version_tag or self.uid[-VERSION_LENGTH:]  # type: ignore[attr-defined]

    @version.setter
    def version(self, value: str | None) -> None:
        from lamindb.models.versioning import check_version_tag

        check_version_tag(value)
        self.version_tag = value

    @property
    def versions(self) -> Any:
        """All versions of the family on the record's database, newest first."""
        from lamindb.models.versioning import family
        from lamindb.query.query_set import scoped_to_default_branches

        return scoped_to_default_branches(family(type(self), self.stem_uid, self._state.db)).order_by(
            "-created_at", "-id"
        )

    def _settle_family(self) -> None:
        """Called in the transaction that inserts this record, before it is numbered: registries find out here which family it continues."""

    def _add_to_version_family(self, revises: Any, version_tag: str | None = None) -> None:
        """Make this saved record the newest version of another family: it gets a new uid."""
        from lamindb.models.versioning import join_family

        join_family(self, revises, version_tag)
