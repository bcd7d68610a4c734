"""`lamin io`."""

from __future__ import annotations

import os
from typing import Literal

import click

from lamindb.cli.connection import require_instance
from lamindb.cli.groups import Group


def _names(ctx: click.Context, parameter: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [name.strip() for name in value.split(",") if name.strip()]


@click.group(cls=Group)
def io() -> None:
    """Export and import a database, make a copy of it, bring records of another instance here."""


def _require_pyarrow() -> None:
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
    _require_pyarrow()
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
@click.option("--yes", is_flag=True, help="Replace records without asking.")
def importdb(
    modules: list[str] | None, input_dir: str, if_exists: Literal["fail", "replace", "append"], yes: bool
) -> None:
    """Read the tables of a folder that exportdb wrote into the database."""
    require_instance()
    _require_pyarrow()
    from lamindb.setup.io import import_db

    if if_exists == "replace" and not yes and os.path.isdir(input_dir) and not _may_replace(input_dir):
        raise click.ClickException("Aborted.")
    import_db(modules, input_dir=input_dir, if_exists=if_exists)


def _may_replace(input_dir: str) -> bool:
    """Ask whether the records of the instance may go, if it has any besides those that every instance starts with."""
    import lamindb as ln
    from lamindb.cli.questions import confirm
    from lamindb.setup import settings

    registries = (
        ln.Artifact, ln.Collection, ln.Transform, ln.Run, ln.Record, ln.ULabel, ln.Feature, ln.Schema, ln.Project, ln.Reference,
    )  # fmt: skip
    counts = {registry.__name__: registry.objects.count() for registry in registries}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return not told or confirm(f"! Replace the records of {settings.instance.slug} ({told}) by those of {input_dir}?")


@io.command("snapshot")
@click.option("--upload/--no-upload", default=True, show_default=True, help="Put the copy into the default storage.")
@click.option("--track/--no-track", default=True, show_default=True, help="Make this a tracked run.")
def snapshot(upload: bool, track: bool) -> None:
    """Copy the database to a SQLite instance <name>-clone in ./<name>-clone, check it, and put it into the storage for people who only read."""
    require_instance()
    import lamindb as ln
    from lamindb.setup import settings

    folder = f"{settings.instance.name}-clone"
    if os.path.exists(os.path.join(folder, ".lamindb")):  # before the run is written that would have made it
        raise click.ClickException(
            f"./{folder} holds a copy already: move it away, or delete it: lamin delete ./{folder}"
        )
    if track:
        ln.track(key="__lamin_io_snapshot__.py", source_code="lamin io snapshot", kind="script", stream_tracking=False)
        ln.finish()
    make_snapshot(upload=upload)


def make_snapshot(*, upload: bool) -> None:
    """Clone the current instance, compare the rows of every table, and upload the copy.

    Raises:
        ClickException: if a table of the copy has not the rows of the original.
    """
    from pathlib import Path

    from lamindb.base.logging import logger
    from lamindb.setup import settings
    from lamindb.setup._clone import upload_sqlite_clone
    from lamindb.setup.clone import clone

    instance = settings.instance
    name = f"{instance.name}-clone"
    url = clone(storage=name, name=name)
    original, copied = table_sizes(instance.db), table_sizes(url)
    different = [
        f"{table}: original={size}, clone={copied.get(table)}"
        for table, size in original.items()
        if abs(size - copied.get(table, 0)) > 1 and table != "lamindb_storage"
    ]
    if different:
        raise click.ClickException(f"The copy in ./{name} differs from the database: {'; '.join(different)}")
    logger.important("copied %d rows of %d tables", sum(copied.values()), len(copied))
    if upload:
        upload_sqlite_clone(Path(name) / ".lamindb" / "lamin.db")


def table_sizes(url: str) -> dict[str, int]:
    """Return the number of rows of every table of the registries in a database."""
    from lamindb.setup.raw_database import open_database

    with open_database(url) as database:
        if database.is_sqlite:
            names = database.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        else:
            names = database.rows(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
            )
        tables = [str(row[0]) for row in names if not str(row[0]).startswith(("sqlite_", "django_"))]
        return {table: int(database.rows(f'SELECT count(*) FROM "{table}"')[0][0]) for table in tables}


@io.command("sync")
@click.argument("entity")
@click.option("--uid", default=None, help="Its uid, or the beginning of it.")
@click.option("--key", default=None, help="Its key.")
@click.option("--name", default=None, help="Its name.")
@click.option("--from", "source", default=None, help="The other instance: owner/name, a folder, or a database URL.")
@click.option(
    "--depth", default=0, show_default=True, type=click.IntRange(min=0), help="Levels of records below a type."
)
@click.option(
    "--transfer",
    type=click.Choice(["record", "notes", "annotations"]),
    default=None,
    help="What comes along; by default the record.",
)
def sync(
    entity: str,
    uid: str | None,
    key: str | None,
    name: str | None,
    source: str | None,
    depth: int,
    transfer: str | None,
) -> None:
    """Copy one object of another instance into the current one. ENTITY is artifact, record, …, or the URL of an object."""
    from lamindb.cli.addressing import listed_registry, parse_url

    url = parse_url(entity)
    if url is not None:
        entity, uid, source = url.entity, url.uid, source or url.slug
    given = {field: value for field, value in (("uid", uid), ("key", key), ("name", name)) if value is not None}
    if source is None or len(given) != 1:
        raise click.UsageError(
            "Say which object of which instance: lamin io sync artifact --uid <uid> --from owner/name"
        )
    require_instance()
    import lamindb as ln
    from lamindb.base.logging import logger
    from lamindb.models.db import query_set_of

    model = listed_registry(entity)
    if uid is None:
        found = query_set_of(model, source).filter(**given).order_by("-id").first()
        if found is None:
            raise click.ClickException(
                f"{model.__name__} with {next(iter(given))}={next(iter(given.values()))} does not exist in {source}."
            )
        uid = found.uid
    record = ln.core.sync(registry=model, uid=str(uid), source_db=source, transfer=transfer, depth=depth)
    logger.important("synced: %s", record)
    click.echo(record.uid)
