"""Transforms: versioned descriptions of code."""

from __future__ import annotations

import warnings
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Now

from lamindb.base.fields import AutoField, CharField, DateTimeField, ForeignKey, TextField
from lamindb.base.users import current_user_id
from lamindb.models.has_lineage import HasDeclaredOrder
from lamindb.models.has_notes import HasNotes
from lamindb.models.is_versioned import IsVersioned
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksUpdates, current_run

if TYPE_CHECKING:
    from lamindb.models import Artifact, Record, Run, ULabel, User


class Transform(SQLRecord, IsVersioned, TracksUpdates, HasNotes, HasDeclaredOrder):
    """Transforms: scripts, notebooks, functions and pipelines.

    Args:
        key: path-like name; transforms of one key are versions of each other.
        kind: `"pipeline"` (default), `"notebook"`, `"script"` or `"function"`.
        version: version tag.
        description: free text.
        reference: id or link in another system.
        reference_type: what kind of reference it is, such as `"url"`.
        source_code: text of the code.
        revises: any version of the family that the new one continues.
        skip_hash_lookup: make a new record even if one has the same source code.

    Raises:
        FieldValidationError: without key, or for an unknown kind.
        ValueError: if the version tag is taken by other source code.

    Example:
        >>> ln.Transform(key="Cell Ranger", version="7.2.0", kind="pipeline").save()
    """

    class Meta(SQLRecord.Meta, IsVersioned.Meta, TracksUpdates.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["key", "hash"], name="unique_transform_key_hash")]

    _name_field = "key"
    _init_params = (
        "key", "kind", "version", "description", "reference", "reference_type", "source_code", "revises", "skip_hash_lookup",
    )  # fmt: skip
    _hidden_params = ("type", "using_key")
    _choices = {"kind": ("pipeline", "notebook", "script", "function")}
    _query_aliases = {"type": "kind"}

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=16)
    key: str = CharField(max_length=1024, db_index=True)
    description: str | None = TextField(null=True)
    kind: str = CharField(max_length=20, db_index=True, default="pipeline")
    source_code: str | None = TextField(null=True)
    hash: str | None = CharField(max_length=22, db_index=True, null=True)
    reference: str | None = CharField(max_length=255, db_index=True, null=True)
    reference_type: str | None = CharField(max_length=25, db_index=True, null=True)
    environment: Artifact | None = ForeignKey(
        "lamindb.Artifact", models.CASCADE, null=True, default=None, related_name="_environment_of_transforms"
    )
    plan: Artifact | None = ForeignKey(
        "lamindb.Artifact", models.CASCADE, null=True, default=None, related_name="_plan_for_transforms"
    )
    created_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
    created_by: User = ForeignKey(
        "lamindb.User", models.PROTECT, editable=False, default=current_user_id, related_name="created_transforms"
    )
    run: Run | None = ForeignKey(
        "lamindb.Run", models.PROTECT, null=True, default=current_run, editable=False, related_name="output_transforms"
    )
    ulabels: ULabel = models.ManyToManyField(
        "lamindb.ULabel", through="lamindb.TransformULabel", related_name="transforms"
    )
    linked_in_records: Record = models.ManyToManyField(
        "lamindb.Record", through="lamindb.RecordTransform", related_name="linked_transforms"
    )
    predecessors: Transform = models.ManyToManyField(
        "self",
        through="lamindb.TransformTransform",
        through_fields=("successor", "predecessor"),
        symmetrical=False,
        related_name="successors",
    )

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        from lamindb.models.transform_versions import prepare_transform

        return prepare_transform(cls, kwargs)

    @classmethod
    def from_git(
        cls,
        url: str,
        path: str,
        key: str | None = None,
        version: str | None = None,
        entrypoint: str | None = None,
        branch: str | None = None,
        description: str | None = None,
        skip_hash_lookup: bool = False,
    ) -> Transform:
        """Make a transform of a file in a git repository, such as the main script of a pipeline.

        Args:
            url: https address of the repository; credentials in it are used and not stored.
            path: the file, from the root of the repository.
            key: key; default: `<owner>/<repository>/<path>`.
            version: tag or commit to check out; becomes the version tag. Together with the same `branch`, the transform follows that branch.
            entrypoint: what is called in the file.
            branch: branch to take the file from, without version; default: that of the remote's HEAD.
            description: free text.
            skip_hash_lookup: make a new record even if one stands for the same file of the same commit.

        Returns:
            The transform, not saved.

        Raises:
            AssertionError: if the address is no https address.
            FileNotFoundError: if the repository has no such file.
            RuntimeError: if the repository can't be fetched.
            ValueError: if there is no such version or branch.

        Example:
            >>> ln.Transform.from_git("https://github.com/openproblems-bio/task", "main.nf", version="1.0.0").save()  # doctest: +SKIP
        """
        from lamindb.models.transform_git import transform_from_git

        return transform_from_git(
            cls, url, path, key=key, version=version, entrypoint=entrypoint, branch=branch, description=description,
            skip_hash_lookup=skip_hash_lookup,
        )  # fmt: skip

    @classmethod
    def from_path(
        cls,
        path: Any,
        key: str | None = None,
        kind: str | None = None,
        version: str | None = None,
        description: str | None = None,
        skip_hash_lookup: bool = False,
    ) -> Transform:
        """Return the transform of a script or notebook, found as `ln.track()` finds it, and saved with its source code.

        Args:
            path: the file.
            key: key; default: the path in the dev-dir, else the name of the file.
            kind: kind; default: `"notebook"` for `.ipynb`, `.Rmd`, `.qmd`, else `"script"`.
            version: version tag.
            description: free text; default: the title of a notebook.
            skip_hash_lookup: make a new record even if one has the same source code.

        Raises:
            FileNotFoundError: if there is no such file.

        Example:
            >>> ln.Transform.from_path("scripts/qc.py")  # doctest: +SKIP
        """
        from importlib import import_module

        # tracking lies above the registries: it is looked up when it is called for, as the parts that plugins name
        tracking = import_module("lamindb.tracking.saving_code")
        return tracking.transform_of_path(
            path, key=key, kind=kind, version=version, description=description, skip_hash_lookup=skip_hash_lookup
        )

    @property
    def type(self) -> str:
        """Former name of `kind`."""
        warnings.warn("Use kind instead of type, type will be removed in the future.", DeprecationWarning, stacklevel=2)
        return self.kind

    @type.setter
    def type(self, value: str) -> None:
        warnings.warn("Use kind instead of type, type will be removed in the future.", DeprecationWarning, stacklevel=2)
        self.kind = value

    @property
    def name(self) -> str:
        """Last part of the key."""
        return self.key.rsplit("/", 1)[-1]

    @property
    def latest_run(self) -> Run | None:
        """The run that started last."""
        return self.runs.order_by("-started_at", "-id").first()
