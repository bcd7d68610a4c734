"""Clones of instances: whole, or their last rows with all that these refer to; trying migrations on one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


@pytest.fixture
def filled(instance: Any, tmp_path: Path) -> Any:
    """An instance whose last rows refer to its first ones."""
    first = ln.ULabel(name="first", is_type=True).save()
    for number in range(8):
        ln.ULabel(name=f"label {number}", type=first, description="größer ≥ 3").save()
    (tmp_path / "a.txt").write_text("content")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    artifact.ulabels.add(first)
    ln.Feature(name="f", dtype=float).save()
    return instance


def _count(url: str, table: str) -> int:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_clone_has_everything_and_is_an_instance_of_its_own(filled: Any, tmp_path: Path) -> None:
    moment = ln.ULabel.get(name="first").created_at
    url = ln.setup.clone(storage=tmp_path / "copy", name="copy")
    assert ln.setup.settings.instance.slug == filled.slug
    assert _count(url, "lamindb_ulabel") == 9
    ln.connect(tmp_path / "copy")
    cloned = ln.setup.settings.instance
    assert (cloned.name, cloned.dialect) == ("copy", "sqlite")
    assert cloned.uid != filled.uid
    assert ln.ULabel.get(name="first").created_at == moment
    assert ln.ULabel.get(name="label 3").type.name == "first"
    artifact = ln.Artifact.get(key="a.txt")
    assert artifact.path.read_text() == "content" and artifact.ulabels.get().name == "first"
    assert artifact.storage.instance_uid == filled.uid
    (tmp_path / "b.txt").write_text("new")
    written = ln.Artifact(tmp_path / "b.txt", key="b.txt").save()
    assert str(written.path).startswith(str(tmp_path / "copy"))
    assert ln.setup.migrate.check() and ln.setup.migrate.status().is_compatible
    ln.connect(filled.slug)
    assert ln.Artifact.filter(key="b.txt").count() == 0


def test_the_last_rows_come_with_what_they_refer_to(filled: Any, tmp_path: Path) -> None:
    url = ln.setup.clone(storage=tmp_path / "copy", n_rows=2)
    assert _count(url, "lamindb_ulabel") == 3  # the last two, and their type
    assert _count(url, "lamindb_artifact") == 1
    assert _count(url, "lamindb_artifactulabel") == 1
    ln.connect(tmp_path / "copy")
    assert ln.setup.settings.instance.name == f"{filled.name}_clone"
    assert {label.name for label in ln.ULabel.filter()} == {"first", "label 6", "label 7"}
    assert ln.setup.migrate.status().is_compatible
    ln.ULabel(name="new").save()


def test_a_clone_never_replaces_something(filled: Any, tmp_path: Path) -> None:
    ln.setup.clone(storage=tmp_path / "copy")
    before = (tmp_path / "copy" / ".lamindb" / "lamin.db").read_bytes()
    with pytest.raises(ln.setup.errors.StorageAlreadyManaged, match="pass another folder"):
        ln.setup.clone(storage=tmp_path / "copy")
    assert (tmp_path / "copy" / ".lamindb" / "lamin.db").read_bytes() == before
    with pytest.raises(ValueError, match="at least 1"):
        ln.setup.clone(storage=tmp_path / "other", n_rows=0)
    with pytest.raises(ln.setup.errors.InstanceNotFoundError):
        ln.setup.clone("nobody/nothing", storage=tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_without_instance_there_is_nothing_to_clone(instance: Any, tmp_path: Path) -> None:
    slug = instance.slug
    ln.setup.disconnect(mute=True)
    with pytest.raises(ln.setup.errors.CurrentInstanceNotConfigured):
        ln.setup.clone(storage=tmp_path / "copy")
    assert ln.setup.clone(slug, storage=tmp_path / "copy").endswith("/copy/.lamindb/lamin.db")
