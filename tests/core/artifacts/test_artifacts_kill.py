"""SIGKILL in every step of saving, replacing, moving and deleting: nothing lost, nothing hidden, and running again completes."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

_STAGING, _STORING = "lamindb.artifacts.staging", "lamindb.artifacts.storing"


@dataclass(frozen=True)
class Scenario:
    """What is there before, the code that is killed and run again, and what must be true in the end."""

    prepare: Callable[[Path], None]
    code: str
    check: Callable[[Path], None]


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _first_version(folder: Path) -> None:
    ln.Artifact(_write(folder / "x.txt", "first"), key="x.txt", run=False).save()
    _write(folder / "x.txt", "second, longer")


def _check_versions(folder: Path) -> None:
    versions = ln.Artifact.filter(key="x.txt").order_by("id")
    assert [version.path.read_text() for version in versions] == ["first", "second, longer"]
    assert [version.is_latest for version in versions] == [False, True]


_SAVE = Scenario(_first_version, "ln.Artifact(folder / 'x.txt', key='x.txt', run=False).save()", _check_versions)


def _first_folder(folder: Path) -> None:
    for name in "ab":
        _write(folder / "data" / f"{name}.txt", f"{name} first")
    ln.Artifact(folder / "data", key="data", run=False).save()
    _write(folder / "data" / "a.txt", "a second")
    _write(folder / "data" / "c.txt", "c second")


def _check_folder(folder: Path) -> None:
    latest = ln.Artifact.get(key="data")
    texts = {path.name: path.read_text() for path in latest.path.iterdir()}
    assert texts == {"a.txt": "a second", "b.txt": "b first", "c.txt": "c second"}
    assert latest.n_files == 3 and latest.versions.count() == 2


_FOLDER = Scenario(_first_folder, "ln.Artifact(folder / 'data', key='data', run=False).save()", _check_folder)


def _to_be_replaced(folder: Path) -> None:
    ln.Artifact(_write(folder / "x.txt", "old"), key="x.txt", run=False).save()
    _write(folder / "y.tsv", "new content")


def _check_replaced(folder: Path) -> None:
    artifact = ln.Artifact.filter().one()
    assert artifact.path.read_text() == "new content" and artifact.suffix == ".tsv" and artifact.key == "x.tsv"
    assert artifact._aux is None


_REPLACE = Scenario(
    _to_be_replaced,
    "artifact = ln.Artifact.filter().one()\nartifact.replace(folder / 'y.tsv', run=False)\nartifact.save()",
    _check_replaced,
)


def _real_key(folder: Path) -> None:
    root = Path(ln.setup.settings.instance.storage.root_as_str)
    ln.Artifact(_write(root / "raw" / "x.txt", "content"), run=False).save()


def _check_moved(folder: Path) -> None:
    artifact = ln.Artifact.filter().one()
    assert artifact.key == "tidy/x.txt" and artifact.path.read_text() == "content" and artifact._aux is None
    assert not (Path(artifact.storage.root) / "raw" / "x.txt").exists()


_MOVE = Scenario(
    _real_key,
    "artifact = ln.Artifact.filter().one()\nartifact.key = 'tidy/x.txt'\nartifact.save(move=True)",
    _check_moved,
)


def _two_storages(folder: Path) -> None:
    ln.Storage(folder / "other").save()
    ln.Artifact(_write(folder / "x.txt", "content"), key="x.txt", run=False).save()


def _check_other_storage(folder: Path) -> None:
    artifact = ln.Artifact.filter().one()
    assert artifact.storage.root == str((folder / "other").resolve()) and artifact.path.read_text() == "content"
    assert artifact._aux is None


_STORAGE = Scenario(
    _two_storages,
    "artifact = ln.Artifact.filter().one()\nartifact.storage = ln.Storage.filter(root__endswith='other').one()\nartifact.save(move=True)",
    _check_other_storage,
)


def _check_deleted(folder: Path) -> None:
    root = Path(ln.setup.settings.instance.storage.root_as_str)
    assert ln.Artifact.filter().count() == 0
    assert not (root / "raw" / "x.txt").exists() and not list((root / ".lamindb" / "_staging").glob("*"))


_DELETE = Scenario(
    _real_key,
    "for artifact in ln.Artifact.filter(): artifact.delete(permanent=True, storage=True)\nln.doctor(repair=True)",
    _check_deleted,
)


def _many(folder: Path) -> None:
    for number in range(5):
        _write(folder / "many" / f"{number}.txt", f"file {number}")


def _check_many(folder: Path) -> None:
    artifacts = ln.Artifact.filter().order_by("key")
    assert [artifact.path.read_text() for artifact in artifacts] == [f"file {number}" for number in range(5)]


_BULK = Scenario(_many, "ln.Artifact.from_dir(folder / 'many', run=False).save()", _check_many)

_STEPS = [
    *[
        (scenario, where, when, number)
        for scenario in ("save", "folder", "replace")
        for where, when, number in (
            (f"{_STAGING}.copy_file", "halfway", 1),
            (f"{_STAGING}.stage", "after", 1),
            (f"{_STAGING}.promote", "before", 1),
            (f"{_STAGING}.promote", "after", 1),
        )
    ],
    ("folder", f"{_STAGING}.copy_file", "halfway", 2),
    ("folder", f"{_STAGING}._exchange", "after", 1),
    ("replace", "lamindb.artifacts.replacing.finish", "before", 1),
    ("replace", "lamindb.artifacts.replacing._remove", "after", 1),
    ("move", "lamindb.artifacts.moving._move_bytes", "before", 1),
    ("move", "lamindb.artifacts.moving._move_bytes", "after", 1),
    ("storage", f"{_STAGING}.copy_file", "halfway", 1),
    ("storage", f"{_STAGING}.stage", "after", 1),
    ("storage", "lamindb.artifacts.moving._move_bytes", "before", 1),
    ("storage", f"{_STAGING}.promote", "after", 1),
    ("storage", "lamindb.artifacts.moving._clear_note", "before", 1),
    ("delete", "lamindb.artifacts.deletion._delete_rows", "before", 1),
    ("delete", "lamindb.artifacts.deletion._delete_rows", "after", 1),
    ("delete", "lamindb.artifacts.deletion.delete_bytes", "before", 1),
    ("delete", "lamindb.artifacts.deletion.delete_bytes", "after", 1),
    ("bulk", f"{_STAGING}.copy_file", "halfway", 3),
    ("bulk", "lamindb.artifacts.bulk_storing._promote_all", "before", 1),
    ("bulk", f"{_STAGING}.promote", "after", 1),
    ("bulk", "lamindb.artifacts.bulk_storing._complete", "before", 1),
]
_SCENARIOS = {
    "save": _SAVE,
    "folder": _FOLDER,
    "replace": _REPLACE,
    "move": _MOVE,
    "storage": _STORAGE,
    "delete": _DELETE,
    "bulk": _BULK,
}


@pytest.fixture
def kill(run_python: Any, kill_code: str) -> Callable[..., None]:
    """Run the code of a scenario in a process that dies in a step."""

    def run(scenario: Scenario, where: str, when: str, number: int, folder: Path, slug: str) -> None:
        code = (
            f"{kill_code}\nfrom pathlib import Path\nimport lamindb as ln\nfolder = Path({str(folder)!r})\n"
            f"kill_at({where!r}, {when!r}, {number})\n{scenario.code}"
        )
        done = run_python(code, check=False, env={"LAMIN_CURRENT_INSTANCE": slug})
        assert done.returncode == -signal.SIGKILL, f"it did not die in {where}:\n{done.stderr[-2000:]}"

    return run


def _prepare(scenario: Scenario, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    scenario.prepare(folder)
    return Path(ln.setup.settings.instance.storage.root_as_str)


@pytest.mark.parametrize(("name", "where", "when", "number"), _STEPS)
def test_running_again_completes_what_was_killed(
    name: str,
    where: str,
    when: str,
    number: int,
    sqlite_instance: Any,
    tmp_path: Path,
    kill: Any,
    check_nothing_is_lost: Any,
    check_healthy_after_repair: Any,
) -> None:
    scenario, folder = _SCENARIOS[name], tmp_path / "work"
    root = _prepare(scenario, folder)
    kill(scenario, where, when, number, folder, sqlite_instance.slug)
    check_nothing_is_lost(root)
    exec(scenario.code, {"ln": ln, "folder": folder})
    scenario.check(folder)
    check_healthy_after_repair()


@pytest.mark.parametrize(
    ("name", "where", "when", "number"),
    [step for step in _STEPS if step[1].endswith((".promote", "._move_bytes", "._promote_all", "._remove"))],
)
def test_the_doctor_finishes_or_undoes_what_was_killed(
    name: str,
    where: str,
    when: str,
    number: int,
    sqlite_instance: Any,
    tmp_path: Path,
    kill: Any,
    check_nothing_is_lost: Any,
    check_healthy_after_repair: Any,
) -> None:
    scenario, folder = _SCENARIOS[name], tmp_path / "work"
    root = _prepare(scenario, folder)
    before = {artifact.uid: artifact.hash for artifact in ln.Artifact.filter()}
    kill(scenario, where, when, number, folder, sqlite_instance.slug)
    kept = ln.doctor(repair=True)
    assert [finding.problem for finding in kept.remaining if not finding.deletes_data] == []
    check_nothing_is_lost(root)
    assert set(before) <= set(ln.Artifact.filter().to_list("uid")), "a previous version is gone"
    check_healthy_after_repair()
    exec(scenario.code, {"ln": ln, "folder": folder})
    scenario.check(folder)


@pytest.mark.parametrize("name", ["save", "replace"])
def test_a_kill_before_the_promotion_is_mended_on_every_database(
    name: str, instance: Any, tmp_path: Path, kill: Any, check_nothing_is_lost: Any, check_healthy_after_repair: Any
) -> None:
    scenario, folder = _SCENARIOS[name], tmp_path / "work"
    root = _prepare(scenario, folder)
    kill(scenario, f"{_STAGING}.promote", "before", 1, folder, instance.slug)
    report = check_nothing_is_lost(root)
    assert [finding.problem for finding in report.findings] == [
        "unfinished-upload" if name == "save" else "unfinished-replacement"
    ]
    exec(scenario.code, {"ln": ln, "folder": folder})
    scenario.check(folder)
    check_healthy_after_repair()
