"""What the curators of AnnData, MuData, SpatialData and experiments share: objects, paths and artifacts as datasets, and the tables of their slots."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.curators.component import ComponentCurator
from lamindb.curators.curator import SlotsCurator
from lamindb.curators.mappings import table_of_mapping, write_values
from lamindb.errors import InvalidArgument
from lamindb_anndata.curator_slots import SlotData
from lamindb_anndata.curator_tables import StoredMappingTable, is_storable

if TYPE_CHECKING:
    from lamindb.models import Artifact, Schema


class DatasetCurator(SlotsCurator):
    """Base of the curators of this family of formats: of an object in memory, of a path, or of an artifact.

    Paths and stored artifacts are read lazily: only what the schema is about. They are not changed.
    """

    #: What messages call such a dataset.
    _words = ""

    def __init__(self, dataset: Any, schema: Schema, **options: Any) -> None:
        from lamindb.storage.roots import is_path

        self._store: Any = None
        self._path = dataset if is_path(dataset) else None
        try:
            super().__init__(dataset, schema, **options)
        except BaseException:
            self._close()
            raise

    @property
    def data_to_store(self) -> Any:
        """The path that was passed, else the object."""
        return self._dataset if self._path is None else self._path

    def validate(self) -> None:
        """Validate all slots.

        Raises:
            ValidationError: that lists the problems of all slots; `error.report` is the report.
        """
        try:
            super().validate()
        finally:
            self._close()

    # -- what formats say

    def _open(self, path: Any) -> Any:
        """Open a store of this format; it has `close()` and `closed`."""
        raise NotImplementedError

    def _is_of_format(self, store: Any) -> bool:
        """Tell whether an open store holds such a dataset."""
        raise NotImplementedError

    def _slot_data(self, slot: str, *, transposed: bool) -> SlotData:
        """Return what a slot is."""
        raise NotImplementedError

    def _mapping_to_write(self, slot: str) -> Any:
        """Return the dictionary in memory that a slot is."""
        raise NotImplementedError

    def _give_back(self, slot: str, table: Any) -> None:
        """Put a changed table into the object, if changing it in place isn't enough."""

    def _is_transposed(self, slot: str, schema: Schema) -> bool:
        """Tell whether the names of an axis are what the schema is about, although the slot doesn't say so."""
        if slot.rpartition(":")[2] != "var" or is_of_features(schema):
            return False
        logger.warning(
            "auto-transposed `var` for backward compat, please indicate transposition in the schema definition by calling out `.T`: "
            "slots={'%s.T': itype=%s}",
            slot,
            schema.itype,
        )
        return True

    # -- datasets

    @property
    def _opened(self) -> Any:
        """The open store."""
        if self._store is None or self._store.closed:
            self._store = self._open_store()
            if not self._is_of_format(self._store):
                self._close()
                raise InvalidArgument(
                    f"dataset must be {self._words}-like. {self._path or self._artifact} holds something else"
                )
        return self._store

    def _open_store(self) -> Any:
        if self._path is None:
            assert self._artifact is not None
            return self._artifact.open(is_run_input=False)
        path = _as_path(self._path)
        try:
            return self._open(path)
        except (OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError) and not (isinstance(path, Path) and path.exists()):
                raise
            raise InvalidArgument(f"dataset must be {self._words}-like. {self._path} can't be read: {error}") from error

    @property
    def _is_stored(self) -> bool:
        return self._path is not None or self._dataset is self._artifact

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _open_artifact(self, artifact: Artifact) -> Any:
        memory = artifact.__dict__.get("_memory")
        if memory is not None:
            return memory
        if artifact.otype not in (None, self.otype):
            raise InvalidArgument(
                f"Cannot load or open artifact of this type: {artifact.otype}, this curator takes {self.otype}"
            )
        self._dataset = artifact
        try:
            self._opened  # noqa: B018
        except InvalidArgument:
            raise
        except (OSError, ValueError, KeyError) as error:
            logger.warning("can't open %s lazily, hence it is loaded into memory: %s", artifact.uid, error)
            return artifact.load(is_run_input=False)
        if artifact.storage.type != "local" and artifact.__dict__.get("_local_source") is None:
            logger.important("opened remote artifact for streaming during validation")
        return artifact

    def _check_dataset(self) -> None:
        if self._path is not None:
            path = _as_path(self._path)
            if isinstance(path, Path) and not path.exists():
                raise FileNotFoundError(f"There is no file or folder {path}: pass an object or an existing path")
            self._opened  # noqa: B018
        elif not self._is_stored:
            super()._check_dataset()

    # -- slots

    def _make_component(self, slot: str, schema: Schema) -> ComponentCurator:
        transposed = self._is_transposed(slot, schema)
        data = self._slot_data(slot, transposed=transposed)
        key = self._name_of_identifiers(slot, transposed)
        if data.mapping is None:
            component = ComponentCurator(
                data.table.data, schema, slot=slot, table=data.table, identifier_key=key, **self._table_options()
            )
        else:
            found = table_of_mapping(data.mapping)
            table: dict[str, Any] = {"table": StoredMappingTable(found.frame)} if data.is_stored else {}
            component = ComponentCurator(
                found.frame, schema, slot=slot, texts_are_categories=True, several_values=found.several_values,
                identifier_key="keys", **table,
            )  # fmt: skip
        component._artifact = self._artifact
        return component

    def _name_of_identifiers(self, slot: str, transposed: bool) -> str:
        return self._identifier_key(f"{slot}.T" if transposed else slot)

    def _table_options(self) -> dict[str, Any]:
        return {}

    def _put_back(self) -> None:
        """Give what was converted and standardised to the object; most was changed in place."""
        for slot, component in self._slots.items():
            if not component.is_changed:
                continue
            component.is_changed = False
            if component.identifier_key == "keys":
                target = self._mapping_to_write(slot)
                before = dict(target)
                write_values(component, target)
                for name in component.table.column_names:
                    if name in before and not is_storable(component.table.series(name)):
                        target[name] = before[name]
            else:
                self._give_back(slot, component.table.data)


def is_of_features(schema: Any) -> bool:
    return (schema.itype or "Feature").partition("[")[0].partition(".")[0] == "Feature"


def _as_path(path: Any) -> Any:
    """Return a local path, or the path of a remote object with the credentials that are known for it."""
    from lamindb.storage.roots import path_as_text
    from lamindb.storage.upath import create_path

    if isinstance(path, Path):
        return path.expanduser()
    made = create_path(path) if isinstance(path, str) else path
    text = path_as_text(made)
    return (
        made
        if "://" in text and not text.startswith(("file://", "local://"))
        else Path(text.partition("://")[2] or text)
    )
