"""Synonyms and abbreviations of a record. Synonyms are stored in one text field, joined by `|`."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q

from lamindb.base.logging import logger
from lamindb.errors import ValidationError
from lamindb.query.names import name_field

_FIELD = "synonyms"


def add_synonym(record: Any, synonym: str | list[str], force: bool = False, save: bool | None = None) -> None:
    """Add one or several synonyms to a record.

    Args:
        record: record of a registry with synonyms.
        synonym: text or texts; empty ones are ignored.
        force: add even if another record has the synonym.
        save: write at once (default: if the record is saved).

    Raises:
        NotImplementedError: if the registry has no synonyms.
        ValidationError: if a synonym holds `|`, or belongs to another record and `force` is not set.

    Example:
        >>> cell_type.add_synonym(["T-cell", "T lymphocyte"])
    """
    _check_has_synonyms(record)
    wanted = _texts(synonym)
    if not wanted:
        return
    for text in wanted:
        if "|" in text:
            raise ValidationError(f"a synonym can't contain '|'! Pass the parts of {text!r} as a list instead")
    known = _split(record.synonyms)
    new = [text for text in wanted if text not in known]
    if new and not force:
        _check_unused(record, new)
    record.synonyms = "|".join([*known, *new])
    _save(record, save)


def remove_synonym(record: Any, synonym: str | list[str]) -> None:
    """Remove one or several synonyms; unknown ones are ignored, and a saved record is written at once.

    Raises:
        NotImplementedError: if the registry has no synonyms.
    """
    _check_has_synonyms(record)
    unwanted = set(_texts(synonym))
    if not unwanted:
        return
    record.synonyms = "|".join(text for text in _split(record.synonyms) if text not in unwanted) or None
    _save(record, None)


def set_abbr(record: Any, value: str) -> None:
    """Set the abbreviation, and add it as a synonym unless it is the name; a saved record is written at once.

    Raises:
        NotImplementedError: if the registry has no abbreviations.
        ValidationError: if the abbreviation holds `|`, or is that of another record and has to be unique.
    """
    registry = type(record)
    if not _has_field(record, "abbr"):
        raise NotImplementedError(f"No abbr field found in table {registry.__name__}!")
    if value and registry._meta.get_field("abbr").unique:
        other = registry.objects.filter(abbr=value).exclude(pk=record.pk).first()
        if other is not None:
            name = getattr(other, name_field(registry))
            raise ValidationError(
                f"'{value}' is the abbreviation of another {registry.__name__} record: '{name}' (uid={other.uid}). "
                "Take another one, or change it there first with .set_abbr()"
            )
    if _has_field(record, _FIELD) and value and value != getattr(record, name_field(type(record))):
        try:
            add_synonym(record, value, save=False)
        except ValidationError:
            if "|" in value:
                raise
            logger.warning("the abbreviation '%s' is set, but not as a synonym, because another record has it", value)
    record.abbr = value
    _save(record, None)


def _has_field(record: Any, name: str) -> bool:
    return any(field.name == name for field in record._meta.concrete_fields)


def _check_has_synonyms(record: Any) -> None:
    if not _has_field(record, _FIELD):
        raise NotImplementedError(f"No synonyms field found in table {type(record).__name__}!")


def _texts(synonym: Any) -> list[str]:
    if synonym is None:
        return []
    given = [synonym] if isinstance(synonym, str) else list(synonym)
    for text in given:
        if not isinstance(text, str):
            raise TypeError(f"a synonym must be a text, not {type(text).__name__} {text!r}")
    return list(dict.fromkeys(text.strip() for text in given if text.strip()))


def _split(synonyms: str | None) -> list[str]:
    return [text for text in (part.strip() for part in (synonyms or "").split("|")) if text]


def _check_unused(record: Any, synonyms: list[str]) -> None:
    """Raise if another visible record (of the same organism, where there are organisms) has one of the synonyms: one
    statement.
    """
    from lamindb.query.query_set import scoped_to_default_branches

    registry, name = type(record), name_field(type(record))
    others = registry.objects.using(record._state.db or DEFAULT_DB_ALIAS).exclude(pk=record.pk)
    others = scoped_to_default_branches(others).filter(reduce(or_, (Q(synonyms__contains=text) for text in synonyms)))
    if _has_field(record, "organism"):
        others = others.filter(organism_id=record.organism_id)
    taken = [
        (text, other_name)
        for other_name, text_there in others.order_by("pk").values_list(name, _FIELD)
        for text in synonyms
        if text in _split(text_there)
    ]
    if not taken:
        return
    listed = ", ".join(f"'{text}' of '{other_name}'" for text, other_name in taken)
    message = (
        f"you are trying to assign a synonym to record: '{getattr(record, name)}', "
        f"but other {registry.__name__} records have it already: "
        f"{listed}. Remove it there with .remove_synonym(), or pass force=True"
    )
    logger.error(message)
    raise ValidationError(message)


def _save(record: Any, save: bool | None) -> None:
    if save or (save is None and not record._state.adding):
        record.save()
