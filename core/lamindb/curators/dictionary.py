"""The curator of dictionaries: values of features of artifacts, runs and records, JSON files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.curators.component import ComponentCurator
from lamindb.curators.dataframe import DataFrameCurator
from lamindb.curators.mappings import table_of_mapping, write_values
from lamindb.errors import InvalidArgument

if TYPE_CHECKING:
    from lamindb.models import Artifact, Schema


class DictCurator(DataFrameCurator):
    """Curates a dictionary as a table of one row: keys are columns; lists of categories are several values.

    Args:
        dataset: a dictionary, or an artifact of one (a JSON or YAML file).
        schema: the schema.
        slot: slot of a larger dataset that the dictionary is, for messages.
        require_saved_schema: whether the schema has to be saved.

    Raises:
        InvalidArgument: if the dataset is no dictionary.

    Example:
        >>> ln.curators.DictCurator({"temperature": 21.5}, schema).validate()
    """

    otype = "dict"

    def __init__(
        self, dataset: Any, schema: Schema, slot: str | None = None, require_saved_schema: bool = False, **options: Any
    ) -> None:
        super().__init__(dataset, schema, slot=slot, require_saved_schema=require_saved_schema, **options)

    @property
    def dataset(self) -> Any:
        """The dictionary, with values converted where that was asked for."""
        return self._mapping

    def _open_artifact(self, artifact: Artifact) -> Any:
        memory = artifact.__dict__.get("_memory")
        if memory is None:
            if artifact.otype not in (None, "dict"):
                raise _no_dictionary(artifact.otype)
            logger.important("loading artifact into memory for validation")
            source = artifact.__dict__.get("_local_source")
            memory = artifact.load(is_run_input=False) if source is None else _read(source)
        return memory

    def _make_main(self) -> ComponentCurator:
        if not isinstance(self._dataset, Mapping):
            raise _no_dictionary(type(self._dataset).__name__)
        self._mapping = dict(self._dataset)
        table = table_of_mapping(self._mapping)
        component = ComponentCurator(
            table.frame, self._schema, slot=self.slot, require_saved_schema=False, texts_are_categories=True,
            several_values=table.several_values, identifier_key="keys",
        )  # fmt: skip
        component._artifact = self._artifact
        return component

    def _check_dataset(self) -> None:
        self._main = self._make_main()

    def _put_back(self) -> None:
        """Write converted values back."""
        if self._main.is_changed:
            write_values(self._main, self._mapping)
            self._main.is_changed = False


class ExperimentalDictCurator(DictCurator):
    """Former name of `DictCurator`."""


def _no_dictionary(found: str) -> InvalidArgument:
    return InvalidArgument(f"The dataset must be a dict or dict-like artifact. It is {found}")


def _read(path: Any) -> Any:
    from lamindb.plugins import manager

    data_format = manager.require_data_format(suffix=path.suffix)
    return data_format.resolve("loader")(path)
