"""`lamin update`."""

from __future__ import annotations

import click

from lamindb.cli.addressing import check_entity
from lamindb.cli.describe import address_options, find_addressed
from lamindb.cli.groups import Command

UPDATED = ("artifact", "transform", "collection", "project", "branch")
STATUSES = ("standalone", "draft", "review", "merged", "closed")


@click.command(cls=Command)
@click.argument("entity")
@address_options
@click.option("--status", type=click.Choice(STATUSES), default=None, help="New status (branch only).")
@click.option("--description", default=None, help="New description (not for branch).")
def update(
    entity: str, uid: str | None, key: str | None, name: str | None, status: str | None, description: str | None
) -> None:
    """Change the status of a branch (by default the current one) or the description of another ENTITY."""
    if (status is None) == (description is None):
        raise click.ClickException("Pass exactly one of --status and --description")
    if not entity.startswith("https://"):
        check_entity(entity, UPDATED, "Update")
    record = find_addressed(entity, uid, key, name, "Update")
    kind = type(record).__name__.lower()
    check_entity(kind, UPDATED, "Update")
    if (status is not None) != (kind == "branch"):
        raise click.ClickException(
            f"{kind} has no --{'status' if status else 'description'} to update; use the other option"
        )
    from lamindb.base.logging import logger

    if status is not None:
        record.status = status
    else:
        record.description = description
    record.save()
    logger.important("updated %s: %s", kind, "description" if status is None else f"status='{status}'")
