"""What this package contributes to LaminDB: the data format `AnnData`, its curator, and files of arrays that have no format of their own."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import CuratorSpec, DataFormat, DemoPart

_HDF5 = (".h5", ".hdf5", ".h5.gz", ".hdf5.gz", ".h5.tar.gz", ".hdf5.tar.gz")


@hookimpl
def lamindb_data_formats() -> Iterator[DataFormat]:
    yield DataFormat(
        "AnnData",
        (".h5ad", ".h5ad.gz", ".h5ad.tar.gz", ".anndata.zarr"),
        shared_suffixes=(*_HDF5, ".zarr"),
        recognises="lamindb_anndata.stores:holds_anndata",
        written_suffixes=(".h5ad", ".zarr", ".anndata.zarr"),
        classes=("anndata:AnnData",),
        write_modes=("r+",),
        changed_suffixes=(".zarr", ".anndata.zarr"),
        writer="lamindb_anndata.files:write",
        loader="lamindb_anndata.files:load",
        opener="lamindb_anndata.accessor:open_anndata",
        counter="lamindb_anndata.accessor:count_observations",
        concatenator="lamindb_anndata.files:concatenate",
        mapper="lamindb_anndata.mapped:MappedCollection",
    )
    yield DataFormat(
        None,
        (),
        shared_suffixes=(*_HDF5, ".zarr"),
        recognises="lamindb_anndata.stores:holds_arrays",
        write_modes=("r+",),
        changed_suffixes=(".zarr",),
        opener="lamindb_anndata.accessor:open_anndata",
    )


@hookimpl
def lamindb_curators() -> Iterator[CuratorSpec]:
    yield CuratorSpec(
        "AnnData",
        get_table="lamindb_anndata.curator:get_table",
        set_table="lamindb_anndata.curator:set_table",
        slots="lamindb_anndata.curator:slots",
        curator="lamindb_anndata.curator:AnnDataCurator",
    )


@hookimpl
def lamindb_demo_parts() -> Iterator[DemoPart]:
    yield DemoPart("cells", run="lamindb_anndata.demo:show_cells", position=40)
