"""Read-only view of the migrations that were applied to the database."""

from __future__ import annotations

from datetime import datetime

from lamindb.base.fields import BigAutoField, CharField, DateTimeField
from lamindb.models.sqlrecord import BaseSQLRecord


class Migration(BaseSQLRecord):
    """Migrations that were applied to the database of this instance.

    Example:
        >>> ln.models.Migration.filter(app="lamindb").to_dataframe()
    """

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        managed = False
        db_table = "django_migrations"

    id: int = BigAutoField(primary_key=True)
    app: str = CharField()
    name: str = CharField()
    applied: datetime = DateTimeField()
