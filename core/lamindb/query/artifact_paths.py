"""Which artifacts a path means: `Artifact.get(path=…)`."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import Any

from django.db.models import Q

from lamindb.base.registries import registry

#: Folder of a storage location that holds the files without a key of their own, named by uid.
_AUTO_FOLDER = ".lamindb"


def condition_of_path(queryset: Any, path: Any) -> Q:
    """Return the condition that an artifact lies at `path`.

    Args:
        queryset: query set of artifacts.
        path: local path or URL, as str, `Path` or `UPath`.

    Raises:
        ValueError: if the query set is not one of artifacts.
    """
    if queryset.model is not registry("Artifact"):
        raise ValueError(
            f"Querying by path is only possible for artifacts. {queryset.model.__name__} records have no path"
        )
    text = str(path)
    if "://" not in text:
        text = PurePosixPath(os.path.abspath(os.path.expanduser(text))).as_posix()
    text = text.rstrip("/")
    folder, _, name = text.rpartition("/")
    stem = name.split(".", 1)[0]
    uid_length = queryset.model._meta.get_field("uid").max_length
    if folder.rpartition("/")[2] == _AUTO_FOLDER and len(stem) in (uid_length, queryset.model._stem_length()):
        return Q(uid__startswith=stem)
    return _condition_of_key(queryset, text)


def _condition_of_key(queryset: Any, text: str) -> Q:
    condition = Q(pk__in=[])
    for storage_id, root in registry("Storage").objects.using(queryset.db).values_list("id", "root"):
        prefix = root.rstrip("/") + "/"
        if text.startswith(prefix):
            key = text[len(prefix) :]
            at_key = Q(key=key, _key_is_virtual=False, _real_key__isnull=True)
            condition |= Q(storage_id=storage_id) & (Q(_real_key=key) | at_key)
    return condition
