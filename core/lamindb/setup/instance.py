"""`InstanceSettings`: what is known of one instance, read from and written to its settings file."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from lamindb.setup import identifiers
from lamindb.setup import settings_files as files
from lamindb.setup.errors import SettingsEnvFileOutdated
from lamindb.setup.modules import ModuleNames, format_modules, parse_modules
from lamindb.setup.sqlite_urls import sqlite_url
from lamindb.setup.storage_settings import StorageSettings
from lamindb.storage.roots import MANAGED_FOLDER, storage_type_of

_PREFIX = "lamindb_instance_"
_REQUIRED = (
    "owner",
    "name",
    "storage_root",
    "storage_region",
    "db",
    "schema_str",
    "id",
    "git_repo",
    "keep_artifacts_local",
)
_LOCAL_HOSTS = frozenset({"", "localhost", "0.0.0.0", "127.0.0.1", "::1"})
DATABASE_NAME = "lamin.db"


class InstanceSettings:
    """One instance: a database, a default storage root and a list of schema modules.

    Args:
        id: random id of the instance, from which its uid follows.
        owner: handle of the owner.
        name: name of the instance.
        storage: default storage root.
        db: PostgreSQL URL; `None` for a SQLite file inside of the storage.
        modules: schema modules besides the core.
        git_repo: address of the repository that source code is synchronised with.
        keep_artifacts_local: save to a local storage location by default.
        storage_region: region of the bucket, or host of a local root.
    """

    def __init__(
        self,
        id: UUID,
        owner: str,
        name: str,
        storage: str | os.PathLike[str] | StorageSettings | None,
        *,
        db: str | None = None,
        modules: str | Iterable[str] | None = None,
        git_repo: str | None = None,
        keep_artifacts_local: bool = False,
        storage_region: str | None = None,
        uid: str | None = None,
        api_url: str | None = None,
    ) -> None:
        self._id = id
        self._uid = uid or identifiers.instance_uid(id)
        self._owner = owner
        self._name = name
        self._db = db
        self._modules = parse_modules(modules)
        self._git_repo = git_repo
        self._keep_artifacts_local = keep_artifacts_local
        self._api_url = api_url
        self._storage: StorageSettings | None = None
        self._local_storage: StorageSettings | None = None
        self._snapshot: Path | None = None
        if isinstance(storage, StorageSettings):
            self._storage = storage
        elif storage is not None:
            self._storage = StorageSettings(storage, region=storage_region)
        self._default_root = None if self._storage is None else self._storage.root_as_str

    @property
    def owner(self) -> str:
        """Handle of the owner."""
        return self._owner

    @property
    def name(self) -> str:
        """Name of the instance."""
        return self._name

    @property
    def slug(self) -> str:
        """`owner/name`."""
        return f"{self._owner}/{self._name}"

    @property
    def uid(self) -> str:
        """12-character uid, which storage locations name as their managing instance."""
        return self._uid

    @property
    def storage(self) -> StorageSettings:
        """The storage location that artifacts are written to in this process: the default root unless it was switched."""
        return self._storage  # type: ignore[return-value]  # none/none has no storage, see the contract of `settings.storage`

    @property
    def default_root(self) -> str | None:
        """Root of the default storage location, in which a SQLite instance has its database."""
        return self._default_root

    @property
    def database_path(self) -> Path | None:
        """The SQLite file (for a remote root: its working copy in the cache), `None` for PostgreSQL."""
        if self.dialect != "sqlite" or self._default_root is None:
            return None
        if self._snapshot is not None:
            return self._snapshot
        if storage_type_of(self._default_root) == "local":
            return Path(self._default_root) / MANAGED_FOLDER / DATABASE_NAME
        from lamindb.setup.settings_singleton import settings
        from lamindb.storage.cache import cache_path_for

        base, _, query = self._default_root.partition("?")
        url = f"{base}/{MANAGED_FOLDER}/{DATABASE_NAME}" + (f"?{query}" if query else "")
        return cache_path_for(url, settings.cache_dir_path)

    @property
    def is_clone(self) -> bool:
        """Whether this is the read-only copy of a database that lies in the storage (`.lamindb/lamin.db.gz`)."""
        return self._snapshot is not None

    def use_snapshot_if_needed(self) -> InstanceSettings:
        """If the SQLite file is missing, take the compressed copy in the storage, if there is one; returns the instance."""
        path = self.database_path
        if path is not None and not path.is_file():
            from lamindb.setup.snapshot import unpacked_snapshot

            self._snapshot = unpacked_snapshot(self._default_root)
        return self

    @property
    def db(self) -> str:
        """Database URL: `sqlite:///<absolute path>` or `postgresql://…`."""
        forced = os.environ.get("LAMINDB_DJANGO_DATABASE_URL")
        if forced:
            from lamindb.base.logging import logger

            logger.warning("LAMINDB_DJANGO_DATABASE_URL replaces the database of the instance")
            return forced
        if self._db is not None:
            return _replaced_url(self.slug) or self._db
        path = self.database_path
        return "sqlite:///:memory:" if path is None else sqlite_url(path, read_only=self.is_clone)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return "sqlite" if self._db is None else "postgresql"

    @property
    def vendor(self) -> str:
        """The same as `dialect`."""
        return self.dialect

    @property
    def modules(self) -> ModuleNames:
        """Schema modules besides the core, in the order in which they were given."""
        return self._modules

    @property
    def git_repo(self) -> str | None:
        """Address of the repository that source code is synchronised with.

        Raises:
            ValueError: if it isn't an `https://` address.
        """
        repo = self._git_repo or os.environ.get("LAMINDB_SYNC_GIT_REPO")
        if repo is None:
            return None
        if not repo.startswith("https://"):
            raise ValueError(f"The git repository {repo!r} must be given as a URL that starts with https://")
        return repo.rstrip("/").removesuffix(".git")

    @property
    def is_remote(self) -> bool:
        """Whether the storage or the database is not on this machine."""
        if self._default_root is not None and storage_type_of(self._default_root) != "local":
            return True
        return self._db is not None and not is_local_url(self._db)

    @property
    def is_cloud_sqlite(self) -> bool:
        """Whether the database is a SQLite file in a bucket."""
        return (
            self.dialect == "sqlite"
            and self._default_root is not None
            and storage_type_of(self._default_root) != "local"
        )

    @property
    def is_on_hub(self) -> bool:
        """Always false: there is no hub."""
        return False

    @property
    def is_managed_by_hub(self) -> bool:
        """Whether a hub gave the instance an address."""
        return self.api_url is not None

    @property
    def api_url(self) -> str | None:
        """Address of the hub that manages the instance, `None` without."""
        return os.environ.get("LAMIN_API_URL") or self._api_url

    @property
    def ui_url(self) -> str | None:
        """Address of the web interface of the hub that manages the instance, `None` without."""
        url = self.api_url
        if url is None:
            return None
        return identifiers.HUB_PREFIX.rstrip("/") if "lamin.ai" in url else url.removesuffix("/api")

    @property
    def is_read_only_connection(self) -> bool:
        """Whether the connection may only read: that of a database user who has such a name, or to a copy of the database."""
        if self._db is None:
            return self.is_clone or self._refusal is not None
        user = urlsplit(self._db).username or ""
        return "read" in user or "public" in user

    @property
    def _refusal(self) -> str | None:
        if not self.is_cloud_sqlite:
            return None
        from lamindb.setup.cloud_database import database_of

        database = database_of(self)
        return None if database is None else database.refusal

    def claim_for_writing(self) -> bool:
        """Make the database ready for writing: one in a bucket is locked for this process.

        Returns:
            Whether it can be written; if somebody else has locked it, a warning says who.
        """
        if self.is_cloud_sqlite:
            from lamindb.setup.cloud_database import database_of

            database = database_of(self)
            return database is None or database.try_to_claim()
        return not self.is_read_only_connection

    @property
    def available_spaces(self) -> None:
        """Spaces by permission, of instances that a hub manages; `None` without."""
        return None

    @property
    def keep_artifacts_local(self) -> bool:
        """Whether artifacts are saved to a local storage location by default; setting it is remembered."""
        return self._keep_artifacts_local

    @keep_artifacts_local.setter
    def keep_artifacts_local(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise ValueError(f"keep_artifacts_local must be True or False, not {value!r}")
        self._keep_artifacts_local = value
        if files.instance_file(self.owner, self.name).exists():
            self.save()

    @property
    def local_storage(self) -> StorageSettings:
        """The local storage location that artifacts are saved to while `keep_artifacts_local` is on.

        Raises:
            ValueError: while it is off, or if there is no local storage location on this machine.
        """
        from lamindb.setup.storage_locations import find_local_storage

        if not self._keep_artifacts_local:
            raise ValueError(
                "keep_artifacts_local is off: switch it on with ln.setup.settings.instance.keep_artifacts_local = True"
            )
        if self._local_storage is None:
            self._local_storage = find_local_storage(self)
        return self._local_storage

    @local_storage.setter
    def local_storage(self, value: str | os.PathLike[str] | tuple[str | os.PathLike[str], str]) -> None:
        from lamindb.setup.storage_locations import set_local_storage

        root, host = value if isinstance(value, tuple) else (value, None)
        self._local_storage = set_local_storage(self, root, host)

    def save(self) -> Path:
        """Write the settings file of the instance and return its path; the user's default is updated if it is this instance."""
        path = files.instance_file(self.owner, self.name)
        files.write_dotenv(path, self._to_values())
        default = files.read_dotenv(files.current_instance_file())
        if default is not None and default.get(f"{_PREFIX}id") == self._id.hex:
            files.write_dotenv(files.current_instance_file(), self._to_values())
        return path

    def save_as_default(self) -> None:
        """Write the settings file, and make the instance the user's default one."""
        self.save()
        files.write_dotenv(files.current_instance_file(), self._to_values())

    def _to_values(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "owner": self._owner,
            "name": self._name,
            "storage_root": self._default_root,
            "storage_region": None if self._storage is None else self._storage.region,
            "db": self._db,
            "schema_str": format_modules(self._modules),
            "id": self._id,
            "git_repo": self._git_repo,
            "keep_artifacts_local": self._keep_artifacts_local,
        }
        if self._api_url is not None:
            values["api_url"] = self._api_url
        if self._uid != identifiers.instance_uid(self._id):
            values["uid"] = self._uid
        return {f"{_PREFIX}{key}": value for key, value in values.items()}

    def __repr__(self) -> str:
        from lamindb.setup.representation import instance_lines

        return "\n".join([f"Instance: {self.slug}", *instance_lines(self)])


