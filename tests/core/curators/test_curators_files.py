"""Tables of other libraries, files and folders: validated as they are, part by part, also on a cluster."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def schema(instance):
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("lung", "skin")])
    return ln.Schema(
        [
            ln.Feature(name="tissue", dtype=ln.ULabel).save(),
            ln.Feature(name="x", dtype=float).save(),
            ln.Feature(name="note", dtype=str, nullable=False).save(),
        ]
    ).save()


def _frame(*tissues):
    return pd.DataFrame(
        {
            "tissue": pd.Categorical(tissues),
            "x": np.arange(len(tissues), dtype=float),
            "note": [f"n{n}" for n in range(len(tissues))],
        }
    )


def _folder(path, *frames):
    path.mkdir()
    for number, frame in enumerate(frames):
        frame.to_parquet(path / f"part-{number}.parquet", row_group_size=2)
    return path


def test_a_folder_is_validated_without_loading_it(schema, tmp_path):
    import lamindb as ln

    folder = _folder(tmp_path / "good", _frame("lung", "skin", "lung"), _frame("skin"))
    curator = ln.curators.DataFrameCurator(folder, schema)
    curator.validate()
    assert curator.report.n_rows == {None: 4}
    artifact = curator.save_artifact(key="good")
    assert artifact.n_files == 2 and artifact.features.get_values()["tissue"] == {"lung", "skin"}
    ln.curators.DataFrameCurator(ln.Artifact.get(artifact.uid), schema).validate()


def test_rows_are_counted_through_all_files(schema, tmp_path):
    import lamindb as ln

    broken = _frame("lung", "brain").assign(note=["a", None])
    folder = _folder(tmp_path / "bad", _frame("lung", "skin", "lung"), broken)
    curator = ln.curators.DataFrameCurator(str(folder), schema)
    with pytest.raises(ln.errors.ValidationError):
        curator.validate()
    failures = {problem.column: problem.examples for problem in curator.report}
    assert failures["tissue"] == ((4, "brain"),) and failures["note"][0][0] == 4
    curator.cat.add_new_from("tissue")
    assert curator.cat.non_validated == {}
    with pytest.raises(RuntimeError, match="Cannot mutate a dataset that is in files"):
        curator.cat.standardize("tissue")


def test_parts_of_files_give_what_the_whole_gives(schema, tmp_path, monkeypatch):
    import lamindb as ln
    import lamindb_dataframe.curator_scan as scanning

    folder = _folder(tmp_path / "parts", _frame(*["lung", "brain", "skin", "lung", "brain"] * 20), _frame("x", "brain"))
    reports = []
    for rows, batch in ((5_000_000, 131_072), (3, 2)):
        monkeypatch.setattr(scanning, "_PART_ROWS", rows)
        monkeypatch.setattr(scanning, "_BATCH_ROWS", batch)
        curator = ln.curators.DataFrameCurator(folder, schema)
        with pytest.raises(ln.errors.ValidationError):
            curator.validate()
        reports.append(curator.report.to_dict())
    assert reports[0] == reports[1]
    assert reports[0]["problems"][0]["examples"] == [{"row": 1, "value": "brain"}, {"row": 100, "value": "x"}]


def test_files_that_differ_are_named(schema, tmp_path):
    import lamindb as ln

    folder = _folder(
        tmp_path / "uneven", _frame("lung"), _frame("skin").drop(columns="x"), _frame("lung").assign(x=[1])
    )
    with pytest.raises(ln.errors.ValidationError) as error:
        ln.curators.DataFrameCurator(folder, schema).validate()
    assert "column 'x' not in dataframe" in str(error.value) and "part-1.parquet" in str(error.value)
    assert "expected series 'x' to have type float, got int64" in str(error.value)


def test_files_are_not_converted(schema, tmp_path):
    import lamindb as ln

    number = ln.Feature(name="n", dtype=int, coerce=True).save()
    label = ln.Feature(name="c", dtype=ln.ULabel, coerce=True).save()
    strict = ln.Schema([number, label]).save()
    path = tmp_path / "t.parquet"
    pd.DataFrame({"n": [1, 2], "c": ["lung", "skin"]}).to_parquet(path)
    ln.curators.DataFrameCurator(path, strict).validate()  # texts in files are categories where conversion is asked for
    pd.DataFrame({"n": ["1", "2"], "c": ["lung", "skin"]}).to_parquet(path)
    with pytest.raises(ln.errors.ValidationError, match="load the table, curate the object"):
        ln.curators.DataFrameCurator(path, strict).validate()
    artifact = ln.Artifact.from_dataframe(pd.read_parquet(path), key="t.parquet", schema=strict).save()
    assert str(artifact.load()["n"].dtype) == "int64"


def test_text_files_have_categories_as_texts(schema, tmp_path):
    import lamindb as ln

    path = tmp_path / "t.csv"
    _frame("lung", "skin").to_csv(path, index=False)
    curator = ln.curators.DataFrameCurator(path, schema)
    artifact = curator.save_artifact(key="t.csv")
    assert artifact.suffix == ".csv" and artifact.features.get_values()["tissue"] == {"lung", "skin"}
    ln.curators.DataFrameCurator(ln.Artifact.get(artifact.uid), schema).validate()


def test_an_index_in_files_is_checked(schema, tmp_path):
    import lamindb as ln

    indexed = ln.Schema([ln.Feature.get(name="x")], index=ln.Feature.get(name="tissue")).save()
    path = tmp_path / "t.parquet"
    pd.DataFrame({"x": [1.0, 2.0]}, index=["lung", "brain"]).to_parquet(path)
    with pytest.raises(ln.errors.ValidationError, match="not validated in feature 'index': 'brain'"):
        ln.curators.DataFrameCurator(path, indexed).validate()
    curator = ln.curators.DataFrameCurator(path, ln.Schema([ln.Feature.get(name="x")], maximal_set=True).save())
    curator.validate()  # the stored index is no column
    assert curator._main.table.column_names == ["x"]


@pytest.mark.parametrize("library", ["polars", "lazy", "pyarrow"])
def test_tables_of_other_libraries_are_validated_and_saved(schema, library):
    import lamindb as ln

    pl = pytest.importorskip("polars")
    pa = pytest.importorskip("pyarrow")

    def convert(frame):
        if library == "pyarrow":
            return pa.Table.from_pandas(frame, preserve_index=False)
        return pl.from_pandas(frame).lazy() if library == "lazy" else pl.from_pandas(frame)

    table = convert(_frame("lung", "skin"))
    curator = ln.curators.DataFrameCurator(table, schema)
    artifact = curator.save_artifact(key=f"{library}.parquet")
    assert curator.dataset is table
    assert artifact.features.get_values()["tissue"] == {"lung", "skin"}
    bad = convert(_frame("lung", "brain").assign(x=["a", "b"]))
    with pytest.raises(ln.errors.ValidationError) as error:
        ln.curators.DataFrameCurator(bad, schema).validate()
    assert "'brain'" in str(error.value) and "expected series 'x' to have type float" in str(error.value)


def test_columns_of_other_libraries_are_converted_in_the_table_that_is_saved(schema):
    import lamindb as ln

    pl = pytest.importorskip("polars")
    number = ln.Feature(name="n", dtype=int, coerce=True).save()
    label = ln.Feature(name="c", dtype=ln.ULabel, coerce=True).save()
    strict = ln.Schema([number, label]).save()
    curator = ln.curators.DataFrameCurator(pl.DataFrame({"n": ["1", "2"], "c": ["lung", "skin"]}), strict)
    curator.validate()
    assert curator.dataset.schema["n"] == pl.Int64 and curator.dataset["c"].to_list() == ["lung", "skin"]
    with pytest.raises(ln.errors.InvalidArgument, match="has no index"):
        indexed = ln.Schema([number], index=label).save()
        ln.curators.DataFrameCurator(pl.DataFrame({"n": [1]}), indexed).validate()


def test_files_are_validated_on_a_cluster(schema, tmp_path):
    import lamindb as ln

    distributed = pytest.importorskip("distributed")
    folder = _folder(tmp_path / "cluster", _frame("lung", "skin"), _frame("brain"), _frame("lung"))
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        curator = ln.curators.DataFrameCurator(folder, schema, client=client)
        with pytest.raises(ln.errors.ValidationError, match="not validated in feature 'tissue': 'brain'"):
            curator.validate()
        assert curator.report.problems[0].examples == ((2, "brain"),)
        ln.ULabel(name="brain").save()
        curator.validate()


def test_what_workers_get_needs_no_database():
    import pickle

    from lamindb.curators.plan import ColumnPlan, TablePlan

    plan = TablePlan((ColumnPlan("tissue", "cat[ULabel]"),))
    assert pickle.loads(pickle.dumps(plan)) == plan
