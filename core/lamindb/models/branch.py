"""Branches: where a record is visible (main, archive, trash, contributions)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Lower, Now

from lamindb.base.fields import (
    AutoField,
    BigAutoField,
    CharField,
    DateTimeField,
    ForeignKey,
    JSONField,
    SmallIntegerField,
    TextField,
)
from lamindb.base.uids import base62_12
from lamindb.base.users import current_user_id
from lamindb.models.has_emoji import HasEmoji
from lamindb.models.has_notes import HasNotes
from lamindb.models.has_status import HasStatus
from lamindb.models.link_bases import unique_link
from lamindb.models.sqlrecord import BaseSQLRecord, IsLink
from lamindb.models.unique_name import HasUniqueName

if TYPE_CHECKING:
    from lamindb.models import Project, Space, ULabel, User


class Branch(HasUniqueName, BaseSQLRecord, HasStatus, HasNotes, HasEmoji):
    """Branches hold contributions until they are merged; 1 is main, 0 the archive, -1 the trash.

    Args:
        name: unique, whatever the case of its letters.
        description: free text.

    Example:
        >>> branch = ln.Branch(name="my contribution").save()
        >>> branch.status = "review"
        >>> branch.save()
    """

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(Lower("name"), name="unique_branch_name_lower")]

    _init_params = ("name", "description")
    _inherits_space = False  # a branch is seen by everybody unless its space is given
    _status_codes = {"standalone": 0, "draft": 1, "review": 2, "merged": -1, "closed": -2}
    _default_status = "standalone"

    id: int = AutoField(primary_key=True)
    name: str = CharField(max_length=100, db_index=True)
    uid: str = CharField(editable=False, unique=True, max_length=12, default=base62_12, db_index=True)
    space: Space = ForeignKey("lamindb.Space", models.PROTECT, default=1, db_default=1, related_name="+")
    description: str | None = TextField(null=True)
    created_at: datetime = DateTimeField(editable=False, db_default=Now(), db_index=True)
    created_by: User = ForeignKey(
        "lamindb.User", models.PROTECT, editable=False, default=current_user_id, related_name="+"
    )
    users: User = models.ManyToManyField(
        "lamindb.User", through="lamindb.BranchUser", through_fields=("branch", "user"), related_name="branches"
    )
    ulabels: ULabel = models.ManyToManyField("lamindb.ULabel", through="lamindb.BranchULabel", related_name="branches")
    projects: Project = models.ManyToManyField(
        "lamindb.Project", through="lamindb.BranchProject", related_name="branches"
    )
    _status_code: int = SmallIntegerField(default=0, db_default=0, db_index=True)
    _aux: dict[str, Any] | None = JSONField(default=None, null=True)


class BranchUser(BaseSQLRecord, IsLink):
    """Users with a role on a branch, such as its reviewers."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("branchuser", "branch", "user", "role")

    id: int = BigAutoField(primary_key=True)
    branch: Branch = ForeignKey("lamindb.Branch", models.CASCADE, related_name="links_user")
    user: User = ForeignKey("lamindb.User", models.PROTECT, related_name="links_branch")
    role: str = CharField(max_length=32)


class BranchULabel(BaseSQLRecord, IsLink):
    """Labels of a branch."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("branchulabel", "branch", "ulabel")

    id: int = BigAutoField(primary_key=True)
    branch: Branch = ForeignKey("lamindb.Branch", models.CASCADE, related_name="links_ulabel")
    ulabel: ULabel = ForeignKey("lamindb.ULabel", models.PROTECT, related_name="links_branch")


class BranchProject(BaseSQLRecord, IsLink):
    """Projects of a branch."""

    class Meta(BaseSQLRecord.Meta):
        abstract = False
        constraints = unique_link("branchproject", "branch", "project")

    id: int = BigAutoField(primary_key=True)
    branch: Branch = ForeignKey("lamindb.Branch", models.CASCADE, related_name="links_project")
    project: Project = ForeignKey("lamindb.Project", models.PROTECT, related_name="links_branch")
