"""Odd keys, names, files and folders: each does what a user would expect, or gets an error that says what to do."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.errors import InvalidArgument

pytestmark = pytest.mark.usefixtures("sqlite_instance")


@pytest.fixture
def root(sqlite_instance: Any) -> Path:
    return Path(sqlite_instance.storage.root_as_str)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_link_has_its_own_name_and_the_bytes_of_its_target(tmp_path: Path) -> None:
    _write(tmp_path / "blobs" / "abc", "1,2")
    (tmp_path / "data.csv").symlink_to(tmp_path / "blobs" / "abc")
    artifact = ln.Artifact(tmp_path / "data.csv", key="data.csv").save()
    assert artifact.suffix == ".csv" and artifact.path.read_text() == "1,2" and not artifact.path.is_symlink()


def test_a_link_to_a_file_of_the_storage_is_that_file(tmp_path: Path, root: Path) -> None:
    _write(root / "raw" / "x.csv", "1")
    (tmp_path / "link.csv").symlink_to(root / "raw" / "x.csv")
    artifact = ln.Artifact(tmp_path / "link.csv").save()
    assert artifact.key == "raw/x.csv" and not artifact._key_is_virtual


def test_a_storage_that_is_reached_through_a_link_is_recognised(tmp_path: Path, root: Path) -> None:
    _write(root / "x.csv", "1")
    (tmp_path / "shortcut").symlink_to(root)
    assert ln.Artifact(tmp_path / "shortcut" / "x.csv").save().key == "x.csv"


def test_links_in_folders_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    folder = _write(tmp_path / "folder" / "a.txt", "a").parent
    outside = _write(tmp_path / "outside" / "b.txt", "b").parent
    (folder / "more").symlink_to(outside)
    (folder / "again").symlink_to(folder)
    artifact = ln.Artifact(folder, key="folder").save()
    assert artifact.n_files == 2 and (artifact.path / "more" / "b.txt").read_text() == "b"
    assert not (artifact.path / "more").is_symlink() and not (artifact.path / "again").exists()
    (folder / "broken").symlink_to("nowhere")
    with pytest.raises(FileNotFoundError, match="link to 'nowhere'"):
        ln.Artifact(folder, key="folder")
    with pytest.raises(FileNotFoundError, match="link to 'nowhere'"):
        ln.Artifact(folder / "broken", key="broken")


@pytest.mark.parametrize("make", [lambda path: ln.Artifact(path, key="x"), ln.Artifact.from_dir], ids=["one", "many"])
def test_a_pipe_in_a_folder_is_named(tmp_path: Path, make: Any) -> None:
    folder = _write(tmp_path / "folder" / "a.txt", "a").parent
    os.mkfifo(folder / "pipe")
    with pytest.raises(InvalidArgument, match="pipe"):
        make(folder)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, sqlite_instance: Any, run_python: Any) -> None:
    folder = _write(tmp_path / "folder" / "a.txt", "a").parent
    (folder / "a.txt").chmod(0)
    code = f"""
import lamindb as ln
from lamindb.artifacts.content import read_content
from pathlib import Path
import os
ln.settings.cache_dir
if os.getuid() == 0:
    os.chmod({str(tmp_path)!r}, 0o755)
    for parent in Path({str(tmp_path)!r}).parents:
        if parent != Path(parent.anchor): os.chmod(parent, os.stat(parent).st_mode | 0o011)
    os.setuid(65534)
for path in (Path({str(folder)!r}), Path({str(folder / "a.txt")!r})):
    try:
        read_content(path)
    except PermissionError as error:
        print("refused", error)
