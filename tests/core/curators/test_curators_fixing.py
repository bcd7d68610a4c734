"""Converting, standardising, adding terms and columns."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest


def _curator(ln, frame, *features, **options):
    return ln.curators.DataFrameCurator(frame, ln.Schema(list(features), **options).save())


def _feature(ln, name, dtype, **kwargs):
    return ln.Feature(name=name, dtype=dtype, **kwargs).save()


def test_conversion_loses_nothing_and_is_what_is_saved(sqlite_instance):
    import lamindb as ln

    day = datetime.date(2024, 5, 1)
    cases = [
        ("int", ["1", " 2 "], [1, 2], "int64"),
        ("int", [1.0, None], [1, pd.NA], "Int64"),
        ("int", [True, False], [1, 0], "int64"),
        ("int", ["9007199254740993", "1"], [9007199254740993, 1], "int64"),
        ("float", [1, 2], [1.0, 2.0], "float64"),
        ("float", ["1.5", None], [1.5, np.nan], "float64"),
        ("num", ["1.5", "2"], [1.5, 2.0], "float64"),
        ("bool", ["true", "False"], [True, False], "bool"),
        ("bool", [1, 0], [True, False], "bool"),
        ("str", [1, 2], ["1", "2"], None),
        ("date", ["2024-05-01", None], [day, None], "object"),
        ("date", pd.to_datetime(["2024-05-01", "2024-05-01"]), [day, day], "object"),
        (
            "datetime",
            ["2024-05-01T12:00:00", "2024-05-01"],
            [pd.Timestamp("2024-05-01 12:00"), pd.Timestamp("2024-05-01")],
            None,
        ),
        ("dict", ['{"a": 1}', None], [{"a": 1}, None], "object"),
        ("object", [1, 2], [1, 2], "object"),
        ("list[int]", [["1"], [2.0, 3]], [[1], [2, 3]], "object"),
    ]
    for number, (dtype, column, expected, pandas_dtype) in enumerate(cases):
        feature = _feature(ln, f"f{number}", dtype, coerce=True)
        frame = pd.DataFrame({feature.name: column})
        curator = _curator(ln, frame, feature)
        curator.validate()
        curator.validate()  # what was converted is valid as it is
        found = curator.dataset[feature.name]
        assert frame is curator.dataset
        for one, other in zip(found, expected, strict=True):
            assert (
                (pd.isna(one) and pd.isna(other))
                if not isinstance(other, list | dict) and pd.isna(other)
                else one == other
            )
        if pandas_dtype is not None:
            assert str(found.dtype) == pandas_dtype, (dtype, found.dtype)


def test_what_would_lose_something_is_refused_and_left_alone(sqlite_instance):
    import lamindb as ln

    cases = [
        ("int", [1.1, 2.0]), ("int", ["a", "1"]), ("int", [np.inf, 1.0]), ("float", [2**53 + 1, 1]), ("float", ["1e999", "1"]),
        ("bool", ["yes", "no"]), ("date", ["01.05.2024", "2024-05-01"]), ("date", [datetime.datetime(2024, 5, 1, 12)]),
        ("datetime", ["2024-05-01T12:00:00+02:00"]), ("dict", ["[1]"]), ("list[int]", [["x"]]), ("int", ["1_000"]),
    ]  # fmt: skip
    for number, (dtype, column) in enumerate(cases):
        feature = _feature(ln, f"g{number}", dtype, coerce=True)
        frame = pd.DataFrame({feature.name: column})
        before = frame.copy()
        with pytest.raises(ln.errors.ValidationError, match="DATATYPE_COERCION") as error:
            _curator(ln, frame, feature).validate()
        assert f"Error while coercing '{feature.name}' to type {dtype}" in str(error.value)
        pd.testing.assert_frame_equal(frame, before)


def test_a_schema_can_ask_for_conversion_of_all_columns(instance):
    import lamindb as ln

    ln.ULabel(name="a").save()
    frame = pd.DataFrame({"n": ["1", "2"], "c": ["a", "a"]})
    curator = _curator(ln, frame, _feature(ln, "n", int), _feature(ln, "c", ln.ULabel), coerce=True)
    artifact = curator.save_artifact(key="t.parquet")
    loaded = artifact.load()
    assert str(loaded["n"].dtype) == "int64" and str(loaded["c"].dtype) == "category"


def test_unknown_terms_become_records_with_the_type_of_the_feature(instance):
    import lamindb as ln

    kind = ln.ULabel(name="Perturbation", is_type=True).save()
    frame = pd.DataFrame({"p": ["a", "b", "a"]}, dtype="category")
    curator = _curator(ln, frame, _feature(ln, "p", kind))
    with pytest.raises(ln.errors.ValidationError, match=r"Please run validate\(\) first!"):
        curator.cat.non_validated
    with pytest.raises(ln.errors.ValidationError):
        curator.validate()
    assert curator.cat.non_validated == {"p": ["a", "b"]}
    assert repr(curator.cat) == "DataFrameCatManager(categorical_features=1, unvalidated)"
    curator.cat.add_new_from("p", description="new")
    assert curator.cat.non_validated == {}
    assert ln.ULabel.filter(type=kind, description="new").to_list("name") == ["a", "b"]
    curator.validate()
    assert repr(curator.cat["p"]) == "CatVector(key='p', field='FieldAttr(ULabel.name)', values=2, non-validated (0))"
    assert curator.cat.lookup()["p"].a.name == "a" and curator.cat.lookup().p.b.name == "b"


def test_unknown_keys_are_errors_that_name_the_columns(instance):
    import lamindb as ln

    curator = _curator(ln, pd.DataFrame({"tissue": ["a"]}, dtype="category"), _feature(ln, "tissue", ln.ULabel))
    with pytest.raises(KeyError, match="Did you mean 'tissue'"):
        curator.cat.add_new_from("tisue")
    with pytest.raises(KeyError):
        curator.cat.standardize("x")
    with pytest.raises(AttributeError, match="no categorical column"):
        curator.cat.lookup().nothing
    with pytest.raises(ValueError, match="Cannot pass additional arguments to 'all' key!"):
        curator.cat.add_new_from("all", description="x")
    with pytest.warns(DeprecationWarning):
        curator.cat.add_new_from("all")
    curator.validate()


def test_unknown_columns_become_features(instance):
    import lamindb as ln

    schema = ln.Schema(itype=ln.Feature).save()
    frame = pd.DataFrame({"x": [1.0], "y": [2.0]})
    curator = ln.curators.DataFrameCurator(frame, schema)
    curator.validate()
    curator.cat.add_new_from("columns", dtype=float)
    assert ln.Feature.filter().to_list("name") == ["x", "y"]
    artifact = curator.save_artifact(key="t.parquet")
    assert artifact.features.slots["columns"].members.to_list("name") == ["x", "y"]


def test_synonyms_are_replaced_and_categoricals_stay_categorical():
    from lamindb.curators.categories import replaced

    column = pd.Series(pd.Categorical(["T-cell", "T cell", None, "B cell"], categories=["B cell", "T cell", "T-cell"]))
    found = replaced(column, {"T-cell": "T cell"})
    assert found.tolist()[:2] == ["T cell", "T cell"] and found.isna().tolist() == [False, False, True, False]
    assert list(found.cat.categories) == ["B cell", "T cell"]
    assert replaced(pd.Series([["a", "b"], None]), {"a": "A"}).tolist() == [["A", "b"], None]
    assert replaced(pd.Series(["a", None]), {"a": "A"}).iloc[0] == "A"


def test_synonyms_of_columns_are_standardised_before_features_are_added(instance):
    import lamindb as ln

    ln.Feature(name="temperature", dtype=float, synonyms="temp").save()
    frame = pd.DataFrame({"temp": [1.0]})
    curator = ln.curators.DataFrameCurator(frame, ln.Schema(itype=ln.Feature).save())
    curator.cat.standardize("columns")
    assert list(frame.columns) == ["temperature"]
    curator.validate()


def test_missing_columns_and_values_are_filled(instance):
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("known", "unknown")])
    features = [
        _feature(ln, "c", ln.ULabel, default_value="unknown"),
        _feature(ln, "x", float, default_value=1.5),
        _feature(ln, "s", str),
        _feature(ln, "n", int),
        _feature(ln, "d", ln.ULabel, default_value="known"),
        _feature(ln, "day", datetime.date, default_value=datetime.date(2024, 5, 1)),
    ]
    index = _feature(ln, "sample", str)
    frame = pd.DataFrame({"c": pd.Categorical(["known", None])}, index=["s1", "s2"])
    curator = ln.curators.DataFrameCurator(frame, ln.Schema(features, index=index).save())
    curator.standardize()
    assert "sample" not in frame.columns
    assert frame["c"].tolist() == ["known", "unknown"] and str(frame["d"].dtype) == "category"
    assert frame["x"].tolist() == [1.5, 1.5] and frame["s"].isna().all() and str(frame["n"].dtype) == "Int64"
    curator.validate()
    required = _feature(ln, "required", float, nullable=False)
    with pytest.raises(
        ln.errors.ValidationError,
        match="Missing column required cannot be added because is not nullable and has no default value",
    ):
        _curator(ln, pd.DataFrame({"y": [1]}), required).standardize()


def test_stored_artifacts_are_never_changed(instance):
    import lamindb as ln

    feature = _feature(ln, "c", ln.ULabel)
    artifact = ln.Artifact.from_dataframe(pd.DataFrame({"c": ["a"]}, dtype="category"), key="t.parquet").save()
    curator = ln.curators.DataFrameCurator(ln.Artifact.get(artifact.uid), ln.Schema([feature]).save())
    with pytest.raises(RuntimeError, match="Cannot mutate the dataset when an artifact is passed!"):
        curator.standardize()
    with pytest.raises(RuntimeError, match="Cannot mutate the dataset when an artifact is passed!"):
        curator.cat.standardize("c")
    curator.cat.add_new_from("c")  # the registry may change
    assert curator.save_artifact().uid == artifact.uid
    assert ln.Artifact.filter(c="a").one() == artifact
    assert repr(curator).startswith(f"DataFrameCurator, artifact: {artifact.uid}(Schema: ")


def test_odd_values_are_converted_or_refused_but_never_crash(sqlite_instance):
    import decimal

    import lamindb as ln

    columns = [
        [[1], {2: 3}], [object(), set()], [2**70, 1], [b"a", b"b"], [decimal.Decimal(1), None], [1j, 2],
        pd.period_range("2020", periods=2, freq="D"), pd.to_timedelta(["1d", None]), [float("nan"), float("inf")], ["a", "\x00"],
        [[None], []], [pd.NaT, None], pd.interval_range(0, 2), pd.arrays.SparseArray([0, 1]),
    ]  # fmt: skip
    for dtype in (
        "int",
        "float",
        "num",
        "str",
        "bool",
        "date",
        "datetime",
        "dict",
        "object",
        "cat[ULabel]",
        "list[int]",
        "list[cat[ULabel]]",
    ):
        for coerce in (None, True):
            feature = _feature(ln, f"{dtype} {coerce}", dtype, coerce=coerce)
            schema = ln.Schema([feature]).save()
            for column in columns:
                curator = ln.curators.DataFrameCurator(pd.DataFrame({feature.name: column}), schema)
                try:
                    curator.validate()
                except ln.errors.ValidationError as error:
                    assert error.report.problems and str(error)
