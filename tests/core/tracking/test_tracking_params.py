"""Any value can be a parameter: it is converted or described, and the code of the user never notices."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lamindb as ln
from lamindb.tracking.params import params_to_json


class Unfriendly:
    """Raises whatever is asked of it."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("no attributes")


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (True, True),
        (1.5, 1.5),
        ("20240101", "20240101"),
        ({"a": {"b": True}}, {"a": {"b": True}}),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, tzinfo=UTC), "2024-01-02T00:00:00+00:00"),
        (Path("a/b/"), "a/b"),
        ((1, 2), [1, 2]),
        ({2, 1}, [1, 2]),
        (range(3), [0, 1, 2]),
        ([1, "a", [None]], [1, "a", [None]]),
        (float("nan"), None),
        (2**70, str(2**70)),
        ("a\x00b", "a\\x00b"),
    ],
)
def test_a_value_is_stored_as(value: Any, stored: Any) -> None:
    assert params_to_json({"x": value}) == {"x": stored}


def test_none_and_empty_lists_are_left_out() -> None:
    assert params_to_json({"a": None, "b": [], "c": 0}) == {"c": 0}


def test_foreign_values_are_converted_or_described() -> None:
    import numpy as np
    import pandas as pd

    stored = params_to_json(
        {"s": np.float64(0.5), "v": np.arange(3), "c": pd.Series(["a"]), "f": pd.DataFrame({"a": [1]}), "o": object}
    )
    assert (stored["s"], stored["v"], stored["c"]) == (0.5, [0, 1, 2], ["a"])
    assert (
        stored["f"] == {"type": "pandas.core.frame.DataFrame", "repr": "shape=(1, 1)"}
        or stored["f"]["repr"] == "shape=(1, 1)"
    )
    assert stored["o"]["type"] == "type"


def test_iterators_are_not_consumed_and_broken_objects_do_no_harm() -> None:
    generator = (n for n in range(3))
    stored = params_to_json({"g": generator, "bad": Unfriendly()})
    assert stored["g"]["type"] == "generator"
    assert list(generator) == [0, 1, 2]
    assert "Unfriendly" in stored["bad"]["type"]


@given(st.dictionaries(st.text(max_size=8), st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=3),
), max_size=4))  # fmt: skip
def test_everything_becomes_json(params: dict[str, Any]) -> None:
    json.dumps(params_to_json(params), allow_nan=False).encode("utf-8")


def test_records_are_stored_by_uid_and_runs_are_found_by_params(instance: Any) -> None:
    label = ln.ULabel(name="a").save()
    ln.track(
        key="session", source_code="1", params={"label": label, "labels": [label], "rate": 0.01, "deep": {"a": True}}
    )
    run = ln.context.run
    ln.finish()
    assert run.params["label"] == f"ULabel[{label.uid}]"
    assert run.params["labels"] == [f"ULabel[{label.uid}]"]
    assert ln.Run.get(params__rate=0.01) == run
    assert ln.Run.get(params__deep__a=True) == run
