"""Implements every hook."""

from lamindb import hookimpl
from lamindb.plugins.types import (
    Command,
    CuratorSpec,
    DataFormat,
    Integration,
    ReferenceSource,
    SchemaModule,
    StorageBackend,
)


@hookimpl
def lamindb_schema_modules():
    yield SchemaModule(
        "lamindb_example",
        "lamindb_example",
        registries=("Treatment",),
        title="Example",
        on_init="lamindb_example.seeds:create_control",
    )


@hookimpl
def lamindb_reference_sources(registry):
    if registry.__name__ == "Treatment":
        yield ReferenceSource(
            "treatments 2025",
            "lamindb_example.Treatment",
            validate="lamindb_example.vocabulary:known",
            records="lamindb_example.vocabulary:records",
            standardize="lamindb_example.vocabulary:standard_names",
            obsolete="lamindb_example.vocabulary:obsolete",
        )


@hookimpl
def lamindb_storage_backends():
    yield StorageBackend(
        ("example",),
        filesystem="lamindb_example.filesystem:ExampleFileSystem",
        credentials="lamindb_example.filesystem:credentials",
        region="lamindb_example.filesystem:region",
        content_hash="lamindb_example.filesystem:content_hash",
        modified="lamindb_example.filesystem:modified",
        create_exclusive="lamindb_example.filesystem:create_exclusive",
        rename_is_atomic=True,
    )


@hookimpl
def lamindb_data_formats():
    yield DataFormat(
        "Spectrum",
        (".spectrum", ".spectrum.gz"),
        shared_suffixes=(".bundle",),
        classes=("lamindb_example.spectra:Spectrum",),
        recognises="lamindb_example.spectra:is_spectrum_bundle",
        writer="lamindb_example.spectra:write",
        loader="lamindb_example.spectra:load",
        opener="lamindb_example.spectra:open_lazily",
        counter="lamindb_example.spectra:count_peaks",
        concatenator="lamindb_example.spectra:concatenate",
    )


@hookimpl
def lamindb_curators():
    yield CuratorSpec(
        "Spectrum",
        slots="lamindb_example.curation:slots",
        get_table="lamindb_example.curation:get_table",
        set_table="lamindb_example.curation:set_table",
    )


@hookimpl
def lamindb_commands():
    yield Command("hello-example", "lamindb_example.commands:hello", help="Greet somebody.")


@hookimpl
def lamindb_integrations():
    yield Integration(
        "export_spectrum", "lamindb_example.integration:export_spectrum", summary="Spectrum as JSON text."
    )
    yield Integration("example_spectra", "lamindb_example.spectra")


@hookimpl
def lamindb_artifact_saved(artifact):
    _note("artifact saved", artifact.uid)


@hookimpl
def lamindb_artifact_deleted(artifact):
    _note("artifact deleted", artifact.uid)


@hookimpl
def lamindb_run_started(run):
    _note("run started", run.uid)


@hookimpl
def lamindb_run_finished(run):
    _note("run finished", run.uid)


def _note(event, uid):
    from lamindb_example.events import note

    note(event, uid)
