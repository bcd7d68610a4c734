"""Which collection a constructor call means, and the links between a collection and its artifacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from lamindb.artifacts.link_rows import insert_links
from lamindb.artifacts.run_inputs import inputs_among, track_run_inputs
from lamindb.base import context
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.base.registries import registry as registry_called
from lamindb.base.settings import tracking_settings
from lamindb.errors import ValidationError
from lamindb.models.versioning import family, start_version
from lamindb.query.record_list import SQLRecordList
from lamindb.storage.hashing import hash_set


def prepare_collection(registry: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Translate the arguments of `Collection(...)` to field values, or to `_existing` for a stored collection.

    Raises:
        ValueError: if `artifacts` are no saved artifacts.
    """
    artifacts = kwargs.pop("artifacts", None)
    meta = kwargs.pop("meta", None)
    skip_hash_lookup = kwargs.pop("skip_hash_lookup", False)
    revises = kwargs.pop("revises", None)
    version = kwargs.pop("version", None) or kwargs.pop("version_tag", None)
    kwargs.pop("version_tag", None)
    _resolve_run(kwargs)
    if meta is not None:
        kwargs["meta_artifact"] = meta
    _check_meta(kwargs.get("meta_artifact"))
    members = check_artifacts(artifacts)
    if kwargs.get("schema") is not None:
        check_schemas(kwargs["schema"], [])  # before anything is compared with it
    kwargs["hash"] = hash_of_artifacts(members)
    continues = revises
    if revises is None and kwargs.get("key") is not None:
        revises = registry.filter(key=kwargs["key"], is_latest=True).order_by("-created_at", "-id").first()
    if not skip_hash_lookup:
        known = registry.objects.filter(hash=kwargs["hash"]).exclude(branch_id=TRASH_BRANCH_ID)
        if isinstance(continues, registry):  # who names a collection gets a version of it, and no other one
            known = known.filter(pk__in=family(registry, continues.stem_uid).values("pk"))
        same = known.order_by("id").first()
        if same is not None:
            return _existing(same, kwargs)
    start_version(registry, kwargs, revises=revises, version=version)
    if revises is not None and kwargs.get("schema") is None:
        kwargs["schema"] = revises.schema
    check_schemas(kwargs.get("schema"), members)
    kwargs["_pending_artifacts"], kwargs["_revised"] = members, revises
    return kwargs


def check_artifacts(artifacts: Any) -> list[Any]:
    """Return saved artifacts as a list.

    Raises:
        ValueError: for anything else.
    """
    artifact_class = registry_called("Artifact")
    if isinstance(artifacts, artifact_class):
        artifacts = [artifacts]
    if isinstance(artifacts, models.QuerySet) and not artifacts.ordered:
        is_final = artifacts.query.is_sliced or artifacts.query.combinator
        artifacts = artifacts if is_final else artifacts.order_by("pk")
    if not isinstance(artifacts, list | tuple | SQLRecordList | models.QuerySet):
        raise ValueError(f"Artifact or list[Artifact] is allowed, not {type(artifacts).__name__}")
    members = list(artifacts)
    if not members:
        raise ValueError("A collection needs at least one artifact, but the list is empty")
    for member in members:
        if not isinstance(member, artifact_class):
            raise ValueError(f"Artifact or list[Artifact] is allowed, but the list holds {member!r}")
    unsaved = [member for member in members if member._state.adding]
    if unsaved:
        raise ValueError(
            f"Not all artifacts are yet saved, please save them: call .save() on {len(unsaved)} of them, e.g. on {unsaved[0]}"
        )
    return members


def hash_of_artifacts(artifacts: Iterable[Any]) -> str:
    """Return the hash of the set of artifacts' hashes; the uid stands in for an artifact without hash."""
    hashes = [artifact.hash or artifact.uid for artifact in artifacts]
    repeated = sorted(hash for hash, count in Counter(hashes).items() if count > 1)
    if repeated:
        logger.warning("your collection contains artifacts with non-unique hashes: %s", repeated)
    return hash_set(hashes)


