"""What this package contributes to LaminDB: the data format `MuData`."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import DataFormat


@hookimpl
def lamindb_data_formats() -> Iterator[DataFormat]:
    yield DataFormat(
        "MuData",
        (".h5mu", ".mudata.zarr"),
        shared_suffixes=(".zarr", ".h5", ".hdf5"),
        recognises="lamindb_mudata.files:holds_mudata",
        written_suffixes=(".h5mu", ".mudata.zarr", ".zarr"),
        opened_suffixes=(".h5mu", ".mudata.zarr", ".zarr", ".h5", ".hdf5"),
        classes=("mudata:MuData",),
        writer="lamindb_mudata.files:write",
        loader="lamindb_mudata.files:load",
        opener="lamindb_mudata.files:open_mudata",
        counter="lamindb_mudata.files:count_observations",
    )
