"""Help pages: in panels on a terminal, as plain text elsewhere and with `NO_RICH=1`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

_BORDER = 4  # columns: a line and a blank on each side


class PanelFormatter(click.HelpFormatter):
    """Draws a frame around each section of a help page; needs nothing that would slow a help page down."""

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        outer, self.buffer = self.buffer, []
        self.width -= _BORDER
        try:
            yield
        finally:
            self.width += _BORDER
            inner, self.buffer = "".join(self.buffer).strip("\n").splitlines(), outer
        if not self.buffer or not self.buffer[-1].startswith("╰"):
            self.buffer.append("\n")
        title = f" {name} " if os.environ.get("NO_COLOR") else click.style(f" {name} ", bold=True)
        self.buffer.append(f"╭─{title}{'─' * (self.width - len(name) - 5)}╮\n")
        self.buffer += [f"│ {line.ljust(self.width - _BORDER)} │\n" for line in inner]
        self.buffer.append(f"╰{'─' * (self.width - 2)}╯\n")


class HelpContext(click.Context):
    """A context whose help pages are drawn for who looks at them."""

    def make_formatter(self) -> click.HelpFormatter:
        if not sys.stdout.isatty() or os.environ.get("NO_RICH"):
            return super().make_formatter()
        return PanelFormatter(width=self.terminal_width, max_width=self.max_content_width)
