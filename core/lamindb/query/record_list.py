"""`SQLRecordList`: an ordered list of records with the conveniences of a query set."""

from __future__ import annotations

import warnings
from collections import UserList
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


class SQLRecordList(UserList):
    """Records in a fixed order; saved or not. It can't be filtered.

    Args:
        records: the records; a list is taken as it is, not copied.

    Example:
        >>> ln.models.SQLRecordList([label1, label2]).save()
    """

    def __init__(self, records: Iterable[Any] = ()) -> None:
        if isinstance(records, SQLRecordList):
            records = records.data
        self.data = records if isinstance(records, list) else list(records)

    def to_list(self, field: Any = None) -> list[Any]:
        """Return the records, or the values of one field, as a list."""
        if field is None:
            return list(self.data)
        name = getattr(getattr(field, "field", None), "name", field)
        return [getattr(record, name) for record in self.data]

    def to_dataframe(self) -> pd.DataFrame:
        """Return the records as a data frame with the columns of `QuerySet.to_dataframe`, in the order of the list."""
        from lamindb.query.dataframe import frame_of_records

        return frame_of_records(self.data)

    def df(self) -> pd.DataFrame:
        """Former name of `to_dataframe`."""
        warnings.warn(
            "Use to_dataframe instead of df, df will be removed in the future.", DeprecationWarning, stacklevel=2
        )
        return self.to_dataframe()

    def one(self) -> Any:
        """Return the only record.

        Raises:
            ObjectDoesNotExist: if the list is empty.
            MultipleObjectsReturned: if it holds several.
        """
        from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist

        if not self.data:
            raise ObjectDoesNotExist("This list holds no record, one was expected")
        if len(self.data) > 1:
            raise MultipleObjectsReturned(f"This list holds {len(self.data)} records, one was expected")
        return self.data[0]

    def save(self) -> SQLRecordList:
        """Save all records in bulk, as `ln.save` does, and return the list."""
        from importlib import import_module

        # the bulk save belongs to the room above; only this convenience on a list needs it
        import_module("lamindb.models.bulk").save(self.data)
        return self
