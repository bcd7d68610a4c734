"""Public vocabularies behind a registry, as plugins declare them with the hook `lamindb_reference_sources`.

This is all that validation knows of ontologies. A source is asked for values that no record has; it gets the organism
and the source that
the user named as keywords, and the first source that knows a value decides.
"""

from __future__ import annotations

from typing import Any


class Vocabularies:
    """The sources of one registry, asked with the same scope."""

    def __init__(self, registry: Any, organism: Any = None, source: Any = None) -> None:
        from lamindb.plugins.manager import reference_sources

        self.registry = registry
        self.sources = list(reference_sources(registry))
        scope = {"organism": organism, "source": source}
        self.scope = {name: value for name, value in scope.items() if value is not None}

    def __bool__(self) -> bool:
        return bool(self.sources)

    def known(self, values: list[str], field: str) -> set[str]:
        """Return those of `values` that some source knows."""
        found: set[str] = set()
        for source, rest in self._remaining("validate", values, found):
            found |= set(source.resolve("validate")(self.registry, rest, field, **self.scope))
        return found

    def synonyms(self, values: list[str], field: str) -> dict[str, str]:
        """Return what `values` stand for: synonyms and obsolete terms with a replacement."""
        found: dict[str, str] = {}
        for part in ("standardize", "obsolete"):
            for source, rest in self._remaining(part, values, found):
                mapped = source.resolve(part)(self.registry, rest, field, **self.scope)
                found.update({value: term for value, term in mapped.items() if term is not None and term != value})
        return found

    def converted(self, values: list[str], field: str, target: str) -> dict[str, Any]:
        """Return what the terms of `values` have in another field."""
        found: dict[str, Any] = {}
        for source, rest in self._remaining("convert", values, found):
            found.update(source.resolve("convert")(self.registry, rest, field, target, **self.scope))
        return found

    def obsolete(self, values: list[str], field: str) -> dict[str, str | None]:
        """Return the obsolete ones among `values` with their replacement, if there is one."""
        found: dict[str, str | None] = {}
        for source, rest in self._remaining("obsolete", values, found):
            found.update(source.resolve("obsolete")(self.registry, rest, field, **self.scope))
        return found

    def records(self, values: list[str], field: str) -> dict[str, list[Any]]:
        """Return unsaved records for those of `values` that some source knows: several where a value is ambiguous."""
        found: dict[str, list[Any]] = {}
        for source, rest in self._remaining("records", values, found):
            for value, fields in source.resolve("records")(self.registry, rest, field, **self.scope).items():
                several = [fields] if isinstance(fields, dict) else fields
                found[value] = [self.registry(**one, _skip_validation=True) for one in several]
        return found

    def _remaining(self, part: str, values: list[str], found: Any) -> Any:
        """Yield each source that has a part, with the values that no source before it knew."""
        for source in self.sources:
            rest = [value for value in values if value not in found]
            if rest and getattr(source, part) is not None:
                yield source, rest
