"""Whether this process runs cells: asked by everything that shows something, or that is found by where the code runs."""

from __future__ import annotations

import sys
from typing import Any


def ipython_shell() -> Any:
    """Return the running shell of IPython, in a terminal or a notebook; `None` in scripts, also in those that import IPython."""
    module = sys.modules.get("IPython")  # if nobody imported it, we are not in it
    return module.get_ipython() if module is not None and hasattr(module, "get_ipython") else None


def in_notebook() -> bool:
    """Tell whether the process is the kernel of a notebook; merely importing IPython or ipykernel makes it none."""
    return getattr(ipython_shell(), "kernel", None) is not None
