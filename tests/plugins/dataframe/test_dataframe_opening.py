"""Opening is lazy: queries read only the columns and row groups that they need, from one file, many, or a folder, local or remote."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.compute as pc
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from upath import UPath

from lamindb_dataframe import open_table, write
from lamindb_dataframe.counting import count_observations

_SUFFIXES = [".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz", ".feather", ".arrow", ".ipc", ".jsonl", ".ndjson"]
_N_ROWS = 100_000


class CountingFileSystem(MemoryFileSystem):
    """A remote store that counts the bytes that are read from it."""

    protocol = "counted"
    store: dict[str, Any] = {}
    pseudo_dirs = [""]
    n_bytes = 0

    def _open(self, path: str, mode: str = "rb", **kwargs: Any) -> Any:
        file = super()._open(path, mode, **kwargs)
        return _Counted(file.getvalue()) if mode == "rb" else file

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **kwargs: Any) -> bytes:
        found = super().cat_file(path, start, end, **kwargs)
        CountingFileSystem.n_bytes += len(found)
        return found


class _Counted(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        CountingFileSystem.n_bytes += len(found)
        return found

    def readinto(self, buffer: Any) -> int:
        n_bytes = super().readinto(buffer)
        CountingFileSystem.n_bytes += n_bytes
        return n_bytes


@pytest.fixture(scope="module", autouse=True)
def counted_protocol() -> None:
    fsspec.register_implementation("counted", CountingFileSystem, clobber=True)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with an increasing id and four columns of noise, in 20 row groups."""
    noise = np.random.default_rng(0).random((_N_ROWS, 4))
    df = pd.DataFrame(noise, columns=list("abcd")).assign(id=range(_N_ROWS))
    path = tmp_path_factory.mktemp("big") / "big.parquet"
    write(df, path, parquet_kwargs={"row_group_size": _N_ROWS // 20})
    return path


@pytest.fixture
def remote(big: Path) -> Iterator[UPath]:
    path = UPath("counted:///bucket/big.parquet")
    path.fs.pipe_file(path.path, big.read_bytes())
    CountingFileSystem.n_bytes = 0
    yield path
    CountingFileSystem.store.clear()


def _rows(path: Any, engine: str, **kwargs: Any) -> list[dict[str, Any]]:
    """All rows, through an engine."""
    opened = open_table(path, engine, **kwargs)
    if engine == "pyarrow":
        return opened.to_table().to_pylist()
    with opened as table:
        if engine == "polars":
            return table.collect().to_dicts()
        return [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]


@pytest.mark.parametrize("engine", ["pyarrow", "polars", "duckdb"])
@pytest.mark.parametrize("suffix", _SUFFIXES)
def test_every_engine_opens_a_file_several_files_and_a_folder(tmp_path: Path, suffix: str, engine: str) -> None:
    folder = tmp_path / "shards"
    folder.mkdir()
    for number in range(2):
        df = pd.DataFrame({"é": ["x", "y"], "n": [number, number]})
        write(
            df,
            folder / f"p{number}{suffix}",
            **({"csv_kwargs": {"index": False}} if suffix[1:4] in ("csv", "tsv") else {}),
        )
    (folder / "_SUCCESS").touch()
    first = [{"é": "x", "n": 0}, {"é": "y", "n": 0}]
    second = [{"é": "x", "n": 1}, {"é": "y", "n": 1}]
    assert _rows(folder / f"p0{suffix}", engine) == first
    assert _rows(str(folder / f"p0{suffix}"), engine) == first
    assert _rows([folder / f"p1{suffix}", folder / f"p0{suffix}"], engine) == second + first
    assert _rows(folder, engine) == first + second


@pytest.mark.parametrize("engine", ["pyarrow", "duckdb"])
def test_orc_opens(tmp_path: Path, engine: str) -> None:
    pd.DataFrame({"a": [1, 2]}).to_orc(tmp_path / "t.orc")
    assert _rows(tmp_path / "t.orc", engine) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("engine", ["pyarrow", "polars", "duckdb"])
def test_file_names_are_no_patterns(tmp_path: Path, engine: str) -> None:
    for name, value in (("a[1]*.parquet", 1), ("a1.parquet", 2), ("a1x.parquet", 3)):
        pd.DataFrame({"a": [value]}).to_parquet(tmp_path / name)
    assert _rows(tmp_path / "a[1]*.parquet", engine) == [{"a": 1}]


def test_pyarrow_reads_the_columns_and_row_groups_of_the_query_only(remote: UPath) -> None:
    size = remote.stat().st_size
    dataset = open_table(remote)
    opening = CountingFileSystem.n_bytes
    assert opening < size / 20  # the footer
    found = dataset.to_table(columns=["a"], filter=pc.field("id") >= _N_ROWS - 10)
    assert found.num_rows == 10
    assert CountingFileSystem.n_bytes < size / 10
    dataset.to_table()
    assert CountingFileSystem.n_bytes >= size  # the counter counts


@pytest.mark.parametrize(
    "use_fsspec", [True, False]
)  # polars doesn't know the protocol: it takes the way through fsspec anyway
def test_polars_reads_the_columns_and_row_groups_of_the_query_only_from_any_file_system(
    remote: UPath, use_fsspec: bool
) -> None:
    size = remote.stat().st_size
    with open_table(remote, engine="polars", use_fsspec=use_fsspec) as table:
        found = table.filter(pl.col("id") >= _N_ROWS - 10).select("a").collect()
    assert found.shape == (10, 1)
    assert 0 < CountingFileSystem.n_bytes < size / 10


def test_duckdb_reads_the_columns_and_row_groups_of_the_query_only_from_any_file_system(remote: UPath) -> None:
    size = remote.stat().st_size
    with open_table(remote, engine="duckdb") as table:
        found = table.filter(f"id >= {_N_ROWS - 10}").project("a").fetchall()
    assert len(found) == 10
    assert 0 < CountingFileSystem.n_bytes < size / 5


def test_the_plans_of_local_queries_hold_filter_and_columns(big: Path) -> None:
    with open_table(big, engine="polars") as table:
        plan = table.filter(pl.col("id") > 5).select("a").explain()
    assert "Parquet SCAN" in plan and "PROJECT 2/5 COLUMNS" in plan and "SELECTION" in plan
    with open_table(big, engine="duckdb") as table:
        plan = table.filter("id > 5").project("a").explain()
    assert "PARQUET" in plan.upper() and "id" in plan and "Filters" in plan and " b" not in plan


def test_counting_reads_the_footer_only(remote: UPath) -> None:
    assert count_observations(remote) == _N_ROWS
    assert 0 < CountingFileSystem.n_bytes < remote.stat().st_size / 20


@pytest.mark.parametrize("engine", ["pyarrow", "polars", "duckdb"])
@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".tsv.gz", ".feather", ".jsonl"])
def test_every_engine_opens_remote_files_and_folders(tmp_path: Path, suffix: str, engine: str) -> None:
    folder = UPath("memory:///lab/shards")
    for number in range(2):
        write(
            pd.DataFrame({"n": [number]}),
            tmp_path / f"p{number}{suffix}",
            **({"csv_kwargs": {"index": False}} if suffix[1:4] in ("csv", "tsv") else {}),
        )
        folder.fs.pipe_file(f"{folder.path}/p{number}{suffix}", (tmp_path / f"p{number}{suffix}").read_bytes())
    folder.fs.pipe_file(f"{folder.path}/_SUCCESS", b"")
    try:
        assert _rows(folder / f"p1{suffix}", engine) == [{"n": 1}]
        assert _rows(folder, engine) == [{"n": 0}, {"n": 1}]
        assert count_observations(folder) == 2
    finally:
        folder.fs.rm("/lab", recursive=True)


