"""One table of a dataset and the schema that it is checked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamindb.base.dtypes import Dtype, parse_registry
from lamindb.base.logging import logger
from lamindb.curators.curator import Curator
from lamindb.curators.plan import OWN_COLUMNS, TablePlan
from lamindb.curators.rules import TableRules, for_list_values, read_rules
from lamindb.curators.scan import Cells, Occurrences, TableScan, scan_table
from lamindb.curators.vocabulary import Vector
from lamindb.errors import InvalidArgument, ValidationError

if TYPE_CHECKING:
    from lamindb.curators.categories import DataFrameCatManager
    from lamindb.curators.frames import Table
    from lamindb.models import Schema


class ComponentCurator(Curator):
    """Curates one table. Curators of whole datasets have one for each slot, in `curator.slots`.

    Args:
        dataset: a table of pandas, polars or pyarrow.
        schema: schema of the table.
        slot: slot that the table is, for messages.
        require_saved_schema: whether the schema has to be saved.

    Raises:
        InvalidArgument: if `dataset` is no table, or `schema` no schema.
        ValueError: if the schema is not saved.
    """

    #: What the vector of identifiers is called.
    identifier_key = "columns"

    def __init__(
        self, dataset: Any, schema: Schema, slot: str | None = None, require_saved_schema: bool = True, **options: Any
    ) -> None:
        super().__init__(dataset, schema, require_saved_schema=require_saved_schema)
        self.slot = slot
        self._options = options
        self.table: Table = options.get("table") or self._as_table(dataset)
        self.identifier_key = options.get("identifier_key") or type(self).identifier_key
        self._rules: TableRules | None = options.get("rules")
        self._plan: TablePlan | None = None
        self.scan: TableScan | None = None
        self.vectors: dict[str, Vector] = {}
        self._cat: DataFrameCatManager | None = None
        self.is_changed = False

    @staticmethod
    def _as_table(dataset: Any) -> Table:
        from lamindb.curators.frames import table_of

        table = table_of(dataset)
        if table is None:
            raise InvalidArgument(
                f"dataset must be a table of pandas, polars or pyarrow, not {type(dataset).__module__}.{type(dataset).__qualname__}"
            )
        return table

    @property
    def rules(self) -> TableRules:
        """What the schema asks for, given the columns that are there."""
        if self._rules is None:
            self._rules = read_rules([(self._schema, self.table.column_names)], self._using)[0]
        return self._rules

    @property
    def plan(self) -> TablePlan:
        """The rules as plain data."""
        if self._plan is None:
            plan = self.rules.plan(texts_are_categories=bool(self._options.get("texts_are_categories")))
            several = self._options.get("several_values")
            self._plan = for_list_values(plan, several) if several else plan
        return self._plan

    @property
    def access(self) -> str:
        """How users reach the manager of categories."""
        return f"curator.slots['{self.slot}'].cat" if self.slot else "curator.cat"

    @property
    def cat(self) -> DataFrameCatManager:
        """The manager of the table's categories: what is not validated, how to fix it."""
        from lamindb.curators.categories import DataFrameCatManager

        if self._cat is None:
            self._cat = DataFrameCatManager(self)
        return self._cat

    def validate(self) -> None:
        """Validate the table.

        Raises:
            ValidationError: that lists all problems; `error.report` is the report.
        """
        self._validate([self])

    def standardize(self) -> None:
        """Add missing columns with their default or as missing values, and fill missing values with the default.

        Raises:
            RuntimeError: if the dataset is a stored artifact.
            ValidationError: if a missing column has no default value and may not have missing values.
        """
        from lamindb.curators.standardizing import add_columns_and_defaults

        self._refuse_to_change()
        add_columns_and_defaults(self)
        self._is_validated = False

    def replace(self, name: str, series: Any) -> None:
        """Put a column in the place of the one with this name, or add it."""
        self.table.replace(name, series)
        self.is_changed = True

    def forget_rules(self) -> None:
        """Read what is registered anew when it is needed next."""
        self._rules = self._plan = None

    def look(self, client: Any = None) -> TableScan:
        """Convert what is to be converted, and look at the columns once."""
        uncoerced = self._coerce() if not hasattr(self.table, "scan") else {}
        if hasattr(self.table, "scan"):
            self.scan = self.table.scan(self.plan, client)
        else:
            self.scan = scan_table(self.table, self.plan)
        for name, cells in uncoerced.items():
            self.scan.columns[name].uncoerced = cells
        self.vectors = {vector.key: vector for vector in self._make_vectors(self.scan)}
        return self.scan

    def _coerce(self) -> dict[str, Cells]:
        """Replace columns by converted ones; return the cells that can't be converted."""
        from lamindb.curators.coercion import coerce_series

        there, failed = set(self.table.column_names), {}
        for column in self.plan.columns:
            if not column.coerce or column.name not in there or self.table.column_names.count(column.name) > 1:
                continue
            series = self.table.series(column.name)
            converted, cells = coerce_series(series, column)
            if cells.count:
                failed[column.name] = cells
            elif converted is not series and not (column.texts_are_categories and column.kind == "cat"):
                self._refuse_to_convert(column.name)
                self.replace(column.name, converted)
                logger.debug("converted column %s to %s", column.name, column.dtype)
        return failed

    def _refuse_to_convert(self, name: str) -> None:
        if self._artifact is not None and not self._artifact._state.adding:
            raise ValidationError(
                f"Column '{name}' of the stored artifact {self._artifact.uid} would have to be converted, but stored data doesn't change: "
                "load it, curate the object and save it with revises=artifact"
            )

    def _make_vectors(self, scan: TableScan) -> list[Vector]:
        features = {feature.name: feature for feature in self.rules.features}
        vectors = []
        if self.rules.schema.itype is not None and not self.rules.is_of_features:
            vectors.append(self._identifier_vector(scan))
        for column in self.plan.columns:
            found = scan.columns.get(column.name)
            if column.is_categorical and found is not None:
                vectors.append(Vector(column.name, column.parsed, found.distinct, found.records, features.get(column.name)))  # fmt: skip
        index = self.plan.index
        if index is not None and index.is_categorical and scan.index is not None:
            key = (
                "index" if all(vector.key != "index" for vector in vectors) else "__index__"
            )  # a column may be called so
            vectors.append(Vector(key, index.parsed, scan.index.distinct, feature=self.rules.index))
        return vectors

    def _identifier_vector(self, scan: TableScan) -> Vector:
        itype = parse_registry(self.rules.schema.itype)
        names = (name for name in scan.column_names if not (isinstance(name, str) and OWN_COLUMNS.match(name)))
        values = {name: Occurrences(1, position) for position, name in enumerate(names) if name == name}
        return Vector(self.identifier_key, Dtype("cat", (itype,)), dict(values))

    @property
    def unknown_identifiers(self) -> list[Any]:
        """Column names (or other identifiers) that are not registered, or no members of the schema."""
        if self.identifier_key in self.vectors and not self.rules.is_of_features:
            return self.vectors[self.identifier_key].non_validated
        known = {feature.name for feature in self.rules.features}
        return [
            name
            for name in dict.fromkeys(self.table.column_names)
            if name not in known and not (isinstance(name, str) and OWN_COLUMNS.match(name))
        ]

    def _refuse_to_change(self) -> None:
        if self._artifact is not None and not self._artifact._state.adding:
            raise RuntimeError(
                "Cannot mutate the dataset when an artifact is passed! Load it, curate the object, and save it as a new version: "
                f"data = artifact.load(), of artifact {self._artifact.uid}"
            )
        if hasattr(self.table, "scan"):
            raise RuntimeError("Cannot mutate a dataset that is in files: load it, and curate the object")
