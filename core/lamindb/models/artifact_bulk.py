"""Many artifacts at once: made of what is known about files, numbered, inserted, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models, transaction

from lamindb.artifacts import moving, replacing, storing
from lamindb.base import context
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.uids import base62
from lamindb.models.versioning import FIRST_VERSION, increment_uid, lock_families, newest_uids

#: Attribute with the values that a stored artifact had when it was looked up.
_LOOKED_UP = "_as_looked_up"
#: What `save` does besides writing the row; artifacts that wait for it are saved one by one.
_PENDING = ("_features", "_curator", "_before_replacing")
_MOVING_FIELDS = ("key", "suffix", "space_id", "storage_id", "is_latest")


def make_prepared(registry: Any, fields: dict[str, Any], attributes: dict[str, Any]) -> Any:
    """Return an unsaved artifact of field values that need no further checks but those of lengths."""
    from lamindb.models.construction import _blank_database_defaults, add_context_defaults, check_lengths

    revises = fields.pop("_revises", None)
    add_context_defaults(registry, fields)
    check_lengths(registry, fields)
    artifact = registry.__new__(registry)
    models.Model.__init__(artifact, **fields)
    _blank_database_defaults(artifact)
    artifact.__dict__.update(attributes)
    if revises is not None:
        artifact._revises = revises
    return artifact


def number_versions(registry: Any, made: list[tuple[dict[str, Any], Any]]) -> None:
    """Fill the uids of field values: new families, or the next version of an artifact; at most one statement."""
    revised = {revises.stem_uid for _, revises in made if revises is not None}
    newest = newest_uids(registry, revised) if revised else {}
    for fields, revises in made:
        if revises is None:
            fields["uid"] = base62(registry._stem_length()) + FIRST_VERSION
            continue
        stem = revises.stem_uid
        newest[stem] = fields["uid"] = increment_uid(newest[stem])
        fields.update(description=revises.description, is_latest=True, _revises=revises)


def mark_looked_up(artifact: Any) -> None:
    """Remember the values of a stored artifact, so that saving it unchanged together with others does nothing."""
    artifact.__dict__.pop(_LOOKED_UP, None)
    artifact.__dict__[_LOOKED_UP] = tuple(artifact.__dict__.values())


def is_as_looked_up(artifact: Any) -> bool:
    """Tell whether an artifact is what `mark_looked_up` remembers."""
    remembered = artifact.__dict__.get(_LOOKED_UP)
    if remembered is None:
        return False
    now = tuple(value for name, value in artifact.__dict__.items() if name != _LOOKED_UP)
    return now == remembered


def needs_own_save(artifact: Any) -> bool:
    """Tell whether saving an artifact does more than to write its row and to store local data."""
    return any(artifact.__dict__.get(name) for name in _PENDING) or (
        artifact._state.adding and artifact.schema_id is not None
    )


def is_plain_update(artifact: Any) -> bool:
    """Tell whether saving a stored artifact only writes its row."""
    if artifact._state.adding or artifact._aux or artifact.__dict__.get("_local_source") is not None:
        return False
    original = artifact.__dict__.get("_original_values")
    if original is None or replacing.is_replaced(artifact) or needs_own_save(artifact):
        return False
    return all(original.get(name) == getattr(artifact, name) for name in _MOVING_FIELDS)


def check_new(artifact: Any) -> None:
    """Raise if a new artifact can't be saved."""
    moving.check_unsaved(artifact)
    if artifact.__dict__.get("_local_source") is not None:
        storing.check_managed(artifact.storage)


def insert_rows(artifacts: list[Any], insert: Callable[[list[Any]], None]) -> None:
    """Insert the rows of new artifacts in one transaction; if that fails, they count as unsaved again."""
    try:
        with transaction.atomic():
            _continue_families(artifacts)
            insert(artifacts)
            _link_project(artifacts)
    except BaseException:
        for artifact in artifacts:
            artifact.pk, artifact._state.adding = None, True
            artifact.__dict__.pop("_original_values", None)
        raise


def forget_rows(artifacts: list[Any]) -> None:
    """Take back the rows of artifacts whose data could not be stored."""
    with transaction.atomic():
        for artifact in artifacts:
            if not artifact._state.adding:
                artifact._forget_row()


def _continue_families(artifacts: list[Any]) -> None:
    """Make artifacts versions of the families that own their keys by now; one statement."""
    from lamindb.artifacts.families import lock_keys
    from lamindb.artifacts.folders import values_of

    registry = type(artifacts[0])
    new = [
        artifact
        for artifact in artifacts
        if artifact.key is not None
        and artifact.__dict__.get("_revises") is None
        and artifact.uid.endswith(FIRST_VERSION)
    ]
    if not new:
        return
    lock_keys(new)
    rows = registry.objects.filter(key__in=values_of([artifact.key for artifact in new])).exclude(
        branch_id=TRASH_BRANCH_ID
    )
    taken = {(row.storage_id, row.key): row for row in rows.order_by("created_at", "id")}
    if not taken:
        return
    revised = []
    for artifact in new:
        row = taken.get((artifact.storage_id, artifact.key))
        if row is not None and row.stem_uid != artifact.stem_uid and (row.hash is None or row.hash != artifact.hash):
            artifact._revises = row
            revised.append((artifact, row))
    lock_families(registry, {row.stem_uid for _, row in revised})
    newest = newest_uids(registry, {row.stem_uid for _, row in revised}) if revised else {}
    for artifact, row in revised:
        newest[row.stem_uid] = artifact.uid = increment_uid(newest[row.stem_uid])


def _link_project(artifacts: list[Any]) -> None:
    project = context.current_project_var.get()
    if project is not None:
        project.artifacts.add(*[artifact for artifact in artifacts if artifact.kind != "__lamindb_run__"])
