"""Joins the tables of a collection."""

from __future__ import annotations

from typing import Any, Literal


def concatenate(
    objects: list[Any], *, keys: list[str], join: Literal["inner", "outer"] = "outer", **kwargs: Any
) -> Any:
    """Join pandas tables one below the other.

    Args:
        objects: the tables, in order.
        keys: artifact uids; the rows of tables aren't marked with them.
        join: `"outer"` keeps all columns, `"inner"` those that all tables have.
        **kwargs: passed to `pandas.concat`.

    Example:
        >>> concatenate([first, second], keys=["uid1", "uid2"], join="inner")  # doctest: +SKIP
    """
    import pandas as pd

    return pd.concat(objects, join=join, **kwargs)
