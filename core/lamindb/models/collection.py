"""Collections: versioned, ordered sets of artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from lamindb.base.fields import AutoField, CharField, ForeignKey, OneToOneField, TextField
from lamindb.base.uids import base62_20
from lamindb.models.collection_data import CollectionData
from lamindb.models.has_lineage import HasLineage
from lamindb.models.has_notes import HasNotes
from lamindb.models.is_versioned import IsVersioned
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates, current_run

if TYPE_CHECKING:
    from lamindb.annotation.labels import LabelManager
    from lamindb.models import Artifact, Record, Run, Schema, Transform, ULabel


class Collection(CollectionData, SQLRecord, IsVersioned, TracksRun, TracksUpdates, HasNotes, HasLineage):
    """Collections of artifacts.

    Args:
        artifacts: saved artifact or artifacts; may be the one positional argument.
        key: path-like name; collections of one key are versions of each other.
        description: free text.
        meta: artifact with data about the whole collection.
        reference: id or link in another system.
        reference_type: what kind of reference it is, such as `"url"`.
        run: run that made the collection (default: the active one; `False` for none).
        revises: any version of the family that the new one continues.
        schema: schema with which all artifacts were validated; new versions inherit it.
        skip_hash_lookup: make a new record even if one has the same artifacts.

    The content is a set: neither the order nor repetitions make another collection. The order of the first construction is kept.

    Raises:
        ValueError: if there are no artifacts, or unsaved ones.
        FieldValidationError: without key.
        ValidationError: if artifacts were not validated with the schema.

    Example:
        >>> ln.Collection([artifact1, artifact2], key="my-study").save()
    """

    class Meta(SQLRecord.Meta, IsVersioned.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["key", "hash"], name="unique_collection_key_hash_not_null")]

    _name_field = "key"
    _positional = ("artifacts",)
    _init_params = (
        "artifacts", "key", "description", "meta", "reference", "reference_type", "run", "revises", "schema", "branch", "space",
        "skip_hash_lookup",
    )  # fmt: skip
    _hidden_params = ("version", "_pending_artifacts", "_revised")

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=20, default=base62_20)
    key: str = CharField(db_index=True)
    description: str | None = TextField(null=True)
    hash: str | None = CharField(max_length=22, db_index=True, null=True)
    reference: str | None = CharField(max_length=255, db_index=True, null=True)
    reference_type: str | None = CharField(max_length=25, db_index=True, null=True)
    run: Run | None = ForeignKey(
        "lamindb.Run", models.PROTECT, null=True, default=current_run, editable=False, related_name="output_collections"
    )
    meta_artifact: Artifact | None = OneToOneField(
        "lamindb.Artifact", models.PROTECT, null=True, unique=True, related_name="_meta_of_collection"
    )
    schema: Schema | None = ForeignKey(
        "lamindb.Schema", models.PROTECT, null=True, default=None, related_name="validated_collections"
    )
    artifacts: Artifact = models.ManyToManyField(
        "lamindb.Artifact", through="lamindb.CollectionArtifact", related_name="collections"
    )
    input_of_runs: Run = models.ManyToManyField("lamindb.Run", related_name="input_collections")
    recreating_runs: Run = models.ManyToManyField("lamindb.Run", related_name="recreated_collections")
    ulabels: ULabel = models.ManyToManyField(
        "lamindb.ULabel", through="lamindb.CollectionULabel", related_name="collections"
    )
    linked_in_records: Record = models.ManyToManyField(
        "lamindb.Record", through="lamindb.RecordCollection", related_name="linked_collections"
    )
    _actions: Artifact = models.ManyToManyField("lamindb.Artifact", related_name="+")

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        from lamindb.models.collection_members import prepare_collection

        return prepare_collection(cls, kwargs)

    @property
    def _pending_artifacts(self) -> list[Any]:
        return self.__dict__.get("_artifacts_to_link", [])

    @_pending_artifacts.setter
    def _pending_artifacts(self, artifacts: list[Any]) -> None:
        self.__dict__["_artifacts_to_link"] = artifacts

    @classmethod
    def _after_bulk_save(cls, records: list[Collection]) -> None:
        from lamindb.models.collection_members import link_artifacts

        for collection in records:
            link_artifacts(collection)

    def save(self, *args: Any, **kwargs: Any) -> Collection:
        """Save the collection and, in the order in which they were passed, the links to its artifacts."""
        from lamindb.models.collection_members import check_schemas, link_artifacts

        pending, was_new = self._pending_artifacts, self._state.adding
        if was_new and self.schema_id is not None:
            check_schemas(self.schema, pending)
        try:
            with transaction.atomic():
                super().save(*args, **kwargs)
                if self.__dict__.get("_original_values", {}).get("branch_id", self.branch_id) != self.branch_id:
                    super().save()  # it became a record of the trash, which is taken out of it
                link_artifacts(self)
        except BaseException:
            self._pending_artifacts = pending
            if was_new:  # the row is gone with the transaction
                self._state.adding, self.pk = True, None
            raise
        return self

    @property
    def _revised(self) -> Any:
        return self.__dict__.get("_revised_version")

    @_revised.setter
    def _revised(self, revised: Any) -> None:
        self.__dict__["_revised_version"] = revised

    @property
    def name(self) -> str:
        """Last part of the key."""
        return self.key.rsplit("/", 1)[-1]

    @property
    def labels(self) -> LabelManager:
        """The labels of the collection, of all registries: `collection.labels.add(label, feature=…)`, `.get(feature)`, `.add_from(other)`."""
        from lamindb.annotation.labels import LabelManager

        return LabelManager(self)

    @property
    def transform(self) -> Transform | None:
        """The transform of the run that made the collection."""
        return self.run.transform if self.run is not None else None

    @property
    def ordered_artifacts(self) -> Any:
        """The artifacts in the order in which they were passed."""
        return self.artifacts.order_by("links_collection__id")

    @property
    def data_artifact(self) -> Artifact | None:
        """The first artifact."""
        return self.ordered_artifacts.first()
