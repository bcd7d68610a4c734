"""Uploads that are killed, cut off, refused or disturbed: no row without data that does not say so, and the same script again completes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.storage.retrying import StorageAccessDenied, StorageMissing, StorageUnreachable, TransferError

_SAVE = "import lamindb as ln; ln.settings.storage = {bucket!r}; ln.Artifact({path!r}, key={key!r}).save()"


def _name(bucket: str) -> str:
    return bucket.removeprefix("s3://").partition("?")[0]


def _fill(folder: Path, n_files: int) -> Path:
    folder.mkdir()
    for number in range(n_files):
        (folder / f"f{number}.txt").write_text(f"content {number}")
    return folder


@pytest.fixture
def script(bucket: str, cache: Path) -> Any:
    """Starts the everyday script in a process of its own; it uploads to the bucket."""

    def start(path: Path, key: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "LAMIN_CURRENT_INSTANCE": ln.setup.settings.instance.slug,
            "LAMIN_CACHE_DIR": str(cache),
        }
        code = _SAVE.format(bucket=bucket, path=str(path), key=key)
        return subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE)

    return start


@pytest.mark.usefixtures("instance")
def test_a_folder_upload_that_was_killed_is_completed_by_the_same_script(
    bucket: str, s3: Any, tmp_path: Path, script: Any
) -> None:
    ln.Storage(bucket).save()
    source = _fill(tmp_path / "data", 60)
    process = script(source, "data")

    def kill_in_the_middle(line: str) -> None:
        if line.startswith("PUT ") and "/f" in line and s3.count("PUT", "/f") == 40:
            process.send_signal(signal.SIGKILL)

    s3.on_request = kill_in_the_middle
    assert process.wait(60) == -signal.SIGKILL
    s3.mend()
    artifact = ln.Artifact.filter().one()
    assert artifact._storage_ongoing, "a row whose data may be incomplete must say so"
    arrived = sum("/f" in key for key in s3.server.keys(_name(bucket)))
    assert 0 < arrived < 60
    s3.requests.clear()
    again = script(source, "data")
    assert again.wait(60) == 0, again.stderr.read().decode()
    assert s3.count("PUT", "/f") == 60 - arrived, "what had arrived must not be sent again"
    completed = ln.Artifact.filter().one()
    assert completed.uid == artifact.uid and not completed._storage_ongoing
    assert completed.cache(verify=True).joinpath("f59.txt").read_text() == "content 59"
    assert not list(Path(ln.settings.cache_dir).glob(".uploads/*"))


@pytest.mark.parametrize("moment", ["before the object", "after the object"])
def test_a_file_upload_that_was_killed_is_completed_by_the_same_script(
    moment: str, sqlite_instance: Any, bucket: str, s3: Any, tmp_path: Path, script: Any
) -> None:
    ln.Storage(bucket).save()
    source = tmp_path / "x.bin"
    source.write_bytes(os.urandom(500_000))
    process = script(source, "x.bin")
    seen: list[str] = []

    def kill(line: str) -> None:
        if ".bin" in line:
            seen.append(line)
            is_put = line.startswith("PUT ")
            if is_put if moment == "before the object" else not is_put and any(one.startswith("PUT ") for one in seen):
                process.send_signal(signal.SIGKILL)
                process.wait()

    s3.on_request = kill
    assert process.wait(60) == -signal.SIGKILL
    s3.mend()
    assert ln.Artifact.filter().one()._storage_ongoing
    assert any(key.endswith(".bin") for key in s3.server.keys(_name(bucket))) is (moment == "after the object")
    s3.requests.clear()
    assert script(source, "x.bin").wait(60) == 0
    artifact = ln.Artifact.filter().one()
    assert not artifact._storage_ongoing and artifact.path.read_bytes() == source.read_bytes()
    assert s3.count("PUT", ".bin") == (1 if moment == "before the object" else 0)


def _cut_at(s3: Any, part: str, number: int) -> None:
    def cut(line: str) -> None:
        if line.startswith("PUT ") and part in line and s3.count("PUT", part) == number:
            s3.cut()

    s3.on_request = cut


@pytest.mark.usefixtures("instance", "cache")
def test_a_server_that_goes_away_while_a_file_is_uploaded_leaves_no_row(bucket: str, s3: Any, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    source = tmp_path / "x.txt"
    source.write_text("first")
    first = ln.Artifact(source, key="x.txt").save()
    source.write_text("second")
    second = ln.Artifact(source, key="x.txt")
    _cut_at(s3, ".txt", s3.count("PUT", ".txt") + 1)
    with pytest.raises(StorageUnreachable, match=s3.url):
        second.save()
    assert ln.Artifact.filter().one() == first and ln.Artifact.get(key="x.txt").is_latest
    s3.mend()
    second.save()
    assert ln.Artifact.get(key="x.txt").load() == "second" and ln.Artifact.filter(key="x.txt").count() == 2


@pytest.mark.usefixtures("instance", "cache")
def test_a_server_that_goes_away_while_a_folder_is_uploaded_can_be_asked_again(
    bucket: str, s3: Any, tmp_path: Path
) -> None:
    ln.settings.storage = bucket
    artifact = ln.Artifact(_fill(tmp_path / "data", 50), key="data")
    _cut_at(s3, "/f", 30)
    with pytest.raises(StorageUnreachable, match="can't be reached, or broke off"):
        artifact.save()
    assert ln.Artifact.filter().one()._storage_ongoing
    s3.mend()
    s3.requests.clear()
    artifact.save()
    assert not ln.Artifact.filter().one()._storage_ongoing and s3.count("PUT", "/f") < 50
    assert len(list(artifact.cache(verify=True).iterdir())) == 50


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_a_short_interruption_is_not_noticed(bucket: str, s3: Any, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    source = tmp_path / "x.txt"
    source.write_text("x")
    is_first = True

    def cut_once(line: str) -> None:
        nonlocal is_first
        if line.startswith("PUT ") and ".txt" in line and is_first:
            is_first = False
            s3.cut()
            s3.is_cut = False

    s3.on_request = cut_once
    assert ln.Artifact(source, key="x.txt").save().path.read_text() == "x"


@pytest.mark.usefixtures("instance", "cache")
def test_a_file_that_changes_while_it_is_uploaded_is_refused(bucket: str, s3: Any, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    source = tmp_path / "x.txt"
    source.write_text("first")

    def change(line: str) -> None:
        if line.startswith("PUT ") and ".txt" in line:
            source.write_text("other")

    artifact = ln.Artifact(source, key="x.txt")
    s3.on_request = change
    with pytest.raises(TransferError, match="changed"):
        artifact.save()
    assert ln.Artifact.filter().count() == 0
    assert s3.server.keys(_name(bucket)) == [".lamindb/storage_uid.txt"]


@pytest.mark.usefixtures("instance", "cache")
def test_a_replaced_artifact_keeps_its_content_if_the_new_one_cannot_be_uploaded(
    bucket: str, s3: Any, tmp_path: Path
) -> None:
    ln.settings.storage = bucket
    source = tmp_path / "x.txt"
    source.write_text("first")
    artifact = ln.Artifact(source, key="x.txt").save()
    source.write_text("second")
    artifact.replace(source)
    _cut_at(s3, ".txt", s3.count("PUT", ".txt") + 1)
    with pytest.raises(StorageUnreachable):
        artifact.save()
    s3.mend()
    stored = ln.Artifact.get(artifact.uid)
    assert not stored._storage_ongoing and stored.load() == "first" and stored.cache(verify=True).read_text() == "first"
    artifact.save()
    assert ln.Artifact.get(artifact.uid).load() == "second"


@pytest.mark.usefixtures("instance", "cache")
def test_a_missing_bucket_says_so(s3: Any) -> None:
    with pytest.raises(StorageMissing, match="no bucket"):
        ln.Storage(f"s3://there-is-none?endpoint_url={s3.url}").save()
    with pytest.raises((StorageMissing, FileNotFoundError), match="there-is-none"):
        ln.Artifact(ln.UPath(f"s3://there-is-none/x.txt?endpoint_url={s3.url}"))
    assert ln.Storage.filter().count() == 1


@pytest.mark.usefixtures("sqlite_instance", "cache", "strict_server")
def test_wrong_credentials_are_named_with_what_helps(bucket: str, s3: Any, tmp_path: Path) -> None:
    with pytest.raises(StorageAccessDenied, match="AWS_ACCESS_KEY_ID"):
        ln.UPath.from_auth(bucket).upload_from(_fill(tmp_path / "data", 2), print_progress=False)
    storage = ln.Storage(bucket).save()
    assert storage.instance_uid is None, "what can't be written can't be managed"
    with pytest.raises(ValueError, match="can't be written"):
        ln.settings.storage = bucket


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_who_may_only_read_refers_to_the_bucket_and_loads_from_it(
    bucket: str, s3: Any, strict_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.server.check_credentials(False)
    s3.server.client().put_object(Bucket=_name(bucket), Key="x.txt", Body=b"public")
    s3.server.check_credentials(True)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", strict_server["key"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", strict_server["secret"])
    artifact = ln.Artifact(ln.UPath(bucket) / "x.txt").save()
    assert artifact.storage.root == bucket and artifact.storage.instance_uid is None
    assert artifact.load() == "public" and artifact.hash is not None
    (tmp_path / "y.txt").write_text("y")
    with pytest.raises(ValueError, match="not managed by the current instance"):
        ln.Artifact(tmp_path / "y.txt", key="y.txt", storage=artifact.storage).save()
    assert ln.Artifact.filter().one() == artifact


_MOVE = """
import os, signal
import lamindb as ln
from lamindb.artifacts import moving
from lamindb.storage import objects

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def die_after_one(path, files):
    path.fs.rm([files[0].path])
    die()

