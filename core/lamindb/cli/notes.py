"""Notes: markdown files of the development folder, kept as readmes of records; their folder is the type of the record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import click

from lamindb.cli.note_files import read_note, with_uid


@dataclass(frozen=True)
class NoteTarget:
    """Where a note belongs: the topic (its folders), which may be missing, and its name."""

    topic: str | None
    name: str


def note_target(path: str | Path, dev_dir: str | Path | None) -> NoteTarget | None:
    """Return where a file belongs as a note, or `None` if it is none: it must be an `.md` file of the dev-dir, and no `README.md`.

    Example:
        >>> note_target("/w/a/b/c.md", "/w")
        NoteTarget(topic='a/b', name='c')
    """
    file = Path(path).resolve()
    if dev_dir is None or file.suffix != ".md" or file.name == "README.md":
        return None
    root = Path(dev_dir).resolve()
    if not file.is_relative_to(root):
        return None
    parent = file.relative_to(root).parent.as_posix()
    return NoteTarget(None if parent == "." else parent, file.stem)


def save_note(path: Path, target: NoteTarget) -> Any:
    """Store a file as the readme of its record, which is made if it is not there.

    A file that names its record in its front matter was renamed if the record is called otherwise: the record is renamed, too.

    Returns:
        The record.

    Raises:
        ClickException: if the topic is no type of records, or another record has the name that a renamed note gets.
    """
    import lamindb as ln
    from lamindb.base.logging import logger

    note = read_note(path.read_bytes().decode("utf-8"))
    topic = None if target.topic is None else find_topic(target.topic)
    record = None if note.uid is None else _renamed(path, note.uid, target, topic)
    if record is None:
        record = ln.Record.filter(name=target.name, type=topic).first()
    if record is None:
        record = ln.Record(name=target.name, type=topic, is_type=True).save()
        logger.important("created note record: Record('%s', name='%s')", record.uid, record.name)
    block = ln.models.RecordBlock(record=record, kind="readme", content=note.body).save()
    logger.important("saved note content: RecordBlock('%s')", block.uid)
    return record


def _renamed(path: Path, uid: str, target: NoteTarget, topic: Any) -> Any:
    """Return the record that a file names, under its new name; `None` if it isn't here, or the file is a copy of its note."""
    import lamindb as ln
    from lamindb.base.context import TRASH_BRANCH_ID
    from lamindb.base.logging import logger

    record = ln.Record.objects.filter(uid=uid).first()
    if record is None:
        logger.warning("%s names the record %s, which is not in this instance: saving it as a new note", path.name, uid)
        return None
    if record.branch_id == TRASH_BRANCH_ID:
        raise click.ClickException(
            f"The record {uid} of {path.name} is in the trash. Restore it, or take its uid out of the file to save a new note: "
            f"ln.Record.get('{uid}').restore()"
        )
    if (record.name, record.type_id) == (target.name, topic.id if topic is not None else None):
        return record
    depth = 0 if target.topic is None else len(PurePosixPath(target.topic).parts)
    original = path.resolve().parents[depth].joinpath(*_path_parts(record))
    if original.is_file() and read_note(original.read_bytes().decode("utf-8", "replace")).uid == uid:
        logger.important("%s is a copy of the note %s: saving it as a note of its own", path.name, original.name)
        return None
    if ln.Record.filter(name=target.name, type=topic).exists():
        raise click.ClickException(
            f"Can't rename the note {record.name!r} ({uid}) to {target.name!r}: another record has this name already. Rename the file"
        )
    logger.important("renaming note %s to %s", "/".join(_path_parts(record)), path.name)
    record.name, record.type = target.name, topic
    return record.save()


def _path_parts(record: Any) -> list[str]:
    """Return the path of a note in the dev-dir: the names of its types, and its own."""
    parts = [f"{record.name}.md"]
    above = record.type
    while above is not None:
        parts.insert(0, above.name)
        above = above.type
    return parts


def find_topic(topic: str) -> Any:
    """Return the type of records that a topic names: one of this name, else the last of a chain of types `a/b/c`; case doesn't count.

    Raises:
        ClickException: if there is none.
    """
    import lamindb as ln

    types = ln.Record.filter(is_type=True)
    whole = types.filter(name__iexact=topic).first()
    if whole is not None:
        return whole
    found = None
    for name in topic.split("/"):
        found = types.filter(name__iexact=name, type=found).first()
        if found is None:
            raise click.ClickException(
                f"Record type '{topic}' not found. Create it explicitly first, for example: "
                f"ln.Record(name='{topic.split('/')[0]}', is_type=True).save()"
            )
    return found


def note_path(record: Any, folder: Path) -> Path:
    """Return where the note of a record belongs below a folder: in the folders of its types.

    Raises:
        ClickException: if its name leads out of the folder.
    """
    names = _path_parts(record)
    path = folder.joinpath(*names)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise click.ClickException(f"The name {'/'.join(names)!r} leads out of {folder}: rename the record first")
    return path


def text_of_note(record: Any) -> str:
    """Return the latest readme of a record, with its uid in the front matter.

    Raises:
        ClickException: if it has no readme.
    """
    import lamindb as ln

    blocks = ln.models.RecordBlock.filter(record=record, kind="readme", is_latest=True)
    block = blocks.order_by("-created_at", "-id").first()
    if block is None:
        raise click.ClickException(
            f"Record {record.name!r} ({record.uid}) has no note: nothing was saved with lamin save"
        )
    return with_uid(block.content, record.uid)
