"""A tree of texts, drawn with box characters; coloured only when it is printed on a terminal."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

_BOLD, _HEADING, _RESET = "\x1b[1m", "\x1b[1;92m", "\x1b[0m"


@dataclass
class Node:
    """A text of one or several lines with branches below it."""

    text: str
    children: list[Node] = field(default_factory=list)
    is_heading: bool = False

    def add(self, text: str, *, is_heading: bool = False) -> Node:
        """Add a branch and return it."""
        child = Node(text, is_heading=is_heading)
        self.children.append(child)
        return child


def render(root: Node, *, color: bool = False) -> str:
    """Return the drawn tree; lines carry no trailing blanks.

    Example:
        >>> print(render(Node("a", [Node("b"), Node("c")])))
        a
        ├── b
        └── c
    """
    first, *rest = root.text.split("\n")
    lines = [_styled(first, _BOLD if color else ""), *rest]
    _draw(root.children, "", lines, color)
    return "\n".join(line.rstrip() for line in lines)


def _draw(children: list[Node], indent: str, lines: list[str], color: bool) -> None:
    for position, child in enumerate(children):
        is_last = position == len(children) - 1
        branch, below = ("└── ", "    ") if is_last else ("├── ", "│   ")
        first, *rest = child.text.split("\n")
        lines.append(indent + branch + _styled(first.rstrip(), _HEADING if color and child.is_heading else ""))
        guide = indent + below + ("│   " if child.children else "")
        lines.extend(guide + line for line in rest)
        _draw(child.children, indent + below, lines, color)


def _styled(text: str, code: str) -> str:
    return f"{code}{text}{_RESET}" if code else text


def show(root: Node, *, return_str: bool) -> str | None:
    """Return the tree as plain text, or print it (coloured if standard output is a terminal) and return `None`."""
    if return_str:
        return render(root)
    print(render(root, color=sys.stdout.isatty() and "NO_COLOR" not in os.environ))
    return None


def two_columns(pairs: list[tuple[str, str]]) -> str:
    """Lay out `label: value` pairs in two columns, row by row.

    Example:
        >>> two_columns([("uid", "a"), ("run", "b"), ("hash", "c")])
        'uid: a    run: b\\nhash: c'
    """
    cells = [f"{label}: {value}" for label, value in pairs]
    left, right = cells[0::2], cells[1::2]
    width = max((len(cell) for cell in left), default=0) + 4
    return "\n".join(
        f"{cell:<{width}}{right[row] if row < len(right) else ''}".rstrip() for row, cell in enumerate(left)
    )


def table(rows: list[tuple[str, ...]], widths: tuple[int, ...]) -> str:
    """Lay out rows as columns that are as wide as their content, up to `widths`; longer cells end in `…`."""
    cut = [tuple(shorten(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    actual = [max(len(row[column]) for row in cut) for column in range(len(widths))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, actual, strict=True)).rstrip() for row in cut
    )


def shorten(text: str, width: int) -> str:
    """Return `text` on one line of at most `width` characters."""
    text = " ".join(text.split("\n"))
    return text if len(text) <= width else text[: width - 1] + "…"


def excerpt(text: str, max_lines: int = 30, max_width: int = 80) -> str:
    """Return the beginning of a text, with `…` where lines are too long or too many."""
    lines = text.rstrip().split("\n")
    shown = [shorten(line.rstrip(), max_width) for line in lines[:max_lines]]
    if len(lines) > max_lines:
        shown.append("…")
    return "\n".join(shown)
