"""Tells LaminDB about bionty. Light on purpose: it is imported whenever plugins are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lamindb.plugins import hookimpl
from lamindb.plugins.types import DemoPart, ReferenceSource, SchemaModule

REGISTRIES = (
    "Organism", "Gene", "Protein", "CellMarker", "CellType", "CellLine", "Tissue", "Disease", "Phenotype", "Pathway",
    "ExperimentalFactor", "DevelopmentalStage", "Ethnicity", "Source",
)  # fmt: skip


@hookimpl
def lamindb_schema_modules() -> Iterator[SchemaModule]:
    yield SchemaModule(
        "bionty",
        "bionty",
        registries=REGISTRIES,
        first_rows="bionty.first_rows:insert_sources",
        position=0,
        is_default=True,
        legacy_migrations_from=30,
    )


@hookimpl
def lamindb_reference_sources(registry: Any) -> Iterator[ReferenceSource]:
    if not getattr(registry, "_has_public_sources", False):
        return
    yield ReferenceSource(
        "public sources of bionty",
        f"{registry._meta.app_label}.{registry.__name__}",
        validate="bionty.vocabulary:known",
        records="bionty.vocabulary:records",
        standardize="bionty.vocabulary:standardize",
        obsolete="bionty.vocabulary:obsolete",
        convert="bionty.vocabulary:convert",
    )


@hookimpl
def lamindb_demo_parts() -> Iterator[DemoPart]:
    yield DemoPart("ontologies", run="bionty.demo:show_ontologies", position=30)
