"""The command `lamin`, and its verbs as functions for callers that are not a shell (the R client, for instance).

Importing this package imports nothing else; commands live in `lamindb.cli`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["connect", "delete", "disconnect", "init", "login", "logout", "main", "save"]

_DEFER = "_LAMIN_DEFER_CONNECT"


def main() -> None:
    """Run the command line with the arguments of this process, then exit."""
    import sys

    _import_unconnected()
    from lamindb.cli.app import run

    sys.exit(run())


def _import_unconnected() -> None:
    """Import lamindb without connecting: each command decides by itself. Child processes must not inherit the switch."""
    os.environ[_DEFER] = "1"
    try:
        import lamindb  # noqa: F401
    finally:
        os.environ.pop(_DEFER, None)


def init(*, storage: str = ".", name: str | None = None, db: str | None = None, modules: str | None = None) -> None:
    """Make an instance and connect to it; see `lamin init`.

    Args:
        storage: folder or bucket for the data.
        name: name of the instance, by default that of the storage.
        db: PostgreSQL URL; without it, a SQLite file in the storage.
        modules: comma-separated schema modules.
    """
    import lamindb as ln

    ln.setup.init(storage=storage, name=name, db=db, modules=modules)


def connect(instance: str, *, here: bool = False, use_root_db_user: bool = False) -> None:
    """Connect to an instance; see `lamin connect`.

    Args:
        instance: `owner/name`, a name, a path, or a database URL.
        here: only this working directory uses the instance, the user's default stays.
        use_root_db_user: kept for callers of the hub's databases; it has no effect, because there is no hub.
    """
    from lamindb.cli.connect import connect_instance

    connect_instance(instance, here=here)


def disconnect(*, here: bool = False) -> None:
    """Disconnect from the default instance, or from the one of this working directory; see `lamin disconnect`."""
    from lamindb.cli.connect import disconnect_instance

    disconnect_instance(here=here)


def delete(
    entity: str,
    name: str | None = None,
    uid: str | None = None,
    key: str | None = None,
    permanent: bool | None = None,
    force: bool = False,
) -> None:
    """Delete a record, or an instance if `entity` names none of the registries; see `lamin delete`."""
    from lamindb.cli.delete import delete_entity

    delete_entity(entity, name=name, uid=uid, key=key, permanent=permanent, force=force)


def login(user: str | None = None, **kwargs: Any) -> None:
    """Work under a local identity; see `lamin login`."""
    import lamindb as ln

    ln.setup.login(user, **kwargs)


def logout() -> None:
    """Go back to the anonymous identity; see `lamin logout`."""
    import lamindb as ln

    ln.setup.logout()


def save(
    path: str | Path,
    key: str | None = None,
    description: str | None = None,
    kind: str | None = None,
    stem_uid: str | None = None,
    project: str | None = None,
    space: str | None = None,
    branch: str | None = None,
    registry: str | None = None,
) -> str | None:
    """Save a file or folder; see `lamin save`.

    Returns:
        `None` on success, else why nothing was saved: `missing-key-or-description`, `key-with-cloud-path`, `transform-with-cloud-path`,
        `export-qmd-Rmd-as-html`, `delete-html-or-nb-html`, `aborted-save-notebook-created-by-different-user` or `rerun-the-notebook`.
    """
    from lamindb.cli.save import save_path

    return save_path(
        path,
        key=key,
        description=description,
        kind=kind,
        stem_uid=stem_uid,
        project=project,
        space=space,
        branch=branch,
        registry=registry,
    )
