"""Questions of commands: asked on stderr, answered on stdin; no answer stops the command and changes nothing."""

from __future__ import annotations

import os

import click


def confirm(question: str) -> bool:
    """Ask a question and tell whether the answer is exactly `y`. With `LAMIN_TESTING=true`, the answer is yes.

    Raises:
        Abort: if stdin ends without an answer.
    """
    if os.environ.get("LAMIN_TESTING") == "true":
        return True
    answer: str = click.prompt(f"{question} (y/n)", default="", show_default=False, err=True)
    return answer.strip() == "y"
