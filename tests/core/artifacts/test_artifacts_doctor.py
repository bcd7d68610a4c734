"""`ln.doctor` and `lamin doctor`: what they find, what a repair does, and what it leaves alone."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


@pytest.fixture
def root(instance: Any) -> Path:
    return Path(instance.storage.root_as_str)


def _artifact(folder: Path, name: str, text: str) -> Any:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return ln.Artifact(folder / name, key=name, run=False).save()


def test_a_healthy_instance_has_no_findings(instance: Any, tmp_path: Path, count_queries: Any) -> None:
    for number in range(5):
        _artifact(tmp_path / "work", f"{number}.txt", str(number))
    ln.doctor()
    with count_queries() as queries:
        report = ln.doctor(verify=True)
    assert report.is_healthy and report.findings == [] and report.n_artifacts == 5
    assert "healthy" in str(report) and "every byte read" in str(report)
    assert len(queries) <= 6


def test_missing_changed_and_unreferenced_data_is_found(root: Path, tmp_path: Path) -> None:
    gone, longer, changed, folder = (_artifact(tmp_path / "work", f"{n}.txt", "12345" + n) for n in "abcd")
    gone.path.unlink()
    longer.path.write_text("longer than before")
    changed.path.write_text("54321c")
    stray = root / ".lamindb" / "stray.txt"
    stray.write_text("who am I?")
    report = ln.doctor()
    assert {finding.problem for finding in report.findings} == {"missing-file", "wrong-size", "file-without-record"}
    report = ln.doctor(verify=True, repair=True)
    found = {finding.problem: finding for finding in report.findings}
    assert gone.uid in found["missing-file"].subject and longer.uid in found["wrong-size"].subject
    assert changed.uid in found["wrong-hash"].subject and str(stray) == found["file-without-record"].subject
    assert stray.exists() and len(report.remaining) == 4, "nothing of this is mended without a clear word"
    ln.doctor(repair=True, delete_unreferenced=True)
    assert not stray.exists() and folder.path.exists()


def test_saving_the_data_again_mends_a_missing_file(root: Path, tmp_path: Path) -> None:
    artifact = _artifact(tmp_path / "work", "a.txt", "content")
    artifact.path.unlink()
    again = ln.Artifact(tmp_path / "work" / "a.txt", key="a.txt", run=False).save()
    assert again.uid == artifact.uid and artifact.path.read_text() == "content"
    assert ln.doctor(verify=True).findings == []


def test_broken_version_families_are_settled(instance: Any, tmp_path: Path) -> None:
    first = _artifact(tmp_path / "work", "a.txt", "1")
    second = _artifact(tmp_path / "work", "a.txt", "2")
    other = _artifact(tmp_path / "work", "b.txt", "3")
    ln.Artifact.filter(uid__in=[first.uid]).update(is_latest=True)
    ln.Artifact.filter(uid__in=[other.uid]).update(is_latest=False)
    findings = ln.doctor().of("broken-version-family")
    assert {finding.details.split()[0] for finding in findings} == {"2", "no"}
    assert ln.doctor(repair=True).is_healthy
    assert ln.Artifact.filter(is_latest=True).order_by("key").to_list("uid") == [second.uid, other.uid]


def test_what_a_living_process_is_storing_is_left_alone(root: Path, tmp_path: Path) -> None:
    from lamindb.artifacts import staging

    (tmp_path / "x.txt").write_text("1")
    staged = staging.stage(tmp_path / "x.txt", root, "a" * 20)
    assert ln.doctor(repair=True, delete_unreferenced=True).findings == [] and staged.exists()
    dead = staged.with_name(f"{'b' * 20}-{staged.name.split('-')[1]}-{2**22 + 1}-abcdefgh")
    staged.rename(dead)
    (finding,) = ln.doctor(repair=True).findings
    assert finding.problem == "staging-leftover" and dead.exists(), "it may be the only copy"
    assert ln.doctor(repair=True, delete_unreferenced=True).is_healthy and not dead.exists()


def test_old_left_overs_in_the_cache_go(instance: Any) -> None:
    objects = Path(str(ln.settings.cache_dir)) / "objects"
    objects.mkdir(exist_ok=True)
    old, new = objects / "old.parquet", objects / "new.parquet"
    for path in (old, new):
        path.write_text("1")
    os.utime(old, (time.time() - 2 * 86400,) * 2)
    assert ln.doctor(repair=True).of("cache-leftover")[0].subject == str(old)
    assert not old.exists() and new.exists()
    new.unlink()


def test_runs_of_dead_processes_are_aborted(instance: Any, run_python: Any) -> None:
    code = "import os, signal, lamindb as ln\nln.track(transform=ln.Transform(key='x', kind='pipeline').save())\nos.kill(os.getpid(), signal.SIGKILL)"
    run_python(code, check=False, env={"LAMIN_CURRENT_INSTANCE": instance.slug})
    assert [finding.subject for finding in ln.doctor().findings] == [ln.Run.filter().one().uid]
    assert ln.Run.filter().one().status == "started"
    assert ln.doctor(repair=True).is_healthy and ln.Run.filter().one().status == "aborted"


def test_a_location_of_another_machine_is_said_to_be_out_of_reach(instance: Any, tmp_path: Path) -> None:
    storage = ln.Storage(tmp_path / "disk").save()
    (tmp_path / "x.txt").write_text("1")
    ln.Artifact(tmp_path / "x.txt", key="x.txt", storage=storage, run=False).save()
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    (finding,) = ln.doctor(repair=True, delete_unreferenced=True).findings
    assert finding.problem == "unreachable-storage" and "1 artifacts" in finding.details
    (tmp_path / "unplugged").rename(tmp_path / "disk")
    assert ln.doctor(verify=True).is_healthy


def test_the_command_prints_a_report_and_tells_by_its_exit_code(instance: Any, root: Path, capsys: Any) -> None:
    from lamindb.cli.app import run

    assert run(["doctor"]) == 0 and "is healthy" in capsys.readouterr().out
    (root / ".lamindb" / "stray[1].txt").write_text("1")
    assert run(["doctor", "--repair"]) == 1
    out = capsys.readouterr().out
    assert "stray[1].txt" in out and "--delete-unreferenced" in out and "may be the only copy" in out
    assert run(["doctor", "--json"]) == 1
    values = json.loads(capsys.readouterr().out)
    assert values["findings"][0]["problem"] == "file-without-record" and values["is_healthy"] is False
    assert run(["doctor", "--delete-unreferenced"]) == 2
    assert run(["doctor", "--repair", "--delete-unreferenced"]) == 0
    assert not (root / ".lamindb" / "stray[1].txt").exists()


def test_the_search_index_is_built_by_the_command(instance: Any, capsys: Any) -> None:
    from lamindb.cli.app import run

    code = run(["doctor", "--build-search-index", "ulabel"])
    output = capsys.readouterr()
    if instance.vendor == "postgresql":
        assert code == 0 and "ULabel" in output.out
        assert run(["doctor", "--drop-search-index", "ulabel"]) == 0
    else:
        assert code == 1 and "PostgreSQL" in output.err
    assert run(["doctor", "--build-search-index", "ulabl"]) == 1 and "'ulabel'" in capsys.readouterr().err


def test_deleting_without_repairing_is_refused(instance: Any) -> None:
    with pytest.raises(ValueError, match="repair=True"):
        ln.doctor(delete_unreferenced=True)
