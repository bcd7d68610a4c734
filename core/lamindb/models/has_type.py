"""Mixin for registries whose records are organised by types (which are records of the same registry)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.base.fields import BooleanField
from lamindb.errors import ValidationError
from lamindb.models.has_emoji import HasEmoji

if TYPE_CHECKING:
    from lamindb.models.type_settings import TypeSettings


class HasType(HasEmoji, models.Model):
    """Adds `is_type`, queries along the `type` hierarchy, and refuses cycles."""

    class Meta:
        abstract = True

    is_type: bool = BooleanField(default=False, db_default=False, db_index=True)

    def query_types(self) -> Any:
        """Return the record's type, that type's type, and so on, nearest first.

        The list stops before the first ancestor outside of the current branch and main.

        Example:
            >>> ln.ULabel.get(name="batch 1").query_types()
        """
        from lamindb.query.hierarchy import ancestors_by_type
        from lamindb.query.query_set import SQLRecordList

        return SQLRecordList(ancestors_by_type(self))

    @property
    def settings(self) -> TypeSettings:
        """What this type says about its records, such as `settings.single_space`."""
        from lamindb.models.type_settings import TypeSettings

        return TypeSettings(self)

    def _query_descendants(self, depth: int | None = None) -> Any:
        """Return all records below this type (types and others), through visible records only."""
        from lamindb.query.hierarchy import descendants_by_type

        return descendants_by_type(self, depth)

    def __getattr__(self, name: str) -> Any:
        # query_ulabels, query_records, …: the plural of the registry
        if name == f"query_{type(self).__name__.lower()}s":
            return self._query_descendants
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def check_no_cycle(record: Any) -> None:
    """Raise `ValidationError` if the record's type is the record itself or one of its descendants."""
    registry = type(record)
    parent_id, seen = record.type_id, {record.pk}
    while parent_id is not None:
        if parent_id in seen:
            raise ValidationError(
                f"Cannot set type of {registry.__name__} '{getattr(record, 'name', record.pk)}': this would create a cycle, "
                "because its type is the record itself or one of its descendants"
            )
        seen.add(parent_id)
        parent_id = (
            registry.objects.using(record._state.db).filter(pk=parent_id).values_list("type_id", flat=True).first()
        )
