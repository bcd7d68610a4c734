"""Saving, changing and deleting saved artifacts, row by row: keys, versions in the trash, overwritten folders, bulk failures."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.errors import InvalidArgument


def test_saving_takes_its_options_and_refuses_others(instance: Any, write: Any, capsys: Any) -> None:
    made = ln.Artifact(write("a.txt"), key="a.txt", run=False)
    assert made.save(print_progress=False, store_kwargs={}, access_token=None, using=None, upload=False) is made
    with pytest.raises(ValueError, match="transfer should be either 'record' or 'annotations', not everything"):
        made.save(transfer="everything")
    with pytest.raises(ValueError, match="upload=True needs a storage location to upload to"):
        ln.Artifact(write("b.txt", "b"), key="b.txt", run=False).save(upload=True)
    newer = ln.Artifact(write("a.txt", "newer"), key="a.txt", run=False).save()
    capsys.readouterr()
    older = ln.Artifact.get(made.uid)
    older.description = "an older version"
    older.save()
    assert "you are saving to a non-latest version" in capsys.readouterr().out
    newer.save()
    assert "non-latest" not in capsys.readouterr().out


def test_a_list_is_saved_up_to_the_first_failure(instance: Any, write: Any) -> None:
    made = [ln.Artifact(write(f"{n}.txt", f"{n}"), key=f"{n}.txt", run=False) for n in range(3)]
    with pytest.raises(TypeError, match="holds 3"):
        ln.save([made[0], 3])
    assert ln.Artifact.filter().count() == 0
    (made[1].path).unlink()
    with pytest.raises(RuntimeError, match="have been successfully uploaded and committed to the database:\n.*0.txt"):
        ln.save(made)
    assert ln.Artifact.filter().to_list("key") == ["0.txt"] and ln.doctor().findings == []
    with pytest.raises(RuntimeError, match="No entries were uploaded or committed to the database"):
        ln.save(made[1:])


def test_virtual_keys_change_only_to_keys_that_fit(instance: Any, write: Any) -> None:
    first, second = (ln.Artifact(write(f"{name}.txt", name), key=f"{name}.txt", run=False).save() for name in "ab")
    wrong = {
        "a.csv": (InvalidArgument, "suffix '.csv' of the provided key is incorrect, it should be '.txt'"),
        None: (InvalidArgument, "Cannot update an artifact key to None"),
        ".lamindb/a.txt": (ValueError, "not a valid key"),
        "../a.txt": (ValueError, "not a valid key"),
        "b.txt": (ValueError, f"belongs to another artifact, {second.uid}"),
    }
    for key, (kind, text) in wrong.items():
        artifact = ln.Artifact.get(first.uid)
        artifact.key = key
        with pytest.raises(kind, match=text):
            artifact.save()
    first.key = "renamed/a.txt"
    first.save()
    assert ln.Artifact.get(first.uid).key == "renamed/a.txt" and first.path.read_text() == "a"
    unnamed = ln.Artifact(write("c.txt", "c"), description="without key", run=False).save()
    unnamed.key = "c.txt"
    assert unnamed.save().key == "c.txt"
    unsaved = ln.Artifact(write("d.txt", "d"), key="d.txt", run=False)
    unsaved.key = "e.txt"
    assert unsaved.save().key == "e.txt"


def test_versions_in_the_trash_and_out_of_it(instance: Any, write: Any) -> None:
    made = [ln.Artifact(write("a.txt", f"{n}"), key="a.txt", run=False).save() for n in range(3)]
    made[2].delete()

    def states() -> list[tuple[bool, int]]:
        return list(
            ln.Artifact.filter(key="a.txt", branch_id=None).order_by("uid").values_list("is_latest", "branch_id")
        )

    assert states() == [(False, 1), (True, 1), (False, -1)]
    made[2].restore()
    assert states() == [(False, 1), (False, 1), (True, 1)], "the newest is the latest again"
    assert made[2].path.read_text() == "2"
    only = ln.Artifact(write("b.txt", "b"), key="b.txt", run=False).save()
    only.delete()
    assert only.is_latest and only.path.exists()
    only.delete(permanent=False)
    assert ln.Artifact.filter(key="b.txt", branch_id=-1).count() == 1


def test_what_is_in_the_trash_goes_after_a_question(instance: Any, write: Any, monkeypatch: Any) -> None:
    made = ln.Artifact(write("a.txt"), key="a.txt", run=False).save()
    made.delete()
    for answer, n_left in (("n\n", 1), ("y\n", 0)):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        made.delete()
        assert ln.Artifact.filter(key="a.txt", branch_id=None).count() == n_left
    assert not made.path.exists()
    root = Path(instance.storage.root_as_str)
    for answer, remains in (("n\n", True), ("y\n", False)):
        (root / "real.txt").write_text("real")
        real = ln.Artifact(root / "real.txt", run=False).save()
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        real.delete(permanent=True)
        assert (root / "real.txt").exists() is remains
    kept = ln.Artifact(write("b.txt", "b"), key="b.txt", run=False).save()
    kept.delete(permanent=True, storage=False)
    assert kept.path.exists() and ln.Artifact.filter(key="b.txt").count() == 0


def test_versions_that_share_their_folder_share_its_end(instance: Any, write: Any, capsys: Any) -> None:
    folder = write("data/a.txt", "1").parent
    first = ln.Artifact(folder, key="data", run=False).save()
    write("data/a.txt", "2")
    second = ln.Artifact(folder, key="data", run=False).save()
    assert first.path == second.path and first.overwrite_versions
    first.refresh_from_db()
    first.delete(permanent=True, storage=True)
    assert "were kept" in capsys.readouterr().out and (second.path / "a.txt").read_text() == "2"
    write("data/a.txt", "3")
    third = ln.Artifact(folder, key="data", run=False).save()
    third.delete()
    assert ln.Artifact.filter(key="data", is_latest=True).count() == 0, "the files are those of the trashed version"
    third.delete(permanent=True)
    assert ln.Artifact.filter(key="data", branch_id=None).count() == 0 and not third.path.exists()


def test_folders_give_one_record_for_each_path(instance: Any, write: Any, tmp_path: Path) -> None:
    for name in ("b.txt", ".hidden", "sub/a.txt", "empty1", "empty2"):
        write(f"data/{name}", "" if "empty" in name else "the same")
    keys = ["data/.hidden", "data/b.txt", "data/empty1", "data/empty2", "data/sub/a.txt"]
    made = ln.Artifact.from_dir(tmp_path / "data", run=False).save()
    assert [artifact.key for artifact in made] == keys and ln.Artifact.filter().count() == 5
    again = ln.Artifact.from_dir(tmp_path / "data", run=False)
    assert [artifact.uid for artifact in again] == [artifact.uid for artifact in made]
    assert len(made.to_dataframe()) == 5
    elsewhere = ln.Artifact.from_dir(tmp_path / "data", key="elsewhere/", run=False)
    assert [artifact.key for artifact in elsewhere if artifact.size] == ["data/.hidden", "data/b.txt", "data/sub/a.txt"]
    write("data/later.txt", "the same")
    added = ln.Artifact.from_dir(tmp_path / "data", run=False).save()
    assert [artifact.key for artifact in added] == sorted([*keys, "data/later.txt"])
    root = Path(instance.storage.root_as_str)
    for n in range(2):
        (root / "here").mkdir(exist_ok=True)
        (root / "here" / f"{n}.txt").write_text(f"here {n}")
    told = [(one.key, one._key_is_virtual, one._real_key) for one in ln.Artifact.from_dir(root / "here", run=False)]
    assert told == [("here/0.txt", False, None), ("here/1.txt", False, None)]
    told = [
        (one.key, one._key_is_virtual, one._real_key)
        for one in ln.Artifact.from_dir(root / "here", key="there/", run=False)
    ]
    assert told == [("there/0.txt", True, "here/0.txt"), ("there/1.txt", True, "here/1.txt")]


def test_data_that_another_artifact_has_too_is_not_taken_from_it(instance: Any, write: Any, capsys: Any) -> None:
    root = Path(instance.storage.root_as_str)
    path = root / "raw" / "x.txt"
    path.parent.mkdir()
    path.write_text("first")
    old = ln.Artifact(path, run=False).save()
    path.write_text("second")
    new = ln.Artifact(path, run=False).save()
    named = ln.Artifact(path, key="named.txt", skip_hash_lookup=True, run=False).save()
    for artifact in (old, new):
        moved = ln.Artifact.get(artifact.uid)
        moved.key = "tidy/x.txt"
        with pytest.raises(ValueError, match=f"belongs to another artifact, too: .*{named.uid}"):
            moved.save(move=True)
        with pytest.raises(ValueError, match="would lose its data"):
            ln.Artifact.get(artifact.uid).replace(write("other.txt", "other"))
    capsys.readouterr()
    ln.Artifact.get(old.uid).delete(permanent=True, storage=True)
    new.delete(permanent=True, storage=True)
    assert capsys.readouterr().out.count("belongs to another artifact, too, and was kept") == 2
    assert named.load() == "second" and ln.doctor(verify=True).findings == []
    path.write_text("third")
    last = ln.Artifact(path, key="named.txt", run=False).save()
    last.suffix = ".md"
    assert last.save(move=True).load() == "third", "only what is outdated names the former place"
    last.delete(permanent=True, storage=True)
    assert not (root / "raw" / "x.md").exists()


def test_a_folder_and_the_files_in_it_belong_together(instance: Any, capsys: Any) -> None:
    folder = Path(instance.storage.root_as_str) / "raw"
    for name in ("sub/a.txt", "b.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    whole, part = ln.Artifact(folder, run=False).save(), ln.Artifact(folder / "sub" / "a.txt", run=False).save()
    beside = folder.with_name("raw-2")
    beside.mkdir()
    (beside / "c.txt").write_text("c")
    other = ln.Artifact(beside, run=False).save()
    for artifact, key in ((whole, "tidy"), (part, "tidy/a.txt")):
        artifact.key = key
        with pytest.raises(ValueError, match="belongs to another artifact, too"):
            artifact.save(move=True)
    capsys.readouterr()
    ln.Artifact.get(part.uid).delete(permanent=True, storage=True)
    assert "was kept" in capsys.readouterr().out and ln.Artifact.get(whole.uid).cache(verify=True) == folder
    ln.Artifact.get(whole.uid).delete(permanent=True, storage=True)
    assert not folder.exists() and other.cache(verify=True) == beside


def test_where_data_moves_is_asked_if_a_space_has_several_locations(
    instance: Any, write: Any, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    space = ln.Space(name="lab").save()
    made = ln.Artifact(write("a.txt"), key="a.txt", run=False).save()
    made.space = space
    with pytest.raises(
        ValueError, match="No local storage locations managed by the current instance found for the space 'lab'"
    ):
        made.save(move=True)
    locations = [ln.Storage(tmp_path / name, space=space).save() for name in ("first", "second")]
    for answer, storage in (("x\n", instance.storage.record), ("2\n", locations[1])):
        artifact = ln.Artifact.get(made.uid)
        artifact.space = space
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        capsys.readouterr()
        saved = artifact.save(move=True)
        assert (saved is None) == ("saving was cancelled" in capsys.readouterr().out) == (answer == "x\n")
        stored = ln.Artifact.get(made.uid)
        assert stored.storage == storage and stored.space_id == storage.space_id and stored.path.read_text() == "x"
