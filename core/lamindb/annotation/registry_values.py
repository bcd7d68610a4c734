"""Validating, standardizing and looking up values against a registry: what `CanCurate` and query sets call.

The first argument is always a registry (its records of the current branch and main count) or a query set (its records
count).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lamindb.annotation.terms import Terms, read_spellings, synonyms_field_of, terms_of
from lamindb.annotation.value_lists import ValueList, check_kind, is_empty, read_values
from lamindb.annotation.vocabularies import Vocabularies
from lamindb.base.logging import logger
from lamindb.query.names import field_name, name_field

_MAX_LISTED = 10
_MAX_LISTED_DROPPED = 20


class InspectResult:
    """Which values are validated, and what the others could be.

    Attributes:
        validated: distinct values that exist in the registry, in the order of the input.
        non_validated: distinct values that don't, synonyms included.
        synonyms_mapper: for other spellings and synonyms, the name they stand for.
        n_unique: number of distinct values that are not empty.
        n_empty: number of empty and repeated values.
    """

    _KEYS = {
        "validated": "validated",
        "non_validated": "non_validated",
        "mapped": "validated",
        "not_mapped": "non_validated",
    }

    def __init__(
        self,
        values: list[Any],
        unique: list[Any],
        validated: Sequence[Any],
        synonyms_mapper: dict[str, str] | None = None,
    ) -> None:
        known = set(validated)
        self._values = values
        self.validated = [value for value in unique if value in known]
        self.non_validated = [value for value in unique if value not in known]
        self.synonyms_mapper = synonyms_mapper or {}
        self.n_unique = len(unique)
        self.n_empty = len(values) - len(unique)

    @property
    def frac_validated(self) -> float:
        """Percentage of the distinct values that are validated, with one decimal."""
        return round(100 * len(self.validated) / self.n_unique, 1) if self.n_unique else 0.0

    @property
    def df(self) -> Any:
        """Data frame with the input values as index and the boolean column `__validated__`."""
        import pandas as pd

        known = set(self.validated)
        return pd.DataFrame(
            {"__validated__": [value in known for value in self._values]}, index=pd.Index(self._values), dtype=bool
        )

    def __getitem__(self, key: str) -> list[Any]:
        if key not in self._KEYS:
            raise KeyError(f"invalid key {key!r}, use one of: {', '.join(self._KEYS)}")
        return getattr(self, self._KEYS[key])

    def __repr__(self) -> str:
        return (
            f"InspectResult({self.frac_validated}% of {self.n_unique} unique values are validated, "
            f"{len(self.synonyms_mapper)} could be standardized)"
        )


def validate(
    registry: Any,
    values: Any,
    field: Any = None,
    *,
    mute: bool = False,
    organism: Any = None,
    source: Any = None,
    strict_source: bool = False,
) -> Any:
    """Return for each value whether a record has exactly this value; see `CanCurate.validate`."""
    import numpy as np

    terms, name, given, _ = _question(registry, values, field, mute, organism, source, strict_source)
    known = terms.existing(name, given.unique)
    if not mute:
        _log_validation(terms, name, given, known)
    result = np.fromiter(map(known.__contains__, given.values), dtype=bool, count=len(given.values))
    return result[0] if given.is_single else result


def inspect(
    registry: Any,
    values: Any,
    field: Any = None,
    *,
    mute: bool = False,
    organism: Any = None,
    source: Any = None,
    from_source: bool = True,
    strict_source: bool = False,
) -> InspectResult:
    """Tell which values exist, and what could be done about the others; see `CanCurate.inspect`."""
    terms, name, given, (organism, source) = _question(registry, values, field, mute, organism, source, strict_source)
    known = terms.existing(name, given.unique)
    unknown = [value for value in given.unique if value not in known]
    mapper: dict[str, str] = {}
    synonyms_field = synonyms_field_of(terms.registry, name)
    if unknown and synonyms_field is not None:
        spellings = read_spellings(terms, name, unknown, synonyms_field)
        found = ((value, spellings.rows(value)) for value in unknown if isinstance(value, str))
        mapper = {value: rows[0][0] for value, rows in found if rows}
    result = InspectResult(given.values, given.unique, list(known), mapper)
    if not mute:
        _log_validation(terms, name, given, known)
        _log_next_steps(terms, name, result, from_source, organism, source)
    return result


def standardize(
    registry: Any,
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
    """Replace other spellings and synonyms by the terms they stand for; see `CanCurate.standardize`.

    Raises:
        ValueError: if `keep` is not `"first"`, `"last"` or `False`.
    """
    if keep not in ("first", "last", False):
        raise ValueError(f"keep must be 'first', 'last' or False, not {keep!r}")
    terms, name, given, (organism, source) = _question(registry, values, field, mute, organism, source, strict_source)
    target = name if return_field is None else field_name(terms.registry, return_field)
    exact: dict[Any, Any] = {}
    if target == name:
        exact = {value: value for value in terms.existing(name, given.unique)}
    else:
        for value, converted in terms.matching(name, given.unique, name, target):
            exact.setdefault(value, converted)
    mapper = {value: converted for value, converted in exact.items() if converted != value and converted is not None}
    unknown = [value for value in given.unique if value not in exact and isinstance(value, str)]
    has_synonyms = any(column.name == synonyms_field for column in terms.registry._meta.concrete_fields)
    if unknown and has_synonyms:
        applicable = synonyms_field_of(terms.registry, name, synonyms_field)
        spellings = read_spellings(terms, name, unknown, applicable, target)
        for value in unknown:
            rows = spellings.rows(value, case_sensitive=case_sensitive)
            if rows:
                mapper[value] = _choose([row[2] for row in rows], keep)
    if not mute:
        _log_standardized(terms, given, mapper, exact)
        if keep is False and any(isinstance(term, list) for term in mapper.values()):
            logger.warning(
                "some values stand for several %s records: the result holds lists for them", terms.registry.__name__
            )
    if from_source:
        rest = [value for value in unknown if value not in mapper]
        _standardize_publicly(terms, name, target, rest, mapper, organism, source, mute)
    if return_mapper:
        return mapper
    result = list(map(mapper.get, given.values, given.values))  # no empty value is a key
    return result[0] if given.is_single else result


def from_values(
    registry: Any,
    values: Any,
    field: Any = None,
    *,
    create: bool = False,
    organism: Any = None,
    source: Any = None,
    standardize: bool = True,
    from_source: bool = True,
    mute: bool = False,
) -> Any:
    """Return the records for values, in the order of the values; see `CanCurate.from_values`."""
    from lamindb.query.query_set import SQLRecordList

    terms, name, given, (organism, source) = _question(registry, values, field, mute, organism, source, create=create)
    found: dict[Any, list[Any]] = {}
    if given.unique:
        for record in terms.matching(name, given.unique):
            found.setdefault(getattr(record, name), []).append(record)
    _log_loaded(terms, found, f"matching {name}", mute)
    if create:
        return SQLRecordList(_create(terms, name, given, found, organism, source))
    unknown = [value for value in given.unique if value not in found and isinstance(value, str)]
    if standardize and unknown:
        by_synonym = _by_synonym(terms, name, unknown)
        _log_loaded(terms, by_synonym, "matching *synonyms*", mute)
        found.update(by_synonym)
        unknown = [value for value in unknown if value not in found]
    if from_source and unknown:
        loaded = [record for records in found.values() for record in records]
        organism, source = terms.registry._learn_scope(loaded, organism, source)
        public = _from_vocabularies(terms, name, unknown, organism, source, standardize)
        if public and not mute:
            logger.success(
                "created %s from the public source matching %s: %s", _count(terms, len(public)), name, _listed(public)
            )
        found.update(public)
    if not mute:
        _warn_dropped(terms, name, [value for value in given.unique if value not in found])
        ambiguous = [value for value in given.unique if len(found.get(value, ())) > 1]
        if ambiguous:
            logger.warning(
                "ambiguous validation: several %s records match %s", terms.registry.__name__, _listed(ambiguous)
            )
    records = dict.fromkeys(record for value in given.unique for record in _hashable_records(found.get(value, ())))
    return SQLRecordList([entry.record for entry in records])


class _Entry:
    """Makes unsaved records, which Django refuses to hash, distinguishable."""

    def __init__(self, record: Any) -> None:
        self.record = record
        self.key = ("id", record.pk) if record.pk is not None else ("uid", getattr(record, "uid", None) or id(record))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Entry) and self.key == other.key


def _hashable_records(records: Sequence[Any]) -> list[_Entry]:
    return [_Entry(record) for record in records]


def _question(
    registry: Any,
    values: Any,
    field: Any,
    mute: bool,
    organism: Any,
    source: Any,
    strict_source: bool = False,
    create: bool = False,
) -> tuple[Terms, str, ValueList, tuple[Any, Any]]:
    """Return the terms that are asked, the name of the field, the values, and the organism and source that apply."""
    model = registry if isinstance(registry, type) else registry.model
    name = field_name(model, field)
    given = read_values(values)
    scope = model._complete_scope(name, given.unique, organism, source, create=create)
    terms = terms_of(registry, *scope, strict_source=strict_source)
    check_kind(given.unique, terms.registry._meta.get_field(name))
    if not given.values and not mute:
        logger.warning("input has zero length")
    return terms, name, given, scope


def _create(
    terms: Terms, name: str, given: ValueList, found: dict[Any, list[Any]], organism: Any, source: Any
) -> list[Any]:
    """Return one record per value, repeated ones included; values without a record are constructed."""
    names = {column.name for column in terms.registry._meta.concrete_fields}
    scope = {
        key: value for key, value in (("organism", organism), ("source", source)) if value is not None and key in names
    }
    records = []
    for value in given.values:
        if is_empty(value):
            continue
        existing = _as_constructed(terms.registry, found.get(value, ()))
        if existing is None:  # looked for above, for all values at once
            existing = terms.registry(**{name: value}, **scope, _skip_name_search=name == name_field(terms.registry))
        records.append(existing)
    return records


def _as_constructed(registry: Any, records: Sequence[Any]) -> Any | None:
    """Return the record that the constructor would find: the first without a type, else the first."""
    return min(records, key=lambda record: getattr(record, "type_id", None) is not None, default=None)


def _by_synonym(terms: Terms, name: str, unknown: list[str]) -> dict[str, list[Any]]:
    """Return the records that values stand for by a synonym or another spelling: two statements at most."""
    synonyms_field = synonyms_field_of(terms.registry, name)
    if synonyms_field is None:
        return {}
    spellings = read_spellings(terms, name, unknown, synonyms_field)
    mapper = {value: [row[0] for row in spellings.rows(value)] for value in unknown}
    names = list(dict.fromkeys(term for found in mapper.values() for term in found))
    if not names:
        return {}
    records: dict[str, list[Any]] = {}
    for record in terms.matching(name, names):
        records.setdefault(getattr(record, name), []).append(record)
    standing_for = {
        value: [record for term in dict.fromkeys(found) for record in records.get(term, ())]
        for value, found in mapper.items()
    }
    return {value: found for value, found in standing_for.items() if found}


def _from_vocabularies(
    terms: Terms, name: str, unknown: list[str], organism: Any, source: Any, with_synonyms: bool
) -> dict[str, list[Any]]:
    vocabularies = Vocabularies(terms.registry, organism, source)
    if not vocabularies:
        return {}
    records = vocabularies.records(unknown, name)
    rest = [value for value in unknown if value not in records]
    if with_synonyms and rest:
        standard = vocabularies.synonyms(rest, name)
        terms_to_make = [term for term in dict.fromkeys(standard.values()) if term not in records]
        made = {**records, **vocabularies.records(terms_to_make, name)}
        records.update({value: made[term] for value, term in standard.items() if term in made})
    return records


def _standardize_publicly(
    terms: Terms,
    name: str,
    target: str,
    unknown: list[str],
    mapper: dict[Any, Any],
    organism: Any,
    source: Any,
    mute: bool,
) -> None:
    """Add to `mapper` what public sources say about values that the registry doesn't know."""
    if not unknown:
        return
    vocabularies = Vocabularies(terms.registry, organism, source)
    found = vocabularies.synonyms(unknown, name) if vocabularies else {}
    if target == name:
        mapper.update(found)
    elif vocabularies:
        standard = {value: found.get(value, value) for value in unknown}
        converted = vocabularies.converted(list(dict.fromkeys(standard.values())), name, target)
        mapper.update({value: converted[term] for value, term in standard.items() if term in converted})
    if found and not mute:
        registry = terms.registry.__name__
        logger.warning(
            "found %d %s in public source: %s\n  please add corresponding %s records via: `.from_values(%s)`",
            len(found), "synonym" if len(found) == 1 else "synonyms", _listed(found), registry,
            list(dict.fromkeys(found.values())),
        )  # fmt: skip


