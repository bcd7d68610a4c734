"""Where an artifact will lie: in a registered location, where its data is already, or in the location that new data goes to."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from lamindb.artifacts.keys import MANAGED_FOLDER, check_real_key
from lamindb.artifacts.recognition import Source
from lamindb.artifacts.statements import select_storages
from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.base.settings import creation_settings
from lamindb.errors import NoStorageLocationForSpace, UnknownStorageLocation

#: Characters that stand for bytes of a name that is not UTF-8.
_has_other_bytes = re.compile("[\udc80-\udcff]").search


@dataclass(frozen=True)
class Location:
    """Where an artifact will lie: storage record, key, and whether the bytes are there already."""

    storage: Any
    key: str | None
    real_key: str | None
    key_is_virtual: bool
    in_place: bool


def locate(source: Source, kwargs: dict[str, Any]) -> Location:
    """Find the storage location of an artifact, with one statement.

    Args:
        source: the data.
        kwargs: arguments of `Artifact`; key, storage and what says whether the key is virtual are taken out. The space is added
            if the storage location decides it.

    Raises:
        NoStorageLocationForSpace: if this instance manages no location of the space.
        UnknownStorageLocation: for a remote path in no registered location that this instance could manage.
        ValueError: if the path and the wish for a (not) virtual key contradict each other.
    """
    key = kwargs.pop("key", None)
    virtual = _wants_virtual(kwargs)
    known = _KnownLocations(source, kwargs)
    if source.memory is None:
        home, inferred = known.home_of(source)
        if home is not None:
            return _in_place(home, inferred, key, virtual, is_named_by_uid=kwargs.get("uid") is not None)
        if not source.is_local:
            home = _reference_location(source.path)
            return _in_place(home, _remote_key(source.path, home.root), key, virtual)
    storage = known.default()
    if virtual is None:
        virtual = creation_settings._artifact_use_virtual_keys or key is None
    return Location(storage, key, None, virtual, False)


def home_of_path(path: Path) -> Any:
    """Return the registered location with the longest root in which a local path lies, or `None`; one statement."""
    spellings = _spellings(path)
    roots = registry("Storage").objects.filter(type="local", root__in=_ancestors(spellings))
    fitting = [record for record in roots if any(_key_below(record.root, one) is not None for one in spellings)]
    return max(fitting, key=lambda record: len(record.root), default=None)


def _wants_virtual(kwargs: dict[str, Any]) -> bool | None:
    public, private = kwargs.pop("key_is_virtual", None), kwargs.pop("_key_is_virtual", None)
    if public is not None and private is not None:
        raise ValueError("key_is_virtual and _key_is_virtual mean the same: pass one of them")
    return private if public is None else public


def _in_place(
    home: Any, inferred: str, key: str | None, virtual: bool | None, is_named_by_uid: bool = False
) -> Location:
    if is_named_by_uid and inferred.startswith(f"{MANAGED_FOLDER}/"):
        return Location(home, key, None, True, True)  # a place that was reserved before (`Artifact.from_lazy`)
    check_real_key(inferred)
    if virtual is True and (key is None or key == inferred):
        raise ValueError(
            "Passing a path in an existing storage without a virtual key and _key_is_virtual=True is incompatible. "
            f"The path lies in {home.root} and has the real key {inferred!r}"
        )
    if virtual is False and key is not None and key != inferred:
        raise ValueError(
            "Passing a path in an existing storage with a virtual key and _key_is_virtual=False is incompatible. "
            f"The path lies in {home.root} and has the real key {inferred!r}, not {key!r}"
        )
    if key is None or key == inferred:
        return Location(home, inferred, None, False, True)
    return Location(home, key, inferred, True, True)


class _KnownLocations:
    """The registered locations that matter for one source, loaded with one statement."""

    def __init__(self, source: Source, kwargs: dict[str, Any]) -> None:
        from lamindb.setup import settings
        from lamindb.setup.errors import CurrentInstanceNotConfigured

        if not settings.is_configured:
            raise CurrentInstanceNotConfigured
        self._instance = settings.instance
        self._passed = kwargs.pop("storage", None)
        if self._passed is not None and not isinstance(self._passed, registry("Storage")):
            raise AssertionError(f"Expected Storage, got {type(self._passed).__name__}.")
        self._passed_id = kwargs.pop("storage_id", None)
        self._kwargs = kwargs
        self._default_root = (
            self._instance.local_storage if self._instance.keep_artifacts_local else self._instance.storage
        ).root_as_str
        self._space_id = _space_id(kwargs)
        self._spellings = _spellings(source.path) if source.is_local and source.memory is None else []
        self._records = select_storages(
            registry("Storage"),
            [self._default_root, *_ancestors(self._spellings)],
            id_=self._passed_id,
            managed_space=(self._space_id, self._instance.uid) if self._space_id != context.ALL_SPACE_ID else None,
            type_=None if source.is_local else _storage_type(source.path),
        )

    def home_of(self, source: Source) -> tuple[Any, str]:
        """Return the location that holds the data, the passed one first, then the one with the longest root, and the key there."""
        candidates = sorted(self._records, key=lambda record: -len(record.root))
        if self._passed is not None:
            candidates.insert(0, self._passed)
        elif self._passed_id is not None:
            candidates.sort(key=lambda record: record.id != self._passed_id)
        if not source.is_local:
            from lamindb.storage.roots import is_below

            for record in candidates:
                if record.type != "local" and is_below(source.path, record.root):
                    return record, _remote_key(source.path, record.root)
            return None, ""
        for spelling in self._spellings:
            for record in candidates:
                key = _key_below(record.root, spelling) if record.type == "local" else None
                if key is not None:
                    return record, key
        return None, ""

    def default(self) -> Any:
        """Return the location that new data goes to: the passed one, else that of the space, else the current one."""
        passed = self._passed
        if passed is None and self._passed_id is not None:
            passed = next((record for record in self._records if record.id == self._passed_id), None)
            if passed is None:
                raise ValueError(
                    f"There is no storage location with id {self._passed_id}: see ln.Storage.to_dataframe()"
                )
        names_space = self._kwargs.get("space") is not None or self._kwargs.get("space_id") is not None
        if passed is not None and not names_space:
            self._kwargs["space_id"] = passed.space_id  # who names the place, names the space
            return passed
        chosen = passed or next((record for record in self._records if record.root == self._default_root), None)
        if chosen is None:
            raise ValueError(
                f"There is no storage location at {self._default_root}: see ln.Storage.to_dataframe(), choose one with ln.settings.storage"
            )
        if chosen.space_id == self._space_id:
            return chosen
        if passed is not None:
            logger.warning("storage argument ignored as storage information from space takes precedence")
        return self._of_space()

    def _of_space(self) -> Any:
        found = [
            record
            for record in self._records
            if record.space_id == self._space_id and record.instance_uid == self._instance.uid
        ]
        if not found:
            raise NoStorageLocationForSpace(
                f"This instance manages no storage location of the space with id {self._space_id}: create one with "
                "ln.Storage(root=…, space=…).save(), or pass another space"
            )
        if len(found) > 1:
            others = ", ".join(record.root for record in found[1:])
            logger.warning("several storage locations of the space, took the first: %s", found[0].root)
            logger.hint("the others are %s; name one with storage=…", others)
        return found[0]


def _space_id(kwargs: dict[str, Any]) -> int:
    space = kwargs.get("space")
    if space is not None:
        if not isinstance(space, registry("Space")):
            raise AssertionError(f"Expected Space, got {type(space).__name__}.")
        return space.id
    if kwargs.get("space_id") is not None:
        return kwargs["space_id"]
    return context.current_space_id()


# paths are texts here, since one save asks for all folders above a file: making `Path`s of them takes as long as writing the row


def _ancestors(spellings: list[str]) -> list[str]:
    """Return the folders that could be a storage root; names that aren't valid UTF-8 can't be stored, so they are none."""
    found = set()
    for spelling in spellings:
        folder, above = spelling, os.path.dirname(spelling)
        while folder != above:
            found.add(folder)
            folder, above = above, os.path.dirname(above)
        found.add(folder)
    return sorted(text.replace(os.sep, "/") for text in found if not _has_other_bytes(text))


def _spellings(path: Path) -> list[str]:
    """Return a path under its own name in its real folder, and, for a link, what it leads to."""
    named = os.path.join(os.path.realpath(path.parent), path.name)
    if path.name != ".." and not os.path.islink(named):
        return [named]
    real = os.path.realpath(named)
    return [named] if named == real else [named, real]


def _key_below(root: str, path: str) -> str | None:
    """Return the key of a local path below a root (`.` for the root itself), or `None` if it lies elsewhere."""
    text, base = path.replace(os.sep, "/"), root.rstrip("/")
    if text in (base, root):
        return "."
    return text[len(base) + 1 :] if text.startswith(f"{base}/") else None


# remote locations ---------------------------------------------------------------------------------------------------------


def _storage_type(path: Any) -> str:
    from lamindb.storage.roots import storage_type_of

    return storage_type_of(path)


def _remote_key(path: Any, root: str) -> str:
    from lamindb.storage.roots import normalize_root, split_options

    inner, outer = (split_options(normalize_root(one))[0] for one in (path, root))
    return inner.removeprefix(outer.rstrip("/")).lstrip("/")


def _reference_location(path: Any) -> Any:
    """Return an unsaved record for the bucket or server of a remote path, as something to read from.

    Raises:
        UnknownStorageLocation: if this instance could manage it; then the user decides what becomes a storage location.
    """
    from lamindb.setup import settings
    from lamindb.setup.storage_locations import look_at_root
    from lamindb.storage.roots import normalize_root

    text = normalize_root(path)
    base, _, options = text.partition("?")
    protocol, _, rest = base.partition("://")
    depth = 1 if protocol != "hf" else 3 if rest.startswith(("datasets/", "spaces/")) else 2
    root = f"{protocol}://{'/'.join(PurePosixPath(rest).parts[:depth])}" + (f"?{options}" if options else "")
    reference = look_at_root(root, settings.instance)
    if reference.instance_uid != settings.instance.uid:
        return registry("Storage")(
            root=root, uid=reference.uid, instance_uid=reference.instance_uid, region=reference.region
        )
    known = ", ".join(registry("Storage").objects.values_list("root", flat=True)[:20])
    raise UnknownStorageLocation(
        f"{path} is in no registered storage location, and this instance may write to {root}: create a location with "
        f"ln.Storage(root='…').save() for the folder that it shall manage. Known locations: {known}"
    )
