"""Tables in a bucket, on a server that speaks S3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from upath import UPath

from lamindb_dataframe import count_observations, open_table, write

moto_server = pytest.importorskip("moto.server", reason="the S3 server of the tests comes with 'moto[server]'")
pytest.importorskip("s3fs", reason="s3fs is what reads buckets")


@pytest.fixture(scope="module")
def bucket() -> Iterator[UPath]:
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    options = {"key": "me", "secret": "mine", "client_kwargs": {"region_name": "eu-central-1"}}
    bucket = UPath("s3://tables", endpoint_url=f"http://{host}:{port}", **options)
    bucket.fs.call_s3(
        "create_bucket", Bucket="tables", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    yield bucket
    server.stop()


@pytest.fixture(scope="module")
def shards(bucket: UPath, tmp_path_factory: pytest.TempPathFactory) -> UPath:
    folder: Path = tmp_path_factory.mktemp("shards")
    for number in range(2):
        path = folder / f"p{number}.parquet"
        write(pd.DataFrame({"shard": [number] * 3, "n": range(3)}), path)
        bucket.fs.put_file(str(path), f"tables/run/{path.name}")
    return bucket / "run"


def test_polars_reads_a_bucket_itself_with_the_credentials_of_the_path(shards: UPath) -> None:
    with open_table(shards, engine="polars") as table:
        query = table.filter(pl.col("n") == 2).select("shard")
        assert "Parquet SCAN" in query.explain() and "s3://tables/run/p0.parquet" in query.explain()
        assert query.collect()["shard"].to_list() == [0, 1]


def test_polars_reads_a_bucket_through_the_file_system_of_the_path_when_asked(shards: UPath) -> None:
    with open_table(shards / "p1.parquet", engine="polars", use_fsspec=True) as table:
        assert table.select(pl.col("shard").sum()).collect().item() == 3


def test_pyarrow_and_duckdb_read_a_bucket(shards: UPath) -> None:
    assert open_table(shards).to_table(columns=["shard"])["shard"].to_pylist() == [0, 0, 0, 1, 1, 1]
    with open_table(shards, engine="duckdb") as table:
        assert table.aggregate("sum(shard)").fetchall() == [(3,)]


def test_rows_in_a_bucket_are_counted(shards: UPath) -> None:
    assert count_observations(shards) == 6


def test_tables_of_several_stores_open_through_their_file_systems_with_polars_only(
    shards: UPath, tmp_path: Path
) -> None:
    write(pd.DataFrame({"shard": [7], "n": [0]}), tmp_path / "local.parquet")
    paths = [shards / "p0.parquet", tmp_path / "local.parquet", shards / "p1.parquet"]
    for engine in ("pyarrow", "duckdb", "polars"):
        with pytest.raises(ValueError, match=f"different filesystems, this is not supported for {engine}: local, s3"):
            open_table(paths, engine)
    with open_table(paths, "polars", use_fsspec=True) as table:
        assert table.collect()["shard"].to_list() == [0, 0, 0, 7, 1, 1, 1]
        assert table.filter(pl.col("n") == 2).select("shard").collect()["shard"].to_list() == [0, 1]
    (tmp_path / "t.csv").write_text("shard,n\n1,2\n")
    with pytest.raises(ValueError, match="different file formats: .csv, .parquet"):
        open_table([shards / "p0.parquet", tmp_path / "t.csv"], "polars", use_fsspec=True)
