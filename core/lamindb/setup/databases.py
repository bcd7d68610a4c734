"""Databases of other instances: opened under the alias that is their slug, for queries only, beside the connected instance."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger

if TYPE_CHECKING:
    from lamindb.setup.instance import InstanceSettings

DEFAULT = "default"
_WRITABLE_SUFFIX = " (for writing)"


@dataclass(frozen=True)
class OpenDatabase:
    """An opened database of another instance.

    Attributes:
        alias: name of the connection, the slug of the instance (`"default"` for the connected one).
        instance: what is known of the instance.
        modules: packages of the instance's schema modules that this process has loaded.
        missing: schema modules of the instance that this process has not loaded.
    """

    alias: str
    instance: InstanceSettings
    modules: tuple[str, ...]
    missing: tuple[str, ...]


_opened: dict[str, OpenDatabase] = {}


def open_database(identifier: str | os.PathLike[str] | None) -> OpenDatabase:
    """Open the database of an instance for queries, or return the one that is open already.

    Args:
        identifier: `owner/name`, `name`, `https://lamin.ai/owner/name`, a folder or a database URL; `None` and `"default"` mean the
            connected instance.

    Raises:
        InstanceNotFoundError: if there is no such instance, or its database is missing or can't be reached.
        ValueError: if the identifier names no instance.

    Example:
        >>> open_database("laminlabs/cellxgene").alias  # doctest: +SKIP
        'laminlabs/cellxgene'
    """
    from lamindb.setup.settings_singleton import settings

    if identifier is None or identifier == DEFAULT:
        return _describe(DEFAULT, settings.instance)
    known = _opened.get(identifier) if isinstance(identifier, str) else None
    if known is not None and not _is_connected(known.instance) and _is_open(known):
        return known
    from lamindb.setup.lookup import check_database, find_instance

    instance = find_instance(identifier)
    if _is_connected(instance):
        return _describe(DEFAULT, settings.instance)
    check_database(instance)
    _configure(instance.slug, instance.db, read_only=True)
    opened = _describe(instance.slug, instance)
    if opened.missing and instance.slug not in _opened:
        logger.info("in transfer, source lamindb instance has additional modules: %s", ", ".join(opened.missing))
    _opened[instance.slug] = opened
    return opened


def opened_database(alias: str) -> OpenDatabase:
    """Return what is known of the database with this alias; it is opened again if this process has forgotten it."""
    return open_database(alias)


@contextmanager
def open_for_writing(identifier: str | os.PathLike[str]) -> Iterator[tuple[str, OpenDatabase]]:
    """Open the database of another instance for writing, inside a `with` block.

    Yields:
        The alias to write with, and the opened database whose alias the written records get as their home.

    Raises:
        InstanceNotFoundError: as `open_database`.
    """
    from django.db import connections

    opened = open_database(identifier)
    if opened.alias == DEFAULT:
        yield DEFAULT, opened
        return
    alias = opened.alias + _WRITABLE_SUFFIX
    _configure(alias, opened.instance.db, read_only=False)
    try:
        yield alias, opened
    finally:
        connections[alias].close()


def _is_connected(instance: InstanceSettings) -> bool:
    from lamindb.setup.settings_singleton import settings

    return settings.is_configured and settings.instance.uid == instance.uid


def _is_open(opened: OpenDatabase) -> bool:
    path = opened.instance.database_path
    return (path is None or path.is_file()) and _is_configured(opened.alias, opened.instance.db)


def _is_configured(alias: str, url: str) -> bool:
    from django.db import connections

    return connections.settings.get(alias, {}).get("_URL") == url


def _configure(alias: str, url: str, *, read_only: bool) -> None:
    from django.db import connections

    from lamindb.setup._django import database_config, setup_django

    setup_django()
    if _is_configured(alias, url):
        return
    if alias in connections.settings:
        connections[alias].close()
        del connections[alias]
    connections.settings[alias] = {**database_config(url, read_only=read_only), "_URL": url}
    connections.configure_settings(connections.settings)


def _describe(alias: str, instance: InstanceSettings) -> OpenDatabase:
    from django.apps import apps

    from lamindb.setup._django import setup_django
    from lamindb.setup.modules import package_of

    setup_django()
    packages = {module: package_of(module) for module in instance.modules}
    loaded = tuple(package for package in packages.values() if apps.is_installed(package))
    missing = tuple(module for module, package in packages.items() if not apps.is_installed(package))
    return OpenDatabase(alias, instance, loaded, missing)


def app_labels(opened: OpenDatabase) -> frozenset[str]:
    """Return the app labels whose tables the database has and this process knows."""
    from django.apps import apps

    packages = {"lamindb", *opened.modules}
    return frozenset(config.label for config in apps.get_app_configs() if config.name in packages)


def has_registry(opened: OpenDatabase, registry: Any) -> bool:
    """Tell whether the database has the table of a registry."""
    return registry._meta.app_label in app_labels(opened)
