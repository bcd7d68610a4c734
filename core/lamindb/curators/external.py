"""Values of features that are not in the dataset: the slot `__external__` of a schema."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.curators.report import Problem

if TYPE_CHECKING:
    from lamindb.curators.curator import SlotsCurator

SLOT = "__external__"


def external_problems(curator: SlotsCurator) -> list[Problem]:
    """Return what is wrong with the external features of a dataset; nothing if its schema has no such slot."""
    schema = curator._schema.slots.get(SLOT)
    if schema is None:
        return []
    values = values_of(curator)
    if values is None:
        message = (
            "External features slot is defined in schema but no external features were provided. Pass features={...} "
            f"with {', '.join(repr(name) for name in schema.members.to_list('name'))}"
        )
        return [Problem("EXTERNAL_FEATURES_MISSING", SLOT, message, SLOT, hint="pass features={...}")]
    from lamindb.curators.dictionary import DictCurator
    from lamindb.errors import ValidationError

    validator = DictCurator({_name(key): value for key, value in values.items()}, schema, slot=SLOT)
    curator._external = validator._main
    try:
        validator.validate()
    except ValidationError:
        if validator.report is None:
            raise
        return [replace(problem, slot=SLOT) for problem in validator.report]
    return []


def values_of(curator: SlotsCurator) -> dict[str, Any] | None:
    """Return the external values: those passed, else those of the saved artifact."""
    if curator._features is not None:
        return curator._features
    artifact = curator._artifact
    if artifact is None or artifact._state.adding:
        return None
    existing = artifact.features.get_values(external_only=True)
    if not existing:
        return None
    logger.important("no new external features provided, using existing external features of artifact for validation")
    return existing


def _name(key: Any) -> str:
    return key if isinstance(key, str) else key.name
