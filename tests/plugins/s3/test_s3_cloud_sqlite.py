"""Instances whose SQLite database lies in a bucket: who may write, what is uploaded when, and that nothing is ever overwritten."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.setup.errors import InstanceCorrupted, InstanceLockedException, InstanceNotFoundError, NoWriteAccess
from lamindb.setup.lease import Lease
from lamindb.setup.write_guards import is_reading
from lamindb.storage.retrying import StorageAccessDenied

_DATABASE = "pre/.lamindb/lamin.db"


@pytest.fixture
def root(bucket: str) -> Iterator[str]:
    """Root of a storage in a fresh bucket, whose server has a name that has to be resolved."""
    base, _, options = bucket.replace("127.0.0.1", "localhost").partition("?")
    yield f"{base}/pre?{options}"
    ln.setup.disconnect(mute=True)


@pytest.fixture
def instance_in_bucket(root: str, cache: Path) -> Any:
    """An instance whose database lies in a bucket; this process has just made it, and has given the lease back."""
    name = f"cloud-{os.urandom(3).hex()}"
    ln.setup.init(storage=root, name=name)
    instance = ln.setup.settings.instance
    ln.setup.disconnect(mute=True)
    return instance


class Machine:
    """Another computer: processes with settings and a cache of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "LAMIN_SETTINGS_DIR": str(folder / "settings"),
            "LAMIN_CACHE_DIR": str(folder / "cache"),
            "LAMINDB_MODULES": "",
        }

    def start(self, code: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", f"import lamindb as ln\n{code}"],
            env={**self.environment, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, code: str, **environment: str) -> str:
        process = self.start(code, **environment)
        output = process.communicate(timeout=300)[0]
        assert process.returncode == 0, output
        return output


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "another-machine")


@pytest.fixture
def this_machine(cache: Path) -> Machine:
    """Other processes that share the settings and the cache of this one."""
    made = Machine(cache)
    made.environment.update(
        LAMIN_SETTINGS_DIR=os.environ["LAMIN_SETTINGS_DIR"], LAMIN_CACHE_DIR=os.environ["LAMIN_CACHE_DIR"]
    )
    return made


def _client(s3: Any) -> Any:
    return s3.server.client()


def _bucket_of(instance: Any) -> str:
    return str(instance.default_root).removeprefix("s3://").partition("/")[0]


def _object(s3: Any, instance: Any) -> bytes:
    return bytes(_client(s3).get_object(Bucket=_bucket_of(instance), Key=_DATABASE)["Body"].read())


def _labels(content: bytes, tmp_path: Path) -> list[str]:
    """Return the names of the labels in a database."""
    path = tmp_path / f"{os.urandom(4).hex()}.db"
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM lamindb_ulabel ORDER BY id")]


def _change_in_bucket(s3: Any, instance: Any, tmp_path: Path) -> bytes:
    """Do what a program without any manners does: replace the object."""
    path = tmp_path / "changed.db"
    path.write_bytes(_object(s3, instance))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE lamindb_branch SET description = 'changed in the bucket' WHERE name = 'main'")
        connection.commit()
    _client(s3).put_object(Bucket=_bucket_of(instance), Key=_DATABASE, Body=path.read_bytes())
    return path.read_bytes()


def _kept(instance: Any) -> list[Path]:
    return sorted(instance.database_path.parent.glob("lamin.db.kept-*"))


def _lease(s3: Any, instance: Any) -> dict[str, Any]:
    key = f"pre/.lamindb/_exclusion/{instance._id.hex}/lease.json"
    return json.loads(_client(s3).get_object(Bucket=_bucket_of(instance), Key=key)["Body"].read())  # type: ignore[no-any-return]


