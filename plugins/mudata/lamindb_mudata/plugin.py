"""What this package contributes to LaminDB: the data format `MuData` and its curator."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import CuratorSpec, DataFormat


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


@hookimpl
def lamindb_curators() -> Iterator[CuratorSpec]:
    yield CuratorSpec(
        "MuData",
        get_table="lamindb_mudata.curator:get_table",
        set_table="lamindb_mudata.curator:set_table",
        slots="lamindb_mudata.curator:slots",
        curator="lamindb_mudata.curator:MuDataCurator",
    )
