"""What this package contributes to LaminDB: the data format `SpatialData`."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import DataFormat


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
