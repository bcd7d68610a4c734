"""`lamin load`: the data of artifacts and collections, the code of transforms and the notes of records, on this machine."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import click

from lamindb.cli.addressing import Address, check_entity, entity_of_file, find, resolve
from lamindb.cli.groups import Command
from lamindb.cli.output import json_option, print_json
from lamindb.cli.questions import confirm
from lamindb.cli.transfers import store_kwargs_of, transfer_options

LOADED = ("artifact", "transform", "collection", "record")
_SHOWN_PATHS = 5


@click.command(cls=Command)
@click.argument("entity", required=False)
@click.option("--uid", default=None, help="Its uid, or the beginning of it.")
@click.option("--key", default=None, help="Its key; the newest on any branch.")
@click.option("--name", default=None, help="Name of a record.")
@click.option("--with-env", is_flag=True, help="Also write the packages of the last run (transform).")
@click.option("--yes", is_flag=True, help="Replace existing files without asking.")
@transfer_options
@json_option
def load(
    entity: str | None,
    uid: str | None,
    key: str | None,
    name: str | None,
    with_env: bool,
    yes: bool,
    batch_size: int | None,
    store_kwargs: str | None,
    as_json: bool,
) -> None:
    """Make an object available here and print where. ENTITY is artifact, transform, collection, record, a note such as topic/note.md, or the URL of an object."""
    if entity is None and key is None:
        raise click.ClickException("Either entity or key has to be provided.")
    entity = entity or entity_of_file(str(key))
    options = store_kwargs_of(batch_size, store_kwargs)
    if entity.endswith(".md"):
        paths = [_load_note_file(entity, yes)]
    elif not entity.startswith("https://") and entity.count("/") == 1:
        from lamindb.cli.connect import connect_instance

        connect_instance(entity)
        return
    else:
        paths = _load(entity, (uid, key, name), with_env, yes, options)
    if as_json:
        print_json([str(path) for path in paths])
    elif len(paths) > 2 * _SHOWN_PATHS:
        shown = [*map(str, paths[:_SHOWN_PATHS]), "…", *map(str, paths[-_SHOWN_PATHS:])]
        click.echo("\n".join(shown))
    else:
        click.echo("\n".join(str(path) for path in paths))


def _load(
    entity: str,
    identifiers: tuple[str | None, str | None, str | None],
    with_env: bool,
    yes: bool,
    options: dict[str, Any],
) -> list[Path]:
    if not entity.startswith("https://") and entity not in LOADED:
        raise click.ClickException(
            f"Entity has to be a laminhub URL or 'artifact', 'collection', or 'transform' (or 'record'), not {entity!r}"
        )
    address = resolve(entity, *identifiers)
    check_entity(address.entity, LOADED, "Load")
    if options and address.entity not in ("artifact", "collection"):
        raise click.UsageError(
            f"--batch-size and --store-kwargs are for artifacts and collections, not for {address.entity}s"
        )
    if with_env and address.entity != "transform":
        raise click.ClickException(f"--with-env is for transforms, not for {address.entity}s")
    if address.entity == "transform":
        return _load_code(address, with_env, yes)
    record = find(address, all_branches=True)
    if address.entity == "record":
        from lamindb.cli.notes import note_path

        return [_load_note(record, note_path(record, _folder_of_notes()), yes)]
    return _load_data(record, options)


def _load_data(record: Any, options: dict[str, Any]) -> list[Path]:
    from lamindb.base.logging import logger
    from lamindb.tracking.shell_runs import current_shell_run

    run = current_shell_run() or False
    if type(record).__name__ == "Artifact":
        path = Path(record.cache(is_run_input=run, **options))
        logger.important("artifact is here: %s", path)
        return [path]
    paths = [Path(artifact.cache(is_run_input=False, **options)) for artifact in record.ordered_artifacts]
    if run is not False:
        record.input_of_runs.add(run)
    logger.important("collection paths (%d files):", len(paths))
    return paths


def _load_code(address: Address, with_env: bool, yes: bool) -> list[Path]:
    from lamindb.base.logging import logger

    transform = find(_with_code(address), all_branches=True)
    if transform.source_code is None:
        raise click.ClickException(f"No source code available for this transform. ({transform.uid}, {transform.key})")
    target = _target(transform.key)
    _write_asking(target, _text_of(transform, target), yes)
    logger.important("%s is here: %s", transform.kind, target)
    environment = _environment(transform, target) if with_env else None
    return [target] if environment is None else [target, environment]


def _with_code(address: Address) -> Address:
    """Return the address of the newest version with code, if a key is given."""
    if address.key is None:
        return address
    import lamindb as ln

    candidates = ln.Transform.objects.filter(key=address.key, source_code__isnull=False)
    found = candidates.order_by("-created_at", "-id").first()
    if found is None:
        if ln.Transform.objects.filter(key=address.key).exists():
            raise click.ClickException(f"Transform with key={address.key} and source_code does not exist.")
        return address
    return Address("transform", uid=found.uid)


def _target(key: str) -> Path:
    """Return where the code of a key goes: below the dev-dir, else below the working directory.

    Raises:
        ClickException: if the key leads out of that folder.
    """
    from lamindb.setup import settings

    root = Path(settings.dev_dir) if settings.dev_dir is not None else Path.cwd()
    parts = PurePosixPath(key)
    if parts.is_absolute() or ".." in parts.parts:
        raise click.ClickException(
            f"The key {key!r} leads out of {root}: load it with the API and write it where you want it"
        )
    return root / parts


def _text_of(transform: Any, target: Path) -> str:
    from lamindb.base.logging import logger
    from lamindb.models.versioning import increment_uid
    from lamindb.tracking.code_uids import uid_in_code, with_next_uid

    text: str = transform.source_code
    if transform.kind == "notebook":
        uid = uid_in_code(text, target.suffix)
        if uid is not None and len(uid) == 16:
            text = with_next_uid(text, uid, increment_uid(uid))
            logger.important("updated uid: %s → %s", uid, increment_uid(uid))
    if target.suffix == ".ipynb":
        from lamindb.tracking.notebook_files import notebook_of_source

        return notebook_of_source(text, transform.description)
    if target.suffix in (".Rmd", ".qmd"):
        from lamindb.tracking.r_notebooks import with_title

        return with_title(text, transform.description)
    return text


def _environment(transform: Any, target: Path) -> Path | None:
    from lamindb.base.logging import logger
    from lamindb.tracking.environment import ENVIRONMENT_FILES

    run = transform.runs.filter(environment__isnull=False).order_by("-started_at", "-id").first()
    if run is None:
        logger.warning("latest run with environment doesn't exist for %s", transform.uid)
        return None
    name = run.environment.description  # requirements.txt, or the name of the lockfile
    path = target.with_name(f"{target.stem}__{name if name in ENVIRONMENT_FILES else ENVIRONMENT_FILES[0]}")
    path.write_bytes(Path(run.environment.cache(is_run_input=False)).read_bytes())
    logger.important("environment is here: %s", path)
    return path


def _folder_of_notes() -> Path:
    from lamindb.setup import settings

    return Path(settings.dev_dir) if settings.dev_dir is not None else Path.cwd()


def _load_note(record: Any, path: Path, yes: bool) -> Path:
    from lamindb.base.logging import logger
    from lamindb.cli.notes import text_of_note

    _write_asking(path, text_of_note(record), yes)
    logger.important("note is here: %s", path)
    return path


def _write_asking(path: Path, text: str, yes: bool) -> None:
    """Write a file, after a question if it exists with another content."""
    data = text.encode("utf-8")
    if path.exists() and not yes and path.read_bytes() != data and not confirm(f"! {path} exists: replace?"):
        raise click.ClickException("Aborted.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _load_note_file(text: str, yes: bool) -> Path:
    """Write the note, or the readme of the database, that `topic/note.md` or `README.md` names."""
    from lamindb.cli.connection import require_instance
    from lamindb.cli.notes import find_topic

    require_instance()
    import lamindb as ln

    parts = PurePosixPath(text)
    target = _target(text)
    if parts.name == "README.md" and len(parts.parts) == 1:
        block = ln.models.Block.filter(key="README.md", is_latest=True).order_by("-created_at", "-id").first()
        if block is None:
            raise click.ClickException("This database has no README.md: save one with lamin save README.md")
        _write_asking(target, block.content, yes)
        return target
    topic = None if len(parts.parts) == 1 else find_topic(parts.parent.as_posix())
    record = ln.Record.filter(name=parts.stem, type=topic).first()
    if record is None:
        raise click.ClickException(f"There is no note {text!r}: no record is called {parts.stem!r} there")
    return _load_note(record, target, yes)
