"""What a changed key, suffix, space or storage location of a saved artifact means for its bytes.

A move is written into the row first, with the place that the bytes come from; then they move; then that note goes. Killed in between,
the next `save()` of the artifact, or `lamin doctor`, finishes it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamindb.artifacts import cached_copies, staging
from lamindb.artifacts.content import read_content
from lamindb.artifacts.keys import check_key, storage_key
from lamindb.artifacts.shared_places import who_else_has
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.errors import InvalidArgument
from lamindb.storage.roots import join_root

#: Key in `_aux` under which a row names the place that its bytes come from, while they move.
MOVING = "moving"


class MoveCancelled(Exception):
    """The answer to the question where to move was that nothing shall move."""


@dataclass(frozen=True)
class Move:
    """Bytes that have to move, with the storage location that they are in now and the one that they go to."""

    storage: Any
    old_key: str
    target: Any
    new_key: str

    @property
    def old_path(self) -> str:
        return join_root(self.storage.root, self.old_key)

    @property
    def new_path(self) -> str:
        return join_root(self.target.root, self.new_key)


def check_unsaved(artifact: Any) -> None:
    """Refuse changes of an artifact between its construction and its first save that would need bytes to move.

    Raises:
        InvalidArgument: for another suffix, another real key, or a virtual key with another suffix.
    """
    made = artifact.__dict__.get("_as_constructed")
    if made is None:
        return
    if artifact.suffix != made["suffix"]:
        raise InvalidArgument("Cannot update the suffix of an artifact before it is saved.")
    if artifact.key == made["key"]:
        return
    if not artifact._key_is_virtual:
        raise InvalidArgument("Cannot update the key of an artifact before it is saved.")
    if artifact.key is None:
        raise InvalidArgument("Cannot update an artifact key to None.")
    artifact.key = check_key(artifact.key)
    _check_suffix_of_key(artifact)


def prepare_move(artifact: Any) -> Move | None:
    """Check what changed on a saved artifact since it was loaded, and tell which bytes have to move.

    Raises:
        InvalidArgument: if the change is not possible.
        MoveCancelled: if that was the answer to the question where to.
        ValueError: if the key is another artifact's, or there is no storage location to move to.
        FileExistsError: if there is something at the new place.
    """
    original = artifact._original_values
    changed = {
        name
        for name in ("key", "suffix", "space_id", "storage_id")
        if name in original and original[name] != getattr(artifact, name)
    }
    if not changed:
        return None
    now = {name: getattr(artifact, name) for name in ("key", "_real_key", "suffix", "storage_id")}
    old_storage = artifact.storage if "storage_id" not in changed else _storage(original["storage_id"])
    old_key = _former_storage_key(artifact, original)
    try:
        if "suffix" in changed:
            _change_suffix(artifact, original, old_storage, key_too="key" in changed)
        if "key" in changed:
            _change_key(artifact, original, old_storage)
        target = _target_storage(artifact, changed, old_storage)
        if target is None:
            return None
        new_key = storage_key(artifact)
        if (target.pk, new_key) == (old_storage.pk, old_key):
            return None
        _check_managed(artifact, old_storage, target, changed)
        _check_not_shared(artifact)
        move = Move(old_storage, old_key, target, new_key)
        _check_free(artifact, move)
        return move
    except BaseException:
        artifact.__dict__.update(
            {name: value for name, value in now.items() if name != "storage_id" or "storage_id" not in changed}
        )
        raise


def confirmed(move: Move, wanted: bool | None) -> bool:
    """Ask whether bytes may move, unless it was said.

    Raises:
        ValueError: if nobody answers, as there is no terminal.
    """
    if wanted is not None:
        return wanted
    question = f"You are about to move artifact from '{move.old_path}' to '{move.new_path}'. Continue? (y/n) "
    try:
        return input(question).strip() == "y"
    except (EOFError, OSError):
        raise ValueError(
            f"{move.old_path} would move to {move.new_path}, and nobody answers the question whether it may: call save(move=True)"
        ) from None


def save_move(artifact: Any, move: Move, write_row: Any, **kwargs: Any) -> Any:
    """Write the row, then move the bytes; if they can't be moved, the row is what it was."""
    original = dict(artifact._original_values)
    staged = _stage_elsewhere(artifact, move)
    before = type(artifact).objects.filter(pk=artifact.pk).values().get()
    artifact.storage = move.target
    note = {"storage_id": move.storage.pk, "key": move.old_key}
    artifact._aux = {**(artifact._aux or {}), MOVING: note}
    try:
        write_row(**kwargs)
        _move_bytes(artifact, move, staged)
    except BaseException:
        if staged is not None:
            staging.remove(staged)
        columns = ("key", "_real_key", "suffix", "storage_id", "space_id", "_aux")
        type(artifact).objects.filter(pk=artifact.pk).update(**{name: before[name] for name in columns})
        artifact._aux = before["_aux"]
        artifact.storage = move.storage
        artifact._original_values = original
        raise
    _clear_note(artifact)
    logger.save("moved artifact '%s' from '%s' to '%s'", artifact.uid, move.old_path, move.new_path)
    return artifact


