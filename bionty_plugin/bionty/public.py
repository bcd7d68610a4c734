"""`PublicOntology`: a public vocabulary to look things up in, without any registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bionty import loading, manifest
from bionty.entities import entity_named
from bionty.term_table import SourceSpec, TermTable
from lamindb.base.logging import logger

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

#: From here on a look-up takes long.
_MANY_TERMS = 500_000
_INTERNAL = ("deprecated", "replaced_by", "alternative_ids")


class PublicOntologyField(str):
    """Name of a column, usable as `field=`."""

    def __repr__(self) -> str:
        return str(self)


class PublicOntology:
    """One version of a public vocabulary.

    Args:
        source: short name, such as `"cl"`; default: the first one of the entity.
        version: default: the latest one of the manifest.
        organism: organism, or `"all"`.
        entity: what it holds, such as `"CellType"`.
        include_id_prefixes: source -> beginnings of the identifiers to keep, of terms and of parents.
        include_rel: a relation besides `is_a` whose targets count as parents; it is read from the ontology file.
        ols_supported: look a source that the manifest does not list up.
        filter_prefix: let `to_dataframe` leave out terms that the source imported from others.

    Raises:
        ValueError: if no source fits.
        SourceUnavailable: if its table can't be read.

    Example:
        >>> bionty.base.CellType().search("T cell").head(3)  # doctest: +SKIP
    """

    #: Set by the classes of `bionty.base`.
    _entity: str | None = None

    def __init__(
        self,
        source: str | None = None,
        version: str | None = None,
        organism: str | None = None,
        *,
        include_id_prefixes: dict[str, list[str]] | None = None,
        include_rel: str | None = None,
        entity: str | None = None,
        ols_supported: bool = True,
        filter_prefix: bool = True,
    ) -> None:
        name = entity or self._entity
        if name is None:
            raise ValueError("PublicOntology() needs the entity: pass entity='CellType', or use bionty.base.CellType()")
        spec = _find_spec(name, source, version, organism, ols_supported)
        table = loading.load(spec) if include_rel is None else loading.load_with_relation(spec, include_rel)
        prefixes = (include_id_prefixes or {}).get(spec.name)
        self._start(spec, table if prefixes is None else table.with_prefixes(tuple(prefixes)), filter_prefix)

    @classmethod
    def _of(cls, spec: SourceSpec, table: TermTable) -> Any:
        made = cls.__new__(cls)
        made._start(spec, table, True)
        return made

    def _start(self, spec: SourceSpec, table: TermTable, filter_prefix: bool) -> None:
        self._spec, self._table, self._filter_prefix = spec, table, filter_prefix
        self._field_positions = None
        for name in table.names:
            if name.isidentifier() and not hasattr(type(self), name):
                setattr(self, name, PublicOntologyField(name))

    def __repr__(self) -> str:
        lines = [
            "PublicOntology",
            f"Entity: {self._shown_entity}",
            f"Organism: {self.organism}",
            f"Source: {self.source}, {self.version}",
            f"#terms: {len(self._table)}",
        ]
        if self._table.is_extract:
            lines.append("(an extract; see bt.settings.sources_mirror)")
        return "\n".join(lines) + "\n"

    @property
    def _shown_entity(self) -> str:
        return self._spec.entity.rpartition(".")[2]

    @property
    def organism(self) -> str:
        """Organism of the vocabulary, or `"all"`."""
        return self._spec.organism

    @property
    def source(self) -> str:
        """Short name of the source."""
        return self._spec.name

    @property
    def version(self) -> str:
        """Version of the source."""
        return self._spec.version

    @property
    def fields(self) -> set[str]:
        """Names of the columns."""
        return set(self._table.names)

    def to_dataframe(self) -> pd.DataFrame:
        """Return the terms as a data frame: those of the source's own, indexed by `ontology_id` (organisms: by `name`)."""
        frame = self._table.data.to_pandas()
        if self._spec.entity.rpartition(".")[2] == "Organism" and "name" in frame.columns:
            return frame.set_index("name")
        if "ontology_id" not in frame.columns:
            return frame
        if self._filter_prefix and self._table.has_own_prefix:
            frame = frame[[self._table.own(identifier) for identifier in frame["ontology_id"]]]
        return frame.set_index("ontology_id")

    def df(self) -> pd.DataFrame:
        """Former name of `to_dataframe`."""
        return self.to_dataframe()

    def lookup(self, field: str | None = None) -> Any:
        """Return an object that completes terms on tab; `dict()` gives them by their value.

        Example:
            >>> bionty.base.CellType().lookup().t_cell  # doctest: +SKIP
        """
        from bionty.lookup import make_lookup

        name = self._field(field, AssertionError)
        if len(self._table) > _MANY_TERMS:
            logger.warning("a look-up of %d terms takes a while; search() finds single ones", len(self._table))
        return make_lookup(self._table, name, self._shown_entity)

    def search(
        self, string: str, *, field: Any = None, limit: int | None = None, case_sensitive: bool = False
    ) -> pd.DataFrame:
        """Return the terms that a piece of text matches, best match first.

        Args:
            string: what to look for; words may be in any order.
            field: column or columns to search (default: all texts).
            limit: greatest number of terms.
            case_sensitive: distinguish upper and lower case.

        Raises:
            KeyError: if there is no such column.
            ValueError: if `string` is `None`.
        """
        import pyarrow as pa

        from bionty.searching import ranked_rows

        names = (
            None
            if field is None
            else [self._field(one, KeyError) for one in ([field] if isinstance(field, str) else field)]
        )
        if string is None:
            raise ValueError("Cannot search for None value! Please pass a valid string.")
        rows = ranked_rows(self._table, string, names, limit, case_sensitive)
        frame = self._table.data.take(pa.array(rows, pa.int64())).to_pandas()
        return frame.set_index("ontology_id") if "ontology_id" in frame.columns else frame

    def validate(self, values: Any, field: str | None = None, *, mute: bool = False) -> np.ndarray:
        """Return for each value whether a term has exactly this value.

        Raises:
            KeyError: if there is no such column.
            TypeError: if numbers are compared with texts.
        """
        import numpy as np

        from lamindb.annotation.value_lists import read_values

        name = self._field(field, KeyError)
        given = read_values(values)
        self._check_kind(given.unique, name)
        known = self._known(given.unique, name)
        if not mute:
            logger.info("%d of %d unique values are validated for %s", len(known), len(given.unique), name)
        return np.fromiter((value in known for value in given.values), dtype=bool, count=len(given.values))

    def inspect(
        self,
        values: Any,
        field: str | None = None,
        *,
        standardize: bool = True,
        mute: bool = False,
        return_df: bool = False,
    ) -> Any:
        """Tell which values are terms and what the others could be.

        Returns:
            An `InspectResult`; with `return_df` its data frame.
        """
        from lamindb.annotation.registry_values import InspectResult
        from lamindb.annotation.value_lists import read_values

        name = self._field(field, KeyError)
        given = read_values(values)
        self._check_kind(given.unique, name)
        known = self._known(given.unique, name)
        mapper = (
            self._mapper([v for v in given.unique if v not in known and isinstance(v, str)], name)
            if standardize
            else {}
        )
        result = InspectResult(given.values, given.unique, list(known), mapper)
        if not mute:
            self._log(result, name)
        return result.df if return_df else result

    def standardize(
        self,
        values: Any,
        field: str | None = None,
        *,
        return_field: str | None = None,
        return_mapper: bool = False,
        case_sensitive: bool = False,
        mute: bool = False,
        keep: Any = "first",
        synonyms_field: str = "synonyms",
    ) -> Any:
        """Replace other spellings, synonyms and obsolete names by the terms that they stand for.

        Args:
            values: texts.
            field: column of the terms (default: the names).
            return_field: give another column of the terms instead.
            return_mapper: return a dict of what changes instead of a list.
            case_sensitive: distinguish upper and lower case.
            mute: do not log.
            keep: which term an ambiguous synonym stands for: `"first"`, `"last"`, or `False` for a list of all.
            synonyms_field: column with `|`-joined synonyms.

        Raises:
            AssertionError: if there is no such column.
        """
        from lamindb.annotation.value_lists import read_values

        if keep not in ("first", "last", False):
            raise ValueError(f"keep must be 'first', 'last' or False, not {keep!r}")
        name = self._field(field, AssertionError)
        target = name if return_field is None else self._field(return_field, AssertionError)
        given = read_values(values)
        table = self._table
        known = table.rows_of(name, given.unique)
        rows_of = {value: [r for r in rows if not table.is_obsolete[r]] for value, rows in known.items()}
        unknown = [value for value in given.unique if not rows_of.get(value) and isinstance(value, str)]
        synonyms = synonyms_field if synonyms_field in table.names else None
        spelled = table.spelled(unknown, name, synonyms=synonyms, case_sensitive=case_sensitive)
        mapper: dict[str, Any] = {}
        for value in given.unique:
            rows = rows_of.get(value)
            if rows and target == name:
                continue
            if not rows and isinstance(value, str):
                rows = spelled.get(value) or self._replacing(value, name)
            found = [table.value(target, row) for row in rows or ()]
            terms = list(dict.fromkeys(term for term in found if term is not None))
            if terms:
                several = keep is False and len(terms) > 1
                mapper[value] = terms if several else terms[-1] if keep == "last" else terms[0]
        if not mute:
            done = sum(value in mapper or value in known for value in given.unique)
            logger.info("standardized %d/%d terms", done, len(given.unique))
            if any(isinstance(term, list) for term in mapper.values()):
                logger.warning("some values stand for several terms: the result holds lists for them")
        if return_mapper:
            return mapper
        result = [mapper.get(value, value) for value in given.values]
        return result[0] if given.is_single else result

    def diff(self, compare_to: PublicOntology, **kwargs: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Compare with another version of the same source.

        Args:
            compare_to: the other version.
            **kwargs: of `pandas.DataFrame.compare`.

        Returns:
            The rows that only one of both versions has (a changed term twice), and the differences of terms that both have. What was
            added and removed is logged, and in `attrs` of the first data frame (`"added"`, `"removed"`, `"modified"`).

        Raises:
            ValueError: unless both are versions of one source.
        """
        from bionty.comparing import compare

        return compare(self, compare_to, **kwargs)

    def to_pronto(self, mute: bool = False) -> Any:
        """Return the ontology as an object of the package pronto, read from the file as it is published.

        Raises:
            ImportError: if pronto is not installed.
        """
        from bionty.with_pronto import to_pronto

        return to_pronto(self._spec, mute=mute)

    def clear_cache(self) -> None:
        """Delete the cached table and file of this vocabulary."""
        for path in loading.cached_files(self._spec):
            path.unlink(missing_ok=True)
            if not path.name.endswith(".note"):
                logger.success("deleted %s", path)
        loading.forget_tables()

    # helpers ----------------------------------------------------------------------------------------------------------

    def _field(self, field: str | None, error: type[Exception]) -> str:
        names = self._table.names
        if field is None:
            for name in ("name", "symbol"):
                if name in names:
                    return name
            raise ValueError(f"Please specify a field! It is one of: {', '.join(names)}")
        name = field if isinstance(field, str) else getattr(getattr(field, "field", None), "name", str(field))
        if name not in names:
            import difflib

            near = difflib.get_close_matches(name, names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(names)}"
            raise error(f"No {name} column exists!{hint}")
        return str(name)

    def _known(self, values: list[Any], name: str) -> set[Any]:
        positions, obsolete = self._table.rows_of(name, values), self._table.is_obsolete
        return {value for value, rows in positions.items() if any(not obsolete[row] for row in rows)}

    def _mapper(self, values: list[str], name: str) -> dict[str, str]:
        if name not in ("name", "symbol", "ontology_id"):
            return {}
        spelled = self._table.spelled(values, name) if name != "ontology_id" else {}
        found = {}
        for value in values:
            rows = spelled.get(value) or self._replacing(value, name)
            if rows:
                found[value] = self._table.value(name, rows[0])
        return found

    def _replacing(self, value: str, name: str) -> list[int]:
        """Return the row of the term that an obsolete name or identifier, or an alternative one, was replaced by."""
        table = self._table
        if name == "ontology_id" and value in table.alternatives:
            return [table.alternatives[value]]
        rows = table.rows_of(name, [value]).get(value, ()) if table.has_obsolete else ()
        row = rows[0] if rows else table.former_names.get(value) if name == "name" else None
        replacement = None if row is None or not table.is_obsolete[row] else table.replacement_of(row)
        return [] if replacement is None else [replacement]

    def _check_kind(self, unique: list[Any], name: str) -> None:
        from numbers import Number

        first = self._table.first_value(name)
        if not unique or first is None:
            return
        kinds = ["numeric" if isinstance(one, Number) else "str/categorical" for one in (unique[0], first)]
        if kinds[0] != kinds[1]:
            raise TypeError(f"Type mismatch: identifiers are '{kinds[0]}' but field_values are '{kinds[1]}'.")

    def _log(self, result: Any, name: str) -> None:
        logger.info("received %d unique terms, %d empty/duplicated terms are ignored", result.n_unique, result.n_empty)
        if result.validated:
            logger.success(
                "%d unique terms (%s%%) are validated for %s", len(result.validated), result.frac_validated, name
            )
        if result.non_validated:
            listed = ", ".join(f"'{value}'" for value in result.non_validated[:10])
            share = round(100 - result.frac_validated, 1)
            logger.warning(
                "%d unique terms (%s%%) are not validated for %s: %s", len(result.non_validated), share, name, listed
            )
        if result.synonyms_mapper:
            listed = ", ".join(f"'{value}'" for value in list(result.synonyms_mapper)[:10])
            logger.warning(
                "detected %d unique terms with synonyms: %s → .standardize()", len(result.synonyms_mapper), listed
            )


class StaticReference(PublicOntology):
    """A vocabulary whose table is stored in the instance, or that has none.

    Args:
        source_record: its `bt.Source`.
    """

    def __init__(self, source_record: Any) -> None:
        from bionty import sources

        self._start(sources.spec_of(source_record), sources.table_of(source_record), True)

    @property
    def _shown_entity(self) -> str:
        return "StaticReference"


def public_of(registry: Any, organism: Any = None, source: Any = None) -> Any:
    """Return the vocabulary behind a registry; see `BioRecord.public`."""
    from bionty import base, sources
    from bionty.term_table import empty_table

    used = sources.default_source(registry, organism, source)
    spec = sources.spec_of(used)
    if used.dataframe_artifact_id is not None or registry._meta.app_label != "bionty":
        try:
            return StaticReference(used)
        except FileNotFoundError as error:
            logger.warning("the table of %s is missing: %s", used, error)
            return StaticReference._of(spec, empty_table(spec))
    return getattr(base, registry.__name__)._of(spec, sources.table_of(used))


def _looked_up(name: str, entity: str) -> tuple[manifest.ListedSource | None, str]:
    """Return a source that the manifest does not list, or what keeps us from asking for it."""
    from bionty import ols
    from bionty.online import NotReachable

    if any(one.entity == entity and one.name == name for one in manifest.listed_sources()):
        return None, ""  # listed, for other organisms
    try:
        return ols.find(name, entity), ""
    except NotReachable as error:
        return None, f" (and the ontology lookup service can't be asked: {error})"


def _find_spec(
    entity: str, name: str | None, version: str | None, organism: str | None, ols_supported: bool = True
) -> SourceSpec:
    listed, problem = manifest.find(entity, name=name, organism=organism), ""
    if listed is None and name is not None and ols_supported and not entity_named(entity).is_table_only:
        listed, problem = _looked_up(name, entity)
    if listed is None:
        asked = {"source": name, "organism": organism}
        wanted = {key: value for key, value in asked.items() if value is not None}
        there = sorted({f"{one.name} ({one.organism})" for one in manifest.listed_sources() if one.entity == entity})
        raise ValueError(
            f"No source is available with {wanted} for {entity}{problem}. There are: {', '.join(there) or 'none'}"
        )
    wanted_version = version or listed.version
    return SourceSpec(listed.registry, listed.organism, listed.name, wanted_version, listed.url_of(wanted_version))
