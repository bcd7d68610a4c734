"""Whatever is written comes back: values, types, names, index; on files, without an instance."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamindb_dataframe import load, write

_EXACT = [".parquet", ".feather", ".arrow", ".ipc"]


def _came_back(df: Any, suffix: str, **kwargs: Any) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"t{suffix}")
        write(df, path, **kwargs)
        return load(path)


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_ints = st.integers(-(2**63), 2**63 - 1)
_times = st.datetimes(pd.Timestamp("1700-01-01").to_pydatetime(), pd.Timestamp("2200-01-01").to_pydatetime())


def _categorical(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    @st.composite
    def make(draw: Any) -> Any:
        categories = draw(st.lists(values, max_size=5, unique=True))
        codes = draw(st.lists(st.integers(-1, len(categories) - 1), min_size=1, max_size=4))
        ordered = draw(st.booleans())
        return lambda n: pd.Categorical.from_codes(
            [codes[i % len(codes)] for i in range(n)], categories=pd.Index(categories), ordered=ordered
        )

    return make().filter(lambda made: len(made(0).categories) > 0)


def _column(values: st.SearchStrategy[Any], make: Any) -> st.SearchStrategy[Any]:
    chosen = st.lists(values, min_size=1, max_size=4)
    return chosen.map(lambda some: lambda n: make([some[i % len(some)] for i in range(n)]))


_columns = st.one_of(
    _column(_ints, lambda v: pd.array(v, dtype="int64")),
    _column(st.one_of(st.none(), _ints), lambda v: pd.array(v, dtype="Int64")),
    _column(st.one_of(st.none(), st.booleans()), lambda v: pd.array(v, dtype="boolean")),
    _column(st.one_of(st.none(), _text), lambda v: pd.array(v, dtype="string")),
    _column(_text, lambda v: pd.Series(v, dtype=pd.Series(["a"]).dtype).array),
    _column(st.floats(), lambda v: np.array(v, dtype="float64")),
    _column(st.floats(width=32), lambda v: np.array(v, dtype="float32")),
    _column(_times, lambda v: pd.Series(pd.to_datetime(v)).astype("datetime64[us]").dt.tz_localize("Europe/Berlin", ambiguous="NaT", nonexistent="NaT").array),
    _column(st.timedeltas(), lambda v: np.array(v, dtype="timedelta64[us]")),
    _categorical(_text),
    _categorical(_ints),
    _categorical(_times.map(lambda t: pd.Timestamp(t).as_unit("us"))),
)  # fmt: skip


@st.composite
def _frames(draw: Any) -> pd.DataFrame:
    n_rows = draw(st.integers(0, 7))
    names = draw(st.lists(_text, max_size=5, unique=True))
    df = pd.DataFrame({name: draw(_columns)(n_rows) for name in names}, index=pd.RangeIndex(n_rows))
    df.columns = pd.Index(names, dtype=pd.Series(["a"]).dtype)
    if draw(st.booleans()):
        df.index = pd.Index(draw(_columns)(n_rows), name=draw(st.one_of(st.none(), st.just("its name"))))
    return df


@pytest.mark.parametrize("suffix", _EXACT)
@settings(max_examples=80, deadline=None)
@given(df=_frames())
def test_types_values_names_and_index_come_back(df: pd.DataFrame, suffix: str) -> None:
    if "its name" in df.columns:
        return
    pd.testing.assert_frame_equal(_came_back(df, suffix), df, check_freq=False)


@pytest.mark.parametrize("suffix", [".parquet", ".feather"])
@pytest.mark.parametrize("n_rows", [0, 3])
def test_an_index_of_several_levels_comes_back_with_its_categories(suffix: str, n_rows: int) -> None:
    levels = [pd.Categorical([1, 2, 1], categories=[9, 2, 1]), ["x", "y", "z"]]
    df = pd.DataFrame({"v": [1.0, 2.0, 3.0]}, index=pd.MultiIndex.from_arrays(levels, names=["k", None])).iloc[:n_rows]
    back = _came_back(df, suffix)
    assert back.index.names == ["k", None] and back.index.to_list() == df.index.to_list()
    assert isinstance(back.index.get_level_values(0).dtype, pd.CategoricalDtype)


def test_very_many_categories_keep_their_order_in_parquet() -> None:
    names = [f"barcode {number:06d}" for number in range(80_000)][::-1]
    df = pd.DataFrame({"c": pd.Categorical(names[:5] * 3, categories=names, ordered=True)})
    pd.testing.assert_frame_equal(_came_back(df, ".parquet"), df)
    every = pd.DataFrame({"c": pd.Categorical(names[::-1], categories=names)})
    pd.testing.assert_frame_equal(_came_back(every, ".parquet"), every)


def test_categories_come_back_over_several_row_groups_and_selected_columns(tmp_path: Path) -> None:
    df = pd.DataFrame({"c": pd.Categorical([3, 1, None, 1], categories=[3, 2, 1]), "v": range(4)})
    df.attrs = {"unit": "mM"}
    path = tmp_path / "t.parquet"
    write(df, path, parquet_kwargs={"row_group_size": 1, "compression": "zstd"})
    back = load(path)
    pd.testing.assert_frame_equal(back, df)
    assert back.attrs == {"unit": "mM"}
    pd.testing.assert_frame_equal(load(path, columns=["v"]), df[["v"]])
    pd.testing.assert_frame_equal(
        load(path, filters=[("v", ">", 1)], columns=["c"]), df.loc[2:, ["c"]].reset_index(drop=True)
    )
    assert pd.read_parquet(path)["v"].tolist() == [0, 1, 2, 3]  # and others read an ordinary file


def test_names_that_are_numbers_come_back() -> None:
    df = pd.DataFrame(np.eye(2), columns=[0, 1])
    pd.testing.assert_frame_equal(_came_back(df, ".parquet"), df)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".csv.gz", ".tsv.gz"])
@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n,\t\""), min_size=1), min_size=1, max_size=4),
    numbers=st.data(),
)  # fmt: skip
def test_delimited_text_keeps_quotes_delimiters_and_ends_of_lines(texts: list[str], numbers: Any, suffix: str) -> None:
    values = numbers.draw(st.lists(_ints, min_size=len(texts), max_size=len(texts)))
    df = pd.DataFrame({"té xt": texts, "n": values})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"t{suffix}")
        write(df, path, csv_kwargs={"index": False})
        back = load(path, keep_default_na=False, dtype={"té xt": "object"})
    assert back["té xt"].tolist() == texts and back["n"].tolist() == values


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(_text, st.floats(allow_infinity=False), st.one_of(st.none(), st.integers(-(2**53), 2**53))), min_size=1, max_size=5))  # fmt: skip
def test_json_lines_keep_texts_and_every_digit(rows: list[tuple[str, float, int | None]]) -> None:
    texts, floats, ints = (list(column) for column in zip(*rows, strict=True))
    df = pd.DataFrame({"te xt": texts, "f": floats, "i": pd.array(ints, dtype="Int64")})
    for table in (df, pa.Table.from_pandas(df), pl.from_pandas(df)):
        back = _came_back(table, ".jsonl")
        assert back["te xt"].tolist() == texts
        if not isinstance(table, pl.DataFrame):
            for read, written in zip(back["f"].astype(float), floats, strict=True):
                assert (
                    math.isnan(read) if math.isnan(written) else read == pytest.approx(written, rel=1e-15, abs=1e-300)
                )
        assert [None if pd.isna(read) else int(read) for read in back["i"]] == ints


def test_json_lines_keep_texts_that_look_like_numbers_and_dates_and_a_named_index() -> None:
    df = pd.DataFrame({"date": ["2024-01-31", "007"]}, index=pd.Index(["x", "y"], name="sample"))
    assert _came_back(df, ".ndjson").to_dict("list") == {"sample": ["x", "y"], "date": ["2024-01-31", "007"]}
    with pytest.raises(ValueError, match="infinite"):
        _came_back(pd.DataFrame({"a": [math.inf]}), ".jsonl")


def test_arrow_streams_under_the_suffix_of_files_are_loaded_and_counted(tmp_path: Path) -> None:
    from lamindb_dataframe import count_observations

    table = pa.table({"a": [1, 2, 3]})
    with pa.OSFile(str(tmp_path / "t.arrow"), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
    assert load(tmp_path / "t.arrow")["a"].tolist() == [1, 2, 3]
    assert count_observations(tmp_path / "t.arrow") == 3


@pytest.mark.parametrize("suffix", [".parquet", ".feather", ".csv", ".tsv.gz", ".jsonl"])
def test_tables_of_polars_and_pyarrow_come_back(suffix: str) -> None:
    table = pl.DataFrame({"é": ["a", "b", None], "n": [1, 2, 3], "f": [0.5, None, 1.5]})
    expected = table.to_pandas()
    for written in (table, table.lazy(), table.to_arrow()):
        back = _came_back(written, suffix)
        pd.testing.assert_frame_equal(back, expected, check_dtype=False)
