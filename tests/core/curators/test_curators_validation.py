"""What validation accepts and refuses, and that it says everything at once."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def perturbation(instance):
    """A type with two labels, and a feature of it."""
    import lamindb as ln

    kind = ln.Record(name="Perturbation", is_type=True).save()
    for name in ("DMSO", "IFNG"):
        ln.Record(name=name, type=kind).save()
    return ln.Feature(name="perturbation", dtype=kind).save()


def _schema(ln, *, features=None, **dtypes):
    made = [ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()]
    return ln.Schema([*made, *(features or [])]).save()


def _errors(frame, schema, **kwargs):
    """Return the text of the error and the curator; fails if there is none."""
    import lamindb as ln

    curator = ln.curators.DataFrameCurator(frame, schema, **kwargs)
    with pytest.raises(ln.errors.ValidationError) as error:
        curator.validate()
    return str(error.value), curator


def test_a_valid_table_is_valid_with_one_statement_per_registry(perturbation, count_queries):
    import lamindb as ln

    tissue = ln.Feature(name="tissue", dtype=ln.ULabel).save()
    organ = ln.Feature(name="organ", dtype=ln.ULabel).save()
    ln.save([ln.ULabel(name=name) for name in ("lung", "skin")])
    schema = ln.Schema([perturbation, tissue, organ]).save()
    frame = pd.DataFrame(
        {"perturbation": ["DMSO", "IFNG", None], "tissue": ["lung", "skin", "lung"], "organ": ["skin", None, "lung"]},
        dtype="category",
    )
    curator = ln.curators.DataFrameCurator(frame, schema)
    with count_queries() as queries:
        assert curator.validate() is None
    assert len(queries) == 2  # one for records and their types, one for the labels of both columns
    assert curator.report.is_valid and repr(curator).endswith("validated)")


def test_all_problems_of_all_columns_are_in_one_error(perturbation):
    import lamindb as ln

    schema = _schema(ln, features=[perturbation], x=float, n=int, absent=str)
    ln.Feature.get(name="n")
    frame = pd.DataFrame(
        {"perturbation": pd.Categorical(["DMSO", "IFNJ", "dmso"]), "x": [1, 2, 3], "n": ["1", "2", "3"]}
    )
    text, curator = _errors(frame, schema)
    for part in (
        "COLUMN_NOT_IN_DATAFRAME", "column 'absent' not in dataframe. Columns in dataframe: ['perturbation', 'x', 'n']",
        "WRONG_DATATYPE", "expected series 'x' to have type float, got int64", "Column 'x' failed dtype check for 'float': got int64",
        "2 terms not validated in feature 'perturbation': 'IFNJ', 'dmso'", "Consider setting `feature.coerce = True`",
        "curator.cat.add_new_from('perturbation')", "a valid label for subtype 'Perturbation' has to be one of ['DMSO', 'IFNG']",
        '"IFNJ" → "IFNG"', '"dmso" → "DMSO"',
    ):  # fmt: skip
        assert part in text
    assert "\x1b" not in text
    assert {problem.column for problem in curator.report} == {"absent", "x", "n", "perturbation"}
    failures = curator.report.to_dataframe()
    assert failures.loc[failures["value"] == "dmso", "row"].tolist() == [2]


def test_the_error_carries_the_report(perturbation):
    import lamindb as ln

    curator = ln.curators.DataFrameCurator(
        pd.DataFrame({"perturbation": pd.Categorical(["x"])}), ln.Schema([perturbation]).save()
    )
    with pytest.raises(ln.errors.ValidationError) as error:
        curator.validate()
    assert error.value.report is curator.report
    assert not curator._is_validated


def test_terms_are_listed_in_the_order_of_the_data_and_lists_are_capped(instance):
    import lamindb as ln

    kind = ln.ULabel(name="Kind", is_type=True).save()
    ln.save([ln.ULabel(name=f"label {n}", type=kind, _skip_name_search=True) for n in range(60)])
    schema = _schema(ln, kind=kind)
    values = [f"unknown {n}" for n in range(50, 0, -1)]
    text, curator = _errors(pd.DataFrame({"kind": values}, dtype="category"), schema)
    assert "50 terms not validated in feature 'kind': 'unknown 50', 'unknown 49'" in text
    assert "..." in text and len(text) < 4_000
    assert "and 50 more" in text  # of the sixty labels ten are shown
    assert curator.cat.non_validated == {"kind": values}


def test_types_are_accepted_and_refused_as_documented(sqlite_instance):
    import lamindb as ln

    day, time = datetime.date(2024, 5, 1), datetime.datetime(2024, 5, 1, 12)
    good = {
        "int": [np.array([1, 2], "int8"), pd.array([1, None], dtype="Int64"), np.array([1, 2], "uint64"), [None, None]],
        "float": [[1.5, None], pd.array([1.5, None], dtype="Float64"), np.array([1, 2], "float32")],
        "num": [[1, 2], [1.5, 2.0], [True, False]],
        "bool": [[True, False], pd.array([True, None], dtype="boolean")],
        "str": [["a", "b"], ["a", None], pd.Categorical(["a", "b"]), pd.Series(["a", None], dtype=object)],
        "path": [["a/b", "c"]],
        "url": [["https://a.b", "c"]],
        "date": [[day, None]],
        "datetime": [pd.to_datetime(["2024-05-01", None]), np.array(["2024-05-01", "2024-05-02"], "datetime64[s]")],
        "dict": [[{"a": 1}, None]],
        "object": [pd.Series([{1}, "a"], dtype=object)],
        "list[int]": [[[1, 2], []], [[1], None], [np.array([1, 2]), [3]]],
        "list[float]": [[[1.5], [2.0]]],
        "list[str]": [[["a"], ("b",)]],
    }
    bad = {
        "int": [[1.5, 2.5], [True, False], ["1", "2"], pd.Series([1, 2], dtype=object)],
        "float": [[1, 2], pd.array([1, None], dtype="Int64"), ["a", "b"]],
        "num": [["a", "b"], pd.Series([1, "a"], dtype=object)],
        "bool": [[0, 1], pd.Series([True, "a"], dtype=object), pd.Categorical([True, False])],
        "str": [[1, 2], [True, False], pd.Series(["a", 1], dtype=object), pd.to_datetime(["2024-05-01", None])],
        "path": [[1, 2], pd.Series([{"a": 1}, "b"], dtype=object)],
        "url": [pd.Series([[1], "b"], dtype=object)],
        "date": [["2024-05-01", "2024-05-02"], pd.to_datetime(["2024-05-01", None]), [time, time], pd.Series([[1], day], dtype=object)],
        "datetime": [
            pd.to_datetime(["2024-05-01", None]).tz_localize("UTC"), [day, day], ["2024-05-01", "2024-05-02"],
            pd.Series([None, None], dtype=object),
        ],
        "dict": [["a", "b"], [1, 2], pd.Series([{"a": 1}, "b"], dtype=object)],
        "object": [[1, 2]],
        "list[int]": [[[1.5], [2]], ["ab", "c"], [1, 2], [[True], [1]]],
        "list[float]": [[[1], [2.0]]],
        "list[str]": [["a", "b"], [[1], ["a"]]],
    }  # fmt: skip
    wrong = []
    for dtype, columns in {**good, **bad}.items():
        feature = ln.Feature(name=f"f {dtype}", dtype=dtype).save()
        schema = ln.Schema([feature]).save()
        for expected, cases in ((True, good[dtype]), (False, bad[dtype])):
            for column in cases:
                curator = ln.curators.DataFrameCurator(pd.DataFrame({feature.name: column}), schema)
                try:
                    curator.validate()
                    valid = True
                except ln.errors.ValidationError:
                    valid = False
                if valid is not expected:
                    wrong.append((dtype, column, expected))
        del columns
    assert wrong == []


def test_missing_values_are_refused_where_they_may_not_be(instance):
    import lamindb as ln

    feature = ln.Feature(name="x", dtype=float, nullable=False).save()
    text, curator = _errors(pd.DataFrame({"x": [1.0, None, np.nan, 3.0]}), ln.Schema([feature]).save())
    assert "SERIES_CONTAINS_NULLS" in text and "non-nullable series 'x' contains null values" in text
    problem = curator.report.problems[0]
    assert problem.count == 2 and [row for row, _ in problem.examples] == [1, 2]


def test_a_category_column_has_to_be_categorical(instance):
    import lamindb as ln

    ln.ULabel(name="a").save()
    schema = _schema(ln, c=ln.ULabel)
    text, _ = _errors(pd.DataFrame({"c": pd.Series(["a", "b"], dtype=object)}), schema)
    assert "expected series 'c' to have type category, got object" in text
    assert "1 term not validated in feature 'c': 'b'" in text  # what is wrong with the values is said at the same time


def test_unused_categories_do_not_matter(instance):
    import lamindb as ln

    ln.ULabel(name="a").save()
    frame = pd.DataFrame({"c": pd.Categorical(["a", None], categories=["a", "unused"])})
    ln.curators.DataFrameCurator(frame, _schema(ln, c=ln.ULabel)).validate()


def test_null_like_values_and_empty_texts_are_no_categories(instance):
    import lamindb as ln

    ln.ULabel(name="a").save()
    frame = pd.DataFrame({"c": pd.Categorical(["a", None, np.nan, ""])})
    curator = ln.curators.DataFrameCurator(frame, _schema(ln, c=ln.ULabel))
    curator.validate()
    assert curator.cat.non_validated == {}


def test_numbers_and_truth_values_are_no_names(instance):
    import lamindb as ln

    ln.ULabel(name="1").save()
    schema = _schema(ln, c=ln.ULabel)
    with pytest.raises(TypeError, match="Type mismatch"):
        ln.curators.DataFrameCurator(pd.DataFrame({"c": pd.Categorical([1, 2])}), schema).validate()
    text, _ = _errors(pd.DataFrame({"c": pd.Categorical([True, False])}), schema)
    assert "not validated in feature 'c': 'True', 'False'" in text


def test_missing_times_and_columns_without_values_have_no_type_to_check(sqlite_instance):
    import lamindb as ln

    dtypes = {
        "whole": int, "real": float, "flag": bool, "text": str, "day": datetime.date, "number": "num", "link": "url", "file": "path",
        "facts": dict, "texts": list[str], "labels": list[ln.ULabel], "anything": object,
    }  # fmt: skip
    schema = _schema(ln, **dtypes)
    for n_rows in (0, 3):
        ln.curators.DataFrameCurator(pd.DataFrame({name: pd.Series([None] * n_rows, dtype=object) for name in dtypes}), schema).validate()  # fmt: skip
    times = _schema(ln, day=datetime.date, moment=datetime.datetime)
    frame = pd.DataFrame(
        {"day": [datetime.date(2024, 5, 1), pd.NaT, None], "moment": pd.to_datetime(["2024-05-01", None, pd.NaT])}
    )
    ln.curators.DataFrameCurator(frame, times).validate()
    text, _ = _errors(pd.DataFrame({"day": [None], "moment": pd.Series([None], dtype=object)}), times)
    assert "'moment'" in text and "to have type datetime, got object" in text
    required = ln.Schema([ln.Feature(name="due", dtype=datetime.date, nullable=False).save()]).save()
    text, _ = _errors(pd.DataFrame({"due": [datetime.date(2024, 5, 1), pd.NaT]}), required)
    assert "non-nullable series 'due' contains null values" in text


def test_times_with_zones_are_in_utc_or_converted(sqlite_instance):
    import lamindb as ln

    aware = "datetime64[ns, UTC]"
    schema = _schema(ln, moment=aware)
    utc = pd.to_datetime(pd.Series(["2024-05-01T10:00"])).dt.tz_localize("UTC")
    ln.curators.DataFrameCurator(pd.DataFrame({"moment": utc}), schema).validate()
    for other in (utc.dt.tz_convert("Asia/Tokyo"), utc.dt.tz_localize(None), pd.Series(["2024-05-01"])):
        text, _ = _errors(pd.DataFrame({"moment": other}), schema)
        assert f"to have type {aware}, got" in text
    coercing = ln.Schema([ln.Feature(name="start", dtype=aware, coerce=True).save()]).save()
    for other in (utc.dt.tz_convert("Asia/Tokyo"), utc.dt.tz_localize(None), pd.Series(["2024-05-01T12:00+02:00"])):
        frame = pd.DataFrame({"start": other})
        ln.curators.DataFrameCurator(frame, coercing).validate()
        assert frame["start"].to_list() == utc.to_list()


def test_categories_that_are_no_texts_are_no_labels(instance):
    import lamindb as ln

    ln.ULabel(name="a").save()
    schema = _schema(ln, c=ln.ULabel)
    for values in ([datetime.date(2024, 5, 1)], [("a",)], pd.cut([1, 2, 3], 2).tolist(), ["\ud800"], ["a\x00"]):
        with pytest.raises(ln.errors.ValidationError, match="not validated in feature 'c'"):
            ln.curators.DataFrameCurator(pd.DataFrame({"c": pd.Categorical(values)}), schema).validate()
    for values in (["a", 1], [1.5, None]):
        with pytest.raises(TypeError, match="Type mismatch"):
            ln.curators.DataFrameCurator(pd.DataFrame({"c": pd.Categorical(values)}), schema).validate()


def test_cells_with_lists_are_looked_up_item_by_item(instance):
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in "ab"])
    schema = _schema(ln, c=list[ln.ULabel])
    ln.curators.DataFrameCurator(pd.DataFrame({"c": [["a", "b"], [], None, np.array(["b"])]}), schema).validate()
    text, curator = _errors(pd.DataFrame({"c": [["a"], ["x", "b"], ["x"]]}), schema)
    assert "1 term not validated in feature 'c': 'x'" in text
    assert curator.report.problems[0].examples[0] == (1, "x")
    text, _ = _errors(pd.DataFrame({"c": ["a", "b"]}), schema)
    assert "failed dtype check for 'list[cat[ULabel]]' against (list, nullable=True)" in text
    text, _ = _errors(pd.DataFrame({"c": [[["a"]], ["b"]]}), schema)
    assert "lists within lists" in text


def test_a_value_of_a_union_may_be_in_any_of_its_registries(instance):
    import lamindb as ln

    ln.ULabel(name="a").save()
    ln.Record(name="b").save()
    feature = ln.Feature(name="c", dtype=[ln.ULabel, ln.Record]).save()
    schema = ln.Schema([feature]).save()
    ln.curators.DataFrameCurator(pd.DataFrame({"c": ["a", "b"]}, dtype="category"), schema).validate()
    text, _ = _errors(pd.DataFrame({"c": ["a", "z"]}, dtype="category"), schema)
    assert "1 term not validated in feature 'c': 'z'" in text


def test_the_nearest_record_below_a_type_counts_and_ties_are_errors(instance):
    import lamindb as ln

    root = ln.Record(name="Root", is_type=True).save()
    lab_a = ln.Record(name="LabA", is_type=True, type=root).save()
    lab_b = ln.Record(name="LabB", is_type=True, type=root).save()
    for kind in (lab_a, lab_b):
        ln.Record(name="s1", type=kind).save()
    ln.Record(name="s2", type=root).save()
    ln.Record(name="s2", type=lab_a).save()
    ln.Record(name="elsewhere").save()
    schema = _schema(ln, sample=root)
    frame = pd.DataFrame({"sample": pd.Categorical(["s2", "LabA"])})
    ln.curators.DataFrameCurator(frame, schema).validate()  # sub types are values, too
    text, _ = _errors(pd.DataFrame({"sample": pd.Categorical(["s1", "s2", "elsewhere", "Root"])}), schema)
    assert (
        "Ambiguous match for Record 's1': found 2 records at depth" in text
        and "(under types: ['LabA', 'LabB'])" in text
    )
    assert "2 terms not validated in feature 'sample': 'elsewhere', 'Root'" in text


def test_records_at_the_root_win_over_nested_ones(instance):
    import lamindb as ln

    kind = ln.Record(name="Kind", is_type=True).save()
    ln.Record(name="s", type=kind).save()
    outside = ln.Record(name="s", _skip_name_search=True).save()
    curator = ln.curators.DataFrameCurator(pd.DataFrame({"c": ["s"]}, dtype="category"), _schema(ln, c=ln.Record))
    curator.validate()
    assert [record.pk for record in curator.cat["c"].records] == [outside.pk]


def test_labels_in_the_trash_are_not_valid(instance):
    import lamindb as ln

    ln.ULabel(name="gone").save().delete()
    text, _ = _errors(pd.DataFrame({"c": ["gone"]}, dtype="category"), _schema(ln, c=ln.ULabel))
    assert "'gone'" in text


def test_filters_of_a_dtype_restrict_what_is_valid(instance):
    import lamindb as ln

    ln.Project(name="p1", abbr="x").save()
    ln.Project(name="p2", abbr="y").save()
    feature = ln.Feature(name="project", dtype=ln.Project, cat_filters={"abbr": "x"}).save()
    schema = ln.Schema([feature]).save()
    text, _ = _errors(pd.DataFrame({"project": ["p1", "p2"]}, dtype="category"), schema)
    assert "1 term not validated in feature 'project': 'p2'" in text


def test_flags_of_schemas_decide_which_columns_have_to_and_may_be_there(instance):
    import lamindb as ln

    a, b = (ln.Feature(name=name, dtype=float).save() for name in "ab")
    frame = pd.DataFrame({"a": [1.0], "__lamindb_record__": [1]})
    ln.curators.DataFrameCurator(frame, ln.Schema([a, b], minimal_set=False).save()).validate()
    ln.curators.DataFrameCurator(
        frame, ln.Schema([a, b.with_config(optional=True)], maximal_set=True).save()
    ).validate()
    text, _ = _errors(frame.assign(zz=1), ln.Schema([a], maximal_set=True).save())
    assert "COLUMN_NOT_IN_SCHEMA" in text and "column 'zz' not in DataFrameSchema" in text
    text, _ = _errors(pd.DataFrame({"b": [1.0], "a": [1.0]}), ln.Schema([a, b], ordered_set=True).save())
    assert "column 'b' out-of-order" in text and "column 'a' out-of-order" in text
    ln.curators.DataFrameCurator(
        pd.DataFrame({"a": [1.0], "other": [1], "b": [1.0]}), ln.Schema([a, b], ordered_set=True).save()
    ).validate()


def test_flexible_schemas_check_registered_columns_and_members_win_by_name(instance):
    import lamindb as ln

    kind = ln.Feature(name="Kind", is_type=True).save()
    member = ln.Feature(name="a", dtype=str, type=kind).save()
    ln.Feature(name="a", dtype=float, type=None).save()
    ln.Feature(name="b", dtype=int).save()
    schema = ln.Schema([member], flexible=True).save()
    ln.curators.DataFrameCurator(pd.DataFrame({"a": ["x"], "b": [1], "unknown": [1]}), schema).validate()
    text, _ = _errors(pd.DataFrame({"a": ["x"], "b": ["y"]}), schema)
    assert "expected series 'b' to have type int" in text and "'a'" not in text
    only_kind = ln.Schema(itype=f"Feature[{kind.uid}]").save()
    ln.curators.DataFrameCurator(pd.DataFrame({"a": ["x"], "b": ["y"]}), only_kind).validate()


def test_the_index_is_checked_and_never_taken_for_a_column(instance):
    import lamindb as ln

    index = ln.Feature(name="sample", dtype=ln.ULabel).save()
    x = ln.Feature(name="x", dtype=float).save()
    ln.ULabel(name="s1").save()
    schema = ln.Schema([x], index=index).save()
    ln.curators.DataFrameCurator(pd.DataFrame({"x": [1.0], "sample": [3]}, index=["s1"]), schema).validate()
    text, curator = _errors(pd.DataFrame({"x": [1.0, 2.0]}, index=["s1", "s2"]), schema)
    assert "1 term not validated in feature 'index': 's2'" in text
    curator.cat.add_new_from("index")
    curator.validate()
    number = ln.Feature(name="number", dtype=int).save()
    text, _ = _errors(pd.DataFrame({"x": [1.0]}, index=["a"]), ln.Schema([x], index=number).save())
    assert "WRONG_DATATYPE" in text and "(index)" in text


def test_odd_tables_are_valid_or_clearly_wrong(instance):
    import lamindb as ln

    schema = _schema(ln, x=float)
    twice = pd.DataFrame([[1.0, 2.0]], columns=["x", "x"])
    text, _ = _errors(twice, schema)
    assert "DUPLICATE_COLUMN" in text and "column 'x' occurs 2 times" in text
    ln.curators.DataFrameCurator(pd.DataFrame({"x": []}, dtype=float), schema).validate()
    with pytest.raises(TypeError, match="names of features are texts"):
        ln.curators.DataFrameCurator(pd.DataFrame({"x": [1.0], 7: [1]}), schema).validate()
    text, _ = _errors(pd.DataFrame(), schema)
    assert "column 'x' not in dataframe. Columns in dataframe: []" in text


def test_names_of_any_script_and_of_fields_are_plain_columns(instance):
    import lamindb as ln

    names = ["µ-größe", "温度", "name", "id", "uid", "features", "a.b[c]"]
    features = [ln.Feature(name=name, dtype=ln.ULabel).save() for name in names]
    ln.ULabel(name="çé").save()
    frame = pd.DataFrame({name: pd.Categorical(["çé"]) for name in names})
    curator = ln.curators.DataFrameCurator(frame, ln.Schema(features).save())
    curator.validate()
    artifact = curator.save_artifact(key="odd.parquet")
    assert artifact.features.get_values()["温度"] == "çé"


def test_wide_tables_take_as_many_statements_as_narrow_ones(sqlite_instance, count_queries):
    import lamindb as ln

    frame = pd.DataFrame(np.zeros((2, 10_000)), columns=[f"c{n}" for n in range(10_000)])
    ln.save([ln.Feature(name=name, dtype=float, _skip_name_search=True) for name in frame.columns[:50]])
    schema = ln.Schema(itype=ln.Feature).save()
    with count_queries() as queries:
        curator = ln.curators.DataFrameCurator(frame, schema)
        curator.validate()
    assert len(queries) <= 2
    assert len(curator._main.plan.columns) == 50


def test_a_million_distinct_values_are_looked_up_together(sqlite_instance, count_queries):
    import lamindb as ln

    n, step = 1_000_000, 80
    known = [f"label {number}" for number in range(0, n, step)]
    ln.ULabel.objects.bulk_create([ln.ULabel(name=name, _skip_validation=True) for name in known], batch_size=5_000)
    schema = _schema(ln, c=ln.ULabel)
    values = pd.Categorical.from_codes(np.arange(n), pd.Index([f"label {number}" for number in range(n)]))
    curator = ln.curators.DataFrameCurator(pd.DataFrame({"c": values}), schema)
    with (
        count_queries() as queries,
        pytest.raises(ln.errors.ValidationError, match="987500 terms not validated") as error,
    ):
        curator.validate()
    assert len(queries) <= 3 and len(str(error.value)) < 5_000
    unknown = curator.cat.non_validated["c"]
    assert unknown[:2] == ["label 1", "label 2"] and unknown[-1] == "label 999999" and len(unknown) == n - n // step
    assert not set(known).intersection(unknown)
    values = pd.Categorical.from_codes(np.arange(n) % (n // step), pd.Index(known))
    ln.curators.DataFrameCurator(pd.DataFrame({"c": values}), schema).validate()


def test_wrong_arguments_are_named(instance):
    import lamindb as ln

    schema = _schema(ln, x=float)
    frame = pd.DataFrame({"x": [1.0]})
    with pytest.raises(ln.errors.InvalidArgument, match="schema argument must be a Schema record."):
        ln.curators.DataFrameCurator(frame, "mini")
    with pytest.raises(ValueError, match="Schema must be saved before curation. Please save it using"):
        ln.curators.DataFrameCurator(frame, ln.Schema([ln.Feature(name="y", dtype=int).save()]))
    with pytest.raises(ln.errors.InvalidArgument, match="dataset must be a table"):
        ln.curators.DataFrameCurator([1, 2], schema)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        ln.curators.DataFrameCurator("nowhere.parquet", schema)
    with pytest.raises(AttributeError, match="Did you mean 'DataFrameCurator'"):
        ln.curators.DataframeCurator
    component = ln.Schema([ln.Feature(name="z", dtype=int).save()]).save()
    slotted = ln.Schema(slots={"obs": component}, otype="DataFrame").save()
    with pytest.raises(ValueError, match="Slot 'obs' is not supported for DataFrameCurator. Must be 'attrs'."):
        ln.curators.DataFrameCurator(frame, slotted)


def test_features_that_are_registered_meanwhile_count_at_the_next_validation(instance):
    import lamindb as ln

    frame = pd.DataFrame({"x": ["a"]})
    curator = ln.curators.DataFrameCurator(frame, ln.Schema(itype=ln.Feature).save())
    curator.validate()
    ln.Feature(name="x", dtype=float).save()
    with pytest.raises(ln.errors.ValidationError, match="expected series 'x' to have type float"):
        curator.validate()


def test_columns_may_be_called_like_the_parts_of_a_table(instance):
    import lamindb as ln

    names = ("index", "columns")
    features = [ln.Feature(name=name, dtype=ln.ULabel).save() for name in names]
    index = ln.Feature(name="sample", dtype=ln.ULabel).save()
    frame = pd.DataFrame({name: pd.Categorical([f"in {name}"]) for name in names}, index=["s1"])
    curator = ln.curators.DataFrameCurator(frame, ln.Schema(features, index=index).save())
    with pytest.raises(ln.errors.ValidationError):
        curator.validate()
    assert curator.cat.non_validated == {"index": ["in index"], "columns": ["in columns"], "__index__": ["s1"]}
    for key in curator.cat.non_validated:
        curator.cat.add_new_from(key)
    artifact = curator.save_artifact(key="odd.parquet")
    assert artifact.features.get_values() == {"columns": "in columns", "index": "in index", "sample": "s1"}


def test_thousands_of_problems_are_reported_quickly_and_shortly(sqlite_instance):
    import lamindb as ln

    features = [ln.Feature(name=f"feature_{n}", dtype=float, _skip_name_search=True) for n in range(5_000)]
    ln.save(features)
    schema = ln.Schema(features, maximal_set=True).save()
    frame = pd.DataFrame(np.zeros((1, 5_000)), columns=[f"featurex_{n}" for n in range(5_000)])
    text, curator = _errors(frame, schema)
    assert len(curator.report) == 10_000 and len(text) < 30_000 and "more" in text
    assert len(curator.report.to_dataframe()) == 10_000


def test_types_in_the_trash_still_restrict_values(instance):
    import lamindb as ln

    kind = ln.ULabel(name="Kind", is_type=True).save()
    ln.ULabel(name="a", type=kind).save()
    ln.ULabel(name="b").save()
    schema = _schema(ln, c=kind)
    type(kind).objects.filter(pk=kind.pk).update(branch_id=-1)
    text, _ = _errors(pd.DataFrame({"c": ["a", "b"]}, dtype="category"), schema)
    assert "1 term not validated in feature 'c': 'b'" in text


def test_cells_that_can_not_be_labels_are_told_as_wrong_types(instance):
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in "ab"])
    schema = _schema(ln, c=ln.ULabel)
    coercing = ln.Schema([ln.Feature(name="d", dtype=ln.ULabel, coerce=True).save()]).save()
    for cells in (
        [np.array(["a"]), np.array(["b"])],
        [("a",), ("b",)],
        [["a"], ["b"]],
        [{"a"}, {"b"}],
        [{"a": 1}, None],
    ):
        for name, checked in (("c", schema), ("d", coercing)):
            text, _ = _errors(pd.DataFrame({name: pd.Series(cells, dtype=object)}), checked)
            assert f"expected series '{name}' to have type category, got object" in text


def test_artifacts_of_other_files_are_no_tables(instance, tmp_path):
    import lamindb as ln

    schema = _schema(ln, n=int)
    for name, content in (("t.txt", "n"), ("t.json", '{"n": 1}')):
        (tmp_path / name).write_text(content)
        artifact = ln.Artifact(tmp_path / name, key=name)
        for _ in range(2):
            with pytest.raises(
                ln.errors.InvalidArgument, match=f"Cannot load or open artifact of this type: .{name[2:]}"
            ):
                ln.curators.DataFrameCurator(artifact, schema)
            artifact.save()
