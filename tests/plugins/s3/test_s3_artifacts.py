"""Artifacts in a bucket, on a server that speaks S3: stored, cached, read, registered in place."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.artifacts.cached_copies import ChangedContentError
from lamindb.errors import UnknownStorageLocation


def _name(bucket: str) -> str:
    return bucket.removeprefix("s3://").partition("?")[0]


def _at(bucket: str, key: str) -> Any:
    base, _, options = bucket.partition("?")
    return ln.UPath(f"{base}/{key}?{options}")


def _folder(path: Path, n_files: int) -> Path:
    for number in range(n_files):
        file = path / f"part {number % 7}" / f"größe-{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"content {number}")
    return path


def test_a_file_is_stored_cached_loaded_versioned_and_deleted(
    instance: Any, bucket: str, s3: Any, cache: Path, tmp_path: Path
) -> None:
    ln.settings.storage = bucket
    path = tmp_path / "x.json"
    path.write_text('{"a": 1}')
    artifact = ln.Artifact(path, key="data/x.json").save()
    assert artifact.storage.type == "s3" and artifact.storage.instance_uid == instance.uid
    assert not artifact._storage_ongoing and path.exists()
    assert set(s3.server.keys(_name(bucket))) == {f".lamindb/{artifact.uid}.json", ".lamindb/storage_uid.txt"}
    kept = artifact.cache()
    assert kept.is_relative_to(cache) and kept.name == "x.json" and kept != path
    shutil.rmtree(cache)
    assert ln.Artifact.get(key="data/x.json").load() == {"a": 1}
    assert kept.exists()

    path.write_text('{"a": 2}')
    second = ln.Artifact(path, key="data/x.json").save()
    assert second.uid[:-4] == artifact.uid[:-4] and second.load() == {"a": 2}
    first = ln.Artifact.get(artifact.uid)
    assert not first.is_latest and first.load() == {"a": 1} and second.load() == {"a": 2}
    assert ln.Artifact(path, key="data/x.json").pk == second.pk

    second.delete(permanent=True)
    assert set(s3.server.keys(_name(bucket))) == {f".lamindb/{artifact.uid}.json", ".lamindb/storage_uid.txt"}
    assert ln.Artifact.get(key="data/x.json").load() == {"a": 1}


@pytest.mark.usefixtures("instance", "cache")
def test_an_empty_file_and_an_empty_folder_come_back_empty(bucket: str, cache: Path, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    (tmp_path / "empty.txt").touch()
    (tmp_path / "nothing").mkdir()
    file = ln.Artifact(tmp_path / "empty.txt", key="empty.txt").save()
    folder = ln.Artifact(tmp_path / "nothing", key="nothing").save()
    shutil.rmtree(cache)
    assert file.cache(verify=True).read_bytes() == b"" and file.size == 0
    assert folder.cache().is_dir() and list(folder.cache().iterdir()) == [] and folder.n_files == 0


def test_a_folder_of_300_files_comes_back_as_it_was(
    sqlite_instance: Any, bucket: str, s3: Any, cache: Path, tmp_path: Path
) -> None:
    ln.settings.storage = bucket
    source = _folder(tmp_path / "many", 300)
    artifact = ln.Artifact(source, key="many").save()
    assert artifact.n_files == 300 and s3.count("PUT", artifact.uid[:16]) == 300
    shutil.rmtree(cache)
    copy = artifact.cache(verify=True)
    assert {p.relative_to(copy): p.read_bytes() for p in copy.rglob("*") if p.is_file()} == {
        p.relative_to(source): p.read_bytes() for p in source.rglob("*") if p.is_file()
    }
    s3.requests.clear()
    assert artifact.cache() == copy and s3.requests == []
    next(copy.rglob("*.txt")).unlink()
    assert len(list(artifact.cache().rglob("*.txt"))) == 300 and s3.count("GET", "content") <= 2


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_a_new_version_of_a_folder_takes_the_place_of_the_old_one(bucket: str, s3: Any, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    source = _folder(tmp_path / "data", 5)
    first = ln.Artifact(source, key="data").save()
    (source / "part 0" / "größe-0.txt").unlink()
    (source / "new.txt").write_text("new")
    second = ln.Artifact(source, key="data").save()
    assert second.uid != first.uid and second.path == first.path
    held = [key for key in s3.server.keys(_name(bucket)) if first.uid[:16] in key]
    assert len(held) == 5 and f".lamindb/{first.uid[:16]}/new.txt" in held
    assert not any("_staging" in key for key in held)
    assert sorted(p.name for p in second.cache().rglob("*.txt")) == sorted(p.name for p in source.rglob("*.txt"))


@pytest.mark.parametrize("key", ["a b/ü+%20&=?#.txt", "..hidden/x.txt", "日本/x.txt", "a" * 200 + ".txt"])
@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_odd_keys_are_kept(key: str, bucket: str, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    (tmp_path / "x.txt").write_text("x")
    for number, virtual in enumerate((True, False)):
        (tmp_path / "x.txt").write_text(f"x{number}")
        artifact = ln.Artifact(tmp_path / "x.txt", key=f"{number}{key}", _key_is_virtual=virtual).save()
        assert artifact.path.read_text() == f"x{number}"
        assert ln.Artifact.get(key=f"{number}{key}").load() == f"x{number}"


@pytest.mark.usefixtures("instance", "cache")
def test_data_in_a_bucket_is_registered_where_it_is(bucket: str, s3: Any) -> None:
    storage = ln.Storage(bucket).save()
    path = _at(bucket, "raw/genes.txt")
    path.write_text("CD4")
    artifact = ln.Artifact(path).save()
    assert (artifact.key, artifact._key_is_virtual, artifact.storage) == ("raw/genes.txt", False, storage)
    assert (artifact.size, artifact._hash_type, artifact.n_files) == (3, "md5", None)
    assert artifact.load() == "CD4" and artifact.cache().read_text() == "CD4"
    assert ln.Artifact(path).pk == artifact.pk
    renamed = _at(bucket, "raw/more.txt")
    renamed.write_text("CD8")
    virtual = ln.Artifact(str(renamed) + f"?endpoint_url={s3.url}", key="nice.txt").save()
    assert virtual._key_is_virtual and virtual._real_key == "raw/more.txt" and virtual.load() == "CD8"
    assert s3.server.keys(_name(bucket)) == [".lamindb/storage_uid.txt", "raw/genes.txt", "raw/more.txt"]
    with pytest.raises(FileNotFoundError, match="nothing at"):
        ln.Artifact(_at(bucket, "raw/missing.txt"))


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_a_folder_in_a_bucket_has_the_hash_of_the_same_local_folder(bucket: str, tmp_path: Path) -> None:
    ln.Storage(bucket).save()
    source = _folder(tmp_path / "data", 20)
    local = ln.Artifact(source, key="local").save()
    uploaded = _at(bucket, "somewhere").upload_from(source, print_progress=False)
    remote = ln.Artifact(uploaded)
    assert (remote.uid, remote.hash, remote._hash_type) == (local.uid, local.hash, "blake3-d")


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_an_object_that_was_sent_in_parts_has_the_hash_of_its_parts_and_can_be_verified(
    bucket: str, tmp_path: Path, cache: Path
) -> None:
    ln.Storage(bucket).save()
    source = tmp_path / "big.bin"
    source.write_bytes(os.urandom(1 << 20) * 11)
    path = _at(bucket, "big.bin")
    path.fs.put_file(str(source), path.path, chunksize=5 << 20)
    artifact = ln.Artifact(path).save()
    assert artifact._hash_type == "md5-3" and artifact.size == 11 << 20
    copy = artifact.cache(verify=True)
    assert copy.read_bytes() == source.read_bytes()
    local = ln.Artifact(source, key="big2.bin", skip_hash_lookup=False)
    assert local._hash_type == "md5" and local.pk != artifact.pk


@pytest.mark.usefixtures("instance", "cache")
def test_a_bucket_that_could_be_managed_must_be_registered_first(bucket: str, s3: Any) -> None:
    path = _at(bucket, "x.txt")
    path.write_text("x")
    with pytest.raises(UnknownStorageLocation, match="ln.Storage"):
        ln.Artifact(path)
    assert s3.server.keys(_name(bucket)) == ["x.txt"] and ln.Storage.filter(type="s3").count() == 0


@pytest.mark.usefixtures("sqlite_instance")
def test_a_cached_copy_is_used_without_asking_the_store(bucket: str, s3: Any, cache: Path, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    (tmp_path / "x.txt").write_text("x")
    ln.Artifact(tmp_path / "x.txt", key="x.txt").save()
    s3.cut()
    s3.requests.clear()
    assert ln.Artifact.get(key="x.txt").load() == "x" and s3.requests == []


@pytest.mark.usefixtures("sqlite_instance")
def test_a_copy_that_somebody_changed_is_downloaded_again(bucket: str, cache: Path, tmp_path: Path) -> None:
    ln.settings.storage = bucket
    (tmp_path / "x.json").write_text("[1, 2, 3]")
    artifact = ln.Artifact(tmp_path / "x.json", key="x.json").save()
    copy = artifact.cache()
    copy.write_text("[1, 2")
    assert artifact.load() == [1, 2, 3]
    before = copy.stat()
    copy.write_text("[9, 9, 9]")
    os.utime(copy, ns=(before.st_atime_ns, before.st_mtime_ns))  # as good a forgery as a broken disk
    assert artifact.load() == [9, 9, 9]
    assert artifact.cache(verify=True).read_text() == "[1, 2, 3]"


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_a_copy_that_cannot_be_loaded_is_downloaded_again(bucket: str, tmp_path: Path, caplog: Any) -> None:
    ln.settings.storage = bucket
    (tmp_path / "x.json").write_text("[1, 2, 3]")
    artifact = ln.Artifact(tmp_path / "x.json", key="x.json").save()
    copy = artifact.cache()
    before = copy.stat()
    copy.write_text("[1, 2, 3 ")
    os.utime(copy, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert artifact.load() == [1, 2, 3]
    assert "The cache might be corrupted" in caplog.text


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_data_that_was_changed_in_the_bucket_is_not_taken_for_what_was_registered(bucket: str, tmp_path: Path) -> None:
    ln.Storage(bucket).save()
    path = _at(bucket, "x.txt")
    path.write_text("first")
    artifact = ln.Artifact(path).save()
    assert artifact.load() == "first"
    path.write_text("trunc"[:3])
    with pytest.raises(ChangedContentError, match="3 bytes now, and had 5"):
        artifact.cache()
    path.write_text("other")
    with pytest.raises(ChangedContentError, match="hash"):
        artifact.load()
    newer = ln.Artifact(path).save()
    assert newer.uid != artifact.uid and newer.key == "x.txt" and newer.load() == "other"
    path.unlink()
    shutil.rmtree(ln.settings.cache_dir)
    with pytest.raises(FileNotFoundError, match="moved or deleted"):
        newer.cache()


@pytest.mark.usefixtures("sqlite_instance")
def test_several_processes_download_an_artifact_once(
    bucket: str, s3: Any, cache: Path, tmp_path: Path, run_python: Any
) -> None:
    ln.settings.storage = bucket
    (tmp_path / "x.bin").write_bytes(os.urandom(2_000_000))
    artifact = ln.Artifact(tmp_path / "x.bin", key="x.bin").save()
    shutil.rmtree(cache)
    s3.requests.clear()
    code = f"import lamindb as ln; print(ln.Artifact.get({artifact.uid!r}).cache().stat().st_size)"
    environment = {"LAMIN_CURRENT_INSTANCE": ln.setup.settings.instance.slug, "LAMIN_CACHE_DIR": str(cache)}
    outputs: list[str] = []
    threads = [
        threading.Thread(target=lambda: outputs.append(run_python(code, env=environment).stdout)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [output.split()[-1] for output in outputs] == ["2000000"] * 3
    assert s3.count("GET", artifact.uid) == 1


@pytest.mark.usefixtures("sqlite_instance")
def test_a_download_that_broke_off_is_taken_up_again(
    bucket: str, s3: Any, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lamindb.storage import downloading
    from lamindb.storage.retrying import StorageUnreachable

    monkeypatch.setattr(downloading, "BLOCK_SIZE", 300_000)
    ln.settings.storage = bucket
    source = tmp_path / "x.bin"
    source.write_bytes(os.urandom(6_000_000))
    artifact = ln.Artifact(source, key="x.bin").save()
    shutil.rmtree(cache)
    s3.requests.clear()

    def cut_after_some(line: str) -> None:
        if s3.count("GET", artifact.uid) > 8:
            s3.cut()

    s3.on_request = cut_after_some
    with pytest.raises(StorageUnreachable):
        artifact.cache()
    assert not artifact._cache_path.exists()
    s3.mend()
    s3.requests.clear()
    assert artifact.cache().read_bytes() == source.read_bytes()
    assert 0 < s3.count("GET", artifact.uid) <= 15
    assert [path.name for path in artifact._cache_path.parent.iterdir()] == ["x.bin"]


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_paths_of_buckets_upload_download_synchronize_and_draw(
    bucket: str, s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ln.UPath(bucket)
    source = _folder(tmp_path / "data", 10)
    uploaded = root.upload_from(source, print_progress=False)
    assert uploaded.name == "data" and uploaded.path == f"{_name(bucket)}/data"
    uploaded.view_tree(level=1)
    assert "7 sub-directories & 10 files with suffixes '.txt'" in capsys.readouterr().out
    uploaded.download_to(tmp_path / "copy", print_progress=False)
    assert len(list((tmp_path / "copy").rglob("*.txt"))) == 10
    assert not uploaded.synchronize_to(tmp_path / "copy") and uploaded.synchronize_to(tmp_path / "other")
    file = root / "a.txt"
    file.write_text("a")
    assert file.rename(root / "b.txt").read_text() == "a" and not file.exists()
    assert (root / "b.txt").to_url() == f"{s3.url}/{_name(bucket)}/b.txt"
    assert (root / "b.txt").modified is not None
    assert root.is_bucket_versioned() is False
    s3.server.client().put_bucket_versioning(Bucket=_name(bucket), VersioningConfiguration={"Status": "Enabled"})
    assert root.is_bucket_versioned() is True


def test_a_path_may_be_registered_before_its_data_is_there(
    sqlite_instance: Any, bucket: str, s3: Any, cache: Path
) -> None:
    ln.Storage(bucket).save()
    name = bucket.removeprefix("s3://").partition("?")[0]
    path = f"s3://{name}/later/x.json?endpoint_url={s3.url}"
    with pytest.raises(FileNotFoundError, match="later/x.json"):
        ln.Artifact(path, run=False)
    made = ln.Artifact(path, skip_check_exists=True, run=False).save()
    assert (made.key, made.size, made.hash, made._hash_type) == ("later/x.json", None, None, None)
    with pytest.raises(FileNotFoundError):
        made.load()
    s3.server.client().put_object(Bucket=name, Key="later/x.json", Body=b"[1]")
    assert made.load() == [1]


def test_permanent_deletion_also_removes_the_copy_in_the_cache(
    sqlite_instance: Any, bucket: str, cache: Path, tmp_path: Path
) -> None:
    ln.settings.storage = bucket
    made = []
    for number in range(2):
        (tmp_path / "x.txt").write_text(f"{number}")
        made.append(ln.Artifact(tmp_path / "x.txt", key="x.txt", run=False).save())
    old, new = ln.Artifact.get(made[0].uid), made[1]
    copies = [artifact.cache() for artifact in (old, new)]
    new.delete(permanent=True)
    assert not copies[1].exists() and not new.path.exists()
    assert ln.Artifact.get(key="x.txt").cache().read_text() == "0", "the version before is the latest again"


def test_a_copy_outlives_its_object(
    sqlite_instance: Any, bucket: str, s3: Any, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ln.Storage(bucket).save()
    name, client = bucket.removeprefix("s3://").partition("?")[0], s3.server.client()
    client.put_object(Bucket=name, Key="raw/x.txt", Body=b"kept")
    made = ln.Artifact(f"s3://{name}/raw/x.txt?endpoint_url={s3.url}", run=False).save()
    copy = made.cache()
    client.delete_object(Bucket=name, Key="raw/x.txt")
    capsys.readouterr()
    assert made.load() == "kept" and "using its copy in the cache" in capsys.readouterr().out
    copy.unlink()
    with pytest.raises(FileNotFoundError, match="moved or deleted outside of lamindb"):
        made.load()


def test_the_place_of_an_artifact_is_that_artifact(
    sqlite_instance: Any, bucket: str, cache: Path, tmp_path: Path
) -> None:
    storage = ln.Storage(bucket).save()
    made = [ln.Artifact(_folder(tmp_path / "data", 2), key="data", storage=storage, run=False).save()]
    (tmp_path / "x.txt").write_text("x")
    made.append(ln.Artifact(tmp_path / "x.txt", key="x.txt", storage=storage, run=False).save())
    inside = next(path for path in made[0].path.iterdir())
    for path, artifact in ((made[0].path, made[0]), (inside, made[0]), (made[1].path, made[1])):
        assert ln.Artifact(path, run=False) == artifact
    with pytest.raises(ValueError, match=r"Do not pass path inside the `\.lamindb/` directory"):
        ln.Artifact(made[1].path.with_name("0123456789abcdef0000.txt"), key="x.txt", run=False)
    assert ln.Artifact.filter().count() == 2
