"""`lamin login`, `lamin logout`."""

from __future__ import annotations

import sys

import click

from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.argument("user", required=False)
@click.option("--name", default=None, help="Your full name.")
@click.option("--key", default=None, hidden=True, help="Key of a hub account; a local identity needs none.")
def login(user: str | None, name: str | None, key: str | None) -> None:
    """Work under the local identity USER (a handle or an email address). No account is needed."""
    import lamindb as ln

    if user is None and key is None and not sys.stdin.isatty():
        key = sys.stdin.readline().strip() or None
    if user is not None:
        ln.setup.login(user, name=name)
    else:
        ln.setup.login(api_key=key)


@click.command(cls=Command)
def logout() -> None:
    """Go back to the anonymous identity."""
    import lamindb as ln

    ln.setup.logout()
