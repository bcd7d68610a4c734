"""Mixins for registries that validate values and hold synonyms. The work is done in `lamindb.annotation.registry_values`."""

from __future__ import annotations

from typing import Any

from lamindb.annotation.registry_values import InspectResult
from lamindb.base.utils import strict_classmethod

__all__ = ["CanCurate", "HasAbbr", "HasSynonyms", "InspectResult"]


class HasSynonyms:
    """Adds and removes synonyms, which are stored `|`-joined in the field `synonyms`."""

    def add_synonym(self, synonym: str | list[str], force: bool = False, save: bool | None = None) -> None:
        """Add one or several synonyms.

        Args:
            synonym: text or texts without `|`.
            force: add even if another record has the synonym.
            save: write at once (default: if the record is saved).

        Raises:
            ValidationError: if a synonym holds `|` or belongs to another record.
            NotImplementedError: if the registry has no synonyms.
        """
        from lamindb.annotation.synonyms import add_synonym

        add_synonym(self, synonym, force=force, save=save)

    def remove_synonym(self, synonym: str | list[str]) -> None:
        """Remove one or several synonyms."""
        from lamindb.annotation.synonyms import remove_synonym

        remove_synonym(self, synonym)


class HasAbbr:
    """Sets the abbreviation."""

    def set_abbr(self, value: str) -> None:
        """Set `abbr`, and add it as a synonym where the registry has synonyms."""
        from lamindb.annotation.synonyms import set_abbr

        set_abbr(self, value)


class CanCurate(HasSynonyms, HasAbbr):
    """Registries whose records validate values."""

    #: Constructing with the name of an existing record gives that record.
    _reuse_by_name = True

    @strict_classmethod
    def inspect(
        cls,
        values: Any,
        field: Any = None,
        *,
        mute: bool = False,
        organism: Any = None,
        source: Any = None,
        from_source: bool = True,
        strict_source: bool = False,
    ) -> InspectResult:
        """Tell which values exist in the registry and what could be done about the others.

        Args:
            values: a text, or any list-like of values.
            field: field to compare with (default: the name field).
            mute: do not log.
            organism: restrict to an organism (registries that have one).
            source: restrict to a source (registries that have one).
            from_source: look into the public source, too.
            strict_source: only count records of that source.

        Example:
            >>> ln.ULabel.inspect(["batch 1", "batch x"]).non_validated
        """
        from lamindb.annotation import registry_values

        return registry_values.inspect(
            cls,
            values,
            field,
            mute=mute,
            organism=organism,
            source=source,
            from_source=from_source,
            strict_source=strict_source,
        )

    @strict_classmethod
    def validate(
        cls,
        values: Any,
        field: Any = None,
        *,
        mute: bool = False,
        organism: Any = None,
        source: Any = None,
        strict_source: bool = False,
    ) -> Any:
        """Return for each value whether a record has exactly this value.

        Returns:
            A boolean array of the length of `values`; a `bool` for a single text.
        """
        from lamindb.annotation import registry_values

        return registry_values.validate(
            cls, values, field, mute=mute, organism=organism, source=source, strict_source=strict_source
        )

    @strict_classmethod
    def from_values(
        cls,
        values: Any,
        field: Any = None,
        create: bool = False,
        organism: Any = None,
        source: Any = None,
        standardize: bool = True,
        from_source: bool = True,
        mute: bool = False,
    ) -> Any:
        """Return the records for values, in the order of the values.

        Args:
            values: a text, or any list-like of values.
            field: field to match (default: the name field).
            create: construct (unsaved) records for values that are unknown.
            organism: restrict to an organism.
            source: restrict to a source.
            standardize: also match synonyms.
            from_source: construct records from the public source.
            mute: do not log.

        Returns:
            A `SQLRecordList`.
        """
        from lamindb.annotation import registry_values

        return registry_values.from_values(
            cls,
            values,
            field,
            create=create,
            organism=organism,
            source=source,
            standardize=standardize,
            from_source=from_source,
            mute=mute,
        )

    @strict_classmethod
    def standardize(
        cls,
        values: Any,
        field: Any = None,
        *,
        return_field: Any = None,
        return_mapper: bool = False,
        case_sensitive: bool = False,
        mute: bool = False,
        from_source: bool = True,
        keep: Any = "first",
        synonyms_field: str = "synonyms",
        organism: Any = None,
        source: Any = None,
        strict_source: bool = False,
    ) -> Any:
        """Replace synonyms by the names they stand for.

        Returns:
            A list in the order of `values` (a text for a text), or with `return_mapper` a dict from synonym to name.
        """
        from lamindb.annotation import registry_values

        return registry_values.standardize(
            cls,
            values,
            field,
            return_field=return_field,
            return_mapper=return_mapper,
            case_sensitive=case_sensitive,
            mute=mute,
            from_source=from_source,
            keep=keep,
            synonyms_field=synonyms_field,
            organism=organism,
            source=source,
            strict_source=strict_source,
        )
