"""Reading: versions whose file was changed in place, what has no loader, trees of local paths, inputs of runs, queries by path and uid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.artifacts.cached_copies import ChangedContentError


def test_a_version_whose_file_was_changed_in_place_is_not_read(instance: Any, capsys: Any) -> None:
    root = Path(instance.storage.root_as_str)
    real, named = root / "real.txt", root / "named.txt"
    for path in (real, named):
        path.write_text("first")
    old = [
        ln.Artifact(real, run=False).save(),
        ln.Artifact(named, key="virtual/named.txt", skip_hash_lookup=True, run=False).save(),
    ]
    real.write_text("2nd")
    named.write_text("other")  # as many bytes as before
    new = [ln.Artifact(real, run=False).save(), ln.Artifact(named, key="virtual/named.txt", run=False).save()]
    for before, after in zip(old, new, strict=True):
        assert before.stem_uid == after.stem_uid and before.path == after.path
        before.refresh_from_db()
        for read in (before.load, before.cache):
            with pytest.raises(ValueError, match=rf"Cannot read this outdated artifact version.*{before.stem_uid}"):
                read()
    assert [made.load() for made in new] == ["2nd", "other"]
    real.write_text("first")
    assert old[0].load() == "first", "what lies there is what was registered"
    capsys.readouterr()
    real.write_text("longer than it was")
    assert new[0].load() == "longer than it was" and "had 3 when it was registered" in capsys.readouterr().out
    with pytest.raises(ChangedContentError):
        new[0].cache(verify=True)


def test_a_version_without_hash_is_not_read_from_the_place_of_another(sqlite_instance: Any) -> None:
    ln.settings.creation.artifact_skip_size_hash = True
    path = Path(sqlite_instance.storage.root_as_str) / "real.txt"
    path.write_text("first")
    old = ln.Artifact(path, run=False).save()
    path.write_text("other")
    new = ln.Artifact(path, run=False).save()
    old.refresh_from_db()
    assert old.stem_uid == new.stem_uid and new.load() == "other"
    with pytest.raises(ValueError, match="changed in place"):
        old.load()


def test_what_has_no_loader_says_how_to_get_its_path(sqlite_instance: Any, write: Any) -> None:
    made = ln.Artifact(write("a.wild"), key="a.wild", run=False).save()
    with pytest.raises(
        NotImplementedError, match=r"^There is no loader for \.wild files\. Use \.cache\(\) to get the path\.$"
    ):
        made.load()
    assert made.cache().read_text() == "x"
    pytest.importorskip("lamindb_anndata")
    store = ln.Artifact(write("b.zarr/.zgroup", '{"zarr_format": 2}').parent, key="b.zarr", run=False).save()
    with pytest.raises(ValueError, match="Unable to determine zarr store format and therefore cannot load Artifact"):
        store.load()


def test_local_paths_draw_their_tree_and_tell_when_they_were_changed(
    sqlite_instance: Any, write: Any, capsys: Any
) -> None:
    folder = write("folder/sub/a.txt").parent.parent
    made = ln.Artifact(folder, key="folder", run=False).save()
    capsys.readouterr()
    made.path.view_tree()
    told = capsys.readouterr().out
    assert "1 sub-directory & 1 files with suffixes '.txt'" in told and "└── a.txt" in told
    path = ln.UPath(folder)
    assert path.modified is not None and path.modified.tzinfo is None
    with pytest.raises(ValueError, match="S3"):
        path.to_url()


def test_only_a_saved_run_has_inputs(instance: Any, write: Any, capsys: Any, monkeypatch: Any) -> None:
    made = ln.Artifact(write("a.txt"), key="a.txt", run=False).save()
    run = ln.Run(ln.Transform(key="t").save())
    with pytest.raises(AssertionError, match="not saved"):
        made.load(is_run_input=run)
    run.save()
    made.load(is_run_input=run)
    made.cache(is_run_input=run)
    assert list(made.input_of_runs.all()) == [run] and ln.Artifact.get(key="a.txt", is_run_input=run) == made
    output = ln.Artifact(write("b.txt", "b"), key="b.txt", run=run).save()
    output.load(is_run_input=run)
    assert output.input_of_runs.count() == 0
    capsys.readouterr()
    for is_run_input in (True, None):
        made.load(is_run_input=is_run_input)
        assert "run input wasn't tracked" in capsys.readouterr().out
    made.load(is_run_input=False)
    monkeypatch.setattr(ln.settings.creation, "artifact_silence_missing_run_warning", True)
    made.load()
    assert capsys.readouterr().out == ""


def test_artifacts_are_found_by_uid_key_and_path(instance: Any, write: Any) -> None:
    old, new = (ln.Artifact(write("a.txt", text), key="a.txt", run=False).save() for text in ("1", "2"))
    get = ln.Artifact.get
    assert get(old.id) == old and get(old.uid) == old and get(old.stem_uid) == new and get(old.uid[:6]) == new
    with pytest.raises(ln.errors.MultipleObjectsReturned):
        get(old.uid[:18])
    with pytest.raises(
        ln.errors.ObjectDoesNotExist, match=r"Did you forget a keyword as in Artifact\.get\(key='a\.txt'\)"
    ):
        get("a.txt")
    assert get(path=old.path) == old and get(path=str(new.path)) == new and get(path=ln.UPath(new.path)) == new
    assert ln.Artifact.filter(suffix=".txt").get(path=new.path) == new
    with pytest.raises(ln.errors.ObjectDoesNotExist, match=r"No artifact lies at .*nothing\.txt"):
        get(path=new.path.with_name("nothing.txt"))
    with pytest.raises(ValueError, match="Querying by path is only possible for artifacts"):
        ln.ULabel.get(path=new.path)
    branch = ln.Branch(name="side").save()
    elsewhere = ln.Artifact(write("b.txt", "b"), key="b.txt", branch=branch, run=False).save()
    with pytest.raises(ln.errors.ObjectDoesNotExist):
        get(key="b.txt")
    assert (
        get(elsewhere.uid)
        == get(hash=elsewhere.hash)
        == get(key="b.txt", branch=branch)
        == get(key="b.txt", branch_id=None)
        == elsewhere
    )