def _choose(terms: list[Any], keep: Any) -> Any:
    distinct = list(dict.fromkeys(terms))
    if keep is False:
        return distinct[0] if len(distinct) == 1 else distinct
    return distinct[0] if keep == "first" else distinct[-1]


def _listed(values: Any, limit: int = _MAX_LISTED) -> str:
    listed = [f"'{value}'" for value in list(values)[:limit]]
    return ", ".join(listed) + (", ..." if len(values) > limit else "")


def _count(terms: Terms, number: int) -> str:
    return f"{number} {terms.registry.__name__} record{'' if number == 1 else 's'}"


def _log_validation(terms: Terms, name: str, given: ValueList, known: set[Any]) -> None:
    if not given.unique:
        return
    if given.n_empty:
        terms_word = "term" if len(given.unique) == 1 else "terms"
        logger.warning(
            "received %d unique %s, %d empty/duplicated %s ignored",
            len(given.unique), terms_word, given.n_empty, "term is" if given.n_empty == 1 else "terms are",
        )  # fmt: skip
    unknown = [value for value in given.unique if value not in known]
    total = len(given.unique)
    if known:
        logger.success("%s validated for %s", _share(len(known), total), name)
    if unknown:
        logger.warning("%s not validated for %s: %s", _share(len(unknown), total), name, _listed(unknown))
    if not known and terms.is_empty():
        hint = (
            ", for instance from a public ontology with .import_source()"
            if hasattr(terms.registry, "import_source")
            else ""
        )
        logger.warning("Your %s registry is empty, consider populating it first!%s", terms.registry.__name__, hint)


