"""Calls that need the proprietary hub: each says in one sentence that it is not available, and what to do instead."""

from __future__ import annotations

from typing import Any, NoReturn

from lamindb.setup.errors import HubNotAvailable


def register(_test: bool = False, _resource_db_server_id: Any = None) -> NoReturn:
    """Register the current instance on the hub.

    Raises:
        HubNotAvailable: always; instances are shared by their database URL or folder.
    """
    raise HubNotAvailable(
        "Registering an instance",
        "share its PostgreSQL URL or its folder, with which others can connect: lamin connect <URL or path>",
    )


def signup(email: str) -> NoReturn:
    """Create an account on the hub.

    Raises:
        HubNotAvailable: always; a local identity needs no account.
    """
    raise HubNotAvailable("Signing up", "set a local identity: lamin login <handle>")
