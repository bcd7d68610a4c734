"""Storage roots, their markers and what is in them."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from lamindb.storage.cache import cache_path_for, check_cache_dir
from lamindb.storage.markers import (
    MarkerExistsError,
    StorageMarker,
    list_managed_objects,
    marker_path,
    read_marker,
    remove_marker,
    write_marker,
)
from lamindb.storage.roots import check_root, is_below, normalize_root, storage_type_of

MARKER = StorageMarker("abcdefghijkl", "ada/my-data", "817c53f7a7bf5576b16ac500b25610b8", "7TKL690EgOMy")


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("s3://bucket/", "s3://bucket"),
        ("s3://bucket/prefix/", "s3://bucket/prefix"),
        ("s3://bucket/p?endpoint_url=http://localhost:9000/", "s3://bucket/p?endpoint_url=http://localhost:9000"),
        ("s3://bucket/p?endpoint_url=https://s3.amazonaws.com", "s3://bucket/p"),
        ("gs://bucket//", "gs://bucket"),
        ("https://example.org/data/", "https://example.org/data"),
    ],
)
def test_a_remote_root_has_one_spelling(given, root):
    assert normalize_root(given) == normalize_root(root) == root


def test_a_local_root_is_absolute_without_trailing_slash(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    expected = (tmp_path / "data").resolve().as_posix()
    for given in ("data", "./data/", "x/../data", tmp_path / "data", f"file://{tmp_path}/data"):
        assert normalize_root(given) == expected


def test_the_home_directory_is_expanded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert normalize_root("~/data") == (tmp_path / "data").resolve().as_posix()


def test_types_follow_from_the_protocol():
    assert [storage_type_of(path) for path in ("x", "/x", "s3://b", "gs://b", "hf://d/o/r", "http://h/x")] == [
        "local",
        "local",
        "s3",
        "gs",
        "hf",
        "http",
    ]


def test_a_managed_folder_and_unknown_protocols_are_refused():
    with pytest.raises(ValueError, match=r"\.lamindb"):
        check_root("/data/.lamindb/x")
    with pytest.raises(ValueError, match="local, gs, s3, hf, http, https"):
        check_root("ftp://host/x")


def test_a_path_is_below_its_root_only_at_folder_boundaries(tmp_path):
    assert is_below(tmp_path / "a" / "b", str(tmp_path / "a"))
    assert is_below(tmp_path / "a", str(tmp_path / "a"))
    assert not is_below(tmp_path / "ab", str(tmp_path / "a"))
    assert not is_below("s3://bucket/x?endpoint_url=http://one", "s3://bucket?endpoint_url=http://two")


def test_a_marker_is_read_as_it_was_written(tmp_path):
    write_marker(tmp_path, MARKER)
    assert read_marker(tmp_path) == MARKER
    lines = (tmp_path / ".lamindb" / "storage_uid.txt").read_text().split("\n")
    assert lines == [
        "abcdefghijkl",
        "creation info:",
        "instance_slug=ada/my-data",
        "instance_id=817c53f7a7bf5576b16ac500b25610b8",
        "instance_uid=7TKL690EgOMy",
    ]


def test_a_marker_with_only_a_uid_names_no_instance(tmp_path):
    write_marker(tmp_path, StorageMarker("abcdefghijkl"))
    assert read_marker(tmp_path) == StorageMarker("abcdefghijkl")


def test_a_second_marker_is_refused_and_the_first_one_stays(tmp_path):
    write_marker(tmp_path, MARKER)
    with pytest.raises(MarkerExistsError):
        write_marker(tmp_path, StorageMarker("other"))
    assert read_marker(tmp_path) == MARKER
    assert os.listdir(tmp_path / ".lamindb") == ["storage_uid.txt"]


def test_of_many_threads_one_writes_the_marker(tmp_path):
    won, barrier = [], threading.Barrier(16)

    def claim(number: int) -> None:
        barrier.wait()
        try:
            write_marker(tmp_path, StorageMarker(f"uid{number:09d}"))
            won.append(number)
        except MarkerExistsError:
            pass

    threads = [threading.Thread(target=claim, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert read_marker(tmp_path) == StorageMarker(f"uid{won[0]:09d}")


def test_a_marker_with_the_former_name_is_renamed(tmp_path):
    (tmp_path / ".lamindb").mkdir()
    (tmp_path / ".lamindb" / "_is_initialized").write_text(MARKER.to_text())
    assert read_marker(tmp_path) == MARKER
    assert marker_path(tmp_path).is_file()
    assert not (tmp_path / ".lamindb" / "_is_initialized").exists()


def test_removing_a_marker_twice_is_fine(tmp_path):
    write_marker(tmp_path, MARKER)
    remove_marker(tmp_path)
    remove_marker(tmp_path)
    assert read_marker(tmp_path) is None


def test_a_root_that_is_a_file_can_not_be_marked(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        write_marker(tmp_path / "file", MARKER)
    assert read_marker(tmp_path / "file") is None


def test_marker_database_and_lock_folder_do_not_count_as_content(tmp_path):
    write_marker(tmp_path, MARKER)
    managed = tmp_path / ".lamindb"
    (managed / "lamin.db").touch()
    (managed / "_exclusion" / "x").mkdir(parents=True)
    (managed / "_exclusion" / "x" / "numbers").touch()
    (tmp_path / "mine.csv").touch()
    assert list_managed_objects(tmp_path, has_database=True) == []
    assert list_managed_objects(tmp_path) == ["lamin.db"]
    (managed / "stem" / "sub").mkdir(parents=True)
    (managed / "stem" / "sub" / "a.txt").touch()
    assert list_managed_objects(tmp_path, has_database=True) == ["stem/sub/a.txt"]


def test_markers_work_on_other_file_systems():
    from lamindb.storage.upath import UPath

    root = UPath("memory://markers/root")
    write_marker(root, MARKER)
    with pytest.raises(MarkerExistsError):
        write_marker(root, MARKER)
    assert read_marker(root) == MARKER
    (root / ".lamindb" / "x.csv").write_text("1")
    assert list_managed_objects(root) == ["x.csv"]


def test_remote_paths_have_their_own_place_in_the_cache():
    assert cache_path_for("s3://bucket/a/b.csv", "/cache") == Path("/cache/bucket/a/b.csv")
    assert cache_path_for("https://example.org/a/b.csv", "/cache") == Path("/cache/example.org/a/b.csv")
    assert cache_path_for("s3://bucket/a", "/cache", "my/key") == Path("/cache/my/key")
    assert cache_path_for("/data/x", "/cache") == Path("/data/x")


def test_equal_buckets_of_two_servers_do_not_collide():
    one = cache_path_for("s3://bucket/a?endpoint_url=http://one:9000", "/cache")
    two = cache_path_for("s3://bucket/a?endpoint_url=http://two:9000", "/cache")
    plain = cache_path_for("s3://bucket/a", "/cache")
    assert len({one, two, plain}) == 3


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../../x", ""])
def test_cache_keys_can_not_leave_the_cache(key):
    with pytest.raises(ValueError, match="can't be a place in the cache"):
        cache_path_for("s3://bucket/a", "/cache", key)


def test_a_cache_folder_must_be_an_absolute_local_folder(tmp_path):
    (tmp_path / "file").touch()
    for bad, reason in (("rel/x", "absolute"), ("s3://bucket", "local path"), (tmp_path / "file", "directory")):
        with pytest.raises(ValueError, match=reason):
            check_cache_dir(bad)
    assert check_cache_dir(tmp_path) == tmp_path
