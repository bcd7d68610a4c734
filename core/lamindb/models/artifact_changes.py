"""New versions of artifacts whose data was changed where it lies: stores that are opened for writing and closed again."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from lamindb.artifacts import cached_copies
from lamindb.artifacts.content import read_content
from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.models.artifact_links import ArtifactJsonValue, ArtifactSchema
from lamindb.models.versioning import head_of_family, increment_uid


def register_change(artifact: Any, run: Any = None) -> None:
    """Make an artifact the next version of itself if its data isn't what it was registered with.

    The new version has the place, annotations, schema and number of observations of the former one, the hash and size of the data as it is now, and
    the current run. The object becomes the new version, so that whoever holds it reads what is there.

    Args:
        artifact: a saved artifact whose versions share one place in storage.
        run: the run that changed it; default: the current one.
    """
    content = _content(artifact)
    if content.hash is not None and content.hash == artifact.hash:
        return
    made = _next_version(artifact, content, run)
    former = copy.copy(artifact)
    with transaction.atomic():
        made.save()
        made.labels.add_from(former)
        for link, columns in ((ArtifactJsonValue, ("jsonvalue_id",)), (ArtifactSchema, ("schema_id", "slot"))):
            _copy_links(link, former.pk, made.pk, columns)
    cached_copies.discard(artifact)
    artifact.__dict__.clear()
    artifact.__dict__.update(made.__dict__)
    logger.important("the data was changed: it is now version %s of the artifact, %s", artifact.uid[-4:], artifact.uid)


def _content(artifact: Any) -> Any:
    path = artifact.path
    if isinstance(path, Path):
        # files are changed within the resolution of time stamps, which known hashes go by
        return read_content(path, verify=True)
    from lamindb.artifacts.remote_content import read_remote_content

    return read_remote_content(path)


def _next_version(artifact: Any, content: Any, run: Any) -> Any:
    made = copy.copy(artifact)
    for name in ("_prefetched_objects_cache", "_memory"):  # what was known of the former version
        made.__dict__.pop(name, None)
    made._state.adding, made.pk = True, None
    revises = head_of_family(artifact)
    made.uid = increment_uid(revises.uid)
    made.__dict__["_revises"] = revises
    made.version_tag, made.is_latest, made.created_at, made.updated_at = None, True, timezone.now(), timezone.now()
    made.size, made.hash, made._hash_type, made.n_files = (
        content.size, content.hash, content.hash_type, content.n_files,
    )  # fmt: skip
    made.n_observations = _count(artifact)
    run = context.current_run() if run is None else run
    made.run_id = run.id if run is not None else None
    made.created_by_id = context.current_user_id()
    return made


def _count(artifact: Any) -> int | None:
    """Return the number of observations as the format of the data counts them, else the one that was known."""
    from lamindb.plugins import manager

    data_format = manager.data_format_for_otype(artifact.otype) if artifact.otype else None
    counted = data_format.resolve("counter")(artifact.path) if data_format and data_format.counter else None
    return artifact.n_observations if counted is None else counted


def _copy_links(link: Any, source_id: int, target_id: int, columns: tuple[str, ...]) -> None:
    rows = link.objects.filter(artifact_id=source_id).values(*columns)
    link.objects.bulk_create([link(artifact_id=target_id, **row) for row in rows])
