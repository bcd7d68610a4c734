"""Notebook files: their code as text, their title, the order in which cells ran, and their page as html."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger
from lamindb.tracking.params import secret_values
from lamindb.tracking.redaction import redact_log, redact_source

_TITLE = re.compile(r"(?m)^#[ \t]+(\S.*?)[ \t.]*$")
_HEADER = re.compile(r"\A# ---\n(?:#.*\n)*?# ---\n+")
_SAVE_PROMPT = "to save the notebook in your editor"
_FINISH = re.compile(r"\.finish\(")


def read_notebook(path: Path) -> Any:
    """Return a notebook as nbformat node of version 4.

    Raises:
        ImportError: naming the package that is missing.
        ValueError: if the file is no notebook.
    """
    try:
        import nbformat
    except ImportError:
        raise _missing("nbformat") from None
    try:
        return nbformat.read(str(path), as_version=4)  # type: ignore[no-untyped-call]
    except (json.JSONDecodeError, nbformat.reader.NotJSONError, nbformat.validator.ValidationError) as error:
        raise ValueError(f"{path} is no Jupyter notebook: {error}") from None


def source_of_notebook(path: Path) -> str:
    """Return the cells of a notebook as a Python script with `# %%` marks: no outputs, no metadata, no title.

    Raises:
        ImportError: if jupytext is not installed.
    """
    notebook = read_notebook(path)
    notebook.metadata = {"jupytext": {"notebook_metadata_filter": "-all", "cell_metadata_filter": "-all"}}
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    _replace_title(notebook, "")
    try:
        import jupytext  # type: ignore[import-untyped]
    except ImportError:
        raise _missing("jupytext") from None
    text: str = jupytext.writes(notebook, fmt="py:percent")
    return _HEADER.sub("", text)


def notebook_of_source(text: str, title: str | None) -> str:
    """Return the text of an `.ipynb` file for stored code, with its title put back."""
    try:
        import jupytext  # type: ignore[import-untyped]
        import nbformat
    except ImportError:
        raise _missing("jupytext") from None
    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    if title:
        _restore_title(notebook, title)
    written: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return written + "\n"


def title_of_notebook(path: Path) -> str | None:
    """Return the first heading of a notebook: of a markdown cell, or `title:` in the front matter of an R notebook."""
    if path.suffix != ".ipynb":
        from lamindb.tracking.r_notebooks import title_of_r_notebook

        return title_of_r_notebook(path.read_text(encoding="utf-8", errors="replace"))
    cells = json.loads(path.read_text(encoding="utf-8")).get("cells", [])
    for cell in cells:
        match = _TITLE.search("".join(cell.get("source", ""))) if cell.get("cell_type") == "markdown" else None
        if match:
            return match[1].rstrip(". ")
    return None


def unordered_cells(path: Path) -> list[tuple[int | None, int | None]]:
    """Return the pairs of execution counts of neighbouring code cells that did not run one after the other.

    Cells without code and the one that calls `finish` don't count, nor does a last cell that has not run.
    """
    counts: list[int | None] = []
    for cell in json.loads(path.read_text(encoding="utf-8")).get("cells", []):
        source = "".join(cell.get("source", ""))
        if cell.get("cell_type") == "code" and source.strip() and not _FINISH.search(source):
            counts.append(cell.get("execution_count"))
    if counts and counts[-1] is None:
        counts.pop()
    pairs: list[tuple[int | None, int | None]] = []
    previous: int | None = 0
    for position, count in enumerate(counts):
        follows = count is not None and previous is not None and count == previous + 1
        if not follows and not (position == 0 and count == 0):
            pairs.append((previous, count))
        previous = count
    return pairs


def html_of_notebook(path: Path) -> str:
    """Return a notebook with its outputs as one html page, without title, prompts and metadata.

    Raises:
        ImportError: if nbconvert is not installed.
    """
    try:
        from nbconvert import HTMLExporter
        from traitlets.config import Config
    except ImportError:
        raise _missing("nbconvert") from None
    notebook = read_notebook(path)
    title = title_of_notebook(path)
    notebook.metadata = {}
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            if _FINISH.search(cell.source):
                cell.outputs = [output for output in cell.outputs if _SAVE_PROMPT not in json.dumps(output)]
            _redact_cell(cell)
    _replace_title(notebook, None)
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        config=Config({"HTMLExporter": {"preprocessors": []}}),
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        anchor_link_text=" ",
    )
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title or path.stem}})
    return page if isinstance(page, str) else str(page)


def _redact_cell(cell: Any) -> None:
    """Take secrets out of the code and the texts of a cell; html and pictures stay."""
    known = frozenset(secret_values)
    cell.source = redact_source(cell.source).text
    for output in cell.outputs:
        if "text" in output:
            output.text = redact_log(output.text, known)
        if "text/plain" in output.get("data", {}):
            output.data["text/plain"] = redact_log(output.data["text/plain"], known)
        if "traceback" in output:
            output.traceback = [redact_log(line, known) for line in output.traceback]


def source_or_none(path: Path) -> str | None:
    """Return the code of a notebook, or `None` with an error in the log if what reads it is not installed."""
    try:
        return source_of_notebook(path)
    except ImportError as error:
        logger.error("%s", error)
        return None


def _replace_title(notebook: Any, mark: str | None) -> None:
    """Take the text of the title out; keep an empty heading as its mark, or nothing."""
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        match = _TITLE.search(cell.source)
        if match:
            kept = "" if mark is None else "#"
            cell.source = cell.source[: match.start()] + kept + cell.source[match.end() :]
            return


def _restore_title(notebook: Any, title: str) -> None:
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        lines = cell.source.split("\n")
        for number, line in enumerate(lines):
            if line.strip() == "#":
                lines[number] = f"# {title}"
                cell.source = "\n".join(lines)
                return


def _missing(package: str) -> ImportError:
    return ImportError(f"Notebooks are read with {package}, which is not installed: pip install jupytext nbconvert")
