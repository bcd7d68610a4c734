"""Hashes cover every byte and every name; documented values stay valid."""

from __future__ import annotations

import io
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamindb.storage import hashing
from lamindb.storage.hashing import (
    ContentHasher,
    FileEntry,
    b16_to_b64,
    copy_and_hash,
    hash_code,
    hash_dict,
    hash_dir,
    hash_entries,
    hash_file,
    hash_from_hashes_list,
    hash_set,
    hash_string,
)
from lamindb.storage.legacy_hashing import hash_dir_sampled, hash_file_sampled

_ABC = "kAFQmDzST7DWlj99KOF_cg"
_names = st.text(string.ascii_letters + string.digits + " .-_äß", min_size=1, max_size=8).filter(
    lambda name: name.strip(" .") == name
)


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_documented_hashes_of_texts_and_collections_are_reproduced():
    assert hash_string("a") == "DMF1ucDxtqgxw5niaXcmYQ"
    assert hash_string("b") == "kutf_uauL-w61xx3dTFXjw"
    assert hash_string("abc") == _ABC
    assert hash_set({"a", "b"}) == "2BYMmz3CDU6TGutPRSYhVQ"
    assert hash_dict({"b": 1, "a": [1, 2]}) == "vSrkP8i5TjQWigabbCBgtw"
    assert hash_from_hashes_list(["x", "y"]) == "vmmWy3BvNNZbn-6HRTJavw"
    assert b16_to_b64("9b89c8c1acf79dba5b5341d1fff9806f") == "m4nIwaz3nbpbU0HR__mAbw"


def test_a_file_has_the_md5_of_its_content(tmp_path):
    file = tmp_path / "abc"
    file.write_bytes(b"abc")
    assert hash_file(file) == (3, _ABC, "md5")
    assert hash_file(str(file)) == (3, _ABC, "md5")


def test_an_empty_file_has_a_hash(tmp_path):
    file = tmp_path / "empty"
    file.touch()
    assert hash_file(file) == (0, "1B2M2Y8AsgTpgAmY7PhCfg", "md5")


def test_the_sampling_hash_of_older_databases_can_still_be_computed(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"abc")
    assert hash_file(file, chunk_size=1) == (3, "p0EbDbQEP1wS-Tw6TuBjKS", "sha1-fl")
    assert hash_file_sampled(file, 3) == (3, _ABC, "md5")
    file.write_bytes(b"abcde")
    assert hash_file_sampled(file, 3) == (5, "cWtcphh3wZSUZQ_6laI6Oi", "sha1-fl")


def test_the_folder_hash_of_older_databases_can_still_be_computed(tmp_path):
    _write(tmp_path, {"one": b"1", "two": b"22"})
    assert hash_dir_sampled(tmp_path) == (3, "eM3C_vZOzZoiDzWa7ORtQQ", "md5-d", 2)


def test_a_file_that_differs_only_in_its_middle_has_another_hash(tmp_path, monkeypatch):
    monkeypatch.setattr(hashing, "MD5_MAX_SIZE", 1000)  # so that a small file takes the way of a large one
    content = bytearray(os.urandom(5000))
    file = tmp_path / "large"
    file.write_bytes(content)
    size, first, hash_type = hash_file(file)
    assert (size, hash_type, len(first)) == (5000, "blake3", 22)
    content[2500] ^= 1
    file.write_bytes(content)
    assert hash_file(file).hash != first


