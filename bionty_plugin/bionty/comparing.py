"""Compares two versions of a vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger

if TYPE_CHECKING:
    import pandas as pd


def compare(new: Any, old: Any, **kwargs: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what differs between two versions; see `PublicOntology.diff`."""
    import pandas as pd

    if type(new) is not type(old):
        raise ValueError(f"Both have to be of the same class, not {type(new).__name__} and {type(old).__name__}")
    if new.source != old.source:
        raise ValueError(f"Both have to be versions of one source, not {new.source} and {old.source}")
    if new.version == old.version:
        raise ValueError(f"Both are version {new.version}: pass another version")
    left, right = _hashable(new.to_dataframe()), _hashable(old.to_dataframe())
    columns = [name for name in left.columns if name in right.columns]
    left, right = left[columns], right[columns]
    added, removed = left.index.difference(right.index), right.index.difference(left.index)
    common = left.index.intersection(right.index)
    one, other = left.loc[common], right.loc[common]
    same = (one == other) | (one.isna() & other.isna())
    changed = common[~same.all(axis=1)]
    new_entries = pd.concat([left.loc[[*changed, *added]], right.loc[[*changed, *removed]]])
    modified = left.loc[changed].compare(right.loc[changed], **kwargs) if len(changed) else left.iloc[:0]
    new_entries.attrs.update(added=list(added), removed=list(removed), modified=list(changed))
    logger.info("%d new entries were added, %d were removed.", len(added), len(removed))
    logger.info("%d entries were modified.", len(changed))
    return new_entries, modified


def _hashable(frame: Any) -> Any:
    frame = frame[~frame.index.duplicated()].copy()
    for name in frame.columns:
        if frame[name].map(lambda value: hasattr(value, "tolist") or isinstance(value, list)).any():
            frame[name] = frame[name].map(
                lambda value: tuple(value) if hasattr(value, "__iter__") and not isinstance(value, str) else value
            )
    return frame.astype(object).where(frame.notna(), None)
