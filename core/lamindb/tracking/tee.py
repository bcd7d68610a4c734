"""A text stream that passes everything on to the original one and to whoever listens.

`print` writes a line in several pieces. Where all output has the same listener, pieces are collected by Python's own text layer, in C, and arrive here in
blocks; where the original stream must not wait (`python -u`), it gets each piece at once, and the listener many together. Else each piece is passed on by
itself, because the next one may belong to somebody else.
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
#: So many pieces are kept before the listener gets them.
_MANY_PIECES = 5000
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
        self._pieces: list[str] | None = None

    @property
    def original(self) -> Any:
        """The stream behind."""
        return self._original

    def collect(self, listener: BlockListener | None) -> None:
        """Pass on in blocks to one listener, if the original stream is one of Python's own; with `None`, piece by piece again."""
        if self._quick is not None or self._pieces is not None:
            self.__dict__.pop("write", None)
            self.flush()
            self._quick = self._pieces = None
        if listener is None or type(self._original) is not io.TextIOWrapper:
            return
        self._original.flush()
        if self._original.write_through:
            if self._before is None:
                self.__dict__["write"] = self._keeping_pieces()
            return
        self._quick = io.TextIOWrapper(
            _Blocks(self._name, self._original, listener, self._before),  # type: ignore[arg-type]
            encoding=self._original.encoding,
            errors=self._original.errors,
            line_buffering=self._original.line_buffering,
            write_through=self._original.write_through,
        )
        self.__dict__["write"] = self._quick.write

    def _keeping_pieces(self) -> Callable[[str], int]:
        """Return a `write` that passes each piece on at once and lets the listener wait."""
        pieces = self._pieces = []
        room = [None] * _MANY_PIECES
        write, append, take_room = self._original.write, pieces.append, room.pop

        def write_piece(text: str) -> int:
            append(text)
            try:
                take_room()  # quicker than asking for the number of pieces, six times a line
            except IndexError:
                self.hand_over()
                room[:] = [None] * _MANY_PIECES
            return write(text)  # type: ignore[no-any-return]

        return write_piece

    def hand_over(self) -> None:
        """Let the listener have the pieces that were kept."""
        pieces = self._pieces
        with lock:
            if pieces:
                taken = pieces[:]
                del pieces[: len(taken)]  # what another thread adds meanwhile stays
                self._listener(self._name, "".join(taken))

    def write(self, text: str) -> int:
        """Write text to the original stream and to the listener; return its length."""
        if self._before is not None:
            self._before()
        self._original.write(text)
        self._listener(self._name, text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        if self._quick is not None:
            self._quick.flush()
        if self._pieces:
            self.hand_over()
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
