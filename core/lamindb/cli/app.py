"""The root command: its table of commands, and `run`, which turns outcomes into exit codes and one-line errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from lamindb.cli.groups import Entry, LazyGroup

CONFIGURE = "Configure your environment"
DATA = "Save, load, create & delete"
DESCRIBE = "Describe, update, annotate & list"
CHANGES = "Manage changes"
TRACK = "Track within shell scripts"
SETTINGS = "Manage settings and migrations"
AUTH = "Auth"
MORE = "More"
PLUGINS = "From plugins"

#: Built-in errors whose texts are for programmers.
_UNEXPECTED = (LookupError, AttributeError, NameError, TypeError, ArithmeticError, ModuleNotFoundError, UnicodeError)

_HERE = "lamindb.cli"
COMMANDS: dict[str, Entry] = {
    "connect": Entry(f"{_HERE}.connect:connect", "Connect to an instance.", CONFIGURE),
    "info": Entry(f"{_HERE}.info:info", "Show the instance, the cache and the user.", CONFIGURE),
    "init": Entry(f"{_HERE}.init:init", "Make an instance and connect to it.", CONFIGURE),
    "disconnect": Entry(f"{_HERE}.connect:disconnect", "Disconnect from the instance.", CONFIGURE),
    "save": Entry(f"{_HERE}.save:save", "Save a file or folder.", DATA),
    "load": Entry(f"{_HERE}.load:load", "Get data, code or notes onto this machine.", DATA),
    "create": Entry(f"{_HERE}.create:create", "Create a branch or project.", DATA),
    "delete": Entry(f"{_HERE}.delete:delete", "Delete a record or an instance.", DATA),
    "describe": Entry(f"{_HERE}.describe:describe", "Describe a record.", DESCRIBE),
    "annotate": Entry(f"{_HERE}.annotate:annotate", "Annotate a record.", DESCRIBE),
    "update": Entry(f"{_HERE}.update:update", "Change the description or status of a record.", DESCRIBE),
    "get": Entry(f"{_HERE}.describe:get", "Print a record or one of its values.", DESCRIBE),
    "list": Entry(f"{_HERE}.listing:list_", "List the records of a registry.", DESCRIBE),
    "switch": Entry(f"{_HERE}.branches:switch", "Switch to a branch or space.", CHANGES),
    "merge": Entry(f"{_HERE}.branches:merge", "Merge a branch into the current one.", CHANGES),
    "track": Entry(f"{_HERE}.track:track", "Start a run of the shell script that calls this.", TRACK),
    "finish": Entry(f"{_HERE}.track:finish", "End the run of the shell script that calls this.", TRACK),
    "settings": Entry(f"{_HERE}.settings:settings", "Show and change settings.", SETTINGS),
    "migrate": Entry(f"{_HERE}.migrate:migrate", "Manage the tables of the database.", SETTINGS),
    "doctor": Entry(f"{_HERE}.doctor:doctor", "Look for damage, and mend it.", SETTINGS),
    "plugins": Entry(f"{_HERE}.plugins:plugins", "List plugins, or start a new one.", SETTINGS),
    "login": Entry(f"{_HERE}.auth:login", "Work under a local identity.", AUTH),
    "logout": Entry(f"{_HERE}.auth:logout", "Go back to the anonymous identity.", AUTH),
    "demo": Entry(f"{_HERE}.demo:demo", "See what it does, in a temporary folder.", MORE),
    "run": Entry(f"{_HERE}.run:run_target", "Run a script or program as a tracked run.", MORE),
    "io": Entry(f"{_HERE}.io:io", "Export and import a database.", MORE),
    "plugin": Entry(f"{_HERE}.plugins:plugins", "The same as 'plugins'.", SETTINGS, hidden=True),
    "cache": Entry(f"{_HERE}.cache:cache", "Former name of 'settings cache-dir'.", MORE, hidden=True),
}


def plugin_commands() -> Mapping[str, Entry]:
    """Return the commands that plugins bring; none of them is imported."""
    from lamindb.plugins import manager

    return {command.name: Entry(command.command, command.help, PLUGINS) for command in manager.commands()}


def _print_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from lamindb import __version__

        click.echo(f"lamindb, version {__version__}")
        ctx.exit()


lamin = LazyGroup(
    name="lamin",
    help="Query, trace and validate datasets and models.",
    table=COMMANDS,
    sections=[CONFIGURE, DATA, DESCRIBE, CHANGES, TRACK, SETTINGS, AUTH, MORE, PLUGINS],
    more_commands=plugin_commands,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Show the version.",
        )
    ],
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 120},
)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code: 0, 1 for a reported error, 2 for a usage error.

    Args:
        arguments: what follows `lamin`; by default the arguments of this process.
    """
    from lamindb.base.logging import log_to

    log_to("stderr")
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        result = lamin.main(words, prog_name="lamin", standalone_mode=False)
        return result if isinstance(result, int) and not isinstance(result, bool) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, EOFError):
        click.echo("Aborted!", err=True)
        return 1
    except BrokenPipeError:  # the reader of our output has gone, as in `lamin list branch | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except SystemExit as error:
        return _exit_code_of(error)
    except Exception as error:
        if _wants_trace(words):
            raise
        click.echo(f"Error: {describe_error(error)}", err=True)
        return 1


def describe_error(error: Exception) -> str:
    """Return what a person needs to know of an error; one that wasn't written for people is named, with the way to its trace."""
    text = str(error)
    kind = type(error).__name__
    if kind == "CurrentInstanceNotConfigured":
        from lamindb.cli.connection import NOT_CONNECTED

        return NOT_CONNECTED  # the error itself tells every language's way, line by line
    if kind in ("ProtectedError", "RestrictedError"):
        return _tell_what_refers(error)
    if kind == "StorageNotEmpty":
        return _on_one_line(text)
    if not text or (isinstance(error, _UNEXPECTED) and type(error).__module__ == "builtins"):
        return f"{type(error).__name__}: {text} (to see where it was raised, add --debug)"
    return text


def _tell_what_refers(error: Any) -> str:
    """Return why something can't be deleted: what still refers to it, counted by registry."""
    from collections import Counter

    rows: Any = getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", ())
    counts = Counter(type(row).__name__ for row in rows)
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    return f"It can't be deleted for good as long as others refer to it ({told}): delete or change these first"


def _on_one_line(text: str) -> str:
    """Join a list of lines with its heading; of a long list, the beginning."""
    head, *lines = text.splitlines()
    names, tail = lines[:-1], lines[-1:]
    shown = names[:3] + (["…"] if len(names) > 3 else [])
    return "; ".join([f"{head} {', '.join(shown)}", *tail])


def _wants_trace(words: Sequence[str]) -> bool:
    before_separator = words[: words.index("--")] if "--" in words else words
    return "--debug" in before_separator


def _exit_code_of(error: SystemExit) -> int:
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code
    click.echo(str(error.code), err=True)
    return 1
