"""Tells LaminDB about pertdb. Light on purpose: it is imported whenever plugins are looked for."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins import hookimpl
from lamindb.plugins.types import SchemaModule


@hookimpl
def lamindb_schema_modules() -> Iterator[SchemaModule]:
    yield SchemaModule(
        "pertdb",
        "pertdb",
        registries=(
            "Compound",
            "CompoundPerturbation",
            "GeneticPerturbation",
            "EnvironmentalPerturbation",
            "CombinationPerturbation",
            "Biologic",
            "PerturbationTarget",
        ),
        requires=("bionty",),
        legacy_migrations_from=2,
    )
