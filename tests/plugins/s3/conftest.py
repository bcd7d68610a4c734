"""A real S3-speaking server in a process of its own, and a connection to it that can be watched and cut."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

pytest.importorskip("moto.server", reason="the S3 server of the tests comes with 'moto[server]'")
pytest.importorskip("lamindb_s3", reason="these are tests of the plugin lamindb-s3")

#: Requests that the server takes before it checks credentials.
_NEVER = "1000000000"


class S3Server:
    """A moto server process."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": _NEVER}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.url = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.url}/moto-api/data.json", timeout=5)
                return
            assert time.monotonic() < deadline and self.process.poll() is None, "the S3 server did not start"
            time.sleep(0.1)

    def client(self, service: str = "s3", **options: Any) -> Any:
        import boto3

        credentials = {"aws_access_key_id": "me", "aws_secret_access_key": "mine", **options}
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", **credentials)

    def check_credentials(self, wanted: bool) -> None:
        """From now on, refuse unknown credentials, or take any."""
        data = b"0" if wanted else _NEVER.encode()
        headers = {"Content-Type": "text/plain"}
        request = urllib.request.Request(f"{self.url}/moto-api/reset-auth", data=data, headers=headers)
        urllib.request.urlopen(request, timeout=10)

    def keys(self, bucket: str) -> list[str]:
        return sorted(item["Key"] for item in self.client().list_objects_v2(Bucket=bucket).get("Contents", []))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class Connection:
    """Passes everything on to the server, counts requests, and is cut when told so."""

    def __init__(self, server: S3Server) -> None:
        self.server = server
        self.requests: list[str] = []
        self.is_cut = False
        #: Called with each request line before it is passed on.
        self.on_request: Callable[[str], None] | None = None
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break off everything that is under way; new connections are closed at once."""
        self.is_cut = True
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.is_cut = False
        self.on_request = None

    def count(self, method: str, part: str = "") -> int:
        return sum(line.startswith(f"{method} ") and part in line for line in self.requests)

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.is_cut:
                client.close()
                continue
            upstream = socket.create_connection(("127.0.0.1", self.server.port))
            self._sockets += [client, upstream]
            threading.Thread(target=self._pass_on, args=(client, upstream, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(upstream, client, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_request: bool) -> None:
        try:
            while data := source.recv(1 << 16):
                first = data.split(b"\r\n", 1)[0]
                if is_request and first.endswith(b"HTTP/1.1"):
                    line = first.decode().removesuffix(" HTTP/1.1")
                    self.requests.append(line)
                    if self.on_request is not None:
                        self.on_request(line)
                if self.is_cut:
                    break
                target.sendall(data)
        except OSError:
            pass
        finally:
            for one in (source, target):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)  # closing alone waits for the thread that reads from it
                one.close()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.close()


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """A connection to the server, with credentials in the environment, and every cache of file systems empty."""
    import s3fs

    from lamindb.storage import retrying

    for name, value in {"AWS_ACCESS_KEY_ID": "me", "AWS_SECRET_ACCESS_KEY": "mine"}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_DEFAULT_REGION", "LAMIN_S3_ANON"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.05)  # a server that is gone on purpose isn't worth waiting for
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 2)
    connection = Connection(s3_server)
    yield connection
    connection.close()


@pytest.fixture
def bucket(s3: Connection) -> str:
    """Root of a fresh bucket, with the endpoint of the connection."""
    name = f"bucket-{os.urandom(4).hex()}"
    s3.server.client().create_bucket(Bucket=name)
    return f"s3://{name}?endpoint_url={s3.url}"


@pytest.fixture
def cache(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty cache folder of the test."""
    folder = tmp_path / "the-cache"
    monkeypatch.setenv("LAMIN_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def strict_server(s3: Any, bucket: str) -> Any:
    """The server refuses unknown credentials; gives the credentials of somebody who may only read."""
    iam = s3.server.client("iam")
    name = f"reader-{os.urandom(3).hex()}"
    iam.create_user(UserName=name)
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:Get*", "s3:List*", "s3:Head*"], "Resource": "*"}],
    }
    iam.put_user_policy(UserName=name, PolicyName="read", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    s3.server.check_credentials(True)
    yield {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
    s3.server.check_credentials(False)
