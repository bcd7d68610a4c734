"""Defaults, aware times and readable dtypes of features."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from lamindb.errors import ValidationError


def test_defaults_have_the_dtype_of_the_feature(instance: Any) -> None:
    import lamindb as ln

    label, record = ln.ULabel(name="lung").save(), ln.Record(name="r").save()
    good: list[tuple[Any, Any, Any]] = [
        (int, 3, 3), (float, 3, 3.0), (str, "", ""), (bool, False, False), (datetime.date, "2024-05-01", "2024-05-01"),
        (datetime.date, datetime.date(2024, 5, 1), "2024-05-01"), (list[int], [1], [1]), (dict, {"a": 1}, {"a": 1}),
        (ln.ULabel, "lung", "lung"), (ln.ULabel, label, "lung"), (list[ln.ULabel], [label, "x"], ["lung", "x"]),
    ]  # fmt: skip
    for number, (dtype, default, stored) in enumerate(good):
        feature = ln.Feature(name=f"good {number}", dtype=dtype, default_value=default).save()
        assert ln.Feature.get(feature.uid).default_value == stored
    bad: list[tuple[Any, Any]] = [
        (int, "x"), (int, 1.5), (float, "1"), (str, 1), (bool, 1), (datetime.date, "soon"), (list[int], 1), (list[int], ["a"]), (dict, "a"),
        (ln.ULabel, 1), (ln.ULabel, record), (ln.ULabel, ["lung"]), (list[ln.ULabel], "lung"),
    ]  # fmt: skip
    for number, (dtype, default) in enumerate(bad):
        with pytest.raises(ValidationError, match="default_value"):
            ln.Feature(name=f"bad {number}", dtype=dtype, default_value=default)


def test_aware_times_have_a_dtype_of_their_own(instance: Any) -> None:
    import pandas as pd

    import lamindb as ln

    frame = pd.DataFrame({"at": pd.to_datetime(["2024-05-01 10:00"]).tz_localize("Europe/Berlin")})
    feature = ln.Feature.from_dataframe(frame).save()[0]
    assert feature.dtype_as_str == "datetime64[ns, UTC]"
    record = ln.Record(name="r", features={"at": frame["at"].iloc[0]}).save()
    assert record.features.get_values() == {"at": datetime.datetime(2024, 5, 1, 8, tzinfo=datetime.UTC)}
    plain = ln.Feature(name="plain", dtype=datetime.datetime).save()
    record.features.add_values({plain: frame["at"].iloc[0]})
    moment = record.features.get_values()["plain"]
    assert moment == frame["at"].iloc[0].to_pydatetime() and moment.utcoffset() == datetime.timedelta(hours=2)
    shown = ln.Record.filter().to_dataframe(features=["at", "plain"])
    assert str(shown["at"].dtype) == "datetime64[ns, UTC]" and str(shown["plain"].dtype) == "datetime64[ns]"
    assert shown["plain"].iloc[0] == pd.Timestamp("2024-05-01 08:00")


def test_types_of_dtypes_are_shown_by_their_names(instance: Any) -> None:
    import lamindb as ln
    from lamindb.display.dtypes import readable_dtype, type_names

    kind = ln.Record(name="Kind [x]", is_type=True).save()
    union = ln.Feature(name="u", dtype=[kind, ln.ULabel.uid]).save()
    texts = [union.dtype_as_str, f"list[cat[Record[{kind.uid}]]]", "no dtype [", "int"]
    names = type_names(texts, "default")
    shown = [readable_dtype(text, names) for text in texts]
    assert shown == ["Record[Kind [x]]|ULabel.uid", "list[Record[Kind [x]]]", "no dtype [", "int"]
