"""Storage records: normalised roots, markers, managing instance, deletion."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.setup.errors import StorageNotEmpty


def test_a_root_is_found_again_however_it_is_written(
    instance: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ln.Storage(tmp_path / "data").save()
    monkeypatch.chdir(tmp_path)
    for spelling in ("data", "./data/", str(tmp_path / "data") + "/", f"{tmp_path}/x/../data"):
        assert ln.Storage(spelling).pk == first.pk, spelling
    assert first.instance_uid == instance.uid and first.type == "local"
    assert (tmp_path / "data" / ".lamindb" / "storage_uid.txt").read_text().splitlines()[0] == first.uid


def test_the_root_of_another_instance_is_referenced_read_only(instances: Any, tmp_path: Path) -> None:
    one = instances.create()
    root = one.storage.root_as_str
    two = instances.create()
    referenced = ln.Storage(root).save()
    assert referenced.instance_uid == one.uid != two.uid
    with pytest.raises(ValueError, match="managed by"):
        path = tmp_path / "x.txt"
        path.write_text("1")
        ln.Artifact(path, key="x.txt", storage=referenced).save()
    assert ln.Artifact.filter().count() == 0


@pytest.mark.usefixtures("instance")
def test_bad_roots_are_refused(tmp_path: Path) -> None:
    for root in (tmp_path / ".lamindb" / "x", "ftp://host/x"):
        with pytest.raises(ValueError):
            ln.Storage(root)
    with pytest.raises(ValueError, match="not local"):
        ln.Storage("https://example.org/x", host="laptop")
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is a file"):
        ln.Storage(tmp_path / "file")
    assert ln.Storage.filter().count() == 1


@pytest.mark.usefixtures("instance")
def test_a_location_is_deleted_only_when_nothing_depends_on_it(tmp_path: Path) -> None:
    storage = ln.Storage(tmp_path / "data", host="laptop").save()
    assert storage.host == storage.region == "laptop"
    with pytest.raises(ValueError, match="Soft delete"):
        storage.delete(permanent=False)
    path = tmp_path / "x.txt"
    path.write_text("1")
    artifact = ln.Artifact(path, key="x.txt", storage=storage).save()
    with pytest.raises(AssertionError, match="artifacts"):
        storage.delete()
    artifact.delete(permanent=True, storage=False)
    with pytest.raises(StorageNotEmpty, match=artifact.uid):
        storage.delete()
    os.remove(tmp_path / "data" / ".lamindb" / f"{artifact.uid}.txt")
    assert storage.delete() is None
    assert not (tmp_path / "data" / ".lamindb" / "storage_uid.txt").exists() and (tmp_path / "data").exists()
    with pytest.raises(AssertionError, match="switch"):
        ln.Storage.filter().one().delete()


@pytest.mark.usefixtures("instance")
def test_settings_register_an_unknown_root_and_write_to_it(tmp_path: Path) -> None:
    ln.settings.storage = tmp_path / "more"
    path = tmp_path / "x.txt"
    path.write_text("1")
    artifact = ln.Artifact(path, key="x.txt").save()
    assert artifact.path.is_relative_to(tmp_path / "more")
    assert ln.Storage.filter().count() == 2
