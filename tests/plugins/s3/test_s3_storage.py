"""Buckets as storage locations: markers, regions, endpoints, options, deletion, instances, and data that is kept local first."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.setup.errors import StorageNotEmpty


def _name(bucket: str) -> str:
    return bucket.removeprefix("s3://").partition("?")[0]


def _below(bucket: str, prefix: str) -> str:
    base, _, options = bucket.partition("?")
    return f"{base}/{prefix}?{options}"


def _marker(s3: Any, bucket: str) -> list[str]:
    answer = s3.server.client().get_object(Bucket=_name(bucket), Key=".lamindb/storage_uid.txt")
    return answer["Body"].read().decode().splitlines()


@pytest.mark.usefixtures("cache")
def test_a_bucket_becomes_a_managed_location_when_it_is_saved(instance: Any, bucket: str, s3: Any) -> None:
    storage = ln.Storage(bucket)
    assert s3.server.keys(_name(bucket)) == [], "the constructor must not write"
    storage.save()
    assert (storage.type, storage.region, storage.instance_uid) == ("s3", "us-east-1", instance.uid)
    lines = _marker(s3, bucket)
    assert lines[0] == storage.uid and lines[-1] == f"instance_uid={instance.uid}" and len(lines) == 5
    assert ln.Storage(bucket.replace("?", "/?")).pk == storage.pk
    assert ln.Storage.get(storage.uid).path.fs.exists(_name(bucket))
    below = ln.Storage(_below(bucket, "team/data")).save()
    (ln.UPath(bucket) / "team" / "data" / "x.txt").write_text("x")
    artifact = ln.Artifact(ln.UPath(bucket) / "team" / "data" / "x.txt").save()
    assert artifact.storage == below and artifact.key == "x.txt", "the longest root wins"


@pytest.mark.usefixtures("cache")
def test_the_bucket_of_another_instance_is_only_referred_to(instances: Any, bucket: str, tmp_path: Path) -> None:
    one = instances.create()
    storage = ln.Storage(bucket).save()
    two = instances.create()
    referred = ln.Storage(bucket).save()
    assert referred.uid == storage.uid and referred.instance_uid == one.uid != two.uid
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(ValueError, match="not managed by the current instance"):
        ln.Artifact(tmp_path / "x.txt", key="x.txt", storage=referred).save()
    with pytest.raises(ValueError, match="another instance"):
        ln.settings.storage = bucket
    assert referred.delete() is None and ln.Storage.filter(root=bucket).count() == 0


@pytest.mark.usefixtures("instance", "cache")
def test_a_bucket_is_let_go_only_when_nothing_depends_on_it(bucket: str, s3: Any, tmp_path: Path) -> None:
    storage = ln.Storage(bucket).save()
    (tmp_path / "x.txt").write_text("x")
    artifact = ln.Artifact(tmp_path / "x.txt", key="x.txt", storage=storage).save()
    s3.server.client().put_object(Bucket=_name(bucket), Key="mine.txt", Body=b"of the user")
    with pytest.raises(AssertionError, match="artifacts"):
        storage.delete()
    artifact.delete(permanent=True, storage=False)
    with pytest.raises(StorageNotEmpty, match=artifact.uid):
        storage.delete()
    s3.server.client().delete_object(Bucket=_name(bucket), Key=f".lamindb/{artifact.uid}.txt")
    ln.settings.storage = bucket
    with pytest.raises(AssertionError, match="switch"):
        storage.delete()
    ln.settings.storage = ln.Storage.filter(type="local").one().root
    storage.delete()
    assert s3.server.keys(_name(bucket)) == ["mine.txt"]


@pytest.mark.usefixtures("instance", "cache")
def test_saving_many_locations_marks_each(bucket: str, s3: Any) -> None:
    roots = [_below(bucket, name) for name in ("a", "b")]
    ln.save([ln.Storage(root) for root in roots])
    assert s3.server.keys(_name(bucket)) == [f"{name}/.lamindb/storage_uid.txt" for name in "ab"]
    assert ln.Storage.filter(root__in=roots, instance_uid=ln.setup.settings.instance.uid).count() == 2


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_the_profile_that_is_set_for_a_bucket_signs_everything_below_it(
    bucket: str, s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    credentials = tmp_path / "credentials"
    credentials.write_text("[lab]\naws_access_key_id = LABKEY\naws_secret_access_key = secret\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    assert ln.UPath.from_auth(bucket).storage_options["anon"] is True
    ln.settings.storage = (bucket, {"profile": "lab"})
    (tmp_path / "x.txt").write_text("x")
    artifact = ln.Artifact(tmp_path / "x.txt", key="x.txt").save()
    assert artifact.path.storage_options["profile"] == "lab" and "anon" not in artifact.path.storage_options
    assert artifact.path.read_text() == "x"


@pytest.mark.usefixtures("cache")
def test_an_instance_on_postgresql_has_its_storage_in_a_bucket(
    postgres_database: Any, bucket: str, s3: Any, tmp_path: Path
) -> None:
    name = f"bucket-instance-{os.urandom(3).hex()}"
    ln.setup.init(storage=bucket, name=name, db=postgres_database(migrated=True))
    try:
        assert ln.setup.settings.instance.is_remote and ln.settings.storage.root_as_str == bucket
        assert ln.Storage.filter().one().region == "us-east-1" == ln.settings.storage.region
        (tmp_path / "x.txt").write_text("x")
        artifact = ln.Artifact(tmp_path / "x.txt", key="x.txt").save()
        assert artifact.path.path == f"{_name(bucket)}/.lamindb/{artifact.uid}.txt" and artifact.load() == "x"
        slug = ln.setup.settings.instance.slug
        with pytest.raises(StorageNotEmpty, match=artifact.uid):
            ln.setup.delete(slug, force=True)
        artifact.delete(permanent=True)
        ln.setup.delete(slug, force=True)
        assert s3.server.keys(_name(bucket)) == []
    finally:
        from django.db import connections

        connections.close_all()
        ln.setup.disconnect(mute=True)


@pytest.mark.usefixtures("cache")
def test_an_init_in_a_missing_bucket_leaves_nothing_behind(postgres_database: Any, s3: Any) -> None:
    name = f"no-bucket-{os.urandom(3).hex()}"
    with pytest.raises(ln.setup.errors.InstanceNotCreated, match="no bucket"):
        ln.setup.init(
            storage=f"s3://there-is-none?endpoint_url={s3.url}", name=name, db=postgres_database(migrated=True)
        )
    with pytest.raises(ln.setup.errors.InstanceNotFoundError):
        ln.connect(name)


def test_data_is_kept_local_until_it_is_uploaded(
    instance: Any, bucket: str, s3: Any, cache: Path, tmp_path: Path
) -> None:
    ln.settings.storage = bucket
    instance.keep_artifacts_local = True
    local = ln.Storage(tmp_path / "local", host="my-machine").save()
    ln.settings.local_storage = tmp_path / "local"
    (tmp_path / "x.txt").write_text("x")
    kept = ln.Artifact(tmp_path / "x.txt", key="x.txt").save()
    assert kept.storage == local and kept.path.is_relative_to(tmp_path / "local")
    (tmp_path / "y.txt").write_text("y")
    at_once = ln.Artifact(tmp_path / "y.txt", key="y.txt").save(upload=True)
    assert at_once.storage.root == bucket and at_once.path.read_text() == "y"

    old_path = kept.path
    s3.on_request = lambda line: s3.cut() if line.startswith("PUT ") and kept.uid in line else None
    with pytest.raises(ConnectionError):
        kept.save(upload=True)
    assert ln.Artifact.get(kept.uid).storage == local and old_path.exists() and kept.load() == "x"
    s3.mend()
    assert kept.save(upload=True) is kept
    stored = ln.Artifact.get(kept.uid)
    assert stored.storage.root == bucket and stored.path.read_text() == "x" and not old_path.exists()
    assert stored.cache().is_relative_to(cache)
    assert stored.save(upload=True).storage.root == bucket, "a second time nothing happens"


@pytest.mark.usefixtures("sqlite_instance", "cache")
def test_uploading_needs_somewhere_to_upload_to(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(ValueError, match="ln.settings.storage"):
        ln.Artifact(tmp_path / "x.txt", key="x.txt").save(upload=True)
    assert ln.Artifact.filter().count() == 0
