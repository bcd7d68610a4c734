"""`Transform.from_git`: a pipeline whose code is a file of a git repository, by its commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lamindb.base.git_urls import https_address
from lamindb.base.logging import logger
from lamindb.errors import InvalidArgument
from lamindb.storage.hashing import hash_string

_TIMEOUT = 600


class GitURLError(InvalidArgument, AssertionError):
    """The address of a repository is none that others can open."""


def transform_from_git(
    registry: Any,
    url: str,
    path: str,
    *,
    key: str | None = None,
    version: str | None = None,
    entrypoint: str | None = None,
    branch: str | None = None,
    description: str | None = None,
    skip_hash_lookup: bool = False,
) -> Any:
    """Return an unsaved transform of a file of a repository; see `Transform.from_git`."""
    if not url.startswith("https://"):
        raise GitURLError(
            f"url must start with https://: pass the address that a browser opens, such as {https_address(url)!r}"
        )
    repository = https_address(url)
    folder = _clone(url, repository)
    slides = branch is not None and branch == version
    if version is not None and not slides:
        commit = _checkout(folder, version, f"version {version}")
    else:
        branch = branch or _default_branch(folder, url)
        commit = _checkout(folder, f"refs/remotes/origin/{branch}", f"branch {branch}")
    if not (folder / path).is_file():
        raise FileNotFoundError(f"There is no file {path!r} in {repository} at {version or branch} ({commit})")
    if key is None:
        key = f"{'/'.join(repository.removeprefix('https://').split('/')[1:])}/{path}"
        logger.important("inferred key %s", key)
    lines = [f"repo: {repository}", f"path: {path}"]
    if entrypoint is not None:
        lines.append(f"entrypoint: {entrypoint}")
    if slides:
        lines.append(f"branch: {branch}")
        reference = f"{repository}/tree/{quote(str(branch), safe='')}/{path}"
    else:
        lines.append(f"commit: {commit}")
        reference = f"{repository}/blob/{commit}/{path}"
    return registry(
        key=key, kind="pipeline", version=version, description=description, reference=reference, reference_type="url",
        source_code="\n".join(lines), skip_hash_lookup=skip_hash_lookup,
    )  # fmt: skip


def _clone(url: str, repository: str) -> Path:
    """Return a full copy of the repository in the cache, brought up to date; credentials of the address are not written down."""
    from lamindb.setup import settings

    folder = settings.cache_dir_path / "repositories" / f"{repository.rsplit('/', 1)[-1]}-{hash_string(repository)}"
    if not (folder / ".git").exists():
        logger.important("cloning %s", repository)
        folder.mkdir(parents=True, exist_ok=True)
        _git(folder, "init", "--quiet")
        _git(folder, "remote", "add", "origin", repository)
    address = f"{url.rstrip('/').removesuffix('.git')}.git"
    done = _git(folder, "fetch", "--quiet", "--tags", "--prune", address, "+refs/heads/*:refs/remotes/origin/*")
    if done.returncode != 0:
        raise RuntimeError(f"Could not fetch {repository}: {done.stderr.strip().replace(url, repository)}")
    return folder


def _default_branch(folder: Path, url: str) -> str:
    done = _git(folder, "ls-remote", "--symref", f"{url.rstrip('/').removesuffix('.git')}.git", "HEAD")
    first = done.stdout.partition("\n")[0]
    return first.split()[1].removeprefix("refs/heads/") if first.startswith("ref: ") else "main"


def _checkout(folder: Path, name: str, what: str) -> str:
    """Check a version out and return its commit.

    Raises:
        ValueError: if there is no such version.
    """
    done = _git(folder, "checkout", "--quiet", "--force", "--detach", name, "--")
    if done.returncode != 0:
        raise ValueError(f"Failed to checkout {what}: {done.stderr.strip()}")
    return _git(folder, "rev-parse", "HEAD").stdout.strip()


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        timeout=_TIMEOUT,
        stdin=subprocess.DEVNULL,
    )
