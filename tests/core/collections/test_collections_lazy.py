"""Lazy artifacts: data is written to a reserved place first and registered there; existing keys get new versions, nothing is orphaned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


@pytest.fixture(autouse=True)
def instance(sqlite_instance: Any) -> Any:
    """What is tested here happens in storage; the statements are those of other artifacts."""
    return sqlite_instance


def _managed(instance: Any) -> list[str]:
    """Names of what lies in the folder that lamindb manages, apart from its own files."""
    folder = Path(instance.storage.root_as_str) / ".lamindb"
    return sorted(
        path.name for path in folder.iterdir() if not path.name.startswith(("_", ".")) and len(path.name) >= 16
    )


def test_nothing_is_created_before_it_is_saved(instance: Any) -> None:
    before = _managed(instance)
    lazy = ln.Artifact.from_lazy(".txt", overwrite_versions=False, key="notes/a.txt", description="d", run=False)
    assert isinstance(lazy, ln.models.LazyArtifact)
    assert lazy.path.parent == Path(instance.storage.root_as_str) / ".lamindb" and lazy.path.name == f"{lazy.uid}.txt"
    assert _managed(instance) == before and ln.Artifact.filter().count() == 0
    assert f"path='{lazy.path}'" in repr(lazy) and "description='d'" in repr(lazy) and "None" not in repr(lazy)
    with pytest.raises(FileNotFoundError, match="Nothing was written to"):
        lazy.save()


def test_what_was_written_is_registered_in_place(instance: Any) -> None:
    lazy = ln.Artifact.from_lazy(".txt", overwrite_versions=False, key="notes/a.txt", run=False)
    lazy.path.write_text("written")
    inode = lazy.path.stat().st_ino
    artifact = lazy.save()
    assert artifact.uid == lazy.uid and artifact.key == "notes/a.txt" and artifact._key_is_virtual
    assert artifact.path == lazy.path and artifact.path.stat().st_ino == inode
    assert artifact.size == 7 and artifact.hash is not None and artifact.load() == "written"
    assert ln.Artifact.get(key="notes/a.txt") == artifact
    artifact.delete(permanent=True)
    assert not lazy.path.exists()


def test_a_folder_that_versions_share_is_named_by_the_stem(instance: Any) -> None:
    lazy = ln.Artifact.from_lazy("", overwrite_versions=True, key="store", run=False)
    assert lazy.path.name == lazy.uid[:16]
    lazy.path.mkdir()
    (lazy.path / "part").write_text("1")
    artifact = lazy.save()
    assert artifact.n_files == 1 and artifact.overwrite_versions and artifact.path == lazy.path


def test_an_existing_key_gets_a_new_version(instance: Any) -> None:
    first = _written(".txt", False, "one").save()
    lazy = _written(".txt", False, "two")
    second = lazy.save()
    assert second.uid == first.uid[:-4] + "0001" and not lazy.path.exists()
    assert ln.Artifact.get(key="notes/a.txt") == second
    first.refresh_from_db()
    assert not first.is_latest and first.load() == "one" and second.load() == "two"


def test_a_new_version_at_a_shared_place_leaves_the_previous_one_until_it_is_complete(instance: Any) -> None:
    first = _written("", True, "one", key="store").save()
    lazy = _written("", True, "two", key="store")
    assert (first.path / "part").read_text() == "one"
    second = lazy.save()
    assert second.uid == first.uid[:-4] + "0001" and second.path.name == first.uid[:16]
    assert (second.path / "part").read_text() == "two" and not lazy.path.exists()
    assert _managed(instance) == [second.path.name]


def test_content_that_is_known_gives_its_artifact_and_leaves_no_copy(instance: Any) -> None:
    first = _written(".txt", False, "same").save()
    lazy = _written(".txt", False, "same", key="notes/b.txt")
    again = lazy.save()
    assert again == first and again.key == "notes/a.txt" and not lazy.path.exists()
    assert _managed(instance) == [f"{first.uid}.txt"] and first.load() == "same"


def test_content_whose_file_is_gone_is_restored_from_what_was_written(instance: Any) -> None:
    first = _written(".txt", False, "same").save()
    first.path.unlink()
    assert _written(".txt", False, "same", key="notes/b.txt").save() == first
    assert first.load() == "same" and _managed(instance) == [f"{first.uid}.txt"]


def test_another_version_that_was_saved_meanwhile_keeps_its_place(instance: Any) -> None:
    first = _written(".txt", False, "one").save()
    lazy, other = _written(".txt", False, "three"), _written(".txt", False, "two")
    second, third = other.save(), lazy.save()
    assert [version.load() for version in (first, second, third)] == ["one", "two", "three"]
    assert third.uid == first.uid[:-4] + "0002" and third.path.exists()
    assert len(_managed(instance)) == 3


def test_wrong_suffixes_are_refused() -> None:
    with pytest.raises(
        ValueError, match="The suffix argument and the suffix of key should be the same.*'.csv' and '.txt'"
    ):
        ln.Artifact.from_lazy(".csv", overwrite_versions=False, key="a.txt")
    with pytest.raises(ValueError, match="pass suffix='.csv'"):
        ln.Artifact.from_lazy("csv", overwrite_versions=False)


def _written(suffix: str, overwrite_versions: bool, text: str, key: str = "notes/a.txt") -> Any:
    lazy = ln.Artifact.from_lazy(suffix, overwrite_versions=overwrite_versions, key=key, run=False)
    if suffix:
        lazy.path.write_text(text)
    else:
        lazy.path.mkdir()
        (lazy.path / "part").write_text(text)
    return lazy
