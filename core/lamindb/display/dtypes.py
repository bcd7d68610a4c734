"""dtype strings as people read them: without `cat[…]`, and with the names of types instead of their uids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lamindb.base.registries import registry

_TYPED = re.compile(r"\b(Record|ULabel)\[([0-9A-Za-z]{8,20})\]")


def type_names(dtypes: Iterable[str | None], using: str) -> dict[tuple[str, str], str]:
    """Return the names of the types that dtypes refer to, keyed by registry and uid; one statement per registry that
    occurs.
    """
    uids: dict[str, set[str]] = {}
    for dtype in dtypes:
        for name, uid in _TYPED.findall(dtype or ""):
            uids.setdefault(name, set()).add(uid)
    names: dict[tuple[str, str], str] = {}
    for name, wanted in uids.items():
        rows: Any = registry(name).objects.using(using).filter(uid__in=wanted).values_list("uid", "name")
        names.update({(name, uid): found for uid, found in rows if found})
    return names


def readable_dtype(dtype: str | None, names: dict[tuple[str, str], str]) -> str:
    """Return a dtype for people.

    Example:
        >>> readable_dtype("list[cat[Record[aB3dEfGh1jKlMn0p]]]", {("Record", "aB3dEfGh1jKlMn0p"): "Treatment"})
        'list[Record[Treatment]]'
    """
    if not dtype:
        return ""
    if dtype.startswith("list[") and dtype.endswith("]"):
        return f"list[{readable_dtype(dtype[5:-1], names)}]"
    if dtype.startswith("cat[") and dtype.endswith("]"):
        dtype = dtype[4:-1]
    return _TYPED.sub(lambda match: f"{match[1]}[{names.get((match[1], match[2]), match[2])}]", dtype)
