"""Real notebooks, executed by real kernels through nbconvert, nbclient and a Jupyter server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbconvert")
if find_spec("ipykernel") is None:  # importing it would make this process look like a kernel
    pytest.skip("ipykernel is not installed", allow_module_level=True)
pytest.importorskip("jupytext")

TRACK, FINISH = "import lamindb as ln\nln.track()", "ln.finish()"


@pytest.fixture(autouse=True)
def _quiet_kernels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))


def write(path: Path, *cells: str) -> Path:
    """Write a notebook: cells that start with `#` and a blank are markdown, the others code."""
    made = [
        nbformat.v4.new_markdown_cell(cell) if cell.startswith("# ") else nbformat.v4.new_code_cell(cell)
        for cell in cells
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def execute(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", *options, path.name]
    return subprocess.run(command, cwd=path.parent, capture_output=True, text=True, timeout=120)


@pytest.fixture
def interact(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run the cells of a notebook in a kernel as an editor would, and save it; returns what the cells printed."""
    monkeypatch.setenv("LAMIN_TESTING", "true")  # the front end can't be asked to save

    def run(path: Path) -> str:
        from nbclient import NotebookClient

        notebook = nbformat.read(path, as_version=4)
        monkeypatch.setenv("NBPRJ_TEST_NBPATH", str(path))

        def save(**_: Any) -> None:
            nbformat.write(notebook, path)

        resources = {"metadata": {"path": str(path.parent)}}
        NotebookClient(notebook, timeout=120, resources=resources, on_cell_execute=save).execute()
        save()
        return "".join(
            output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []) if "text" in output
        )

    return run


@pytest.fixture
def in_cell(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], None]:
    """Run code of an open notebook in this process, as a kernel would: the code is in no file."""

    def run(path: Path, code: str) -> None:
        monkeypatch.setenv("NBPRJ_TEST_NBPATH", str(path))
        exec(code, {"ln": ln})

    return run


FLOW = "import lamindb as ln\n@ln.flow()\ndef count(n=1):\n    return n\ncount()"
STEP = "@ln.step()\ndef one():\n    return 1"


def test_an_executed_notebook_is_tracked_like_a_script_and_functions_in_its_cells_by_their_text(
    sqlite_instance: Any, tmp_path: Path
) -> None:
    path = write(
        tmp_path / "count cells.ipynb",
        "# Count cells.", FLOW, "ln.track()", STEP, "one()", "ln.ULabel(name='of a notebook').save()", FINISH,
    )  # fmt: skip
    done = execute(path, "--inplace")
    assert done.returncode == 0, done.stderr
    key = "count cells.ipynb"
    keys = {run.entrypoint: run.transform.key for run in ln.Run.filter()}
    assert keys == {"count": f"{key}/count", None: key, "one": f"{key}/one"}
    assert ln.Transform.get(key=f"{key}/one").source_code == f"{STEP}\n"
    run = ln.Run.get(transform__key=key)
    assert run.status == "completed"
    transform = run.transform
    assert (transform.kind, transform.description) == ("notebook", "Count cells")
    assert transform.source_code.startswith("# %% [markdown]\n# #\n")
    assert "outputs" not in transform.source_code and "Count cells" not in transform.source_code
    assert ln.ULabel.get(name="of a notebook").run == run
    assert run.environment is not None and run.report is None

    assert execute(path, "--inplace").returncode == 0  # the outputs are another content, the code is the same
    assert ln.Transform.filter(key=key).one().runs.count() == 2
    assert ln.Transform.filter(key=f"{key}/count").one().runs.count() == 2


def test_a_notebook_that_fails_is_errored_with_its_traceback(sqlite_instance: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "fails.ipynb", TRACK, "raise ValueError('no such gene')", FINISH)
    assert execute(path, "--inplace").returncode != 0
    run = ln.Run.get(transform__key="fails.ipynb")
    assert run.status == "errored"
    assert "ValueError: no such gene" in run.report.path.read_text()


def test_nbconvert_must_write_the_notebook_back(sqlite_instance: Any, tmp_path: Path) -> None:
    done = execute(write(tmp_path / "a.ipynb", TRACK), "--output", "b.ipynb")
    assert done.returncode != 0 and "--inplace" in done.stderr
    assert ln.Run.filter().count() == 0


