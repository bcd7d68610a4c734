"""Moving bytes, with a real web server and fsspec's memory file system as the remote side."""

from __future__ import annotations

import http.server
import threading
from functools import partial
from pathlib import Path

import pytest

from lamindb.storage.upath import UPath, create_path


@pytest.fixture
def remote(request):
    root = UPath(f"memory://transfer/{request.node.name}")
    yield root
    if root.exists():
        root.fs.rm(root.path, recursive=True)


@pytest.fixture
def web(tmp_path):
    folder = tmp_path / "web"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_folder_is_uploaded_into_a_sub_folder_with_its_name(tmp_path, remote):
    source = tmp_path / "data"
    (source / "sub").mkdir(parents=True)
    (source / "a").write_text("1")
    (source / "sub" / "b").write_text("22")
    uploaded = remote.upload_from(source, print_progress=False)
    assert uploaded == remote / "data"
    assert (remote / "data" / "sub" / "b").read_text() == "22"


def test_a_folder_can_be_uploaded_without_its_name(tmp_path, remote):
    source = tmp_path / "data"
    source.mkdir()
    (source / "a").write_text("1")
    assert remote.upload_from(source, create_folder=False, print_progress=False) == remote
    assert (remote / "a").read_text() == "1"


def test_create_folder_is_not_for_files(tmp_path, remote):
    (tmp_path / "a").write_text("1")
    with pytest.raises(ValueError, match="create_folder"):
        remote.upload_from(tmp_path / "a", create_folder=True)
    assert (remote / "a").upload_from(tmp_path / "a", print_progress=False) == remote / "a"


def test_a_folder_is_downloaded_completely(tmp_path, remote):
    (remote / "sub" / "b").write_text("22")
    (remote / "a").write_text("1")
    remote.download_to(tmp_path / "copy", print_progress=False)
    assert _files(tmp_path / "copy") == {"a": b"1", "sub/b": b"22"}


def test_downloading_nothing_is_an_error(tmp_path, remote):
    with pytest.raises(FileNotFoundError, match="nothing to download"):
        (remote / "missing").download_to(tmp_path / "copy")


