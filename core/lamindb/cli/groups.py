"""Click commands and groups that load a command's module only when it is called, and print help in sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from lamindb.cli.help_pages import HelpContext


@dataclass(frozen=True)
class Entry:
    """A command in the table of a group: where it is, and what help says of it, so that help needn't import it."""

    target: str
    help: str
    section: str = "Commands"
    hidden: bool = False


class Command(click.Command):
    """A command that also understands `--debug` behind its name."""

    context_class = HelpContext

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), _debug_option()]


class Group(click.Group):
    """A group whose commands are given by decorators; without a command it prints help and exits with 2."""

    command_class = Command
    group_class = type
    context_class = HelpContext

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), _debug_option()]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, command.get_short_help_str(limit=200))
            for name, command in commands
            if command and not command.hidden
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            import difflib

            near = difflib.get_close_matches(name, self.list_commands(ctx), n=2)
            hint = f" Did you mean {' or '.join(repr(word) for word in near)}?" if near else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return super().resolve_command(ctx, args)


class LazyGroup(Group):
    """A group whose commands are named in a table and imported when called.

    Args:
        table: command name → entry.
        sections: titles in the order of the help page.
        more_commands: gives further entries (those of plugins); asked when a name isn't in the table, and for help.
    """

    def __init__(
        self,
        *args: Any,
        table: Mapping[str, Entry],
        sections: Sequence[str] = (),
        more_commands: Callable[[], Mapping[str, Entry]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.sections = list(sections)
        self.more_commands = more_commands or dict

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.table, *sorted(set(self.more_commands()) - set(self.table))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.table.get(cmd_name) or self.more_commands().get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows: dict[str, list[tuple[str, str]]] = {section: [] for section in self.sections}
        for name, entry in {**self.more_commands(), **self.table}.items():
            if not entry.hidden:
                rows.setdefault(entry.section, []).append((name, entry.help))
        width = max((len(name) for lines in rows.values() for name, _ in lines), default=0)
        for section, lines in rows.items():
            if lines:
                with formatter.section(section):
                    formatter.write_dl([(name.ljust(width), text) for name, text in lines])


def _debug_option() -> click.Option:
    return click.Option(["--debug"], is_flag=True, expose_value=False, help="On errors, show where they were raised.")
