"""Which packages a run had: lockfiles of pixi and uv, and what the client of another language left."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

TRACK = "import lamindb as ln\nln.track()\nln.finish()\n"


def run_in(prefix: Path, script: Path) -> subprocess.CompletedProcess[str]:
    """Run a script with the Python of an environment, which finds the packages of this process."""
    return subprocess.run(
        [str(prefix / "bin" / "python"), str(script)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        cwd=script.parent,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def project(folder: Path, environment: str, manager: str | None) -> tuple[Path, Path]:
    """Make a project with an environment; return its folder and a script."""
    folder.mkdir()
    prefix = folder / environment
    venv.create(prefix, with_pip=False)
    if manager is not None:
        with (prefix / "pyvenv.cfg").open("a") as settings:
            settings.write(f"{manager} = 0.9.1\n")
    script = folder / "analysis.py"
    script.write_text(TRACK)
    return prefix, script


@pytest.mark.skipif(os.name == "nt", reason="environments have another layout on Windows")
def test_the_lockfile_is_stored_where_pixi_or_uv_manages_the_environment(sqlite_instance: Any, tmp_path: Path) -> None:
    prefix, script = project(tmp_path / "with uv", ".venv", "uv")
    (script.parent / "uv.lock").write_text('[[package]]\nsource = "https://me:pass1234@host/wheels"\n')
    done = run_in(prefix, script)
    assert done.returncode == 0, done.stderr
    environment = ln.Run.get(transform__key="analysis.py").environment
    assert (environment.description, environment.suffix, environment.kind) == ("uv.lock", ".lock", "__lamindb_run__")
    assert "[[package]]" in environment.path.read_text() and "pass1234" not in environment.path.read_text()

    prefix, script = project(tmp_path / "with pixi", ".pixi/envs/default", None)
    (script.parent / "pixi.lock").write_text("version: 6\n")
    script = script.rename(script.with_name("other.py"))
    script.write_text(TRACK + "print(1)\n")
    done = run_in(prefix, script)
    assert done.returncode == 0, done.stderr
    environment = ln.Run.get(transform__key="other.py").environment
    assert environment.description == "pixi.lock" and environment.path.read_text() == "version: 6\n"


def test_only_environments_of_pixi_and_uv_have_a_lockfile(tmp_path: Path) -> None:
    from lamindb.tracking.environment import find_lockfile

    prefix, script = project(tmp_path / "plain", ".venv", None)
    (script.parent / "uv.lock").write_text("version = 1\n")
    assert find_lockfile(prefix) is None
    assert find_lockfile(tmp_path / "nowhere") is None
    prefix, script = project(tmp_path / "unlocked", ".venv", "uv")
    assert find_lockfile(prefix) is None
    (script.parent / "uv.lock").write_text("version = 1\n")
    assert find_lockfile(prefix) == script.parent / "uv.lock"


def test_a_lockfile_that_cannot_be_read_is_told_and_packages_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lamindb.tracking.environment import environment

    prefix, script = project(tmp_path / "broken", ".venv", "uv")
    (script.parent / "uv.lock").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setattr(sys, "prefix", str(prefix))
    environment.cache_clear()
    try:
        with pytest.warns(UserWarning, match=r"uv\.lock can't be read"):
            packages = environment()
        assert packages.name == "requirements.txt" and "lamindb-core" in packages.text
    finally:
        environment.cache_clear()


def test_what_the_client_of_r_left_is_the_environment_of_the_run(sqlite_instance: Any) -> None:
    ln.track(key="analysis.R", source_code="library(lamindb)")
    run = ln.context.run
    folder = Path(ln.settings.cache_dir) / "environments" / f"run_{run.uid}"
    folder.mkdir(parents=True)
    (folder / "r_environment.txt").write_text("R version 4.4.1\n")
    ln.finish()
    run = ln.Run.get(run.uid)
    assert run.environment.description == "r_environment.txt"
    assert run.environment.path.read_text() == "R version 4.4.1\n"
    assert run.transform.environment == run.environment
    assert not (folder / "r_environment.txt").exists()
