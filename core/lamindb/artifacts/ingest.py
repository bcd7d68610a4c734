"""From data to an unsaved record: recognise → locate → hash → deduplicate → version. Nothing is written to storage here."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from lamindb.artifacts.content import Content, read_content
from lamindb.artifacts.deduplication import Candidates, as_existing, find_candidates, registered_at
from lamindb.artifacts.keys import check_key, check_suffix
from lamindb.artifacts.locating import Location, locate
from lamindb.artifacts.recognition import Source, WrittenObject, recognise
from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.base.settings import creation_settings
from lamindb.errors import FieldValidationError

PARAMETERS = (
    "path", "key", "description", "kind", "features", "schema", "revises", "overwrite_versions", "run", "storage", "branch",
    "space", "skip_hash_lookup",
)  # fmt: skip
OTHER_PARAMETERS = (
    "version", "version_tag", "otype", "format", "to_disk_kwargs", "skip_check_exists", "run_id", "storage_id", "schema_id",
    "branch_id", "space_id", "_key_is_virtual", "key_is_virtual", "uid", "n_observations", "type", "data", "verify", "extra_data",
)  # fmt: skip
_EITHER_RECORD_OR_ID = ("run", "schema", "storage")
#: Arguments that are records, with their registries; space and storage are checked where they are used.
_RECORDS = (("run", "Run"), ("schema", "Schema"), ("branch", "Branch"))


def prepare(artifact_registry: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Translate the arguments of `Artifact(path, key=…, …)` to field values.

    Returns:
        Field values, with `_existing` if the content is known, else with `revises` and `version` for the versioning of the record.

    Raises:
        FieldValidationError: for unknown arguments.
        FileNotFoundError: if the path does not exist.
        InvalidArgument: if key and path have different suffixes, or the path can't be an artifact.
        UnknownStorageLocation: for a remote path in no registered location that this instance could manage.
        ValueError: if the key is invalid or another family's, or neither key, description nor run is given.
    """
    _take_former_names(kwargs)
    _check_arguments(kwargs)
    data = kwargs.pop("path")
    revises, version = kwargs.pop("revises", None), kwargs.pop("version", None) or kwargs.pop("version_tag", None)
    kwargs.pop("version_tag", None)
    _check_revises(artifact_registry, revises, kwargs.get("key"), version)
    existing = _of_managed_path(artifact_registry, data, kwargs)
    if existing is not None:
        return {"_existing": existing, "description": kwargs.get("description")}
    run = _resolve_run(kwargs)
    source = recognise(data, kwargs)
    if kwargs.get("otype") is None:
        kwargs["otype"] = source.otype
        if source.otype is not None and hasattr(artifact_registry, f"from_{source.otype.lower()}"):
            article = "an" if source.otype[0] in "AEIOU" else "a"
            logger.warning("data is %s %s, please use .from_%s()", article, source.otype, source.otype.lower())
    try:
        fields = _prepare_fields(artifact_registry, kwargs, source, run, revises)
    except BaseException:
        source.discard()
        raise
    if fields["_attributes"].get("_local_source") is None:
        source.discard()  # the content is stored already
    if "_existing" not in fields:
        fields["version"] = version
    return fields


def content_of(source: Source, *, verify: bool = False) -> Content:
    """Return size and hash of the data, local or remote."""
    if source.is_local:
        return read_content(source.path, verify=verify)
    from lamindb.artifacts.remote_content import read_remote_content

    return read_remote_content(source.path, check_exists=not source.may_be_missing)


def _prepare_fields(
    artifact_registry: Any, kwargs: dict[str, Any], source: Source, run: Any, revises: Any
) -> dict[str, Any]:
    location = locate(source, kwargs)
    if location.key is not None:
        check_suffix(location.key, source.suffix, is_object=source.memory is not None)
    content = content_of(source, verify=kwargs.pop("verify", False))
    if location.key is None and kwargs.get("description") is None and run is None and revises is None:
        raise ValueError("Pass one of key, run or description as a parameter")
    candidates = find_candidates(
        artifact_registry, content, location, skip_hash=bool(kwargs.pop("skip_hash_lookup", False))
    )
    local = source.path if source.is_local and not location.in_place else None
    if candidates.same_content is not None:
        return as_existing(candidates.same_content, kwargs, location, run, local, content)
    if revises is None:
        revises = _continued(candidates, location)
    else:
        _refuse_foreign_key(candidates, revises, location)
    fields = _fields(kwargs, content, location, source)
    fields["run"], fields["revises"] = run, revises
    fields["_attributes"] = {"_local_source": local, "_memory": source.memory, "_scanned": content.scanned}
    fields["_attributes"]["_as_constructed"] = {"key": location.key, "suffix": source.suffix}
    if source.memory is not None:
        fields["_attributes"]["_written_object"] = WrittenObject(source)
    return fields