_PEAK_MEMORY = """
import resource, sys
from lamindb.storage.hashing import hash_file
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
size = hash_file(sys.argv[1]).size
print(size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_big_file_takes_no_memory_to_hash(tmp_path):
    with (tmp_path / "big").open("wb") as stream:
        stream.truncate(700_000_000)
    command = [sys.executable, "-c", _PEAK_MEMORY, str(tmp_path / "big")]
    environment = {**os.environ, "_LAMIN_DEFER_CONNECT": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    size, kilobytes = map(int, done.stdout.split())
    assert size == 700_000_000 and kilobytes < 100_000


@pytest.mark.parametrize("size", [0, 10, 1000, 1001, 3_000_000])
def test_copying_and_hashing_in_one_pass_gives_the_hash_of_the_file(tmp_path, monkeypatch, size):
    monkeypatch.setattr(hashing, "MD5_MAX_SIZE", 1000)
    content = os.urandom(size)
    (tmp_path / "file").write_bytes(content)
    target = io.BytesIO()
    assert copy_and_hash(io.BytesIO(content), target, size) == hash_file(tmp_path / "file")
    assert target.getvalue() == content


@given(st.lists(st.binary(max_size=100), max_size=10))
def test_the_hash_of_pieces_is_that_of_the_whole(pieces):
    whole = b"".join(pieces)
    hasher = ContentHasher(len(whole))
    for piece in pieces:
        hasher.update(piece)
    assert hasher.result() == (len(whole), hashing.hash_small_bytes(whole), "md5")


@given(st.sets(st.text(max_size=5), max_size=6))
def test_the_hash_of_a_set_ignores_order_and_duplicates(items):
    ordered = sorted(items, reverse=True)
    assert hash_set(items) == hash_set(ordered) == hash_set(ordered * 2)


def test_the_hash_of_source_code_is_that_of_git(tmp_path):
    file = tmp_path / "code.py"
    file.write_bytes(b"hello\n")
    assert hash_code(file).hexdigest() == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_a_folder_hash_gives_size_type_and_number_of_files(tmp_path):
    _write(tmp_path, {"a": b"1", "sub/b": b"22"})
    found = hash_dir(tmp_path)
    assert (found.size, found.hash_type, found.n_files, len(found.hash)) == (3, "blake3-d", 2, 22)


def test_a_folder_hash_does_not_depend_on_where_the_folder_is_nor_on_empty_folders(tmp_path):
    files = {"a": b"1", "sub/b": b"22"}
    one, two = _write(tmp_path / "one", files), _write(tmp_path / "two", files)
    (two / "empty").mkdir()
    assert hash_dir(one) == hash_dir(two)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.dictionaries(_names, st.binary(max_size=20), min_size=1, max_size=5), st.data())
def test_renaming_a_file_changes_the_folder_hash(tmp_path_factory, files, data):
    folder = _write(tmp_path_factory.mktemp("hash"), files)
    before = hash_dir(folder)
    old = data.draw(st.sampled_from(sorted(files)))
    new = data.draw(_names.filter(lambda name: name not in files))
    (folder / old).rename(folder / new)
    after = hash_dir(folder)
    assert after.hash != before.hash
    assert (after.size, after.n_files) == (before.size, before.n_files)


@given(
    st.dictionaries(_names, st.tuples(st.integers(0, 9), st.sampled_from("xyz")), min_size=2, max_size=5), st.randoms()
)
def test_the_hash_of_entries_does_not_depend_on_their_order(files, random):
    entries = [FileEntry(name, size, hash) for name, (size, hash) in files.items()]
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert hash_entries(entries) == hash_entries(shuffled)


def test_swapping_the_contents_of_two_files_changes_the_folder_hash(tmp_path):
    _write(tmp_path, {"a": b"1", "b": b"2"})
    before = hash_dir(tmp_path)
    _write(tmp_path, {"a": b"2", "b": b"1"})
    assert hash_dir(tmp_path).hash != before.hash


def test_moving_a_file_between_sub_folders_changes_the_folder_hash(tmp_path):
    _write(tmp_path, {"x/a": b"1", "y/b": b"2"})
    before = hash_dir(tmp_path)
    (tmp_path / "x" / "a").rename(tmp_path / "y" / "a")
    assert hash_dir(tmp_path).hash != before.hash


def test_an_empty_folder_is_refused_with_its_name(tmp_path):
    with pytest.raises(ValueError, match="contains no file"):
        hash_dir(tmp_path)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match="hash_file"):
        hash_dir(tmp_path / "file")


def test_links_to_files_and_folders_count_as_what_they_point_to(tmp_path):
    real = _write(tmp_path / "real", {"sub/a": b"1", "b": b"2"})
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "sub").symlink_to(real / "sub")
    (linked / "b").symlink_to(real / "b")
    assert hash_dir(linked) == hash_dir(real)


def test_a_link_in_a_circle_does_not_hang(tmp_path):
    _write(tmp_path, {"sub/a": b"1"})
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    assert hash_dir(tmp_path).n_files == 1


def test_a_dangling_link_is_an_error_that_names_it(tmp_path):
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        hash_dir(tmp_path)


def test_names_that_are_not_unicode_can_be_hashed(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff\xfe", "wb") as stream:
        stream.write(b"1")
    assert hash_dir(tmp_path).n_files == 1


def test_files_of_other_file_systems_have_the_hash_of_local_ones():
    from lamindb.storage.upath import UPath

    path = UPath("memory://hashing/abc")
    path.write_bytes(b"abc")
    assert hash_file(path) == (3, _ABC, "md5")
