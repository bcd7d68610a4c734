"""Plans: markdown files that say what is to be done; saved as artifacts of kind `plan`, without their front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<block>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"^(?P<key>[\w.-]+):[ \t]*(?P<value>.*)$")


@dataclass(frozen=True)
class Plan:
    """The text of a plan, and what it says of itself."""

    body: str
    overview: str | None


def is_plan_file(path: str | Path) -> bool:
    """Tell whether a file is a plan: by its name `*.plan.md`, or its place in `.claude/plans`."""
    if str(path).endswith(".plan.md"):
        return True
    parts = Path(path).resolve().parts
    return Path(path).suffix == ".md" and any(pair == (".claude", "plans") for pair in pairwise(parts))


def read_plan(text: str) -> Plan:
    """Separate the front matter of a plan from its body.

    Example:
        >>> read_plan("---\\noverview: Count\\n  the cells\\n---\\n\\n# Steps")
        Plan(body='# Steps', overview='Count the cells')
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Plan(text, None)
    return Plan(text[match.end() :].lstrip("\n"), _overview(match["block"]))


def _overview(block: str) -> str | None:
    words: list[str] = []
    inside = False
    for line in block.splitlines():
        found = _KEY.match(line)
        if found:
            if inside:
                break
            inside = found["key"] == "overview"
            value = found["value"].strip()
            if inside and value not in ("", ">", ">-", "|", "|-"):
                words.append(value.strip("\"'"))
        elif inside and line[:1] in (" ", "\t") and line.strip():
            words.append(line.strip())
    return " ".join(words) or None
