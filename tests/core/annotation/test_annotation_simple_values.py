"""Simple values survive the way to JSON and back, whatever they are."""

from __future__ import annotations

import datetime
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lamindb.annotation.simple_values import check_column, is_missing, read_stored
from lamindb.base.dtypes import UTC_DTYPE, Dtype

_texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=20)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)
_VALUES: dict[str, Any] = {
    "int": st.integers(),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "num": st.floats(allow_nan=False, allow_infinity=False),
    "str": _texts,
    "url": _texts,
    "bool": st.booleans(),
    "date": st.dates(),
    "datetime": st.datetimes(),
    UTC_DTYPE: st.datetimes(
        datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1), timezones=st.just(datetime.UTC)
    ),
    "dict": st.dictionaries(_texts, _json, max_size=4),
}
_columns = st.sampled_from(sorted(_VALUES)).flatmap(
    lambda base: st.tuples(st.just(base), st.lists(st.none() | _VALUES[base], max_size=5))
)


@given(_columns)
def test_columns_come_back_as_they_were(column: tuple[str, list[Any]]) -> None:
    base, values = column
    stored, mismatches = check_column(Dtype(base), values)
    assert not mismatches
    through_json = json.loads(json.dumps(stored, allow_nan=False))
    assert [read_stored(Dtype(base), value) for value in through_json] == values


@given(_columns)
def test_lists_come_back_in_their_order(column: tuple[str, list[Any]]) -> None:
    base, values = column
    items = [value for value in values if value is not None]
    stored, mismatches = check_column(Dtype(base, lists=1), [items])
    assert not mismatches
    expected = items or None
    assert read_stored(Dtype(base, lists=1), json.loads(json.dumps(stored))[0]) == expected


@given(st.sampled_from(sorted(_VALUES)), _json, st.booleans())
def test_every_value_is_stored_as_json_or_refused(base: str, value: Any, coerce: bool) -> None:
    stored, mismatches = check_column(Dtype(base), [value], coerce)
    assert len(mismatches) == (stored[0] is None and not is_missing(value))
    json.dumps(stored, allow_nan=False)
    again, refused = check_column(Dtype(base), stored, coerce=True)
    assert not refused and again == stored
