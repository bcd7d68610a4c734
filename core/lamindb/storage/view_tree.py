"""Draws the tree of a folder with counts of what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from lamindb.base.logging import logger
from lamindb.storage.suffixes import infer_suffix

_BRANCH, _LAST, _VERTICAL, _SPACE = "├── ", "└── ", "│   ", "    "


@dataclass
class _Tree:
    level: int
    only_dirs: bool
    max_per_type: int
    max_files: int
    include: frozenset[str] | None
    skip_suffixes: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    n_dirs: int = 0
    n_files: int = 0
    suffixes: set[str] = field(default_factory=set)


def view_tree(
    path: Any,
    *,
    level: int = 2,
    only_dirs: bool = False,
    n_max_files_per_dir_and_type: int = 100,
    n_max_files: int = 1000,
    include_paths: Iterable[Any] | None = None,
    skip_suffixes: Collection[str] | None = None,
) -> None:
    """Print the tree of a folder (local or remote).

    The counts in the first line cover everything below the folder, whether it is drawn or not.

    Args:
        path: folder.
        level: depth to draw; -1 draws everything.
        only_dirs: leave out files.
        n_max_files_per_dir_and_type: files of one suffix to draw per folder.
        n_max_files: files to draw in total.
        include_paths: if given, draw only these files and the folders that lead to them.
        skip_suffixes: don't enter folders that end in one of these (such as `.zarr`).

    Raises:
        FileNotFoundError: if there is no such folder.

    Example:
        >>> ln.UPath("./data").view_tree(level=1)  # doctest: +SKIP
    """
    if not path.exists():
        raise FileNotFoundError(f"There is no folder {str(path)!r} to draw")
    include = None if include_paths is None else frozenset(str(p) for p in include_paths)
    tree = _Tree(level, only_dirs, n_max_files_per_dir_and_type, n_max_files, include, tuple(skip_suffixes or ()))
    n_drawn = _visit(tree, path, prefix="", depth=0, n_drawn=0)
    suffixes = f" with suffixes {', '.join(repr(s) for s in sorted(tree.suffixes) if s)}" if any(tree.suffixes) else ""
    header = f"{tree.n_dirs} sub-{'directory' if tree.n_dirs == 1 else 'directories'} & {tree.n_files} files{suffixes}"
    resolved = path.resolve() if hasattr(path, "resolve") else path
    lines = [header, str(resolved), *tree.lines]
    if not only_dirs and n_drawn >= n_max_files:
        lines.append(f"... only the first {n_max_files} files are drawn")
    logger.print("%s", "\n".join(lines))


def _visit(tree: _Tree, folder: Any, prefix: str, depth: int, n_drawn: int) -> int:
    is_drawn = tree.level == -1 or depth < tree.level
    children = [(child, child.is_dir()) for child in sorted(folder.iterdir(), key=lambda child: child.name)]
    children = [child for child in children if _is_included(tree, *child)]
    per_type: Counter[str] = Counter()
    drawn: list[tuple[Any, bool]] = []
    for child, is_dir in children:
        if is_dir:
            drawn.append((child, True))
            continue
        suffix = infer_suffix(child.name)
        tree.n_files += 1
        tree.suffixes.add(suffix)
        per_type[suffix] += 1
        if tree.only_dirs or not is_drawn or n_drawn >= tree.max_files or per_type[suffix] > tree.max_per_type:
            continue
        n_drawn += 1
        drawn.append((child, False))
    for position, (child, is_dir) in enumerate(drawn):
        is_last = position == len(drawn) - 1
        if is_drawn:
            tree.lines.append(f"{prefix}{_LAST if is_last else _BRANCH}{child.name}{'/' if is_dir else ''}")
        if is_dir:
            tree.n_dirs += 1
            if not (tree.skip_suffixes and child.name.endswith(tree.skip_suffixes)):
                n_drawn = _visit(tree, child, prefix + (_SPACE if is_last else _VERTICAL), depth + 1, n_drawn)
    return n_drawn


def _is_included(tree: _Tree, child: Any, is_dir: bool) -> bool:
    if tree.include is None:
        return True
    text = str(child)
    if is_dir:
        return any(wanted == text or wanted.startswith(text.rstrip("/") + "/") for wanted in tree.include)
    return text in tree.include
