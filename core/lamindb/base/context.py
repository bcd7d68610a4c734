"""What is current: run, branch, space and project, set by upper rooms and read by lower ones.

A context variable holds a *record id bearer* (a saved record). `None` means that nobody set it; the reader then falls back to its own default.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

current_run_var: ContextVar[Any] = ContextVar("lamindb_run", default=None)
current_project_var: ContextVar[Any] = ContextVar("lamindb_project", default=None)
run_branch_var: ContextVar[Any] = ContextVar("lamindb_run_branch", default=None)
run_space_var: ContextVar[Any] = ContextVar("lamindb_run_space", default=None)

MAIN_BRANCH_ID = 1
ARCHIVE_BRANCH_ID = 0
TRASH_BRANCH_ID = -1
ALL_SPACE_ID = 1

#: Set by `setup` when an instance is connected: they return the ids of the branch and space that the user switched to.
_branch_id_provider: Callable[[], int] = lambda: MAIN_BRANCH_ID  # noqa: E731
_space_id_provider: Callable[[], int] = lambda: ALL_SPACE_ID  # noqa: E731
_user_provider: Callable[[], Any] | None = None


def set_providers(
    *,
    branch_id: Callable[[], int] | None = None,
    space_id: Callable[[], int] | None = None,
    user_id: Callable[[], int] | None = None,
) -> None:
    """Tell this module how to find the current branch, space and user of the connected instance."""
    global _branch_id_provider, _space_id_provider, _user_provider
    _branch_id_provider = branch_id or _branch_id_provider
    _space_id_provider = space_id or _space_id_provider
    _user_provider = user_id or _user_provider


def current_branch_id() -> int:
    """Return the id of the branch in force: the run's, else the one the user switched to, else main (1)."""
    branch = run_branch_var.get()
    return int(branch.id) if branch is not None else _branch_id_provider()


def current_space_id() -> int:
    """Return the id of the space in force: the run's, else the one the user switched to, else `all` (1)."""
    space = run_space_var.get()
    return int(space.id) if space is not None else _space_id_provider()


def current_user_id() -> int:
    """Return the id of the current user's row in the connected instance (1 during migrations and set-up)."""
    return _user_provider() if _user_provider is not None else 1


def current_run() -> Any:
    """Return the active run, or `None`."""
    return current_run_var.get()