def check_schemas(schema: Any, artifacts: Sequence[Any]) -> None:
    """Raise `ValidationError` unless all artifacts were validated with the schema of their collection."""
    if schema is None:
        return
    if not isinstance(schema, registry_called("Schema")):
        raise ValueError(
            f"schema has to be a Schema, not {type(schema).__name__} {schema!r}: see ln.Schema.to_dataframe()"
        )
    others = [artifact for artifact in artifacts if artifact.schema_id != schema.pk]
    if others:
        named = ", ".join(artifact.key or artifact.uid for artifact in others[:5]) + (", …" if len(others) > 5 else "")
        raise ValidationError(
            f"Artifact schemas do not match the collection schema {schema.name or schema.uid!r}: {len(others)} of "
            f"{len(artifacts)} artifacts were not validated with it: {named}. Save them with schema=… first, or leave out the schema"
        )


def link_artifacts(collection: Any) -> None:
    """Link the artifacts that were passed to the constructor, in their order; existing links stay. They become inputs of the run."""
    pending = collection.__dict__.pop("_artifacts_to_link", None)
    revised = collection.__dict__.pop("_revised_version", None)
    if not pending:
        return
    artifact_ids = dict.fromkeys(artifact.pk for artifact in pending)
    insert_links(
        type(collection).artifacts.through,
        "artifact",
        artifact_ids,
        collection=collection.pk,
        run=collection.run_id,
        created_by=collection.created_by_id,
    )
    if collection.run_id is None or not tracking_settings.track_run_inputs:
        return
    track_run_inputs(pending, collection.run)
    if revised is not None:
        track_run_inputs([revised], collection.run)


def refuse_changes(action: str, **_: Any) -> None:
    """Raise for changes of the artifacts of a saved collection, whose hash would not be theirs any more."""
    if action.startswith("pre_"):
        raise ValueError(
            "The artifacts of a saved collection don't change: make a new version with collection.append(artifact).save(), "
            "or with ln.Collection(artifacts, key=collection.key).save()"
        )


class DifferentSchema(ValidationError, AssertionError):
    """The same artifacts are a collection with another schema already."""


def _resolve_run(kwargs: dict[str, Any]) -> None:
    """Without a run the current one counts; `False` stands for none."""
    run = kwargs.get("run")
    if run is False:
        kwargs["run"] = None
    elif run is None and kwargs.get("run_id") is None:
        kwargs["run"] = context.current_run()
    elif run is None:
        kwargs["run"] = registry_called("Run").objects.get(pk=kwargs.pop("run_id"))


def _check_meta(meta: Any) -> None:
    if meta is None:
        return
    if not isinstance(meta, registry_called("Artifact")):
        raise ValueError(f"meta_artifact has to be an Artifact, not {type(meta).__name__}")
    if meta._state.adding:
        raise ValueError("The meta artifact is not saved: call .save() on it before constructing the collection")


def _existing(same: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    logger.warning(
        "returning collection with same hash: %s; to use it as an input of the run, query it: ln.Collection.get('%s')",
        same,
        same.uid,
    )
    if kwargs.get("key") not in (None, same.key):
        logger.warning("key %s differs from the existing key %s, keeping the existing one", kwargs["key"], same.key)
    schema = kwargs.get("schema")
    if schema is not None and same.schema_id != schema.pk:
        raise DifferentSchema(
            f"The collection {same.uid} has the same artifacts, but "
            f"{'no schema' if same.schema_id is None else f'the schema {same.schema.name or same.schema.uid!r}'}, "
            f"not {schema.name or schema.uid!r}: pass skip_hash_lookup=True to make another collection"
        )
    run = kwargs["run"]
    if run is not None and same.run_id != run.id and not inputs_among([same], run):
        if same.run_id is None:
            registry_called("Collection").objects.filter(pk=same.pk).update(run=run)
            same.run = run
        else:
            same.recreating_runs.add(run)
    return {"_existing": same, "description": kwargs.get("description")}
