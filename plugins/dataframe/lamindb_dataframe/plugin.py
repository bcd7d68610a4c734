"""What this package contributes to LaminDB: the data format `DataFrame`."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import CuratorSpec, DataFormat, DemoPart

_WRITTEN = (
    ".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz", ".feather", ".arrow", ".ipc", ".jsonl", ".ndjson",
)  # fmt: skip


@hookimpl
def lamindb_data_formats() -> Iterator[DataFormat]:
    yield DataFormat(
        "DataFrame",
        (*_WRITTEN, ".csv.tar.gz", ".tsv.tar.gz", ".orc"),
        sharded_suffixes=(".parquet",),
        written_suffixes=_WRITTEN,
        opened_suffixes=(*_WRITTEN, ".orc", ".json"),
        classes=("pandas:DataFrame", "polars:DataFrame", "polars:LazyFrame", "pyarrow:Table"),
        engines=("pyarrow", "polars", "duckdb"),
        writer="lamindb_dataframe.writing:write",
        loader="lamindb_dataframe.loading:load",
        opener="lamindb_dataframe.opening:open_artifact",
        set_opener="lamindb_dataframe.opening:open_table",
        counter="lamindb_dataframe.counting:count_observations",
        concatenator="lamindb_dataframe.concatenation:concatenate",
    )


@hookimpl
def lamindb_curators() -> Iterator[CuratorSpec]:
    yield CuratorSpec(
        "DataFrame",
        get_table="lamindb_dataframe.curator:get_table",
        curator="lamindb.curators.dataframe:DataFrameCurator",
    )


@hookimpl
def lamindb_demo_parts() -> Iterator[DemoPart]:
    yield DemoPart("tables", run="lamindb_dataframe.demo:show_tables", position=20)
