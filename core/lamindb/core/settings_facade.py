"""`ln.settings`: the switches of this process, and what is connected."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from lamindb.base import settings as process
from lamindb.base.logging import VERBOSITIES, get_verbosity, set_verbosity

if TYPE_CHECKING:
    from upath import UPath

    from lamindb.setup.storage_settings import StorageSettings

    #: A root, or a root with the options of its file system, or a root with the name of its machine.
    StorageChoice: TypeAlias = str | os.PathLike[str] | tuple[str | os.PathLike[str], Mapping[str, Any] | str | None]


class Settings:
    """Settings of this process; use the object `ln.settings`.

    Example:
        >>> ln.settings.verbosity = "hint"
        >>> ln.settings.verbosity
        'hint'
    """

    @property
    def creation(self) -> process.CreationSettings:
        """How records are created."""
        return process.creation_settings

    @property
    def annotation(self) -> process.AnnotationSettings:
        """How datasets are annotated."""
        return process.annotation_settings

    @property
    def verbosity(self) -> str:
        """Which messages are shown: error, warning (default), success, info, hint, debug. Can be set by name or by 0-5.

        Raises:
            KeyError: for an unknown name or number.
        """
        return get_verbosity()

    @verbosity.setter
    def verbosity(self, value: str | int) -> None:
        try:
            set_verbosity(value)
        except ValueError:
            raise KeyError(
                f"verbosity must be one of {', '.join(VERBOSITIES)} or 0-{len(VERBOSITIES) - 1}, not {value!r}"
            ) from None

    @property
    def track_run_inputs(self) -> bool:
        """Whether what a run loads is recorded as its input."""
        return process.tracking_settings.track_run_inputs

    @track_run_inputs.setter
    def track_run_inputs(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise ValueError(f"track_run_inputs must be True or False, not {value!r}")
        process.tracking_settings.track_run_inputs = value

    @property
    def sync_git_repo(self) -> str | None:
        """Repository that source code is synchronised with: what was set here, else `LAMINDB_SYNC_GIT_REPO`, else the instance's.

        Raises:
            ValueError: if it does not start with `https://`.
        """
        from lamindb.setup import settings

        explicit = process.tracking_settings.sync_git_repo
        return explicit if explicit is not None else settings.instance.git_repo

    @sync_git_repo.setter
    def sync_git_repo(self, value: str | None) -> None:
        if value is not None and not value.startswith("https://"):
            raise ValueError(
                f"sync_git_repo must be the address of a git repository that starts with https://, not {value!r}"
            )
        process.tracking_settings.sync_git_repo = None if value is None else value.rstrip("/").removesuffix(".git")

    @property
    def storage(self) -> StorageSettings:
        """Where artifacts are stored for the rest of this process.

        Set a path, `(path, options of its file system)` or `(path, name of its machine)`. An unknown location is registered.

        Raises:
            CurrentInstanceNotConfigured: if it is set without instance.
            ValueError: if another instance manages the location, or it can't be written.

        Example:
            >>> ln.settings.storage = "./more-data"  # doctest: +SKIP
        """
        from lamindb.setup import settings

        return settings.storage

    @storage.setter
    def storage(self, value: StorageChoice) -> None:
        from lamindb.setup.storage_locations import switch_storage

        root, option = value if isinstance(value, tuple) else (value, None)
        if isinstance(option, Mapping):
            switch_storage(_connected_instance(), root, options=option)
        else:
            switch_storage(_connected_instance(), root, host=option)

    @property
    def local_storage(self) -> StorageSettings:
        """Where artifacts are stored while `ln.setup.settings.instance.keep_artifacts_local` is on. Set a folder, or `(folder, machine)`.

        Raises:
            ValueError: while it is off, or if there is no such location on this machine.
        """
        return _connected_instance().local_storage  # type: ignore[no-any-return]

    @local_storage.setter
    def local_storage(self, value: str | os.PathLike[str] | tuple[str | os.PathLike[str], str]) -> None:
        _connected_instance().local_storage = value

    @property
    def cache_dir(self) -> UPath:
        """The folder with copies of remote data; to change it: `lamin settings cache-dir set <path>`."""
        from lamindb.setup import settings

        return settings.cache_dir

    @property
    def branch(self) -> Any:
        """The branch that new records go to; set a name, uid or `Branch`."""
        from lamindb.setup import settings

        return settings.branch

    @branch.setter
    def branch(self, value: Any) -> None:
        from lamindb.setup import settings

        settings.branch = value

    @property
    def space(self) -> Any:
        """The space that new records go to; set a name, uid or `Space`."""
        from lamindb.setup import settings

        return settings.space

    @space.setter
    def space(self, value: Any) -> None:
        from lamindb.setup import settings

        settings.space = value

    @property
    def dev_dir(self) -> Path | None:
        """The development folder of the instance; see `ln.setup.settings.dev_dir`."""
        from lamindb.setup import settings

        return settings.dev_dir

    @property
    def instance_uid(self) -> str:
        """Uid of the connected instance."""
        from lamindb.setup import settings

        return settings.instance.uid

    def __setattr__(self, name: str, value: Any) -> None:
        if not isinstance(getattr(type(self), name, None), property):
            import difflib

            names = [key for key, found in vars(type(self)).items() if isinstance(found, property)]
            near = difflib.get_close_matches(name, names, n=1)
            raise AttributeError(
                f"there is no setting {name!r}" + (f". Did you mean {near[0]!r}?" if near else f": {', '.join(names)}")
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        from lamindb.setup import settings

        is_connected = settings.is_configured
        lines = [
            "Settings",
            f" - instance: {settings.instance.slug if is_connected else None}",
            f" - storage: {settings.storage.root_as_str if is_connected else None}",
            f" - verbosity: {self.verbosity}",
            f" - track_run_inputs: {self.track_run_inputs}",
        ]
        if self.sync_git_repo is not None:
            lines.append(f" - sync_git_repo: {self.sync_git_repo}")
        return "\n".join(lines)


def _connected_instance() -> Any:
    from lamindb.setup import settings
    from lamindb.setup.errors import CurrentInstanceNotConfigured

    if not settings.is_configured:
        raise CurrentInstanceNotConfigured
    return settings.instance


settings = Settings()
