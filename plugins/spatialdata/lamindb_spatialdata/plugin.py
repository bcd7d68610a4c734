"""What this package contributes to LaminDB: the data format `SpatialData` and its curator."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import CuratorSpec, DataFormat


@hookimpl
def lamindb_data_formats() -> Iterator[DataFormat]:
    yield DataFormat(
        "SpatialData",
        (".spatialdata.zarr",),
        shared_suffixes=(".zarr",),
        recognises="lamindb_spatialdata.files:holds_spatialdata",
        written_suffixes=(".zarr", ".spatialdata.zarr"),
        classes=("spatialdata:SpatialData",),
        write_modes=("r+",),
        writer="lamindb_spatialdata.files:write",
        loader="lamindb_spatialdata.files:load",
        opener="lamindb_spatialdata.accessor:open_spatialdata",
        counter="lamindb_spatialdata.files:count_observations",
    )


@hookimpl
def lamindb_curators() -> Iterator[CuratorSpec]:
    yield CuratorSpec(
        "SpatialData",
        get_table="lamindb_spatialdata.curator:get_table",
        set_table="lamindb_spatialdata.curator:set_table",
        slots="lamindb_spatialdata.curator:slots",
        curator="lamindb_spatialdata.curator:SpatialDataCurator",
    )
