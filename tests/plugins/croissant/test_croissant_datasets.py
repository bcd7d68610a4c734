"""Datasets that Croissant metadata describes become artifacts and collections, labelled and versioned."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import pytest


def _curate(*args: Any, **kwargs: Any) -> Any:
    import lamindb as ln

    return ln.integrations.curate_from_croissant(*args, **kwargs)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_single_file_becomes_a_labelled_artifact(instance: Any, work: Path, caplog: pytest.LogCaptureFixture) -> None:
    import lamindb as ln

    metadata, store = ln.examples.croissant.mini_immuno()
    logging.getLogger("lamindb").propagate = True
    with caplog.at_level("WARNING", logger="lamindb"):
        artifact = _curate(metadata)
    assert "is not part of a known storage location, will be duplicated to" in caplog.text
    assert (artifact.key, artifact.kind, artifact.otype) == (store.as_posix(), "dataset", "AnnData")
    assert artifact.description == "Mini immuno dataset - A few samples from the immunology dataset"
    assert artifact.version_tag == "1.0"
    label = artifact.ulabels.one()
    assert label.name == "https://creativecommons.org/licenses/by/4.0/" and label.type.name == "License"
    assert artifact.projects.one().name == "Mini Immuno Project"
    again = _curate(json.loads(metadata.read_text()))
    assert again == artifact
    assert ln.ULabel.filter(is_type=False).count() == 1 and ln.Project.filter().count() == 1


def test_several_files_become_a_collection_and_changed_ones_a_new_version(instance: Any, work: Path) -> None:
    import lamindb as ln

    metadata, _, table = ln.examples.croissant.mini_immuno(n_files=2, strip_version=True)
    collection = _curate(str(metadata))
    assert collection.key == "Mini immuno dataset"
    assert collection.description == "A few samples from the immunology dataset"
    assert {artifact.key for artifact in collection.artifacts.all()} == {"mini_immuno.anndata.zarr", "mini.csv"}
    assert collection.ulabels.count() == 1 and collection.projects.count() == 1
    assert all(
        artifact.ulabels.count() == 1 and artifact.description is None for artifact in collection.artifacts.all()
    )
    table.write_text("test\n1\n2\n3\n4\n")
    changed = _curate(str(metadata))
    assert changed.stem_uid == collection.stem_uid and changed.uid != collection.uid
    assert ln.Artifact.filter(key="mini.csv").count() == 2


def test_files_in_a_storage_location_stay_there(instance: Any, work: Path) -> None:
    import lamindb as ln

    root = Path(str(ln.settings.storage.root))
    metadata, store = ln.examples.croissant.mini_immuno(filepath_prefix=root / "study")
    artifact = _curate(metadata)
    assert artifact.key == "study/mini_immuno.anndata.zarr" and artifact.path == store


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"@type": "Person"}, ValueError, "CroissantML @type must be 'Dataset'"),
        ({"name": None}, ValueError, "CroissantML must have a 'name' field"),
        ({"distribution": []}, ValueError, "No file distributions found in croissant data"),
        ({"distribution": [{"@id": "x", "contentUrl": "./nowhere.csv"}]}, ValueError, "Inferred file path does not exist: ./nowhere.csv"),
        ({"distribution": [{"@id": "x"}], "url": None}, ValueError, "No file path found in croissant distribution: 'x'"),
    ],
)  # fmt: skip
def test_descriptions_that_lack_something_are_refused(
    sqlite_instance: Any, work: Path, change: dict[str, Any], error: type[Exception], words: str
) -> None:
    import lamindb as ln

    metadata, _ = ln.examples.croissant.mini_immuno()
    with pytest.raises(error, match=words):
        _curate({**json.loads(metadata.read_text()), **change})
    assert ln.Artifact.filter().count() == 0


def test_a_file_that_is_not_the_described_one_is_refused(sqlite_instance: Any, work: Path) -> None:
    import lamindb as ln

    metadata, _, table = ln.examples.croissant.mini_immuno(n_files=2)
    data = json.loads(metadata.read_text())
    entry = data["distribution"][1]
    for name, right in (
        ("sha256", hashlib.sha256(table.read_bytes()).hexdigest()),
        ("md5", hashlib.md5(table.read_bytes()).hexdigest().upper()),
    ):
        entry[name] = "0" * len(right)
        with pytest.raises(ln.errors.ValidationError, match=f"mini.csv.*{name} is {right.lower()}"):
            _curate(data)
        assert ln.Artifact.filter().count() == 0, "nothing is saved before all files are verified"
        del entry[name]
    entry["md5"] = right
    assert _curate(data).artifacts.count() == 2


def test_other_arguments_are_refused(sqlite_instance: Any, work: Path) -> None:
    with pytest.raises(FileNotFoundError, match="File not found: nothing.json"):
        _curate("nothing.json")
    with pytest.raises(ValueError, match="croissant_data must be a file path, JSON string, or dictionary"):
        _curate(3)
    with pytest.raises(ValueError, match="is no JSON"):
        _curate('{"name": ')
    shutil.rmtree(work, ignore_errors=True)