"""
    done = run_python(code, env={"LAMIN_CURRENT_INSTANCE": sqlite_instance.slug})
    lines = [line for line in done.stdout.splitlines() if line.startswith("refused")]
    assert len(lines) == 2 and all("a.txt" in line and "can't be read" in line for line in lines)


def test_a_file_name_that_is_not_utf8_needs_a_key(tmp_path: Path, root: Path) -> None:
    odd = os.path.join(os.fsencode(tmp_path), b"caf\xe9.csv")
    with open(odd, "wb") as stream:
        stream.write(b"1")
    artifact = ln.Artifact(os.fsdecode(odd), key="cafe.csv").save()
    assert artifact.path.read_text() == "1"
    folder = tmp_path / "folder"
    folder.mkdir()
    os.rename(odd, os.path.join(os.fsencode(folder), b"caf\xe9.csv"))
    with pytest.raises(InvalidArgument, match="not valid UTF-8"):
        ln.Artifact.from_dir(folder)
    whole = ln.Artifact(folder, key="folder").save()
    assert os.listdir(os.fsencode(str(whole.path))) == [b"caf\xe9.csv"]
    inside = os.path.join(os.fsencode(root), b"caf\xe9.csv")
    with open(inside, "wb") as stream:
        stream.write(b"2")
    with pytest.raises(InvalidArgument, match="not valid UTF-8"):
        ln.Artifact(os.fsdecode(inside))


def test_a_file_in_the_storage_keeps_the_name_that_it_has_on_disk(root: Path) -> None:
    name = unicodedata.normalize("NFD", "é.csv")
    _write(root / name, "1")
    artifact = ln.Artifact(root / name).save()
    assert artifact.key == name and artifact.path.read_text() == "1"


def test_two_equal_files_of_a_folder_are_two_artifacts(tmp_path: Path) -> None:
    for name in ("a.txt", "sub/b.txt", "empty1", "empty2"):
        _write(tmp_path / "folder" / name, "" if name.startswith("empty") else "same")
    made = ln.Artifact.from_dir(tmp_path / "folder").save()
    assert made.to_list("key") == ["folder/a.txt", "folder/empty1", "folder/empty2", "folder/sub/b.txt"]
    assert len({artifact.pk for artifact in made}) == 4
    again = ln.Artifact.from_dir(tmp_path / "folder").save()
    assert again.to_list("uid") == made.to_list("uid") and ln.Artifact.filter().count() == 4


def test_an_empty_folder_is_an_artifact_without_files(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    artifact = ln.Artifact(tmp_path / "empty", key="empty").save()
    assert (artifact.size, artifact.n_files) == (0, 0) and artifact.path.is_dir()
    assert ln.Artifact(tmp_path / "empty", key="empty") == artifact
    assert len(ln.Artifact.from_dir(tmp_path / "empty")) == 0
    assert ln.doctor(verify=True).findings == []


def test_an_empty_file_is_known_under_its_key_only(tmp_path: Path) -> None:
    path = _write(tmp_path / "empty.txt", "")
    artifact = ln.Artifact(path, key="a.txt").save()
    assert ln.Artifact(path, key="a.txt") == artifact
    assert ln.Artifact(path, key="b.txt").save() != artifact


def test_names_that_no_path_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="NUL"):
        ln.Artifact("a\x00b.csv", key="x.csv")
    with pytest.raises(InvalidArgument, match="can't be a path"):
        ln.Artifact("x" * 4000, key="x")


@pytest.mark.parametrize("key", ["../up", "/abs", "a/../../b", "C:\\data", "a\x00b", ".lamindb", "k" * 4000])
def test_the_key_of_a_folder_cannot_leave_the_storage(tmp_path: Path, key: str) -> None:
    folder = _write(tmp_path / "folder" / "a.txt", "a").parent
    with pytest.raises(ValueError, match="not a valid key"):
        ln.Artifact.from_dir(folder, key=key)
    with pytest.raises(ValueError, match="not a valid key"):
        ln.Artifact(folder, key=key)


def test_the_length_of_a_large_file_is_part_of_what_it_is(tmp_path: Path) -> None:
    """Two files of the same first and last 50 MiB, of different length."""
    made = []
    for name, size in (("a.bin", 101 << 20), ("b.bin", 102 << 20)):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(size)
        made.append(ln.Artifact(tmp_path / name, key=name))
    assert made[0].hash != made[1].hash and all(artifact._state.adding for artifact in made)
