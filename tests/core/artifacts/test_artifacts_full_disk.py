"""A disk without room, a target that can't be written, and files that change under the hands: no record without data."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

_SIZE = 3 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for 2 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("file systems can't be mounted here; the limit of file sizes below tests the same")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


def _big(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * _SIZE)
    return path


@pytest.mark.parametrize("kind", ["file", "folder", "many", "replace", "move"])
def test_a_full_disk_leaves_nothing_behind(
    kind: str, sqlite_instance: Any, tmp_path: Path, small_disk: Path, check_nothing_is_lost: Any
) -> None:
    storage = ln.Storage(small_disk / "store").save()
    big = _big(tmp_path / "work" / "big.bin")
    (tmp_path / "work" / "small.bin").write_text("small")
    small = ln.Artifact(tmp_path / "work" / "small.bin", key="small.bin", storage=storage).save()
    with pytest.raises((OSError, RuntimeError), match="No space left"):
        if kind == "file":
            ln.Artifact(big, key="big.bin", storage=storage).save()
        elif kind == "folder":
            ln.Artifact(big.parent, key="folder", storage=storage).save()
        elif kind == "many":
            ln.save([ln.Artifact(big, key=f"{n}.bin", storage=storage, skip_hash_lookup=True) for n in range(2)])
        elif kind == "replace":
            small.replace(big)
            small.save()
        else:
            moved = ln.Artifact(big, key="big.bin").save()
            moved.storage = storage
            moved.save(move=True)
    check_nothing_is_lost(small_disk / "store")
    assert ln.doctor(verify=True).findings == []
    assert ln.Artifact.get(key="small.bin").path.read_text() == "small"
    if kind == "move":
        assert ln.Artifact.get(key="big.bin").path.stat().st_size == _SIZE
    else:
        assert ln.Artifact.filter().count() == 1


def test_a_limit_of_file_sizes_is_like_a_full_disk(
    instance: Any, tmp_path: Path, run_python: Any, check_nothing_is_lost: Any
) -> None:
    big = _big(tmp_path / "work" / "big.bin")
    code = f"""
import resource
import lamindb as ln
artifact = ln.Artifact({str(big)!r}, key="big.bin", run=False)
resource.setrlimit(resource.RLIMIT_FSIZE, ({_SIZE // 2}, resource.RLIM_INFINITY))
try:
    artifact.save()
except OSError as error:
    print("refused:", error.strerror)
assert ln.Artifact.filter().count() == 0
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
artifact.save()
"""
    done = run_python(code, env={"LAMIN_CURRENT_INSTANCE": instance.slug})
    assert "refused: File too large" in done.stdout
    assert ln.Artifact.get(key="big.bin").path.stat().st_size == _SIZE
    check_nothing_is_lost(instance.storage.root_as_str)
    assert ln.doctor(verify=True).findings == []


@pytest.mark.parametrize("many", [False, True])
def test_a_file_that_changes_while_it_is_stored_is_not_stored(
    many: bool, instance: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    from lamindb.artifacts import staging

    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for path in paths:
        path.write_text("before")
        path.write_text(f"before {path.name}")
    artifacts = [ln.Artifact(path, key=path.name) for path in paths]
    original = staging.copy_file

    def changed_meanwhile(source: Any, target: Any) -> None:
        original(source, target)
        if Path(source) == paths[0]:
            paths[0].write_text("bEFORE 0.txt")  # of the same size

    monkeypatch.setattr(staging, "copy_file", changed_meanwhile)
    with pytest.raises((OSError, RuntimeError), match="changed while it was stored"):
        ln.save(artifacts) if many else artifacts[0].save()
    assert ln.Artifact.filter().count() == 0 and ln.doctor().findings == []


def test_a_location_that_cannot_be_written_gets_no_record(instance: Any, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("1")
    staging = Path(instance.storage.root_as_str) / ".lamindb" / "_staging"
    staging.write_text("a file stands where the folder should be")
    artifacts = [ln.Artifact(tmp_path / "x.txt", key=f"{n}.txt", skip_hash_lookup=True) for n in range(2)]
    with pytest.raises(OSError):
        ln.save(artifacts)
    assert ln.Artifact.filter().count() == 0
    staging.unlink()
    ln.save(artifacts)
    assert ln.Artifact.filter().count() == 2


def test_a_disk_that_became_read_only_changes_nothing(
    sqlite_instance: Any, tmp_path: Path, small_disk: Path, check_nothing_is_lost: Any
) -> None:
    storage = ln.Storage(small_disk / "store").save()
    paths = {name: tmp_path / f"{name}.txt" for name in ("kept", "new", "other")}
    for name, path in paths.items():
        path.write_text(name)
    kept = ln.Artifact(paths["kept"], key="kept.txt", storage=storage, run=False).save()
    deleted = ln.Artifact(paths["other"], key="deleted.txt", storage=storage, run=False).save()
    real = small_disk / "store" / "real.txt"
    real.write_text("real")
    in_place = ln.Artifact(real, run=False).save()
    _mount_as(small_disk, "ro")
    try:
        new = ln.Artifact(paths["new"], key="new.txt", storage=storage, run=False)
        with pytest.raises(OSError, match="Read-only file system"):
            new.save()
        with pytest.raises((OSError, RuntimeError), match="Read-only file system"):
            ln.save(
                [
                    ln.Artifact(paths["new"], key=f"{n}.txt", storage=storage, skip_hash_lookup=True, run=False)
                    for n in range(2)
                ]
            )
        kept.replace(paths["new"], run=False)
        with pytest.raises(OSError, match="Read-only file system"):
            kept.save()
        in_place.key = "elsewhere/real.txt"
        with pytest.raises(OSError, match="Read-only file system"):
            in_place.save(move=True)
        with pytest.raises(OSError, match="Read-only file system"):
            ln.Artifact.get(key="real.txt").delete(permanent=True, storage=True)
        deleted.delete(permanent=True)
        check_nothing_is_lost(small_disk / "store")
    finally:
        _mount_as(small_disk, "rw")
    assert sorted(ln.Artifact.filter().to_list("key")) == ["kept.txt", "real.txt"]
    assert ln.Artifact.get(key="kept.txt").path.read_text() == "kept" and real.read_text() == "real"
    found = ln.doctor(verify=True).findings
    assert [Path(finding.subject).name for finding in found] == [f"{deleted.uid}.txt"], (
        "what could not be deleted is known"
    )
    assert new.save().path.read_text() == "new"


def _mount_as(folder: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True, capture_output=True)
