"""Notebooks of marimo: Python files whose cells run in a kernel of marimo, with an automatic export that becomes the report."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from lamindb.base.logging import logger

_HEADING = re.compile(r"(?m)^\s*#[ \t]+(\S.*?)[ \t.]*$")
_CELL_FILE = "__marimo__cell_"
#: Wide tables scroll within the page instead of making it wider.
_WIDE_TABLES = "<style>table { display: block; max-width: 100%; overflow-x: auto; }</style>"


def marimo_notebook(frame: FrameType | None) -> Path | None:
    """Return the notebook of marimo whose cell a frame runs, or `None` outside of its editor: as a script, it is tracked as one.

    Raises:
        SystemExit: if the notebook is not exported automatically, so that its run could get no report.
    """
    marimo = sys.modules.get("marimo")
    if (
        marimo is None
        or frame is None
        or _CELL_FILE not in frame.f_code.co_filename
        or not marimo.running_in_notebook()
    ):
        return None
    name = frame.f_globals.get("__file__")
    if not name or not Path(name).is_file():
        return None
    path = Path(name).resolve()
    if not _exports_ipynb(path):
        raise SystemExit(
            f"✗ {path.name} is not exported as .ipynb automatically, which the report of its run is made of. In the notebook settings of "
            'marimo, tick IPYNB below "Exporting outputs", or write: app = marimo.App(auto_download=["ipynb"]) - and run the cell again'
        )
    return path


def is_cell_of_marimo(file: str) -> bool:
    """Tell whether this is the name under which marimo compiles a cell."""
    return _CELL_FILE in file


def title_of_marimo(path: Path) -> str | None:
    """Return the title of the app, else the first heading in a text that `mo.md` shows."""
    for call in _calls(path):
        title = next((word.value for word in call.keywords if word.arg == "app_title"), None)
        if isinstance(title, ast.Constant) and isinstance(title.value, str):
            return title.value
    for call in _calls(path):
        if not (isinstance(call.func, ast.Attribute) and call.func.attr == "md" and call.args):
            continue
        text: Any = call.args[0]
        if isinstance(text, ast.JoinedStr) and text.values:
            text = text.values[0]
        match = _HEADING.search(inspect.cleandoc(text.value)) if _is_text(text) else None
        if match:
            return match[1].rstrip(". ")
    return None


def page_of_marimo(path: Path) -> str | None:
    """Return the automatic export of a notebook as html page, or `None` with a word in the log about what is missing."""
    from lamindb.tracking.notebook_files import html_of_notebook

    export = path.parent / "__marimo__" / f"{path.stem}.ipynb"
    if not export.is_file():
        logger.warning("marimo has not exported %s yet: the run gets no report", export)
        return None
    page = html_of_notebook(export)
    return page.replace("</head>", f"{_WIDE_TABLES}\n</head>", 1)


def _exports_ipynb(path: Path) -> bool:
    for call in _calls(path):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "App":
            for word in call.keywords:
                if word.arg == "auto_download" and isinstance(word.value, ast.List | ast.Tuple):
                    return any(isinstance(one, ast.Constant) and one.value == "ipynb" for one in word.value.elts)
    return False


def _calls(path: Path) -> list[ast.Call]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError:
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _is_text(node: Any) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
