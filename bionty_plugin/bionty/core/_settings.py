"""`bt.settings`: what holds for this process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


class Settings:
    """Settings of this process.

    Example:
        >>> bt.settings.organism = "human"  # doctest: +SKIP
    """

    def __init__(self) -> None:
        self._organism: Any = None
        self._database: Any = None
        self._mirror: str | None = None

    @property
    def organism(self) -> Any:
        """The organism that genes, proteins and cell markers belong to, unless a call says otherwise; `None` at first."""
        if self._organism is not None and self._database != _database():
            self._organism = None  # the record is of another instance
        return self._organism

    @organism.setter
    def organism(self, value: Any) -> None:
        if isinstance(value, str):
            from bionty.organisms import get_or_create

            value = get_or_create(value, missing="does-not-exist")
        elif value is not None and type(value).__name__ != "Organism":
            raise TypeError(f"bt.settings.organism takes a name, a bt.Organism record or None, not {value!r}")
        elif value is not None and value._state.adding:
            value.save()
        self._organism = value
        self._database = _database()

    @property
    def sources_mirror(self) -> str | None:
        """Folder or URL where files of sources are looked for before they are asked from where they are published.

        Files are called `df_<organism>__<source>__<version>__<Entity>.parquet`, or as the ontology publishes them
        (`cl.2025-04-10.obo.gz`). Default: the environment variable `BIONTY_SOURCES_MIRROR`.
        """
        return self._mirror or os.environ.get("BIONTY_SOURCES_MIRROR") or None

    @sources_mirror.setter
    def sources_mirror(self, value: str | os.PathLike[str] | None) -> None:
        if value is not None and "://" not in str(value) and not Path(value).expanduser().is_dir():
            raise NotADirectoryError(f"{str(value)!r} is not a folder: pass an existing folder or a URL")
        self._mirror = None if value is None else str(value)

    @property
    def auto_save_parents(self) -> bool:
        """Former setting without effect: ancestors are always saved."""
        return True

    @auto_save_parents.setter
    def auto_save_parents(self, value: bool) -> None:
        pass


def _database() -> Any:
    from lamindb.setup import settings as setup_settings

    return setup_settings.instance.db if setup_settings.is_configured else None


settings = Settings()
