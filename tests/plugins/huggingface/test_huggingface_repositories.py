"""Paths, options, hashes and errors of Hugging Face repositories, without Hugging Face: nothing here leaves the machine."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

import lamindb as ln
from lamindb.storage.retrying import StorageAccessDenied, StorageUnreachable

pytest.importorskip("lamindb_huggingface", reason="these are tests of the plugin lamindb-huggingface")


@pytest.fixture
def closed_endpoint() -> str:
    """Address of this machine at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("hf://datasets/org/repo/x.csv", ("dataset", "org/repo")),
        ("hf://datasets/org/repo@v1/x.csv", ("dataset", "org/repo")),
        ("hf://spaces/org/app/x", ("space", "org/app")),
        ("hf://org/model@main/weights.bin", ("model", "org/model")),
    ],
)
def test_a_path_names_its_repository(url: str, expected: tuple[str, str]) -> None:
    from lamindb_huggingface.repositories import repository_of

    assert repository_of(ln.UPath.from_auth(url)) == expected


def test_a_path_without_repository_is_refused() -> None:
    from lamindb_huggingface.repositories import repository_of

    with pytest.raises(ValueError, match="hf://datasets/<owner>/<name>"):
        repository_of(ln.UPath.from_auth("hf://datasets/org"))


def test_a_path_is_of_the_file_system_of_huggingface_hub(closed_endpoint: str) -> None:
    from huggingface_hub import HfFileSystem

    path = ln.UPath.from_auth("hf://datasets/org/repo/data/x.csv", token="hf_of_mine", endpoint=closed_endpoint)
    assert isinstance(path.fs, HfFileSystem) and path.fs.token == "hf_of_mine"
    assert path.name == "x.csv" and path.parent.name == "data"
    assert (path.parent / "y.csv").storage_options["token"] == "hf_of_mine"


def test_hashes_are_typed_as_what_the_api_answers() -> None:
    from lamindb_huggingface.repositories import content_hash, modified

    blob = "ce013625030ba8dba906f756967f9e9ca394464a"  # `printf 'hello\\n' | git hash-object --stdin`
    small = content_hash({"blob_id": blob, "lfs": None})
    assert small is not None and small.hash_type == "sha1"
    sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"  # of the same bytes
    for lfs in (SimpleNamespace(sha256=sha256), {"sha256": sha256}):
        large = content_hash({"blob_id": blob, "lfs": lfs})
        assert large is not None and large.hash_type == "sha256"
    assert content_hash({}) is None
    now = datetime.now(UTC)
    assert modified({"last_commit": SimpleNamespace(date=now)}) == now.timestamp() and modified({}) is None


def test_local_copies_are_compared_with_these_hashes(tmp_path: Any) -> None:
    from lamindb.storage.checksums import copy_matches
    from lamindb_huggingface.repositories import content_hash

    (tmp_path / "x.txt").write_text("hello\n")
    (tmp_path / "y.txt").write_text("hallo\n")
    sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    for info in ({"blob_id": "ce013625030ba8dba906f756967f9e9ca394464a"}, {"lfs": {"sha256": sha256}}):
        found = content_hash(info)
        assert found is not None
        assert copy_matches(tmp_path / "x.txt", *found) is True
        assert copy_matches(tmp_path / "y.txt", *found) is False


@pytest.mark.usefixtures("sqlite_instance")
def test_a_service_that_cannot_be_reached_is_named(closed_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from lamindb.storage import retrying

    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.01)
    path = ln.UPath.from_auth("hf://datasets/org/repo/x.csv", endpoint=closed_endpoint)
    with pytest.raises(StorageUnreachable, match="Hugging Face can't be reached"):
        ln.Artifact(path)
    assert ln.Storage.filter().count() == 1 and ln.Artifact.filter().count() == 0


def test_the_offline_mode_of_the_library_is_named(closed_endpoint: str, run_python: Any) -> None:
    code = (
        "import lamindb as ln\n"
        "from lamindb.storage.listing import list_remote_files\n"
        f"path = ln.UPath.from_auth('hf://datasets/org/repo/x.csv', endpoint={closed_endpoint!r})\n"
        "try:\n"
        "    list_remote_files(path)\n"
        "except PermissionError as error:\n"
        "    print(error)\n"
    )
    assert "HF_HUB_OFFLINE is set" in run_python(code, env={"HF_HUB_OFFLINE": "1"}).stdout


def test_without_token_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from lamindb_huggingface.repositories import is_writable

    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
    assert is_writable(ln.UPath.from_auth("hf://datasets/org/repo")) is False


def test_refusals_say_where_a_token_comes_from() -> None:
    from lamindb.storage.retrying import clear_error

    class Refusal(OSError):
        response = SimpleNamespace(status_code=401)

    found = clear_error(Refusal("no"), ln.UPath.from_auth("hf://datasets/org/repo"))
    assert isinstance(found, StorageAccessDenied) and "HF_TOKEN" in str(found)