def test_an_instance_lives_in_a_bucket_from_its_making_to_its_end(
    root: str, cache: Path, s3: Any, machine: Machine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ln.setup.init(storage=root, name=f"cloud-{os.urandom(3).hex()}")
    instance = ln.setup.settings.instance
    assert instance.dialect == "sqlite" and instance.is_remote and instance.is_cloud_sqlite
    assert instance.database_path.is_relative_to(cache) and instance.database_path.parts[-3:] == (
        "pre",
        ".lamindb",
        "lamin.db",
    )
    assert _labels(_object(s3, instance), tmp_path) == [], "others can connect as soon as it is made"

    ln.ULabel(name="first").save()
    asked = len(s3.requests)
    assert (
        not instance.is_read_only_connection
        and repr(ln.setup.settings)
        and instance.db
        and instance.storage.root_as_str
    )
    assert ln.ULabel.filter().count() == 1 and len(s3.requests) == asked, "reading asks nobody but the working copy"
    ln.setup.migrate.deploy()
    assert _labels(_object(s3, instance), tmp_path) == ["first"] and _lease(s3, instance)["expires"] > time.time()
    ln.ULabel(name="second").save()
    (tmp_path / "x.txt").write_text("x")
    artifact = ln.Artifact(tmp_path / "x.txt", key="x.txt").save()
    assert ln.doctor().is_healthy
    ln.setup.disconnect()
    assert _labels(_object(s3, instance), tmp_path) == ["first", "second"] and _lease(s3, instance)["expires"] == 0
    uploads = s3.count("PUT", _DATABASE)
    ln.connect(instance.slug)
    assert ln.ULabel.filter().count() == 2
    ln.setup.disconnect()
    assert s3.count("PUT", _DATABASE) == uploads and _lease(s3, instance)["expires"] == 0, (
        "reading locks and uploads nothing"
    )

    output = machine.run(
        f"""
ln.connect({root!r})
ln.track(transform=ln.Transform(key="a run", kind="pipeline").save())
assert ln.Artifact.get(key="x.txt").load() == "x"
ln.ULabel(name="third").save()
"""
    )
    assert "locking cloud SQLite" in output and "uploaded" in output and "anonymous" in output
    ln.connect(instance.slug)
    assert [label.name for label in ln.ULabel.filter().order_by("id")] == ["first", "second", "third"]
    assert _kept(instance) == []
    run = ln.Run.get(transform__key="a run")
    assert run.finished_at is not None, "what is written at the end is uploaded, too"
    managed = {f"pre/.lamindb/{one.uid}.txt" for one in (run.environment, artifact)}
    ln.setup.delete(instance.slug, force=True, require_empty=False)
    assert set(s3.server.keys(_bucket_of(instance))) == managed and not instance.database_path.exists()
    with pytest.raises(InstanceNotFoundError):
        ln.connect(root)


def test_a_database_that_may_not_be_uploaded_leaves_nothing_behind(
    root: str, cache: Path, s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = root.removeprefix("s3://").partition("/")[0]
    statements = [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/{_DATABASE}"},
    ]
    iam, name = s3.server.client("iam"), f"writer-{os.urandom(3).hex()}"
    iam.create_user(UserName=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName=name, PolicyName="some", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    s3.server.check_credentials(True)
    try:
        with pytest.raises(StorageAccessDenied, match=r"lamin\.db"):
            ln.setup.init(storage=root, name="never")
    finally:
        s3.server.check_credentials(False)
    assert s3.server.keys(bucket) == [] and list(cache.rglob("lamin.db")) == []
    assert ln.setup.settings.instance.slug == "none/none"


def test_importing_lamindb_connects_without_asking_the_bucket(
    instance_in_bucket: Any, this_machine: Machine, s3: Any, tmp_path: Path
) -> None:
    asked = len(s3.requests)
    process = this_machine.start(
        """
print("imported", flush=True)
input()
print("labels:", ln.ULabel.filter().count(), flush=True)
input()
ln.ULabel(name="of an automatic connection").save()
""",
        LAMIN_CURRENT_INSTANCE=instance_in_bucket.slug,
    )
    assert "connected lamindb" in process.stdout.readline()  # type: ignore[union-attr]
    assert "imported" in process.stdout.readline() and len(s3.requests) == asked  # type: ignore[union-attr]
    process.stdin.write("\n")  # type: ignore[union-attr]
    process.stdin.flush()  # type: ignore[union-attr]
    assert "labels: 0" in process.stdout.readline()  # type: ignore[union-attr]
    assert s3.count("HEAD", _DATABASE) > 0 and s3.count("GET", _DATABASE) == 0, "the copy is up to date"
    assert _lease(s3, instance_in_bucket)["expires"] == 0, "reading locks nothing"
    assert "uploaded" in process.communicate("\n", timeout=300)[0]
    assert _labels(_object(s3, instance_in_bucket), tmp_path) == ["of an automatic connection"]


def test_while_one_process_writes_the_others_can_only_read(
    instance_in_bucket: Any, machine: Machine, s3: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("_LAMIN_LEASE_SECONDS", "2")
    ln.connect(instance_in_bucket.slug)
    ln.ULabel(name="mine").save()
    begin = time.time()
    output = machine.run(
        f"""
ln.connect({instance_in_bucket.default_root!r})
instance = ln.setup.settings.instance
assert instance.is_read_only_connection and ln.ULabel.filter().count() == 0
ln.track("0123456789ab0000")
assert ln.context.run is None
try:
    ln.ULabel(name="yours").save()
except ln.setup.errors.InstanceLockedException as error:
    print("refused:", error)
"""
    )
    refusal = output.partition("refused:")[2]
    assert f"process {os.getpid()} on " in refusal and "UTC" in refusal and "ln.setup.disconnect()" in refusal
    assert "read-only mode" in output.partition("refused:")[0] and "skipping track()" in output
    time.sleep(max(0.0, begin + 2.5 - time.time()))
    assert _lease(s3, instance_in_bucket)["expires"] > time.time(), "it is renewed as long as the process lives"
    ln.ULabel(name="mine, too").save()
    ln.setup.disconnect()
    assert _labels(_object(s3, instance_in_bucket), tmp_path) == ["mine", "mine, too"]


_WRITE_AND_DIE = """
import os
ln.connect({root!r})
ln.ULabel(name={name!r}).save()
print("saved", flush=True)
os.kill(os.getpid(), 9)
"""


def test_the_lease_of_a_killed_process_expires_and_its_changes_are_kept(
    instance_in_bucket: Any, machine: Machine, s3: Any, tmp_path: Path
) -> None:
    root = instance_in_bucket.default_root
    killed = machine.start(_WRITE_AND_DIE.format(root=root, name="of the killed"), _LAMIN_LEASE_SECONDS="4")
    assert "saved" in killed.communicate(timeout=300)[0] and killed.returncode == -9
    if _lease(s3, instance_in_bucket)["expires"] > time.time() + 0.5:
        ln.connect(instance_in_bucket.slug)
        assert ln.setup.settings.instance.is_read_only_connection
        with pytest.raises(InstanceLockedException, match=f"process {killed.pid} "):
            ln.ULabel(name="too early").save()
        ln.setup.disconnect()
    time.sleep(max(0.0, _lease(s3, instance_in_bucket)["expires"] - time.time()))
    ln.connect(instance_in_bucket.slug)
    ln.ULabel(name="after it expired").save()
    ln.setup.disconnect()
    output = machine.run(
        f"""
ln.connect({root!r})
assert [label.name for label in ln.ULabel.filter()] == ["after it expired"]
"""
    )
    (kept,) = machine.folder.rglob("lamin.db.kept-*")
    assert str(kept) in output and _labels(kept.read_bytes(), tmp_path) == ["of the killed"]
    assert _labels(_object(s3, instance_in_bucket), tmp_path) == ["after it expired"]


def test_this_machine_goes_on_with_what_a_killed_process_wrote(
    instance_in_bucket: Any, this_machine: Machine, s3: Any, tmp_path: Path
) -> None:
    killed = this_machine.start(_WRITE_AND_DIE.format(root=instance_in_bucket.default_root, name="of the killed"))
    assert "saved" in killed.communicate(timeout=300)[0]
    assert _lease(s3, instance_in_bucket)["expires"] > time.time() + 60
    ln.setup.disconnect()
    from lamindb.setup.cache_folder import clear_cache_dir

    clear_cache_dir()
    assert instance_in_bucket.database_path.is_file(), "clearing the cache loses nothing that nobody else has"
    ln.connect(instance_in_bucket.slug)
    assert [label.name for label in ln.ULabel.filter()] == ["of the killed"]
    ln.setup.disconnect()
    assert _labels(_object(s3, instance_in_bucket), tmp_path) == ["of the killed"] and _kept(instance_in_bucket) == []
    clear_cache_dir()
    assert not instance_in_bucket.database_path.exists()


def test_what_was_changed_in_the_bucket_meanwhile_is_never_overwritten(
    instance_in_bucket: Any, s3: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ln.connect(instance_in_bucket.slug)
    ln.ULabel(name="mine").save()
    theirs = _change_in_bucket(s3, instance_in_bucket, tmp_path)
    ln.setup.disconnect()
    (kept,) = _kept(instance_in_bucket)
    assert _object(s3, instance_in_bucket) == theirs and _labels(kept.read_bytes(), tmp_path) == ["mine"]
    assert str(kept) in caplog.text and "not overwritten" in caplog.text
    ln.connect(instance_in_bucket.slug)
    assert ln.ULabel.filter().count() == 0 and ln.Branch.get(name="main").description == "changed in the bucket"


def test_a_process_whose_lease_was_taken_uploads_nothing(
    instance_in_bucket: Any, s3: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = _object(s3, instance_in_bucket)
    ln.connect(instance_in_bucket.slug)
    ln.ULabel(name="mine").save()
    stranger = {**_lease(s3, instance_in_bucket), "token": "another", "user_handle": "ada"}
    key = f"pre/.lamindb/_exclusion/{instance_in_bucket._id.hex}/lease.json"
    _client(s3).put_object(Bucket=_bucket_of(instance_in_bucket), Key=key, Body=json.dumps(stranger).encode())
    ln.setup.disconnect()
    assert _object(s3, instance_in_bucket) == before and "ada" in caplog.text
    assert _lease(s3, instance_in_bucket) == stranger
    _client(s3).delete_object(Bucket=_bucket_of(instance_in_bucket), Key=key)
    ln.connect(instance_in_bucket.slug)  # goes on with the changes
    ln.setup.disconnect()
    assert _labels(_object(s3, instance_in_bucket), tmp_path) == ["mine"]


def test_changes_are_kept_when_the_server_is_gone_at_the_end_of_the_process(
    instance_in_bucket: Any, this_machine: Machine, s3: Any, tmp_path: Path
) -> None:
    process = this_machine.start(
        f"""
from lamindb.storage import retrying
import s3fs
retrying.FIRST_PAUSE, s3fs.S3FileSystem.retries = 0.05, 2
ln.connect({instance_in_bucket.default_root!r})
ln.ULabel(name="before the server went").save()
print("saved", flush=True)
input()
"""
    )
    while "saved" not in (line := process.stdout.readline()):  # type: ignore[union-attr]
        assert line, "the process ended too early"
    s3.cut()
    output = process.communicate("\n", timeout=300)[0]
    assert process.returncode == 0 and "could not be uploaded" in output, output
    assert str(instance_in_bucket.database_path) in output
    ln.connect(instance_in_bucket.slug)  # without a server, too
    assert ln.ULabel.filter().count() == 1 and ln.setup.settings.instance.is_read_only_connection
    with pytest.raises(NoWriteAccess, match="can't be locked"):
        ln.ULabel(name="nobody would know").save()
    ln.setup.disconnect()
    s3.mend()
    ln.connect(instance_in_bucket.slug)
    ln.setup.disconnect()
    assert _labels(_object(s3, instance_in_bucket), tmp_path) == ["before the server went"]


def test_a_record_that_is_saved_into_it_from_another_instance_locks_and_uploads(
    instance_in_bucket: Any, s3: Any, tmp_path: Path
) -> None:
    ln.setup.init(storage=str(tmp_path / "local"), name=f"local-{os.urandom(3).hex()}")
    local = ln.setup.settings.instance.slug
    assert ln.DB(instance_in_bucket.slug).ULabel.filter().count() == 0
    assert _lease(s3, instance_in_bucket)["expires"] == 0
    ln.ULabel(name="from a local instance").save(using=instance_in_bucket.slug)
    assert _lease(s3, instance_in_bucket)["expires"] > time.time()
    ln.setup.delete(local, force=True)
    assert _labels(_object(s3, instance_in_bucket), tmp_path) == ["from a local instance"]
    assert _lease(s3, instance_in_bucket)["expires"] == 0


def test_who_may_only_read_the_bucket_reads(
    instance_in_bucket: Any, machine: Machine, s3: Any, strict_server: dict[str, str]
) -> None:
    output = machine.run(
        f"""
ln.connect({instance_in_bucket.default_root!r})
assert ln.User.filter().count() == 1
ln.track("0123456789ab0000")
assert ln.context.run is None
try:
    ln.ULabel(name="mine").save()
except ln.errors.NoWriteAccess as error:
    print("refused:", error)
""",
        AWS_ACCESS_KEY_ID=strict_server["key"],
        AWS_SECRET_ACCESS_KEY=strict_server["secret"],
    )
    assert "read-only access" in output and "AWS_ACCESS_KEY_ID" in output.partition("refused:")[2]


def test_a_damaged_object_does_not_replace_the_working_copy(instance_in_bucket: Any, s3: Any) -> None:
    intact = _object(s3, instance_in_bucket)
    for damaged in (intact[:-4096], b"<html>not what you want</html>" * 10):
        _client(s3).put_object(Bucket=_bucket_of(instance_in_bucket), Key=_DATABASE, Body=damaged)
        with pytest.raises(InstanceCorrupted, match="no intact database"):
            ln.connect(instance_in_bucket.slug)
    with closing(sqlite3.connect(instance_in_bucket.database_path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    _client(s3).delete_object(Bucket=_bucket_of(instance_in_bucket), Key=_DATABASE)
    with pytest.raises(InstanceNotFoundError, match="no database"):
        ln.connect(instance_in_bucket.slug)
    with pytest.raises(RuntimeError, match="working copy"):
        ln.setup.init(storage=instance_in_bucket.default_root, name=instance_in_bucket.name)


def test_names_of_servers_are_still_resolved_while_the_process_ends(machine: Machine) -> None:
    output = machine.run(
        """
import atexit, fsspec.asyn
from lamindb.storage.last_calls import allow_last_calls
loop = fsspec.asyn.get_loop()
def last():
    allow_last_calls()
    print("resolved", fsspec.asyn.sync(loop, loop.getaddrinfo, "localhost", 80))
atexit.register(last)
"""
    )
    assert "resolved [" in output


def test_of_several_at_once_one_gets_the_lease(root: str, s3: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    path = ln.UPath.from_auth(root) / "lease.json"
    leases = [Lease(path, "a/b") for _ in range(6)]

    def acquire(lease: Lease) -> bool:
        try:
            lease.acquire("uid", "ada")
        except InstanceLockedException:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(acquire, leases))
    assert sum(won) == 1
    leases[won.index(True)].release()
    assert acquire(leases[0])
    leases[0].release()


@pytest.mark.parametrize(
    ("statement", "reads"),
    [
        ("SELECT 1", True),
        ("  WITH RECURSIVE a AS (SELECT 1) SELECT updated_at FROM a", True),
        ("PRAGMA foreign_keys", True),
        ("WITH a AS (SELECT 1) DELETE FROM b", False),
        ("BEGIN IMMEDIATE", False),
        ("INSERT INTO a VALUES (1)", False),
        ("CREATE TABLE a (b)", False),
        ("VACUUM", False),
    ],
)
def test_what_writes_is_known_by_its_first_word(statement: str, reads: bool) -> None:
    assert is_reading(statement) is reads
