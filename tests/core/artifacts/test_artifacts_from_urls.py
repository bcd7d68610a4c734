"""Artifacts of remote addresses: registered where they are, with a web server of this machine."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def web_root(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address under which a web server shows it."""
    folder = tmp_path / "web"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *arguments: _QuietHandler(*arguments, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_an_address_is_registered_without_copying_and_read_back(instance: Any, web_root: tuple[Path, str]) -> None:
    folder, address = web_root
    (folder / "data").mkdir()
    (folder / "data" / "table.txt").write_text("some text")
    artifact = ln.Artifact(f"{address}/data/table.txt", run=False).save()
    assert artifact.key == "data/table.txt" and artifact.suffix == ".txt" and artifact.size == 9
    assert artifact.storage.root == address and artifact.storage.type == "http" and not artifact._key_is_virtual
    assert artifact.load() == "some text"
    assert ln.Artifact(f"{address}/data/table.txt", run=False).save() == artifact, (
        "registering it again makes nothing new"
    )
    assert ln.Artifact.filter().count() == 1 and ln.Storage.filter(type="http").count() == 1
    named = ln.Artifact(f"{address}/data/table.txt", key="nice.txt", skip_hash_lookup=True, run=False).save()
    assert named._real_key == "data/table.txt" and named.load() == "some text"
    assert ln.doctor().findings == []


def test_a_folder_of_a_web_server_is_listed_and_cached(
    instance: Any, web_root: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, address = web_root
    texts = {"a.txt": "1", "sub/b b.txt": "22", "sub/deep/ä.txt": "333"}
    for name, text in texts.items():
        (folder / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "data" / name).write_text(text)
    artifact = ln.Artifact(f"{address}/data", run=False).save()
    assert (artifact.n_files, artifact.size, artifact.key) == (3, 6, "data")
    local = artifact.cache()
    assert {path.relative_to(local).as_posix(): path.read_text() for path in local.rglob("*.txt")} == texts
    (folder / "data" / "a.txt").write_text("one more")
    assert (artifact.cache() / "a.txt").read_text() == "one more"
    assert "13 bytes now, and had 6" in capsys.readouterr().out
    (folder / "page").mkdir()
    (folder / "page" / "index.html").write_text(
        f'<a href="?C=N;O=D">sort</a> <a href="../data/">up</a> <a href="/data/a.txt">other</a> <a href="{address}/page/x.txt">x</a> '
        '<a href="%2e%2e/out.txt">out</a> <a href="https://example.com/y.txt">y</a>'
    )
    (folder / "page" / "x.txt").write_text("only this")
    page = ln.Artifact(f"{address}/page", key="page", run=False).save()
    assert (page.n_files, page.size) == (1, 9) and [path.name for path in page.cache().iterdir()] == ["x.txt"]


def test_an_address_with_nothing_behind_it_leaves_nothing(instance: Any, web_root: tuple[Path, str]) -> None:
    with pytest.raises(FileNotFoundError):
        ln.Artifact(f"{web_root[1]}/nothing.txt", run=False)
    assert ln.Artifact.filter().count() == 0 and ln.Storage.filter(type="http").count() == 0


def test_a_protocol_without_plugin_is_explained(instance: Any) -> None:
    with pytest.raises((ImportError, ValueError), match="sftpx"):
        ln.Artifact("sftpx://host/file.txt", run=False)
