"""Sets and collections of tables in a bucket: opened where they are, cached when asked, written to a reserved place."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

pd = pytest.importorskip("pandas")
pytest.importorskip("lamindb_dataframe")


@pytest.fixture
def collection(sqlite_instance: Any, bucket: str, cache: Path, tmp_path: Path) -> Any:
    """Three tables in the bucket, and nothing in the cache."""
    import shutil

    ln.settings.storage = bucket
    members = []
    for number in range(3):
        path = tmp_path / f"{number}.parquet"
        pd.DataFrame(
            {"part": [number] * 50_000, "n": range(50_000), "text": [f"{number}-{n}" for n in range(50_000)]}
        ).to_parquet(path, row_group_size=5_000)
        members.append(ln.Artifact(path, key=f"tables/{number}.parquet", otype="DataFrame", run=False).save())
    shutil.rmtree(cache, ignore_errors=True)
    return ln.Collection(members[::-1], key="tables", run=False).save()


@pytest.mark.parametrize("engine", ["pyarrow", "polars", "duckdb"])
def test_a_collection_opens_where_it_is(collection: Any, cache: Path, s3: Any, engine: str) -> None:
    opened = collection.open(engine=engine)
    if engine == "pyarrow":
        import pyarrow.compute as pc

        parts = opened.to_table(columns=["part"], filter=pc.field("n") == 7)["part"].to_pylist()
    else:
        pytest.importorskip(engine)
        with opened as table:
            if engine == "polars":
                import polars as pl

                parts = table.filter(pl.col("n") == 7).select("part").collect()["part"].to_list()
            else:
                parts = [row[0] for row in table.filter("n = 7").select("part").fetchall()]
    assert parts == [2, 1, 0]
    assert not list(cache.rglob("*.parquet"))


def test_the_artifacts_of_a_collection_are_downloaded_at_the_same_time(
    collection: Any, cache: Path, s3: Any, count_queries: Any
) -> None:
    together = threading.Barrier(3, timeout=20)  # as many as there are artifacts: each waits for the others

    def wait_for_the_others(line: str) -> None:
        if line.startswith("GET ") and ".parquet" in line:
            together.wait()

    s3.on_request = wait_for_the_others
    with count_queries() as queries:
        paths = collection.cache()
    s3.mend()
    assert not together.broken and len(queries) <= 2
    assert [pd.read_parquet(path)["part"][0] for path in paths] == [2, 1, 0]
    n_requests = len(s3.requests)
    assert collection.cache() == paths and len(s3.requests) == n_requests
    first = collection.ordered_artifacts.first()
    s3.server.client().delete_object(Bucket=_name_of(collection), Key=f".lamindb/{first.uid}.parquet")
    first.cache().unlink()
    with pytest.raises(FileNotFoundError, match=first.uid):
        collection.cache()


def _name_of(collection: Any) -> str:
    return collection.artifacts.first().storage.root.removeprefix("s3://").partition("?")[0]


def test_a_collection_in_a_bucket_is_cached_and_loaded_in_its_order(collection: Any, cache: Path) -> None:
    paths = collection.cache()
    assert all(path.is_relative_to(cache) for path in paths)
    assert collection.load()["part"].drop_duplicates().tolist() == [2, 1, 0]
    tables = ln.Artifact.filter(suffix=".parquet").order_by("key")
    assert tables.load()["part"].drop_duplicates().tolist() == [0, 1, 2]


def test_a_local_table_beside_remote_ones_needs_polars_and_fsspec(
    collection: Any, sqlite_instance: Any, tmp_path: Path
) -> None:
    import polars as pl

    ln.settings.storage = str(tmp_path / "local")
    path = tmp_path / "local.parquet"
    pd.DataFrame({"part": [9], "n": [7], "text": ["x"]}).to_parquet(path)
    local = ln.Artifact(path, key="tables/9.parquet", otype="DataFrame", run=False).save()
    mixed = ln.Collection([*collection.ordered_artifacts, local], key="mixed", run=False).save()
    with pytest.raises(ValueError, match="artifacts with different filesystems, this is not supported for pyarrow"):
        mixed.open()
    with mixed.open(engine="polars", use_fsspec=True) as table:
        assert table.filter(pl.col("n") == 7).select("part").collect()["part"].to_list() == [2, 1, 0, 9]


def test_data_is_written_to_a_reserved_place_in_the_bucket(
    sqlite_instance: Any, bucket: str, s3: Any, cache: Path
) -> None:
    ln.settings.storage = bucket
    name = bucket.removeprefix("s3://").partition("?")[0]

    def written(text: str, key: str = "a.txt") -> Any:
        lazy = ln.Artifact.from_lazy(".txt", overwrite_versions=False, key=key, run=False)
        lazy.path.write_text(text)
        return lazy

    lazy = written("one")
    first = lazy.save()
    assert str(first.path) == str(lazy.path) and first.uid == lazy.uid and first.load() == "one"
    second = written("two").save()
    assert second.uid == first.uid[:-4] + "0001" and second.load() == "two"
    assert written("two", key="b.txt").save() == second
    stored = [key for key in s3.server.keys(name) if key.endswith(f"{second.suffix}") and "storage_uid" not in key]
    assert stored == [f".lamindb/{first.uid}.txt", f".lamindb/{second.uid}.txt"]
