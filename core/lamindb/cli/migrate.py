"""`lamin migrate`."""

from __future__ import annotations

import click

from lamindb.cli.groups import Group
from lamindb.cli.output import json_option, print_json


@click.group(cls=Group)
def migrate() -> None:
    """Manage the tables of the database."""


@migrate.command("create")
def create() -> None:
    """Write the migrations that the registries of all configured modules need."""
    import lamindb as ln

    ln.setup.migrate.create()


@migrate.command("deploy")
@click.option("--package-name", default=None, help="Only the migrations of this package.")
@click.option(
    "--number", default=None, help="Up to this migration of the package: its number or a beginning of its name."
)
@click.option("--dry-run", is_flag=True, help="Try them on a clone of the database instead, and report failures.")
def deploy(package_name: str | None, number: str | None, dry_run: bool) -> None:
    """Run the migrations that the database hasn't had."""
    if number is not None and package_name is None:
        raise click.UsageError("--number needs --package-name: numbers are those of one package")
    import lamindb as ln

    ln.setup.migrate.deploy(package_name=package_name, number=number, dry_run=dry_run)


@migrate.command("squash")
@click.option("--package-name", required=True, help="Package whose migrations are combined.")
@click.option("--end-number", required=True, help="The last one.")
@click.option("--start-number", default=None, help="The first one.")
def squash(package_name: str, end_number: str, start_number: str | None) -> None:
    """Combine several migrations to one."""
    import lamindb as ln

    ln.setup.migrate.squash(package_name, end_number, start_number)


@migrate.command("check")
def check() -> int:
    """Tell whether registries and migrations agree; if not, the exit code is 1."""
    import lamindb as ln

    is_complete = ln.setup.migrate.check()
    if is_complete:
        click.echo("registries and migrations agree")
    return 0 if is_complete else 1


@migrate.command("show")
@json_option
def show(as_json: bool) -> None:
    """List all migrations, with a mark at those that the database has had."""
    import lamindb as ln

    if not as_json:
        ln.setup.migrate.show()
        return
    deployed = ln.setup.migrate.deployed_migrations()
    print_json(
        {
            package: [{"name": name, "is_deployed": name in deployed.get(package, ())} for name in names]
            for package, names in ln.setup.migrate.defined_migrations().items()
        }
    )
