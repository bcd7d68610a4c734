"""Copying a record of another instance by its uid: `ln.core.sync(...)`."""

from __future__ import annotations

import os
from typing import Any


def sync(
    *, registry: str | Any, uid: str, source_db: str | os.PathLike[str], transfer: str | None = None, depth: int = 0
) -> Any:
    """Copy a record of another instance, and what it refers to, into the connected instance.

    Args:
        registry: class or name, such as `"Artifact"` or `"bionty.CellType"`.
        uid: uid of the record, or its beginning.
        source_db: the instance, as for `ln.DB`.
        transfer: `"record"` (default), `"notes"` or `"annotations"`; schemas always bring their members.
        depth: how many levels of the records below a type are copied, too.

    Returns:
        The local record.

    Raises:
        LookupError: if there is no such registry.
        ObjectDoesNotExist: if the other instance has no such record.
        InstanceNotFoundError: if there is no such instance.

    Example:
        >>> ln.core.sync(registry="Artifact", uid="JhKWfXlMnnOyMGOv0000", source_db="owner/name")  # doctest: +SKIP
    """
    import lamindb.models  # noqa: F401  (sets Django up)
    from lamindb.base.registries import registry as find_registry
    from lamindb.models.db import query_set_of
    from lamindb.models.transfer import transfer_record

    model = find_registry(registry) if isinstance(registry, str) else registry
    record = query_set_of(model, source_db).get(uid)
    if record._state.db in (None, "default"):
        return record
    return transfer_record(record, transfer, depth=depth)
