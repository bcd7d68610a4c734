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
    if not is_local:
        return _claim_remote(text, storage, instance, uid)
    place = text
    marker = markers.read_marker(place)
    wrote_marker = False
    if marker is None:
        mine = markers.StorageMarker(uid or base62_12(), instance.slug, instance._id.hex, instance.uid)
        try:
            if not create and not Path(text).exists():
                raise FileNotFoundError(text)
            markers.write_marker(place, mine)
            marker, wrote_marker = mine, True
        except markers.MarkerExistsError:  # somebody was faster
            marker = markers.read_marker(place)
        except OSError as error:
            logger.important(
                f"due to lack of write access, lamindb won't manage the storage location {text} ({error.strerror or error})"
            )
            return StorageSettings(text, region=storage.region, uid=mine.uid)
    assert marker is not None  # written or read just now
    return _claimed(text, storage.region, marker, wrote_marker)


def look_at_root(root: str, instance: InstanceSettings) -> StorageSettings:
    """Find out who manages a remote root, without claiming it.

    Args:
        root: URL of a bucket, or of a folder in it.
        instance: the instance that asks.

    Returns:
        The root with the uid of the managing instance: that of the marker, ours if nobody manages the root and we could, else `None`.

    Raises:
        StorageUnreachable: if the store doesn't answer.
        StorageMissing: if there is no such bucket.
    """
    from lamindb.base.uids import base62_12
    from lamindb.storage.objects import is_writable

    storage = StorageSettings(root)
    marker = _read_remote_marker(storage)
    if marker is not None:
        manager = marker.instance_uid or markers.UNKNOWN_INSTANCE
        return StorageSettings(root, region=_region_of(storage), uid=marker.uid, instance_uid=manager)
    ours = instance.uid if is_writable(storage.root) else None
    return StorageSettings(root, region=_region_of(storage), uid=base62_12(), instance_uid=ours)


def _claim_remote(text: str, storage: StorageSettings, instance: InstanceSettings, uid: str | None) -> StorageSettings:
    from lamindb.base.uids import base62_12
    from lamindb.plugins.manager import require_storage_backend
    from lamindb.storage.retrying import StorageAccessDenied, with_retries

    backend = require_storage_backend(storage.type)
    region = storage.region or _region_of(storage)
    marker = _read_remote_marker(storage)
    wrote_marker = False
    if marker is None:
        mine = markers.StorageMarker(uid or base62_12(), instance.slug, instance._id.hex, instance.uid)
        refusal = "nothing can be written there" if backend.is_read_only else None
        try:
            if refusal is None:
                with_retries(storage.root, lambda: markers.write_marker(storage.root, mine), what=f"marking {text}")
                marker, wrote_marker = mine, True
        except markers.MarkerExistsError:  # somebody was faster, or the answer to our own attempt got lost
            marker = _read_remote_marker(storage)
        except (StorageAccessDenied, PermissionError) as error:
            refusal = str(error)
        if marker is None:
            logger.important(
                f"due to lack of write access, lamindb won't manage the storage location {text} ({refusal})"
            )
            return StorageSettings(text, region=region, uid=mine.uid)
    return _claimed(text, region, marker, wrote_marker)


def _claimed(text: str, region: str | None, marker: markers.StorageMarker, wrote_marker: bool) -> StorageSettings:
    manager = marker.instance_uid or markers.UNKNOWN_INSTANCE
    claimed = StorageSettings(text, region=region, uid=marker.uid, instance_uid=manager)
    claimed.wrote_marker = wrote_marker
    return claimed


def _read_remote_marker(storage: StorageSettings) -> markers.StorageMarker | None:
    """Return the marker of a remote root; web servers have none, and what may not be read is none of ours."""
    from lamindb.plugins.manager import require_storage_backend
    from lamindb.storage.retrying import StorageAccessDenied, with_retries

    if require_storage_backend(storage.type).is_read_only:
        return None
    root = storage.root
    try:
        return with_retries(root, lambda: markers.read_marker(root), what=f"reading the marker of {root}")
    except (StorageAccessDenied, PermissionError):
        return None


def _region_of(storage: StorageSettings) -> str | None:
    """Return the region of a bucket.

    Raises:
        StorageMissing: if there is no such bucket.
    """
    from lamindb.plugins.manager import require_storage_backend
    from lamindb.storage.retrying import StorageAccessDenied, StorageMissing, with_retries

    backend = require_storage_backend(storage.type)
    root = storage.root
    try:
        return with_retries(root, lambda: backend.region_of(root), what=f"asking for the region of {root}")
    except (StorageAccessDenied, PermissionError):
        return None
    except StorageMissing:
        raise
    except FileNotFoundError as error:
        raise StorageMissing(f"There is no bucket at {root}: create it, or correct the name") from error


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
    if storage_type_of(text) != "local":
        from lamindb.storage.session_options import set_session_options

        set_session_options(text, options or {})
    elif options:
        raise ValueError(f"{text} is a local folder, which has no options: leave out {', '.join(options)}")
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
