"""Which notebook runs in this kernel: found through VS Code, the Jupyter servers of this machine, or the nbconvert that executes it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger
from lamindb.base.notebook import in_notebook
from lamindb.tracking.shell import command_of

_SERVER_TIMEOUT = 3  # seconds; the servers run on this machine


@dataclass
class Notebook:
    """A notebook file and what executes it: `lab`, `notebook`, `vs_code`, `nbconvert`, `marimo`, `rstudio` (R), or `test`."""

    path: Path
    runner: str

    @property
    def is_interactive(self) -> bool:
        """Whether a person edits it while it runs, so that its code is known at the end only."""
        return self.runner != "nbconvert"

    @property
    def is_jupyter(self) -> bool:
        """Whether it is an `.ipynb` file."""
        return self.path.suffix == ".ipynb"


def is_kernel() -> bool:
    """Tell whether this process is a Jupyter kernel, as opposed to a script or a terminal."""
    return bool(os.environ.get("NBPRJ_TEST_NBPATH")) or in_notebook()


def current_notebook() -> Notebook:
    """Return the notebook of this kernel.

    Raises:
        RuntimeError: if it can't be found, or still has the name of a new notebook.
        ValueError: if nbconvert executes it without writing it back.
    """
    found = _from_environment() or _from_vs_code() or _from_servers() or _from_session_name() or _from_nbconvert()
    if found is None:
        raise RuntimeError(
            "failed to infer notebook path.\nfix: pass `path` to `ln.track()`, for example ln.track(path='analysis.ipynb')"
        )
    if found.path.name.startswith("Untitled") and found.is_jupyter:
        raise RuntimeError(
            f"Your notebook file name is '{found.path.name}', please rename it before tracking: its name becomes the key of the transform"
        )
    return found


def _from_environment() -> Notebook | None:
    path = os.environ.get("NBPRJ_TEST_NBPATH")
    return Notebook(Path(path).resolve(), os.environ.get("NBPRJ_TEST_NBENV", "test")) if path else None


def _from_vs_code() -> Notebook | None:
    path = getattr(sys.modules.get("__main__"), "__vsc_ipynb_file__", None)
    return Notebook(Path(path), "vs_code") if path else None


def _from_servers() -> Notebook | None:
    """Ask the Jupyter servers of this user which notebook the kernel belongs to."""
    kernel = _kernel_id()
    if kernel is None:
        return None
    for file in sorted(_runtime_folder().glob("*server-*.json"), key=lambda one: -one.stat().st_mtime):
        try:
            server = json.loads(file.read_text())
            sessions = _sessions(server)
        except Exception as error:  # a server that has ended leaves its file
            logger.debug("no answer from the Jupyter server of %s: %s", file.name, error)
            continue
        for session in sessions:
            if session.get("kernel", {}).get("id") != kernel:
                continue
            path = session.get("notebook", {}).get("path") or session.get("path")
            root = server.get("root_dir") or server.get("notebook_dir") or "."
            if path:
                runner = "notebook" if file.name.startswith("nbserver") else "lab"
                return Notebook(Path(root).expanduser() / path, runner)
    return None


def _kernel_id() -> str | None:
    try:
        from ipykernel.connect import get_connection_file

        name = Path(get_connection_file()).stem
    except Exception:  # no kernel, or one that has no connection file
        return None
    return name.partition("-")[2] or None


def _runtime_folder() -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir())


def _sessions(server: dict[str, Any]) -> list[dict[str, Any]]:
    import urllib.request

    request = urllib.request.Request(f"{server['url'].rstrip('/')}/api/sessions")
    token = server.get("token") or os.environ.get("JUPYTERHUB_API_TOKEN")
    if token:
        request.add_header("Authorization", f"token {token}")
    with urllib.request.urlopen(request, timeout=_SERVER_TIMEOUT) as answer:
        sessions: list[dict[str, Any]] = json.loads(answer.read())
    return sessions


def _from_session_name() -> Notebook | None:
    """Newer servers tell the kernel its notebook in an environment variable."""
    name = os.environ.get("JPY_SESSION_NAME")
    return Notebook(Path(name), "lab") if name and name.endswith(".ipynb") and Path(name).is_file() else None


def _from_nbconvert() -> Notebook | None:
    words = command_of(os.getppid())
    if not any("nbconvert" in Path(word).name or Path(word).name == "jupyter-execute" for word in words[:3]):
        return None
    notebooks = [word for word in words if word.endswith(".ipynb")]
    if not notebooks:
        return None
    if "--inplace" not in words:
        raise ValueError(
            "Please execute notebook 'nbconvert' by passing option '--inplace': jupyter nbconvert --to notebook --execute --inplace "
            + " ".join(notebooks)
        )
    # nbconvert starts each kernel in the folder of its notebook
    here = [Path.cwd() / Path(name).name for name in notebooks]
    existing = [path for path in here if path.is_file()]
    if len(existing) > 1:
        raise RuntimeError(
            f"failed to infer notebook path: nbconvert executes {len(existing)} notebooks of this folder.\n"
            "fix: pass `path` to `ln.track()`, or execute them one by one"
        )
    return Notebook(existing[0], "nbconvert") if existing else None
