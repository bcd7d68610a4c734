"""Artifacts in a Google Cloud Storage bucket, on an emulator of the service."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.errors import UnknownStorageLocation
from lamindb.setup.errors import InstanceNotCreated
from lamindb.storage.retrying import StorageMissing

pytest.importorskip("gcp_storage_emulator", reason="the emulator of the tests is gcp-storage-emulator")
pytest.importorskip("lamindb_gcs", reason="these are tests of the plugin lamindb-gcs")


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["-m", "gcp_storage_emulator", "start", "--host=127.0.0.1", f"--port={port}", "--in-memory"]
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        with suppress(OSError):
            urllib.request.urlopen(f"{url}/", timeout=5)
            break
        assert time.monotonic() < deadline and process.poll() is None, "the emulator did not start"
        time.sleep(0.1)
    yield url
    process.kill()
    process.wait()


@pytest.fixture
def bucket(emulator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LAMIN_CACHE_DIR", str(tmp_path / "the-cache"))
    name = f"bucket-{os.urandom(4).hex()}"
    root = f"gs://{name}?endpoint_url={emulator}"
    ln.UPath.from_auth(root).fs.mkdir(name)
    return root


def test_a_file_is_stored_loaded_versioned_and_deleted(instance: Any, bucket: str, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    assert ln.Storage.get(root=bucket).instance_uid == instance.uid
    path = tmp_path / "x.json"
    for number in (1, 2):
        path.write_text(f'{{"a": {number}}}')
        artifact = ln.Artifact(path, key="data/x.json").save()
        assert artifact.path.protocol == "gs" and not artifact._storage_ongoing
    shutil.rmtree(ln.settings.cache_dir)
    assert artifact.load() == {"a": 2} and artifact.cache(verify=True).exists()
    assert artifact.versions.count() == 2
    remote = artifact.path
    artifact.delete(permanent=True)
    assert not remote.fs.exists(remote.path)
    assert ln.Artifact.get(key="data/x.json").load() == {"a": 1}


@pytest.mark.usefixtures("sqlite_instance")
def test_a_folder_comes_back_as_it_was_and_has_the_hash_of_the_local_one(bucket: str, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    source = tmp_path / "data"
    for number in range(30):
        file = source / f"part {number % 3}" / f"größe-{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"content {number}")
    artifact = ln.Artifact(source, key="data").save()
    shutil.rmtree(ln.settings.cache_dir)
    copy = artifact.cache(verify=True)
    assert {p.relative_to(copy): p.read_text() for p in copy.rglob("*.txt")} == {
        p.relative_to(source): p.read_text() for p in source.rglob("*.txt")
    }
    uploaded = ln.UPath.from_auth(bucket) / "elsewhere"
    uploaded.upload_from(source, create_folder=False, print_progress=False)
    registered = ln.Artifact(uploaded)
    assert (registered.uid, registered._hash_type) == (artifact.uid, "blake3-d")


@pytest.mark.usefixtures("sqlite_instance")
def test_an_object_is_registered_where_it_is(bucket: str) -> None:
    path = ln.UPath.from_auth(bucket) / "raw" / "x.txt"
    path.fs.pipe_file(path.path, b"hello")
    with pytest.raises(UnknownStorageLocation):
        ln.Artifact(path)
    storage = ln.Storage(bucket).save()
    artifact = ln.Artifact(path).save()
    assert (artifact.storage, artifact.key, artifact.size, artifact._hash_type) == (storage, "raw/x.txt", 5, "md5")
    assert artifact.hash == "XUFAKrxLKna5cZ2REBfFkg" and artifact.load() == "hello"


@pytest.mark.usefixtures("sqlite_instance")
def test_a_missing_bucket_says_so(emulator: str) -> None:
    with pytest.raises(StorageMissing, match="no bucket"):
        ln.Storage(f"gs://there-is-none?endpoint_url={emulator}").save()


def test_checksums_are_typed_as_what_they_are() -> None:
    from lamindb_gcs.objects import content_hash

    assert content_hash({"md5Hash": "XUFAKrxLKna5cZ2REBfFkg==", "etag": "CJ="}).hash_type == "md5"
    assert content_hash({"md5Hash": "+/+/KrxLKna5cZ2REBfFkg=="}).hash.startswith("-_-_")
    assert content_hash({"etag": '"CJ="'}).hash_type == "md5-etag"
    assert content_hash({}) is None


def test_a_server_that_overwrites_whatever_is_there_gets_no_database(bucket: str) -> None:
    with pytest.raises(InstanceNotCreated, match="no conditional writes"):  # the emulator ignores conditions
        ln.setup.init(storage=bucket, name=f"cloud-{os.urandom(3).hex()}")
    root = ln.UPath.from_auth(bucket)
    assert list(root.fs.find(root.path)) == [], "nothing is left behind"
