"""What the core shows in `lamin demo`."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins.hookspecs import hookimpl
from lamindb.plugins.types import DemoPart


@hookimpl
def lamindb_demo_parts() -> Iterator[DemoPart]:
    yield DemoPart("files", run="lamindb.cli.demo_parts:show_files", position=0)
    yield DemoPart("script", run="lamindb.cli.demo_parts:show_script", position=10)
