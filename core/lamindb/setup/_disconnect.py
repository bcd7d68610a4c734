"""Disconnect this process, and the user's default, from the current instance."""

from __future__ import annotations

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup.errors import InstanceNotFoundError
from lamindb.setup.instance import load_instance
from lamindb.setup.resolve import ENVIRONMENT_VARIABLE, find_marker
from lamindb.setup.settings_singleton import settings


def disconnect(mute: bool = False, here: bool = False) -> None:
    """Disconnect from the current instance; afterwards no instance is connected in this process.

    The settings of the instance are kept, so that its name is enough to connect again. The user's default is removed if it is this instance.

    Args:
        mute: log nothing.
        here: only remove the instance marker of the working directory; the user's default stays.
    """
    if here:
        from lamindb.setup.dev_folder import disconnect_here

        disconnect_here()
        return
    instance = _current_or_broken_default()
    _upload_leftovers(instance)
    if instance is None:
        settings.use(None)
        if not mute:
            logger.info("no instance loaded")
        return
    _forget_default(instance)
    settings.use(None)
    if mute:
        return
    logger.success(f"disconnected instance: {instance}")
    marker = find_marker()
    if marker is not None and marker.slug == instance:
        logger.warning(
            f"{marker.folder} still names {instance} for work in that directory; to remove this: lamin disconnect --here"
        )
    import os

    if os.environ.get(ENVIRONMENT_VARIABLE):
        logger.warning(
            f"{ENVIRONMENT_VARIABLE} is still set, new processes will connect to {os.environ[ENVIRONMENT_VARIABLE]}"
        )


def _upload_leftovers(slug: str | None) -> None:
    """Let a database in a bucket have what a killed process left in its working copy; `settings.use` uploads what this one wrote."""
    if slug is None:
        return
    from lamindb.setup import cloud_database
    from lamindb.setup.errors import SettingsEnvFileOutdated

    try:
        cloud_database.upload_leftovers(settings.instance)
    except SettingsEnvFileOutdated:  # a default that is to be left because its file is broken
        return
    except (OSError, InstanceNotFoundError) as error:
        logger.warning(f"changes of {slug} could not be uploaded: {error}")


def _current_or_broken_default() -> str | None:
    """Return the slug of the current instance; a default whose settings file is broken counts, so that it can be left."""
    from lamindb.setup.errors import SettingsEnvFileOutdated

    try:
        return settings.instance.slug if settings.is_configured else None
    except InstanceNotFoundError:
        return None
    except SettingsEnvFileOutdated:
        values = files.read_dotenv(files.current_instance_file()) or {}
        return f"{values.get('lamindb_instance_owner')}/{values.get('lamindb_instance_name')}"


def _forget_default(slug: str) -> None:
    from lamindb.setup.errors import SettingsEnvFileOutdated

    path = files.current_instance_file()
    try:
        default = load_instance(path)
    except SettingsEnvFileOutdated:
        path.unlink(missing_ok=True)
        return
    if default is not None and default.slug == slug:
        path.unlink(missing_ok=True)
