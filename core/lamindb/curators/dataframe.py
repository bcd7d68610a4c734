"""The curator of tables: pandas, polars and pyarrow tables, and files and folders that need not fit into memory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.curators.component import ComponentCurator
from lamindb.curators.curator import SlotsCurator
from lamindb.curators.external import SLOT as EXTERNAL
from lamindb.curators.mappings import nested_value, split_slot, write_values
from lamindb.errors import InvalidArgument

if TYPE_CHECKING:
    from lamindb.curators.categories import DataFrameCatManager
    from lamindb.models import Artifact, Schema

#: Suffixes of files whose columns are read in parts instead of being loaded.
_READ_IN_PARTS = (".parquet", ".feather", ".arrow", ".ipc")


class DataFrameCurator(SlotsCurator):
    """Curates a table.

    Args:
        dataset: a table of pandas, polars or pyarrow, a path of table files (parquet and Arrow files are validated in parts, without
            loading them), or an artifact of one.
        schema: the schema; its slots may be `attrs`, `attrs:key` and `__external__`.
        slot: slot of a larger dataset that the table is, for messages.
        features: values for the slot `__external__`.
        require_saved_schema: whether the schema has to be saved.
        client: `dask.distributed.Client` on which files are validated.

    Raises:
        InvalidArgument: if the dataset is no table.
        ValueError: if the schema is not saved, or has a slot that tables don't have.

    Example:
        >>> curator = ln.curators.DataFrameCurator(df, schema)
        >>> curator.validate()
        >>> artifact = curator.save_artifact(key="samples.parquet")
    """

    otype = "DataFrame"

    def __init__(
        self,
        dataset: Any,
        schema: Schema,
        *,
        slot: str | None = None,
        features: dict[str, Any] | None = None,
        require_saved_schema: bool = True,
        client: Any = None,
    ) -> None:
        self.slot = slot
        self._options: dict[str, Any] = {}
        self._path = dataset if isinstance(dataset, str | os.PathLike) else None
        super().__init__(dataset, schema, features=features, require_saved_schema=require_saved_schema, client=client)

    @property
    def dataset(self) -> Any:
        """The table, converted and standardised where that was asked for."""
        return self._main.table.data

    @property
    def data_to_store(self) -> Any:
        """The path that was passed, if nothing was converted; else the table."""
        return self._path if self._path is not None and not self._main.is_changed else self.dataset

    @property
    def cat(self) -> DataFrameCatManager:
        """The categories of the table: what is not validated, how to fix it."""
        return self._main.cat

    def _check_otype(self) -> None:
        """Any schema can say what the columns of a table are."""

    def _check_dataset(self) -> None:
        self._main = self._make_main()
        self._dataset = self._main.table.data

    def _open_artifact(self, artifact: Artifact) -> Any:
        memory = artifact.__dict__.get("_memory")
        if memory is not None:
            return memory
        if not _is_table(artifact):
            raise InvalidArgument(
                f"Cannot load or open artifact of this type: {artifact.otype or artifact.suffix}, this curator takes tables"
            )
        source = artifact.__dict__.get("_local_source")
        if artifact.suffix in (*_READ_IN_PARTS, ""):
            return source if source is not None else artifact.cache(is_run_input=False)
        if source is not None:
            return source
        logger.important("loading artifact into memory for validation")
        self._options["texts_are_categories"] = True
        return artifact.load(is_run_input=False)

    def _make_main(self) -> ComponentCurator:
        from lamindb.curators.frames import table_of

        table = table_of(self._dataset)
        if table is None and isinstance(self._dataset, str | os.PathLike):
            table = self._table_of_path(self._dataset)
        if table is None:
            raise InvalidArgument(
                f"dataset must be a table of pandas, polars or pyarrow, a path of table files, or an artifact, not "
                f"{type(self._dataset).__module__}.{type(self._dataset).__qualname__}"
            )
        if self._schema.flexible and self._schema.itype is None and not self._schema.slots:
            raise InvalidArgument("The schema says nothing about columns: pass features, or itype=ln.Feature")
        component = ComponentCurator(
            self._dataset, self._schema, slot=self.slot, require_saved_schema=False, table=table, **self._options
        )
        component._artifact = self._artifact
        return component

    def _table_of_path(self, path: Any) -> Any:
        from pathlib import Path

        from lamindb.curators.frames import table_of

        local = Path(os.path.expanduser(os.fspath(path)))
        if not local.exists():
            raise FileNotFoundError(f"There is no file or folder {local}: pass a table or an existing path")
        spec = self._spec()
        found = spec.resolve("get_table")(local, "columns")
        if hasattr(found, "column_names"):
            return found
        self._options["texts_are_categories"] = True
        return table_of(found)

    def _components(self) -> list[ComponentCurator]:
        return [self._main, *self._slots.values()]

    def _make_slots(self) -> dict[str, ComponentCurator]:
        for slot in self._schema.slots:
            if slot != EXTERNAL and split_slot(slot)[0] != "attrs":
                raise ValueError(f"Slot '{slot}' is not supported for DataFrameCurator. Must be 'attrs'.")
        return super()._make_slots()

    def _make_component(self, slot: str, schema: Schema) -> ComponentCurator:
        attributes = getattr(self._main.table.data, "attrs", None)
        if not isinstance(attributes, dict):
            raise InvalidArgument(
                f"The slot {slot!r} is read from the attributes of a pandas.DataFrame (df.attrs), which {type(self._main.table.data).__qualname__} doesn't have"
            )
        from lamindb.curators.mappings import table_of_mapping

        mapping = table_of_mapping(nested_value(attributes, slot, "attrs", split_slot(slot)[1]))
        return ComponentCurator(
            mapping.frame, schema, slot=slot, texts_are_categories=True, several_values=mapping.several_values, identifier_key="keys",
        )  # fmt: skip

    def _put_back(self) -> None:
        """Write converted values of attributes back; columns were replaced in place."""
        for slot, component in self._slots.items():
            if not component.is_changed:
                continue
            target = self._main.table.data.attrs
            for key in split_slot(slot)[1]:
                target = target[key]
            write_values(component, target)
            component.is_changed = False


def _is_table(artifact: Artifact) -> bool:
    """Tell whether an artifact is a table, by its suffix if its type is not known; folders are looked at later."""
    if artifact.otype is not None or not artifact.suffix:
        return artifact.otype in (None, "DataFrame")
    from lamindb.plugins import manager

    data_format = manager.data_format_for_suffix(artifact.suffix)
    return data_format is not None and data_format.otype == "DataFrame"
