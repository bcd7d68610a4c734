"""Two processes that make artifacts of one key at once end with one family, one latest version, and the right bytes everywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

_MAKE = """
import sys, time
from pathlib import Path
import lamindb as ln
folder, name = Path({folder!r}), sys.argv[1]
path = folder / f"{{name}}.txt"
path.write_text("content of " + name)
artifact = ln.Artifact(path, key="shared.txt", run=False)
(folder / f"ready-{{name}}").touch()
while len(list(folder.glob("ready-*"))) < {n}:
    time.sleep(0.01)
{save}
"""


@pytest.mark.parametrize(
    "save",
    ["artifact.save()", "ln.save([artifact, ln.Artifact(path, key=name + '.txt', skip_hash_lookup=True, run=False)])"],
)
@pytest.mark.parametrize("with_first", [False, True])
def test_writers_of_one_key_make_one_family(instance: Any, tmp_path: Path, with_first: bool, save: str) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    n_before = 0
    if with_first:
        (folder / "first").write_text("first")
        (tmp_path / "first.txt").write_text("content of first")
        ln.Artifact(tmp_path / "first.txt", key="shared.txt", run=False).save()
        n_before = 1
    code = _MAKE.format(folder=str(folder), n=3, save=save)
    import os

    environment = {**os.environ, "LAMIN_CURRENT_INSTANCE": instance.slug}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, name],
            env=environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two", "three")
    ]
    for child in children:
        _, errors = child.communicate(timeout=120)
        assert child.returncode == 0, errors[-2000:]
    versions = ln.Artifact.filter(key="shared.txt")
    assert versions.count() == 3 + n_before
    assert (
        len({version.stem_uid for version in versions}) == 1
        and len({version.uid for version in versions}) == 3 + n_before
    )
    assert versions.filter(is_latest=True).count() == 1
    texts = {version.path.read_text() for version in versions}
    assert texts >= {"content of one", "content of two", "content of three"}
    assert ln.doctor(verify=True).findings == []
