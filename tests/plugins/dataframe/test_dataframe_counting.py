"""Counting observations agrees with what loading gives, without loading."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamindb_dataframe import count_observations, load, write

_cell = st.text(st.sampled_from('ab"\n\r ,\té'), max_size=6)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".csv.gz"])
@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(_cell, _cell), max_size=6))
def test_text_with_quotes_and_ends_of_lines_is_counted_as_pandas_counts(
    rows: list[tuple[str, str]], suffix: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"t{suffix}")
        df = pd.DataFrame(rows, columns=["a", "b"], dtype="str")
        for table in (df, pl.from_pandas(df), pa.Table.from_pandas(df)):
            write(table, path, csv_kwargs={"index": False} if table is df else None)
            assert count_observations(path) == len(load(path)) == len(rows)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", 0),
        ("a,b\n", 0),
        ("a,b", 0),
        ("a,b\n1,2", 1),
        ("a,b\r\n1,2\r\n\r\n3,4\r\n", 2),
        ("a,b\n1,2\n\n  \n3,4\n", 2),
        ('a,b\n1,5" pipe\n2,6" pipe\n', 2),
        ('a,b\n1,"x\n\ny"\n2,z\n', 2),
        ("a,b\r1,2\r3,4\r", 2),
    ],
)
def test_odd_files_are_counted(tmp_path: Path, content: str, expected: int) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content.encode())
    assert count_observations(path) == expected
    if content:
        assert len(load(path)) == expected


def test_a_value_that_is_too_long_to_be_told_apart_gives_no_count(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('a\n"' + "x" * 200_000 + '"\n')
    assert count_observations(tmp_path / "t.csv") is None


@pytest.mark.parametrize("table", [pd.DataFrame({"a": [1, 2]}), pl.DataFrame({"a": [1, 2]}), pa.table({"a": [1, 2]})])
def test_tables_in_memory_are_counted(table: Any) -> None:
    assert count_observations(table) == 2


def test_a_query_is_not_run_to_be_counted() -> None:
    def fail(_: Any) -> Any:
        raise RuntimeError("the query ran")

    assert count_observations(pl.LazyFrame({"a": [1]}).map_batches(fail)) is None
