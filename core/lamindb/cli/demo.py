"""`lamin demo`: the main job from beginning to end on real data, in a temporary folder with settings of its own.

What is shown are the parts of the installed plugins (`lamindb_demo_parts`); those of the core are in `demo_parts`.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=None, help="Make it here, and keep it."
)
def demo(folder: Path | None) -> None:
    """Ingest, track, validate, annotate and query real data, with all installed plugins. Your own settings are not touched."""
    is_temporary = folder is None
    if folder is not None and folder.is_dir() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty: name a new folder, in which nothing of yours is changed")
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="lamin-demo-", ignore_cleanup_errors=True))
            )
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(own_settings(folder / "settings"))
        stack.enter_context(contextlib.chdir(folder))
        run_demo(folder)
        click.echo(
            f"\nEverything was in {folder}, which is removed now." if is_temporary else f"\nEverything is in {folder}."
        )


@contextlib.contextmanager
def own_settings(folder: Path) -> Iterator[None]:
    """Let this process read and write its settings and cache below a folder, and no instance be connected at the end."""
    from lamindb.setup import settings

    before = {
        name: os.environ.get(name) for name in ("LAMIN_SETTINGS_DIR", "LAMIN_CACHE_DIR", "LAMIN_CURRENT_INSTANCE")
    }
    os.environ.pop("LAMIN_CURRENT_INSTANCE", None)
    os.environ.update(LAMIN_SETTINGS_DIR=str(folder), LAMIN_CACHE_DIR=str(folder / "cache"))
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        settings.use(None)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run_demo(folder: Path) -> None:
    """Make an instance with all installed modules and show every part in it."""
    import lamindb as ln
    from lamindb.plugins import manager

    modules = ",".join(module.name for module in manager.schema_modules())
    statement = f'ln.setup.init(storage="./lab"{f", modules={modules!r}" if modules else ""})'
    say("An instance: a database (SQLite by default) and a storage folder", statement)
    ln.setup.init(storage=str(folder / "lab"), modules=modules or None)
    for part in manager.demo_parts():
        part.resolve("run")(folder, say)


def say(title: str, statement: str) -> None:
    """Announce a statement."""
    click.echo(f"\n# {title}\n>>> {statement}")