def finish_move(artifact: Any) -> bool:
    """Finish a move that was interrupted; tell whether the bytes are at their place now."""
    note = (artifact._aux or {}).get(MOVING)
    if note is None:
        return True
    storage = artifact.storage if note["storage_id"] == artifact.storage_id else _storage(note["storage_id"])
    move = Move(storage, note["key"], artifact.storage, storage_key(artifact))
    if move.storage.type != "local" or move.target.type != "local":
        return move.storage.pk == move.target.pk and _finish_in_store(artifact, move)
    old, new = Path(move.old_path), Path(move.new_path)
    if new.exists() and old.exists() and not _holds(new, artifact):
        return False
    if not new.exists():
        if not old.exists():
            return False
        _move_bytes(artifact, move, _stage_elsewhere(artifact, move))
    elif old.exists():
        staging.remove(old)
    _clear_note(artifact)
    return True


def _finish_in_store(artifact: Any, move: Move) -> bool:
    """Finish a move within a remote location, which copies the objects and then removes the former ones."""
    from lamindb.storage import objects
    from lamindb.storage.listing import list_remote_files
    from lamindb.storage.upath import create_path

    old, new = create_path(move.old_path), create_path(move.new_path)
    at_old, at_new = list_remote_files(old), list_remote_files(new)
    if cached_copies.is_registered(artifact, at_new) or (at_new and not at_old):
        if at_old:
            objects.remove(old)
    else:
        sizes = {file.relative: file.size for file in at_old}
        if not at_old or any(sizes.get(file.relative, -1) != file.size for file in at_new):
            return False  # what is at the new place is no part of this move
        if at_new:
            objects.remove(new)
        objects.move(old, new)
    _clear_note(artifact)
    return True


def _clear_note(artifact: Any) -> None:
    artifact._aux = {name: value for name, value in (artifact._aux or {}).items() if name != MOVING} or None
    type(artifact).objects.filter(pk=artifact.pk).update(_aux=artifact._aux)


def _holds(path: Path, artifact: Any) -> bool:
    content = read_content(path)
    return content.size == artifact.size and content.hash == artifact.hash


# checks -------------------------------------------------------------------------------------------------------------------


def _change_key(artifact: Any, original: dict[str, Any], storage: Any) -> None:
    if artifact.key is None:
        raise InvalidArgument("Cannot update an artifact key to None.")
    artifact.key = check_key(artifact.key)
    _check_suffix_of_key(artifact)
    if not artifact._key_is_virtual and not _is_ours(storage):
        raise InvalidArgument(
            "Cannot update a non-virtual key of an artifact in a storage location that is not managed by the current instance: "
            f"{storage.root}"
        )
    others = type(artifact).objects.filter(key=artifact.key, storage_id=artifact.storage_id)
    others = others.exclude(branch_id=TRASH_BRANCH_ID).exclude(uid__startswith=artifact.stem_uid)
    taken = others.values_list("uid", flat=True).first()
    if taken is not None:
        raise ValueError(
            f"The key {artifact.key!r} belongs to another artifact, {taken}: choose another key. To make this one a version of it, "
            "make an artifact of the data with revises=…"
        )


def _check_suffix_of_key(artifact: Any) -> None:
    from lamindb.storage.suffixes import infer_suffix, stored_suffix

    found = infer_suffix(artifact.key)
    if artifact.suffix not in (found, stored_suffix(found)):
        raise InvalidArgument(
            f"The suffix '{found}' of the provided key is incorrect, it should be '{artifact.suffix}'."
        )


def _change_suffix(artifact: Any, original: dict[str, Any], storage: Any, *, key_too: bool) -> None:
    if not _is_ours(storage):
        raise InvalidArgument(
            "Cannot update the suffix of an artifact in a storage location that is not managed by the current instance: "
            f"{storage.root}"
        )
    old, new = original["suffix"], artifact.suffix
    if new and (not new.startswith(".") or "/" in new or "\\" in new or ".." in new):
        raise InvalidArgument(
            f"{new!r} is not a suffix: it starts with a dot and is part of a file name, such as '.tsv'"
        )
    for name in ("_real_key",) if key_too else ("key", "_real_key"):
        key = getattr(artifact, name)
        if key is not None and key.lower().endswith(old.lower()):
            setattr(artifact, name, check_key(key[: len(key) - len(old)] + new))


