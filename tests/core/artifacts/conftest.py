"""Fixtures for files to register, for killing a process in a named step of the pipeline, and for what has to hold afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.artifacts.content import read_content
from lamindb.artifacts.doctor_unfinished import is_unfinished
from lamindb.artifacts.keys import storage_key
from lamindb.storage.markers import is_own_file

#: Code of a child process: it dies before or after the n-th call of a function, or in the middle of copying a file.
KILL = """
import os, signal
from importlib import import_module

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def kill_at(where, when="before", number=1):
    module, _, name = where.rpartition(".")
    owner = import_module(module)
    original, calls = getattr(owner, name), []

    def wrapped(*args, **kwargs):
        calls.append(1)
        if len(calls) < number:
            return original(*args, **kwargs)
        if when == "before":
            die()
        if when == "halfway":
            with open(args[0], "rb") as source, open(args[1], "wb") as target:
                target.write(source.read()[:3])
                target.flush()
            die()
        original(*args, **kwargs)
        die()

    setattr(owner, name, wrapped)
"""


def assert_nothing_is_lost_or_hidden(root: str | Path) -> Any:
    """Every complete record has its bytes, everything else is in the doctor's report; return the report."""
    report = ln.doctor()
    subjects = " ".join(f"{finding.subject} {finding.details}" for finding in report.findings)
    referenced = set()
    for artifact in ln.models.Artifact._base_manager.filter(storage__root=str(root)).select_related("storage"):
        referenced.add(storage_key(artifact))
        if is_unfinished(artifact):
            assert artifact.uid in subjects, f"{artifact} is unfinished, and the doctor does not say so"
        elif not (artifact._overwrite_versions and not artifact.is_latest):
            content = read_content(Path(artifact.path), verify=True)
            assert content.hash == artifact.hash, f"{artifact} has other bytes than it says"
    managed = Path(root) / ".lamindb"
    for path in [*managed.iterdir(), *(managed / "_staging").glob("*")]:
        if is_own_file(path.name) or f".lamindb/{path.name}" in referenced:
            continue
        assert str(path) in subjects or path.name.partition("-")[0] in subjects, f"nobody knows of {path}"
    return report


def assert_healthy_after_repair() -> None:
    """A repair that may delete what nobody refers to leaves nothing to mend."""
    report = ln.doctor(repair=True, delete_unreferenced=True)
    assert report.is_healthy, [(finding.problem, finding.details, finding.outcome) for finding in report.remaining]
    assert ln.doctor(verify=True).findings == []


@pytest.fixture
def kill_code() -> str:
    """Code that defines `kill_at(where, when, number)`."""
    return KILL


@pytest.fixture
def check_nothing_is_lost() -> Callable[..., Any]:
    return assert_nothing_is_lost_or_hidden


@pytest.fixture
def check_healthy_after_repair() -> Callable[[], None]:
    return assert_healthy_after_repair


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes files of the test: name below its folder, and text."""

    def make(name: str, text: str = "x") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return make
