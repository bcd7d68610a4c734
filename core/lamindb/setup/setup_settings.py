"""`SetupSettings`: the current user, instance, branch, space and folders of this process; everything is resolved when first read."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.setup import cache_folder, dev_folder
from lamindb.setup import settings_files as files
from lamindb.setup.identifiers import NO_INSTANCE_SLUG
from lamindb.setup.instance import InstanceSettings, no_instance
from lamindb.setup.modules import ModuleNames, environment_modules, set_environment_modules
from lamindb.setup.paths import Paths
from lamindb.setup.resolve import Resolution, resolve_instance
from lamindb.setup.storage_settings import StorageSettings
from lamindb.setup.user import UserSettings, load_or_create_user

if TYPE_CHECKING:
    from upath import UPath


class SetupSettings:
    """Settings of this environment and process, available as `ln.setup.settings`.

    Example:
        >>> ln.setup.settings.instance.slug  # doctest: +SKIP
        'anonymous/my-data'
    """

    paths = Paths

    def __init__(self) -> None:
        self.modules_warning: str | None = None
        self._environment: tuple[str, str] | None = None
        self._instance: InstanceSettings | None = None
        self._resolution: Resolution | None = None
        self._is_resolved = False
        self._user: UserSettings | None = None
        self._records: dict[str, Any] = {}
        self._row_ids: dict[str, int] = {}
        self._is_bare_database = False

    # what is current --------------------------------------------------------------------------------------------------

    @property
    def instance(self) -> InstanceSettings:
        """The current instance; `none/none` if nothing is configured."""
        return self._resolved_instance() or no_instance(environment_modules())

    def _resolved_instance(self) -> InstanceSettings | None:
        self._reload_if_environment_changed()
        if not self._is_resolved:
            self._resolution = resolve_instance()
            self._instance = None if self._resolution is None else self._resolution.instance
            self._is_resolved = True
        return self._instance

    @property
    def resolution(self) -> Resolution | None:
        """What made the current instance current; `None` if nothing did, or if it was connected within this process."""
        self._resolved_instance()
        return self._resolution

    @property
    def is_configured(self) -> bool:
        """Whether there is a current instance."""
        instance = self._resolved_instance()
        return instance is not None and instance.slug != NO_INSTANCE_SLUG

    @property
    def is_connected(self) -> bool:
        """Whether queries reach an instance."""
        return self.is_configured

    @property
    def storage(self) -> StorageSettings:
        """The storage location of the current instance; `None` without instance."""
        return self.instance.storage

    @property
    def user(self) -> UserSettings:
        """The current user."""
        self._reload_if_environment_changed()
        if self._user is None:
            self._user = load_or_create_user()
        return self._user

    @property
    def modules(self) -> ModuleNames:
        """Schema modules of the current instance, or of the environment if there is none.

        Setting them (a set, a comma list, or `None` for the default) concerns environments without instance.
        """
        return self.instance.modules if self.is_configured else environment_modules()

    @modules.setter
    def modules(self, value: str | Iterable[str] | None) -> None:
        set_environment_modules(value)
        if self.is_configured:
            logger.important_hint(
                f"the modules of an environment count while no instance is connected; {self.instance.slug} keeps its own"
            )

    def use(self, instance: InstanceSettings | None, *, source: Resolution | None = None) -> None:
        """Make an instance (or none) the current one of this process, re-pointing the default connection.

        Raises:
            RuntimeError: if the process has loaded registries without some module of the instance; nothing is changed then.
        """
        from lamindb.setup import _django

        self._reload_if_environment_changed()
        self._leave_cloud_databases(instance)
        if instance is not None and _django.is_ready():
            self._open_in_cloud(instance)
        _django.use_instance(None if instance is None else instance.db, () if instance is None else instance.modules)
        self._instance, self._resolution, self._is_resolved = instance, source, True
        self.clear_record_cache()

    def _leave_cloud_databases(self, next_instance: InstanceSettings | None) -> None:
        """Upload and unlock databases in buckets that this process has written to, before another instance takes their place."""
        cloud_database = sys.modules.get("lamindb.setup.cloud_database")
        if cloud_database is not None:
            cloud_database.close_others(None if next_instance is None else next_instance.database_path)

    def _open_in_cloud(self, instance: InstanceSettings) -> None:
        from lamindb.setup import cloud_database

        if instance.is_cloud_sqlite:
            cloud_database.open_current(instance)

    def reset(self) -> None:
        """Forget what was resolved; the next read looks at the settings files again."""
        self._instance, self._resolution, self._is_resolved, self._user = None, None, False, None
        self.clear_record_cache()

    def forget_user(self) -> None:
        """Read the current user anew at the next use."""
        self._user = None
        self._row_ids.clear()

    def clear_record_cache(self) -> None:
        """Read branch, space and user row anew at the next use."""
        self._records.clear()
        self._row_ids.clear()

    def _reload_if_environment_changed(self) -> None:
        environment = (os.environ.get("LAMIN_SETTINGS_DIR", ""), os.environ.get("LAMIN_ENV") or "prod")
        if environment == self._environment:
            return
        is_first = self._environment is None
        self._environment = environment
        if environment[1] != "prod":
            logger.warning(f"loaded LAMIN_ENV: {environment[1]}")
        if not is_first:
            self.reset()
            self._repoint_to_resolved()

    def _repoint_to_resolved(self) -> None:
        from lamindb.setup import _django

        if _django.is_ready():
            instance = self.instance
            if self.is_configured:
                self._open_in_cloud(instance)
            _django.use_instance(
                instance.db if self.is_configured else None, instance.modules if self.is_configured else ()
            )

    # branch, space and user row -----------------------------------------------------------------------------------------

    @property
    def branch(self) -> Any:
        """The branch that was switched to; setting it takes a name, a uid or a saved `Branch`."""
        return self._current_record("Branch")

    @branch.setter
    def branch(self, value: Any) -> None:
        self._switch_record("Branch", value)

    @property
    def space(self) -> Any:
        """The space that was switched to; setting it takes a name, a uid or a saved `Space`."""
        return self._current_record("Space")

    @space.setter
    def space(self, value: Any) -> None:
        self._switch_record("Space", value)

    def current_branch_id(self) -> int:
        """Return the id of the branch that was switched to (1, main, if none was); needs no query in that case."""
        return self._row_id("Branch", lambda: self._chosen_id("Branch"))

    def current_space_id(self) -> int:
        """Return the id of the space that was switched to (1, `all`, if none was); needs no query in that case."""
        return self._row_id("Space", lambda: self._chosen_id("Space"))

    def current_user_id(self) -> int:
        """Return the id of the current user's row, which is inserted if it is missing."""
        return self._row_id("User", self._register_user)

    def _register_user(self) -> int:
        from lamindb.setup.first_rows import register_user

        return register_user(self.user)

    def _row_id(self, name: str, look_up: Callable[[], int]) -> int:
        """Return the id of a current row; it is asked for whenever a record is constructed, hence kept."""
        self._reload_if_environment_changed()
        if self._is_bare_database:
            return 1
        if name not in self._row_ids:
            if not self.is_configured:
                return 1
            self._row_ids[name] = look_up()
        return self._row_ids[name]

    @contextlib.contextmanager
    def bare_database(self) -> Iterator[None]:
        """While tables are created, take the default branch, space and user for granted instead of looking them up."""
        before, self._is_bare_database = self._is_bare_database, True
        try:
            yield
        finally:
            self._is_bare_database = before

    def _current_record(self, registry_name: str) -> Any:
        from lamindb.setup import branch_and_space

        if not self.is_configured:
            return branch_and_space.stand_in(registry_name)
        if registry_name not in self._records:
            self._records[registry_name] = branch_and_space.load_current(registry_name, self.instance)
        return self._records[registry_name]

    def _chosen_id(self, registry_name: str) -> int:
        from lamindb.setup import branch_and_space

        if (
            registry_name not in self._records
            and not branch_and_space.choice_file(registry_name, self.instance).exists()
        ):
            return 1
        return int(self._current_record(registry_name).id)

    def _switch_record(self, registry_name: str, value: Any) -> None:
        from lamindb.setup import branch_and_space

        self._records[registry_name] = branch_and_space.store_choice(registry_name, self.instance, value)
        self._row_ids.pop(registry_name, None)

    # folders --------------------------------------------------------------------------------------------------------

    @property
    def settings_dir(self) -> Path:
        """The folder with the settings files."""
        return files.settings_dir()

    @property
    def dev_dir(self) -> Path | None:
        """The development folder of the current instance: transform keys are relative to it. Set it to `None` to unset it.

        Raises:
            CurrentInstanceNotConfigured: if it is set without an instance.
            ValueError: if it is set to the home directory.
        """
        return dev_folder.get_dev_dir(self.instance) if self.is_configured else None

    @dev_dir.setter
    def dev_dir(self, value: str | os.PathLike[str] | None) -> None:
        from lamindb.setup.errors import CurrentInstanceNotConfigured

        if not self.is_configured:
            raise CurrentInstanceNotConfigured
        dev_folder.set_dev_dir(self.instance, value)

    def dev_dir_of(self, file: str | os.PathLike[str]) -> Path | None:
        """Return the development folder of the current instance that holds a file; if none does, the current one, or `None`.

        Args:
            file: path of a script, notebook or note.
        """
        return dev_folder.dev_dir_of(self.instance, Path(file).resolve()) if self.is_configured else None

    def add_dev_dir(self, folder: str | os.PathLike[str]) -> Path:
        """Give the current instance one more development folder; the nearest one around a file gives the root of its key.

        Raises:
            CurrentInstanceNotConfigured: without an instance.
            ValueError: if the folder belongs to another instance.
        """
        from lamindb.setup.errors import CurrentInstanceNotConfigured

        if not self.is_configured:
            raise CurrentInstanceNotConfigured
        return dev_folder.add_dev_dir(self.instance, folder)

    @property
    def cache_dir_path(self) -> Path:
        """The cache folder as a plain path; it is created if possible."""
        return cache_folder.current_cache_dir()

    @property
    def cache_dir(self) -> UPath:
        """The cache folder; it is created if possible."""
        from lamindb.storage.upath import UPath

        return UPath(self.cache_dir_path)

    # legacy ------------------------------------------------------------------------------------------------------------

    @property
    def auto_connect(self) -> bool:
        """Always true: importing lamindb connects to the current instance. Setting it has no effect."""
        return True

    @auto_connect.setter
    def auto_connect(self, value: bool) -> None:
        logger.warning("auto_connect has no effect: importing lamindb always connects to the current instance")

    @property
    def private_django_api(self) -> bool:
        """Always false: the installed Django is never modified. Setting it has no effect."""
        return False

    @private_django_api.setter
    def private_django_api(self, value: bool) -> None:
        logger.warning("private_django_api has no effect: the installed Django is never modified")

    def __repr__(self) -> str:
        from lamindb.setup.representation import settings_text

        return settings_text(self)
