"""Artifacts made from local files and folders: keys, versions, deduplication, reading, deletion."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.errors import FieldValidationError, InvalidArgument

pytestmark = pytest.mark.usefixtures("instance")


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "counts.csv"
    path.write_text("gene,count\nA,1\n")
    return path


def test_a_saved_file_is_copied_and_read_back(csv: Path) -> None:
    artifact = ln.Artifact(csv, key="raw/counts.csv").save()
    assert artifact.suffix == ".csv" and artifact.size == csv.stat().st_size and artifact.n_files is None
    assert artifact.path.read_bytes() == csv.read_bytes() and artifact.path != csv
    assert artifact.path.parent.name == ".lamindb" and artifact.path.name == f"{artifact.uid}.csv"
    assert artifact._aux is None and not artifact._storage_ongoing
    assert ln.Artifact.get(key="raw/counts.csv") == artifact


def test_the_same_content_under_another_key_gives_the_first_artifact(csv: Path) -> None:
    first = ln.Artifact(csv, key="a.csv").save()
    again = ln.Artifact(csv, key="b.csv")
    assert again.pk == first.pk and again.key == "a.csv"
    assert ln.Artifact.filter().count() == 1


def test_changed_content_under_the_same_key_is_a_new_version(csv: Path) -> None:
    first = ln.Artifact(csv, key="a.csv").save()
    csv.write_text("gene,count\nA,2\n")
    second = ln.Artifact(csv, key="a.csv").save()
    first.refresh_from_db()
    assert second.stem_uid == first.stem_uid and second.uid.endswith("0001")
    assert second.is_latest and not first.is_latest
    assert first.path.read_text() == "gene,count\nA,1\n"
    assert second.versions.to_list() == [second, first]


def test_two_files_that_differ_in_the_middle_are_two_artifacts(tmp_path: Path) -> None:
    size = 101 * 1024 * 1024
    paths = [tmp_path / "a.bin", tmp_path / "b.bin"]
    for path, byte in zip(paths, (b"0", b"1"), strict=True):
        with path.open("wb") as stream:
            stream.truncate(size)
            stream.seek(size // 2)
            stream.write(byte)
    first, second = (ln.Artifact(path, key=path.name).save() for path in paths)
    assert first.pk != second.pk and first.hash != second.hash
    assert {first._hash_type, second._hash_type} == {"blake3"}


def test_folders_that_differ_in_file_names_only_are_two_artifacts(tmp_path: Path) -> None:
    made = []
    for folder, file in (("one", "x.txt"), ("two", "y.txt")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text("same")
        made.append(ln.Artifact(tmp_path / folder, key=folder).save())
    assert made[0].pk != made[1].pk
    assert [artifact.n_files for artifact in made] == [1, 1]
    assert (made[1].path / "y.txt").read_text() == "same"


def test_a_new_version_of_a_folder_replaces_the_shared_files(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.txt").write_text("1")
    first = ln.Artifact(folder, key="data").save()
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text("2")
    second = ln.Artifact(folder, key="data").save()
    assert sorted(path.name for path in second.path.iterdir()) == ["b.txt"]
    first.refresh_from_db()
    with pytest.raises(ValueError, match="overwritten"):
        first.cache()


def test_empty_files_are_all_different(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).touch()
        ln.Artifact(tmp_path / name, key=name).save()
    assert ln.Artifact.filter().count() == 2


def test_a_file_in_the_storage_is_registered_in_place(instance: Any) -> None:
    path = Path(instance.storage.root_as_str) / "here" / "x.txt"
    path.parent.mkdir()
    path.write_text("1")
    artifact = ln.Artifact(path).save()
    assert artifact.key == "here/x.txt" and not artifact._key_is_virtual and artifact.path == path
    other = path.with_name("y.txt")
    other.write_text("2")
    renamed = ln.Artifact(other, key="pretty/name.txt").save()
    assert renamed._real_key == "here/y.txt" and renamed.path == other


@pytest.mark.parametrize(
    "key",
    [
        "../x.csv",
        "/abs.csv",
        "a//b.csv",
        "a/../b.csv",
        "a\\b.csv",
        "a\x00.csv",
        "a\n.csv",
        ".lamindb/x.csv",
        "",
        "x" * 4000 + ".csv",
    ],
)
def test_a_key_that_could_leave_the_storage_is_refused(csv: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a valid key"):
        ln.Artifact(csv, key=key)
    assert ln.Artifact.filter().count() == 0


def test_a_key_is_stored_in_one_unicode_form(csv: Path) -> None:
    decomposed, composed = "e\u0301.csv", "\u00e9.csv"
    artifact = ln.Artifact(csv, key=decomposed).save()
    assert artifact.key == composed and ln.Artifact.get(key=composed) == artifact


def test_bad_arguments_are_explained(csv: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Did you mean .*counts.csv"):
        ln.Artifact(tmp_path / "count.csv", key="x.csv")
    with pytest.raises(InvalidArgument, match="suffix"):
        ln.Artifact(csv, key="x.parquet")
    with pytest.raises(ValueError, match="key, run or description"):
        ln.Artifact(csv)
    with pytest.raises(FieldValidationError, match="kez"):
        ln.Artifact(csv, kez="x.csv")
    with pytest.raises(TypeError, match="revises"):
        ln.Artifact(csv, key="x.csv", revises="abc")
    with pytest.raises(TypeError, match="int"):
        ln.Artifact(3, key="x.csv")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidArgument, match="pipe"):
        ln.Artifact(tmp_path / "pipe", key="pipe")
    assert ln.Artifact.filter().count() == 0


def test_a_source_that_vanished_leaves_no_record(csv: Path) -> None:
    artifact = ln.Artifact(csv, key="x.csv")
    csv.unlink()
    with pytest.raises(FileNotFoundError):
        artifact.save()
    assert ln.Artifact.filter().count() == 0


def test_a_source_that_changed_after_hashing_is_not_stored(csv: Path, instance: Any) -> None:
    artifact = ln.Artifact(csv, key="x.csv")
    csv.write_text("gene,count\nA,1\nB,2\n")
    with pytest.raises(OSError, match="changed while it was stored"):
        artifact.save()
    assert ln.Artifact.filter().count() == 0
    assert not list((Path(instance.storage.root_as_str) / ".lamindb" / "_staging").iterdir())


def test_loading_uses_the_format_of_the_suffix_and_links_the_run_input(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"a": [1, 2]}')
    artifact = ln.Artifact(path, key="settings.json").save()
    run = ln.Run(ln.Transform(key="read.py", kind="script").save()).save()
    assert artifact.load(is_run_input=run) == {"a": [1, 2]}
    assert artifact.input_of_runs.to_list() == [run]
    unknown = tmp_path / "x.weird"
    unknown.write_text("?")
    with pytest.raises(NotImplementedError, match="cache"):
        ln.Artifact(unknown, key="x.weird").save().load()


def test_permanent_deletion_removes_row_and_bytes(csv: Path) -> None:
    first = ln.Artifact(csv, key="x.csv").save()
    csv.write_text("other")
    second = ln.Artifact(csv, key="x.csv").save()
    path = second.path
    second.delete(permanent=True)
    first.refresh_from_db()
    assert first.is_latest and not path.exists() and first.path.exists()
    first.delete()
    assert ln.Artifact.filter().count() == 0 and first.path.exists()
    first.restore()
    assert ln.Artifact.get(key="x.csv") == first


def test_lineage_goes_back_to_the_sources(csv: Path, tmp_path: Path, count_queries: Any) -> None:
    transform = ln.Transform(key="clean.py", kind="script").save()
    raw = ln.Artifact(
        csv, key="raw.csv", run=ln.Run(ln.Transform(key="measure.py", kind="script").save()).save()
    ).save()
    run = ln.Run(transform).save()
    raw.input_of_runs.add(run)
    clean = tmp_path / "clean.csv"
    clean.write_text("gene,count\nA,0.5\n")
    artifact = ln.Artifact(clean, key="clean.csv", run=run).save()
    with count_queries() as queries:
        text = artifact.view_lineage(return_str=True)
    assert [name for name in ("clean.csv", "clean.py", "raw.csv", "measure.py") if name not in text] == []
    assert len(queries) <= 7


def test_saving_a_small_file_takes_few_statements(csv: Path, count_queries: Any) -> None:
    ln.Artifact(csv, key="warm.csv").save()
    csv.write_text("something else")
    with count_queries() as queries:
        ln.Artifact(csv, key="x.csv", run=False).save()
    assert len(queries) <= 6, queries


def test_storing_in_a_remote_location_is_refused_before_anything_is_written(
    csv: Path, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    remote = ln.Storage(root="https://example.org/data", uid="a" * 12, instance_uid=None, type="https")
    remote.save()
    with pytest.raises(ValueError, match=r"example\.org/data"):
        ln.Artifact(csv, key="x.csv", storage=remote).save()
    assert ln.Artifact.filter().count() == 0 and not list(tmp_path.glob("https*"))
