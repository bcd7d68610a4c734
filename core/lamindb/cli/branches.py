"""`lamin switch`, `lamin merge`."""

from __future__ import annotations

import click

from lamindb.cli.connection import require_instance
from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.argument("target", nargs=-1)
@click.option("--space", is_flag=True, help="Switch to a space instead of a branch.")
@click.option("-c", "--create", is_flag=True, help="Create the branch first.")
@click.option("--branch", is_flag=True, hidden=True, help="The default.")
def switch(target: tuple[str, ...], space: bool, create: bool, branch: bool) -> None:
    """Switch to the branch (or space) TARGET, given by name or uid; it stays for later commands."""
    from lamindb.base.logging import logger

    words = list(target)
    if len(words) == 2 and words[0] in ("branch", "space"):
        logger.warning("'lamin switch %s %s' is deprecated", *words)
        space = space or words[0] == "space"
        words = words[1:]
    if len(words) != 1:
        raise click.UsageError(
            "Name one branch or space, for example: lamin switch my_branch, or: lamin switch --space my_space"
            + (f" (these are {len(words)}: {', '.join(words)})" if words else "")
        )
    if space and create:
        raise click.UsageError("--create makes a branch, it can't be combined with --space")
    require_instance()
    import lamindb as ln
    from lamindb.errors import BranchAlreadyExists

    try:
        ln.setup.switch(words[0], space=space, create=create)
    except BranchAlreadyExists:
        existing = ln.Branch.objects.filter(name__iexact=words[0]).first()
        name = words[0] if existing is None else existing.name
        raise click.ClickException(
            f"Branch '{name}' already exists. Omit -c/--create to switch to it: lamin switch {name}"
        ) from None


@click.command(cls=Command)
@click.argument("branch")
def merge(branch: str) -> None:
    """Merge BRANCH into the current branch."""
    require_instance()
    import lamindb as ln
    from lamindb.errors import ObjectDoesNotExist

    try:
        ln.setup.merge(branch)
    except ObjectDoesNotExist:
        raise click.ClickException(f"Branch '{branch}' not found. To see all: lamin list branch") from None