def test_progress_is_drawn_on_a_terminal_and_nowhere_else(tmp_path, remote, capsys):
    import pty
    import subprocess
    import sys

    (remote / "a.bin").write_bytes(b"x" * 100_000)
    (remote / "a.bin").download_to(tmp_path / "copy")
    shown = capsys.readouterr()
    assert shown.out == shown.err == ""
    code = (
        "from lamindb.storage.upath import UPath\n"
        "path = UPath('memory://progress/a.bin')\n"
        "path.write_bytes(b'x' * 100_000)\n"
        f"path.download_to({str(tmp_path / 'shown')!r})\n"
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", code], stdout=theirs, stderr=theirs, stdin=theirs)
    import os

    assert process.wait(60) == 0
    drawn = os.read(ours, 100_000).decode()
    assert "downloading a.bin" in drawn and "100%" in drawn
    assert (tmp_path / "shown").stat().st_size == 100_000


def test_synchronizing_downloads_only_what_is_stale(tmp_path, remote):
    (remote / "a").write_text("1")
    (remote / "b").write_text("2")
    copy = tmp_path / "copy"
    assert remote.synchronize_to(copy, just_check=True)
    assert not copy.exists()
    assert remote.synchronize_to(copy)
    assert not remote.synchronize_to(copy)
    before = (copy / "a").stat()
    (copy / "b").unlink()
    assert remote.synchronize_to(copy)
    assert (copy / "a").stat() == before
    assert _files(copy) == {"a": b"1", "b": b"2"}


def test_a_locally_modified_file_does_not_hide_changes_of_other_files(tmp_path, remote):
    import os
    import time

    (remote / "a").write_text("1")
    (remote / "b").write_text("2")
    copy = tmp_path / "copy"
    remote.synchronize_to(copy)
    future = time.time() + 1000
    (copy / "a").write_text("mine")
    os.utime(copy / "a", (future, future))
    os.utime(copy / "b", (0, 0))
    (remote / "b").write_text("new")
    assert remote.synchronize_to(copy)
    assert _files(copy) == {"a": b"mine", "b": b"new"}


def test_files_that_are_gone_remotely_are_deleted_with_the_folders_they_leave_empty(tmp_path, remote):
    (remote / "a").write_text("1")
    (remote / "sub" / "b").write_text("2")
    copy = tmp_path / "copy"
    remote.synchronize_to(copy)
    (remote / "sub" / "b").unlink()
    assert remote.synchronize_to(copy)
    assert _files(copy) == {"a": b"1"}
    assert not (copy / "sub").exists()


def test_a_missing_origin_is_an_error_unless_there_is_a_copy(tmp_path, remote, caplog):
    copy = tmp_path / "copy"
    with pytest.raises(FileNotFoundError, match="local copy"):
        (remote / "x").synchronize_to(copy)
    assert not (remote / "x").synchronize_to(copy, error_no_origin=False)
    copy.write_text("1")
    assert not (remote / "x").synchronize_to(copy)
    assert copy.read_text() == "1"


def test_a_download_that_breaks_off_leaves_the_former_copy(tmp_path, remote):
    (remote / "a").write_text("new")
    copy = tmp_path / "a"
    copy.write_text("old")
    import os

    os.utime(copy, (0, 0))

    def broken(*args, **kwargs):
        Path(args[1]).write_text("n")
        raise ConnectionError("gone")

    fs = (remote / "a").fs
    original, fs.get_file = fs.get_file, broken
    try:
        with pytest.raises(ConnectionError):
            (remote / "a").synchronize_to(copy)
    finally:
        fs.get_file = original
    assert _files(tmp_path) == {"a": b"old"}


def test_web_files_are_synchronized_by_size(tmp_path, web):
    folder, url = web
    (folder / "x.csv").write_text("a,b")
    copy = tmp_path / "x.csv"
    assert create_path(f"{url}/x.csv").synchronize_to(copy)
    assert copy.read_text() == "a,b"
    assert not create_path(f"{url}/x.csv").synchronize_to(copy)
    (folder / "x.csv").write_text("a,b,c")
    assert create_path(f"{url}/x.csv").synchronize_to(copy)
    assert copy.read_text() == "a,b,c"


def test_options_in_the_address_are_options_of_the_file_system():
    pytest.importorskip("s3fs")
    path = UPath("s3://bucket/key?endpoint_url=http://localhost:9000")
    assert (path.path, dict(path.storage_options)) == ("bucket/key", {"endpoint_url": "http://localhost:9000"})
    assert (path / "x").storage_options["endpoint_url"] == "http://localhost:9000"
    with pytest.raises(ValueError, match="endpoint_url"):
        UPath("s3://bucket/key?endpoint_url=http://one", endpoint_url="http://two")
    with pytest.raises(ValueError, match="twice"):
        UPath("s3://bucket/key?a=1&a=2")


def test_a_local_path_stays_a_path(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    path = UPath.from_auth("~/x")
    assert isinstance(path, Path)
    assert path == tmp_path / "x"
    assert not hasattr(path, "synchronize_to")


def test_renaming_stays_in_one_file_system(remote):
    (remote / "a").write_text("1")
    (remote / "a").rename(remote / "b")
    assert [child.name for child in remote.iterdir()] == ["b"]


def test_only_s3_paths_have_a_web_address(remote):
    with pytest.raises(ValueError, match="S3"):
        remote.to_url()


def test_modified_is_the_local_time_of_the_last_change(remote):
    from datetime import datetime

    (remote / "a").write_text("1")
    assert abs((datetime.now() - (remote / "a").modified).total_seconds()) < 60


def _tree(tmp_path: Path) -> UPath:
    for name in ("x/a.csv", "x/b.csv", "x/deep/c.tsv", "y.zarr/0", "top.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return UPath(tmp_path)


def test_the_tree_counts_everything_and_draws_two_levels(tmp_path, capsys):
    _tree(tmp_path).view_tree()
    assert capsys.readouterr().out.splitlines() == [
        "3 sub-directories & 5 files with suffixes '.csv', '.tsv'",
        str(tmp_path),
        "├── top.csv",
        "├── x/",
        "│   ├── a.csv",
        "│   ├── b.csv",
        "│   └── deep/",
        "└── y.zarr/",
        "    └── 0",
    ]


def test_the_tree_can_be_cut(tmp_path, capsys):
    _tree(tmp_path).view_tree(level=-1, only_dirs=True, skip_suffixes=[".zarr"])
    assert capsys.readouterr().out.splitlines()[2:] == ["├── x/", "│   └── deep/", "└── y.zarr/"]
    _tree(tmp_path).view_tree(level=1, include_paths=[tmp_path / "top.csv"])
    assert capsys.readouterr().out.splitlines()[2:] == ["└── top.csv"]
    _tree(tmp_path).view_tree(n_max_files_per_dir_and_type=1)
    assert "b.csv" not in capsys.readouterr().out


def test_the_tree_of_nothing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing"):
        UPath(tmp_path / "missing").view_tree()


def test_a_path_gives_its_copy_in_the_cache(tmp_path, web, monkeypatch):
    import lamindb as ln

    folder, url = web
    monkeypatch.setenv("LAMIN_CACHE_DIR", str(tmp_path / "cache"))
    (folder / "a.txt").write_text("content")
    copy = ln.UPath(f"{url}/a.txt").cache()
    assert copy == tmp_path / "cache" / url.removeprefix("http://") / "a.txt" and copy.read_text() == "content"
    assert ln.UPath(f"{url}/a.txt").cache("mine/b.txt") == tmp_path / "cache" / "mine" / "b.txt"
    with pytest.raises(ValueError, match="can't be a place in the cache"):
        ln.UPath(f"{url}/a.txt").cache("../b.txt")
    local = ln.UPath(str(folder / "a.txt"))
    assert local.cache() == folder / "a.txt"
