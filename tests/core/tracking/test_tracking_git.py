"""Scripts are found in the git repository that source code is synchronised with; the remote is a real repository behind an https address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

URL = "https://example.org/lab/analyses"
SCRIPT = "import lamindb as ln\nln.track()\nln.finish()\n"


class Repository:
    """A working copy whose remote is a bare repository on disk that git takes for `URL`."""

    def __init__(self, folder: Path) -> None:
        self.remote, self.copy = folder / "remote.git", folder / "copy"
        config = folder / "gitconfig"
        config.write_text(
            f'[user]\n  name = A\n  email = a@b.c\n[init]\n  defaultBranch = main\n[url "file://{self.remote}"]\n  insteadOf = {URL}.git\n'
        )
        self.environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": str(config),
            "GIT_CONFIG_SYSTEM": os.devnull,
            "LAMINDB_SYNC_GIT_REPO": f"{URL}.git",
        }
        self.git("init", "--quiet", "--bare", str(self.remote), cwd=folder)
        self.git("clone", "--quiet", f"{URL}.git", str(self.copy), cwd=folder)

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=cwd or self.copy, env=self.environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, name: str, text: str, *, push: bool = True) -> str:
        path = self.copy / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "step")
        if push:
            self.git("push", "--quiet", "origin", "HEAD")
        return self.git("rev-parse", "HEAD")

    def run(self, path: Path) -> Any:
        return subprocess.run(
            [sys.executable, str(path)], env=self.environment, capture_output=True, text=True, timeout=120
        )


@pytest.fixture
def repository(tmp_path: Path, sqlite_instance: Any) -> Repository:
    return Repository(tmp_path)


def test_a_pushed_script_refers_to_the_first_commit_that_holds_it(repository: Repository) -> None:
    first = repository.commit("src/count.py", SCRIPT)
    repository.commit("README.md", "later")
    done = repository.run(repository.copy / "src" / "count.py")
    assert done.returncode == 0, done.stdout + done.stderr
    transform = ln.Transform.get(key="count.py")
    assert transform.reference == f"{URL}/blob/{first}/src/count.py"
    assert transform.reference_type == "url"


def test_a_script_that_came_with_a_merge_is_found(repository: Repository) -> None:
    repository.commit("README.md", "start")
    repository.git("checkout", "--quiet", "-b", "side")
    side = repository.commit("count.py", SCRIPT)
    repository.git("checkout", "--quiet", "main")
    repository.commit("other.txt", "x")
    repository.git("merge", "--quiet", "--no-edit", "side")
    repository.git("push", "--quiet", "origin", "main")
    done = repository.run(repository.copy / "count.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert ln.Transform.get(key="count.py").reference == f"{URL}/blob/{side}/count.py"


def test_a_script_that_was_not_pushed_is_refused_and_nothing_is_written(repository: Repository) -> None:
    repository.commit("README.md", "start")
    repository.commit("count.py", SCRIPT, push=False)
    done = repository.run(repository.copy / "count.py")
    assert done.returncode == 1
    assert "BlobHashNotFound" in done.stderr and "commit & push" in done.stderr
    assert ln.Transform.filter().count() == ln.Run.filter().count() == 0


def test_a_script_outside_of_any_working_copy_is_looked_up_in_a_clone(repository: Repository, tmp_path: Path) -> None:
    commit = repository.commit("count.py", SCRIPT)
    (tmp_path / "elsewhere").mkdir()
    script = tmp_path / "elsewhere" / "count.py"
    script.write_text(SCRIPT)
    repository.environment["LAMIN_CACHE_DIR"] = str(tmp_path / "cache")
    done = repository.run(script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ln.Transform.get(key="count.py").reference == f"{URL}/blob/{commit}/count.py"
