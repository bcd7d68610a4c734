"""Local files and web servers, as the core's own storage plugin describes them."""

from __future__ import annotations

import http.server
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import pytest

from lamindb.plugins import manager

MODIFIED = 1_700_000_000


def test_local_paths_have_one_backend_under_each_spelling():
    backends = [manager.storage_backend_for(name) for name in ("", "local", "file", "file://")]
    assert backends[0].rename_is_atomic and not backends[0].is_read_only
    assert backends == [backends[0]] * 4


def test_the_time_of_modification_of_a_local_file_is_known(tmp_path):
    backend = manager.storage_backend_for("local")
    (tmp_path / "a").write_text("x")
    os.utime(tmp_path / "a", (MODIFIED, MODIFIED))
    assert backend.modified_at(backend.resolve("filesystem")().info(str(tmp_path / "a"))) == MODIFIED


def test_of_many_that_create_the_same_file_one_wins(tmp_path):
    create = manager.storage_backend_for("local").resolve("create_exclusive")
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda number: create(tmp_path / "lock", str(number).encode()), range(32)))
    assert won.count(True) == 1
    assert (tmp_path / "lock").read_text() == str(won.index(True))


@pytest.fixture
def server():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "5")
            if self.path == "/tagged":
                self.send_header("ETag", '"abc"')
                self.send_header("Last-Modified", formatdate(MODIFIED, usegmt=True))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(b"hello")

        do_HEAD = do_GET

        def log_message(self, *args):
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join(timeout=10)


def test_a_web_server_tells_hash_and_time_of_modification(server):
    from lamindb.storage.hashing import hash_string
    from lamindb.storage.upath import create_path

    backend = manager.storage_backend_for("http")
    path = create_path(f"{server}/tagged")
    info = path.fs.info(path.path)
    assert path.read_bytes() == b"hello"
    assert tuple(backend.hash_of(info)) == (hash_string("abc"), "md5-etag")
    assert backend.modified_at(info) == MODIFIED
    assert backend.is_read_only


def test_a_web_server_that_tells_nothing_has_no_hash(server):
    from lamindb.storage.upath import create_path

    backend = manager.storage_backend_for("http")
    path = create_path(f"{server}/plain")
    info = path.fs.info(path.path)
    assert backend.hash_of(info) is None
    assert backend.modified_at(info) is None
    assert backend.modified_at({"Last-Modified": "yesterday"}) is None


def test_web_paths_have_time_outs_so_that_nothing_waits_for_ever():
    timeout = manager.storage_backend_for("https").storage_options("https://host/x")["client_kwargs"]["timeout"]
    assert 0 < timeout.sock_connect < 120 and 0 < timeout.sock_read < 120
