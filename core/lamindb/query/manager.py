"""Managers of registries and of relations between them; Django builds `record.relation` from the class of the default manager."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from django.db import models

from lamindb.query.query_set import BasicQuerySet, query_set_class

if TYPE_CHECKING:
    import pandas as pd

#: Name that Django gives to the classes of many-to-many managers.
_MANY_RELATED_MANAGER = "ManyRelatedManager"


class QueryManager(models.Manager):
    """`Registry.objects` and relations such as `label.children`: all records, on every branch."""

    # relations of records that are loaded through it follow Django's rules for managers of related objects
    use_in_migrations = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__name__ == _MANY_RELATED_MANAGER:  # Django makes one for each many-to-many relation
            _explain_unsaved_records(cls)

    def get_queryset(self) -> Any:
        kind = query_set_class(BasicQuerySet, self.model)
        return kind(model=self.model, using=self._db, hints=self._hints)

    def to_list(self, field: Any = None) -> list[Any]:
        """Return the records, or the values of one field, as a list."""
        return self.get_queryset().to_list(field)

    def to_dataframe(self, **kwargs: Any) -> pd.DataFrame:
        """Return the records as a data frame; see `QuerySet.to_dataframe`."""
        return self.get_queryset().to_dataframe(**kwargs)

    def df(self, **kwargs: Any) -> pd.DataFrame:
        """Former name of `to_dataframe`."""
        warnings.warn(
            "Use to_dataframe instead of df, df will be removed in the future.", DeprecationWarning, stacklevel=2
        )
        return self.get_queryset().to_dataframe(**kwargs)

    def one(self) -> Any:
        """Return the only record; see `QuerySet.one`."""
        return self.get_queryset().one()

    def one_or_none(self) -> Any:
        """Return the only record or `None`; see `QuerySet.one_or_none`."""
        return self.get_queryset().one_or_none()

    def search(self, string: str, *, field: Any = None, limit: int | None = 20, case_sensitive: bool = False) -> Any:
        """Search the records; see `QuerySet.search`."""
        return self.get_queryset().search(string, field=field, limit=limit, case_sensitive=case_sensitive)

    def lookup(self, field: Any = None, return_field: Any = None, keep: Any = "first") -> Any:
        """Return a named tuple of the records; see `QuerySet.lookup`."""
        return self.get_queryset().lookup(field=field, return_field=return_field, keep=keep)

    def describe(self, return_str: bool = False) -> str | None:
        """Print the fields and relations of the registry."""
        return self.get_queryset().describe(return_str=return_str)


def _explain_unsaved_records(manager_class: Any) -> None:
    """Let the managers of many-to-many relations say what to do about a record that is not saved."""
    initialise = manager_class.__init__

    def __init__(self: Any, instance: Any = None) -> None:
        if instance is not None and instance.pk is None:
            raise ValueError(
                f"You are trying to access the many-to-many relationships of an unsaved {type(instance).__name__} object. "
                "Please save it first using '.save()'."
            )
        initialise(self, instance)

    manager_class.__init__ = __init__


RelatedManager = QueryManager
