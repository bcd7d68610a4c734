"""From data to an unsaved record: recognise → locate → hash → deduplicate → version. Nothing is written to storage here."""

from __future__ import annotations

import os
import shutil
import stat
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamindb.artifacts.keys import MANAGED_FOLDER, check_key, check_suffix, relative_key
from lamindb.base import context
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.base.settings import creation_settings
from lamindb.errors import FieldValidationError, InvalidArgument

PARAMETERS = (
    "path", "key", "description", "kind", "features", "schema", "revises", "overwrite_versions", "run", "storage", "branch",
    "space", "skip_hash_lookup",
)  # fmt: skip
OTHER_PARAMETERS = (
    "version", "version_tag", "otype", "format", "to_disk_kwargs", "skip_check_exists", "run_id", "storage_id", "schema_id",
    "branch_id", "space_id", "_key_is_virtual", "uid", "n_observations",
)  # fmt: skip


@dataclass(frozen=True)
class Content:
    """What the bytes of a file or folder are: size in bytes, hash, how it was made, and the number of files of a folder."""

    size: int | None
    hash: str | None
    hash_type: str | None
    n_files: int | None


@dataclass(frozen=True)
class Source:
    """Data on local disk, and what is known about it: suffix, object type, and the object in memory that was written there."""

    path: Path
    suffix: str
    otype: str | None
    memory: Any = None

    def discard(self) -> None:
        """Remove what was written for an object in memory; the user's own files stay."""
        if self.memory is None:
            return
        if self.path.is_dir():
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            self.path.unlink(missing_ok=True)


class WrittenObject:
    """Keeps the file that was written for an object in memory as long as an artifact that isn't saved needs it."""

    def __init__(self, source: Source) -> None:
        weakref.finalize(self, source.discard)


@dataclass(frozen=True)
class Location:
    """Where an artifact will lie: storage record, key, and whether the bytes are there already."""

    storage: Any
    key: str | None
    real_key: str | None
    key_is_virtual: bool
    in_place: bool


