"""How the run of a notebook ends: wait for the editor to save it, check the order of its cells, store its code and its page."""

from __future__ import annotations

import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger
from lamindb.base.notebook import ipython_shell
from lamindb.base.registries import registry
from lamindb.tracking import notebook_files, r_notebooks, run_files
from lamindb.tracking.lifecycle import TrackedRun
from lamindb.tracking.marimo_notebooks import page_of_marimo
from lamindb.tracking.notebooks import Notebook
from lamindb.tracking.source import Source, source_of_file
from lamindb.tracking.transforms import store_source

_WAIT, _POLL = 30.0, 0.2
#: A file that was written so many seconds before `finish()` counts as saved; more when it is called again.
_FRESH, _FRESH_ON_RETRY = 0.3, 20.0
#: Runs whose notebook was not saved when `finish()` was called before.
_unsaved: set[str] = set()


def prepare_end(tracked: TrackedRun, ignore_non_consecutive: bool | None = None) -> bool:
    """Store what a notebook leaves: title, code, page. The run is to be ended after this.

    Args:
        tracked: the run.
        ignore_non_consecutive: `True` does not check in which order cells ran, `False` asks if they ran in another one.

    Returns:
        Whether the run can end; not if the notebook has to be saved first, or the order of its cells shall be mended.
    """
    notebook = tracked.notebook
    if notebook is None:
        return True
    if not notebook.path.is_file():
        logger.warning("did *not* save source code and report: %s is not there any more", notebook.path)
        return True
    is_saved = not notebook.is_jupyter or not notebook.is_interactive or _wait_for_save(tracked, notebook)
    if not is_saved:
        if tracked.run.uid not in _unsaved:
            _unsaved.add(tracked.run.uid)
            logger.warning("the notebook was not saved, please save it in your editor and re-run finish()")
            return False
        logger.warning("the notebook was still not saved, finishing without its source code and report")
        return True
    if notebook.is_jupyter and not _check_order(tracked.run, notebook.path, ignore_non_consecutive):
        return False
    if notebook.is_interactive:
        store_notebook(tracked, source_of_file(notebook.path, key=tracked.transform.key, runner=notebook.runner))
        page = page_of(notebook.path)
        if page is not None:
            run_files.save_page(tracked.run, page)
            tracked.run.save()
    else:
        logger.important("to save the notebook html, run: lamin save %s", notebook.path)
    return True


def _wait_for_save(tracked: TrackedRun, notebook: Notebook) -> bool:
    if os.environ.get("LAMIN_TESTING") == "true" or notebook.runner in ("test", "path"):
        return True
    fresh = _FRESH_ON_RETRY if tracked.run.uid in _unsaved else _FRESH
    since = time.time() - fresh
    if notebook.path.stat().st_mtime > since:
        return True
    keys = "CMD + s" if sys.platform == "darwin" else "CTRL + s"
    logger.important("please hit %s to save the notebook in your editor", keys)
    end = time.monotonic() + _WAIT
    while time.monotonic() < end:
        if notebook.path.is_file() and notebook.path.stat().st_mtime > since:
            time.sleep(_POLL)  # the editor may still be writing
            return True
        time.sleep(_POLL)
    return False


def _check_order(run: Any, path: Path, ignore: bool | None) -> bool:
    if ignore is True:
        return True
    pairs = notebook_files.unordered_cells(path)
    run._is_consecutive = not pairs
    if not pairs:
        return True
    logger.warning("cells %s were not run consecutively", pairs)
    if ignore is None:
        return True
    from lamindb.tracking.questions import ask

    return ask("Do you still want to proceed with finishing?", without_answer=True)


def page_of(path: Path) -> str | None:
    """Return the html page of a notebook, or `None` with a word in the log about what is missing."""
    if path.suffix in (".ipynb", ".py"):
        try:
            return notebook_files.html_of_notebook(path) if path.suffix == ".ipynb" else page_of_marimo(path)
        except ImportError as error:
            logger.error("%s", error)
            return None
    pages = r_notebooks.exported_pages(path)
    if not pages:
        logger.warning("no html export found for %s: the run gets no report", path.name)
        return None
    return r_notebooks.clean_page(pages[0].read_text(encoding="utf-8", errors="replace"))[0]


def store_notebook(tracked: TrackedRun, source: Source) -> None:
    """Store the code of a notebook with its transform; if another version holds just this code, the run becomes one of that."""
    transform, run = tracked.transform, tracked.run
    if source.text is None:
        return
    same = registry("Transform").objects.filter(key=transform.key, hash=source.hash).exclude(pk=transform.pk).first()
    if same is not None and transform.source_code is None:
        fall_back(run, transform, same)
        tracked.transform = transform = same
    changed = False
    if transform.source_code is None:
        store_source(transform, source)
        changed = True
    if source.title is not None and source.title != transform.description:
        transform.description = source.title
        changed = True
    if changed:
        transform.save()


def fall_back(run: Any, draft: Any, stored: Any) -> None:
    """Let a run be one of a stored version instead of a draft that turned out to hold the same code, and delete the draft."""
    from django.db import transaction

    with transaction.atomic():
        type(run).objects.filter(transform=draft).update(transform=stored)
        run.transform = stored
        draft.delete(permanent=True)
    logger.important("the code is that of %s, to which the run now belongs", stored.uid)


def watch_cells(tracked: TrackedRun) -> None:
    """Note whether the last cell failed while a notebook is executed as a whole: the kernel itself ends as usual."""
    if tracked.notebook is None or tracked.notebook.is_interactive:
        return
    shell = ipython_shell()
    if shell is None:
        return

    def note(result: Any) -> None:
        error = result.error_in_exec or result.error_before_exec
        tracked.failure = None if error is None else "".join(traceback.format_exception(error))

    shell.events.register("post_run_cell", note)
