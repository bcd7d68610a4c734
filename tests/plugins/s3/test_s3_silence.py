"""Servers that take connections and then fall silent are given up in a time that the user can set; slow ones are not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.storage.retrying import StorageSilent, StorageUnreachable
from lamindb_s3.credentials import prepare, read_timeout

_TIMEOUT = 0.4
_OK = b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'


class Server:
    """A TCP server that reads at most `reads` bytes of each request, slowly if told so, and answers only if it `answers`."""

    def __init__(self, *, reads: int = 0, answers: bool = False, pause: float = 0.0) -> None:
        self.reads, self.answers, self.pause = reads, answers, pause
        self.n_connections = 0
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)  # so that not reading is felt
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.n_connections += 1
                self._sockets.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        head, n_read = b"", 0
        with suppress(OSError):
            while n_read < self.reads and b"\r\n\r\n" not in head:
                data = client.recv(4096)
                if not data:
                    return
                head, n_read = head + data, n_read + len(data)
            if self.reads and b"100-continue" in head:
                client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            left = int(fields.get(b"Content-Length", b"0")) - len(head.partition(b"\r\n\r\n")[2])
            while n_read < self.reads and left > 0:
                data = client.recv(64 << 10)
                if not data:
                    return
                n_read, left = n_read + len(data), left - len(data)
                time.sleep(self.pause)
            if self.answers:
                client.sendall(_OK)

    def close(self) -> None:
        for one in [self._listener, *self._sockets]:
            one.close()


@pytest.fixture
def serve(s3: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Starts servers of the test; time-outs are short."""
    monkeypatch.setenv("LAMIN_S3_READ_TIMEOUT", str(_TIMEOUT))
    made: list[Server] = []

    def start(**kwargs: Any) -> Server:
        made.append(Server(**kwargs))
        return made[-1]

    yield start
    for server in made:
        server.close()


def test_a_server_that_never_answers_is_given_up_and_named(sqlite_instance: Any, serve: Any) -> None:
    server = serve()
    with pytest.raises(StorageSilent, match=r"doesn't answer .*LAMIN_S3_READ_TIMEOUT \(seconds, now 0.4\)") as caught:
        ln.Artifact(f"s3://bucket/x.bin?endpoint_url={server.url}", key="x.bin")
    assert server.url in str(caught.value) and isinstance(caught.value, StorageUnreachable)
    assert 0 < server.n_connections <= 12  # attempts of lamindb times those of s3fs
    assert ln.Artifact.filter().count() == 0 and ln.Storage.filter().count() == 1


def test_a_long_silence_is_not_waited_for_again(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from lamindb.storage import retrying

    monkeypatch.setattr(retrying, "LONG_SILENCE", _TIMEOUT)
    server = serve()
    with pytest.raises(StorageSilent):
        ln.UPath.from_auth(f"s3://bucket/x.bin?endpoint_url={server.url}").is_bucket_versioned()
    assert server.n_connections == 2  # those of s3fs, which the fixtures set to two


def test_sending_to_a_server_that_takes_nothing_or_stops_taking_ends(
    serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lamindb.storage import retrying

    monkeypatch.setattr(retrying, "LONG_SILENCE", _TIMEOUT)
    path = tmp_path / "x.bin"
    path.write_bytes(b"x" * (8 << 20))
    for server in (serve(), serve(reads=1 << 20)):
        target = ln.UPath.from_auth(f"s3://bucket/x.bin?endpoint_url={server.url}")
        with pytest.raises(StorageSilent, match="doesn't answer"):
            target.upload_from(path, print_progress=False)


def test_a_slow_transfer_takes_the_time_that_it_takes(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    timeout = 2.0  # between two pieces, on a machine that does other things, too
    monkeypatch.setenv("LAMIN_S3_READ_TIMEOUT", str(timeout))
    server = serve(reads=1 << 40, answers=True, pause=0.01)
    target = ln.UPath.from_auth(f"s3://bucket/x.bin?endpoint_url={server.url}")
    prepare(target.fs)
    begin = time.monotonic()
    target.fs.call_s3("put_object", Bucket="bucket", Key="x.bin", Body=b"x" * (16 << 20))
    assert time.monotonic() - begin > timeout, "the transfer was not slow"
    assert server.n_connections == 1, "it was sent again"


def test_the_time_that_a_server_gets_must_be_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMIN_S3_READ_TIMEOUT", "soon")
    with pytest.raises(ValueError, match="LAMIN_S3_READ_TIMEOUT='soon'"):
        read_timeout()
    monkeypatch.delenv("LAMIN_S3_READ_TIMEOUT")
    assert read_timeout() == 30


def test_an_upload_during_which_the_server_fell_silent_can_be_repeated(
    sqlite_instance: Any, bucket: str, s3: Any, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lamindb.storage import retrying

    monkeypatch.setenv("LAMIN_S3_READ_TIMEOUT", "1")
    monkeypatch.setattr(retrying, "LONG_SILENCE", 0.5)
    storage = ln.Storage(bucket).save()
    path = tmp_path / "x.bin"
    path.write_bytes(b"0123456789" * 100_000)
    speaks_again = threading.Event()
    s3.on_request = lambda line: speaks_again.wait(60) if line.startswith("PUT ") and ".bin" in line else None
    artifact = ln.Artifact(path, key="x.bin", storage=storage, run=False)
    with pytest.raises(StorageSilent, match="doesn't answer"):
        artifact.save()
    for left in ln.Artifact.filter():
        assert left._storage_ongoing, "a record whose data may be missing says so"
    speaks_again.set()
    s3.mend()
    assert artifact.save().cache(verify=True).read_bytes() == path.read_bytes()
    assert ln.Artifact.filter().one() == artifact and ln.doctor().findings == []


def test_parts_for_cloudflare_have_one_size(s3: Any) -> None:
    r2 = ln.UPath.from_auth("s3://lab/x.bin?endpoint_url=https://id.r2.cloudflarestorage.com")
    other = ln.UPath.from_auth("s3://lab/x.bin?endpoint_url=https://s3.example.com")
    assert r2.storage_options["fixed_upload_size"] and "fixed_upload_size" not in other.storage_options


def test_the_web_address_of_an_object_needs_no_answer(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert ln.UPath("s3://lab/x.txt").to_url() == "https://lab.s3.amazonaws.com/x.txt"
