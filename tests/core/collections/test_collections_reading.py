"""Reading several artifacts as one: query sets and collections of tables, their order, their errors, what is tracked and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pd = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")
pytest.importorskip("lamindb_dataframe")


@pytest.fixture
def table(instance: Any, tmp_path: Path) -> Callable[..., Any]:
    """Save a small table as an artifact; the name is the value of its column `name`."""
    return partial(_save_table, tmp_path)


@pytest.fixture
def file_table(sqlite_instance: Any, tmp_path: Path) -> Callable[..., Any]:
    """The same, for tests of files, to which the database doesn't matter."""
    return partial(_save_table, tmp_path)


def _save_table(folder: Path, name: str, suffix: str = ".parquet", **columns: Any) -> Any:
    import lamindb as ln

    df = pd.DataFrame({"name": [name, name], "n": [1, 2], **columns})
    path = folder / f"{name}{suffix}"
    if suffix == ".parquet":
        df.to_parquet(path)
    else:
        df.to_csv(path, index=False, sep="\t" if suffix.startswith(".tsv") else ",")
    return ln.Artifact(path, key=f"tables/{path.name}", otype="DataFrame", run=False).save()


@pytest.fixture
def run(instance: Any) -> Iterator[Any]:
    """A run that is the current one."""
    import lamindb as ln
    from lamindb.base import context

    run = ln.Run(ln.Transform(key="reader.py").save()).save()
    token = context.current_run_var.set(run)
    yield run
    context.current_run_var.reset(token)


def test_a_query_set_of_tables_is_loaded_in_its_order(table: Callable[..., Any]) -> None:
    import lamindb as ln

    for name in "bca":
        table(name)
    tables = ln.Artifact.filter(suffix=".parquet")
    assert isinstance(tables, ln.models.ArtifactSet)
    assert tables.order_by("key").load()["name"].tolist() == ["a", "a", "b", "b", "c", "c"]
    assert tables.order_by("-key").load(ignore_index=True).index.tolist() == list(range(6))
    assert [path.suffix for path in tables.order_by("key").cache()] == [".parquet"] * 3
    assert tables.order_by("key").open().to_table(columns=["name"]).column("name").to_pylist()[::2] == ["a", "b", "c"]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".tsv.gz"])
def test_sets_and_collections_open_with_every_engine(file_table: Callable[..., Any], engine: str, suffix: str) -> None:
    import lamindb as ln

    pytest.importorskip(engine)
    members = [file_table(name, suffix) for name in "ba"]
    collection = ln.Collection(members, key="tables", run=False).save()
    for opened in (
        collection.open(engine=engine),
        ln.Artifact.filter(suffix=suffix).order_by("id").open(engine=engine),
    ):
        with opened as lazy:
            names = lazy.collect()["name"].to_list() if engine == "polars" else [row[0] for row in lazy.fetchall()]
        assert names == ["b", "b", "a", "a"]


def test_the_join_keeps_all_columns_or_those_of_all(file_table: Callable[..., Any]) -> None:
    import lamindb as ln

    collection = ln.Collection([file_table("a", x=[1, 2]), file_table("b")], key="t", run=False).save()
    assert list(collection.load().columns) == ["name", "n", "x"]
    assert list(collection.load(join="inner").columns) == ["name", "n"]
    with pytest.raises(ValueError, match="join has to be 'inner' or 'outer', not 'left'"):
        collection.load(join="left")


def test_a_set_without_order_warns_and_is_read_by_id(
    file_table: Callable[..., Any], log_text: Callable[[], str]
) -> None:
    import lamindb as ln

    for name in "ba":
        file_table(name)
    log_text()
    assert ln.Artifact.filter(suffix=".parquet").load()["name"].tolist() == ["b", "b", "a", "a"]
    assert "this query set is unordered, consider using `.order_by()`" in log_text()
    log_text()
    ln.Artifact.filter(suffix=".parquet").order_by("key").load()
    assert "unordered" not in log_text()


