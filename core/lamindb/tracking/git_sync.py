"""Where a script is in a git repository: the commit and path that its reference names."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lamindb.base.git_urls import https_address
from lamindb.base.logging import logger
from lamindb.base.settings import tracking_settings
from lamindb.errors import BlobHashNotFound
from lamindb.storage.hashing import hash_code

#: So many commits of another repository are cloned to look for a script.
_CLONE_DEPTH = 10


@dataclass(frozen=True)
class Committed:
    """A file in a commit of a repository."""

    repository: str
    commit: str
    path: str

    @property
    def reference(self) -> str:
        """Address of the file on the site of the repository."""
        return f"{self.repository}/blob/{self.commit}/{self.path}"


def repository_to_sync() -> str | None:
    """Return the repository that scripts are looked up in: that of `ln.settings`, of `LAMINDB_SYNC_GIT_REPO`, or of the instance."""
    from lamindb.setup import settings

    url = tracking_settings.sync_git_repo or os.environ.get("LAMINDB_SYNC_GIT_REPO") or settings.instance.git_repo
    return https_address(url) if url else None


def find_in_repository(file: Path, repository: str) -> Committed:
    """Return the first commit, on any branch, that holds a file with these bytes.

    Args:
        file: the script.
        repository: https address of the repository.

    Raises:
        BlobHashNotFound: if no commit holds it.
        RuntimeError: if the repository can't be cloned.
    """
    folder = _clone_of(file, repository)
    blob = hash_code(file).hexdigest()
    commit = _first_commit(folder, blob)
    if commit is None and _git(folder, "fetch", "--quiet", "--all") is not None:
        commit = _first_commit(folder, blob)
    if commit is None:
        raise BlobHashNotFound(
            f"Did not find blob hash {blob} in {repository}. Did you commit & push the script to the remote repo? -> {file}"
        )
    default = _git(folder, "rev-parse", "--abbrev-ref", "origin/HEAD")
    if default and _git(folder, "merge-base", "--is-ancestor", commit, default.strip()) is None:
        logger.warning("%s is in commit %s, which is not on the default branch %s", file.name, commit, default.strip())
    return Committed(repository, commit, _path_of(folder, commit, blob, file))


def _clone_of(file: Path, repository: str) -> Path:
    """Return the working copy that the file is in if it is one of this repository, else a clone in the cache."""
    top = _git(file.parent, "rev-parse", "--show-toplevel")
    if top is not None:
        origin = (_git(file.parent, "config", "--get", "remote.origin.url") or "").strip()
        if https_address(origin) == repository:
            return Path(top.strip())
        logger.warning(
            "%s is in a copy of %s, not of the repository to sync with: %s",
            file.name,
            https_address(origin) if origin else "no remote",
            repository,
        )
    from lamindb.storage.hashing import hash_string
    from lamindb.tracking.run_files import cache_dir

    folder = cache_dir() / "repositories" / hash_string(repository)
    if not (folder / ".git").exists():
        logger.important("cloning %s to look for %s", repository, file.name)
        folder.parent.mkdir(parents=True, exist_ok=True)
        command = (
            "clone",
            "--quiet",
            "--no-single-branch",
            f"--depth={_CLONE_DEPTH}",
            f"{repository}.git",
            str(folder),
        )
        done = _run(folder.parent, *command)
        if done.returncode != 0:
            raise RuntimeError(f"Could not clone {repository}: {done.stderr.strip()}")
    return folder


def _first_commit(folder: Path, blob: str) -> str | None:
    """Return the oldest pushed commit that brought these bytes, those of merges included."""
    found = _git(folder, "log", "--remotes", "-m", "--reverse", "--format=%H", f"--find-object={blob}")
    for commit in (found or "").split():
        if _blobs(folder, commit, blob):  # the commit that took the file away is found, too
            return commit
    return None


def _blobs(folder: Path, commit: str, blob: str) -> list[str]:
    """Return the paths of a commit that have these bytes."""
    listed = _git(folder, "ls-tree", "-r", "-z", "--full-tree", commit) or ""
    entries = (entry.partition("\t") for entry in listed.split("\0"))
    return [path for facts, _, path in entries if blob in facts]


def _path_of(folder: Path, commit: str, blob: str, file: Path) -> str:
    paths = _blobs(folder, commit, blob)
    return next((path for path in paths if Path(path).name == file.name), paths[0])


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what a git command prints, or `None` if it fails or git is not there."""
    try:
        done = _run(folder, *arguments)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
