"""How a program gets the data that its arguments refer to: as a local path, or as an address in remote storage."""

from __future__ import annotations

import difflib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamindb.errors import InvalidArgument
from lamindb.tracking.data_references import path_of_part

WAYS = ("mount", "cache", "presigned", "credentials")


@dataclass(frozen=True)
class Access:
    """The ways to remote data, in the order in which they are tried.

    Attributes:
        ways: `mount` (a folder that the environment variable `LAMIN_MOUNTS` gives for the storage location, as JSON from roots to folders),
            `cache` (a copy on this machine), `presigned` (an address that anybody can read for a while), `credentials` (the plain address; the
            program reads it with the credentials of its environment).
        presign_seconds: for how long a presigned address is valid.
    """

    ways: tuple[str, ...] = ("mount", "cache")
    presign_seconds: int = 3600


def parse_ways(text: str) -> tuple[str, ...]:
    """Read a list of ways.

    Raises:
        InvalidArgument: for an unknown one.

    Example:
        >>> parse_ways("presigned, cache")
        ('presigned', 'cache')
    """
    ways = tuple(word.strip() for word in text.split(",") if word.strip())
    for way in ways:
        if way not in WAYS:
            near = difflib.get_close_matches(way, WAYS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise InvalidArgument(f"There is no way {way!r} to data, only {', '.join(WAYS)}.{hint}")
    if not ways:
        raise InvalidArgument(f"Name at least one way to data: {', '.join(WAYS)}")
    return ways


def locate(artifact: Any, part: str | None, access: Access, run: Any) -> str:
    """Return where a program finds an artifact (or a part of it), which becomes an input of the run.

    Raises:
        InvalidArgument: if none of the ways leads to it.
    """
    from lamindb.artifacts.reading import path_of
    from lamindb.artifacts.run_inputs import track_run_inputs

    if artifact.storage.type == "local":
        return str(path_of_part(Path(artifact.cache(is_run_input=run)), part))
    remote = path_of(artifact)
    remote = remote if part is None else remote / part
    reasons = []
    for way in access.ways:
        if way == "cache":
            return str(path_of_part(Path(artifact.cache(is_run_input=run)), part))
        found = remote if way == "credentials" else _mounted(remote) if way == "mount" else _presigned(remote, access)
        if found is not None:
            track_run_inputs([artifact], run)
            return str(found)
        reasons.append("its storage is not mounted" if way == "mount" else "its store signs no address for it")
    raise InvalidArgument(
        f"No way leads to {artifact.key or artifact.uid}: {', '.join(reasons)}. Allow a copy on this machine, too: --access {','.join(access.ways)},cache"
    )


def _mounted(remote: Any) -> Path | None:
    try:
        mounts = json.loads(os.environ.get("LAMIN_MOUNTS") or "{}")
    except ValueError:
        raise InvalidArgument(
            f"LAMIN_MOUNTS is JSON from storage roots to folders, not {os.environ['LAMIN_MOUNTS']!r}"
        ) from None
    address = str(remote)
    for root, folder in sorted(mounts.items(), key=lambda mount: -len(mount[0])):
        inside = address.removeprefix(f"{root.rstrip('/')}/")
        if inside != address and (Path(folder) / inside).exists():
            return Path(folder) / inside
    return None


def _presigned(remote: Any, access: Access) -> str | None:
    if not remote.is_file():
        return None
    try:
        return str(remote.fs.sign(remote.path, expiration=access.presign_seconds))
    except NotImplementedError:
        return None
