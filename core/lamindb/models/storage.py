"""Storage locations: the folders and buckets in which artifacts lie."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.db import transaction

from lamindb.base.fields import AutoField, CharField, TextField
from lamindb.base.logging import logger
from lamindb.base.uids import base62_12
from lamindb.errors import FieldValidationError
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates
from lamindb.setup.errors import HubNotAvailable
from lamindb.storage import markers


class HostOfRemoteRoot(ValueError, AssertionError):
    """A machine was named for a location that is on none, or together with the region of a bucket."""


class Storage(SQLRecord, TracksRun, TracksUpdates):
    """Storage locations.

    Args:
        root: path or URL of the folder or bucket; may be the one positional argument.
        description: free text.
        space: whose members may write here.
        host: name of the machine that has a local folder.

    Example:
        >>> ln.Storage("./data").save()
    """

    class Meta(SQLRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False

    _name_field = "root"
    _init_params = ("root", "description", "space", "host")
    _positional = ("root",)
    _inherits_branch = False
    _inherits_space = False
    _has_trash = False

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, max_length=12, default=base62_12, db_index=True)
    root: str = CharField(db_index=True, unique=True)
    description: str | None = TextField(null=True)
    type: str = CharField(max_length=30, db_index=True)
    region: str | None = CharField(max_length=64, db_index=True, null=True)
    instance_uid: str | None = CharField(max_length=12, db_index=True, null=True)

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        from lamindb.storage.roots import check_root, normalize_root, storage_type_of

        host = kwargs.pop("host", None)
        if kwargs.get("root") is None:
            raise FieldValidationError("['root'] are required. Pass a folder or URL: ln.Storage('./data')")
        if re.fullmatch(r"create-s3(--.*)?", str(kwargs["root"])):
            raise HubNotAvailable(
                "Creating a bucket",
                "create one with the tools of the provider, then register it: ln.Storage('s3://my-bucket').save()",
            )
        check_root(kwargs["root"])
        root = normalize_root(kwargs["root"])
        if host is not None and storage_type_of(root) != "local":
            raise HostOfRemoteRoot(
                f"host={host!r} tells which machine has a local folder, but {root!r} is not local: leave it out"
            )
        if host is not None and kwargs.get("region") is not None:
            raise HostOfRemoteRoot("pass either host (for a local folder) or region (for a bucket), not both")
        given = {name: value for name, value in kwargs.items() if name != "root"}
        same_place = {"root": root, **({"region": host} if host is not None else {})}
        existing = cls.objects.filter(**same_place).first() if kwargs.get("uid") is None else None
        if existing is not None:
            logger.important("returning Storage record with same ['root']: %s", root)
            return {"_existing": existing}
        given.setdefault("type", storage_type_of(root))
        if host is not None:
            given["region"] = host
        if "uid" not in given and "instance_uid" not in given:
            _check_folder(root, given["type"])
            return {"root": root, **given, "_attributes": {"_is_unclaimed": True}}
        return {"root": root, **given}

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Register the location: mark the root as managed by this instance, unless another one manages it or it can't be written.

        Raises:
            StorageMissing: if there is no such bucket.
            StorageUnreachable: if the store doesn't answer.
        """
        if not self.__dict__.get("_is_unclaimed"):
            return super().save(*args, **kwargs)
        claimed = self._claim()
        try:
            saved = super().save(*args, **kwargs)
        except BaseException:
            if claimed.wrote_marker:
                markers.remove_marker(self.root if self.type == "local" else self.path)
            raise
        if self.uid == claimed.uid:  # else another process had registered it
            self._announce()
        return saved

    @classmethod
    def _before_bulk_save(cls, records: list[Any]) -> None:
        for record in records:
            if record.__dict__.get("_is_unclaimed"):
                record._claim()
                record._announce()

    def _claim(self) -> Any:
        """Mark the root as managed by this instance, or find out who manages it."""
        from lamindb.setup import settings
        from lamindb.setup.storage_locations import claim_root

        host = self.region if self.type == "local" else None
        claimed = claim_root(self.root, settings.instance, host=host, region=self.region)
        self.uid, self.instance_uid, self.region = claimed.uid, claimed.instance_uid, claimed.region
        self.__dict__.pop("_is_unclaimed", None)
        return claimed

    def _announce(self) -> None:
        from lamindb.setup import settings

        if self.instance_uid == settings.instance.uid:
            logger.important(f"created managed storage location at {self.root}")
        else:
            manager = f", is managed by instance with uid {self.instance_uid}" if self.instance_uid else ""
            logger.important(f"referenced read-only storage location at {self.root}{manager}")

    def _delete_permanently(self) -> None:
        """Delete the record and, if this instance manages the location, its marker; the folder itself stays.

        Raises:
            AssertionError: if artifacts lie here, or it is the location that the instance writes to.
            StorageNotEmpty: if lamindb's folder in the location holds something.
        """
        from lamindb.setup import settings

        if self.artifacts.exists():
            raise AssertionError(
                f"Cannot delete storage with artifacts in current instance: {self.root} has {self.artifacts.count()}; "
                "delete them before, also from the trash"
            )
        if self.instance_uid != settings.instance.uid:
            self._delete_row()
            return
        if self.root in (settings.storage.root_as_str, settings.instance.default_root):
            raise AssertionError(
                f"Cannot delete the current storage location, switch to another: {self.root} is in use"
            )
        place = self.root if self.type == "local" else self.path
        left = markers.list_managed_objects(place)
        if left:
            from lamindb.setup.errors import StorageNotEmpty

            shown = "\n".join(left[:50])
            raise StorageNotEmpty(
                f"'{self.root}/.lamindb' contains {len(left)} objects:\n{shown}\ndelete them prior to deleting the storage location"
            )
        self._delete_row()
        transaction.on_commit(lambda: markers.remove_marker(place))  # a transaction of the caller may still fail

    @property
    def host(self) -> str | None:
        """Name of the machine that has this local folder; `None` for other locations."""
        return self.region if self.type == "local" else None

    @property
    def path(self) -> Any:
        """The root as a path that can be opened and listed."""
        from lamindb.storage.upath import create_path

        return create_path(self.root)


def _check_folder(root: str, storage_type: str) -> None:
    if storage_type == "local" and Path(root).exists() and not Path(root).is_dir():
        raise ValueError(f"{root} is a file, but a storage location must be a folder")
