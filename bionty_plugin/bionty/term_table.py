"""One vocabulary in memory: columns as they are asked for, and indexes from values to rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns that tell about terms, besides those that fill fields of records.
OBSOLETE, REPLACED_BY, ALTERNATIVES = "deprecated", "replaced_by", "alternative_ids"
_OBSOLETE_PREFIXES = ("obsolete ", "obsolete_")
#: From here on a table is scanned for values, since lists and dictionaries of all its terms would take gigabytes ...
_SCAN_FROM: Final = 500_000
#: ... unless so many values are asked for.
_MANY_VALUES: Final = 100_000


@dataclass(frozen=True)
class SourceSpec:
    """Which table of which source is meant.

    Attributes:
        entity: without module, such as `"CellType"`.
        organism: in lower case.
        name: short name of the source.
        version: its version.
        url: where it is published, if that is known.
    """

    entity: str
    organism: str
    name: str
    version: str
    url: str | None = None

    @property
    def stem(self) -> str:
        """What file names have in common: organism, source, version and entity."""
        organism = self.organism.lower().replace(" ", "-")
        return f"{organism}__{self.name}__{self.version}__{self.entity.rpartition('.')[2]}"

    @property
    def table_name(self) -> str:
        """Name of the file of its table."""
        return f"df_{self.stem}.parquet"

    def __str__(self) -> str:
        return f"{self.name}, {self.version} ({self.entity}, {self.organism})"


class TermTable:
    """The terms of a source.

    Args:
        data: columns as the source has them.
        spec: which source it is.
        origin: where the data came from, for messages.
        is_extract: whether it holds some terms only.
    """

    def __init__(self, data: pa.Table, spec: SourceSpec, origin: str, is_extract: bool = False) -> None:
        self.data = data
        self.spec = spec
        self.origin = origin
        self.is_extract = is_extract
        self._columns: dict[str, list[Any]] = {}
        self._positions: dict[str, dict[Any, list[int]]] = {}
        self._spellings: dict[str, tuple[dict[str, list[int]], dict[str, list[int]], dict[str, list[int]]]] = {}

    def __len__(self) -> int:
        return int(self.data.num_rows)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self.data.column_names)

    def column(self, name: str) -> list[Any]:
        """Return a column as a list; `None`s if there is no such column."""
        if name not in self._columns:
            values = self.data[name].to_pylist() if name in self.data.column_names else [None] * len(self)
            self._columns[name] = values
        return self._columns[name]

    def row(self, position: int, names: Sequence[str] | None = None) -> dict[str, Any]:
        """Return one row."""
        return {name: self.value(name, position) for name in names or self.names}

    def value(self, name: str, position: int) -> Any:
        """Return one value; `None` if there is no such column."""
        if name in self._columns or len(self) < _SCAN_FROM:
            return self.column(name)[position]
        return self.data[name][position].as_py() if name in self.data.column_names else None

    def rows(self, names: Sequence[str], batch_size: int = 50_000) -> Iterator[tuple[Any, ...]]:
        """Yield all rows, without keeping whole columns in memory."""
        missing = [name not in self.data.column_names for name in names]
        for batch in self.data.to_batches(max_chunksize=batch_size):
            columns = [
                [None] * batch.num_rows if absent else batch.column(name).to_pylist()
                for name, absent in zip(names, missing, strict=True)
            ]
            yield from zip(*columns, strict=True)

    def positions(self, name: str) -> dict[Any, list[int]]:
        """Return the rows of each value of a column."""
        if name not in self._positions:
            found: dict[Any, list[int]] = {}
            for position, value in enumerate(self.column(name)):
                if value is not None and value != "":
                    found.setdefault(value, []).append(position)
            self._positions[name] = found
        return self._positions[name]

    def first_value(self, name: str) -> Any:
        """Return the first value of a column that is not empty, or `None`."""
        values = self.data[name].drop_null()
        return values[0].as_py() if len(values) else None

    def rows_of(self, name: str, values: Iterable[Any]) -> dict[Any, list[int]]:
        """Return the rows of those of `values` that a column has."""
        listed = list(values)
        if name in self._positions or not self._is_scanned(name, listed):
            positions = self.positions(name)
            return {value: positions[value] for value in listed if value in positions}
        return _matches(
            self.data[name].combine_chunks(), [value for value in listed if isinstance(value, str) and value]
        )

    def _is_scanned(self, name: str, values: Sequence[Any]) -> bool:
        import pyarrow as pa

        return (
            len(self) >= _SCAN_FROM
            and len(values) <= _MANY_VALUES
            and name in self.data.column_names
            and pa.types.is_string(self.data[name].type)
        )

    # obsolete terms ---------------------------------------------------------------------------------------------------

    @cached_property
    def is_obsolete(self) -> list[bool]:
        """For each row whether the source calls it obsolete: by its flag, or by the beginning of its name."""
        return self.obsolete_mask.to_pylist()

    @cached_property
    def obsolete_mask(self) -> Any:
        """The same as an arrow array of booleans."""
        import pyarrow as pa
        import pyarrow.compute as pc

        mask = pa.chunked_array([pa.repeat(pa.scalar(False), len(self))])
        if OBSOLETE in self.data.column_names and not pa.types.is_null(self.data[OBSOLETE].type):
            mask = pc.fill_null(self.data[OBSOLETE].cast(pa.bool_()), False)
        if "name" in self.data.column_names and pa.types.is_string(self.data["name"].type):
            lowered = pc.utf8_lower(pc.utf8_slice_codeunits(self.data["name"], 0, len(_OBSOLETE_PREFIXES[0])))
            for prefix in _OBSOLETE_PREFIXES:
                mask = pc.or_(mask, pc.fill_null(pc.starts_with(lowered, prefix), False))
        return mask.combine_chunks()

    @cached_property
    def has_obsolete(self) -> bool:
        """Whether some term is obsolete."""
        return bool(self.obsolete_mask.true_count)

    def forget_columns(self) -> None:
        """Free the lists of columns; they are made again when somebody asks for them."""
        self._columns.clear()

    def replacement_of(self, position: int) -> int | None:
        """Return the row that replaces an obsolete one, through replacements that are obsolete themselves."""
        seen = {position}
        while True:
            target = self.value(REPLACED_BY, position)
            rows = self.rows_of("ontology_id", [target]).get(target, ()) if target else ()
            if not rows or rows[0] in seen:
                return None
            position = rows[0]
            if not self.is_obsolete[position]:
                return position
            seen.add(position)

    @cached_property
    def alternatives(self) -> dict[str, int]:
        """The row that each alternative identifier leads to."""
        if ALTERNATIVES not in self.data.column_names:
            return {}
        known = self.positions("ontology_id")
        found: dict[str, int] = {}
        for position, text in enumerate(self.column(ALTERNATIVES)):
            for identifier in text.split("|") if text else ():
                if identifier not in known and not self.is_obsolete[position]:
                    found.setdefault(identifier, position)
        return found

    @cached_property
    def former_names(self) -> dict[str, int]:
        """Rows of obsolete terms by the name that they had before."""
        import pyarrow.compute as pc

        found: dict[str, int] = {}
        positions = pc.indices_nonzero(self.obsolete_mask)
        names = self.data["name"].take(positions).to_pylist() if "name" in self.data.column_names else []
        for position, name in zip(positions.to_pylist(), names, strict=False):
            if isinstance(name, str) and name.lower().startswith(_OBSOLETE_PREFIXES):
                found.setdefault(name[len("obsolete ") :].strip(), position)
        return found

    # other spellings --------------------------------------------------------------------------------------------------

    def spelled(
        self, values: Sequence[str], name: str, *, synonyms: str | None = "synonyms", case_sensitive: bool = False
    ) -> dict[str, list[int]]:
        """Return the rows that values stand for: by another case of the column, else by a synonym."""
        if self._is_scanned(name, values) and f"{name}|{synonyms}" not in self._spellings:
            by_case, by_synonym, by_folded = self._scan_for_spellings(values, name, synonyms)
        else:
            by_case, by_synonym, by_folded = self._index_of_spellings(name, synonyms)
        found: dict[str, list[int]] = {}
        for value in values:
            rows = [] if case_sensitive else by_case.get(value.lower(), [])
            rows = rows or by_synonym.get(value, [])
            rows = rows or ([] if case_sensitive else by_folded.get(value.lower(), []))
            if rows:
                found[value] = rows
        return found

    def _scan_for_spellings(self, values: Sequence[str], name: str, synonyms: str | None) -> Any:
        """Return the same as `_index_of_spellings`, for some values only."""
        import pyarrow as pa
        import pyarrow.compute as pc

        current = pc.invert(self.obsolete_mask)
        names = pc.if_else(current, self.data[name].combine_chunks(), None)
        folded = list({value.lower() for value in values})
        by_case = _matches(pc.utf8_lower(names), folded)
        if synonyms not in self.data.column_names or not pa.types.is_string(self.data[synonyms].type):
            return by_case, {}, {}
        parts = pc.split_pattern(pc.if_else(pc.is_valid(names), self.data[synonyms].combine_chunks(), None), "|")
        rows = pc.list_parent_indices(parts)
        single = pc.utf8_trim_whitespace(pc.list_flatten(parts))
        return by_case, _matches(single, values, rows), _matches(pc.utf8_lower(single), folded, rows)

    def _index_of_spellings(self, name: str, synonyms: str | None) -> Any:
        key = f"{name}|{synonyms}"
        if key not in self._spellings:
            by_case: dict[str, list[int]] = {}
            by_synonym: dict[str, list[int]] = {}
            by_folded: dict[str, list[int]] = {}
            obsolete = self.is_obsolete
            texts = self.column(synonyms) if synonyms else [None] * len(self)
            for position, (term, text) in enumerate(zip(self.column(name), texts, strict=True)):
                if not isinstance(term, str) or obsolete[position]:
                    continue
                by_case.setdefault(term.lower(), []).append(position)
                for part in text.split("|") if text else ():
                    synonym = part.strip()
                    if synonym:
                        by_synonym.setdefault(synonym, []).append(position)
                        folded = synonym.lower()
                        rows = by_folded.setdefault(folded, [])
                        if not rows or rows[-1] != position:
                            rows.append(position)
            self._spellings[key] = (by_case, by_synonym, by_folded)
        return self._spellings[key]

    def with_prefixes(self, prefixes: tuple[str, ...]) -> TermTable:
        """Return the table of the terms whose identifier begins with one of `prefixes`; of their parents, these are kept, too."""
        import pyarrow as pa

        kept = [i for i, identifier in enumerate(self.column("ontology_id")) if (identifier or "").startswith(prefixes)]
        data = self.data.take(pa.array(kept, pa.int64()))
        if "parents" in data.column_names:
            parents = [[p for p in listed or () if p.startswith(prefixes)] for listed in data["parents"].to_pylist()]
            place = data.column_names.index("parents")
            data = data.set_column(place, "parents", pa.array(parents, pa.list_(pa.string())))
        return TermTable(data, self.spec, self.origin, self.is_extract)

    # prefixes ---------------------------------------------------------------------------------------------------------

    def own(self, identifier: str | None) -> bool:
        """Tell whether an identifier is one of the source's own, rather than imported from another ontology."""
        return not self.has_own_prefix or (identifier or "").lower().startswith(self._prefix)

    @property
    def _prefix(self) -> str:
        return f"{self.spec.name.lower()}:"

    @cached_property
    def own_mask(self) -> Any:
        """For each row whether its identifier is one of the source's own, as an arrow array of booleans."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if not self.has_own_prefix:
            return pa.repeat(pa.scalar(True), len(self))
        lowered = pc.utf8_lower(pc.utf8_slice_codeunits(self.data["ontology_id"], 0, len(self._prefix)))
        return pc.fill_null(pc.starts_with(lowered, self._prefix), False).combine_chunks()

    @cached_property
    def has_own_prefix(self) -> bool:
        """Whether some identifier begins with the name of the source; else all terms count as its own."""
        if "ontology_id" not in self.data.column_names:
            return False
        import pyarrow.compute as pc

        if not len(self):
            return False
        lowered = pc.utf8_lower(self.data["ontology_id"])
        return bool(pc.any(pc.starts_with(lowered, self._prefix)).as_py())


def _matches(texts: Any, values: Sequence[str], rows: Any = None) -> dict[Any, list[int]]:
    """Return where an arrow array has each value: positions, or what `rows` says about them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    listed = list(dict.fromkeys(values))
    hits = pc.index_in(texts, value_set=pa.array(listed, pa.string()), skip_nulls=True)
    positions = pc.indices_nonzero(pc.is_valid(hits))
    places = positions if rows is None else rows.take(positions)
    found: dict[Any, list[int]] = {}
    for place, which in zip(places.to_pylist(), hits.take(positions).to_pylist(), strict=True):
        of_value = found.setdefault(listed[which], [])
        if not of_value or of_value[-1] != place:
            of_value.append(place)
    return found


def empty_table(spec: SourceSpec) -> TermTable:
    """Return a table without terms, for sources that have none."""
    import pyarrow as pa

    names = ("ontology_id", "name", "definition", "synonyms")
    columns: dict[str, Any] = {name: pa.array([], pa.string()) for name in names}
    columns["parents"] = pa.array([], pa.list_(pa.string()))
    return TermTable(pa.table(columns), spec, "nowhere: the source has no table")


def unique(values: Iterable[Any]) -> list[Any]:
    """Return distinct values that are not empty, in their order."""
    return [value for value in dict.fromkeys(values) if value is not None and value == value and value != ""]