def _share(number: int, total: int) -> str:
    noun, verb = ("term", "is") if number == 1 else ("terms", "are")
    return f"{number} unique {noun} ({100 * number / total:.2f}%) {verb}"


def _log_next_steps(
    terms: Terms, name: str, result: InspectResult, from_source: bool, organism: Any, source: Any
) -> None:
    """Say what helps: standardize, take records from the public source, or create them."""
    registry = terms.registry.__name__
    if result.synonyms_mapper:
        spelled = any(value.lower() == term.lower() for value, term in result.synonyms_mapper.items())
        number = len(result.synonyms_mapper)
        logger.warning(
            "   detected %d unique %s with %ssynonym%s: %s\n→  standardize terms via .standardize()",
            number, "term" if number == 1 else "terms", "inconsistent casing/" if spelled else "",
            "" if number == 1 else "s", _listed(result.synonyms_mapper),
        )  # fmt: skip
    rest = [value for value in result.non_validated if value not in result.synonyms_mapper and isinstance(value, str)]
    if not rest:
        return
    vocabularies = Vocabularies(terms.registry, organism, source) if from_source else None
    if vocabularies:
        known = vocabularies.known(rest, name)
        public = [value for value in rest if value in known]
        if public:
            logger.warning(
                "   detected %d %s terms in public source for %s: %s\n"
                "→  add records from public source to your %s registry via .from_values()",
                len(public), registry, name, _listed(public), registry,
            )  # fmt: skip
        obsolete = vocabularies.obsolete([value for value in rest if value not in known], name)
        for value, replacement in obsolete.items():
            logger.warning(
                "   '%s' is obsolete, %s",
                value,
                f"replaced by '{replacement}'" if replacement else "without replacement",
            )
        rest = [value for value in rest if value not in known and value not in obsolete]
        synonyms = vocabularies.synonyms(rest, name)
        if synonyms:
            logger.warning(
                "   detected %d %s %s in public source as synonym%s: %s\n"
                "→  add records from public source to your %s registry via .from_values()",
                len(synonyms), registry, *(("term", "") if len(synonyms) == 1 else ("terms", "s")), _listed(synonyms), registry,
            )  # fmt: skip
            rest = [value for value in rest if value not in synonyms]
    elif vocabularies is not None and hasattr(terms.registry, "public"):
        logger.warning("no public source found, skipping source validation")
    if rest:
        logger.warning(
            "   couldn't validate %d %s: %s\n→  if you are sure, create new records via %s() and save to your registry",
            len(rest), "term" if len(rest) == 1 else "terms", _listed(rest), registry,
        )  # fmt: skip


def _log_standardized(terms: Terms, given: ValueList, mapper: dict[Any, Any], exact: dict[Any, Any]) -> None:
    if given.unique:
        done = len(set(mapper) | set(exact))
        logger.info("standardized %d/%d %s", done, len(given.unique), "term" if len(given.unique) == 1 else "terms")


def _log_loaded(terms: Terms, found: dict[Any, list[Any]], how: str, mute: bool) -> None:
    if found and not mute:
        number = sum(len(records) for records in found.values())
        logger.success("loaded %s %s: %s", _count(terms, number), how, _listed(found))


def _warn_dropped(terms: Terms, name: str, dropped: list[Any]) -> None:
    if dropped:
        number = len(dropped)
        logger.info(
            "did not create %s for %d non-validated %s%s: %s",
            f"{terms.registry.__name__} record{'' if number == 1 else 's'}", number, name,
            "" if number == 1 else "s", _listed(dropped, _MAX_LISTED_DROPPED),
        )  # fmt: skip
