"""What is current: run, branch, space and project, set by upper rooms and read by lower ones.

A context variable holds a *record id bearer* (a saved record). `None` means that nobody set it; the reader then falls back to its own default.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextvars import ContextVar, Token
from typing import Any


class CurrentVar:
    """A context variable with a value for the whole process behind it, which threads see, too: they do not inherit contexts."""

    def __init__(self, name: str) -> None:
        self._variable: ContextVar[Any] = ContextVar(name, default=None)
        #: In force where the context has no value of its own.
        self.process_value: Any = None

    def get(self) -> Any:
        """Return the value of the context, else that of the process, else `None`."""
        value = self._variable.get()
        return self.process_value if value is None else value

    def set(self, value: Any) -> Token[Any]:
        """Set the value of this context only; `None` lets the value of the process through."""
        return self._variable.set(value)

    def reset(self, token: Token[Any]) -> None:
        """Bring back the value from before a `set` in the same context."""
        self._variable.reset(token)

    def get_local(self) -> Any:
        """Return the value of this context only."""
        return self._variable.get()


current_run_var = CurrentVar("lamindb_run")
current_project_var = CurrentVar("lamindb_project")
run_branch_var = CurrentVar("lamindb_run_branch")
run_space_var = CurrentVar("lamindb_run_space")

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
    if _several_instances():
        return MAIN_BRANCH_ID
    branch = run_branch_var.get()
    return int(branch.id) if branch is not None else _branch_id_provider()


def current_space_id() -> int:
    """Return the id of the space in force: the run's, else the one the user switched to, else `all` (1)."""
    if _several_instances():
        return ALL_SPACE_ID
    space = run_space_var.get()
    return int(space.id) if space is not None else _space_id_provider()


def current_user_id() -> int:
    """Return the id of the current user's row in the connected instance (1 during migrations and set-up)."""
    return _user_provider() if _user_provider is not None else 1


def current_run() -> Any:
    """Return the active run, or `None`."""
    return current_run_var.get()


def _several_instances() -> bool:
    """Whether the process serves several instances (`LAMINDB_MULTI_INSTANCE=true`): what is current in one then says nothing about records."""
    return os.environ.get("LAMINDB_MULTI_INSTANCE", "").lower() == "true"
