"""Values of features on artifacts, runs and records: added, read, replaced, removed."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lamindb.errors import ObjectDoesNotExist, ValidationError

UTC = datetime.UTC
SIMPLE: dict[str, Any] = {
    "whole": 3,
    "real": 2.5,
    "number": 4.0,
    "text": ' "a, b" | c',
    "link": "https://example.org/a",
    "place": "a/b",
    "flag": False,
    "day": datetime.date(2024, 5, 1),
    "moment": datetime.datetime(2024, 5, 1, 12, 30, 0, 5),
    "moment_utc": datetime.datetime(2024, 5, 1, 12, 30, tzinfo=UTC),
    "mapping": {"a": 1, "b": {"c": [1, None, "x"]}},
    "numbers": [3, 1, 2],
    "texts": ["x, y", '"q"', ""],
    "days": [datetime.date(2024, 5, 2), datetime.date(2024, 5, 1)],
}


def _all_values(known: Any) -> dict[str, Any]:
    import lamindb as ln

    run = ln.Run(known.transform).save()
    return {
        **SIMPLE,
        "label": "a",
        "labels": ["c", "a"],
        "sample": "s2",
        "samples": ["s2", "s1"],
        "union": "s1",
        "label_uid": known.b.uid,
        "user": ln.setup.settings.user.handle,
        "project": "P1",
        "run": run.uid,
        "file": "notes.txt",
    }


def test_values_of_every_dtype_come_back_as_they_were(artifact: Any, features: Any, known: Any) -> None:
    import lamindb as ln

    values = _all_values(known)
    artifact.features.add_values(values)
    assert artifact.features.get_values() == values
    record = ln.Record(name="r", features=values).save()
    assert record.features.get_values() == values
    record.features.set_values(record.features.get_values())
    assert record.features.get_values() == values
    artifact.features.set_values(artifact.features.get_values())
    assert artifact.features.get_values() == values


def test_categorical_features_come_first_each_group_by_name(artifact: Any, features: Any) -> None:
    artifact.features.add_values({"whole": 1, "label": "a", "flag": True, "union": "b"})
    assert list(artifact.features.get_values()) == ["label", "union", "flag", "whole"]


def test_ten_features_take_at_most_eight_statements(artifact: Any, features: Any, count_queries: Any) -> None:
    names = ("whole", "real", "text", "flag", "day", "moment", "label", "labels", "sample", "samples")
    values = {**SIMPLE, "label": "a", "labels": ["c", "a"], "sample": "s2", "samples": ["s2", "s1"]}
    with count_queries() as statements:
        artifact.features.add_values({name: values[name] for name in names})
    assert len(statements) <= 8
    with count_queries() as statements:
        assert len(artifact.features.get_values()) == 10
    assert len(statements) <= 2


def test_adding_again_keeps_what_is_there(artifact: Any, features: Any) -> None:
    for _ in range(2):
        artifact.features.add_values({"whole": 1, "label": "a", "text": "x"})
    artifact.features.add_values({"whole": 2, "label": "b"})
    assert artifact.features.get_values() == {"label": {"a", "b"}, "text": "x", "whole": {1, 2}}
    artifact.features.set_values(artifact.features.get_values())
    assert artifact.features.get_values() == {"label": {"a", "b"}, "text": "x", "whole": {1, 2}}


def test_equal_values_are_stored_once(artifact: Any, features: Any, tmp_path: Path) -> None:
    import lamindb as ln

    (tmp_path / "b.txt").write_text("other")
    other = ln.Artifact(tmp_path / "b.txt", key="b.txt").save()
    artifact.features.add_values({"whole": 1, "mapping": {"a": 1, "b": 2}})
    other.features.add_values({"whole": 1, "mapping": {"b": 2, "a": 1}})
    assert ln.models.JsonValue.objects.count() == 2


def test_nulls_and_empty_lists_are_not_stored(artifact: Any, features: Any) -> None:
    artifact.features.add_values(
        {
            "whole": None,
            "real": float("nan"),
            "text": pd.NA,
            "labels": [],
            "numbers": [],
            "moment": pd.NaT,
            "label": None,
        }
    )
    assert artifact.features.get_values() == {}
    artifact.features.add_values({})
    artifact.features.set_values({})
    assert artifact.features.get_values() == {}


def test_values_of_numpy_and_pandas_are_taken(artifact: Any, features: Any) -> None:
    artifact.features.add_values(
        {
            "whole": np.int64(3),
            "real": np.float32(0.5),
            "flag": np.bool_(True),
            "numbers": np.array([1, 2]),
            "moment": pd.Timestamp("2024-05-01 10:00"),
            "labels": pd.Series(["b", "a"]),
        }
    )
    assert artifact.features.get_values() == {
        "labels": ["b", "a"],
        "flag": True,
        "moment": datetime.datetime(2024, 5, 1, 10),
        "numbers": [1, 2],
        "real": 0.5,
        "whole": 3,
    }


def test_whole_numbers_are_real_numbers_too(artifact: Any, features: Any) -> None:
    artifact.features.add_values({"real": 2, "number": 2})
    assert artifact.features.get_values() == {"number": 2.0, "real": 2.0}
    assert type(artifact.features.get_values()["real"]) is float


def test_values_that_do_not_fit_are_refused(artifact: Any, features: Any) -> None:
    bad: list[tuple[str, Any]] = [
        ("whole", "x"), ("whole", 1.5), ("whole", True), ("real", "1.0"), ("real", float("inf")), ("text", 1), ("flag", 1),
        ("flag", "true"), ("day", "2024-05-01"), ("day", datetime.datetime(2024, 5, 1)), ("moment", "yesterday"),
        ("moment_utc", datetime.datetime(2024, 5, 1)), ("mapping", [1]), ("mapping", {"a": float("nan")}), ("numbers", 1), ("numbers", [1, "x"]),
        ("numbers", [1, None]), ("texts", "abc"), ("text", "a\x00b"), ("label", 1), ("label", "a\x00b"), ("whole", [1, 2]), ("mapping", {1: 2}),
    ]  # fmt: skip
    for name, value in bad:
        for method in (artifact.features.add_values, artifact.features.set_values, artifact.features.update_values):
            with pytest.raises(ValidationError) as caught:
                method({name: value, "project": "P1"})
            assert f"'{name}'" in str(caught.value) and artifact.uid in str(caught.value)
            assert "\x00" not in str(caught.value)
    assert artifact.features.get_values() == {}


def test_features_that_coerce_convert_what_they_can(artifact: Any, known: Any) -> None:
    import lamindb as ln

    for name, dtype in {"n": int, "x": float, "d": datetime.date, "t": datetime.datetime, "b": bool, "s": str}.items():
        ln.Feature(name=name, dtype=dtype, coerce=True).save()
    artifact.features.add_values(
        {"n": "3", "x": "2.5", "d": "2024-05-01", "t": "2024-05-01T10:00:00", "b": "true", "s": 5}
    )
    assert artifact.features.get_values() == {
        "b": True, "d": datetime.date(2024, 5, 1), "n": 3, "s": "5", "t": datetime.datetime(2024, 5, 1, 10), "x": 2.5,
    }  # fmt: skip
    for bad in ({"n": "3.5"}, {"d": "soon"}, {"b": "maybe"}):
        with pytest.raises(ValidationError, match="failed dtype check"):
            artifact.features.add_values(bad)


def test_all_problems_are_told_in_one_error(artifact: Any, features: Any, known: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        artifact.features.add_values({"whole": "x", "label": "nope", "labels": ["a", "none"], "sample": "elsewhere"})
    text = str(caught.value)
    assert text.startswith("These values could not be validated: {'ULabel': ('name', ['nope', 'none']), 'Record':")
    assert "ln.ULabel.from_values(['nope', 'none'], field='name', create=True).save()" in text
    assert "Column 'whole' failed dtype check for 'int': got object" in text
    assert known.sample.uid in text and "'elsewhere'" in text
    assert artifact.features.get_values() == {}


def test_the_hint_for_missing_records_works(artifact: Any, features: Any) -> None:
    import lamindb as ln

    with pytest.raises(ValidationError) as caught:
        artifact.features.add_values({"sample": "new one", "label": "new label"})
    code = [
        line.strip() for line in str(caught.value).splitlines() if line.strip().startswith(("records", "for ", "ln."))
    ]
    exec("\n".join(code), {"ln": ln})
    artifact.features.add_values({"sample": "new one", "label": "new label"})
    assert artifact.features.get_values() == {"label": "new label", "sample": "new one"}


def test_unknown_names_come_with_code_that_makes_the_features(artifact: Any, instance: Any) -> None:
    import lamindb as ln

    ln.Feature(name="temperature", dtype=float).save()
    with pytest.raises(ValidationError) as caught:
        artifact.features.add_values({"experiment": "Exp 1", "n_cells": 5, "temperatur": 2.0})
    text = str(caught.value)
    assert text.startswith("These keys could not be validated: ['experiment', 'n_cells', 'temperatur']")
    assert "ln.Feature(name='experiment', dtype='cat ? str').save()" in text
    assert "ln.Feature(name='n_cells', dtype='int').save()" in text
    assert "'temperature' instead of 'temperatur'" in text


def test_in_a_run_the_hint_proposes_a_feature_type(artifact: Any, instance: Any, tmp_path: Path) -> None:
    import lamindb as ln
    from lamindb.base.context import current_run_var

    run = ln.Run(ln.Transform(key="fit.py", kind="script").save()).save()
    token = current_run_var.set(run)
    try:
        with pytest.raises(ValidationError, match=r"name='script\[fit.py\]', is_type=True") as caught:
            artifact.features.add_values({"unknown": 1})
    finally:
        current_run_var.reset(token)
    assert "ln.Feature(name='unknown', dtype='int', type=feature_type).save()" in str(caught.value)


def test_keys_are_names_or_saved_features(artifact: Any, features: Any) -> None:
    import lamindb as ln

    artifact.features.add_values({features["whole"]: 1, "text": "x"})
    assert artifact.features.get_values() == {"text": "x", "whole": 1}
    with pytest.raises(TypeError, match="keys must be `str` or `Feature`"):
        artifact.features.add_values({1: 2})
    new = ln.Feature(name="new", dtype=int)
    for write in (artifact.features.add_values, artifact.features.set_values, artifact.features.update_values):
        with pytest.raises(ValidationError, match="Please save feature 'new' before annotation"):
            write({new: 1})
    with pytest.raises(ValidationError, match="Please save feature 'new' before annotation"):
        ln.Record(name="r", features={new: 1}).save()
    as_keys = {new: 1}
    new.save()
    assert as_keys[new] == 1 and as_keys[ln.Feature.get(name="new")] == 1  # saving changes no key
    with pytest.raises(ValidationError, match="Conflicting values for feature 'whole'"):
        artifact.features.add_values({features["whole"]: 1, "whole": 2})
    artifact.features.add_values({features["whole"]: 5, "whole": 5})


def test_the_topmost_feature_of_a_name_is_meant(artifact: Any, instance: Any) -> None:
    import lamindb as ln

    outer = ln.Feature(name="Outer", is_type=True).save()
    inner = ln.Feature(name="Inner", is_type=True, type=outer).save()
    other = ln.Feature(name="Other", is_type=True).save()
    deep = ln.Feature(name="x", dtype=int, type=inner).save()
    near = ln.Feature(name="x", dtype=int, type=outer).save()
    artifact.features.add_values({"x": 1})
    assert artifact.features.get_values() == {"x": 1}
    assert near.values.count() == 1 and deep.values.count() == 0
    artifact.features.add_values({"Outer/Inner/x": 7})
    assert deep.values.count() == 1
    ln.Feature(name="x", dtype=int, type=other).save()
    with pytest.raises(ValidationError, match="Ambiguous match for Feature 'x': found 2 features at depth 1"):
        artifact.features.add_values({"x": 2})
    top = ln.Feature(name="x", dtype=int, type=None).save()
    artifact.features.set_values({"x": 3})
    assert top.values.count() == 1


def test_records_are_checked_against_registry_type_and_filters(artifact: Any, features: Any, known: Any) -> None:
    import lamindb as ln

    artifact.features.add_values({"sample": known.s2, "union": [known.a, known.s1], "labels": [known.c, "a"]})
    values = artifact.features.get_values()
    assert values == {"labels": ["c", "a"], "sample": "s2", "union": {"a", "s1"}}
    for bad, text in (
        ({"sample": known.elsewhere}, "Expected a record of type 'Sample' for feature 'sample'"),
        ({"label": known.s1}, "Expected a record of ULabel for feature 'label'"),
        ({"label": ln.ULabel(name="unsaved")}, "Please save"),
    ):
        with pytest.raises(ValidationError, match=text):
            artifact.features.add_values(bad)
    filtered = ln.Feature(name="filtered", dtype=ln.ULabel, cat_filters={"name": "b"}).save()
    artifact.features.add_values({filtered: known.b})
    for bad in (known.a, "a"):
        with pytest.raises(ValidationError):
            artifact.features.add_values({filtered: bad})


def test_names_in_unions_are_looked_for_in_every_registry(artifact: Any, features: Any) -> None:
    artifact.features.add_values({"union": ["a", "s1"]})
    assert artifact.features.get_values() == {"union": {"a", "s1"}}
    assert {type(one).__name__ for found in artifact.features["union"].values() for one in [found]} == {
        "ULabel",
        "Record",
    }


def test_item_access_gives_records_and_values(artifact: Any, features: Any, known: Any) -> None:
    artifact.features.add_values(
        {"label": "a", "labels": ["c", "a"], "whole": 1, "day": datetime.date(2024, 5, 1), "sample": known.s1}
    )
    assert artifact.features["label"] == known.a and artifact.features["sample"] == known.s1
    assert list(artifact.features["labels"]) == [known.c, known.a]
    assert artifact.features["whole"] == 1 and artifact.features["day"] == datetime.date(2024, 5, 1)
    assert artifact.features["text"] == {}
    artifact.features.add_values({"whole": 2, "label": "b"})
    assert artifact.features["whole"] == [1, 2]
    assert set(artifact.features["label"]) == {known.a, known.b}
    with pytest.raises(ValidationError, match="Feature with name nothing not found"):
        artifact.features["nothing"]


def test_values_are_removed_one_by_one_or_all_at_once(artifact: Any, features: Any, known: Any, capsys: Any) -> None:
    everything = {"whole": {1, 2}, "label": ["a", "b"], "text": "x", "numbers": [1, 2]}
    artifact.features.add_values(everything)
    artifact.features.remove_values("whole", value=1)
    artifact.features.remove_values({"label": known.a, "text": None})
    assert artifact.features.get_values() == {"label": "b", "numbers": [1, 2], "whole": 2}
    artifact.features.remove_values(["text", "whole"])
    assert "no feature 'text' found on artifact" in capsys.readouterr().out
    assert artifact.features.get_values() == {"label": "b", "numbers": [1, 2]}
    artifact.features.remove_values(features["numbers"], value=[1, 2])
    artifact.features.remove_values("label", value=known.a)
    assert "no feature 'label' with value" in capsys.readouterr().out
    with pytest.raises(TypeError, match="Expected a record"):
        artifact.features.remove_values("label", value="b")
    with pytest.raises(ObjectDoesNotExist):
        artifact.features.remove_values("nothing")
    with pytest.raises(ValueError, match="Pass either"):
        artifact.features.remove_values({"label": None}, value=1)
    artifact.features.remove_values()
    assert artifact.features.get_values() == {}


def test_setting_replaces_everything_or_nothing(artifact: Any, features: Any) -> None:
    artifact.features.add_values({"whole": 1, "label": "a", "samples": ["s1"]})
    with pytest.raises(ValidationError):
        artifact.features.set_values({"whole": "foo"})
    assert artifact.features.get_values() == {"label": "a", "samples": ["s1"], "whole": 1}
    artifact.features.set_values({"text": "x"})
    assert artifact.features.get_values() == {"text": "x"}


def test_updating_touches_the_passed_features_only(artifact: Any, features: Any) -> None:
    artifact.features.add_values({"whole": 1, "label": "a", "text": "x", "samples": ["s1"]})
    artifact.features.update_values({"whole": 2, "label": "b", "text": None, "samples": []})
    assert artifact.features.get_values() == {"label": "b", "whole": 2}
    artifact.features.update_values({})
    assert artifact.features.get_values() == {"label": "b", "whole": 2}
    with pytest.raises(ValidationError):
        artifact.features.update_values({"whole": "x", "label": "c"})
    assert artifact.features.get_values() == {"label": "b", "whole": 2}


def test_labels_in_the_trash_are_left_out_and_come_back(artifact: Any, features: Any, known: Any) -> None:
    artifact.features.add_values({"label": "a", "sample": "s1"})
    known.a.delete()
    assert artifact.features.get_values() == {"sample": "s1"}
    known.a.restore()
    assert artifact.features.get_values() == {"label": "a", "sample": "s1"}
    known.a.delete()
    artifact.features.set_values({})
    known.a.restore()
    assert artifact.features.get_values() == {}


def test_features_of_the_constructor_are_written_by_save(features: Any, tmp_path: Path) -> None:
    import lamindb as ln

    (tmp_path / "new.txt").write_text("new")
    artifact = ln.Artifact(tmp_path / "new.txt", key="new.txt", features={"whole": "x"})
    with pytest.raises(ValidationError):
        artifact.save()
    assert ln.Artifact.filter(key="new.txt").count() == 0
    artifact = ln.Artifact(tmp_path / "new.txt", key="new.txt", features={"whole": 1, "label": "a"}).save()
    assert artifact.features.get_values() == {"label": "a", "whole": 1}
    again = ln.Artifact(tmp_path / "new.txt", key="new.txt", features={"whole": 2}).save()
    assert again == artifact and again.features.get_values() == {"whole": 2}


def test_runs_have_values(features: Any, known: Any, artifact: Any) -> None:
    import lamindb as ln

    run = ln.Run(known.transform).save()
    run.features.add_values({"whole": 1, "sample": "s1", "file": artifact})
    assert run.features.get_values() == {"file": "notes.txt", "sample": "s1", "whole": 1}
    assert list(ln.Run.filter(whole=1)) == [run] and list(ln.Run.filter(sample="s1")) == [run]
    values = _all_values(known)
    run.features.set_values(values)
    assert run.features.get_values() == values
    described = run.describe(return_str=True)
    assert all(name in described for name in values) and "linked_" not in described
    run.features.set_values({"label": "b", "user": ln.User.get()})
    assert run.features.get_values() == {"label": "b", "user": ln.setup.settings.user.handle}
    assert list(ln.Run.filter(label="b")) == list(run.ulabels.get().runs.all()) == [run]
    run.ulabels.add(known.a)  # a plain label is no feature value
    run.features.remove_values()
    assert list(run.ulabels.all()) == [known.a]
    assert run.features.get_values() == {}
    with pytest.raises(AttributeError, match="slots"):
        run.features.slots


def test_hosts_have_to_be_saved(features: Any, known: Any) -> None:
    import lamindb as ln

    record = ln.Record(name="new")
    assert record.features.get_values() == {} and record.features["whole"] == {}
    for method in (record.features.add_values, record.features.set_values, record.features.update_values):
        with pytest.raises(ValueError, match="save"):
            method({"whole": 1})


def test_a_bare_cat_becomes_ulabel_with_its_first_text(artifact: Any, known: Any) -> None:
    import lamindb as ln

    with pytest.warns(DeprecationWarning):
        bare = ln.Feature(name="bare", dtype="cat").save()
    with pytest.raises(ValidationError):
        artifact.features.add_values({"bare": "nope"})
    assert ln.Feature.get(name="bare").dtype_as_str == "cat"
    artifact.features.add_values({"bare": known.s1})
    assert ln.Feature.get(name="bare").dtype_as_str == "cat"
    artifact.features.add_values({"bare": "a"})
    bare.refresh_from_db()
    assert bare.dtype_as_str == "cat[ULabel]"


def test_two_features_of_one_name_are_kept_apart(artifact: Any, instance: Any, capsys: Any) -> None:
    import lamindb as ln

    kind = ln.Feature(name="Kind", is_type=True).save()
    one = ln.Feature(name="x", dtype=int, type=None).save()
    other = ln.Feature(name="x", dtype=int, type=kind).save()
    artifact.features.add_values({one: 1, other: 2})
    assert artifact.features.get_values() == {"x": 1, f"x (feature {other.id})": 2}
    assert "several features called 'x'" in capsys.readouterr().out


def test_description_shows_names_dtypes_and_values(artifact: Any, features: Any) -> None:
    artifact.features.add_values({"label": ["b", "a"], "samples": ["s2", "s1"], "whole": 1})
    text = artifact.features.describe(return_str=True)
    assert text.splitlines()[0].startswith("Artifact: notes.txt")
    rows = [line.split() for line in text.splitlines() if "[" in line or "int" in line]
    assert ["samples", "list[Record[Sample]]", "s1,", "s2"] in [row[-4:] for row in rows]
    assert repr(artifact.features) == text