def test_a_notebook_needs_a_name(sqlite_instance: Any, tmp_path: Path, in_cell: Any) -> None:
    path = write(tmp_path / "Untitled1.ipynb", TRACK)
    with pytest.raises(RuntimeError, match="please rename it before tracking"):
        in_cell(path, "ln.track()")
    assert ln.Transform.filter().count() == 0


def test_an_edited_notebook_is_a_draft_until_it_is_finished(
    sqlite_instance: Any, tmp_path: Path, interact: Any
) -> None:
    path = write(tmp_path / "explore.ipynb", "# Explore", TRACK, "api_key = 'abcdef123'\nprint('seen', api_key)")
    assert "started new Run" in interact(path)
    draft = ln.Transform.get(key="explore.ipynb")
    assert draft.source_code is None and draft.latest_run.status == "completed"  # the kernel ended without finish()

    write(path, "# Explore more", TRACK, "api_key = 'abcdef123'\nprint('seen', api_key)", FINISH)
    printed = interact(path)
    assert "re-started Run" in printed and "finished Run" in printed
    transform = ln.Transform.filter().one()
    assert transform.uid == draft.uid and transform.description == "Explore more"
    assert "abcdef123" not in transform.source_code and "***REDACTED***" in transform.source_code
    run = transform.runs.get()
    assert run.status == "completed" and run._is_consecutive
    assert run.report.suffix == ".html" and "<html" in run.report.path.read_text()[:500]


def test_a_finished_notebook_gets_a_new_version_which_goes_if_nothing_changed(
    instance: Any, tmp_path: Path, in_cell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "explore.ipynb", TRACK, "x = 1", FINISH)
    in_cell(path, "ln.track()")
    ln.finish()
    first = ln.Transform.get(key="explore.ipynb")
    in_cell(path, "ln.track()")
    assert "making new version -- anticipating changes" in capsys.readouterr().out
    ln.finish()
    assert ln.Transform.filter().one() == first
    assert first.runs.count() == 2

    in_cell(path, "ln.track()")
    write(path, TRACK, "x = 2", FINISH)
    ln.finish()
    assert [version.uid for version in first.versions] == [f"{first.stem_uid}0001", first.uid]
    first.refresh_from_db()
    assert "x = 1" in first.source_code and not first.is_latest


def test_the_full_uid_of_a_stored_notebook_is_refused_with_the_next_one(
    instance: Any, tmp_path: Path, in_cell: Any
) -> None:
    path = write(tmp_path / "a.ipynb", TRACK.replace("()", "('abcdefghijkl0000')"), FINISH)
    in_cell(path, "ln.track('abcdefghijkl0000')")
    ln.finish()
    with pytest.raises(ln.errors.UpdateContext, match="abcdefghijkl0001"):
        in_cell(path, "ln.track('abcdefghijkl0000')")


def test_cells_out_of_order_are_noticed(
    sqlite_instance: Any, tmp_path: Path, in_cell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "order.ipynb", TRACK, "a = 1", "b = 2", FINISH)
    notebook = nbformat.read(path, as_version=4)
    for cell, count in zip(notebook.cells, (1, 3, 2, 4), strict=True):
        cell.execution_count = count
    nbformat.write(notebook, path)
    in_cell(path, "ln.track()")
    ln.finish()
    assert "cells [(1, 3), (3, 2)] were not run consecutively" in capsys.readouterr().out
    assert ln.Run.get()._is_consecutive is False


def test_the_jupyter_server_tells_which_notebook_a_kernel_runs(sqlite_instance: Any, tmp_path: Path) -> None:
    pytest.importorskip("jupyter_server")
    (tmp_path / "analyses").mkdir()
    write(tmp_path / "analyses" / "served.ipynb", "x = 1")
    with Server(tmp_path) as server:
        kernel = server.start_session("analyses/served.ipynb")
        found = kernel.run(
            "from lamindb.tracking.notebooks import current_notebook\nfound = current_notebook()\nprint(found.path, found.runner)"
        )
        assert found.strip().endswith(f"{tmp_path / 'analyses' / 'served.ipynb'} lab")
        # vs code names the file in the main module
        found = kernel.run("__vsc_ipynb_file__ = '/somewhere/else.ipynb'\nprint(current_notebook())")
        assert "else.ipynb" in found and "vs_code" in found
        kernel.stop()


