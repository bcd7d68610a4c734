"""Makes records of single terms: `from_source`, and constructors that are given a hit of a look-up."""

from __future__ import annotations

from typing import Any, Final

from lamindb.base.logging import logger
from lamindb.errors import DoesNotExist, InvalidArgument

#: So many terms are compared with a misspelt one.
_MAX_COMPARED: Final = 200_000


def from_source(registry: Any, string: str | None = None, *, mute: bool = False, **kwargs: Any) -> Any:
    """Return the record of one term; see `BioRecord.from_source`."""
    scope = {name: kwargs.pop(name, None) for name in ("organism", "source")}
    fields = {name: value for name, value in kwargs.items() if value is not None}
    if string is not None and fields:
        raise InvalidArgument(
            f"Only one field can be passed to generate records from source: the text {string!r} or {', '.join(fields)}"
        )
    if string is None and len(fields) != 1:
        problem = (
            f"Only one field can be passed to generate records from source, not {', '.join(fields)}"
            if fields
            else "No field passed to generate records from source"
        )
        raise InvalidArgument(
            f"{problem}, e.g. {registry.__name__}.from_source({registry._name_field or 'name'}='...')"
        )
    if string is not None:
        field, value, asked = registry._name_field or "name", string, repr(string)
    else:
        [(field, value)] = fields.items()
        asked = f"{field}={value!r}"
    if not isinstance(value, str):
        raise InvalidArgument(
            f"from_source() takes a text, not {value!r}; for several values use {registry.__name__}.from_values([...])"
        )
    _check_readable(registry, field, value, scope)
    records = registry.from_values([value], field=field, standardize=string is not None, mute=True, **scope)
    if not records:
        raise DoesNotExist(
            f"no {registry.__name__} found in source for the given field value: {asked}{_near(registry, field, value, scope)}"
        )
    if len(records) == 1:
        return records[0]
    if not mute:
        logger.warning("ambiguous validation in Bionty for 1 record: %r stands for %d records", value, len(records))
    return list(records)


def arguments_of_hit(registry: Any, hit: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return constructor arguments for a term that a look-up or search in a vocabulary returned.

    Args:
        registry: the registry.
        hit: a named tuple of the term's columns.
        kwargs: `source` and `organism`, as far as they were passed.
    """
    from bionty import sources
    from bionty.organisms import resolve
    from bionty.vocabulary import FIELD_OF_COLUMN

    names = {field.name for field in registry._meta.concrete_fields} - {"id", "uid"}
    found: dict[str, Any] = {}
    for column, value in hit._asdict().items():
        field = FIELD_OF_COLUMN.get(column, column)
        if field in names and isinstance(value, str | int | float) and value == value:
            found[field] = value
    parents = getattr(hit, "parents", None)
    if parents is not None and len(parents):
        found["parents"] = list(parents)
    organism = kwargs.pop("organism", None)
    source = sources.default_source(registry, organism, kwargs.pop("source", None))
    found["source"] = source
    if "organism" in names:
        found["organism"] = resolve(organism or source.organism, create=True)
    uid = registry._uid_of(found)
    existing = registry.filter(uid=uid).first()
    if existing is not None:
        found = {name: getattr(existing, name) for name in found if name != "parents"}
    return (
        {**found, **kwargs, "_skip_validation": True, "_existing": existing}
        if existing
        else {**found, **kwargs, "_skip_validation": True}
    )


def _check_readable(registry: Any, field: str, value: str, scope: dict[str, Any]) -> None:
    """Raise if the record has to come from a vocabulary that can't be read: a term that isn't found would be something else."""
    from bionty import sources
    from bionty.errors import OrganismNotSet
    from bionty.organisms import name_of_gene_id

    if registry.filter(**{field: value}).exists():
        return
    organism = scope["organism"]
    if organism is None and field == "ensembl_gene_id":
        organism = name_of_gene_id(value)
    try:
        used = sources.source_of_values(registry, organism, scope["source"])
    except OrganismNotSet:
        if registry.require_organism(field) or field != "ensembl_gene_id":
            raise
        return
    except ValueError:
        return
    sources.table_of(used)


def _near(registry: Any, field: str, value: str, scope: dict[str, Any]) -> str:
    """Suggest spellings that the vocabulary has, or say what an obsolete term was replaced by."""
    import difflib

    from bionty import sources, vocabulary

    if field not in (registry._name_field, "name", "ontology_id"):
        return ""
    given = {name: one for name, one in scope.items() if one is not None}
    retired = vocabulary.obsolete(registry, [value], field, **given)
    if value in retired:
        return (
            f". It is obsolete, replaced by {retired[value]!r}"
            if retired[value]
            else ". It is obsolete, without replacement"
        )
    try:
        table = sources.table_of(sources.source_of_values(registry, scope["organism"], scope["source"]))
    except ValueError:
        return ""
    if len(table) > _MAX_COMPARED:
        return ""
    names = table.positions(vocabulary.column_of(table, field))
    folded = {name.lower(): name for name in names if isinstance(name, str)}
    near = difflib.get_close_matches(value.lower(), folded, n=1, cutoff=0.75)
    return f". Did you mean {folded[near[0]]!r}?" if near else ""
