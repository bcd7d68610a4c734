"""A join to many rows repeats a record; whoever asks whether there is one record must not be told of two."""

from __future__ import annotations

from typing import Any


def first_two(queryset: Any) -> list[Any]:
    """Return the first two different records of a query set (fewer if there are not so many); one statement unless a join repeats one."""
    found = list(queryset[:2])
    if len(found) > 1 and found[0].pk == found[1].pk and not queryset.query.is_sliced:
        return list(queryset.distinct()[:2])
    return found
