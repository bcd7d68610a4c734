"""Images and web pages: shown in IPython and notebooks, otherwise the path is what one gets."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from lamindb.base.notebook import ipython_shell


def load_image(path: str | Path) -> Path | None:
    """Show a raster image.

    Returns:
        `None` in IPython, where the image is displayed; elsewhere the path.
    """
    return _show("Image", path)


def load_svg(path: str | Path) -> Path | None:
    """Show a vector graphic; returns as `load_image` does."""
    return _show("SVG", path)


def load_html(path: str | Path) -> Path | None:
    """Show a web page; returns as `load_image` does."""
    return _show("HTML", path)


def _show(class_name: str, path: str | Path) -> Path | None:
    if ipython_shell() is None:
        return path if isinstance(path, Path) else Path(path)
    display: Any = import_module("IPython.display")
    display.display(getattr(display, class_name)(filename=str(path)))
    return None
