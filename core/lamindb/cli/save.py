"""`lamin save` for artifacts: a file or folder becomes a version of an artifact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lamindb.cli.addressing import entity_of_file, find_label
from lamindb.cli.connection import require_instance
from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.argument("path")
@click.option("--key", default=None, help="Key of the artifact, such as raw/counts.csv.")
@click.option("--description", default=None, help="What it is.")
@click.option("--kind", default=None, help="dataset, model, plan, or a word of your own.")
@click.option("--stem-uid", default=None, help="Save as a new version of the artifact whose uid starts with this.")
@click.option("--project", default=None, help="Name or uid of a project to label it with.")
@click.option("--space", default=None, help="Name or uid of the space to save it in.")
@click.option("--branch", default=None, help="Name or uid of the branch to save it on.")
@click.option(
    "--registry", type=click.Choice(["artifact"]), default=None, help="Save scripts and notebooks as artifacts, too."
)
def save(path: str, **options: Any) -> int:
    """Save the file or folder PATH as an artifact."""
    if "://" not in path and not Path(path).exists():
        raise click.UsageError(f"Path {path!r} does not exist.")
    return 1 if save_path(path, **options) is not None else 0


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
) -> str | None:
    """Save a file or folder as an artifact.

    Returns:
        `None` on success, else `missing-key-or-description` or `key-with-cloud-path`.

    Raises:
        ClickException: for a script or notebook without `registry="artifact"`, and for unknown labels or stem uids.
    """
    from lamindb.base.logging import logger

    is_remote = "://" in str(path)
    if registry is None and entity_of_file(str(path)) == "transform":
        raise click.ClickException(
            f"{path} is a script or notebook; saving its source code is not available yet. "
            "To save the file as data, pass --registry artifact"
        )
    if is_remote and key is not None:
        logger.error("Do not pass --key for cloud paths")
        return "key-with-cloud-path"
    if not is_remote and key is None and Path(path).name == "README.md":
        key = "README.md"
    if not is_remote and key is None and description is None and stem_uid is None:
        logger.error("Please pass a key or description via --key or --description")
        return "missing-key-or-description"
    require_instance()
    _save_artifact(
        str(path),
        key=key,
        description=description,
        kind=kind,
        stem_uid=stem_uid,
        project=project,
        space=space,
        branch=branch,
    )
    return None


def _save_artifact(
    path: str, *, stem_uid: str | None, project: str | None, space: str | None, branch: str | None, **fields: Any
) -> None:
    import lamindb as ln
    from lamindb.base.logging import logger

    labels = {
        name.lower(): find_label(name, value)
        for name, value in (("Project", project), ("Space", space), ("Branch", branch))
        if value is not None
    }
    if stem_uid is not None:
        fields["revises"] = _newest_version(stem_uid)
    project_record = labels.pop("project", None)
    given = {name: value for name, value in {**fields, **labels}.items() if value is not None}
    artifact = ln.Artifact(path, run=False, **given).save()
    if project_record is not None:
        artifact.projects.add(project_record)
    logger.important("saved: %s", artifact)
    logger.important("storage path: %s", artifact.path)
    if project_record is not None:
        logger.important("labeled with project: %s", project_record.name)


def _newest_version(stem_uid: str) -> Any:
    import lamindb as ln

    found = ln.Artifact.objects.filter(uid__startswith=stem_uid).order_by("-created_at", "-id").first()
    if found is None:
        raise click.ClickException(f"The stem uid is not found. No artifact has a uid that starts with {stem_uid!r}")
    return found
