"""Artifacts, runs and records are found and sorted by the values of their features, and shown with them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lamindb.errors import FieldError, InvalidArgument, ObjectDoesNotExist

UTC = datetime.UTC


@pytest.fixture
def three(features: Any, known: Any, tmp_path: Path) -> list[Any]:
    """Three artifacts; the last one has few values."""
    import lamindb as ln

    artifacts = []
    for i in range(3):
        (tmp_path / f"{i}.txt").write_text(str(i))
        artifacts.append(ln.Artifact(tmp_path / f"{i}.txt", key=f"{i}.txt", description=f"number {i % 2}").save())
    for i, artifact in enumerate(artifacts[:2]):
        artifact.features.add_values(
            {
                "whole": 10 - i,
                "real": float(i),
                "text": ["zebra", "Ant"][i],
                "flag": bool(i),
                "day": datetime.date(2024, 5, 1 + i),
                "moment": datetime.datetime(2024, 5, 1, 10 + i),
                "moment_utc": datetime.datetime(2024, 5, 1, 10 + i, tzinfo=UTC),
                "mapping": {"k": i, "deep": {"x": "y"}},
                "numbers": [i, 2],
                "label": ["a", "b"][i],
                "labels": ["c", "ab"[i]],
                "sample": ["s1", "s2"][i],
                "union": ["a", "s1"][i],
                "label_uid": [known.a, known.b][i],
            }
        )
    artifacts[2].features.add_values({"number": 5})
    return artifacts


def test_values_of_every_kind_are_compared(three: Any, features: Any, known: Any) -> None:
    import lamindb as ln

    zero, one, two = three
    plus_two = datetime.timezone(datetime.timedelta(hours=2))
    cases: list[tuple[dict[str, Any], list[Any]]] = [
        ({"whole": 10}, [zero]), ({"whole__gt": 9}, [zero]), ({"whole__in": [9, 10]}, [zero, one]), ({"real": 1}, [one]),
        ({"real__in": [0, 1.0]}, [zero, one]), ({"real__range": (0.5, 2)}, [one]), ({"number": 5.0}, [two]), ({"flag": False}, [zero]),
        ({"text__icontains": "ANT"}, [one]), ({"text__startswith": "ze"}, [zero]), ({"day": datetime.date(2024, 5, 2)}, [one]),
        ({"day__lte": datetime.date(2024, 5, 1)}, [zero]), ({"moment": datetime.datetime(2024, 5, 1, 11)}, [one]),
        ({"moment_utc": datetime.datetime(2024, 5, 1, 13, tzinfo=plus_two)}, [one]),
        ({"moment_utc__lt": datetime.datetime(2024, 5, 1, 11, tzinfo=UTC)}, [zero]), ({"mapping__k": 1}, [one]),
        ({"mapping": {"k": 0, "deep": {"x": "y"}}}, [zero]), ({"mapping__deep__x": "y"}, [zero, one]), ({"numbers": [1, 2]}, [one]),
        ({"label": "a"}, [zero]), ({"label": known.b}, [one]), ({"label__in": ["a", "b"]}, [zero, one]), ({"label__in": [known.a]}, [zero]),
        ({"labels": "c"}, [zero, one]), ({"sample": "s2"}, [one]), ({"union": "s1"}, [one]), ({"union": known.a}, [zero]),
        ({"label_uid": known.b.uid}, [one]), ({"label__isnull": True}, [two]), ({"whole__isnull": False}, [zero, one]),
        ({"whole__gt": 1, "label": "a", "key__endswith": ".txt"}, [zero]), ({"description": "number 0", "whole__isnull": True}, [two]),
        ({"features__name": "number"}, [two]),
    ]  # fmt: skip
    for keywords, expected in cases:
        assert list(ln.Artifact.filter(**keywords).order_by("id")) == expected, keywords
    f = features
    predicates: list[tuple[Any, list[Any]]] = [
        (f["whole"] != 10, [one, two]), ((f["whole"] >= 9) & (f["label"] == "b"), [one]), ((f["label"] == "a") | (f["number"] > 4), [zero, two]),
        (~(f["flag"] == True), [zero, two]), (f["number"].is_null(), [zero, one]), (f["sample"] == known.s1, [zero]),  # noqa: E712
    ]  # fmt: skip
    for predicate, expected in predicates:
        assert list(ln.Artifact.filter(predicate).order_by("id")) == expected, predicate
    assert ln.Artifact.get(whole=9) == one
    with pytest.raises(ObjectDoesNotExist, match="Did not find a ULabel"):
        ln.Artifact.filter(label="nope")
    with pytest.raises(InvalidArgument, match="fix invalid feature names: nonsense"):
        ln.Artifact.filter(nonsense=1)


def test_records_are_sorted_by_values(three: Any, features: Any) -> None:
    import lamindb as ln

    zero, one, _ = three
    f = features
    assert list(ln.Artifact.filter().order_by(f["whole"])) == [one, zero]
    assert list(ln.Artifact.order_by(-f["whole"])) == [zero, one]
    for name in ("real", "flag", "day", "moment", "moment_utc"):
        assert list(ln.Artifact.order_by(f[name])) == [zero, one]
        assert list(ln.Artifact.order_by(-f[name], "id")) == [one, zero]
    zero.features.add_values({"whole": 1})
    assert list(ln.Artifact.order_by(f["whole"])) == [zero, one] and list(ln.Artifact.order_by(-f["whole"])) == [
        zero,
        one,
    ]
    for name in ("label", "mapping", "numbers"):
        with pytest.raises(FieldError, match=name):
            ln.Artifact.order_by(f[name])
    with pytest.raises(FieldError, match="ULabel"):
        ln.ULabel.filter().order_by(f["whole"])
    for i in range(3):
        ln.Record(name=f"r{i}", features={"real": float(-i)}).save()
    assert ln.Record.filter().order_by(f["real"]).to_list("name") == ["r2", "r1", "r0"]


def test_data_frames_show_values_with_the_types_of_their_dtypes(three: Any, features: Any) -> None:
    import lamindb as ln

    frame = ln.Artifact.filter().order_by("id").to_dataframe(include="features")
    dtypes = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert dtypes["whole"] == "Int64" and dtypes["real"] == "float64" and dtypes["flag"] == "boolean"
    assert dtypes["moment"] == "datetime64[ns]" and dtypes["moment_utc"] == "datetime64[ns, UTC]"
    assert dtypes["label"] == "category" and dtypes["mapping"] == "object"
    assert frame["moment_utc"].iloc[1] == pd.Timestamp("2024-05-01 11:00", tz="UTC")
    assert frame["day"].iloc[0] == datetime.date(2024, 5, 1) and frame["numbers"].iloc[1] == [1, 2]
    assert frame["labels"].iloc[0] == ["c", "a"] and frame["label_uid"].iloc[0] == ln.ULabel.get(name="a").uid
    assert frame["mapping"].iloc[0] == {"k": 0, "deep": {"x": "y"}} and frame["number"].iloc[2] == 5.0
    three[0].features.add_values({"day": datetime.date(2023, 1, 1)})
    frame = ln.Artifact.filter().order_by("id").to_dataframe(features=["day"])
    assert frame["day"].iloc[0] == {datetime.date(2024, 5, 1), datetime.date(2023, 1, 1)}


def test_frames_of_many_annotated_artifacts_take_three_statements(three: Any, count_queries: Any) -> None:
    import lamindb as ln

    for records in (ln.Artifact.filter(pk=three[0].pk), ln.Artifact.filter()):
        with count_queries() as statements:
            frame = records.to_dataframe(include="features", limit=None)
        assert len(statements) <= 3 and "label_uid" in frame


def test_values_are_reached_from_their_records_and_not_from_all_labels(sqlite_instance: Any, tmp_path: Path) -> None:
    """With the index of branches as the way in, the cost would be the number of records times that of all labels."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    import lamindb as ln

    ln.Feature(name="label", dtype=ln.ULabel).save()
    ln.ULabel(name="a").save()
    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    artifact.features.add_values({"label": "a"})
    record = ln.Record(name="r", features={"label": "a"}).save()
    for read in (
        artifact.features.get_values,
        record.features.get_values,
        lambda: ln.Artifact.filter().to_dataframe(include="features"),
    ):
        with CaptureQueriesContext(connection) as captured:
            read()
        longest = max((query["sql"] for query in captured.captured_queries), key=len)
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {longest.replace('%', '%%')}")
            plan = [row[3] for row in cursor.fetchall()]
        assert len(plan) > 10 and not [step for step in plan if "branch_id" in step]


