"""Killing the process while an artifact is stored: nothing half-stored is taken for complete, and running again completes it."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

_SAVE = """
import os, signal
import lamindb as ln
from lamindb.artifacts import staging
{kill}
ln.Artifact({path!r}, key="x.bin").save()
"""
#: where the process dies: after staging, after the row, after the promotion
_KILLS = {
    "after_staging": "stage = staging.stage\ndef die(*a):\n    stage(*a)\n    os.kill(os.getpid(), signal.SIGKILL)\nstaging.stage = die",
    "before_promotion": "def die(*a):\n    os.kill(os.getpid(), signal.SIGKILL)\nstaging.promote = die",
    "after_promotion": "promote = staging.promote\ndef die(*a):\n    promote(*a)\n    os.kill(os.getpid(), signal.SIGKILL)\nstaging.promote = die",
}


@pytest.mark.parametrize("step", _KILLS)
def test_a_killed_save_is_completed_by_running_again(step: str, instance: Any, tmp_path: Path, run_python: Any) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(b"0123456789" * 1000)
    code = _SAVE.format(kill=_KILLS[step], path=str(path))
    environment = {"LAMIN_CURRENT_INSTANCE": instance.slug}
    assert run_python(code, check=False, env=environment).returncode == -signal.SIGKILL
    for artifact in ln.Artifact.filter():
        assert artifact._storage_ongoing, "a record whose bytes may be missing must say so"
    run_python(_SAVE.format(kill="", path=str(path)), env=environment)
    artifact = ln.Artifact.filter().one()
    assert not artifact._storage_ongoing and artifact.path.read_bytes() == path.read_bytes()


def test_a_storage_that_cannot_be_written_leaves_no_record(instance: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(b"1")
    staging = Path(instance.storage.root_as_str) / ".lamindb" / "_staging"
    staging.write_text("a file stands where the folder should be")
    artifact = ln.Artifact(path, key="x.bin")
    with pytest.raises(OSError):
        artifact.save()
    assert ln.Artifact.filter().count() == 0
    staging.unlink()
    artifact.save()
    assert artifact.path.read_bytes() == b"1"


def test_bytes_stay_when_the_deletion_is_rolled_back(instance: Any, tmp_path: Path) -> None:
    from django.db import transaction

    made = []
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
        made.append(ln.Artifact(tmp_path / name, key=name).save())
    with pytest.raises(RuntimeError), transaction.atomic():
        ln.Artifact.filter().delete(permanent=True)
        raise RuntimeError("something later in the same transaction fails")
    assert [artifact.path.read_text() for artifact in ln.Artifact.filter().order_by("id")] == ["a.txt", "b.txt"]
    ln.Artifact.filter().delete(permanent=True)
    assert ln.Artifact.filter().count() == 0 and not any(artifact.path.exists() for artifact in made)
