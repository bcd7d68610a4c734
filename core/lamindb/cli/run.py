"""`lamin run`: a script or program as a tracked run."""

from __future__ import annotations

import shlex
from functools import partial

import click

from lamindb.cli.connection import require_instance
from lamindb.cli.groups import Command
from lamindb.setup.run_defaults import RUN_DEFAULTS, run_default


@click.command("run", cls=Command, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--project", default=None, help="Name or uid of a project of what it makes.")
@click.option("--branch", default=None, help="Name or uid of the branch to put the run on.")
@click.option("--space", default=None, help="Name or uid of the space to put the run in.")
@click.option("--register-output", "outputs", multiple=True, help="A file or folder that it writes; repeatable.")
@click.option("--dry-run", is_flag=True, help="Only show what would be run.")
@click.option(
    "--where",
    type=click.Choice(["local", "modal"]),
    default=partial(run_default, "where"),
    envvar="LAMIN_RUN_WHERE",
    show_default=f"lamin settings run-where, else {RUN_DEFAULTS['where']}",
    help="On which machine.",
)
@click.option(
    "--access",
    default=partial(run_default, "access"),
    envvar="LAMIN_RUN_ACCESS",
    show_default=f"lamin settings run-access, else {RUN_DEFAULTS['access']}",
    help="Ways to remote inputs in the order in which they are tried: mount, cache, presigned, credentials.",
)
@click.option(
    "--presign-expiry",
    default=3600,
    show_default=True,
    type=click.IntRange(min=1),
    help="Seconds for which presigned addresses are valid.",
)
@click.option(
    "--credentials-via",
    type=click.Choice(["env", "file", "process"]),
    default="env",
    show_default=True,
    help="How TARGET gets credentials for inputs that come by --access credentials: in its environment, in a credentials file, or by a command that it asks (credential_process of AWS).",
)
@click.option("--remount", is_flag=True, help="Mount remote storage anew; only for mounts that lamin makes itself.")
@click.option("--upload-outputs", is_flag=True, help="Store outputs remotely also where artifacts are kept local.")
@click.argument("target")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run_target(
    project: str | None, branch: str | None, space: str | None, outputs: tuple[str, ...], dry_run: bool, where: str,
    access: str, presign_expiry: int, credentials_via: str, remount: bool, upload_outputs: bool, target: str, arguments: tuple[str, ...],
) -> int:  # fmt: skip
    """Run TARGET, a script or program, with ARGUMENTS as a tracked run: lamin run [OPTIONS] TARGET [-- ARGUMENTS]

    Arguments lamin://owner/name/artifact/<uid> and lamin://owner/name/artifact/key/<key> become local paths and inputs of the run. The exit code is that of TARGET.
    """
    if where == "modal":
        raise click.ClickException(
            "Running on Modal is not available: run it here, or call lamin run in a job of your own on that machine"
        )
    if remount:
        raise click.ClickException(
            "Mounting remote storage is not available: mount it yourself, and name the folder in the environment variable LAMIN_MOUNTS, "
            'such as {"s3://bucket": "/mnt/bucket"}'
        )
    require_instance()
    import lamindb.models  # noqa: F401  (registries are looked up by name from here on)
    from lamindb.tracking.arguments import resolve_arguments
    from lamindb.tracking.data_access import Access, parse_ways
    from lamindb.tracking.targets import output_options, recognise
    from lamindb.tracking.targets import run_target as run

    words = arguments[1:] if arguments[:1] == ("--",) else arguments
    found = recognise(target, words)
    ways = Access(parse_ways(access), presign_expiry, credentials_via)
    if credentials_via != "env" and "credentials" not in ways.ways:
        raise click.ClickException(
            f"--credentials-via {credentials_via} has nothing to pass on: inputs come by {', '.join(ways.ways)}. To pass plain addresses and "
            "credentials: --access credentials"
        )
    given = resolve_arguments(project=project, space=space, branch=branch)
    if dry_run:
        click.echo(shlex.join([*found.command, *words]))
        for name in dict.fromkeys([*outputs, *output_options(words)]):
            click.echo(f"output: {name}")
        return 0
    outcome = run(found, given, outputs, ways, upload=upload_outputs)
    for name in outcome.missing:
        click.echo(f"Error: {target} did not write {name!r}, which --register-output names", err=True)
    return outcome.exit_code or (1 if outcome.missing else 0)
