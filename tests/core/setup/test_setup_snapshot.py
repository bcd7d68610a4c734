"""Copies of databases in a storage are connected to, read-only, where the database itself can't be had."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


@pytest.fixture
def copied(sqlite_instance: Any, tmp_path: Path) -> Path:
    """A folder with the storage of an instance: its snapshot and marker, but not its database."""
    (tmp_path / "a.txt").write_text("content")
    ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    ln.setup.core.upload_sqlite_clone()
    root = Path(sqlite_instance.default_root)
    folder = tmp_path / "copied"
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns("lamin.db", "lamin.db-*"))
    return folder


def test_a_snapshot_is_connected_to_for_reading(copied: Path, sqlite_instance: Any, run_python: Any) -> None:
    ln.connect(copied)
    instance = ln.setup.settings.instance
    assert instance.uid == sqlite_instance.uid and instance.is_clone and instance.is_read_only_connection
    assert ln.Artifact.get(key="a.txt").key == "a.txt"
    with pytest.raises(Exception, match="(?i)read-?only|write"):
        ln.Artifact.filter(key="a.txt").update(description="changed")
    assert not (copied / ".lamindb" / "lamin.db").exists()
    with pytest.raises(ln.setup.errors.InstanceNotFoundError, match="read-only copy"):
        ln.setup.delete(str(copied), force=True)
    assert (copied / ".lamindb" / "lamin.db.gz").exists()
    ln.connect(sqlite_instance.slug)
    assert ln.setup.settings.instance.default_root == sqlite_instance.default_root


def test_a_new_snapshot_replaces_the_unpacked_one(copied: Path, sqlite_instance: Any) -> None:
    ln.connect(copied)
    ln.connect(sqlite_instance.slug)
    ln.ULabel(name="later").save()
    ln.setup.core.upload_sqlite_clone()
    shutil.copy2(Path(sqlite_instance.default_root) / ".lamindb" / "lamin.db.gz", copied / ".lamindb")
    ln.connect(copied)
    assert ln.ULabel.filter(name="later").count() == 1


def test_a_process_connects_to_the_snapshot_when_the_database_is_gone(sqlite_instance: Any, run_python: Any) -> None:
    ln.ULabel(name="kept").save()
    ln.setup.core.upload_sqlite_clone()
    Path(sqlite_instance.default_root, ".lamindb", "lamin.db").rename(
        Path(sqlite_instance.default_root, "elsewhere.db")
    )
    done = run_python("import lamindb as ln; print(ln.ULabel.get(name='kept').name)")
    assert done.stdout.splitlines()[-1] == "kept"
    assert "read-only mode" in done.stdout + done.stderr


def test_a_damaged_snapshot_is_named(copied: Path) -> None:
    packed = copied / ".lamindb" / "lamin.db.gz"
    packed.write_bytes(packed.read_bytes()[:1000])
    with pytest.raises(ln.setup.errors.InstanceCorrupted, match="lamin.db.gz can't be unpacked"):
        ln.connect(copied)


def test_folders_may_have_any_name(own_settings: Path, run_python: Any, tmp_path: Path) -> None:
    for name in ("50%25 done", "a?mode=ro", "x#y%41"):
        code = f"import lamindb as ln; ln.setup.init(storage={str(tmp_path / name)!r}, name='data'); ln.ULabel(name='a').save()"
        run_python(code)
        assert (tmp_path / name / ".lamindb" / "lamin.db").is_file()
        done = run_python(
            "import lamindb as ln; print(ln.ULabel.filter().count()); ln.setup.delete('data', force=True)"
        )
        assert "1" in done.stdout.splitlines()