def _target_storage(artifact: Any, changed: set[str], old: Any) -> Any:
    """Return the location that the bytes belong to after the change; `None` if they stay whatever changed."""
    if "storage_id" in changed:
        space_id = artifact.storage.space_id
        if "space_id" not in changed:
            artifact.space_id = space_id
        elif artifact.space_id != space_id:
            raise ValueError(
                f"The storage location {artifact.storage.root} is in another space than the artifact shall be: "
                "assign either the space or a location of it"
            )
        return artifact.storage
    if "space_id" not in changed or old.instance_uid is None:
        return old
    if not _is_ours(old):
        raise ValueError(
            "Cannot change the space of an artifact in a storage location that is not managed by the current instance: "
            f"{old.root} belongs to the instance {old.instance_uid}"
        )
    if old.space_id == artifact.space_id:
        return old
    from lamindb.setup import settings

    found = list(
        registry("Storage")
        .objects.filter(space_id=artifact.space_id, instance_uid=settings.instance.uid, type=old.type)
        .order_by("id")
    )
    if not found:
        name = registry("Space").objects.filter(pk=artifact.space_id).values_list("name", flat=True).first()
        raise ValueError(
            f"No {old.type} storage locations managed by the current instance found for the space '{name}'. "
            "Create one: ln.Storage(root=…, space=…).save()"
        )
    return found[0] if len(found) == 1 else _choose(found)


def _choose(found: list[Any]) -> Any:
    listed = "\n".join(f"{number}: {record.root}" for number, record in enumerate(found, start=1))
    try:
        answer = input(
            f"Several storage locations belong to the space:\n{listed}\nWhich one (number, x cancels)? "
        ).strip()
    except (EOFError, OSError):
        raise ValueError(
            f"Several storage locations belong to the space, and nobody answers which to take:\n{listed}\nAssign artifact.storage"
        ) from None
    if answer == "x":
        raise MoveCancelled
    if answer.isdigit() and 1 <= int(answer) <= len(found):
        return found[int(answer) - 1]
    raise ValueError(f"{answer!r} is none of the numbers, nothing was moved")


def _check_managed(artifact: Any, old: Any, target: Any, changed: set[str]) -> None:
    for storage in (old, target):
        if not _is_ours(storage):
            raise ValueError(
                f"Bytes can't move between {old.root} and {target.root}: {storage.root} is not managed by this instance"
            )
    if old.pk != target.pk and (old.type != "local" or target.type != "local"):
        raise ValueError(
            f"Cannot move between different filesystems for non-managed storages: {old.root} and {target.root}. "
            "Make a new artifact of artifact.cache() in the other location"
        )


def _check_not_shared(artifact: Any) -> None:
    """Refuse to move bytes that are those of another artifact, too."""
    before = type(artifact)._base_manager.get(pk=artifact.pk)
    other = who_else_has(before)
    if other is not None:
        raise ValueError(
            f"The data of {artifact.uid} can't move, as what lies at {join_root(before.storage.root, storage_key(before))} belongs to "
            f"another artifact, too: {other}. Make a copy of the data, and an artifact of that"
        )


def _check_free(artifact: Any, move: Move) -> None:
    if move.target.type == "local":
        new = Path(move.new_path)
        if new.exists() and not (storage_key(artifact).startswith(".lamindb/") and _holds(new, artifact)):
            raise FileExistsError(f"{new} exists already: {move.old_path} can't move there. Choose another key")
        if not os.path.exists(move.old_path):
            raise FileNotFoundError(
                f"The data of {artifact.uid} is not at {move.old_path}, so it can't move: it was moved or deleted outside of lamindb"
            )


def _is_ours(storage: Any) -> bool:
    from lamindb.setup import settings

    return storage.instance_uid == settings.instance.uid


def _storage(pk: int) -> Any:
    return registry("Storage").objects.get(pk=pk)


def _former_storage_key(artifact: Any, original: dict[str, Any]) -> str:
    now = {name: artifact.__dict__[name] for name in ("key", "suffix")}
    try:
        artifact.__dict__.update({name: original.get(name, now[name]) for name in now})
        return storage_key(artifact)
    finally:
        artifact.__dict__.update(now)


# bytes --------------------------------------------------------------------------------------------------------------------


def _stage_elsewhere(artifact: Any, move: Move) -> Path | None:
    """Copy the bytes to another storage location, where they can't be renamed to; `None` if they can."""
    if move.storage.pk == move.target.pk:
        return None
    content = read_content(Path(move.old_path), verify=True)
    if artifact.hash is not None and content.hash_type == artifact._hash_type and content.hash != artifact.hash:
        raise OSError(
            f"{move.old_path} is not what was stored: its hash is {content.hash} instead of {artifact.hash}, so it is not moved. "
            "See lamin doctor --verify"
        )
    return staging.stage(Path(move.old_path), move.target.root, artifact.uid, content.scanned)


def _move_bytes(artifact: Any, move: Move, staged: Path | None) -> None:
    if staged is not None:
        staging.promote(staged, Path(move.new_path))
        staging.remove(Path(move.old_path))
        return
    if move.storage.type == "local":
        target = Path(move.new_path)
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(move.old_path).rename(target)
        return
    from lamindb.storage.upath import create_path

    old = create_path(move.storage.root) / move.old_key
    old.rename(create_path(move.target.root) / move.new_key)
