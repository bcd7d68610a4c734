"""Storage locations row by row: arguments, roots, hosts, markers, nesting, deletion, and what may be done in those of others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.errors import InvalidArgument
from lamindb.setup.errors import HubNotAvailable, StorageAlreadyManaged, StorageNotEmpty

_FOREIGN_MARKER = "abcdefghijkl\ncreation info:\ninstance_slug=x/y\ninstance_id={zeros}\ninstance_uid=ABCDEFGHIJKL"


@pytest.fixture
def foreign(instance: Any, tmp_path: Path) -> Any:
    """A location that another instance manages."""
    folder = tmp_path / "foreign" / ".lamindb"
    folder.mkdir(parents=True)
    (folder / "storage_uid.txt").write_text(_FOREIGN_MARKER.format(zeros="0" * 32))
    return ln.Storage(tmp_path / "foreign").save()


def test_wrong_roots_are_told_by_class_and_text(sqlite_instance: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Only one non-keyword arg allowed: root"):
        ln.Storage("a", "b")
    with pytest.raises(ValueError, match='does not end or contain ".lamindb"'):
        ln.Storage(tmp_path / ".lamindb")
    with pytest.raises(
        ValueError, match="Protocol ftp is not supported, valid protocols are local, gs, s3, hf, http, https"
    ):
        ln.Storage("ftp://server/data")
    for kwargs in ({"root": "s3://bucket", "host": "here"}, {"root": str(tmp_path), "host": "here", "region": "there"}):
        for kind in (AssertionError, ValueError):
            with pytest.raises(kind, match="host"):
                ln.Storage(**kwargs)
    with pytest.raises(HubNotAvailable, match="create one with the tools of the provider"):
        ln.Storage("create-s3--eu-central-1")
    assert ln.Storage.filter().count() == 1


def test_nothing_is_made_before_a_location_is_saved(instance: Any, tmp_path: Path, capsys: Any) -> None:
    root = tmp_path / "data"
    unsaved = ln.Storage(root)
    assert not root.exists() and unsaved.instance_uid is None and unsaved.type == "local"
    capsys.readouterr()
    saved = unsaved.save()
    assert f"created managed storage location at {root}" in capsys.readouterr().out
    lines = (root / ".lamindb" / "storage_uid.txt").read_text().splitlines()
    assert lines == [
        saved.uid,
        "creation info:",
        f"instance_slug={instance.slug}",
        f"instance_id={instance._id.hex}",
        f"instance_uid={instance.uid}",
    ]
    assert saved.instance_uid == instance.uid and saved.host is None and Path(saved.path) == root
    hosted = ln.Storage(tmp_path / "hosted", host="workstation").save()
    assert (hosted.type, hosted.region, hosted.host) == ("local", "workstation", "workstation")
    for spelling in (f"{tmp_path}/hosted/", tmp_path / "x" / ".." / "hosted"):
        assert ln.Storage(spelling) == hosted


def test_the_longest_root_that_holds_a_path_is_its_location(instance: Any) -> None:
    root = Path(instance.storage.root_as_str)
    nested = ln.Storage(root / "nested").save()
    for folder, storage in ((root, ln.Storage.get(1)), (root / "nested", nested)):
        path = folder / "x.txt"
        path.write_text(str(folder))
        artifact = ln.Artifact(path, run=False).save()
        assert artifact.storage == storage and artifact.key == "x.txt" and artifact.path == path


def test_a_location_goes_only_when_nothing_is_left_in_it(instance: Any, tmp_path: Path) -> None:
    storage = ln.Storage(tmp_path / "data").save()
    marker, left = (tmp_path / "data" / ".lamindb" / name for name in ("storage_uid.txt", "left.txt"))
    with pytest.raises(ValueError, match="Soft delete is not possible for Storage"):
        storage.delete(permanent=False)
    with pytest.raises(AssertionError, match="Cannot delete the current storage location, switch to another"):
        ln.Storage.get(1).delete()
    (tmp_path / "data" / "real.txt").write_text("1")
    artifact = ln.Artifact(tmp_path / "data" / "real.txt", run=False).save()
    with pytest.raises(AssertionError, match="Cannot delete storage with artifacts in current instance"):
        storage.delete()
    artifact.delete(permanent=True, storage=False)
    left.write_text("1")
    with pytest.raises(StorageNotEmpty, match="left.txt"):
        storage.delete()
    left.unlink()
    storage.delete()
    assert not marker.exists() and (tmp_path / "data" / "real.txt").exists() and ln.Storage.filter().count() == 1


def test_locations_of_others_are_read_and_never_written(foreign: Any, instance: Any, tmp_path: Path) -> None:
    assert (foreign.uid, foreign.instance_uid) == ("abcdefghijkl", "ABCDEFGHIJKL")
    path = tmp_path / "foreign" / "a.txt"
    path.write_text("theirs")
    artifact = ln.Artifact(path, run=False).save()
    assert artifact.storage == foreign and artifact.load() == "theirs"
    artifact.description = "described here"
    assert artifact.save().description == "described here"
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    with pytest.raises(ValueError, match="storage location that is not managed by the current instance"):
        ln.Artifact(mine, key="mine.txt", storage=foreign, run=False).save()
    for name, value in (("key", "b.txt"), ("suffix", ".tsv")):
        changed = ln.Artifact.get(artifact.uid)
        setattr(changed, name, value)
        with pytest.raises(
            InvalidArgument, match=f"Cannot update .*{name} of an artifact.* not managed by the current instance"
        ):
            changed.save(move=True)
    with pytest.raises(ln.errors.IntegrityError, match="outside of this instance's managed storage locations"):
        artifact.delete()
    artifact.delete(storage=False)
    artifact.delete(permanent=True, storage=False)
    assert path.exists() and ln.Artifact.filter(branch_id=None).count() == 0
    with pytest.raises(ValueError, match="exists in another instance .*, cannot write to it from here"):
        ln.settings.storage = tmp_path / "foreign"
    with pytest.raises(StorageAlreadyManaged):
        ln.setup.init(storage=str(tmp_path / "foreign"), name="another")
    foreign.delete()
    assert (tmp_path / "foreign" / ".lamindb" / "storage_uid.txt").exists()


def test_of_processes_that_register_a_root_at_once_all_get_the_same_location(
    instance: Any, tmp_path: Path, run_python: Any
) -> None:
    code = f"import lamindb as ln; print(ln.Storage({str(tmp_path / 'shared')!r}).save().uid)"
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: run_python(code, env={"LAMIN_CURRENT_INSTANCE": instance.slug}), range(3)))
    uids = {one.stdout.splitlines()[-1] for one in done}
    storage = ln.Storage.get(root=str(tmp_path / "shared"))
    assert uids == {storage.uid} and storage.instance_uid == instance.uid
    assert (tmp_path / "shared" / ".lamindb" / "storage_uid.txt").read_text().startswith(storage.uid)


def test_the_current_location_tells_what_is_known_of_it(sqlite_instance: Any, run_python: Any) -> None:
    code = """
