"""`lamin load` for artifacts: where their data is on this machine."""

from __future__ import annotations

import click

from lamindb.cli.addressing import check_entity, entity_of_file, find, resolve
from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.argument("entity", required=False)
@click.option("--uid", default=None, help="Its uid, or the beginning of it.")
@click.option("--key", default=None, help="Its key; the newest on any branch.")
def load(entity: str | None, uid: str | None, key: str | None) -> None:
    """Make the data of an artifact available here and print its path."""
    from lamindb.base.logging import logger

    if entity is None and key is None:
        raise click.ClickException("Either entity or key has to be provided.")
    entity = entity or entity_of_file(str(key))
    if not entity.startswith("https://"):
        check_entity(entity, ("artifact",), "Load")
    address = resolve(entity, uid, key, None)
    check_entity(address.entity, ("artifact",), "Load")
    artifact = find(address, all_branches=True)
    path = artifact.cache(is_run_input=False)
    logger.important("artifact is here:")
    click.echo(str(path))
