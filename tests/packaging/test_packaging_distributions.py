"""Every member of the workspace is a distribution that can be built, installed into an empty environment, and used there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_CONFIGURATION = tomllib.loads((_ROOT / "pyproject.toml").read_text())
_MEMBERS = [
    ".",
    *sorted(
        found.parent.relative_to(_ROOT).as_posix()
        for pattern in _CONFIGURATION["tool"]["uv"]["workspace"]["members"]
        for found in _ROOT.glob(f"{pattern}/pyproject.toml")
    ),
]


def run(*words: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command without any settings of lamindb, and return its stdout."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LAMIN", "PYTHON"))}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**inherited, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, f"{words} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def clean_copy(target: Path) -> Path:
    """Copy what a clone would hold: the files that git knows or would add."""
    if not (_ROOT / ".git").exists():
        pytest.skip("this is no clone, so what belongs to the project is not known")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=_ROOT)
    for name in filter(None, listed.split("\0")):
        if (_ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(_ROOT / name, target / name)
    return target


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel of each member, by folder."""
    source, built = clean_copy(tmp_path_factory.mktemp("clone")), tmp_path_factory.mktemp("wheels")
    found = {}
    for member in _MEMBERS:
        folder = built / member.replace("/", "-").replace(".", "root")
        run(
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            # an environment of its own for each build would be filled anew each time
            "--no-build-isolation",
            "--wheel-dir",
            folder,
            source / member,
            cwd=source,
        )
        (found[member],) = folder.glob("*.whl")
    return found


def test_each_member_builds_a_wheel_of_its_own(wheels: dict[str, Path]) -> None:
    names = {member: path.name.split("-")[0] for member, path in wheels.items()}
    assert names["."] == "lamindb" and names["core"] == "lamindb_core"
    assert {names["bionty_plugin"], names["plugins/s3"]} == {"bionty", "lamindb_s3"}
    assert len(set(names.values())) == len(_MEMBERS)
    for member, path in wheels.items():
        files = zipfile.ZipFile(path).namelist()
        assert any(name.endswith("licenses/LICENSE") for name in files), member
        assert member == "." or any(name.endswith("/py.typed") for name in files), member


def test_the_wheels_hold_licence_types_migrations_and_the_command(wheels: dict[str, Path]) -> None:
    core = zipfile.ZipFile(wheels["core"]).namelist()
    for wanted in (
        "lamindb/py.typed",
        "lamindb/migrations/0001_initial.py",
        "lamin_cli/__init__.py",
        "lamindb_setup/__init__.py",
    ):
        assert wanted in core
    assert any(name.endswith("licenses/LICENSE") for name in core)
    assert any(name.startswith("lamindb/plugins/skeleton/templates/") for name in core)
    assert not [name for name in core if name.startswith("tests") or "__pycache__" in name]
    root = zipfile.ZipFile(wheels["."]).namelist()
    assert all(".dist-info/" in name for name in root)


def test_only_the_core_in_an_empty_environment_does_the_main_job(wheels: dict[str, Path], tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=True)
    programs = tmp_path / "empty" / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", wheels["core"], cwd=tmp_path)
    installed = run(programs / "python", "-m", "pip", "list", "--format=freeze", cwd=tmp_path)
    assert "lamindb-core==0.1.0" in installed and "pytest" not in installed and "pyarrow" not in installed
    told = run(programs / "lamin", "demo", cwd=tmp_path, LAMIN_SETTINGS_DIR=str(tmp_path / "settings"))
    assert "raw/counts.csv" in told and "└── made by run" in told
    assert not (tmp_path / "settings").exists()  # the demo leaves the user's own settings alone


def test_the_first_command_of_the_readme_runs_in_a_clean_clone(tmp_path: Path) -> None:
    clone = clean_copy(tmp_path / "clone")
    (main_job, _) = re.findall(r"^```shell\n(.+)\n```$", (clone / "README.md").read_text(), flags=re.MULTILINE)
    told = run("bash", "-c", main_job, cwd=clone, HOME=str(tmp_path))
    assert "from Artifact raw/counts.csv" in told and "batches; the first" in told


def test_the_repository_names_no_package_index_and_holds_no_lock_file() -> None:
    files = [name for name in run("git", "ls-files", cwd=_ROOT).splitlines() if (_ROOT / name).is_file()]
    assert not [name for name in files if Path(name).name in ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")]
    named = [name for name in files if re.search(r"index-url|https?://[^\s'\"]*/simple\b", _text(_ROOT / name))]
    assert named in ([], [Path(__file__).relative_to(_ROOT).as_posix()])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("member", _MEMBERS)
def test_dependencies_have_lower_bounds_only(member: str) -> None:
    project: dict[str, Any] = tomllib.loads((_ROOT / member / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11" and project["license"] == "Apache-2.0"
    extras = [requirement for extra in project.get("optional-dependencies", {}).values() for requirement in extra]
    for requirement in [*project["dependencies"], *extras]:
        assert re.fullmatch(r"[A-Za-z0-9_.-]+(\[[a-z0-9,]+\])?>=[0-9.]+", requirement), requirement
