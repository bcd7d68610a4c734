"""Folders: one artifact per file with a constant number of statements, and what is not read again when nothing changed."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.artifacts import content


def _fill(folder: Path, n: int, text: str = "file") -> Path:
    for number in range(n):
        path = folder / f"sub{number % 7}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text} {number}")
    return folder


@pytest.mark.parametrize("n", [3, 2000])
def test_adding_a_folder_takes_as_many_statements_whatever_its_size(
    instance: Any, n: int, tmp_path: Path, count_queries: Any
) -> None:
    folder = _fill(tmp_path / "many", n)
    ln.Artifact.from_dir(_fill(tmp_path / "warm", 2, "warm"), run=False).save()
    with count_queries() as queries:
        made = ln.Artifact.from_dir(folder, run=False)
        made.save()
    inserts = [query for query in queries if query.startswith("INSERT")]
    assert len(queries) - len(inserts) <= 5, [query[:200] for query in queries]
    assert len(inserts) <= 1 + n // 900, "rows are inserted together, as many as the database takes in one statement"
    assert ln.Artifact.filter(key__startswith="many/", _aux__isnull=True, is_latest=True).count() == n
    assert all(artifact.path.read_text() == (folder / artifact.key[5:]).read_text() for artifact in made[:50])
    with count_queries() as queries:
        again = ln.Artifact.from_dir(folder, run=False).save()
    assert len(queries) <= 2, [query[:200] for query in queries]
    assert again.to_list("uid") == made.to_list("uid")


def test_changed_files_of_a_folder_become_new_versions(instance: Any, tmp_path: Path, count_queries: Any) -> None:
    folder = _fill(tmp_path / "many", 30)
    first = ln.Artifact.from_dir(folder, run=False).save()
    for number in range(20):
        (folder / f"sub{number % 7}" / f"{number}.txt").write_text(f"changed {number}")
    with count_queries() as queries:
        second = ln.Artifact.from_dir(folder, run=False).save()
    assert len(queries) <= 12, queries
    assert ln.Artifact.filter().count() == 50 and ln.Artifact.filter(is_latest=True).count() == 30
    for old, new in zip(first, second, strict=True):
        assert new.stem_uid == old.stem_uid and new.is_latest
        assert new.path.read_text() == (folder / new.key[5:]).read_text()
    assert ln.doctor(verify=True).findings == []


def test_files_in_the_storage_are_registered_where_they_are(instance: Any) -> None:
    root = Path(instance.storage.root_as_str)
    _fill(root / "raw", 3)
    real = ln.Artifact.from_dir(root / "raw", run=False).save()
    assert real.to_list("key")[0] == "raw/sub0/0.txt" and not any(artifact._key_is_virtual for artifact in real)
    _fill(root / "raw2", 3, "other")
    virtual = ln.Artifact.from_dir(root / "raw2", key="nice", run=False).save()
    assert virtual.to_list("key")[0] == "nice/sub0/0.txt" and virtual[0]._real_key == "raw2/sub0/0.txt"
    assert virtual[0].path == root / "raw2" / "sub0" / "0.txt"


def test_a_run_is_linked_to_what_it_made_and_made_again(instance: Any, tmp_path: Path, count_queries: Any) -> None:
    folder = _fill(tmp_path / "many", 20)
    transform = ln.Transform(key="x.py", kind="script").save()
    first, second = ln.Run(transform).save(), ln.Run(transform).save()
    ln.Artifact.from_dir(folder, run=first).save()
    with count_queries() as queries:
        ln.Artifact.from_dir(folder, run=second).save()
    assert len(queries) <= 4, queries  # one asks what the run has read, which it can not have made
    assert first.output_artifacts.count() == 20 and second.recreated_artifacts.count() == 20


def test_folders_that_are_none_are_explained(sqlite_instance: Any, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        ln.Artifact.from_dir(tmp_path / "nowhere")
    (tmp_path / "file.txt").write_text("1")
    assert len(ln.Artifact.from_dir(tmp_path / "file.txt")) == 0


# unchanged files ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def reads(monkeypatch: Any) -> list[str]:
    """The files whose content is read while hashing."""
    read: list[str] = []
    original = content._hash_one

    def recorded(root: str, file: Any) -> Any:
        read.append(file.relative)
        return original(root, file)

    monkeypatch.setattr(content, "_hash_one", recorded)
    return read


def _settle(folder: Path) -> None:
    """Wait until the files are old enough for their times to mean something."""
    time.sleep(2.2)


def test_unchanged_files_of_a_folder_are_not_read_again(sqlite_instance: Any, tmp_path: Path, reads: list[str]) -> None:
    folder = _fill(tmp_path / "data", 10)
    _settle(folder)
    artifact = ln.Artifact(folder, key="data").save()
    assert len(reads) == 10
    reads.clear()
    assert ln.Artifact(folder, key="data") == artifact and reads == []
    assert ln.Artifact(folder, key="data", verify=True) == artifact and len(reads) == 10
    reads.clear()
    path = folder / "sub0" / "0.txt"
    before = path.stat()
    path.write_text("LIFE 0")  # of the same length
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # and of the same time
    changed = ln.Artifact(folder, key="data")
    assert reads == ["sub0/0.txt"] and changed.hash != artifact.hash


def test_files_that_were_just_written_are_read_again(sqlite_instance: Any, tmp_path: Path, reads: list[str]) -> None:
    folder = _fill(tmp_path / "data", 3)
    ln.Artifact.from_dir(folder, run=False)
    ln.Artifact.from_dir(folder, run=False)
    assert len(reads) == 6


def test_a_broken_store_of_known_hashes_is_made_anew(sqlite_instance: Any, tmp_path: Path, reads: list[str]) -> None:
    from lamindb.artifacts import known_hashes

    path = Path(str(ln.settings.cache_dir)) / known_hashes.FILE_NAME
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_text("this is not a database, but is long enough to look like something")
    folder = _fill(tmp_path / "data", 3)
    _settle(folder)
    assert ln.Artifact(folder, key="data").n_files == 3
    assert ln.Artifact(folder, key="data").n_files == 3 and len(reads) >= 3
