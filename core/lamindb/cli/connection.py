"""Connecting this process to the current instance, or to the one of a URL, before a command asks the database."""

from __future__ import annotations

import click

#: What the command line says without an instance.
NOT_CONNECTED = (
    "Not connected to an instance. Please run: lamin connect <owner/name>, or make one: lamin init --storage <folder>"
)


def require_instance() -> None:
    """Connect to the current instance, with a log line that says which.

    Raises:
        ClickException: if there is none.
    """
    from lamindb.setup import settings

    if not settings.is_configured:
        raise click.ClickException(NOT_CONNECTED)
    from lamindb.setup._autoconnect import on_import

    on_import()


def use_instance_for_process(slug: str) -> None:
    """Use another instance in this process; the user's default instance stays.

    Raises:
        InstanceNotFoundError: if the instance is unknown.
    """
    from lamindb.base.logging import logger
    from lamindb.setup import settings
    from lamindb.setup.errors import InstanceNotFoundError
    from lamindb.setup.resolve import load_known, not_found_message

    instance = load_known(slug)
    if instance is None:
        raise InstanceNotFoundError(not_found_message(slug, "instance-not-found"))
    settings.use(instance)
    logger.important("connected lamindb: %s", instance.slug)
