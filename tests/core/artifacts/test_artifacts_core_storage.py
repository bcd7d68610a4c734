"""`ln.core.storage`: the helpers under the names that scripts know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


def test_objects_are_written_by_their_format(sqlite_instance: Any, tmp_path: Path) -> None:
    import pandas as pd

    storage = ln.core.storage
    frame = pd.DataFrame({"a": [1, 2]})
    assert storage.infer_suffix(frame) == ".parquet" and storage.infer_suffix(frame, ".csv") == ".csv"
    storage.write_to_disk(frame, tmp_path / "x.parquet")
    assert pd.read_parquet(tmp_path / "x.parquet").equals(frame)
    with pytest.raises(NotImplementedError, match="builtins.object"):
        storage.write_to_disk(object(), tmp_path / "x")


def test_paths_are_deleted_once(sqlite_instance: Any, tmp_path: Path) -> None:
    from lamindb.core.storage.paths import AUTO_KEY_PREFIX

    assert AUTO_KEY_PREFIX == ".lamindb/"
    (tmp_path / "folder").mkdir()
    assert ln.core.storage.delete_storage(tmp_path / "folder") is None and not (tmp_path / "folder").exists()
    with pytest.raises(FileNotFoundError, match="is not an existing path!"):
        ln.core.storage.delete_storage(tmp_path / "folder")
    assert ln.core.storage.delete_storage(tmp_path / "folder", raise_file_not_found_error=False) == "did-not-delete"


def test_a_suffix_that_is_added_counts_from_then_on(sqlite_instance: Any, tmp_path: Path) -> None:
    from lamindb.storage.suffixes import infer_suffix

    assert infer_suffix("a.vcf.gz") == ".gz"
    ln.core.storage.VALID_SUFFIXES.SIMPLE.add(".vcf")
    try:
        assert infer_suffix("a.vcf.gz") == ".vcf.gz"
    finally:
        ln.core.storage.VALID_SUFFIXES.SIMPLE.discard(".vcf")


def test_classes_that_data_is_opened_to_have_their_former_address() -> None:
    from lamindb.core import storage

    for plugin, names in (
        ("lamindb_anndata", ["AnnDataAccessor", "BackedAccessor"]),
        ("lamindb_spatialdata", ["SpatialDataAccessor"]),
    ):
        pytest.importorskip(plugin)
        for name in names:
            assert getattr(storage, name).__name__ == name and getattr(storage, name).__module__.startswith(plugin)
    with pytest.raises(AttributeError, match="No installed data format opens data to 'NothingAccessor'"):
        _ = storage.NothingAccessor
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = storage.nothing
