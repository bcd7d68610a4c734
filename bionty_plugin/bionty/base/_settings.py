"""`bt.base.settings`: where files of vocabularies lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from bionty.manifest import PACKAGED


class BaseSettings:
    """Folders of vocabularies.

    Attributes:
        root_dir: the folder that holds the others; environment variable `BIONTY_ROOT_DIR`, else the user's cache folder.
    """

    def __init__(self) -> None:
        self._root: Path | None = None
        self._data: Path | None = None
        self._dynamic: Path | None = None

    @property
    def root_dir(self) -> Path:
        """Folder that holds the others."""
        if self._root is None:
            from_env = os.environ.get("BIONTY_ROOT_DIR")
            if from_env:
                return Path(from_env).expanduser()
            from platformdirs import user_cache_path

            return user_cache_path("bionty", appauthor=False)
        return self._root

    @root_dir.setter
    def root_dir(self, value: str | os.PathLike[str]) -> None:
        self._root = Path(value).expanduser()

    @property
    def datasetdir(self) -> Path:
        """Folder of files that were downloaded."""
        return _made(self._data or self.root_dir / "data")

    @datasetdir.setter
    def datasetdir(self, value: str | os.PathLike[str]) -> None:
        self._data = Path(value).expanduser()

    @property
    def dynamicdir(self) -> Path:
        """Folder of tables that were made from them."""
        return _made(self._dynamic or self.root_dir / "_dynamic")

    @dynamicdir.setter
    def dynamicdir(self, value: str | os.PathLike[str]) -> None:
        self._dynamic = Path(value).expanduser()

    @property
    def public_sources(self) -> Path:
        """The manifest: `sources.yaml` in the root folder if somebody put one there, else the packaged one."""
        own = self.root_dir / "sources.yaml"
        return own if own.is_file() else PACKAGED


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


settings = BaseSettings()
