"""`lamin create`."""

from __future__ import annotations

import click

from lamindb.cli.connection import require_instance
from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.argument("registry", type=click.Choice(["branch", "project"]))
@click.argument("name", required=False)
@click.option("--name", "name_option", default=None, hidden=True, help="Former way to give the name.")
def create(registry: str, name: str | None, name_option: str | None) -> None:
    """Create a branch or project called NAME."""
    from lamindb.base.logging import logger

    if name_option is not None:
        logger.warning("--name is deprecated, call: lamin create %s %s", registry, name_option)
    name = name or name_option
    if name is None:
        raise click.UsageError(f"Missing the name, for example: lamin create {registry} my_{registry}")
    require_instance()
    if registry == "branch":
        create_branch(name)
    else:
        create_project(name)


def create_branch(name: str) -> None:
    """Create a branch; names are unique whatever their case."""
    import lamindb as ln
    from lamindb.base.logging import logger

    existing = ln.Branch.objects.filter(name__iexact=name).first()
    if existing is not None:
        raise click.ClickException(f"Branch '{existing.name}' already exists. To use it: lamin switch {existing.name}")
    ln.Branch(name=name).save()
    logger.important("created branch: %s", name)


def create_project(name: str) -> None:
    """Create a project, or return the one of this name."""
    import lamindb as ln
    from lamindb.base.logging import logger

    existing = ln.Project.filter(name=name).first()
    if existing is not None:
        logger.important("returning project with same name: %s", name)
        return
    ln.Project(name=name).save()
    logger.important("created project: %s", name)
