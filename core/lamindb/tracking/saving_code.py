"""Scripts and notebooks become transforms without being run, or bring what their last run left behind: code, page, reference."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction as database

from lamindb.base import context as current
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.errors import FileNotInDevDir, InvalidArgument
from lamindb.models.versioning import FIRST_VERSION, family, version_number
from lamindb.storage.hashing import hash_string
from lamindb.tracking import notebook_files, r_notebooks, run_files
from lamindb.tracking.code_uids import uid_in_code
from lamindb.tracking.lifecycle import instance_uid, remember_environment
from lamindb.tracking.notebook_runs import page_of
from lamindb.tracking.source import Source, source_of_file
from lamindb.tracking.transforms import apply_source, make_transform, resolve_transform, store_source

CODE_SUFFIXES = (".py", ".ipynb", ".R", ".qmd", ".Rmd", ".sh")


class NotSavedError(Exception):
    """Somebody has to do something before the code can be saved.

    Args:
        reason: a word for programs, such as `"rerun-the-notebook"`.
        message: a sentence for people.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Target:
    """Where records are put, and whom to ask before something is overwritten."""

    project: Any = None
    space: Any = None
    branch: Any = None
    confirm: Callable[[str], bool] = lambda question: False


def save_code(path: str | Path, target: Target | None = None) -> Any:
    """Save a script or notebook as a transform, with the page of its last run.

    Args:
        path: file with one of the suffixes `.py`, `.ipynb`, `.R`, `.qmd`, `.Rmd`, `.sh`.
        target: project, space and branch, and whom to ask.

    Returns:
        The transform.

    Raises:
        BlobHashNotFound: if scripts are synchronised with a git repository that does not hold this one.
        FileNotInDevDir: if the instance has a development folder and the file is elsewhere.
        InvalidArgument: for another suffix, or a transform that is in the trash, in the archive or on another branch.
        NotSavedError: if a page is missing, or somebody said no.

    Example:
        >>> save_code("scripts/qc.py")  # doctest: +SKIP
    """
    file, target = Path(path).resolve(), target or Target()
    if file.suffix not in CODE_SUFFIXES:
        raise InvalidArgument(
            f"Only {', '.join(CODE_SUFFIXES)} files are supported for saving transforms, not {file.name}"
        )
    _check_in_dev_dir(file)
    if file.suffix in (".Rmd", ".qmd"):
        _check_exported(file)
    source = replace(source_of_file(file), notebook=None)
    if source.text is None:
        raise NotSavedError("rerun-the-notebook", f"The code of {file.name} could not be read")
    with _in(target):
        transform, is_new = _transform_of(source, target)
        if target.project is not None:
            transform.projects.add(target.project)
        if source.kind == "notebook":
            _save_page(transform, file, target)
        _link_environment(transform)
    if not is_new and not transform.__dict__.pop("_changed_by_saving", False):
        logger.important("transform already saved: %s", transform.uid)
    return transform


def transform_of_path(
    path: str | Path,
    *,
    key: str | None = None,
    kind: str | None = None,
    version: str | None = None,
    description: str | None = None,
    skip_hash_lookup: bool = False,
) -> Any:
    """Return the transform of a file, saved with its code; see `Transform.from_path`."""
    source = replace(source_of_file(path, key=key), notebook=None)
    source = replace(source, kind=kind) if kind is not None else source
    description = description if description is not None else source.title
    if skip_hash_lookup:
        from lamindb.tracking.transforms import new_uid

        return make_transform(source, new_uid(), version, description)
    return resolve_transform(source, version=version, description=description)


@contextmanager
def _in(target: Target) -> Any:
    variables = (
        (current.current_project_var, target.project),
        (current.run_space_var, target.space),
        (current.run_branch_var, target.branch),
    )
    tokens = [(variable, variable.set(value)) for variable, value in variables]
    try:
        with database.atomic():
            yield
    finally:
        for variable, token in reversed(tokens):
            variable.reset(token)


def _check_in_dev_dir(file: Path) -> None:
    from lamindb.setup import settings

    folder = settings.dev_dir_of(file)
    if folder is not None and not file.is_relative_to(Path(folder).resolve()):
        raise FileNotInDevDir(
            f"{file} is not in the dev-dir {folder}: move it there, or change the dev-dir with: lamin settings dev-dir set <folder>"
        )


