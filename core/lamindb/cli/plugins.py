"""`lamin plugins`: what is installed and what each contributes; the start of a new plugin."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from lamindb.cli.groups import Group
from lamindb.cli.output import json_option, print_json


@click.group(cls=Group, invoke_without_command=True)
@json_option
@click.pass_context
def plugins(ctx: click.Context, as_json: bool) -> None:
    """List plugins with what each contributes, or start a new one."""
    if ctx.invoked_subcommand is not None:
        return
    from lamindb.plugins.listing import describe_plugins

    found = describe_plugins()
    if as_json:
        print_json([asdict(plugin) for plugin in found])
        return
    for plugin in found:
        origin = (
            "part of lamindb-core"
            if plugin.is_default
            else f"{plugin.distribution or 'no distribution'} {plugin.version or ''}"
        )
        click.echo(f"{plugin.name} ({origin.strip()})")
        for kind, what in plugin.contributes.items():
            click.echo(f"  {kind}: {', '.join(what)}")
        for problem in (*plugin.errors, *plugin.conflicts):
            click.echo(f"  problem: {problem}")
        if plugin.mend is not None:
            click.echo(f"  to mend it: {plugin.mend}")


@plugins.command("missing")
@click.argument("file")
def missing(file: str) -> None:
    """Say which package to install to read FILE (a path, a file name or a suffix)."""
    from lamindb.plugins import manager

    name = f"x{file}" if file.startswith(".") and "/" not in file else file
    if manager.data_format_for_path(Path(name)) is not None:
        click.echo(f"nothing is missing: {file} can be read")
        return
    error = manager.missing_for(path=name)
    click.echo(f"no package is known that reads {file}: it is stored as a plain file" if error is None else str(error))


@plugins.command("new")
@click.argument("name")
@click.option(
    "--kind", type=click.Choice(["schema", "format", "storage"]), required=True, help="What it contributes first."
)
@click.option(
    "--directory", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where its folder is made."
)
def new(name: str, kind: str, directory: Path) -> None:
    """Write a new plugin called NAME that works and passes its own test: registries, a data format, or a storage protocol."""
    from lamindb.plugins.skeleton import create_skeleton

    click.echo(str(create_skeleton(name, kind, directory)))