def test_wrong_sets_say_what_is_wrong(file_table: Callable[..., Any], tmp_path: Path) -> None:
    import lamindb as ln

    file_table("a")
    file_table("b", ".csv")
    (tmp_path / "note.txt").write_text("hello")
    ln.Artifact(tmp_path / "note.txt", key="note.txt", run=False).save()
    everything, nothing = ln.Artifact.filter().order_by("id"), ln.Artifact.filter(key="absent").order_by("id")
    for method in ("load", "open", "mapped"):
        with pytest.raises(ValueError, match="the query set is empty"):
            getattr(nothing, method)()
    assert nothing.cache() == []
    with pytest.raises(ValueError, match="all artifacts have the same suffix, these have '.csv', '.parquet', '.txt'"):
        everything.load()
    with pytest.raises(ValueError, match="have different file formats: '.csv', '.parquet', '.txt'"):
        everything.open()
    with pytest.raises(ValueError, match="Unable to concatenate .txt objects"):
        ln.Artifact.filter(suffix=".txt").order_by("id").load()
    with pytest.raises(ValueError, match="'.txt' can't be opened lazily"):
        ln.Artifact.filter(suffix=".txt").order_by("id").open()
    with pytest.raises(ValueError, match="Unknown engine: 'spark'. It should be 'pyarrow', 'polars' or 'duckdb'"):
        ln.Artifact.filter(suffix=".parquet").order_by("id").open(engine="spark")


def test_folders_contribute_their_files(file_table: Callable[..., Any], tmp_path: Path) -> None:
    import lamindb as ln

    (tmp_path / "shards").mkdir()
    for number in range(2):
        pd.DataFrame({"name": [f"shard{number}"], "n": [number]}).to_parquet(tmp_path / f"shards/{number}.parquet")
    shards = ln.Artifact(tmp_path / "shards", key="shards", run=False).save()
    both = ln.Collection([file_table("a"), shards], key="both", run=False).save()
    assert both.open().to_table(columns=["name"])["name"].to_pylist() == ["a", "a", "shard0", "shard1"]
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/1.csv").write_text("name,n\nx,1\n")
    texts = ln.Artifact(tmp_path / "texts", key="texts", run=False).save()
    with pytest.raises(ValueError, match="different file formats"):
        ln.Collection([shards, texts], key="mixed", run=False).save().open()


def test_queries_over_a_collection_read_the_columns_and_row_groups_that_they_need(
    sqlite_instance: Any, tmp_path: Path
) -> None:
    import numpy as np
    import pyarrow.compute as pc

    import lamindb as ln

    pl = pytest.importorskip("polars")
    members = []
    for part in range(3):
        path = tmp_path / f"{part}.parquet"
        ids = np.arange(part * 10_000, (part + 1) * 10_000)
        pd.DataFrame({"id": ids, "noise": np.random.default_rng(part).random(10_000)}).to_parquet(
            path, row_group_size=1_000
        )
        members.append(ln.Artifact(path, key=path.name, run=False).save())
    collection = ln.Collection(members, key="big", run=False).save()
    dataset = collection.open()
    wanted = pc.field("id") == 25_500
    kept = [fragment.subset(wanted).num_row_groups for fragment in dataset.get_fragments()]
    assert kept == [0, 0, 1]  # of ten each
    assert dataset.to_table(columns=["id"], filter=wanted).to_pylist() == [{"id": 25_500}]
    with collection.open(engine="polars") as lazy:
        plan = lazy.filter(pl.col("id") == 25_500).select("id").explain()
        assert "PROJECT 1/2 COLUMNS" in plan and "SELECTION: " in plan
    pytest.importorskip("duckdb")
    with collection.open(engine="duckdb") as relation:
        plan = relation.filter("id = 25500").select("id").explain()
        scan = plan[plan.rindex("PARQUET") :]
        assert "Filters" in scan and "25500" in scan and "noise" not in scan


