"""What becomes of an artifact whose storing, replacing or moving was interrupted: finished if the bytes are there, else undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamindb.artifacts import moving, replacing, staging
from lamindb.artifacts.content import read_content
from lamindb.artifacts.staging import StagedEntry
from lamindb.artifacts.storing import target_path


@dataclass(frozen=True)
class Remedy:
    """What will be done, in words and as a function that returns what was done."""

    words: str
    apply: Callable[[], str]


def is_unfinished(artifact: Any) -> bool:
    """Tell whether the row says that bytes are on their way."""
    aux = artifact._aux or {}
    return aux.get("so") == 1 or replacing.BEFORE in aux or moving.MOVING in aux


def problem_of(artifact: Any) -> str:
    """Return the name of what was interrupted."""
    aux = artifact._aux or {}
    if replacing.BEFORE in aux:
        return "unfinished-replacement"
    return "unfinished-move" if moving.MOVING in aux else "unfinished-upload"


def remedy_for(artifact: Any, staged: list[StagedEntry]) -> Remedy | None:
    """Find out how to finish or undo what was interrupted; nothing is changed.

    Args:
        artifact: an unfinished artifact in a local location.
        staged: what its process left in the staging folder.
    """
    if moving.MOVING in (artifact._aux or {}):
        return Remedy("finish the move", lambda: finish_the_move(artifact))
    target = target_path(artifact)
    for entry in staged:
        if not entry.is_retired and holds(entry.path, artifact):
            return Remedy("give the complete copy its place", lambda path=entry.path: _promote(artifact, path))
    if target.exists() and holds(target, artifact):
        return Remedy("the data is complete: say so in the record", lambda: _complete(artifact))
    before = (artifact._aux or {}).get(replacing.BEFORE)
    if before is not None:
        former = replacing.former_path(artifact)
        if former is not None and former.exists() and _holds_values(former, before):
            return Remedy("give the record back what it said before", lambda: _restore(artifact, before))
        return None
    retired = next((entry.path for entry in staged if entry.is_retired), None)
    if retired is not None and not target.exists():
        return Remedy(
            "remove the record, whose data never arrived, and put back the previous version",
            lambda: _put_back(artifact, retired, target),
        )
    return Remedy("remove the record, whose data never arrived", lambda: _withdraw(artifact))


def holds(path: Path, artifact: Any) -> bool:
    """Tell whether a local file or folder is what the row says, every byte."""
    return _holds_values(path, {name: getattr(artifact, name) for name in ("size", "hash", "_hash_type")})


def _holds_values(path: Path, values: dict[str, Any]) -> bool:
    if values["hash"] is None:
        return False
    try:
        content = read_content(path, verify=True)
    except OSError:
        return False
    return (content.size, content.hash, content.hash_type) == (values["size"], values["hash"], values["_hash_type"])


def _promote(artifact: Any, path: Path) -> str:
    staging.promote(path, target_path(artifact))
    return _complete(artifact)


def _complete(artifact: Any) -> str:
    before = (artifact._aux or {}).get(replacing.BEFORE)
    if before is not None:
        replacing.finish(artifact, before)
        return f"the replacement of {artifact.uid} is complete"
    aux = {name: value for name, value in (artifact._aux or {}).items() if name != "so"} or None
    type(artifact).objects.filter(pk=artifact.pk).update(_aux=aux)
    artifact._aux = aux
    return f"{artifact.uid} is complete at {target_path(artifact)}"


def _restore(artifact: Any, before: dict[str, Any]) -> str:
    replacing.restore(artifact, before)
    return f"{artifact.uid} is what it was before"


def finish_replacement(artifact: Any) -> str:
    """Remove what a complete replacement has left of the former data; return what was done."""
    replacing.finish(artifact, artifact._aux[replacing.BEFORE])
    return f"the replacement of {artifact.uid} is complete"


def finish_the_move(artifact: Any) -> str:
    """Finish an interrupted move; return what was done.

    Raises:
        FileNotFoundError: if the data is at neither place, or other data is at the new one.
    """
    place = artifact.path
    if not moving.finish_move(artifact):
        raise FileNotFoundError(
            f"the data of {artifact.uid} is neither at its old nor, complete, at its new place {place}"
        )
    return f"{artifact.uid} is at {place}"


def _put_back(artifact: Any, retired: Path, target: Path) -> str:
    done = _withdraw(artifact)
    retired.rename(target)
    return f"{done}; the previous version is back at {target}"


def _withdraw(artifact: Any) -> str:
    uid = artifact.uid
    artifact._forget_row()
    return f"removed the record {uid}"
