"""How far a transfer is: a bar of rich on a terminal and in notebooks, nothing elsewhere."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from lamindb.base.notebook import in_notebook


class TransferProgress:
    """Counts bytes of a transfer, of several threads, and draws them; use it as a context manager.

    Args:
        verb: what is done, such as `"uploading"`.
        name: of what.
        total: bytes in all.
        is_shown: draw at all; even then only where somebody looks.

    Example:
        >>> with TransferProgress("uploading", "x.h5ad", 10, is_shown=False) as progress:
        ...     progress.add(10)
    """

    def __init__(self, verb: str, name: str, total: int, *, is_shown: bool = True) -> None:
        self.total, self.done = total, 0
        self._label = f"... {verb} {name}"
        self._lock = threading.Lock()
        self._is_shown = is_shown and is_watched()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> TransferProgress:
        if self._is_shown:
            from rich.progress import (
                BarColumn,
                DownloadColumn,
                Progress,
                TaskProgressColumn,
                TextColumn,
                TransferSpeedColumn,
            )

            columns = (
                TextColumn("{task.description}:"),
                TaskProgressColumn(),
                BarColumn(),
                DownloadColumn(),
                TransferSpeedColumn(),
            )
            self._bar = Progress(*columns)
            self._bar.start()
            self._task = self._bar.add_task(self._label, total=self.total)
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._bar is not None:
            if error is None:
                self._bar.update(self._task, completed=self.total)
            self._bar.stop()

    def add(self, n_bytes: int) -> None:
        """Count bytes."""
        with self._lock:
            self.done += n_bytes
        if self._bar is not None:
            self._bar.update(self._task, advance=n_bytes)

    def callback(self) -> Any:
        """Return a callback for one file, as fsspec wants it."""
        from fsspec.callbacks import Callback

        progress = self

        class _FileCallback(Callback):  # type: ignore[misc]
            def relative_update(self, inc: int = 1) -> None:
                super().relative_update(inc)
                progress.add(inc)

            def absolute_update(self, value: int) -> None:
                progress.add(value - self.value)
                super().absolute_update(value)

        return _FileCallback()


def is_watched() -> bool:
    """Tell whether somebody sees what is drawn: on a terminal, or in a notebook."""
    if os.environ.get("TERM") == "dumb":
        return False
    if sys.stdout is not None and sys.stdout.isatty():
        return True
    return in_notebook()
