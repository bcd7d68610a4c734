"""All hooks of lamindb. A plugin implements those it needs, as functions of the same name marked with `@hookimpl`.

Hooks of the first group *yield declarations* (see `lamindb.plugins.types`); they are called once per process, when something of their
kind is first asked for. Hooks of the second group are *events*. Every example below is a complete plugin module, and the tests run it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from lamindb.plugins.types import (
        Command,
        CuratorSpec,
        DataFormat,
        DemoPart,
        Integration,
        ReferenceSource,
        SchemaModule,
        StorageBackend,
    )

#: Name of the plugin system: the entry-point group, and the prefix of all hooks.
PROJECT = "lamindb"

hookspec = pluggy.HookspecMarker(PROJECT)
#: Decorator that marks a function of a plugin as the implementation of the hook of that name.
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def lamindb_schema_modules() -> Iterable[SchemaModule]:  # type: ignore[empty-body]
    """Yield packages of registries that instances can mount.

    Asked when an instance lists the module: its Django app joins the installed apps, its registries join dtypes, labels, `describe`,
    `ln.DB(...)` and transfer. `on_init` is called once, after the tables of an instance were created.

    Example::

        from lamindb import hookimpl
        from lamindb.plugins.types import SchemaModule

        @hookimpl
        def lamindb_schema_modules():
            yield SchemaModule(
                "mylab", "mylab", registries=("Donor", "Treatment"), requires=("bionty",), on_init="mylab.seeds:create_treatments"
            )
    """


@hookspec
def lamindb_reference_sources(registry: Any) -> Iterable[ReferenceSource]:  # type: ignore[empty-body]
    """Yield public vocabularies behind a registry.

    Asked once per registry, when validation or `from_values` meets values that are in no record. Sources are tried in the order in which they are yielded.

    Args:
        registry: the registry class; return at once for those that you know nothing about, and yield only sources for this one.

    Example::

        from lamindb import hookimpl
        from lamindb.plugins.types import ReferenceSource

        @hookimpl
        def lamindb_reference_sources(registry):
            if registry.__get_name_with_module__() == "mylab.Strain":
                yield ReferenceSource(
                    "strain catalogue 2025", "mylab.Strain", validate="mylab.catalogue:known", records="mylab.catalogue:records"
                )
    """


@hookspec
def lamindb_storage_backends() -> Iterable[StorageBackend]:  # type: ignore[empty-body]
    """Yield kinds of storage.

    Asked when a path or a storage root with one of the protocols is first opened.

    Example::

        from lamindb import hookimpl
        from lamindb.plugins.types import StorageBackend

        @hookimpl
        def lamindb_storage_backends():
            yield StorageBackend(
                ("archive",), filesystem="mylab.archive:ArchiveFileSystem", credentials="mylab.archive:token_of", is_read_only=True
            )
    """


@hookspec
def lamindb_data_formats() -> Iterable[DataFormat]:  # type: ignore[empty-body]
    """Yield kinds of data.

    Asked when an object or a path has to be recognised, written, loaded, opened lazily, counted or concatenated.

    Example::

        from lamindb import hookimpl
        from lamindb.plugins.types import DataFormat

        @hookimpl
        def lamindb_data_formats():
            yield DataFormat(
                "Spectrum",
                (".spectrum", ".spectrum.gz"),
                classes=("mylab:Spectrum",),
                writer="mylab.spectra:write",
                loader="mylab.spectra:load",
                counter="mylab.spectra:count_peaks",
            )
    """


@hookspec
def lamindb_curators() -> Iterable[CuratorSpec]:  # type: ignore[empty-body]
    """Yield how schemas apply to objects of an object type.

    Asked when a schema with that `otype` validates a dataset. The plugin says which table each slot of the schema is, the core validates the tables.

    Example::

        from lamindb import hookimpl
        from lamindb.plugins.types import CuratorSpec

        @hookimpl
        def lamindb_curators():
            yield CuratorSpec("Spectrum", get_table="mylab.spectra:table_of", set_table="mylab.spectra:replace_table")
    """


@hookspec
def lamindb_commands() -> Iterable[Command]:  # type: ignore[empty-body]
    """Yield verbs of the command line.

    Asked when `lamin` starts; the click command itself is imported when its verb is called.

    Example::

        from lamindb import hookimpl
        from lamindb.plugins.types import Command

        @hookimpl
        def lamindb_commands():
            yield Command("sync-lims", "mylab.commands:sync_lims", help="Register samples of the LIMS as records.")
    """


@hookspec
def lamindb_integrations() -> Iterable[Integration]:  # type: ignore[empty-body]
    """Yield names of `ln.integrations`.

    Asked when such a name is touched or listed; what it stands for is imported when it is touched.

    Example::

        from lamindb import hookimpl
        from lamindb.plugins.types import Integration

        @hookimpl
        def lamindb_integrations():
            yield Integration("publish_report", "mylab.reports:publish", summary="Put a report on the lab's website.")
    """


@hookspec
def lamindb_demo_parts() -> Iterable[DemoPart]:  # type: ignore[empty-body]
    """Yield parts of `lamin demo`, the main job from beginning to end.

    Asked when the demo starts. A part that fails ends the demo, so that what it shows is what works.

    Example::

        from lamindb import hookimpl
        from lamindb.plugins.types import DemoPart

        @hookimpl
        def lamindb_demo_parts():
            yield DemoPart("spectra", run="mylab.demo:show_spectra")
    """


@hookspec
def lamindb_artifact_saved(artifact: Any) -> None:
    """Called after an artifact and its data were saved (row committed, bytes in place).

    Like every event, it can't change or stop what happened: what it returns is ignored, and what it raises is logged.

    Args:
        artifact: the saved `Artifact`.

    Example::

        import logging

        from lamindb import hookimpl

        @hookimpl
        def lamindb_artifact_saved(artifact):
            logging.getLogger("mylab").info("saved %s", artifact.uid)
    """


@hookspec
def lamindb_artifact_deleted(artifact: Any) -> None:
    """Called after an artifact was deleted permanently, with the record as it was.

    Args:
        artifact: the deleted `Artifact`; it has no `id` any more, but its `uid` and `key`.

    Example::

        import logging

        from lamindb import hookimpl

        @hookimpl
        def lamindb_artifact_deleted(artifact):
            logging.getLogger("mylab").info("deleted %s", artifact.uid)
    """


@hookspec
def lamindb_run_started(run: Any) -> None:
    """Called after a run of a script, notebook, function or pipeline started and was saved.

    Args:
        run: the `Run`.

    Example::

        import logging

        from lamindb import hookimpl

        @hookimpl
        def lamindb_run_started(run):
            logging.getLogger("mylab").info("run %s started", run.uid)
    """


@hookspec
def lamindb_run_finished(run: Any) -> None:
    """Called after a run ended, however it ended (`run.status` tells), and was saved.

    Args:
        run: the `Run`.

    Example::

        import logging

        from lamindb import hookimpl

        @hookimpl
        def lamindb_run_finished(run):
            logging.getLogger("mylab").info("run %s: %s", run.uid, run.status)
    """


#: Hooks that yield declarations, and hooks that are events.
EVENTS = ("lamindb_artifact_saved", "lamindb_artifact_deleted", "lamindb_run_started", "lamindb_run_finished")
