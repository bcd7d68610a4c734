"""How a program gets the data that its arguments refer to: as a local path, or as an address in remote storage."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
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
        credentials_via: how the program gets credentials for plain addresses: `env` (in its environment, as this process has them), `file`
            (a credentials file), `process` (a command that is asked whenever they expire).
    """

    ways: tuple[str, ...] = ("mount", "cache")
    presign_seconds: int = 3600
    credentials_via: str = "env"


@dataclass(frozen=True)
class Located:
    """Where a program finds an input, and what its environment needs for that: `None` for variables that must not be set."""

    address: str
    environment: Mapping[str, str | None] = field(default_factory=dict)


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


def locate(artifact: Any, part: str | None, access: Access, run: Any, folder: Path) -> Located:
    """Return where a program finds an artifact (or a part of it), which becomes an input of the run.

    Args:
        artifact: what is asked for.
        part: a path in it, if it is a folder.
        access: the ways to remote data.
        run: whose input it becomes.
        folder: private folder for files with credentials, deleted when the program has ended.

    Raises:
        InvalidArgument: if none of the ways leads to it.
    """
    from lamindb.artifacts.reading import path_of
    from lamindb.artifacts.run_inputs import track_run_inputs

    if artifact.storage.type == "local":
        return Located(str(path_of_part(Path(artifact.cache(is_run_input=run)), part)))
    remote = path_of(artifact)
    remote = remote if part is None else remote / part
    reasons = []
    for way in access.ways:
        if way == "cache":
            return Located(str(path_of_part(Path(artifact.cache(is_run_input=run)), part)))
        if way == "credentials":
            environment = _program_environment(remote, access.credentials_via, folder)
            track_run_inputs([artifact], run)
            return Located(str(remote), environment)
        found = _mounted(remote) if way == "mount" else _presigned(remote, access)
        if found is not None:
            track_run_inputs([artifact], run)
            return Located(str(found))
        reasons.append("its storage is not mounted" if way == "mount" else "its store signs no address for it")
    raise InvalidArgument(
        f"No way leads to {artifact.key or artifact.uid}: {', '.join(reasons)}. Allow a copy on this machine, too: --access {','.join(access.ways)},cache"
    )


def combined_environment(inputs: list[Located]) -> dict[str, str | None]:
    """Return what the environment of a program needs for all of its inputs.

    Raises:
        InvalidArgument: if two of them need different values of a variable.
    """
    combined: dict[str, str | None] = {}
    for one in inputs:
        for name, value in one.environment.items():
            if combined.setdefault(name, value) != value:
                raise InvalidArgument(
                    f"The inputs lie in storage that needs different values of {name}, and a program has one: --access cache copies them to this machine"
                )
    return combined


def _program_environment(remote: Any, via: str, folder: Path) -> dict[str, str | None]:
    from lamindb.plugins.manager import storage_backend_for

    backend = storage_backend_for(remote.protocol)
    if backend is not None and backend.program_environment is not None:
        return dict(backend.resolve("program_environment")(remote, via, folder))
    if via != "env":
        raise InvalidArgument(
            f"Credentials of {remote.protocol}:// can't be passed on by {via}: leave --credentials-via out, then a program finds them in its environment"
        )
    return {}


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
