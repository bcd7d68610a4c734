"""Questions to whoever runs the code; nobody is asked where nobody can answer."""

from __future__ import annotations

import os
import sys


def ask(question: str, *, without_answer: bool) -> bool:
    """Ask a yes-or-no question on the terminal, or in a notebook.

    Args:
        question: the question.
        without_answer: what holds where nobody can answer. With `LAMIN_TESTING=true`, the answer is yes.
    """
    if os.environ.get("LAMIN_TESTING") == "true":
        return True
    from lamindb.tracking.notebooks import is_kernel

    if not is_kernel() and not (sys.stdin is not None and sys.stdin.isatty()):
        return without_answer
    try:
        return input(f"{question} (y/n) ").strip().lower() == "y"
    except (EOFError, NotImplementedError, RuntimeError):  # a kernel whose front end answers no questions
        return without_answer
    except Exception as error:
        if type(error).__name__ == "StdinNotImplementedError":
            return without_answer
        raise
