"""What `import lamindb` and `import <schema module>` do: find the current instance, check that it is there, say so. No Django."""

from __future__ import annotations

import os

from lamindb.base.logging import logger
from lamindb.setup.errors import ModuleWasntConfigured
from lamindb.setup.settings_singleton import settings

#: slug and database of the instance that was announced last in this process
announced: tuple[str, str] | None = None
_entry_points_called = False


def on_import() -> None:
    """Connect to the current instance when lamindb is imported.

    Raises:
        InstanceNotFoundError: if `LAMIN_CURRENT_INSTANCE` names an unknown instance, or the database file is gone.
    """
    if _is_multi_instance():
        return
    ensure_announced()


def ensure_announced() -> None:
    """Check that the current instance is there and say that it is connected, once per process and instance.

    Raises:
        InstanceNotFoundError: if its database file is gone.
    """
    from lamindb.setup.errors import InstanceNotFoundError
    from lamindb.setup.raw_database import missing_file_message

    if not settings.is_configured or settings.resolution is None:
        return  # nothing configured, or connected by a call that checked it
    instance = settings.instance
    if announced == (instance.slug, instance.db):
        return
    path = (
        None if instance.is_cloud_sqlite else instance.database_path
    )  # a bucket is asked when the database is first needed
    if path is not None and not path.is_file():
        from lamindb.setup.lookup import adopt_legacy_file

        adopt_legacy_file(instance)
        if not path.is_file():
            raise InstanceNotFoundError(missing_file_message(path))
    from lamindb.setup._connect import announce
    from lamindb.setup.versions import warn_if_incompatible

    if path is not None:  # a server is asked when it is first needed
        warn_if_incompatible(instance.slug, instance.db, instance.modules)
    announce(instance)


def _check_instance_setup(from_module: str | None = None) -> bool:
    """Tell a schema module whether registries can be used, connecting if needed.

    Args:
        from_module: the module that asks.

    Returns:
        `True` if Django is set up; `False` while it is being set up, or without `from_module`.

    Raises:
        ModuleWasntConfigured: if the module is not among those of the instance or environment.
        ImportError: if the registries were left out, because a module that they require is not installed.
    """
    from lamindb.setup import _django
    from lamindb.setup.modules import is_same_module

    if _django.is_configuring():
        return False
    if _django.is_ready():
        if from_module is not None:
            _check_is_configured(from_module)
            _check_is_loaded(from_module)
        return True
    if from_module is None:
        return False
    if _is_multi_instance():
        return True
    if not any(is_same_module(from_module, module) for module in settings.modules):
        _check_is_configured(from_module)
    _django.setup_django()
    _check_is_loaded(from_module)
    return True


def _check_is_configured(module: str) -> None:
    from lamindb.setup.modules import is_same_module

    if not any(is_same_module(module, known) for known in settings.modules):
        raise ModuleWasntConfigured(module, settings.instance.slug if settings.is_configured else None)


def _check_is_loaded(module: str) -> None:
    from lamindb.setup import _django
    from lamindb.setup.declared_modules import with_required
    from lamindb.setup.modules import is_same_module

    if any(is_same_module(module, loaded) for loaded in _django.loaded_modules() or ()):
        return
    with_required([module])  # says which required module is not installed
    raise ImportError(
        f"The registries of {module!r} are not loaded in this process: connect to the instance in a new one"
    )


def _is_multi_instance() -> bool:
    if os.environ.get("LAMINDB_MULTI_INSTANCE", "").lower() != "true":
        return False
    logger.warning(
        "LAMINDB_MULTI_INSTANCE is set, so nothing is connected: use ln.DB('owner/name') or ln.connect('owner/name')"
    )
    return True


def call_entry_points() -> None:
    """Call the functions that packages register in the group `lamindb_setup.on_import`; a failing one only warns."""
    global _entry_points_called
    if _entry_points_called:
        return
    _entry_points_called = True
    from importlib.metadata import entry_points

    for entry_point in entry_points(group="lamindb_setup.on_import"):
        try:
            entry_point.load()()
        except Exception as error:  # whatever a third package does, lamindb must stay importable
            import warnings

            warnings.warn(f"the entry point {entry_point.name!r} failed: {error!r}", RuntimeWarning, stacklevel=2)
