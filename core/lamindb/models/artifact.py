"""Artifacts: files, folders and arrays in storage, with what is known about them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from lamindb.base.fields import AutoField, BigIntegerField, BooleanField, CharField, ForeignKey, JSONField, TextField
from lamindb.base.users import current_user_id
from lamindb.models.artifact_data import ArtifactData
from lamindb.models.artifact_set import ArtifactSet
from lamindb.models.has_lineage import HasLineage
from lamindb.models.has_notes import HasNotes
from lamindb.models.is_versioned import IsVersioned
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates, current_run

if TYPE_CHECKING:
    from lamindb.annotation.feature_manager import FeatureManager
    from lamindb.annotation.labels import LabelManager
    from lamindb.models import JsonValue, Record, Run, Schema, Storage, Transform, User

#: Key in `_aux` that says that the bytes of an artifact are still on their way.
_STORAGE_ONGOING = "so"


class Artifact(ArtifactData, SQLRecord, IsVersioned, TracksRun, TracksUpdates, HasNotes, HasLineage):
    """Artifacts: datasets, models and other files or folders."""

    class Meta(SQLRecord.Meta, IsVersioned.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["storage", "key", "hash"],
                name="unique_artifact_storage_key_hash_not_null",
                condition=Q(key__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["storage", "hash"], name="unique_artifact_storage_hash_null_key", condition=Q(key__isnull=True)
            ),
        ]

    _name_field = "key"
    _query_set_mixin = ArtifactSet
    _TRACK_FIELDS = ("space_id", "is_latest", "suffix", "key", "storage_id")
    _query_aliases = {"transform": "run__transform", "feature_sets": "schemas"}
    _deprecated_aliases = ("feature_sets",)

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=20)
    key: str | None = CharField(max_length=1024, db_index=True, null=True)
    _real_key: str | None = CharField(max_length=1024, db_index=True, null=True)
    description: str | None = TextField(null=True)
    storage: Storage = ForeignKey("lamindb.Storage", models.PROTECT, related_name="artifacts", editable=False)
    suffix: str = CharField(max_length=30, db_index=True, editable=False)
    kind: str | None = CharField(max_length=20, db_index=True, null=True)
    otype: str | None = CharField(max_length=64, db_index=True, null=True)
    size: int | None = BigIntegerField(db_index=True, null=True, editable=False)
    hash: str | None = CharField(max_length=22, db_index=True, null=True, editable=False)
    n_files: int | None = BigIntegerField(db_index=True, null=True, editable=False)
    n_observations: int | None = BigIntegerField(db_index=True, null=True, editable=False)
    _hash_type: str | None = CharField(max_length=30, db_index=True, null=True, editable=False)
    run: Run | None = ForeignKey(
        "lamindb.Run", models.PROTECT, null=True, default=current_run, editable=False, related_name="output_artifacts"
    )
    schema: Schema | None = ForeignKey(
        "lamindb.Schema", models.PROTECT, null=True, default=None, related_name="validated_artifacts"
    )
    created_by: User = ForeignKey(
        "lamindb.User", models.PROTECT, editable=False, default=current_user_id, related_name="created_artifacts"
    )
    extra_data: Any = JSONField(null=True)
    _key_is_virtual: bool = BooleanField()
    _overwrite_versions: bool = BooleanField()
    input_of_runs: Run = models.ManyToManyField("lamindb.Run", related_name="input_artifacts")
    recreating_runs: Run = models.ManyToManyField("lamindb.Run", related_name="recreated_artifacts")
    schemas: Schema = models.ManyToManyField(
        "lamindb.Schema", through="lamindb.ArtifactSchema", related_name="artifacts"
    )
    json_values: JsonValue = models.ManyToManyField(
        "lamindb.JsonValue", through="lamindb.ArtifactJsonValue", related_name="artifacts"
    )
    artifacts: Artifact = models.ManyToManyField(
        "self",
        through="lamindb.ArtifactArtifact",
        through_fields=("artifact", "value"),
        symmetrical=False,
        related_name="linked_by_artifacts",
    )
    linked_in_records: Record = models.ManyToManyField(
        "lamindb.Record", through="lamindb.RecordArtifact", related_name="linked_artifacts"
    )
    _actions: Artifact = models.ManyToManyField("self", symmetrical=False, related_name="_action_targets")

    @property
    def labels(self) -> LabelManager:
        """The labels of the artifact, of all registries: `artifact.labels.add(label, feature=…)`, `.get(feature)`, `.add_from(other)`."""
        from lamindb.annotation.labels import LabelManager

        return LabelManager(self)

    @property
    def features(self) -> FeatureManager:
        """The feature values of the artifact: `artifact.features.add_values({"temperature": 21.5})`, `.get_values()`, …"""
        from lamindb.annotation.feature_manager import FeatureManager

        return FeatureManager(self)

    @property
    def transform(self) -> Transform | None:
        """The transform of the run that created the artifact."""
        return self.run.transform if self.run is not None else None

    @property
    def overwrite_versions(self) -> bool:
        """Whether all versions share one place in storage."""
        return self._overwrite_versions

    @property
    def feature_sets(self) -> Any:
        """Former name of `schemas`."""
        warnings.warn(
            "Use schemas instead of feature_sets, feature_sets will be removed.", DeprecationWarning, stacklevel=2
        )
        return self.schemas

    @property
    def _storage_ongoing(self) -> bool:
        return bool(self._aux and self._aux.get(_STORAGE_ONGOING))

    @_storage_ongoing.setter
    def _storage_ongoing(self, value: bool) -> None:
        aux = dict(self._aux or {})
        aux.pop(_STORAGE_ONGOING, None)
        if value:
            aux[_STORAGE_ONGOING] = 1
        self._aux = aux or None
