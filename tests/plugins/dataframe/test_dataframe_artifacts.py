"""Tables as artifacts: made from memory and from files, loaded, opened, counted, versioned."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import lamindb as ln
from lamindb.errors import InvalidArgument

pytestmark = pytest.mark.usefixtures("instance")

_WRITTEN = [".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz", ".feather", ".arrow", ".ipc", ".jsonl", ".ndjson"]


@pytest.fixture
def df() -> pd.DataFrame:
    return pd.DataFrame({"gene": ["CD8A", "CD4", "FOXP3"], "count": [3, 5, 0], "µ": [0.1, 1e-300, 2.5]})


def _cached_objects() -> list[Path]:
    gc.collect()  # a table that was never saved is removed with its artifact
    folder = Path(ln.setup.settings.cache_dir) / "objects"
    return list(folder.iterdir()) if folder.exists() else []


def _made(df: pd.DataFrame, library: str) -> Any:
    return {
        "pandas": lambda: df,
        "polars": lambda: pl.from_pandas(df),
        "lazy polars": lambda: pl.from_pandas(df).lazy(),
        "pyarrow": lambda: pa.Table.from_pandas(df),
    }[library]()


@pytest.mark.parametrize("library", ["pandas", "polars", "lazy polars", "pyarrow"])
def test_a_table_of_each_library_is_stored_and_loaded_in_every_encoding(df: pd.DataFrame, library: str) -> None:
    for number, suffix in enumerate(_WRITTEN):
        table = _made(df.assign(count=df["count"] + number), library)
        options = {"csv_kwargs": {"index": False}} if library == "pandas" and suffix[1:4] in ("csv", "tsv") else {}
        made = ln.Artifact.from_dataframe(table, key=f"t{number}{suffix}", run=False, **options).save()
        artifact = ln.Artifact.get(made.uid)
        assert (artifact.suffix, artifact.otype, artifact.kind) == (suffix, "DataFrame", "dataset")
        assert artifact.n_observations == 3
        assert artifact.path.name.endswith(suffix)
        pd.testing.assert_frame_equal(artifact.load(), df.assign(count=df["count"] + number))
    assert _cached_objects() == []


def test_the_object_in_memory_is_returned_by_load(df: pd.DataFrame) -> None:
    artifact = ln.Artifact.from_dataframe(df, key="t.parquet", run=False)
    assert artifact.load() is df
    assert artifact.save().load() is df


def test_without_a_key_tables_are_parquet(df: pd.DataFrame) -> None:
    artifact = ln.Artifact.from_dataframe(df, description="no key", run=False).save()
    assert artifact.suffix == ".parquet" and artifact.key is None


def test_a_key_with_another_suffix_is_refused(df: pd.DataFrame) -> None:
    for key in ("t.xlsx", "t", "t.csv.tar.gz"):
        with pytest.raises(InvalidArgument, match="suffix"):
            ln.Artifact.from_dataframe(df, key=key, run=False)
    assert ln.Artifact.filter().count() == 0 and _cached_objects() == []


def test_the_arguments_of_the_writer_are_those_for_the_encoding(df: pd.DataFrame, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    both = {"parquet_kwargs": {"compression": "zstd"}, "csv_kwargs": {"index": False, "sep": ";"}}
    csv = ln.Artifact.from_dataframe(df, key="t.csv", run=False, **both).save()
    assert csv.path.read_text().splitlines()[0] == "gene;count;µ"
    parquet = ln.Artifact.from_dataframe(df, key="t.parquet", run=False, **both).save()
    assert pq.read_metadata(parquet.path).row_group(0).column(0).compression == "ZSTD"
    csv_with_index = ln.Artifact.from_dataframe(df, key="u.csv", run=False).save()
    assert csv_with_index.path.read_text().splitlines()[0] == ",gene,count,µ"


@pytest.mark.parametrize("suffix", [*_WRITTEN, ".csv.tar.gz", ".orc"])
def test_files_are_counted_and_loaded(df: pd.DataFrame, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"table{suffix}"
    if suffix == ".orc":
        df.to_orc(path)
    elif suffix == ".csv.tar.gz":
        df.to_csv(path, index=False)
    else:
        from lamindb_dataframe import write

        write(df, path, csv_kwargs={"index": False} if suffix[1:4] in ("csv", "tsv") else None)
    artifact = ln.Artifact.from_dataframe(path, key=f"x{suffix}", run=False).save()
    assert (artifact.n_observations, artifact.otype, artifact.kind) == (3, "DataFrame", "dataset")
    pd.testing.assert_frame_equal(ln.Artifact.get(artifact.uid).load(), df)


def test_the_same_table_is_stored_once_and_leaves_nothing_in_the_cache(df: pd.DataFrame) -> None:
    for suffix in _WRITTEN:
        first = ln.Artifact.from_dataframe(df, key=f"t{suffix}", run=False, skip_hash_lookup=True).save()
        again = ln.Artifact.from_dataframe(df.copy(), key=f"t{suffix}", run=False)
        assert again.hash == first.hash and again.pk is not None
    assert _cached_objects() == []


def test_a_changed_table_is_the_next_version(df: pd.DataFrame) -> None:
    first = ln.Artifact.from_dataframe(df, key="t.parquet", run=False).save()
    second = ln.Artifact.from_dataframe(df.iloc[:2], key="t.parquet", run=False).save()
    assert second.stem_uid == first.stem_uid and second.is_latest and second.n_observations == 2
    third = ln.Artifact.from_dataframe(df.iloc[:1], revises=second, run=False).save()
    assert third.stem_uid == first.stem_uid and third.key == "t.parquet"


def test_saving_a_table_takes_few_statements(df: pd.DataFrame, count_queries: Any) -> None:
    ln.Artifact.from_dataframe(df, key="warm.parquet", run=False).save()
    with count_queries() as queries:
        ln.Artifact.from_dataframe(df.iloc[:2], key="t.parquet", run=False).save()
    assert len(queries) <= 6, queries
    with count_queries() as queries:
        ln.Artifact.get(key="t.parquet").open().count_rows()
    assert len(queries) <= 2, queries


def test_a_derived_class_is_a_table() -> None:
    class Measurements(pd.DataFrame):
        pass

    artifact = ln.Artifact.from_dataframe(Measurements({"a": [1]}), key="t.parquet", run=False).save()
    assert ln.Artifact.get(artifact.uid).load().equals(pd.DataFrame({"a": [1]}))


def test_the_plain_constructor_sets_the_object_type_only_and_points_to_from_dataframe(
    df: pd.DataFrame, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from lamindb.base.logging import logger

    logger.addHandler(caplog.handler)
    try:
        artifact = ln.Artifact(df, key="t.parquet", run=False).save()
        assert "from_dataframe()" in caplog.text
        caplog.clear()
        ln.Artifact.from_dataframe(df.iloc[:1], key="u.parquet", run=False)
        assert "from_dataframe()" not in caplog.text
    finally:
        logger.removeHandler(caplog.handler)
    assert (artifact.otype, artifact.kind, artifact.n_observations) == ("DataFrame", None, None)


def test_a_folder_of_parquet_files_is_one_table(df: pd.DataFrame, tmp_path: Path) -> None:
    for name in ("shards", "shards.parquet"):
        folder = tmp_path / name
        folder.mkdir()
        for number in range(3):
            df.assign(shard=f"{name}{number}").to_parquet(folder / f"part-{number}.parquet")
        (folder / "_SUCCESS").touch()
        (folder / ".part-0.parquet.crc").write_bytes(b"1")
        artifact = ln.Artifact.from_dataframe(folder, key=name, run=False).save()
        assert artifact.n_observations == 9 and artifact.n_files == 5 and artifact.otype == "DataFrame"
        artifact = ln.Artifact.get(artifact.uid)
        assert artifact.load()["shard"].tolist() == [f"{name}{number}" for number in (0, 0, 0, 1, 1, 1, 2, 2, 2)]
        assert artifact.open().count_rows() == 9
        with artifact.open(engine="polars") as table:
            assert table.select(pl.len()).collect().item() == 9
    assert ln.Artifact(tmp_path / "shards", key="again", run=False, skip_hash_lookup=True).otype == "DataFrame"


def test_a_folder_of_other_files_is_no_table(df: pd.DataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    df.to_parquet(folder / "a.parquet")
    (folder / "notes.md").write_text("1")
    artifact = ln.Artifact(folder, key="mixed", run=False).save()
    assert artifact.otype is None
    with pytest.raises(ValueError, match="several kinds"):
        artifact.open()
    with pytest.raises(InvalidArgument, match="not a DataFrame"):
        ln.Artifact.from_dataframe(folder, key="other", run=False)
    with pytest.raises(InvalidArgument, match=r"\.parquet, \.csv"):
        ln.Artifact.from_dataframe(folder / "notes.md", key="notes.md", run=False)


def test_a_folder_of_csv_files_opens_without_being_of_the_type(tmp_path: Path) -> None:
    folder = tmp_path / "plates"
    folder.mkdir()
    for number in range(2):
        (folder / f"{number}.csv").write_text(f"well,value\nA{number},1\n")
    artifact = ln.Artifact(folder, key="plates", run=False).save()
    assert artifact.otype is None
    assert artifact.open().to_table().to_pydict() == {"well": ["A0", "A1"], "value": [1, 1]}


def test_json_lines_with_the_suffix_of_json_open_as_a_table(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text('{"a": 1}\n{"a": 2}\n')
    artifact = ln.Artifact(path, key="rows.json", run=False).save()
    assert artifact.otype is None and artifact.open().to_table().to_pydict() == {"a": [1, 2]}
    with pytest.raises(ValueError, match="not supported by polars"):
        artifact.open(engine="polars")


def test_opening_makes_the_artifact_an_input_only_when_it_succeeds(df: pd.DataFrame, tmp_path: Path) -> None:
    artifact = ln.Artifact.from_dataframe(df, key="t.parquet", run=False).save()
    run = ln.Run(ln.Transform(key="read.py", kind="script").save()).save()
    with pytest.raises(ValueError, match="Unknown engine: 'sqlite'.*'pyarrow', 'polars' or 'duckdb'"):
        artifact.open(engine="sqlite", is_run_input=run)
    with pytest.raises(ValueError, match="mode='w'"):
        artifact.open("w", is_run_input=run)
    assert artifact.input_of_runs.count() == 0
    artifact.open(is_run_input=run)
    assert artifact.input_of_runs.to_list() == [run]
    artifact.path.unlink()
    with pytest.raises(FileNotFoundError, match="moved or deleted"):
        artifact.open()


def test_an_unsaved_artifact_opens(df: pd.DataFrame) -> None:
    artifact = ln.Artifact.from_dataframe(df, key="t.parquet", run=False)
    assert artifact.open().count_rows() == 3


def test_what_cannot_be_opened_is_told_with_what_can(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt", run=False).save()
    with pytest.raises(ValueError, match=r"'\.txt'.*\.parquet"):
        artifact.open()


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="list"):
        ln.Artifact.from_dataframe([1, 2], key="t.parquet", run=False)
    assert ln.Artifact.filter().count() == 0 and _cached_objects() == []


def test_columns_with_the_same_name_are_refused() -> None:
    doubled = pd.DataFrame(np.ones((1, 3)), columns=["a", "b", "a"])
    table = pa.table([[1], [2]], names=["x", "x"])
    for data, name, suffix in ((doubled, "'a'", ".parquet"), (doubled, "'a'", ".csv"), (table, "'x'", ".parquet")):
        with pytest.raises(ValueError, match=f"same name: {name}.*rename"):
            ln.Artifact.from_dataframe(data, key=f"t{suffix}", run=False)
    assert ln.Artifact.filter().count() == 0 and _cached_objects() == []


def test_a_column_of_mixed_values_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"can't be written as \.parquet.*column a.*astype"):
        ln.Artifact.from_dataframe(pd.DataFrame({"a": [1, "x"]}), key="t.parquet", run=False)
    assert _cached_objects() == []


def test_a_broken_file_is_not_registered(tmp_path: Path) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 is how it starts, but not how it goes on")
    with pytest.raises(InvalidArgument, match=r"broken\.parquet.*can't be read as DataFrame"):
        ln.Artifact.from_dataframe(path, key="t.parquet", run=False)


def test_ten_thousand_columns_come_back() -> None:
    wide = pd.DataFrame(np.arange(20_000).reshape(2, 10_000), columns=[f"gene {i}" for i in range(10_000)])
    artifact = ln.Artifact.from_dataframe(wide, key="wide.parquet", run=False).save()
    artifact = ln.Artifact.get(artifact.uid)
    pd.testing.assert_frame_equal(artifact.load(), wide)
    assert artifact.open().to_table(columns=["gene 9999"]).to_pydict() == {"gene 9999": [9999, 19999]}


def test_tables_load_into_other_libraries(df: pd.DataFrame) -> None:
    artifact = ln.Artifact.from_dataframe(df, key="t.parquet", run=False).save()
    artifact = ln.Artifact.get(artifact.uid)
    assert artifact.load(into="polars").equals(pl.from_pandas(df))
    assert artifact.load(into="pyarrow").column_names == ["gene", "count", "µ"]
    assert artifact.load(columns=["gene"]).columns.tolist() == ["gene"]
    with pytest.raises(ValueError, match="not into 'dask'"):
        artifact.load(into="dask")


def test_a_remote_artifact_is_opened_in_place_or_from_a_current_copy(df: pd.DataFrame) -> None:
    from fsspec.implementations.memory import MemoryFileSystem
    from upath import UPath

    artifact = ln.Artifact.from_dataframe(df, key="t.parquet", run=False).save()
    remote = UPath("memory://lab/t.parquet")
    remote.fs.pipe_file(remote.path, artifact.path.read_bytes())
    location = ln.Storage.filter().first()
    type(location).objects.filter(pk=location.pk).update(root="memory://lab", type="memory")
    ln.Artifact.filter().update(_key_is_virtual=False)
    artifact = ln.Artifact.get(artifact.uid)
    try:
        assert isinstance(artifact.open().filesystem.handler.fs, MemoryFileSystem)
        copy = artifact.cache()
        assert "memory" not in type(artifact.open().filesystem).__name__.lower() and artifact.open().files == [
            str(copy)
        ]
        with artifact.open(engine="polars") as table:
            assert table.collect().height == 3
        with pytest.raises(ValueError, match="Unsupported flavor"):
            artifact.open(partitioning="no such partitioning")
        assert copy.exists()
        state = copy.stat()
        copy.write_bytes(b"x" * state.st_size)  # what looks current, but is broken
        os.utime(copy, ns=(state.st_atime_ns, state.st_mtime_ns))
        assert isinstance(artifact.open().filesystem.handler.fs, MemoryFileSystem) and not copy.exists()
    finally:
        remote.fs.rm("/lab", recursive=True)
        type(location).objects.filter(pk=location.pk).update(root=location.root, type=location.type)