def test_partitions_are_columns_when_asked(tmp_path: Path) -> None:
    base = tmp_path / "a=b" / "t"
    for year in (2023, 2024):
        (base / f"year={year}").mkdir(parents=True)
        pd.DataFrame({"v": [year]}).to_parquet(base / f"year={year}" / "part.parquet")
    plain = [{"v": 2023}, {"v": 2024}]
    assert [_rows(base, engine) for engine in ("pyarrow", "polars", "duckdb")] == [plain] * 3
    assert _rows(base, "pyarrow", partitioning="hive") == [{"v": 2023, "year": 2023}, {"v": 2024, "year": 2024}]
    assert [row["year"] for row in _rows(base, "polars", hive_partitioning=True)] == [2023, 2024]
    assert [row["year"] for row in _rows(base, "duckdb", hive_partitioning=True)] == [2023, 2024]


def test_what_an_engine_is_given_overrides_what_the_suffix_says(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n1;2\n")
    assert _rows(tmp_path / "t.csv", "polars", separator=";") == [{"a": 1, "b": 2}]
    assert _rows(tmp_path / "t.csv", "duckdb", delimiter=";") == [{"a": 1, "b": 2}]
    from pyarrow.csv import ParseOptions
    from pyarrow.dataset import CsvFileFormat

    semicolons = CsvFileFormat(parse_options=ParseOptions(delimiter=";"))
    assert _rows(tmp_path / "t.csv", "pyarrow", format=semicolons) == [{"a": 1, "b": 2}]


def test_the_block_closes_duckdb(big: Path) -> None:
    import duckdb

    with open_table(big, engine="duckdb") as table:
        assert table.aggregate("count(*)").fetchall() == [(_N_ROWS,)]
    with pytest.raises(duckdb.Error):
        table.aggregate("count(*)").fetchall()


def test_mistakes_are_explained(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(path)
    (tmp_path / "t.csv").write_text("a\n1\n")
    (tmp_path / "t.txt").write_text("a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="Unknown engine: 'spark'"):
        open_table(path, engine="spark")
    with pytest.raises(ValueError, match="several kinds"):
        open_table(tmp_path)
    with pytest.raises(ValueError, match=r"different file formats: \.csv, \.parquet"):
        open_table([path, tmp_path / "t.csv"])
    with pytest.raises(ValueError, match="no file with a suffix"):
        open_table(tmp_path / "empty")
    with pytest.raises(ValueError, match=r"'t\.txt' has no suffix of a table"):
        open_table(tmp_path / "t.txt")
    with pytest.raises(ValueError, match="at least one path"):
        open_table([])
    with pytest.raises(FileNotFoundError, match=r"absent\.parquet"):
        open_table(tmp_path / "absent.parquet")
    with pytest.raises(AttributeError, match="with artifact.open"):
        open_table(path, engine="polars").filter