{kill}
artifact = ln.Artifact.get({uid!r})
artifact.key = {key!r}
artifact.save(move=True)
"""


def test_a_move_in_a_bucket_that_was_killed_is_finished(
    sqlite_instance: Any, bucket: str, s3: Any, cache: Path, run_python: Any
) -> None:
    ln.Storage(bucket).save()
    name, client = _name(bucket), s3.server.client()
    environment = {"LAMIN_CURRENT_INSTANCE": sqlite_instance.slug, "LAMIN_CACHE_DIR": str(cache)}
    kills = {
        "before": "moving._move_bytes = die",
        "copied": "objects._remove_files = die",
        "halfway": "objects._remove_files = die_after_one",
    }
    for where, kill in kills.items():
        for number in range(3):
            client.put_object(Bucket=name, Key=f"raw-{where}/{number}.txt", Body=f"{where} {number}".encode())
        url = f"s3://{name}/raw-{where}?endpoint_url={s3.url}"
        artifact = ln.Artifact(url, run=False, overwrite_versions=False).save()
        code = _MOVE.format(kill=kill, uid=artifact.uid, key=f"tidy-{where}")
        done = run_python(code, check=False, env=environment)
        assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
        assert [finding.problem for finding in ln.doctor().findings] == ["unfinished-move"]
        if where != "halfway":
            assert ln.doctor(repair=True).is_healthy
        else:
            again = ln.Artifact.get(artifact.uid)
            again.key = f"tidy-{where}"
            again.save(move=True)
        moved = ln.Artifact.get(artifact.uid)
        assert moved._aux is None and moved.key == f"tidy-{where}"
        texts = sorted(path.read_text() for path in moved.cache(verify=True).iterdir())
        assert texts == [f"{where} {number}" for number in range(3)]
        assert not [key for key in s3.server.keys(name) if key.startswith("raw-")]
    assert ln.doctor().findings == []


_REPLACE = """
import os, signal
import lamindb as ln
from lamindb.artifacts import remote_storing, replacing

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

