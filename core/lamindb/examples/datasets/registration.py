"""Registers what describes example files, in the current instance; what exists stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lamindb.examples.requirements import module_registry


def save_feature(name: str, dtype: str, **options: Any) -> Any:
    """Return the feature of this name, whatever its dtype, or save a new one.

    Args:
        name: name of the feature.
        dtype: text of its dtype.
        **options: other arguments of `Feature`.
    """
    from lamindb.annotation.dtypes import object_of
    from lamindb.base.dtypes import parse_dtype
    from lamindb.models import Feature

    existing = Feature.filter(name=name).order_by("id").first()
    if existing is not None:
        return existing
    meant = None if dtype == "num" else object_of(parse_dtype(dtype))  # `num` has no object of its own
    return Feature(name=name, dtype=meant or dtype, **options).save()


def save_terms(registry: Any, field: str, values: Iterable[str]) -> None:
    """Save the terms of a public source that a registry doesn't have yet."""
    for value in values:
        if registry.filter(**{field: value}).first() is None:
            registry.from_source(**{field: value}).save()


def register_experiment_features(example: str, assays: Iterable[str] = ()) -> None:
    """Save the features `assay` and `organism`, and the assays of an example.

    Raises:
        ModuleNotMounted: if the instance has no module `bionty`.
    """
    factor = module_registry("bionty.ExperimentalFactor", example)
    save_feature("assay", "cat[bionty.ExperimentalFactor]")
    save_feature("organism", "cat[bionty.Organism]")
    save_terms(factor, "ontology_id", assays)
