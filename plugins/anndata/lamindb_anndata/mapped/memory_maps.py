"""Maps local files into memory, once per process."""

from __future__ import annotations

import mmap
import os
from typing import Any

_maps: dict[tuple[str, int, int], Any] = {}


def mapped(path: str) -> Any:
    """Return the bytes of a file, mapped once per process; a file that was replaced meanwhile is mapped anew."""
    with open(path, "rb") as file:
        state = os.fstat(file.fileno())
        key = (path, state.st_ino, state.st_mtime_ns)
        if key not in _maps:
            for old in [known for known in _maps if known[0] == path]:
                del _maps[old]
            _maps[key] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _maps[key]
