"""`lamin track`, `lamin finish`: the run of a shell script."""

from __future__ import annotations

import click

from lamindb.cli.connection import require_instance
from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.option("--project", default=None, help="Name or uid of a project of what the script makes.")
@click.option("--space", default=None, help="Name or uid of the space to put the run in.")
@click.option("--branch", default=None, help="Name or uid of the branch to put the run on.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the run; repeatable.")
def track(project: str | None, space: str | None, branch: str | None, params: tuple[str, ...]) -> None:
    """Start a run of the shell script that calls this; until lamin finish, what lamin loads are its inputs, what it saves its outputs."""
    values = parse_params(params)
    require_instance()
    import lamindb.models  # noqa: F401  (registries are looked up by name from here on)
    from lamindb.base.logging import logger
    from lamindb.tracking.shell_runs import start_shell_run

    run = start_shell_run(project=project, space=space, branch=branch, params=values)
    logger.important("started tracking shell run: %s", run.uid)


@click.command(cls=Command)
@click.option(
    "--exit-code",
    default=0,
    show_default="0",
    type=int,
    help="How the script ended, for: trap 'lamin finish --exit-code $?' EXIT",
)
def finish(exit_code: int) -> None:
    """End the run of the shell script that calls this."""
    require_instance()
    import lamindb.models  # noqa: F401
    from lamindb.base.logging import logger
    from lamindb.tracking.shell_runs import finish_shell_run

    run = finish_shell_run(exit_code)
    logger.important("finished tracking shell run: %s", run.uid)


def parse_params(assignments: tuple[str, ...]) -> dict[str, str]:
    """Read parameters of the form `name=value`.

    Raises:
        UsageError: if one has another form.

    Example:
        >>> parse_params(("min_count=3",))
        {'min_count': '3'}
    """
    values = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{assignment!r} is no parameter; write --param name=value")
        values[name] = value
    return values
