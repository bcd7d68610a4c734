"""What tracking needs in forked and spawned processes and in event loops: own connections, and the run of the parent."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from typing import Any

from lamindb.base import context as current
from lamindb.base.registries import registry

#: Uid of the run of this process, for the processes of a pool that it spawns.
_VARIABLE = "_LAMIN_RUN_OF_PARENT"
#: Connections of the parent: kept unused, because closing them in the child would end them for the parent.
_inherited: list[Any] = []


def on_fork(action: Callable[[], Any]) -> None:
    """Call `action` in every forked child."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=action)


def before_fork(action: Callable[[], Any]) -> None:
    """Call `action` before every fork."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=action)


def share_with_children(run: Any) -> None:
    """Tell processes that are spawned from now on which run they belong to; `None` for no run."""
    if run is None:
        os.environ.pop(_VARIABLE, None)
    else:
        os.environ[_VARIABLE] = run.uid


def run_of_parent_process() -> Any:
    """Return the run that the process works for which spawned this one, and make it the run of this process; else `None`."""
    uid = os.environ.get(_VARIABLE)
    if uid is None or multiprocessing.parent_process() is None:
        return None
    run = registry("Run").objects.filter(uid=uid).first()
    current.current_run_var.process_value = run
    return run


def allow_event_loops() -> None:
    """Let records be saved in coroutines: the interface is synchronous, and a statement blocks its event loop for a moment."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def _leave_connections() -> None:
    if "django.db" not in sys.modules:
        return
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        if connection.connection is not None:
            _inherited.append(connection.connection)
            connection.connection = None
            connection.in_atomic_block, connection.savepoint_ids, connection.needs_rollback = False, [], False


on_fork(_leave_connections)