upload = remote_storing.upload

def upload_and_die(*args, **kwargs):
    upload(*args, **kwargs)
    die()

{kill}
artifact = ln.Artifact.get({uid!r})
artifact.replace({path!r}, run=False)
artifact.save()
"""


def test_a_replacement_in_a_bucket_that_was_killed_is_completed_by_the_same_script(
    sqlite_instance: Any, bucket: str, s3: Any, cache: Path, run_python: Any, tmp_path: Path
) -> None:
    storage = ln.Storage(bucket).save()
    name = _name(bucket)
    environment = {"LAMIN_CURRENT_INSTANCE": sqlite_instance.slug, "LAMIN_CACHE_DIR": str(cache)}
    kills = {
        "before": "remote_storing.upload = die",
        "uploaded": "remote_storing.upload = upload_and_die",
        "stored": "replacing.finish = die",
    }
    for where, kill in kills.items():
        (tmp_path / f"{where}.txt").write_text(f"{where} old")
        (tmp_path / f"{where}.md").write_text(f"{where} new")
        made = ln.Artifact(tmp_path / f"{where}.txt", key=f"{where}.txt", storage=storage, run=False).save()
        code = _REPLACE.format(kill=kill, uid=made.uid, path=str(tmp_path / f"{where}.md"))
        assert run_python(code, check=False, env=environment).returncode == -signal.SIGKILL
        assert f".lamindb/{made.uid}.txt" in s3.server.keys(name), (
            "the former content stays until the new one is complete"
        )
        assert [finding.subject for finding in ln.doctor().findings] == [made.uid]
        again = ln.Artifact.get(made.uid)
        again.replace(tmp_path / f"{where}.md", run=False)
        again.save()
        replaced = ln.Artifact.get(made.uid)
        assert (replaced._aux, replaced.key, replaced.suffix) == (None, f"{where}.md", ".md")
        assert replaced.cache(verify=True).read_text() == f"{where} new"
        kept = [key for key in s3.server.keys(name) if made.uid in key]
        assert kept == [f".lamindb/{made.uid}.md"]
    assert ln.doctor().findings == []
