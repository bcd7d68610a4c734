"""`lamin doctor`: what crashes and deleted files left in the instance, and its repair."""

from __future__ import annotations

from typing import Any

import click

from lamindb.cli.groups import Command
from lamindb.cli.output import json_option, print_json

_SHOWN = 20


@click.command(cls=Command)
@click.option("--repair", is_flag=True, help="Mend what can be mended; keeps data that no record refers to.")
@click.option("--verify", is_flag=True, help="Read every byte and compare it with the recorded hash.")
@click.option(
    "--delete-unreferenced",
    is_flag=True,
    help="With --repair: also delete data in lamindb's own folders that no record refers to. It may be the only copy.",
)
@click.option("--all", "show_all", is_flag=True, help=f"List every finding, not only the first {_SHOWN} of a kind.")
@click.option(
    "--build-search-index", metavar="REGISTRY", help="Build the index for searching a very big registry (PostgreSQL)."
)
@click.option("--drop-search-index", metavar="REGISTRY", help="Drop that index.")
@json_option
def doctor(
    repair: bool,
    verify: bool,
    delete_unreferenced: bool,
    show_all: bool,
    build_search_index: str | None,
    drop_search_index: str | None,
    as_json: bool,
) -> int:
    """Look for damage: unfinished uploads, missing, changed and unreferenced data, broken versions, killed runs.

    The exit code is 0 if no problem remains, else 1.
    """
    if delete_unreferenced and not repair:
        raise click.UsageError("--delete-unreferenced needs --repair")
    if build_search_index or drop_search_index:
        return _change_search_index(build_search_index, drop_search_index)
    import lamindb as ln

    report = ln.doctor(repair=repair, verify=verify, delete_unreferenced=delete_unreferenced)
    if as_json:
        print_json(report.as_dict())
    else:
        _print(report, repair=repair, show_all=show_all)
    return 0 if report.is_healthy else 1


def _print(report: Any, *, repair: bool, show_all: bool) -> None:
    from rich.console import Console
    from rich.markup import escape

    from lamindb.artifacts.doctor_findings import PROBLEMS

    console = Console(highlight=False, soft_wrap=True)
    for problem, meaning in PROBLEMS.items():
        findings = report.of(problem)
        if not findings:
            continue
        console.print(f"[bold]{len(findings)} {escape(meaning)}[/bold]  [dim]{problem}[/dim]")
        shown = findings if show_all else findings[:_SHOWN]
        for finding in shown:
            mark = "[green]✓[/green]" if finding.is_repaired else "[red]✗[/red]"
            console.print(f"  {mark} {escape(finding.subject)}")
            console.print(f"      {escape(finding.details)}")
            if finding.outcome is not None:
                console.print(f"      [bold]{escape(finding.outcome)}[/bold]")
            elif finding.remedy is not None:
                option = "--repair --delete-unreferenced" if finding.deletes_data else "--repair"
                console.print(f"      [dim]{option}: {escape(finding.remedy)}[/dim]")
        if len(shown) < len(findings):
            console.print(f"  … and {len(findings) - len(shown)} more: lamin doctor --all")
        console.print()
    console.print(escape(str(report).splitlines()[0]))
    if report.remaining and not repair and any(finding.remedy for finding in report.remaining):
        console.print("To mend what can be mended: lamin doctor --repair")


def _change_search_index(build: str | None, drop: str | None) -> int:
    from lamindb.query.search_index import build_search_index, drop_search_index

    name = build or drop
    registry = _registry(str(name))
    (build_search_index if build else drop_search_index)(registry)
    click.echo(f"{'built' if build else 'dropped'} the search index of {registry.__name__}")
    return 0


def _registry(name: str) -> Any:
    import difflib

    import lamindb as ln
    from lamindb.models.sqlrecord import BaseSQLRecord

    registries = {
        known.lower(): value
        for known in dir(ln.models)
        if isinstance(value := getattr(ln.models, known, None), type)
        and issubclass(value, BaseSQLRecord)
        and not value._meta.abstract
    }
    found = registries.get(name.lower())
    if found is None:
        near = difflib.get_close_matches(name.lower(), registries, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise click.ClickException(f"There is no registry {name!r}.{hint}")
    return found
