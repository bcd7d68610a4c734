"""Files of flow cytometry, read by the library `readfcs`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any


def load_fcs(path: str | Path, **kwargs: Any) -> Any:
    """Return the events of a file as AnnData, with the channels as variables.

    Args:
        path: the file.
        **kwargs: passed to `readfcs.read`.

    Raises:
        ImportError: if `readfcs` is not installed.
    """
    try:
        readfcs = import_module("readfcs")
    except ModuleNotFoundError as error:
        if error.name != "readfcs":
            raise
        raise ImportError(
            "Please install readfcs, which reads .fcs files: pip install readfcs", name="readfcs"
        ) from None
    return readfcs.read(str(path), **kwargs)