def test_reading_a_set_tracks_its_artifacts_and_reading_a_collection_tracks_the_collection(
    table: Callable[..., Any], run: Any
) -> None:
    import lamindb as ln

    a, b = table("a"), table("b")
    collection = ln.Collection([a, b], key="t", run=False).save()
    collection.load(is_run_input=False)
    assert run.input_collections.count() == run.input_artifacts.count() == 0
    collection.load()
    assert list(run.input_collections.all()) == [collection] and run.input_artifacts.count() == 0
    collection.open()
    collection.cache()
    assert run.input_collections.count() == 1
    ln.Artifact.filter(key=a.key).order_by("id").open()
    assert list(run.input_artifacts.all()) == [a]
    collection.artifacts.order_by("id").load()
    assert run.input_artifacts.count() == 2


def test_what_a_run_made_again_is_no_input_of_it(table: Callable[..., Any], run: Any) -> None:
    import lamindb as ln

    a, b = table("a"), table("b")
    a.recreating_runs.add(run)
    ln.Artifact.filter(suffix=".parquet").order_by("id").cache()
    assert list(run.input_artifacts.all()) == [b]
    own = ln.Collection([a], key="own").save()
    own.load()
    assert own.run == run and run.input_collections.count() == 0


def test_an_unsaved_collection_can_be_read(file_table: Callable[..., Any], log_text: Callable[[], str]) -> None:
    import lamindb as ln

    collection = ln.Collection([file_table("b"), file_table("a")], key="t", run=False)
    assert collection.open().to_table()["name"].to_pylist() == ["b", "b", "a", "a"]
    assert "the collection isn't saved, consider calling `.save()`" in log_text()


def test_reading_for_training_names_the_package(file_table: Callable[..., Any]) -> None:
    import lamindb as ln
    from lamindb.plugins import manager

    collection = ln.Collection([file_table("a")], key="t", run=False).save()
    if any(found.mapper is not None for found in manager.data_formats()):
        with pytest.raises(ValueError, match="No artifact can be read for training: they have '.parquet'"):
            collection.mapped()
        return
    with pytest.raises(ln.errors.MissingPluginError, match="pip install lamindb-anndata"):
        collection.mapped()
    with pytest.raises(ln.errors.MissingPluginError, match="pip install lamindb-anndata"):
        ln.Artifact.filter().order_by("id").mapped(obs_keys="cell_type")


def test_a_thousand_artifacts_take_a_constant_number_of_statements(
    instance: Any, tmp_path: Path, count_queries: Any
) -> None:
    import lamindb as ln

    def statements(number: int) -> tuple[int, ...]:
        folder = tmp_path / str(number)
        folder.mkdir()
        template = ln.Artifact(_file(folder / "0.csv", f"a\n{number}\n"), key=f"{number}/0.csv", run=False).save()
        rows = []
        for index in range(1, number):
            row = ln.Artifact.objects.get(pk=template.pk)
            row.pk, row._state.adding = None, True
            row.uid, row.hash, row.key = (
                f"{number:08d}{index:08d}0000",
                f"{number:011d}{index:011d}",
                f"{number}/{index}.csv",
            )
            rows.append(row)
        ln.Artifact.objects.bulk_create(rows)
        for row in rows:
            (Path(instance.storage.root_as_str) / ".lamindb" / f"{row.uid}.csv").write_text("a\n1\n")
        members = list(ln.Artifact.filter(key__startswith=f"{number}/").order_by("id"))
        with count_queries() as constructing:
            collection = ln.Collection(members, key=f"c{number}", run=False)
        with count_queries() as saving:
            collection.save()
        with count_queries() as opening:
            assert len(collection.open().files) == number
        with count_queries() as caching:
            assert len(collection.cache()) == number
        with count_queries() as appending:
            collection.append(template)
        assert list(collection.ordered_artifacts) == members
        return tuple(map(len, (constructing, saving, opening, caching, appending)))

    few, many = statements(3), statements(1_000)
    assert few == many
    assert few[0] <= 2 and few[1] <= 3 and few[2] == 2 and few[3] == 2


def _file(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