def _check_exported(file: Path) -> None:
    pages = r_notebooks.exported_pages(file)
    if not pages:
        raise NotSavedError(
            "export-qmd-Rmd-as-html",
            f"Please export your {file.suffix} file as an html file here {file.with_suffix('.html')}",
        )
    if len(pages) > 1:
        raise NotSavedError(
            "delete-html-or-nb-html", f"Please delete one of {' and '.join(page.name for page in pages)}"
        )


def _transform_of(source: Source, target: Target) -> tuple[Any, bool]:
    """Return the transform with the code stored, and whether it was made now."""
    assert source.path is not None and source.text is not None
    uid = uid_in_code(source.text, source.path.suffix)
    if uid is None:
        transform = resolve_transform(source, description=source.title)
    else:
        logger.important("mapped '%s' on uid '%s'", source.path.name, uid)
        transform = _by_uid(source, uid, target)
    is_new = bool(transform.__dict__.pop("_created_by_tracking", False))
    if is_new:
        logger.important("created Transform('%s', key='%s')", transform.uid, transform.key)
    return transform, is_new


def _by_uid(source: Source, uid: str, target: Target) -> Any:
    found = _find(uid)
    if found is None:
        return make_transform(source, uid if len(uid) == 16 else uid[:12] + FIRST_VERSION, None, source.title)
    apply_source(found, source, None, source.title)
    if found.hash != source.hash:
        question = f"You are about to overwrite existing source code (hash '{found.hash}') for Transform('{found.uid}'). Proceed?"
        if not target.confirm(question):
            raise NotSavedError(
                "rerun-the-notebook",
                "Please re-run `ln.track()` to make a new version: its source code is kept as it was",
            )
        store_source(found, source)
        found.save()
        found.__dict__["_changed_by_saving"] = True
    return found


def _find(uid: str) -> Any:
    """Return the version that a full uid names, or the newest one of a family.

    Raises:
        InvalidArgument: if it is there, but not to be seen from the current branch.
    """
    model = registry("Transform")
    if len(uid) == 16:
        members = list(model.objects.filter(uid=uid))
    else:
        members = sorted(family(model, uid[:12]), key=lambda member: -version_number(member.uid))
    if not members:
        return None
    seen = (current.current_branch_id(), current.MAIN_BRANCH_ID)
    visible = [member for member in members if member.branch_id in seen]
    if visible:
        return visible[0]
    hidden = members[0]
    for branch_id, place in ((current.TRASH_BRANCH_ID, "trash"), (current.ARCHIVE_BRANCH_ID, "archive")):
        if hidden.branch_id == branch_id:
            raise InvalidArgument(
                f"Transform {hidden.uid} is in the {place}, please restore it before running `lamin save`: "
                f"ln.Transform.get('{hidden.uid}').restore()"
            )
    raise InvalidArgument(
        f"Transform {hidden.uid} is on a different branch({hidden.branch.name}), please switch to the correct branch: lamin switch {hidden.branch.name}"
    )


def _link_environment(transform: Any) -> None:
    """Link the environment that the client of another language left for the last run."""
    run = transform.latest_run
    environment = run_files.foreign_environment(run, instance_uid()) if run is not None else None
    if run is None or environment is None:
        return
    run.environment = environment
    run.save()
    remember_environment(transform, run)
    transform.__dict__["_changed_by_saving"] = True


def _save_page(transform: Any, file: Path, target: Target) -> None:
    """Store the page of a notebook as the report of the last run, which is made if nobody ran it under `track`."""
    run = transform.latest_run
    if run is not None and run.created_by_id != current.current_user_id():
        question = (
            f"The latest run of this notebook is by {run.created_by.handle}. Save its html to that run all the same?"
        )
        if not target.confirm(question):
            raise NotSavedError(
                "aborted-save-notebook-created-by-different-user",
                "not saved: run the notebook yourself with ln.track(), or answer y",
            )
    if file.suffix == ".ipynb":
        pairs = notebook_files.unordered_cells(file)
        if pairs:
            logger.warning("cells %s were not run consecutively", pairs)
    page = page_of(file)
    if page is None:
        return
    if run is None:
        run = registry("Run")(transform=transform).save()
        logger.important("found no run, creating Run('%s') to display the html", run.uid)
    if file.suffix == ".ipynb":
        run._is_consecutive = not pairs
    if run.report is not None:
        if run.report.hash == hash_string(page):
            return
        question = (
            f"You are about to overwrite the existing report (hash '{run.report.hash}') of Run('{run.uid}'). Proceed?"
        )
        if run.report.suffix == ".html" and not target.confirm(question):
            return
    run_files.save_page(run, page)
    run.save()
    transform.__dict__["_changed_by_saving"] = True