import lamindb as ln
storage = ln.settings.storage
record = storage.record  # before anything has loaded the registries
print(record.uid == storage.uid, record.instance_uid == storage.instance_uid, record.root == storage.root_as_str)
print(storage.key_to_filepath("a/b.txt") == storage.root / "a" / "b.txt", storage.type, storage.type_is_cloud, storage.is_on_hub)
"""
    told = run_python(code, env={"LAMIN_CURRENT_INSTANCE": sqlite_instance.slug}).stdout.splitlines()[-2:]
    assert told == ["True True True", "True local False False"]


def test_data_is_kept_in_a_local_location_that_is_chosen(sqlite_instance: Any, tmp_path: Path) -> None:
    instance = ln.setup.settings.instance
    with pytest.raises(ValueError, match="keep_artifacts_local"):
        _ = ln.settings.local_storage
    ln.settings.storage = (str(tmp_path / "default"), "workstation")
    assert ln.Storage.get(root=str(tmp_path / "default")).host == "workstation"
    instance.keep_artifacts_local = True
    try:
        instance.local_storage = (str(tmp_path / "kept"), "workstation")
        (tmp_path / "x.txt").write_text("x")
        made = ln.Artifact(tmp_path / "x.txt", key="x.txt", run=False).save()
        assert made.storage.root == str(tmp_path / "kept") == ln.settings.local_storage.root_as_str
    finally:
        instance.keep_artifacts_local = False
