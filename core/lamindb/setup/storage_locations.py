"""Storage locations of the connected instance: claiming a root with a marker, switching the default, local storage."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.setup.storage_settings import StorageSettings
from lamindb.storage import markers
from lamindb.storage.roots import check_root, normalize_root, storage_type_of

if TYPE_CHECKING:
    from lamindb.setup.instance import InstanceSettings


def claim_root(
    root: str | os.PathLike[str],
    instance: InstanceSettings,
    *,
    host: str | None = None,
    region: str | None = None,
    uid: str | None = None,
    create: bool = True,
) -> StorageSettings:
    """Mark a root as managed by an instance, or find out who manages it already.

    Args:
        root: path or URL.
        instance: the instance that wants it.
        host: name of the machine that has a local folder.
        region: region of a bucket.
        uid: uid to give to an unmarked root (default: random).
        create: create a local folder that doesn't exist.

    Returns:
        The root with its uid, and the uid of the managing instance: ours, that of the instance that the marker names, `__unknown__`,
        or `None` if nobody manages it because it can't be written.

    Raises:
        ValueError: for an unsupported root, or a local folder that is a file.
        AssertionError: for a `host` of a remote root.
    """
    from lamindb.base.uids import base62_12

    check_root(root)
    text = normalize_root(root)
    is_local = storage_type_of(text) == "local"
    if host is not None and not is_local:
        raise AssertionError(
            f"host={host!r} says which machine has a local folder, but {text} is not local: leave it out"
        )
    if is_local and Path(text).exists() and not Path(text).is_dir():
        raise ValueError(f"{text} is a file, but a storage location must be a folder")
    storage = StorageSettings(text, region=host if is_local else region)
    place = text if is_local else storage.root
    marker = markers.read_marker(place)
    if marker is None:
        mine = markers.StorageMarker(uid or base62_12(), instance.slug, instance._id.hex, instance.uid)
        try:
            if is_local and not create and not Path(text).exists():
                raise FileNotFoundError(text)
            markers.write_marker(place, mine)
            marker = mine
        except markers.MarkerExistsError:  # somebody was faster
            marker = markers.read_marker(place)
        except OSError as error:
            logger.important(
                f"due to lack of write access, lamindb won't manage the storage location {text} ({error.strerror or error})"
            )
            return StorageSettings(text, region=storage.region, uid=mine.uid)
    assert marker is not None  # written or read just now
    manager = marker.instance_uid or markers.UNKNOWN_INSTANCE
    return StorageSettings(text, region=storage.region, uid=marker.uid, instance_uid=manager)


def switch_storage(
    instance: InstanceSettings,
    root: str | os.PathLike[str],
    options: Mapping[str, Any] | None = None,
    host: str | None = None,
) -> StorageSettings:
    """Write to another storage location for the rest of this process; an unknown root is registered first.

    Args:
        instance: the connected instance.
        root: path or URL.
        options: options of the file system, such as `profile`.
        host: name of the machine that has a local folder.

    Raises:
        ValueError: if another instance manages the root, or it can't be written.
    """
    text = normalize_root(root)
    record = _find_record(text, host) or _register(text, host)
    _check_manager(record, instance)
    storage = StorageSettings(
        record.root, region=record.region, uid=record.uid, instance_uid=record.instance_uid, options=dict(options or {})
    )
    instance._storage = storage
    return storage


def set_local_storage(instance: InstanceSettings, root: str | os.PathLike[str], host: str | None) -> StorageSettings:
    """Use a local storage location while artifacts are kept local; an unknown root is registered first.

    Raises:
        ValueError: if the root is not local, or another instance manages it.
    """
    text = normalize_root(root)
    if storage_type_of(text) != "local":
        raise ValueError(f"{text} is not local: pass a folder of this machine")
    record = _find_record(text, host) or _register(text, host or "unspecified-host")
    _check_manager(record, instance)
    return StorageSettings(record.root, region=record.region, uid=record.uid, instance_uid=record.instance_uid)


def find_local_storage(instance: InstanceSettings) -> StorageSettings:
    """Return the first local storage location of the instance that is on this machine.

    Raises:
        ValueError: if there is none.
    """
    found = []
    for record in _storages().filter(type="local", instance_uid=instance.uid).order_by("id"):
        try:
            if not Path(record.root).is_dir():
                continue
            marker = markers.read_marker(record.root)
        except OSError:
            continue
        if marker is None:
            logger.warning(f"{record.root} has no marker of a storage location, ignored it")
        elif marker.uid == record.uid:
            found.append(record)
    if not found:
        raise ValueError(
            "No local storage location found in current environment: create one with ln.Storage(root=<folder>, host=<machine>).save()"
        )
    if len(found) > 1:
        logger.important_hint(f"found several local storage locations: {', '.join(record.root for record in found)}")
    first = found[0]
    logger.important(f"defaulting to local storage: {first.root}")
    return StorageSettings(first.root, region=first.region, uid=first.uid, instance_uid=first.instance_uid)


def _storages() -> Any:
    from lamindb.base.registries import registry
    from lamindb.setup._django import setup_django

    setup_django()
    return registry("Storage")._base_manager


def _find_record(root: str, host: str | None) -> Any:
    matching = _storages().filter(root=root)
    return (matching.filter(region=host) if host is not None else matching).first()


def _register(root: str, host: str | None) -> Any:
    from lamindb.base.registries import registry

    arguments = {"root": root} if host is None else {"root": root, "host": host}
    return registry("Storage")(**arguments).save()


def _check_manager(record: Any, instance: InstanceSettings) -> None:
    if record.instance_uid == instance.uid:
        return
    if record.instance_uid is None:
        raise ValueError(
            f"Storage '{record.root}' can't be written, so nobody manages it: choose a location that you may write"
        )
    raise ValueError(
        f"Storage '{record.root}' exists in another instance ({record.instance_uid}), cannot write to it from here: "
        "choose another location, or connect to that instance"
    )
