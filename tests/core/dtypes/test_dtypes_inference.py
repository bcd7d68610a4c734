"""What is inferred from values and pandas dtypes, and how values are stored."""

from __future__ import annotations

import datetime
import json
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamindb.base.dtype_inference import (
    dtype_of_pandas,
    infer_dtype,
    is_null,
    is_pandas_dtype,
    pandas_dtype_of,
    unwrapped,
)
from lamindb.base.dtypes import SIMPLE_DTYPES, is_dtype
from lamindb.errors import DtypeError


@pytest.mark.parametrize(
    ("value", "dtype", "stored"),
    [
        (True, "bool", True),
        (1, "int", 1),
        (1.5, "float", 1.5),
        (datetime.date(2024, 5, 1), "date", "2024-05-01"),
        (datetime.datetime(2024, 5, 1, 12), "datetime", "2024-05-01T12:00:00"),
        (pd.Timestamp("2024-05-01 12:00:00.123456789"), "datetime", "2024-05-01T12:00:00.123456"),
        ("2024-05-01", "date", "2024-05-01"),
        ("2024-05-01 12:00", "datetime", "2024-05-01T12:00:00"),
        ("2024-05-01T12:00:00Z", "datetime64[ns, UTC]", "2024-05-01T12:00:00+00:00"),
        ("00810702-0006", "cat ? str", "00810702-0006"),
        ("2024-13-45", "cat ? str", "2024-13-45"),
        ("T cell", "cat ? str", "T cell"),
        (PurePosixPath("a/b/"), "path", "a/b"),
        (Path("/"), "path", "/"),
        ({"a": 1}, "dict", {"a": 1}),
        ([True, False], "list[bool]", [True, False]),
        ((1, 2), "list[int]", [1, 2]),
        ([1, 2.5], "list[float]", [1, 2.5]),
        ({"a"}, "list[cat ? str]", ["a"]),
        ([[1], [2]], "list[list[int]]", [[1], [2]]),
        ([datetime.date(2024, 5, 1)], "list[date]", ["2024-05-01"]),
        (np.int64(3), "int", 3),
        (np.float32(0.5), "float", 0.5),
        (np.bool_(True), "bool", True),
        (np.str_("a"), "cat ? str", "a"),
        (np.datetime64("2024-05-01T12:00:00", "ns"), "datetime", "2024-05-01T12:00:00"),
        ([np.int8(1)], "list[int]", [1]),
        (np.array([1, 2]), "int", [1, 2]),
        (np.array(["a", "b"]), "cat ? str", ["a", "b"]),
        (pd.Series([1.5, np.nan]), "float", [1.5, None]),
        (pd.Series(["a"]), "str", ["a"]),
        (pd.Categorical(["a", "b"]), "cat[ULabel]", ["a", "b"]),
        (pd.Series(pd.to_datetime(["2024-05-01"])), "datetime", ["2024-05-01T00:00:00"]),
    ],
)
def test_values_have_a_dtype_and_a_stored_form(value: Any, dtype: str, stored: Any) -> None:
    inferred = infer_dtype(value)
    assert inferred.dtype == dtype
    assert inferred.value == stored
    assert type(inferred.value) is type(stored)
    json.dumps(inferred.value, allow_nan=False)


@pytest.mark.parametrize("value", [None, float("nan"), np.nan, pd.NA, pd.NaT, np.datetime64("NaT"), [1, "a"], b"x", 1j])
def test_of_nulls_and_mixed_values_nothing_is_inferred(value: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert infer_dtype(value).dtype == "?"
    assert "cannot infer feature type of" in capsys.readouterr().out
    infer_dtype(value, mute=True)
    assert capsys.readouterr().out == ""


def test_nulls_are_stored_as_none_and_empty_lists_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert infer_dtype(np.float64("nan"), mute=True).value is None and is_null(pd.NA)
    assert infer_dtype([]).value == [] and infer_dtype([], "list[str]").dtype == "list[str]"
    assert capsys.readouterr().out == ""


def test_a_target_decides_whether_texts_are_dates() -> None:
    assert infer_dtype("2024-05-01", "str").dtype == "cat ? str"
    assert infer_dtype("2024-05-01", "cat[ULabel]").value == "2024-05-01"
    assert infer_dtype("20240501", "datetime").value == "2024-05-01T00:00:00"
    assert infer_dtype(["2024-05-01"], "list[str]").dtype == "list[cat ? str]"
    assert infer_dtype(["2024-05-01"], "list[date]").dtype == "list[date]"


@given(
    st.recursive(
        st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text()
        | st.dates()
        | st.datetimes(),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=6,
    )
)
def test_what_is_stored_is_json_and_its_dtype_can_be_written(value: Any) -> None:
    inferred = infer_dtype(value, mute=True)
    json.dumps(inferred.value)
    assert inferred.dtype == "?" or is_dtype(inferred.dtype.replace("cat ? str", "str"))


@pytest.mark.parametrize(
    ("dtype", "text"),
    [
        ("int64", "int"),
        ("uint8", "int"),
        ("Int64", "int"),
        ("UInt16", "int"),
        ("float32", "float"),
        ("Float64", "float"),
        ("bool", "bool"),
        ("boolean", "bool"),
        ("object", "str"),
        ("string", "str"),
        ("str", "str"),
        ("<U5", "str"),
        ("category", "cat[ULabel]"),
        ("datetime64[ns]", "datetime"),
        ("datetime64[ns, UTC]", "datetime64[ns, UTC]"),
    ],
)
def test_pandas_dtypes_have_a_dtype(dtype: str, text: str) -> None:
    made = pd.api.types.pandas_dtype(dtype)
    assert is_pandas_dtype(made) and dtype_of_pandas(made) == text
    assert not is_pandas_dtype(np.float64) and not is_pandas_dtype(dtype)


@pytest.mark.parametrize("dtype", ["timedelta64[ns]", "complex128", "period[D]"])
def test_pandas_dtypes_without_counterpart_are_refused_by_column(dtype: str) -> None:
    with pytest.raises(DtypeError, match="'elapsed' has the pandas dtype"):
        dtype_of_pandas(pd.api.types.pandas_dtype(dtype), "elapsed")


@pytest.mark.parametrize("dtype", [*SIMPLE_DTYPES, "cat", "cat[ULabel]", "list[int]", "list[cat[ULabel]]"])
def test_every_dtype_has_a_pandas_dtype(dtype: str) -> None:
    assert pd.Series([], dtype=pandas_dtype_of(dtype)).empty


def test_scalars_of_python_stay_what_they_are() -> None:
    value = object()
    assert unwrapped(value) is value and unwrapped([np.int64(1)]) == [1]