def prepare(artifact_registry: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Translate the arguments of `Artifact(path, key=…, …)` to field values.

    Returns:
        Field values, with `_existing` if the content is known, else with `revises` and `version` for the versioning of the record.

    Raises:
        FieldValidationError: for unknown arguments.
        FileNotFoundError: if the path does not exist.
        InvalidArgument: if key and path have different suffixes, or the path can't be an artifact.
        ValueError: if the key is invalid, or neither key, description nor run is given.
    """
    _check_arguments(kwargs)
    data = kwargs.pop("path")
    revises, version = kwargs.pop("revises", None), kwargs.pop("version", None) or kwargs.pop("version_tag", None)
    if revises is not None and not isinstance(revises, artifact_registry):
        raise TypeError(f"`revises` has to be of type `Artifact`, not {type(revises).__name__}")
    run = _resolve_run(kwargs)
    source = _recognise(data, kwargs)
    if kwargs.get("otype") is None:
        kwargs["otype"] = source.otype
        if source.otype is not None and hasattr(artifact_registry, f"from_{source.otype.lower()}"):
            logger.warning("data is a %s, please use .from_%s()", source.otype, source.otype.lower())
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


def _prepare_fields(
    artifact_registry: Any, kwargs: dict[str, Any], source: Source, run: Any, revises: Any
) -> dict[str, Any]:
    location = _locate(source, kwargs)
    if location.key is not None and not location.in_place:
        check_suffix(location.key, source.suffix, "path")
    from lamindb.artifacts.scanning import scan

    scanned = scan(source.path)
    content = hash_content(source.path)
    if location.key is None and kwargs.get("description") is None and run is None and revises is None:
        raise ValueError("Pass one of key, run or description as a parameter")
    existing = _find_same_content(artifact_registry, content, location, kwargs.pop("skip_hash_lookup", False))
    if existing is not None:
        return _as_existing(existing, kwargs, location, run, source.path)
    if revises is None and location.key is not None:
        revises = _latest_with_key(artifact_registry, location)
    fields = _fields(kwargs, content, location, source)
    fields["run"], fields["revises"] = run, revises
    fields["_attributes"] = {"_local_source": None if location.in_place else source.path, "_memory": source.memory, "_scanned": scanned}
    if source.memory is not None:
        fields["_attributes"]["_written_object"] = WrittenObject(source)
    return fields


def _check_arguments(kwargs: dict[str, Any]) -> None:
    if "path" not in kwargs:
        raise FieldValidationError(
            "Artifact() needs data: pass a path (or an object such as a DataFrame) as first argument"
        )
    unknown = sorted(set(kwargs) - set(PARAMETERS) - set(OTHER_PARAMETERS))
    if unknown:
        raise FieldValidationError(f"Only {', '.join(PARAMETERS)} can be passed, you passed: {', '.join(unknown)}")
    for name in ("run", "schema", "storage"):
        if kwargs.get(name) is not None and kwargs.get(f"{name}_id") is not None:
            raise ValueError(f"Do not pass both {name.capitalize()} and its id at the same time.")
    if kwargs.get("key") is not None:
        kwargs["key"] = check_key(kwargs["key"])
    if kwargs.pop("features", None):
        raise NotImplementedError(
            "Feature values can't be set while an artifact is made in this release: leave out features=…, save the artifact, and label it"
        )


def _resolve_run(kwargs: dict[str, Any]) -> Any:
    run = kwargs.pop("run", None)
    if run is False:
        return None
    if run is None:
        run_id = kwargs.pop("run_id", None)
        run = registry("Run").objects.get(id=run_id) if run_id is not None else context.current_run()
    if run is None and not creation_settings.artifact_silence_missing_run_warning:
        logger.warning("no run & transform got linked, call `ln.track()` & re-run")
    return run


def _recognise(data: Any, kwargs: dict[str, Any]) -> Source:
    """Find out what the data is; an object in memory is written to the cache."""
    from lamindb.plugins import manager
    from lamindb.storage.suffixes import infer_suffix

    if isinstance(data, (str, os.PathLike)):
        source = _existing_local_path(data)
        suffix = infer_suffix(source)
        data_format = manager.data_format_for_path(source)
        return Source(source, suffix, data_format.otype if data_format is not None else None)
    data_format = manager.data_format_for_object(data)
    if data_format is None:
        missing = manager.missing_for(otype=type(data).__name__)
        if missing is not None:
            raise missing
        raise TypeError(
            f"data has to be a string, Path, UPath, or an object of an installed data format, not {type(data).__name__}"
        )
    suffix = data_format.suffix_for(kwargs.pop("format", None))
    if kwargs.get("key"):
        try:
            suffix = data_format.suffix_for(infer_suffix(kwargs["key"]) or None)
        except ValueError as error:
            raise InvalidArgument(f"The passed key's suffix does not fit the data: {error}") from None
    return _write_to_cache(data, data_format, suffix, kwargs)


def _write_to_cache(data: Any, data_format: Any, suffix: str, kwargs: dict[str, Any]) -> Source:
    from lamindb.base.uids import base62_20
    from lamindb.setup import settings

    folder = Path(settings.cache_dir) / "objects"
    folder.mkdir(parents=True, exist_ok=True)
    written = Source(folder / f"{base62_20()}{suffix}", suffix, data_format.otype, data)
    logger.info("writing the in-memory object into cache")
    try:
        data_format.resolve("writer")(data, written.path, **(kwargs.pop("to_disk_kwargs", None) or {}))
    except BaseException:
        written.discard()
        raise
    return written


def _existing_local_path(data: str | os.PathLike[str]) -> Path:
    text = os.fspath(data)
    if "://" in text and not text.startswith("file://"):
        raise InvalidArgument(f"{text!r} is not a local path; only local files and folders can be made artifacts here")
    path = Path(text.removeprefix("file://")).expanduser()
    if MANAGED_FOLDER in path.parts:
        raise ValueError(
            f"Do not pass path inside the `{MANAGED_FOLDER}/` directory: {text!r} is managed by lamindb itself"
        )
    path = Path(os.path.abspath(path))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise FileNotFoundError(f"There is no file or folder {text!r}" + _near_files(path)) from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InvalidArgument(
            f"{text!r} is neither a file nor a folder (a pipe, socket or device can't be an artifact)"
        )
    return path


def _near_files(path: Path) -> str:
    import difflib

    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1)
    except OSError:
        return ""
    return f". Did you mean {str(path.parent / near[0])!r}?" if near else ""


def _locate(source: Source, kwargs: dict[str, Any]) -> Location:
    from django.db.models import Q

    from lamindb.setup import settings
    from lamindb.setup.errors import CurrentInstanceNotConfigured
    from lamindb.storage.roots import is_below

    key = kwargs.pop("key", None)
    storage = kwargs.pop("storage", None)
    storage_id = kwargs.pop("storage_id", None)
    if not settings.is_configured:
        raise CurrentInstanceNotConfigured
    default_root = settings.instance.storage.root_as_str
    known = list(registry("Storage").objects.filter(Q(type="local") | Q(root=default_root) | Q(id=storage_id)))
    default = storage or next(
        (record for record in known if (record.id == storage_id if storage_id else record.root == default_root)), None
    )
    if default is None:
        wanted = f"with id {storage_id}" if storage_id else f"at {default_root}"
        raise ValueError(f"There is no storage location {wanted}: see ln.Storage.to_dataframe()")
    virtual = kwargs.pop("_key_is_virtual", None)
    if source.memory is None:
        candidates = [default, *sorted(known, key=lambda record: -len(record.root))]
        home = next(
            (record for record in candidates if record.type == "local" and is_below(source.path, record.root)), None
        )
        if home is not None:
            inferred = relative_key(source.path, home.root)
            if virtual is not None and virtual is not (key is not None and key != inferred):
                raise ValueError(
                    f"The path lies in the storage location {home.root} and has the real key {inferred!r}: "
                    f"_key_is_virtual={virtual} contradicts key={key!r}"
                )
            if key is None or key == inferred:
                return Location(home, inferred, None, False, True)
            return Location(home, key, inferred, True, True)
    return Location(default, key, None, True if virtual is None else virtual, False)


def hash_content(source: Path) -> Content:
    """Return size and hash of a file or folder; every byte counts."""
    if creation_settings.artifact_skip_size_hash:
        return Content(None, None, None, None)
    from lamindb.storage.hashing import hash_dir, hash_file

    if source.is_dir():
        folder = hash_dir(source)
        return Content(folder.size, folder.hash, folder.hash_type, folder.n_files)
    file = hash_file(source)
    return Content(file.size, file.hash, file.hash_type, None)


def _find_same_content(artifact_registry: Any, content: Content, location: Location, skip: bool) -> Any:
    """Return the newest artifact with these bytes, or `None`. Empty files are all different."""
    if skip or content.hash is None or content.size == 0:
        return None
    same = artifact_registry.objects.filter(hash=content.hash, _hash_type=content.hash_type, size=content.size)
    return same.exclude(branch_id=TRASH_BRANCH_ID).select_related("storage").order_by("-created_at", "-id").first()


def _latest_with_key(artifact_registry: Any, location: Location) -> Any:
    same_key = artifact_registry.objects.filter(key=location.key, storage=location.storage).exclude(
        branch_id=TRASH_BRANCH_ID
    )
    found = same_key.order_by("-created_at", "-id").first()
    if found is not None:
        logger.important(
            "creating new artifact version for key '%s' in storage '%s'", location.key, location.storage.root
        )
    return found


def _as_existing(existing: Any, kwargs: dict[str, Any], location: Location, run: Any, source: Path) -> dict[str, Any]:
    logger.important(
        "returning artifact with same hash: %s; to track this artifact as an input, use: ln.Artifact.get()", existing
    )
    if existing.key is None and existing._key_is_virtual and location.key is not None:
        existing.key = location.key
    elif location.key is not None and existing.key != location.key:
        logger.warning(
            "key %s on existing artifact differs from passed key %s, keeping original key; "
            "update manually if needed or pass skip_hash_lookup if you want to duplicate the artifact",
            existing.key, location.key,
        )  # fmt: skip
    if run is not None:
        if existing.run_id is None:
            existing.run = run
        elif existing.run_id != run.id:
            existing.recreating_runs.add(run)
    attributes: dict[str, Any] = {}
    if (existing._aux or {}).get("so") == 1:  # storing was interrupted: take it up again
        attributes["_local_source"] = None if location.in_place else source
    passed = {name: kwargs.get(name) for name in ("description", "schema") if kwargs.get(name) is not None}
    return {"_existing": existing, "_attributes": attributes, **passed}


def _fields(kwargs: dict[str, Any], content: Content, location: Location, source: Source) -> dict[str, Any]:
    overwrite = kwargs.pop("overwrite_versions", None)
    for name in ("format", "to_disk_kwargs", "skip_check_exists"):
        kwargs.pop(name, None)
    return {
        **kwargs,
        "key": location.key,
        "_real_key": location.real_key,
        "_key_is_virtual": location.key_is_virtual,
        "_overwrite_versions": source.path.is_dir() if overwrite is None else overwrite,
        "storage": location.storage,
        "suffix": source.suffix,
        "size": content.size,
        "hash": content.hash,
        "_hash_type": content.hash_type,
        "n_files": content.n_files,
    }
