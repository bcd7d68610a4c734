"""Which code runs: the file of a script or function, or its text, and the key that a transform of it gets."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from lamindb.base.logging import logger
from lamindb.storage.hashing import hash_string
from lamindb.tracking.marimo_notebooks import is_cell_of_marimo, marimo_notebook, title_of_marimo
from lamindb.tracking.notebooks import Notebook, current_notebook, is_kernel

NOTEBOOK_SUFFIXES = (".ipynb", ".Rmd", ".qmd")


@dataclass(frozen=True)
class Source:
    """Code that runs: its text (`None` if it can't be found), key, kind, hash of the whole text, its file, and the notebook it is."""

    key: str
    kind: str
    text: str | None
    path: Path | None = None
    notebook: Notebook | None = None
    title: str | None = None

    @property
    def hash(self) -> str | None:
        """Hash of the text as it is, secrets included."""
        return None if self.text is None else hash_string(self.text)

    @property
    def is_python(self) -> bool:
        """Whether the code is Python."""
        return self.path is None or self.path.suffix in (".py", ".pyw", ".ipynb", "")

    @property
    def is_draft(self) -> bool:
        """Whether somebody edits it while it runs, so that its code is stored when the run ends."""
        return self.notebook is not None and self.notebook.is_interactive


def source_of_caller(frame: FrameType | None) -> Source:
    """Return the script that a frame runs, or the notebook of this kernel.

    Raises:
        NotImplementedError: if the code is in no file.
        RuntimeError: if the notebook can't be found.
        SystemExit: for a notebook of marimo that is not exported automatically.
    """
    name = frame.f_code.co_filename if frame is not None else ""
    path = Path(name)
    of_marimo = marimo_notebook(frame)
    if of_marimo is not None:
        return source_of_file(of_marimo, runner="marimo")
    if name and path.is_file() and not _is_cell(path):
        module = frame.f_globals.get("__name__") if frame is not None else None
        return source_of_file(path, module=module)
    if is_kernel():
        notebook = current_notebook()
        return source_of_file(notebook.path, runner=notebook.runner)
    raise NotImplementedError(
        f"Cannot determine valid file path, pass manually via path=...: the code that called track() is in no file ({name or 'unknown'!r}). "
        "In an interactive session, pass path= of a script, or key= and source_code=, or a transform: "
        'ln.track(ln.Transform(key="my analysis").save())'
    )


def source_of_file(
    path: str | Path, *, key: str | None = None, module: str | None = None, runner: str | None = None
) -> Source:
    """Return the code of a file.

    Args:
        path: script or notebook.
        key: key of the transform; default: the path in the dev-dir, else the name of the file.
        module: name of the Python module that it is.
        runner: what executes a notebook; default: nobody knows, as somebody who edits it.

    Raises:
        FileNotFoundError: if there is no such file.
    """
    file = Path(path).expanduser().resolve()
    if not file.is_file():
        raise FileNotFoundError(f"There is no file {str(path)!r} to track: pass the path of the script or notebook")
    key = key or _key_of(file, module)
    text: str | None = None
    if runner == "marimo":
        text = file.read_bytes().decode("utf-8", "replace")
        return Source(key, "notebook", text, file, Notebook(file, runner), title_of_marimo(file))
    if file.suffix not in NOTEBOOK_SUFFIXES:
        return Source(key, "script", file.read_bytes().decode("utf-8", "replace"), file)
    from lamindb.tracking import notebook_files

    notebook = Notebook(file, runner or ("path" if file.suffix == ".ipynb" else "rstudio"))
    if notebook.is_jupyter:
        text = notebook_files.source_or_none(file)
    else:
        text = file.read_bytes().decode("utf-8", "replace")
    return Source(key, "notebook", text, file, notebook, notebook_files.title_of_notebook(file))


def source_of_function(function: Callable[..., Any], key_of_caller: str | None) -> Source:
    """Return the file that a function is in, or its own text, or its bare name if there is none.

    Args:
        function: a function.
        key_of_caller: key of the transform that calls it, which keys a function without file.
    """
    code = inspect.unwrap(function)
    file = getattr(getattr(code, "__code__", None), "co_filename", None)
    if file and not file.startswith("<") and Path(file).is_file() and not _is_cell(Path(file)):
        return source_of_file(file, module=getattr(code, "__module__", None))
    try:
        text: str | None = inspect.getsource(code)
    except (OSError, TypeError):
        text = None
    name = getattr(code, "__qualname__", type(code).__name__).replace("<locals>.", "")
    return Source(f"{key_of_caller}/{name}" if key_of_caller else name, "function", text)


def _is_cell(file: Path) -> bool:
    """Tell whether a file only holds a cell of a notebook: kernels write them for debuggers."""
    return file.parent.name.startswith("ipykernel_") or is_cell_of_marimo(file.name)


def _key_of(file: Path, module: str | None) -> str:
    if module is not None and "." in module:
        return f"pypackages/{module.replace('.', '/')}.py"
    from lamindb.setup import settings

    folder = settings.dev_dir_of(file)
    if folder is None:
        return file.name
    root = Path(folder).resolve()
    if file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    logger.warning("%s is not in the dev-dir %s, falling back to using filename as transform key", file, root)
    return file.name


def command_line() -> list[str]:
    """Return the arguments that a script was called with."""
    if is_kernel() or ("IPython" in sys.modules and hasattr(sys, "ps1")):
        return []
    return list(sys.argv[1:])
