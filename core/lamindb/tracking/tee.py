"""A text stream that passes everything on to the original one and to whoever listens.

`print` writes a line in several pieces. Where all output has the same listener, pieces are collected by Python's own text layer, in C, and arrive here in
blocks; else each piece is passed on by itself, because the next one may belong to somebody else.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

#: Called with the name of the stream and a text.
Listener = Callable[[str, str], None]


#: Called with the name of the stream and a block of bytes in its encoding, after the original stream got them.
BlockListener = Callable[[str, bytes, str], None]
#: One for all streams: blocks of several threads stay whole. Forked children make theirs anew.
lock = threading.RLock()


class _Blocks(io.BufferedIOBase):
    """The binary side of the quick way: blocks of bytes go to the original stream and to the listener."""

    def __init__(self, name: str, original: Any, listener: BlockListener, before: Callable[[], None] | None) -> None:
        self._name, self._original, self._listener, self._before = name, original, listener, before
        self._encoding: str = original.encoding

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        block = bytes(data)
        with lock:
            if self._before is not None:
                self._before()
            self._original.buffer.write(block)
            self._listener(self._name, block, self._encoding)
        return len(block)

    def flush(self) -> None:
        self._original.buffer.flush()

    def fileno(self) -> int:
        return int(self._original.fileno())

    def close(self) -> None:
        """Do nothing: the original stream stays open when this one is forgotten."""


class Tee:
    """A text stream that passes everything on to the original one and to a listener.

    Args:
        name: `"stdout"` or `"stderr"`.
        original: the stream that stays behind it.
        listener: gets every text.
        before: called before anything is passed on, so that another stream can keep the order.
    """

    def __init__(self, name: str, original: Any, listener: Listener, before: Callable[[], None] | None = None) -> None:
        self._name, self._original, self._listener, self._before = name, original, listener, before
        self._quick: io.TextIOWrapper | None = None

    @property
    def original(self) -> Any:
        """The stream behind."""
        return self._original

    def collect(self, listener: BlockListener | None) -> None:
        """Pass on in blocks to one listener, if the original stream is one of Python's own; with `None`, piece by piece again."""
        if self._quick is not None:
            self.__dict__.pop("write", None)
            self.flush()
            self._quick = None
        if listener is None or type(self._original) is not io.TextIOWrapper:
            return
        self._original.flush()
        self._quick = io.TextIOWrapper(
            _Blocks(self._name, self._original, listener, self._before),  # type: ignore[arg-type]
            encoding=self._original.encoding,
            errors=self._original.errors,
            line_buffering=self._original.line_buffering,
            write_through=self._original.write_through,
        )
        self.__dict__["write"] = self._quick.write

    def write(self, text: str) -> int:
        """Write text to the original stream and to the listener; return its length."""
        self._original.write(text)
        self._listener(self._name, text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        if self._quick is not None:
            self._quick.flush()
        self._original.flush()

    def isatty(self) -> bool:
        """Return false: what is written lands in a file, too, so that colours and progress bars are better left out."""
        return False

    @property
    def buffer(self) -> Any:
        """The binary side."""
        return self._quick.buffer if self._quick is not None else self._original.buffer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)
