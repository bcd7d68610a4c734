"""One storage root as seen by the connected instance: path, uid, managing instance, cache."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lamindb.storage import markers
from lamindb.storage.cache import cache_path_for
from lamindb.storage.roots import MANAGED_FOLDER, normalize_root, storage_type_of

if TYPE_CHECKING:
    from upath import UPath


class StorageSettings:
    """A storage root.

    Args:
        root: path or URL.
        region: region of a bucket, or host name of a local root.
        uid: uid of the storage location; read from the marker if it isn't given.
        uuid: id of the storage location in a hub.
        instance_id: id of the instance that manages it.
        access_token: kept for scripts that pass it.
        options: options of the file system, such as a profile.
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        region: str | None = None,
        uid: str | None = None,
        uuid: UUID | None = None,
        instance_id: UUID | None = None,
        access_token: str | None = None,
        *,
        options: dict[str, Any] | None = None,
        instance_uid: str | None = None,
    ) -> None:
        self._root = normalize_root(root)
        self._region = region
        self._uid = uid
        self._uuid = uuid
        self._instance_id = instance_id
        self._instance_uid = instance_uid
        self.access_token = access_token
        self._options = dict(options or {})
        self._root_path: UPath | None = None
        #: Whether claiming the root has written its marker just now.
        self.wrote_marker = False

    @property
    def root(self) -> UPath:
        """The root as a path with credentials."""
        if self._root_path is None:
            from lamindb.storage.upath import create_path

            self._root_path = create_path(self._root, **self._options)
        return self._root_path

    @property
    def root_as_str(self) -> str:
        """The root as it is stored in the database."""
        return self._root

    @property
    def options(self) -> dict[str, Any]:
        """Options of the file system that were set for this process."""
        return dict(self._options)

    @property
    def type(self) -> str:
        """`local`, `s3`, `gs`, `hf`, `http` or `https`."""
        return storage_type_of(self._root)

    @property
    def type_is_cloud(self) -> bool:
        """Whether the root is not on a local disk."""
        return self.type != "local"

    @property
    def region(self) -> str | None:
        """Region of the bucket; host name of a local root."""
        return self._region

    @property
    def host(self) -> str | None:
        """Host name of a local root, `None` for others."""
        return self._region if self.type == "local" else None

    @property
    def uid(self) -> str | None:
        """12-character uid of the storage location, `None` if the root has no marker."""
        if self._uid is None:
            self._read_marker()
        return self._uid

    @property
    def instance_uid(self) -> str | None:
        """Uid of the managing instance, `None` if nobody manages the root, `__unknown__` if its marker names nobody."""
        if self._instance_uid is None:
            self._read_marker()
        return self._instance_uid

    @property
    def record(self) -> Any:
        """The row of this root in the `Storage` registry of the connected instance.

        Raises:
            ObjectDoesNotExist: if the root is not registered.
        """
        from importlib import import_module

        return import_module("lamindb.models").Storage.objects.get(root=self._root)

    @property
    def id(self) -> int:
        """Id of the row in the `Storage` registry."""
        return int(self.record.id)

    @property
    def is_on_hub(self) -> bool:
        """Always false: there is no hub."""
        return False

    @property
    def cache_dir(self) -> UPath:
        """The cache of this machine."""
        from lamindb.setup.settings_singleton import settings

        return settings.cache_dir

    def key_to_filepath(self, key: str) -> UPath:
        """Return the path of a key below the root."""
        return self.root / key

    def local_filepath(self, key: str) -> Path:
        """Return the local path of a key: in the cache for a remote root."""
        path = self.key_to_filepath(key)
        return Path(path) if not self.type_is_cloud else cache_path_for(path, self.cache_dir)

    def cloud_to_local(self, filepath: Any, cache_key: str | None = None, **kwargs: Any) -> Path:
        """Return an up-to-date local copy of a path of this root."""
        from lamindb.setup.paths import cloud_to_local

        return cloud_to_local(filepath, cache_key, **kwargs)

    def cloud_to_local_no_update(self, filepath: Any, cache_key: str | None = None) -> Path:
        """Return where the local copy of a path of this root is, without bringing it up to date."""
        from lamindb.setup.paths import cloud_to_local_no_update

        return cloud_to_local_no_update(filepath, cache_key)

    @property
    def managed_folder(self) -> Any:
        """The folder below the root that lamindb manages."""
        return (Path(self._root) if not self.type_is_cloud else self.root) / MANAGED_FOLDER

    def _read_marker(self) -> None:
        try:
            marker = markers.read_marker(self._root if not self.type_is_cloud else self.root)
        except OSError:
            return
        if marker is None:
            return
        self._uid = self._uid or marker.uid
        if self._uid == marker.uid:
            self._instance_uid = self._instance_uid or marker.instance_uid or markers.UNKNOWN_INSTANCE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StorageSettings) and other._root == self._root

    def __hash__(self) -> int:
        return hash(self._root)

    def __repr__(self) -> str:
        return f"StorageSettings(root={self._root!r}, uid={self.uid!r})"


def host_name() -> str:
    """Return the name of this machine, with which local roots are told apart."""
    return socket.gethostname()
