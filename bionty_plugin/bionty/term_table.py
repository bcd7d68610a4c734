"""One vocabulary in memory: columns as they are asked for, and indexes from values to rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns that tell about terms, besides those that fill fields of records.
OBSOLETE, REPLACED_BY, ALTERNATIVES = "deprecated", "replaced_by", "alternative_ids"
_OBSOLETE_PREFIXES = ("obsolete ", "obsolete_")


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
        return {name: self.column(name)[position] for name in names or self.names}

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

    def forget_columns(self) -> None:
        """Free the lists of columns; they are made again when somebody asks for them."""
        self._columns.clear()

    def replacement_of(self, position: int) -> int | None:
        """Return the row that replaces an obsolete one, through replacements that are obsolete themselves."""
        seen = {position}
        while True:
            target = self.column(REPLACED_BY)[position]
            rows = self.positions("ontology_id").get(target, ()) if target else ()
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
        found: dict[str, int] = {}
        for position, (name, obsolete) in enumerate(zip(self.column("name"), self.is_obsolete, strict=True)):
            if obsolete and isinstance(name, str) and name.lower().startswith(_OBSOLETE_PREFIXES):
                found.setdefault(name[len("obsolete ") :].strip(), position)
        return found

    # other spellings --------------------------------------------------------------------------------------------------

    def spelled(
        self, value: str, name: str, *, synonyms: str | None = "synonyms", case_sensitive: bool = False
    ) -> list[int]:
        """Return the rows that a value stands for: by another case of the column, else by a synonym."""
        by_case, by_synonym, by_folded = self._index_of_spellings(name, synonyms)
        folded = value.lower()
        if not case_sensitive and folded in by_case:
            return by_case[folded]
        if value in by_synonym:
            return by_synonym[value]
        return [] if case_sensitive else by_folded.get(folded, [])

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