def load_instance(path: Path) -> InstanceSettings | None:
    """Return the instance that a settings file describes, or `None` if there is no file.

    Raises:
        SettingsEnvFileOutdated: if a key is missing or a value can't be read.
    """
    values = files.read_dotenv(path)
    if values is None:
        return None
    missing = [key for key in _REQUIRED if f"{_PREFIX}{key}" not in values]
    get = {key: values.get(f"{_PREFIX}{key}") for key in (*_REQUIRED, "api_url", "uid")}
    empty = [key for key in ("owner", "name", "id") if get[key] is None]
    try:
        if missing or empty:
            raise ValueError(f"it has no value for {', '.join(missing or empty)}")
        return InstanceSettings(
            id=UUID(get["id"]),
            owner=get["owner"] or "",
            name=get["name"] or "",
            storage=get["storage_root"],
            db=None if (get["db"] or "").startswith("sqlite") else get["db"],
            modules=get["schema_str"],
            git_repo=get["git_repo"],
            keep_artifacts_local=files.parse_bool(get["keep_artifacts_local"]),
            storage_region=get["storage_region"],
            uid=get["uid"],
            api_url=get["api_url"],
        ).use_snapshot_if_needed()
    except ValueError as error:
        raise SettingsEnvFileOutdated(
            f"The settings file {path} can't be used: {error}. Delete it, then connect again: lamin connect <owner/name or path>"
        ) from error


