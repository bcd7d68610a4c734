"""`lamin io`."""

from __future__ import annotations

from typing import Literal

import click

from lamindb.cli.connection import require_instance
from lamindb.cli.groups import Group


def _names(ctx: click.Context, parameter: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [name.strip() for name in value.split(",") if name.strip()]


@click.group(cls=Group)
def io() -> None:
    """Export and import a database."""
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise click.ClickException("Tables are exported as parquet files, which needs pyarrow: pip install pyarrow")


@io.command("exportdb")
@click.option(
    "--modules", callback=_names, default=None, help="Modules to export, such as lamindb,bionty; by default lamindb."
)
@click.option("--output-dir", default=None, help="Target folder; by default ./<name>_export.")
@click.option("--max-workers", default=8, show_default=True, type=click.IntRange(min=1), help="Tables at a time.")
@click.option("--chunk-size", default=500_000, show_default=True, type=click.IntRange(min=1), help="Rows at a time.")
def exportdb(modules: list[str] | None, output_dir: str | None, max_workers: int, chunk_size: int) -> None:
    """Write every table of the database to a parquet file."""
    require_instance()
    from lamindb.setup.io import export_db

    export_db(modules, output_dir=output_dir, max_workers=max_workers, chunk_size=chunk_size)


@io.command("importdb")
@click.option("--modules", callback=_names, default=None, help="Modules to import; by default those of the files.")
@click.option("--input-dir", default="./lamindb_export/", show_default=True, help="Folder that exportdb wrote.")
@click.option(
    "--if-exists",
    type=click.Choice(["fail", "replace", "append"]),
    default="replace",
    show_default=True,
    help="What happens with rows that are there.",
)
def importdb(modules: list[str] | None, input_dir: str, if_exists: Literal["fail", "replace", "append"]) -> None:
    """Read the tables of a folder that exportdb wrote into the database."""
    require_instance()
    from lamindb.setup.io import import_db

    import_db(modules, input_dir=input_dir, if_exists=if_exists)
