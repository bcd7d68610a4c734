"""The life of an artifact after its first save: replaced, renamed, moved, trashed, restored, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.errors import IntegrityError, InvalidArgument, NoStorageLocationForSpace

pytestmark = pytest.mark.usefixtures("instance")


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return _write(tmp_path / "work" / "counts.csv", "gene,count\nA,1\n")


@pytest.fixture
def root(instance: Any) -> Path:
    return Path(instance.storage.root_as_str)


# replacing ----------------------------------------------------------------------------------------------------------------


def test_replacing_keeps_the_uid_and_changes_the_content(csv: Path, tmp_path: Path) -> None:
    artifact = ln.Artifact(csv, key="a.csv").save()
    new = _write(tmp_path / "new.csv", "gene,count\nB,2\nC,3\n")
    assert artifact.replace(new) is None
    artifact.save()
    stored = ln.Artifact.get(artifact.uid)
    assert stored.path.read_text() == new.read_text() and stored.size == new.stat().st_size
    assert stored.hash == ln.Artifact(new, key="a.csv").hash and stored._aux is None
    assert ln.Artifact.filter().count() == 1 and new.exists()


def test_replacing_with_another_suffix_moves_the_data_and_the_key(csv: Path, tmp_path: Path) -> None:
    artifact = ln.Artifact(csv, key="a.csv").save()
    old = artifact.path
    artifact.replace(_write(tmp_path / "new.json", "{}"))
    artifact.save()
    assert artifact.key == "a.json" and artifact.suffix == ".json" and artifact.otype is None
    assert artifact.path.read_text() == "{}" and not old.exists()


def test_a_replacement_that_cannot_be_stored_leaves_everything_as_it_was(csv: Path, tmp_path: Path, root: Path) -> None:
    artifact = ln.Artifact(csv, key="a.csv").save()
    before = (artifact.hash, artifact.size)
    new = _write(tmp_path / "new.csv", "other")
    artifact.replace(new)
    new.write_text("changed meanwhile")
    with pytest.raises(OSError, match="changed while it was stored"):
        artifact.save()
    stored = ln.Artifact.get(artifact.uid)
    assert (stored.hash, stored.size) == before and stored._aux is None
    assert stored.path.read_text() == csv.read_text()
    assert list((root / ".lamindb" / "_staging").iterdir()) == []


def test_replacing_refuses_what_makes_no_sense(csv: Path, tmp_path: Path, root: Path) -> None:
    artifact = ln.Artifact(csv, key="a.csv")
    with pytest.raises(InvalidArgument, match="save"):
        artifact.replace(csv)
    artifact.save()
    folder = _write(tmp_path / "folder" / "x.txt", "1").parent
    with pytest.raises(ValueError, match="replace a file with a folder"):
        artifact.replace(folder)
    with pytest.raises(ValueError, match="not in any Storage"):
        artifact.replace(_write(root / "here.csv", "1"))
    other = ln.Artifact(_write(tmp_path / "other.csv", "known"), key="other.csv").save()
    assert artifact.replace(tmp_path / "other.csv") == other
    artifact.save()
    assert artifact.path.read_text() == csv.read_text()


def test_a_data_frame_replaces_a_data_frame(tmp_path: Path) -> None:
    import pandas as pd

    artifact = ln.Artifact.from_dataframe(pd.DataFrame({"a": [1]}), key="a.parquet").save()
    artifact.replace(pd.DataFrame({"a": [1, 2, 3]}))
    artifact.save()
    stored = ln.Artifact.get(artifact.uid)
    assert stored.load()["a"].to_list() == [1, 2, 3] and stored.n_observations == 3 and stored.otype == "DataFrame"


# keys, suffixes, spaces, storage locations --------------------------------------------------------------------------------


def test_a_virtual_key_changes_without_moving_data(csv: Path) -> None:
    artifact = ln.Artifact(csv, key="a.csv")
    artifact.key = "before/saving.csv"
    artifact.save()
    path = artifact.path
    artifact.key = "new/name.csv"
    artifact.save()
    assert ln.Artifact.get(key="new/name.csv").path == path
    for key, error in (("x.tsv", InvalidArgument), (None, InvalidArgument), ("../x.csv", ValueError)):
        artifact.key = key
        with pytest.raises(error):
            artifact.save()
        artifact.refresh_from_db()
    assert artifact.key == "new/name.csv"


def test_a_key_of_another_family_is_refused(csv: Path, tmp_path: Path) -> None:
    first = ln.Artifact(csv, key="a.csv").save()
    second = ln.Artifact(_write(tmp_path / "b.csv", "b"), key="b.csv").save()
    second.key = "a.csv"
    with pytest.raises(ValueError, match=first.uid):
        second.save()
    with pytest.raises(ValueError, match="belongs to another artifact"):
        ln.Artifact(_write(tmp_path / "c.csv", "c"), key="a.csv", revises=second)


def test_changing_a_real_key_moves_the_file_after_a_question(root: Path, monkeypatch: Any) -> None:
    artifact = ln.Artifact(_write(root / "raw" / "x.csv", "1")).save()
    artifact.key = "tidy/deep/x.csv"
    monkeypatch.setattr("builtins.input", lambda question: "n" if "raw/x.csv" in question else "?")
    assert artifact.save() is None
    assert ln.Artifact.get(artifact.uid).key == "raw/x.csv" and (root / "raw" / "x.csv").exists()
    monkeypatch.setattr("builtins.input", lambda question: "y")
    assert artifact.save() is artifact
    assert (root / "tidy" / "deep" / "x.csv").read_text() == "1" and not (root / "raw" / "x.csv").exists()
    assert ln.Artifact.get(artifact.uid).path.read_text() == "1"


def test_nobody_is_asked_without_a_terminal(root: Path, monkeypatch: Any) -> None:
    def nobody(question: str) -> str:
        raise EOFError

    artifact = ln.Artifact(_write(root / "x.csv", "1")).save()
    artifact.key = "y.csv"
    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(ValueError, match="move=True"):
        artifact.save()
    artifact.save(move=True)
    assert (root / "y.csv").exists()


def test_a_move_never_overwrites(root: Path) -> None:
    artifact = ln.Artifact(_write(root / "x.csv", "1")).save()
    _write(root / "y.csv", "somebody else's")
    artifact.key = "y.csv"
    with pytest.raises(FileExistsError, match=r"y\.csv"):
        artifact.save(move=True)
    assert (root / "y.csv").read_text() == "somebody else's" and (root / "x.csv").read_text() == "1"


def test_a_real_key_changes_after_the_first_save_only(root: Path) -> None:
    artifact = ln.Artifact(_write(root / "x.csv", "1"))
    artifact.key = "y.csv"
    with pytest.raises(InvalidArgument, match="before it is saved"):
        artifact.save()


def test_a_file_that_the_user_moved_inside_of_its_storage_takes_its_record_along(root: Path) -> None:
    artifact = ln.Artifact(_write(root / "x.csv", "1")).save()
    (root / "x.csv").rename(root / "y.csv")
    again = ln.Artifact(root / "y.csv").save()
    assert again == artifact and ln.Artifact.get(artifact.uid).key == "y.csv" and again.path.read_text() == "1"


def test_changing_the_suffix_renames_the_object(csv: Path) -> None:
    artifact = ln.Artifact(csv, key="a.csv").save()
    old = artifact.path
    artifact.suffix = ".tsv"
    artifact.save(move=True)
    stored = ln.Artifact.get(artifact.uid)
    assert stored.key == "a.tsv" and stored.path.suffix == ".tsv" and stored.path.exists() and not old.exists()
    artifact.key, artifact.suffix = "b.txt", ".txt"
    artifact.save(move=True)
    assert ln.Artifact.get(key="b.txt").path.read_text() == csv.read_text()
    artifact.suffix = "/../x"
    with pytest.raises(InvalidArgument, match="suffix"):
        artifact.save(move=True)


def test_data_follows_its_artifact_to_another_space(csv: Path, tmp_path: Path) -> None:
    space = ln.Space(name="restricted").save()
    artifact = ln.Artifact(csv, key="a.csv").save()
    old = artifact.path
    artifact.space = space
    with pytest.raises(ValueError, match="No local storage locations .* space 'restricted'"):
        artifact.save(move=True)
    with pytest.raises(NoStorageLocationForSpace):
        ln.Artifact(_write(tmp_path / "b.csv", "b"), key="b.csv", space=space)
    storage = ln.Storage(tmp_path / "restricted", space=space).save()
    artifact.save(move=True)
    stored = ln.Artifact.get(artifact.uid)
    assert stored.storage == storage and stored.space == space
    assert stored.path.read_text() == csv.read_text() and not old.exists()
    assert ln.Artifact(_write(tmp_path / "b.csv", "b"), key="b.csv", space=space).save().storage == storage


def test_data_moves_to_another_storage_location(csv: Path, tmp_path: Path) -> None:
    storage = ln.Storage(tmp_path / "other").save()
    artifact = ln.Artifact(csv, key="a.csv").save()
    old = artifact.path
    artifact.storage = storage
    artifact.save(move=True)
    assert ln.Artifact.get(artifact.uid).path == tmp_path / "other" / ".lamindb" / old.name and not old.exists()


def test_an_artifact_with_a_real_key_is_never_stored_over_something(csv: Path, root: Path) -> None:
    _write(root / "a.csv", "precious")
    artifact = ln.Artifact(csv, key="a.csv", key_is_virtual=False)
    with pytest.raises(FileExistsError, match="real"):
        artifact.save()
    assert (root / "a.csv").read_text() == "precious" and ln.Artifact.filter().count() == 0
    stored = ln.Artifact(csv, key="b.csv", key_is_virtual=False).save()
    assert stored.path == root / "b.csv"


# versions -----------------------------------------------------------------------------------------------------------------


def test_revises_continues_a_family_under_its_key(csv: Path) -> None:
    first = ln.Artifact(csv, key="a.csv", version="1", description="counts").save()
    csv.write_text("other")
    second = ln.Artifact(csv, revises=first, version="2").save()
    assert second.key == "a.csv" and second.description == "counts" and second.version == "2"
    csv.write_text("third")
    with pytest.raises(ValueError, match="already taken"):
        ln.Artifact(csv, revises=second, version="2")
    assert ln.Artifact.get(key="a.csv", version="1") == first


def test_an_older_version_becomes_the_latest_again_when_it_is_told_to(csv: Path) -> None:
    first = ln.Artifact(csv, key="a.csv").save()
    csv.write_text("other")
    second = ln.Artifact(csv, key="a.csv").save()
    csv.write_text("gene,count\nA,1\n")
    again = ln.Artifact(csv, key="a.csv")
    assert again == first and not again.is_latest
    again.is_latest = True
    again.save()
    second.refresh_from_db()
    assert ln.Artifact.get(key="a.csv") == first and not second.is_latest


def test_all_versions_of_overwriting_artifacts_go_together(tmp_path: Path) -> None:
    folder = _write(tmp_path / "data" / "a.txt", "1").parent
    ln.Artifact(folder, key="data").save()
    _write(folder / "a.txt", "2")
    second = ln.Artifact(folder, key="data").save()
    path = second.path
    second.delete(permanent=True)
    assert ln.models.Artifact._base_manager.count() == 0 and not path.exists()


# trash and deletion -------------------------------------------------------------------------------------------------------


def test_the_content_of_a_trashed_artifact_brings_it_back(csv: Path) -> None:
    artifact = ln.Artifact(csv, key="a.csv").save()
    artifact.delete()
    again = ln.Artifact(csv, key="a.csv").save()
    assert again.uid == artifact.uid and ln.Artifact.get(key="a.csv") == artifact
    assert ln.Artifact.get(key="a.csv").path.read_text() == csv.read_text()
    assert ln.doctor().findings == []


def test_deleting_data_at_a_real_key_needs_a_word(root: Path, monkeypatch: Any) -> None:
    kept = ln.Artifact(_write(root / "kept.csv", "1")).save()
    kept.delete(permanent=True, storage=False)
    gone = ln.Artifact(_write(root / "gone.csv", "2")).save()
    gone.delete(permanent=True, storage=True)
    asked = ln.Artifact(_write(root / "asked.csv", "3")).save()
    monkeypatch.setattr("builtins.input", lambda question: "n")
    asked.delete(permanent=True)
    assert (root / "kept.csv").exists() and not (root / "gone.csv").exists() and (root / "asked.csv").exists()
    assert ln.Artifact.filter().count() == 0


def test_data_of_other_instances_is_not_deleted(csv: Path, tmp_path: Path) -> None:
    foreign = ln.Storage(root=str(tmp_path / "foreign"), uid="b" * 12, instance_uid="c" * 12, type="local").save()
    artifact = ln.Artifact(_write(tmp_path / "foreign" / "x.csv", "1")).save()
    assert artifact.storage == foreign
    for permanent in (None, True):
        with pytest.raises(IntegrityError, match="storage=False"):
            artifact.delete(permanent=permanent)
    with pytest.raises(ValueError, match="not managed"):
        ln.Artifact(csv, key="a.csv", storage=foreign).save()
    artifact.delete(permanent=True, storage=False)
    assert (tmp_path / "foreign" / "x.csv").exists() and ln.Artifact.filter().count() == 0


def test_bytes_that_cannot_be_deleted_stay_known(root: Path, monkeypatch: Any) -> None:
    artifact = ln.Artifact(_write(root / "x.csv", "1")).save()
    original = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name == "x.csv":
            raise PermissionError(13, "Permission denied", str(path))
        original(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        artifact.delete(permanent=True, storage=True)
    (finding,) = ln.doctor().findings
    assert finding.problem == "unfinished-deletion" and "x.csv" in finding.details
    assert ln.doctor(repair=True).is_healthy and not (root / "x.csv").exists()


# runs ---------------------------------------------------------------------------------------------------------------------


def test_a_run_that_makes_known_content_again_is_remembered(csv: Path) -> None:
    transform = ln.Transform(key="make.py", kind="script").save()
    first, second = ln.Run(transform).save(), ln.Run(transform).save()
    artifact = ln.Artifact(csv, key="a.csv", run=first).save()
    again = ln.Artifact(csv, key="a.csv", run=second).save()
    assert again.run == first and again.recreating_runs.to_list() == [second]
    again.cache(is_run_input=second)
    again.cache(is_run_input=first)
    assert artifact.input_of_runs.count() == 0
    third = ln.Run(transform).save()
    again.cache(is_run_input=third)
    assert artifact.input_of_runs.to_list() == [third]


# arguments ----------------------------------------------------------------------------------------------------------------


def test_arguments_that_contradict_each_other_are_refused(csv: Path, root: Path) -> None:
    storage = ln.Storage.filter().first()
    with pytest.raises(ValueError, match="both Storage and its id"):
        ln.Artifact(csv, key="a.csv", storage=storage, storage_id=storage.id)
    with pytest.raises(AssertionError, match="Expected Storage, got Transform"):
        ln.Artifact(csv, key="a.csv", storage=ln.Transform(key="x"))
    with pytest.raises(AssertionError, match="Expected Space, got Storage"):
        ln.Artifact(csv, key="a.csv", space=storage)
    with pytest.raises(ValueError, match="`version` parameter must be"):
        ln.Artifact(csv, key="a.csv", version=1)
    inside = _write(root / "x.csv", "1")
    with pytest.raises(ValueError, match="_key_is_virtual=True is incompatible"):
        ln.Artifact(inside, _key_is_virtual=True)
    with pytest.raises(ValueError, match="_key_is_virtual=False is incompatible"):
        ln.Artifact(inside, key="y.csv", _key_is_virtual=False)
    with pytest.raises(ValueError, match="Do not pass path inside"):
        ln.Artifact(root / ".lamindb" / "storage_uid.txt", key="x.txt")
    assert ln.Artifact(csv, key="a.csv", kind="anything").save().kind == "anything"
    with pytest.deprecated_call():
        assert ln.Artifact(data=csv, key="a.csv", type="model").key == "a.csv"


@pytest.mark.parametrize("otype", ["AnnData", "MuData", "SpatialData", "tiledbsoma"])
def test_constructors_of_plugins_exist_and_name_an_absent_package(otype: str) -> None:
    from lamindb.plugins import manager

    name = otype.lower()
    is_installed = manager.data_format_for_otype(otype) is not None
    expected = (ValueError, "data has to be") if is_installed else (ImportError, f"pip install lamindb-{name}")
    with pytest.raises(expected[0], match=expected[1]):
        getattr(ln.Artifact, f"from_{name}")(3, key="x")
