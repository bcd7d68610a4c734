"""How the variables of several stores become those of one virtual dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Join:
    """Joint variables.

    Attributes:
        kind: `"inner"`, `"outer"`, or `None` if nothing has to be moved.
        names: the joint variables; `None` if the stores keep their own.
        indices: for an inner join, where each store has the joint variables; for an outer one, where those of each store belong.
        targets: for each store, where each of its variables belongs (-1: nowhere); `None` where they are in place.
        keeps_all: for each store, whether all of its variables belong somewhere.
    """

    kind: str | None
    names: Any
    indices: list[Any]
    targets: list[Any]
    keeps_all: list[bool]


def join_variables(stores: Sequence[Any], kind: str | None) -> Join:
    """Join the variables of stores; stores that have the same ones, in the same order, are left as they are.

    Raises:
        ValueError: if an inner join leaves none, or names are not unique.
    """
    nothing: list[Any] = [None] * len(stores)
    if kind is None:
        return Join(None, None, [], nothing, [True] * len(stores))
    lists = [store.var_names for store in stores]
    if all(names.equals(lists[0]) for names in lists[1:]):
        return Join(None, lists[0], [], nothing, [True] * len(stores))
    for store, names in zip(stores, lists, strict=True):
        if not names.is_unique:
            repeated = names[names.duplicated()][0]
            raise ValueError(
                f"The variable {repeated!r} is there twice in {store.path}, so stores can't be joined by name: "
                "make names unique with adata.var_names_make_unique()"
            )
    names = lists[0]
    for more in lists[1:]:
        names = names[names.isin(more)] if kind == "inner" else names.union(more, sort=False)
    if kind == "outer":
        names = names.sort_values()
    if len(names) == 0:
        raise ValueError("The provided AnnData objects don't have shared variables.\nUse join='outer'.")
    targets = [np.asarray(names.get_indexer(some), dtype=np.int64) for some in lists]
    keeps_all = [bool((part >= 0).all()) for part in targets]
    indices = targets if kind == "outer" else [np.asarray(some.get_indexer(names), dtype=np.int64) for some in lists]
    return Join(kind, names, indices, targets, keeps_all)
