"""What this package contributes to LaminDB: a function that makes artifacts of datasets that Croissant metadata describes."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import Integration


@hookimpl
def lamindb_integrations() -> Iterator[Integration]:
    yield Integration(
        "curate_from_croissant",
        "lamindb_croissant.datasets:curate_from_croissant",
        summary="Save the files that Croissant metadata describes as artifacts or a collection.",
    )
