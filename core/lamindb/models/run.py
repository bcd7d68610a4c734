"""Runs: executions of transforms, with their inputs, outputs and parameters."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Now

from lamindb.base.fields import (
    BigAutoField,
    BooleanField,
    CharField,
    DateTimeField,
    ForeignKey,
    JSONField,
    SmallIntegerField,
    TextField,
)
from lamindb.base.uids import base62_16
from lamindb.base.users import current_user_id
from lamindb.models import run_cleanup  # noqa: F401  (listens to deletions of runs)
from lamindb.models.has_lineage import HasLineage
from lamindb.models.has_notes import HasNotes
from lamindb.models.has_status import HasStatus
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates, current_run

if TYPE_CHECKING:
    from lamindb.annotation.feature_manager import FeatureManager
    from lamindb.models import Artifact, Collection, JsonValue, Record, Reference, Transform, ULabel, User

__all__ = ["Run", "TracksRun", "TracksUpdates", "current_run"]


class Run(SQLRecord, TracksUpdates, HasStatus, HasNotes, HasLineage):
    """Runs of transforms.

    Args:
        transform: saved transform; may be the one positional argument.
        name: name of the run.
        description: free text.
        entrypoint: function or command that was called.
        params: parameters, anything that JSON can express.
        reference: id or link in another system.
        reference_type: what kind of reference it is, such as `"url"`.
        initiated_by_run: run that started this one.
        plan: artifact with the plan that the run follows.
        report: artifact with the report of the run.
        status: `"scheduled"` (default) or `"started"`.

    Raises:
        TypeError: without transform.
        ValueError: if the transform is not saved.

    Example:
        >>> transform = ln.Transform(key="align.py").save()
        >>> run = ln.Run(transform, params={"threshold": 0.5}).save()
        >>> run.status
        'scheduled'
    """

    class Meta(SQLRecord.Meta, TracksUpdates.Meta):
        abstract = False

    _name_field = "started_at"
    _init_params = (
        "transform", "name", "description", "entrypoint", "params", "reference", "reference_type", "initiated_by_run", "plan",
        "report", "status",
    )  # fmt: skip
    _positional = ("transform",)
    _status_codes = {"scheduled": -3, "restarted": -2, "started": -1, "completed": 0, "errored": 1, "aborted": 2}
    _default_status = "scheduled"

    id: int = BigAutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=20, default=base62_16)
    name: str | None = CharField(max_length=150, null=True, db_index=True)
    description: str | None = TextField(null=True)
    transform: Transform = ForeignKey("lamindb.Transform", models.CASCADE, related_name="runs")
    entrypoint: str | None = CharField(max_length=255, null=True, db_index=True)
    started_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
    finished_at: datetime | None = DateTimeField(db_index=True, null=True, default=None)
    report: Artifact | None = ForeignKey(
        "lamindb.Artifact", models.PROTECT, null=True, default=None, related_name="_report_of"
    )
    environment: Artifact | None = ForeignKey(
        "lamindb.Artifact", models.PROTECT, null=True, default=None, related_name="_environment_of"
    )
    plan: Artifact | None = ForeignKey(
        "lamindb.Artifact", models.PROTECT, null=True, default=None, related_name="_plan_for_runs"
    )
    params: dict[str, Any] | None = JSONField(null=True)
    extra_data: Any = JSONField(null=True)
    reference: str | None = CharField(max_length=255, db_index=True, null=True)
    reference_type: str | None = CharField(max_length=25, db_index=True, null=True)
    cli_args: str | None = CharField(max_length=1024, null=True)
    created_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
    created_by: User = ForeignKey(
        "lamindb.User", models.CASCADE, editable=False, default=current_user_id, related_name="created_runs"
    )
    initiated_by_run: Run | None = ForeignKey(
        "lamindb.Run", models.CASCADE, null=True, default=None, related_name="initiated_runs"
    )
    _is_consecutive: bool | None = BooleanField(null=True)
    _status_code: int = SmallIntegerField(default=-3, db_index=True)
    json_values: JsonValue = models.ManyToManyField(
        "lamindb.JsonValue", through="lamindb.RunJsonValue", related_name="runs"
    )
    ulabels: ULabel = models.ManyToManyField("lamindb.ULabel", through="lamindb.RunULabel", related_name="runs")
    linked_artifacts: Artifact = models.ManyToManyField(
        "lamindb.Artifact", through="lamindb.RunArtifact", related_name="linked_by_runs"
    )
    linked_users: User = models.ManyToManyField(
        "lamindb.User", through="lamindb.RunUser", through_fields=("run", "value"), related_name="linked_by_runs"
    )
    linked_runs: Run = models.ManyToManyField(
        "lamindb.Run", symmetrical=False, through="lamindb.RunRun", through_fields=("run", "value"), related_name="linked_by_runs",
    )  # fmt: skip
    linked_transforms: Transform = models.ManyToManyField(
        "lamindb.Transform",
        through="lamindb.RunTransform",
        through_fields=("run", "value"),
        related_name="linked_by_runs",
    )
    linked_collections: Collection = models.ManyToManyField(
        "lamindb.Collection",
        through="lamindb.RunCollection",
        through_fields=("run", "value"),
        related_name="linked_by_runs",
    )
    linked_references: Reference = models.ManyToManyField(
        "lamindb.Reference",
        through="lamindb.RunReference",
        through_fields=("run", "value"),
        related_name="linked_by_runs",
    )
    artifacts: Artifact = models.ManyToManyField("lamindb.Artifact", through="lamindb.ArtifactRun", related_name="runs")
    linked_in_records: Record = models.ManyToManyField(
        "lamindb.Record", through="lamindb.RecordRun", related_name="linked_runs"
    )

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        transform = kwargs.get("transform")
        if transform is None and kwargs.get("transform_id") is None:
            raise TypeError("Pass transform parameter, e.g.: ln.Run(transform=ln.Transform(key='align.py').save())")
        if isinstance(transform, models.Model) and transform._state.adding:
            raise ValueError("Please save transform record before creating a run: transform.save()")
        status = kwargs.pop("status", None)
        if status is not None:
            if status not in ("scheduled", "started"):
                cls.status_code(status)
                raise ValueError(f"A new run is 'scheduled' or 'started', not {status!r}")
            kwargs["_status_code"] = cls.status_code(status)
        return kwargs

    @property
    def features(self) -> FeatureManager:
        """The feature values of the run: `run.features.add_values({"temperature": 21.5})`, `.get_values()`, …"""
        from lamindb.annotation.feature_manager import FeatureManager

        return FeatureManager(self)

    # shadows the mixin's property: people read the status of a run, while tracking sets it
    @property
    def status(self) -> str:
        """Status: scheduled, restarted, started, completed, errored or aborted."""
        names = {code: name for name, code in self._status_codes.items()}
        return names.get(self._status_code, self._default_status)

    def query_output_artifacts(self, include_recreated: bool = True) -> Any:
        """Return the artifacts that the run created.

        Args:
            include_recreated: also those that it created again with the same content.
        """
        from lamindb.base.registries import registry

        condition = models.Q(run=self)
        if include_recreated:
            condition |= models.Q(recreating_runs=self)
        return registry("Artifact").filter(condition).distinct()
