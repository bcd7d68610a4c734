"""Whether data changed since it was validated: what is stored is what was checked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

#: Bytes of a table up to which it is copied where pandas does not copy on write; larger ones are validated again.
_MAX_COPIED = 2**26
_NOT_REMEMBERED = object()


def remember(data: Any) -> Any:
    """Return what `is_changed` compares with: a copy of a table, which shares its memory where it can, sizes and times of files."""
    if isinstance(data, str | os.PathLike):
        return _files(Path(data))
    kind = f"{type(data).__module__.partition('.')[0]}.{type(data).__name__}"
    if kind == "pandas.DataFrame":
        import pandas as pd

        if int(pd.__version__.partition(".")[0]) >= 3 or pd.get_option("mode.copy_on_write") is True:
            return data.copy(deep=False)  # whoever writes into the table makes it a copy of its own
        return data.copy() if data.memory_usage().sum() <= _MAX_COPIED else _NOT_REMEMBERED
    if kind == "polars.DataFrame":
        return data.clone()
    return None  # other tables do not change in place


def is_changed(data: Any, remembered: Any) -> bool:
    """Tell whether data differs from what was remembered.

    Example:
        >>> before = remember(df)
        >>> df.loc[0, "tissue"] = "lunk"
        >>> is_changed(df, before)
        True
    """
    if remembered is None:
        return False
    if remembered is _NOT_REMEMBERED:
        return True
    if isinstance(data, str | os.PathLike):
        return bool(_files(Path(data)) != remembered)
    try:
        same = data.equals(remembered) and getattr(data, "attrs", None) == getattr(remembered, "attrs", None)
        return not same
    except (TypeError, ValueError):  # cells or attributes that are arrays
        return True


def _files(path: Path) -> list[tuple[str, int, int]]:
    path = path.expanduser()
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return [(str(one), (found := one.stat()).st_size, found.st_mtime_ns) for one in files if one.exists()]
