"""What this package contributes to LaminDB: the data format `tiledbsoma`, its curator, and a function that writes experiments."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import CuratorSpec, DataFormat, Integration


@hookimpl
def lamindb_data_formats() -> Iterator[DataFormat]:
    yield DataFormat(
        "tiledbsoma",
        (".tiledbsoma",),
        classes=("lamindb_tiledbsoma:ExperimentToWrite",),
        write_modes=("w",),
        writer="lamindb_tiledbsoma.experiments:write_experiment",
        opener="lamindb_tiledbsoma.stores:open_soma",
        counter="lamindb_tiledbsoma.stores:count_observations",
    )


@hookimpl
def lamindb_integrations() -> Iterator[Integration]:
    yield Integration(
        "save_tiledbsoma_experiment",
        "lamindb_tiledbsoma.experiments:save_tiledbsoma_experiment",
        summary="Write AnnData objects to a new TileDB-SOMA experiment, or append them to one.",
    )


@hookimpl
def lamindb_curators() -> Iterator[CuratorSpec]:
    yield CuratorSpec(
        "tiledbsoma",
        get_table="lamindb_tiledbsoma.curator:get_table",
        slots="lamindb_tiledbsoma.curator:slots",
        curator="lamindb_tiledbsoma.curator:TiledbsomaExperimentCurator",
    )