def no_instance(modules: Iterable[str] = ()) -> InstanceSettings:
    """Return the placeholder `none/none` that stands in while no instance is configured."""
    return InstanceSettings(
        UUID(int=0), "none", "none", None, modules=modules, uid=identifiers.instance_uid(UUID(int=0))
    )


@functools.cache
def _log_replacement(slug: str, variable: str) -> None:
    from lamindb.base.logging import logger

    logger.important(f"{variable} replaces the database URL of {slug}")


def _replaced_url(slug: str) -> str | None:
    """Return the PostgreSQL URL that the environment gives for an instance, such as one of another database user."""
    url = os.environ.get("LAMINDB_INSTANCE_DB")
    if not url:
        return None
    if not url.startswith(("postgresql://", "postgres://")):
        raise ValueError("LAMINDB_INSTANCE_DB has to be a URL postgresql://user:password@host:port/name")
    _log_replacement(slug, "LAMINDB_INSTANCE_DB")
    return url


def is_local_url(url: str) -> bool:
    """Tell whether the server of a PostgreSQL URL is on this machine (localhost or a unix socket)."""
    parts = urlsplit(url)
    host = dict(parse_qsl(parts.query)).get("host") or parts.hostname or ""
    return host in _LOCAL_HOSTS or host.startswith("/")
