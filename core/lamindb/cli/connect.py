"""`lamin connect`, `lamin disconnect`."""

from __future__ import annotations

import click

from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.argument("instance")
@click.option("--here", is_flag=True, help="Only for the working directory; your default instance stays.")
def connect(instance: str, here: bool) -> None:
    """Connect to INSTANCE: owner/name, a name of your own, a storage folder, or a database URL."""
    connect_instance(instance, here=here)


@click.command(cls=Command)
@click.option("--here", is_flag=True, help="Only from the instance of the working directory.")
def disconnect(here: bool) -> None:
    """Disconnect from the instance."""
    disconnect_instance(here=here)


def connect_instance(instance: str, *, here: bool = False) -> None:
    """Connect, as the default instance or for the working directory only.

    Raises:
        ConnectWithinDevDirError: if the working directory lies in the development folder of another instance.
        InstanceNotFoundError: if there is no such instance.
    """
    from pathlib import Path

    from lamindb.base.logging import logger
    from lamindb.setup import settings
    from lamindb.setup._connect import connect_to
    from lamindb.setup.dev_folder import check_not_home, check_not_of_another_instance
    from lamindb.setup.lookup import find_instance

    found = find_instance(instance)
    check_not_of_another_instance(found.slug)
    if here:
        folder = Path.cwd()
        check_not_home(folder, found.slug)
        connect_to(found, write_settings=True, as_default=False)
        settings.dev_dir = folder
        logger.important("set dev-dir: %s", folder)
        return
    connect_to(found, write_settings=True)
    _warn_if_not_in_force(found.slug)
    if settings.dev_dir is None:
        logger.important_hint(
            "to map a local dev directory, call: lamin settings dev-dir set . (for this directory only: lamin connect %s --here)",
            found.slug,
        )


def _warn_if_not_in_force(slug: str) -> None:
    """Say so if the environment names another instance than the new default."""
    from lamindb.base.logging import logger
    from lamindb.setup.errors import InstanceNotFoundError
    from lamindb.setup.resolve import ENVIRONMENT_VARIABLE, resolve_instance

    try:
        resolution = resolve_instance()
    except InstanceNotFoundError as error:
        logger.warning("%s", error)
        return
    if resolution is None or resolution.source != "environment" or resolution.instance.slug == slug:
        return
    used = resolution.instance.slug
    logger.warning("%s is your default now, but %s is used, because %s names it", slug, used, ENVIRONMENT_VARIABLE)


def disconnect_instance(*, here: bool = False) -> None:
    """Disconnect from the default instance, or from the one of the working directory."""
    import lamindb as ln

    ln.setup.disconnect(here=here)
