"""A public vocabulary of three drugs, as big ontologies are offered to the core."""

from __future__ import annotations

from typing import Any

_TERMS = {"aspirin", "ibuprofen", "paracetamol"}
_SYNONYMS = {"acetaminophen": "paracetamol"}
_OBSOLETE: dict[str, str | None] = {"phenacetin": "paracetamol"}


def known(registry: Any, values: list[str], field: str, **scope: Any) -> set[str]:
    return _TERMS.intersection(values) if field == "name" else set()


def records(registry: Any, values: list[str], field: str, **scope: Any) -> dict[str, dict[str, Any]]:
    return {value: {"name": value} for value in values if value in known(registry, values, field)}


def standard_names(registry: Any, values: list[str], field: str, **scope: Any) -> dict[str, str]:
    return {value: _SYNONYMS[value] for value in values if field == "name" and value in _SYNONYMS}


def obsolete(registry: Any, values: list[str], field: str, **scope: Any) -> dict[str, str | None]:
    return {value: _OBSOLETE[value] for value in values if field == "name" and value in _OBSOLETE}
