"""dtype strings as people read them: without `cat[…]`, and with the names of types instead of their uids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from lamindb.base.registries import registry
from lamindb.query.feature_dtypes import read_dtype


def type_names(dtypes: Iterable[str | None], using: str) -> dict[tuple[str, str], str]:
    """Return the names of the types that dtypes refer to, keyed by registry and uid; one statement per registry that
    occurs.
    """
    uids: dict[str, set[str]] = {}
    for text in dtypes:
        dtype = read_dtype(text)
        for member in dtype.members if dtype is not None else ():
            if len(member.types) == 1:
                uids.setdefault(member.registry, set()).add(member.types[0])
    names: dict[tuple[str, str], str] = {}
    for name, wanted in uids.items():
        rows: Any = registry(name).objects.using(using).filter(uid__in=wanted).values_list("uid", "name")
        names.update({(name, uid): found for uid, found in rows if found})
    return names


def readable_dtype(dtype: str | None, names: dict[tuple[str, str], str]) -> str:
    """Return a dtype for people; a text that is none as it is.

    Example:
        >>> readable_dtype("list[cat[Record[aB3dEfGh1jKlMn0p]]]", {("Record", "aB3dEfGh1jKlMn0p"): "Treatment"})
        'list[Record[Treatment]]'
    """
    read = read_dtype(dtype)
    if read is None or not read.members:
        return dtype or ""
    members = [
        replace(member, types=tuple(names.get((member.registry, uid), uid) for uid in member.types))
        for member in read.members
    ]
    return f"{'list[' * read.lists}{'|'.join(map(str, members))}{']' * read.lists}"
