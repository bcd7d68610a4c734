"""`lamin save`: a file or folder becomes a version of an artifact, a script or notebook of a transform, a note of a record."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from lamindb.cli.addressing import entity_of_file, find_label
from lamindb.cli.connection import require_instance
from lamindb.cli.groups import Command
from lamindb.cli.questions import confirm
from lamindb.cli.transfers import store_kwargs_of, transfer_options


@dataclass
class _Labels:
    """Records that the options name; looked up before anything is saved."""

    project: Any = None
    space: Any = None
    branch: Any = None


@click.command(cls=Command)
@click.argument("path", type=click.Path())
@click.option("--key", default=None, help="Key of the artifact, such as raw/counts.csv.")
@click.option("--description", default=None, help="What it is.")
@click.option("--kind", default=None, help="dataset, model, plan, or a word of your own.")
@click.option("--stem-uid", default=None, help="Save as a new version of the artifact whose uid starts with this.")
@click.option("--project", default=None, help="Name or uid of a project to label it with.")
@click.option("--space", default=None, help="Name or uid of the space to save it in.")
@click.option("--branch", default=None, help="Name or uid of the branch to save it on.")
@click.option(
    "--registry",
    type=click.Choice(["artifact", "transform", "record"]),
    default=None,
    help="Where to save it; by default, the file decides.",
)
@click.option("--yes", is_flag=True, help="Answer yes to all questions.")
@transfer_options
def save(path: str, batch_size: int | None, store_kwargs: str | None, **options: Any) -> int:
    """Save the file or folder PATH: scripts and notebooks as transforms, notes of the dev-dir as records, all else as artifacts."""
    if "://" not in path and not Path(path).exists():
        raise click.UsageError(f"Path {path!r} does not exist.")
    return 1 if save_path(path, store_kwargs=store_kwargs_of(batch_size, store_kwargs), **options) is not None else 0


def save_path(
    path: str | Path,
    *,
    key: str | None = None,
    description: str | None = None,
    kind: str | None = None,
    stem_uid: str | None = None,
    project: str | None = None,
    space: str | None = None,
    branch: str | None = None,
    registry: str | None = None,
    yes: bool = False,
    store_kwargs: dict[str, Any] | None = None,
) -> str | None:
    """Save a file or folder.

    Args:
        path: local path or URL.
        key: key of an artifact.
        description: what an artifact is.
        kind: kind of an artifact.
        stem_uid: beginning of the uid of the artifact that this is a new version of.
        project: name or uid of a project to label it with.
        space: name or uid of the space to save it in.
        branch: name or uid of the branch to save it on.
        registry: artifact, transform or record; default: the file decides.
        yes: answer yes to all questions.
        store_kwargs: passed to the file system of a remote location (artifacts only).

    Returns:
        `None` on success, else why nothing was saved, such as `missing-key-or-description`.

    Raises:
        ClickException: for unknown labels or stem uids.
        FileNotInDevDir: for a script outside of the development folder.
    """
    from lamindb.base.logging import logger
    from lamindb.cli.plan_files import is_plan_file

    text = str(path)
    is_remote = "://" in text
    is_plan = not is_remote and is_plan_file(text)
    entity = "artifact" if is_plan else registry or entity_of_file(text)
    if entity != "artifact":
        if is_remote:
            logger.error("Can not register a %s from a cloud path", entity)
            return "transform-with-cloud-path"
        if key is not None:
            logger.warning("--key is for artifacts, ignoring it for a %s", entity)
    if entity != "artifact" and store_kwargs:
        raise click.UsageError(f"--batch-size and --store-kwargs are for artifacts, and {text} is saved as a {entity}")
    if entity == "artifact" and is_remote and key is not None:
        logger.error("Do not pass --key for cloud paths")
        return "key-with-cloud-path"
    note = None if is_remote or key is not None or is_plan else _note(text, entity, registry)
    if note is None and entity == "artifact" and not is_remote and not is_plan:
        key = "README.md" if key is None and Path(text).name == "README.md" else key
        if key is None and description is None and stem_uid is None:
            logger.error("Please pass a key or description via --key or --description")
            return "missing-key-or-description"
    require_instance()
    with _shell_run():
        labels = _labels(project, space, branch)
        if note is not None:
            _save_note(Path(text), note, labels)
            return None
        if entity == "transform":
            return _save_code(text, labels, yes)
        fields = {"key": key, "description": description, "kind": kind}
        if is_plan:
            _save_plan(Path(text), stem_uid, labels, fields)
        else:
            _save_artifact(text, stem_uid, labels, fields, store_kwargs)
    return None


def _note(path: str, entity: str, registry: str | None) -> Any:
    """Return where a file belongs as a note, if it is saved as one.

    Raises:
        ClickException: if it has to be one and can't.
    """
    from lamindb.cli.notes import note_target

    if registry not in (None, "record") or entity == "transform":
        return None
    from lamindb.setup import settings

    is_file = Path(path).is_file()
    target = note_target(path, settings.dev_dir_of(path)) if is_file and settings.is_configured else None
    if registry == "record" and target is None:
        if Path(path).suffix != ".md":
            raise click.ClickException(f"Saving as registry='record' requires a .md file, not {Path(path).name}")
        raise click.ClickException(
            f"{path} is no note: notes are files <topic>/<note>.md or <note>.md in the dev-dir ({settings.dev_dir}). "
            "To set it: lamin settings dev-dir set <folder>"
        )
    return target


@contextmanager
def _shell_run() -> Any:
    """What is saved is an output of the shell script that called, if it is tracked; else nobody misses the run."""
    from lamindb.base import context
    from lamindb.tracking.shell_runs import current_shell_run

    context.current_run_var.process_value = current_shell_run()
    try:
        yield
    finally:
        context.current_run_var.process_value = None


def _labels(project: str | None, space: str | None, branch: str | None) -> _Labels:
    given = (("Project", project), ("Space", space), ("Branch", branch))
    return _Labels(*(None if value is None else find_label(registry, value) for registry, value in given))


def _save_note(path: Path, target: Any, labels: _Labels) -> None:
    from django.db import transaction

    from lamindb.base.logging import logger
    from lamindb.cli.note_files import write_uid
    from lamindb.cli.notes import save_note

    with transaction.atomic():
        record = save_note(path, target)
        if labels.project is not None:
            record.projects.add(labels.project)
    try:
        write_uid(path, record.uid)
    except OSError as error:
        logger.warning("could not write the uid of the record into %s: %s", path, error)
    if labels.project is not None:
        logger.important("labeled with project: %s", labels.project.name)


def _save_code(path: str, labels: _Labels, yes: bool) -> str | None:
    import lamindb.models  # noqa: F401  (registries are looked up by name from here on)
    from lamindb.base.logging import logger
    from lamindb.tracking.saving_code import NotSavedError, Target, save_code

    target = Target(labels.project, labels.space, labels.branch, (lambda question: True) if yes else confirm)
    try:
        save_code(path, target)
    except NotSavedError as error:
        logger.error("%s", error)
        return error.reason
    if labels.project is not None:
        logger.important("labeled with project: %s", labels.project.name)
    return None


def _save_plan(path: Path, stem_uid: str | None, labels: _Labels, fields: dict[str, Any]) -> None:
    from lamindb.base.logging import logger
    from lamindb.cli.plan_files import read_plan

    fields["kind"] = fields["kind"] or "plan"
    logger.important('saving artifact as `kind="%s"`', fields["kind"])
    plan = read_plan(path.read_text(encoding="utf-8"))
    fields["key"] = fields["key"] or f".plans/{path.name}"
    fields["description"] = fields["description"] or plan.overview
    with tempfile.TemporaryDirectory(prefix="lamin-plan-") as folder:
        body = Path(folder) / path.name
        body.write_text(plan.body, encoding="utf-8")
        _save_artifact(str(body), stem_uid, labels, fields)


def _save_artifact(
    path: str,
    stem_uid: str | None,
    labels: _Labels,
    fields: dict[str, Any],
    store_kwargs: dict[str, Any] | None = None,
) -> None:
    import lamindb as ln
    from lamindb.base import context
    from lamindb.base.logging import logger

    if stem_uid is not None:
        fields["revises"] = _newest_version(stem_uid)
    fields.update(space=labels.space, branch=labels.branch)
    given = {name: value for name, value in fields.items() if value is not None}
    run = context.current_run()
    with _without_hints_for_code():
        artifact = ln.Artifact(path, run=False if run is None else run, **given)
    artifact.save(store_kwargs=store_kwargs)
    if fields.get("key") == "README.md" or Path(path).name == "README.md":
        ln.models.Block(key="README.md", content=Path(path).read_text(encoding="utf-8")).save()
        logger.warning("README.md is kept as a readme of the database, too; its form as an artifact is transitional")
    if labels.project is not None:
        artifact.projects.add(labels.project)
    logger.important("saved: %s", artifact)
    logger.important("storage path: %s", artifact.path)
    if str(artifact.path).startswith("s3://"):
        logger.important("storage url: %s", artifact.path.to_url())
    if labels.project is not None:
        logger.important("labeled with project: %s", labels.project.name)


@contextmanager
def _without_hints_for_code() -> Any:
    """Which constructor suits a format better is no help on the command line."""
    from lamindb.base.logging import logger

    def is_told(record: Any) -> bool:
        return "please use .from_" not in str(record.msg)

    logger.addFilter(is_told)
    try:
        yield
    finally:
        logger.removeFilter(is_told)


def _newest_version(stem_uid: str) -> Any:
    import lamindb as ln

    if not stem_uid.strip():
        raise click.ClickException("--stem-uid is empty: pass the beginning of the uid of an artifact")

    found = ln.Artifact.objects.filter(uid__startswith=stem_uid).order_by("-created_at", "-id").first()
    if found is None:
        raise click.ClickException(f"The stem uid is not found. No artifact has a uid that starts with {stem_uid!r}")
    return found
