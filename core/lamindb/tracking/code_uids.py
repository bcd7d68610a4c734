"""The uid of a transform that somebody wrote into a script or notebook, as in `ln.track("AbCdEfGhIjKl")`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_UID = re.compile(r"[0-9A-Za-z]{12,16}\Z")
_R_CALL = re.compile(
    r"""(?m)^[^#\n]*?\btrack\(\s*(?:transform\s*=\s*)?(?P<quote>['"])(?P<uid>[0-9A-Za-z]{12,16})(?P=quote)"""
)
_PYTHON_CALL = re.compile(
    r"""(?m)^[^#\n]*?\bln\.track\(\s*(?:transform\s*=\s*)?(?P<quote>['"])(?P<uid>[0-9A-Za-z]{12,16})(?P=quote)"""
)


def uid_in_code(text: str, suffix: str) -> str | None:
    """Return the uid that code passes to `track`, or assigns to `context.uid`; comments don't count.

    Args:
        text: the code; that of a notebook as a script.
        suffix: suffix of the file, which tells the language. Shell scripts have none.

    Example:
        >>> uid_in_code('ln.track("abcd123456789xyz")', ".py")
        'abcd123456789xyz'
    """
    if suffix == ".sh":
        return None
    if suffix in (".R", ".Rmd", ".qmd"):
        match = _R_CALL.search(text)
        return match["uid"] if match else None
    try:
        tree = ast.parse(text)
    except SyntaxError:  # magic commands of an unusual kind, or Python of another version
        match = _PYTHON_CALL.search(text)
        return match["uid"] if match else None
    return next(_uids(tree), None)


def _uids(tree: ast.AST) -> Iterator[str]:
    legacy: list[str] = []
    for node in _in_order(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "track":
            values = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "transform")]
            for value in values:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and _UID.match(value.value):
                    yield value.value
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            target = node.targets[0]
            if isinstance(target, ast.Attribute) and target.attr == "uid" and _name(target.value) == "context":
                legacy.append(str(node.value.value))
    yield from legacy


def _in_order(tree: ast.AST) -> list[ast.AST]:
    nodes = [node for node in ast.walk(tree) if hasattr(node, "lineno")]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))  # type: ignore[attr-defined]


def _name(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def with_next_uid(text: str, uid: str, following: str) -> str:
    """Return code in which a uid is replaced, wherever it stands in quotes."""
    return re.sub(rf"""(?<=['"]){re.escape(uid)}(?=['"])""", following, text)
