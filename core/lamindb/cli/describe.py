"""`lamin describe`, `lamin get`."""

from __future__ import annotations

import sys
from typing import Any

import click

from lamindb.cli.addressing import ENTITIES, Address, check_entity, find, resolve
from lamindb.cli.groups import Command
from lamindb.cli.output import feature_values, json_option, print_json, record_values, related_names

DESCRIBED = tuple(entity for entity in ENTITIES if entity != "reference")
_HAVE_DESCRIPTION = ("artifact", "transform", "collection", "project")


def address_options(function: Any) -> Any:
    """Add the options that address a record."""
    for option, text in (("--name", "Its name."), ("--key", "Its key."), ("--uid", "Its uid, or the beginning of it.")):
        function = click.option(option, default=None, help=text)(function)
    return function


@click.command(cls=Command)
@click.argument("entity", default="artifact")
@address_options
@click.option("--include", type=click.Choice(["comments"]), default=None, help="Also show what was commented.")
@json_option
def describe(
    entity: str, uid: str | None, key: str | None, name: str | None, include: str | None, as_json: bool
) -> None:
    """Describe a record. ENTITY is artifact (default), branch, collection, …, or the URL of an object."""
    print_description(find_addressed(entity, uid, key, name, "Describe"), include, as_json)


@click.command(cls=Command)
@click.argument("entity", default="artifact")
@address_options
@click.option("--include", type=click.Choice(["comments"]), default=None, help="Also show what was commented.")
@click.option("--status", is_flag=True, help="Print the status (branch).")
@click.option("--description", is_flag=True, help="Print the description (artifact, transform, collection, project).")
@json_option
def get(
    entity: str,
    uid: str | None,
    key: str | None,
    name: str | None,
    include: str | None,
    status: bool,
    description: bool,
    as_json: bool,
) -> None:
    """Describe a record, or print one of its values."""
    if status and description:
        raise click.ClickException("Pass either --status or --description, not both")
    if (status or description) and (include or as_json):
        raise click.ClickException(
            "--include and --json belong to a whole record: leave --status and --description out"
        )
    record = find_addressed(entity, uid, key, name, "Get")
    kind = type(record).__name__.lower()
    if status and kind != "branch":
        raise click.ClickException(f"--status is a value of branches, not of {kind}")
    if description and kind not in _HAVE_DESCRIPTION:
        raise click.ClickException(f"--description is a value of {', '.join(_HAVE_DESCRIPTION)}, not of {kind}")
    if status or description:
        click.echo(str(record.status if status else record.description))
    else:
        print_description(record, include, as_json)


def find_addressed(entity: str, uid: str | None, key: str | None, name: str | None, command: str) -> Any:
    """Return the addressed record; `branch` alone is the current branch.

    Raises:
        ClickException: if the entity is unknown, or no record is addressed or found.
    """
    if not entity.startswith("https://"):
        check_entity(entity, DESCRIBED, command)
    address = resolve(entity, uid, key, name)
    return current_branch() if address == Address("branch") else find(address)


def current_branch() -> Any:
    """Return the branch that was switched to."""
    from lamindb.setup import settings
    from lamindb.setup._django import setup_django

    setup_django()
    return settings.branch


def print_description(record: Any, include: str | None, as_json: bool) -> None:
    """Print what is known of a record; colours only on a terminal."""
    if as_json:
        values = {**record_values(record), "labels": related_names(record)}
        features = feature_values(record)
        print_json(values if features is None else {**values, "features": features})
        return
    options = {} if include is None else {"include": include}
    if sys.stdout.isatty():
        record.describe(**options)
    else:
        click.echo(record.describe(return_str=True, **options))
