"""The front matter with which a note names its record, so that the note is known after its file was renamed."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

_FENCE = "---"
_UID = re.compile(r"""^\s+uid:\s*["']?(\w+)["']?\s*$""")
_INLINE = re.compile(r"""^lamindb:\s*\{\s*uid:\s*["']?(\w+)["']?\s*\}\s*$""")


@dataclass(frozen=True)
class NoteText:
    """A note: the uid of its record, if it names one, and its text without that."""

    uid: str | None
    body: str


def read_note(text: str) -> NoteText:
    """Take the uid out of a note; other front matter stays.

    Example:
        >>> read_note("---\\nlamindb:\\n  uid: abc\\n---\\n# Todo\\n")
        NoteText(uid='abc', body='# Todo\\n')
    """
    lines = text.splitlines(keepends=True)
    end = _end_of_front_matter(lines)
    if end is None:
        return NoteText(None, text)
    uid, kept, within = None, [], False
    for line in lines[1:end]:
        inline = _INLINE.match(line)
        if inline is not None:
            uid, within = inline[1], False
        elif line.rstrip() == "lamindb:":
            within = True
        elif within and line[:1].isspace() and line.strip():
            found = _UID.match(line)
            uid = found[1] if found is not None else uid
        else:
            within = False
            kept.append(line)
    if uid is None:
        return NoteText(None, text)
    front = [lines[0], *kept, lines[end]] if any(line.strip() for line in kept) else []
    return NoteText(uid, "".join([*front, *lines[end + 1 :]]))


def with_uid(body: str, uid: str) -> str:
    """Return the text of a note with the uid of its record in its front matter.

    Example:
        >>> with_uid("# Todo\\n", "abc")
        '---\\nlamindb:\\n  uid: abc\\n---\\n# Todo\\n'
    """
    lines = body.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    named = [f"lamindb:{newline}", f"  uid: {uid}{newline}"]
    if _end_of_front_matter(lines) is not None:
        return "".join([lines[0], *named, *lines[1:]])
    return "".join([f"{_FENCE}{newline}", *named, f"{_FENCE}{newline}", *lines])


def write_uid(path: Path, uid: str) -> None:
    """Write the uid of its record into the file of a note, unless it is there; the file is replaced in one step."""
    text = path.read_bytes().decode("utf-8")
    note = read_note(text)
    if note.uid == uid:
        return
    target = path.resolve()  # a link stays one
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(with_uid(note.body, uid).encode("utf-8"))
        os.chmod(name, target.stat().st_mode & 0o7777)
        os.replace(name, target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _end_of_front_matter(lines: list[str]) -> int | None:
    """Return the index of the line that closes the front matter, or `None` without one."""
    if not lines or lines[0].rstrip() != _FENCE:
        return None
    return next((index for index, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE), None)
