"""Blocks: versioned markdown texts (readmes) and comments, attached to records or free-standing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.functions import Now

from lamindb.base.fields import (
    BigAutoField,
    CharField,
    DateTimeField,
    ForeignKey,
    IntegerField,
    JSONField,
    SmallIntegerField,
    TextField,
)
from lamindb.base.users import current_user_id
from lamindb.models.is_versioned import IsVersioned
from lamindb.models.sqlrecord import BaseSQLRecord, SQLRecord

if TYPE_CHECKING:
    from lamindb.models import (
        Artifact,
        Branch,
        Collection,
        Feature,
        Project,
        Record,
        Run,
        Schema,
        Space,
        Transform,
        ULabel,
        User,
    )

_KINDS = ("readme", "comment")


class BaseBlock(IsVersioned):
    """What all blocks have: content, its hash, kind and version."""

    class Meta(IsVersioned.Meta):
        abstract = True

    id: int = BigAutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=20)
    content: str = TextField(default="")
    hash: str | None = CharField(max_length=22, db_index=True, null=True)
    kind: str = CharField(max_length=22, db_index=True, default="readme", db_default="readme")
    created_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
    created_by: User = ForeignKey(
        "lamindb.User", models.PROTECT, editable=False, default=current_user_id, related_name="+"
    )
    _status_code: int = SmallIntegerField(default=0, db_default=0, db_index=True)
    _aux: dict[str, Any] | None = JSONField(default=None, null=True)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the block; its hash follows the content."""
        from lamindb.models.block_versions import hash_of_content

        self.hash = hash_of_content(self.content)
        return super().save(*args, **kwargs)


class Block(BaseBlock, SQLRecord):
    """Free-standing markdown text.

    Args:
        key: `README.md`, or the name under which a registry shows it, such as `__lamindb_artifact__`.
        content: markdown.
        kind: `"readme"`.
        version: version tag.
        revises: any version of the family that the new one continues.
        anchor: block that this one belongs to.

    Example:
        >>> ln.models.Block(key="README.md", content="# My project").save()
    """

    class Meta(BaseBlock.Meta, SQLRecord.Meta):
        abstract = False

    _name_field = "key"
    _init_params = ("key", "content", "kind", "version", "revises", "anchor")

    key: str | None = CharField(max_length=1024, db_index=True, null=True)
    anchor: Block | None = ForeignKey("self", models.PROTECT, null=True, default=None, related_name="children")

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        from lamindb.models.block_versions import prepare_block

        return prepare_block(cls, kwargs)


class AttachedBlock(BaseBlock, BaseSQLRecord):
    """A readme or comment of a record; it has no trash.

    Args:
        kind: `"readme"` (versioned) or `"comment"`.
        content: markdown.
        version: version tag.
        revises: any version of the readme that the new one continues.
    """

    class Meta(BaseBlock.Meta, BaseSQLRecord.Meta):
        abstract = True

    _inherits_space = False
    #: Name of the field of the record that the block belongs to.
    _subject: ClassVar[str]

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        from lamindb.models.block_versions import prepare_attached_block

        return prepare_attached_block(cls, kwargs)


class _OnBranch(models.Model):
    """Adds the branch to blocks of other records than branches."""

    class Meta:
        abstract = True

    branch: Branch = ForeignKey("lamindb.Branch", models.PROTECT, default=1, db_default=1, related_name="+")
    created_on: Branch = ForeignKey(
        "lamindb.Branch", models.PROTECT, default=1, db_default=1, related_name="+", editable=False
    )


def _params(subject: str, *more: str) -> tuple[str, ...]:
    return tuple(sorted([subject, "content", "kind", "version", "revises", "branch", "created_on", "uid", *more]))


class RecordBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of a record."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "record"
    _init_params = _params("record")

    record: Record = ForeignKey("lamindb.Record", models.CASCADE, related_name="ablocks")


class ArtifactBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of an artifact."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "artifact"
    _init_params = _params("artifact")

    artifact: Artifact = ForeignKey("lamindb.Artifact", models.CASCADE, related_name="ablocks")


class RunBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of a run."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "run"
    _init_params = _params("run")

    run: Run = ForeignKey("lamindb.Run", models.CASCADE, related_name="ablocks")


class SchemaBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of a schema."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "schema"
    _init_params = _params("schema")

    schema: Schema = ForeignKey("lamindb.Schema", models.CASCADE, related_name="ablocks")


class FeatureBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of a feature."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "feature"
    _init_params = _params("feature")

    feature: Feature = ForeignKey("lamindb.Feature", models.CASCADE, related_name="ablocks")


class ProjectBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of a project."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "project"
    _init_params = _params("project")

    project: Project = ForeignKey("lamindb.Project", models.CASCADE, related_name="ablocks")


class SpaceBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of a space."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "space"
    _init_params = _params("space")

    space: Space = ForeignKey("lamindb.Space", models.CASCADE, related_name="ablocks")


class ULabelBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of a label."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "ulabel"
    _init_params = _params("ulabel")

    ulabel: ULabel = ForeignKey("lamindb.ULabel", models.CASCADE, related_name="ablocks")


class TransformBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of a transform."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "transform"
    _init_params = _params("transform", "line_number")

    transform: Transform | None = ForeignKey(
        "lamindb.Transform", models.CASCADE, null=True, default=None, related_name="ablocks"
    )
    line_number: int | None = IntegerField(null=True, default=None)


class CollectionBlock(AttachedBlock, _OnBranch):
    """Readmes and comments of a collection."""

    class Meta(AttachedBlock.Meta, _OnBranch.Meta):
        abstract = False

    _subject = "collection"
    _init_params = _params("collection")

    collection: Collection | None = ForeignKey(
        "lamindb.Collection", models.CASCADE, null=True, default=None, related_name="ablocks"
    )


class BranchBlock(AttachedBlock):
    """Readmes and comments of a branch."""

    class Meta(AttachedBlock.Meta):
        abstract = False

    _subject = "branch"
    _init_params = tuple(name for name in _params("branch") if name != "created_on")
    _inherits_branch = False
    _default_branch_filter = False  # the branch is the subject, not where the block lives

    branch: Branch = ForeignKey("lamindb.Branch", models.CASCADE, related_name="ablocks")
