"""Exit codes, streams, help and start-up of the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import pytest

from lamindb.cli.app import COMMANDS
from lamindb.cli.app import lamin as root


def test_help_and_version_exit_with_zero_and_wrong_calls_with_two(lamin: Any) -> None:
    assert "Configure your environment" in lamin("--help").stdout
    assert lamin("--version").stdout == "lamindb, version 0.1.0\n"
    near = lamin("descrbe", code=2)
    assert "No such command" in near.stderr and "'describe'" in near.stderr
    for words in (
        (),
        ("migrate",),
        ("create",),
        ("switch",),
        ("save",),
        ("create", "branch"),
        ("create", "nonsense", "x"),
    ):
        assert lamin(*words, code=2).stdout == ""


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_help_is_framed_on_a_terminal_only(lamin: Any) -> None:
    import pty

    def shown(**environment: str) -> str:
        ours, theirs = pty.openpty()
        command = [str(Path(sys.executable).parent / "lamin"), "settings", "--help"]
        subprocess.run(command, stdout=theirs, env={**os.environ, "COLUMNS": "100", **environment}, check=True)
        os.close(theirs)
        text = b""
        try:
            while data := os.read(ours, 65536):
                text += data
        except OSError:  # the end, as Linux tells it
            pass
        os.close(ours)
        return text.decode()

    framed = shown(NO_COLOR="1")
    assert "╭─ Commands ─" in framed and "╰─" in framed
    assert len({len(line) for line in framed.splitlines() if line.startswith(("╭", "│", "╰"))}) == 1
    for plain in (shown(NO_RICH="1"), lamin("settings", "--help").stdout):
        assert "╭" not in plain and "Commands:" in plain
    assert "relative to it." in framed  # no help is cut off


def test_every_command_has_the_help_that_the_table_says(lamin: Any) -> None:
    context = click.Context(root)
    for name, entry in COMMANDS.items():
        command = root.get_command(context, name)
        assert command is not None and command.help, name
        assert entry.help.endswith("."), name


@pytest.mark.parametrize(
    "words", [("--help",), ("--version",), ("info",), ("settings", "branch", "get"), ("settings", "cache-dir", "get")]
)
def test_commands_about_settings_import_neither_django_nor_pandas(words: tuple[str, ...], lamin: Any) -> None:
    heavy = ("django", "pandas", "numpy", "rich", "upath", "pyarrow")
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('loaded', [m for m in {heavy!r} if m in sys.modules], file=sys.stderr))\n"
        f"sys.argv = ['lamin', *{words!r}]\n"
        "from lamin_cli import main; main()"
    )
    lamin("init", "--storage", "./lab")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=lamin.directory,
        env={
            **os.environ,
            "LAMIN_SETTINGS_DIR": str(lamin.home / "settings"),
            "LAMIN_CACHE_DIR": str(lamin.home / "cache"),
        },
    )
    assert done.returncode == 0, done.stderr
    assert "loaded []" in done.stderr


def test_children_of_the_command_line_connect_again(lamin: Any) -> None:
    code = "from lamin_cli import _import_unconnected as f; f(); import os; print('_LAMIN_DEFER_CONNECT' in os.environ)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_log_lines_go_to_stderr_and_results_to_stdout(lab: Any) -> None:
    done = lab("get", "branch", "--status")
    assert done.stdout == "standalone\n"
    assert "connected lamindb: anonymous/lab" in done.stderr
    assert "\x1b[" not in done.stdout + done.stderr


def test_without_an_instance_commands_say_how_to_get_one(lamin: Any) -> None:
    for words in (
        ("list", "branch"),
        ("describe",),
        ("annotate", "--key", "x", "--comment", "y"),
        ("create", "branch", "b"),
        ("io", "exportdb"),
    ):
        done = lamin(*words, code=1)
        assert done.stderr.startswith("Error: Not connected to an instance. Please run: lamin connect")
    assert lamin("migrate", "deploy", code=1).stderr.startswith("Error: Not connected to an instance")


def test_debug_shows_the_trace_before_and_behind_the_command(lamin: Any) -> None:
    for words in (("--debug", "connect", "nobody/nothing"), ("connect", "nobody/nothing", "--debug")):
        done = subprocess.run(
            [str(Path(sys.executable).parent / "lamin"), *words],
            capture_output=True,
            text=True,
            env={**os.environ, "LAMIN_SETTINGS_DIR": str(lamin.home)},
        )
        assert done.returncode == 1
        assert "Traceback" in done.stderr and "InstanceNotFoundError" in done.stderr


def test_an_unanswered_question_aborts_with_one(lab: Any) -> None:
    done = lab("delete", "lab", code=1)
    assert "Aborted!" in done.stderr
    assert (lab.directory / "lab" / ".lamindb" / "lamin.db").exists()


def test_a_reader_that_stops_early_causes_no_trace(lab: Any) -> None:
    command = f"{Path(sys.executable).parent / 'lamin'} list branch --json | head -c 1"
    environment = {**os.environ, "LAMIN_SETTINGS_DIR": str(lab.home / "settings")}
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, cwd=lab.directory)
    assert done.stdout == "[" and "Traceback" not in done.stderr


def test_info_and_plugins_are_printed_as_json_without_secrets(each_lab: Any) -> None:
    told = json.loads(each_lab("info", "--json").stdout)
    assert told["instance"] == "anonymous/lab" and told["branch"] == "main" and told["user"] == "anonymous"
    assert "***" in told["db"] or told["db"].startswith("sqlite:")
    plugins = json.loads(each_lab("plugins", "--json").stdout)
    assert "default_storage" in [plugin["name"] for plugin in plugins]
    fields = json.loads(each_lab("info", "--schema", "--json").stdout)
    assert "uid" in fields["Artifact"]


def test_plugins_add_commands_without_being_imported_for_help(lamin: Any) -> None:
    (lamin.directory / "mylab_plugin.py").write_text(
        "from lamindb.plugins import Command, hookimpl\n"
        "@hookimpl\n"
        "def lamindb_commands():\n"
        "    yield Command('sync-lims', 'mylab_commands:sync', help='Sync the LIMS.')\n"
    )
    (lamin.directory / "mylab_commands.py").write_text(
        "import click\n@click.command()\n@click.argument('name')\ndef sync(name):\n    click.echo(f'synced {name}')\n"
    )
    lamin.environment.update(PYTHONPATH=str(lamin.directory), LAMIN_LOAD_PLUGINS="mylab_plugin")
    assert "sync-lims" in lamin("--help").stdout
    assert lamin("sync-lims", "a").stdout == "synced a\n"


def test_the_package_to_install_for_a_file_is_told(lamin: Any) -> None:
    told = "nothing is missing" if find_spec("lamindb_tiledbsoma") else "lamindb-tiledbsoma"
    assert told in lamin("plugins", "missing", "data.tiledbsoma").stdout
    assert "nothing is missing" in lamin("plugins", "missing", "x.json").stdout


def test_a_new_plugin_is_written_on_request(lamin: Any) -> None:
    folder = Path(lamin("plugin", "new", "lamindb-spectra", "--kind", "format").stdout.strip())
    assert (folder / "pyproject.toml").exists() and folder.parent == lamin.directory