def _of_managed_path(artifact_registry: Any, data: Any, kwargs: dict[str, Any]) -> Any:
    """Return the artifact whose remote place in lamindb's own folder was passed as its data."""
    from lamindb.storage.roots import is_local, is_path

    if kwargs.get("uid") is not None or not is_path(data) or is_local(data):
        return None
    existing = registered_at(artifact_registry, data)
    if existing is not None:
        logger.important("returning the artifact that is registered for %s: %s", data, existing)
    return existing


def _continued(candidates: Candidates, location: Location) -> Any:
    if candidates.same_key is not None:
        logger.important(
            "creating new artifact version for key '%s' in storage '%s'", location.key, location.storage.root
        )
    return candidates.same_key


def _refuse_foreign_key(candidates: Candidates, revises: Any, location: Location) -> None:
    taken = candidates.same_key
    if taken is not None and taken.stem_uid != revises.stem_uid:
        raise ValueError(
            f"The key {location.key!r} belongs to another artifact, {taken.uid}, and can't be that of a new version of {revises.uid} "
            f"(key {revises.key!r}): pass another key, or revises={taken.uid}"
        )


def _take_former_names(kwargs: dict[str, Any]) -> None:
    if "data" in kwargs:
        warnings.warn("Use path instead of data, data will be removed.", DeprecationWarning, stacklevel=6)
        kwargs.setdefault("path", kwargs.pop("data"))
    if "type" in kwargs:
        value = kwargs.pop("type")
        if value is not None:
            logger.warning("`type` is the former name of `kind`, took kind=%r", value)
            kwargs.setdefault("kind", value)


def _check_arguments(kwargs: dict[str, Any]) -> None:
    if kwargs.get("path") is None:
        raise FieldValidationError(
            "Artifact() needs data: pass a path (or an object such as a DataFrame) as first argument"
        )
    unknown = sorted(set(kwargs) - set(PARAMETERS) - set(OTHER_PARAMETERS))
    if unknown:
        raise FieldValidationError(f"Only {', '.join(PARAMETERS)} can be passed, you passed: {', '.join(unknown)}")
    for name in _EITHER_RECORD_OR_ID:
        value = kwargs.get(name)
        if value is not None and kwargs.get(f"{name}_id") is not None:
            raise ValueError(f"Do not pass both {name.capitalize()} and its id at the same time.")
    for name, registry_name in _RECORDS:
        value = kwargs.get(name)
        if value not in (None, False) and not isinstance(value, registry(registry_name)):
            raise AssertionError(f"Expected {registry_name}, got {type(value).__name__}.")
    if kwargs.get("key") is not None:
        kwargs["key"] = check_key(kwargs["key"])


def _check_revises(artifact_registry: Any, revises: Any, key: str | None, version: Any) -> None:
    if version is not None and not isinstance(version, str):
        raise ValueError(
            f"`version` parameter must be `None` or `str`, e.g., '0.1', '1', '2', etc., not {type(version).__name__} {version!r}"
        )
    if revises is None:
        return
    if not isinstance(revises, artifact_registry):
        raise TypeError(f"`revises` has to be of type `Artifact`, not {type(revises).__name__}")
    if key is not None and revises.key is not None and revises.key != key:
        logger.warning("renaming artifact from '%s' to %s", revises.key, key)


def _resolve_run(kwargs: dict[str, Any]) -> Any:
    run, run_id = kwargs.pop("run", None), kwargs.pop("run_id", None)
    if run is False:
        return None
    if run is None:
        run = registry("Run").objects.get(id=run_id) if run_id is not None else context.current_run()
    if run is None and not creation_settings.artifact_silence_missing_run_warning:
        logger.warning("no run & transform got linked, call `ln.track()` & re-run")
    return run


def _fields(kwargs: dict[str, Any], content: Content, location: Location, source: Source) -> dict[str, Any]:
    overwrite = kwargs.pop("overwrite_versions", None)
    is_folder = content.n_files is not None or (isinstance(source.path, Path) and source.path.is_dir())
    return {
        **kwargs,
        "key": location.key,
        "_real_key": location.real_key,
        "_key_is_virtual": location.key_is_virtual,
        "_overwrite_versions": is_folder if overwrite is None else overwrite,
        "storage": location.storage,
        "suffix": source.suffix,
        "size": content.size,
        "hash": content.hash,
        "_hash_type": content.hash_type,
        "n_files": content.n_files,
    }
