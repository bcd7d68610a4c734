"""`Source`: one version of one vocabulary."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import PROTECT

from bionty import uids
from lamindb.base.fields import BooleanField, CharField, ForeignKey, TextField
from lamindb.models import Artifact, SQLRecord, TracksRun, TracksUpdates


class Source(SQLRecord, TracksRun, TracksUpdates):
    """One version of one public or own vocabulary.

    Args:
        entity: registry that it fills, such as `"bionty.CellType"`.
        name: short name, such as `"cl"`.
        version: such as `"2026-03-26"`.
        organism: name of an organism, or `"all"`.
        currently_used: whether it is the default of its entity and organism; there is only one.
        url: where it is published.

    Example:
        >>> bt.Source.filter(entity="bionty.CellType", currently_used=True).one()  # doctest: +SKIP
    """

    class Meta(SQLRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"
        unique_together = (("entity", "name", "organism", "version"),)

    _name_field: ClassVar[str] = "name"
    _inherits_space: ClassVar[bool] = False

    id: int = models.AutoField(primary_key=True)
    uid: str = CharField(max_length=8, unique=True, db_index=True, default=uids.source, editable=False)
    entity: str = CharField(max_length=255, db_index=True)
    organism: str = CharField(max_length=255, db_index=True)
    name: str = CharField(max_length=255, db_index=True)
    version: str = CharField(max_length=255, db_index=True)
    in_db: bool = BooleanField(default=False, db_default=False, db_index=True)
    currently_used: bool = BooleanField(default=False, db_default=False, db_index=True)
    description: str | None = TextField(null=True, db_index=True)
    url: str | None = TextField(null=True)
    md5: str | None = TextField(null=True)
    source_website: str | None = TextField(null=True)
    dataframe_artifact: Any = ForeignKey(
        "lamindb.Artifact", PROTECT, null=True, default=None, related_name="_source_dataframe_of"
    )
    artifacts: Any = models.ManyToManyField(Artifact, related_name="_source_artifact_of")

    @classmethod
    def _complete(cls, kwargs: dict[str, Any]) -> None:
        if kwargs.get("uid") is None:
            kwargs["uid"] = cls._uid_of(kwargs)

    @classmethod
    def _uid_of(cls, kwargs: dict[str, Any]) -> str:
        return uids.source("".join(str(kwargs.get(key) or "") for key in ("entity", "name", "organism", "version")))

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the source; one that is currently used takes this over from the others of its entity and organism.

        A new object for a source that exists becomes that source, with what it was given.
        """
        if self._state.adding:
            self._become_existing()
        if not self.currently_used:
            return super().save(*args, **kwargs)
        with transaction.atomic():
            super().save(*args, **kwargs)
            others = Source.filter(entity=self.entity, organism=self.organism, currently_used=True)
            others.exclude(pk=self.pk).update(currently_used=False)
        return self

    def _become_existing(self) -> None:
        existing = Source.objects.using("default").filter(uid=self.uid).first()
        if existing is None:
            return
        from lamindb.models.construction import _become

        names = ("currently_used", "url", "description", "source_website", "md5", "dataframe_artifact_id")
        given = {name: value for name in names if (value := getattr(self, name))}
        _become(self, existing)
        self.branch_id = 1  # also from the trash
        for name, value in given.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        return f"{self.name}, {self.version}"