class Server:
    """A Jupyter server without browser and extensions."""

    def __init__(self, folder: Path) -> None:
        import socket

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder

    def __enter__(self) -> Server:
        command = [
            sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={self.port}", "--ip=127.0.0.1", "--port-retries=0",
            "--IdentityProvider.token=tests", f"--ServerApp.root_dir={self.folder}", "--allow-root",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        end = time.monotonic() + 60
        while True:
            try:
                self.ask("GET", "status")
                return self
            except OSError:
                assert time.monotonic() < end and self.process.poll() is None, "the Jupyter server did not start"
                time.sleep(0.2)

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(30)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        import json
        import urllib.request

        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "token tests", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def start_session(self, path: str) -> Kernel:
        session = self.ask(
            "POST", "sessions", {"path": path, "type": "notebook", "name": path, "kernel": {"name": "python3"}}
        )
        return Kernel(session["kernel"]["id"])


class Kernel:
    """A kernel that a server started."""

    def __init__(self, identifier: str) -> None:
        from jupyter_client import BlockingKernelClient

        file = Path(os.environ["JUPYTER_RUNTIME_DIR"]) / f"kernel-{identifier}.json"
        self.client = BlockingKernelClient(connection_file=str(file))
        self.client.load_connection_file()
        self.client.start_channels()
        end = time.monotonic() + 60
        while True:
            try:
                self.client.wait_for_ready(timeout=60)
                return
            except RuntimeError:  # its heart is slow to beat on a busy machine
                assert time.monotonic() < end, "the kernel does not answer"

    def run(self, code: str) -> str:
        printed: list[str] = []

        def note(message: Any) -> None:
            content = message["content"]
            printed.append(content.get("text", "") + "\n".join(content.get("traceback", [])))

        self.client.execute_interactive(code, output_hook=note, timeout=60)
        return "".join(printed)

    def stop(self) -> None:
        self.client.stop_channels()


def test_finish_waits_until_the_editor_saved_the_notebook(
    sqlite_instance: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lamindb.tracking import notebook_runs

    path = write(tmp_path / "open.ipynb", "# Open", "x = 1")
    os.utime(path, (0, 0))
    monkeypatch.delenv("LAMIN_TESTING", raising=False)
    monkeypatch.setattr(notebook_runs, "_WAIT", 0.4)
    ln.track(path=path)
    run = ln.context.run
    ln.context._tracked.notebook.runner = "lab"
    ln.finish()
    assert ln.context.run == run and run.status == "started"  # not saved: the run goes on
    os.utime(path)
    ln.finish()
    assert ln.context.run is None
    run.refresh_from_db()
    assert run.status == "completed" and run.transform.source_code.endswith("x = 1\n")

    ln.track(path=path)
    ln.context._tracked.notebook.runner = "lab"
    os.utime(path, (0, 0))
    ln.finish()
    ln.finish()  # still not saved: it ends without the code
    assert ln.context.run is None
    assert ln.Transform.filter(is_latest=True).get().source_code is None


def test_an_r_notebook_is_stored_with_the_page_that_was_exported(sqlite_instance: Any, tmp_path: Path) -> None:
    path = tmp_path / "plots.qmd"
    path.write_text('---\ntitle: "My plots"\n---\n```{r}\nln$track()\n```\n')
    path.with_suffix(".html").write_text(
        "<html><head><title>My plots</title></head><body><h1>My plots</h1>please hit CTRL + s to save the notebook in your editor, done</body></html>"
    )
    ln.track(path=path)
    ln.finish()
    run = ln.Run.get(transform__key="plots.qmd")
    assert (run.transform.kind, run.transform.description) == ("notebook", "My plots")
    assert run.transform.source_code == path.read_text()
    page = run.report.path.read_text()
    assert "My plots" not in page and "please hit" not in page and "done" in page
