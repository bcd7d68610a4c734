"""`lamin init`."""

from __future__ import annotations

import click

from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.option("--storage", default=".", show_default=True, help="Folder or bucket for the data.")
@click.option("--name", default=None, help="Name of the instance; by default that of the storage.")
@click.option(
    "--db", default=None, help="postgresql://user:password@host:port/name; without it, SQLite in the storage."
)
@click.option("--modules", default=None, help="Schema modules, such as bionty,pertdb.")
def init(storage: str, name: str | None, db: str | None, modules: str | None) -> None:
    """Make an instance and connect to it."""
    import lamindb as ln

    ln.setup.init(storage=storage, name=name, db=db, modules=modules)
