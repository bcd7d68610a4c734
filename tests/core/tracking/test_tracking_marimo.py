"""Real notebooks of marimo, run by its kernel and as scripts."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

if find_spec("marimo") is None:  # importing it would make this process look like a notebook
    pytest.skip("marimo is not installed", allow_module_level=True)
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbconvert")

NOTEBOOK = """
import marimo

app = marimo.App(auto_download=["ipynb"])


@app.cell
def _():
    import marimo as mo
    import lamindb as ln

    ln.track()
    return ln, mo


@app.cell
def _(mo):
    mo.md(r'''
    # Count cells.
    ''')
    return


@app.cell
def _(ln):
    @ln.step()
    def count():
        return ln.ULabel(name="of marimo").save()

    label = count()
    return (label,)


@app.cell
def _(label, ln):
    print(label.name)
    ln.finish()
    return


if __name__ == "__main__":
    app.run()
"""


def marimo(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command of marimo; `export` runs all cells in a kernel, as the editor does."""
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)


def test_a_notebook_of_marimo_is_tracked_with_its_export_as_report(sqlite_instance: Any, tmp_path: Path) -> None:
    path = tmp_path / "explore.py"
    path.write_text(NOTEBOOK)
    exported = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("x = 1"), nbformat.v4.new_markdown_cell("|a|")]
    )
    (tmp_path / "__marimo__").mkdir()
    nbformat.write(exported, tmp_path / "__marimo__" / "explore.ipynb")
    done = marimo("-m", "marimo", "export", "html", "explore.py", "-o", "page.html", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    run = ln.Run.get(transform__key="explore.py")
    transform = run.transform
    assert (run.status, transform.kind, transform.description) == ("completed", "notebook", "Count cells")
    assert transform.source_code == NOTEBOOK
    page = run.report.path.read_text()
    assert "overflow-x: auto" in page and "x" in page
    step = ln.ULabel.get(name="of marimo").run
    assert step.initiated_by_run == run and step.transform.key == "explore.py/count"
    assert step.transform.source_code.startswith("@ln.step()")

    assert marimo("explore.py", folder=tmp_path).returncode == 0  # as a script, it is tracked as one: a run of its own
    assert ln.Transform.get(key="explore.py").runs.filter(entrypoint=None).count() == 2


def test_a_notebook_that_is_not_exported_says_how_to_let_marimo_do_that(sqlite_instance: Any, tmp_path: Path) -> None:
    (tmp_path / "bare.py").write_text(NOTEBOOK.replace('auto_download=["ipynb"]', ""))
    done = marimo("-m", "marimo", "export", "html", "bare.py", "-o", "page.html", folder=tmp_path)
    assert "auto_download" in done.stdout + done.stderr + (tmp_path / "page.html").read_text()
    assert ln.Run.filter().count() == 0