def test_values_of_other_instances_are_read_but_not_written(instance: Any, other_instance: Any, tmp_path: Path) -> None:
    import lamindb as ln
    from lamindb.errors import NoWriteAccess

    def fill() -> None:
        ln.ULabel(name="there").save()
        for name, dtype in (("label", ln.ULabel), ("n", int)):
            ln.Feature(name=name, dtype=dtype).save()
        (tmp_path / "there.txt").write_text("there")
        ln.Artifact(tmp_path / "there.txt", key="there.txt").save().features.add_values({"label": "there", "n": 1})
        ln.Record(name="there", features={"n": 2}).save()

    slug = other_instance(fill)
    artifact = ln.Artifact.connect(slug).get(key="there.txt")
    assert artifact.features.get_values() == {"label": "there", "n": 1}
    assert artifact.features["label"].name == "there"
    assert ln.Artifact.connect(slug).filter(n=1).count() == 1
    record = ln.Record.connect(slug).get(name="there")
    for host in (artifact, record):
        for change in (
            lambda host=host: host.features.update_values({"n": 2}),
            lambda host=host: host.features.remove_values("n"),
        ):
            with pytest.raises(NoWriteAccess):
                change()
    assert artifact.features.get_values() == {"label": "there", "n": 1} and record.features.get_values() == {"n": 2}
