"""The curator of TileDB-SOMA experiments: their tables are read column by column, some rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from lamindb.errors import InvalidArgument
from lamindb_anndata.curator_base import DatasetCurator, is_of_features
from lamindb_anndata.curator_slots import SlotData
from lamindb_anndata.curator_tables import Part, StoredNamesTable, scan_parts

#: Columns that TileDB-SOMA itself needs.
_OF_SOMA = ("soma_joinid", "obs_id")


class TiledbsomaExperimentCurator(DatasetCurator):
    """Curates a TileDB-SOMA experiment: `obs`, and `var` of its measurements. Matrices are not touched.

    Args:
        dataset: a `tiledbsoma.Experiment` that is open for reading, a path that ends in `.tiledbsoma`, or an artifact of one.
        schema: schema with `otype="tiledbsoma"` and the slots `obs`, `ms:<measurement>`, `ms:<measurement>.T`, `__external__`. With the suffix `.T`, a
            schema of a registry such as `bt.Gene.ensembl_gene_id` is about the ids of the variables; a schema of features is about columns.
        features: values for the slot `__external__`.

    Raises:
        InvalidArgument: if the dataset is no experiment, the schema is one of something else, or a measurement is missing.
        ValueError: if the schema is not saved.

    Example:
        >>> artifact = ln.curators.TiledbsomaExperimentCurator(experiment, schema).save_artifact(key="atlas.tiledbsoma")  # doctest: +SKIP
    """

    otype = "tiledbsoma"
    _words = "SOMAExperiment"

    def _open(self, path: Any) -> Any:
        from lamindb_tiledbsoma.stores import open_soma

        try:
            return open_soma(path)
        except Exception as error:
            raise InvalidArgument(f"dataset must be SOMAExperiment-like. {path} can't be opened: {error}") from error

    def _is_of_format(self, store: Any) -> bool:
        return getattr(store, "soma_type", None) == "SOMAExperiment"

    def _check_dataset(self) -> None:
        if not self._is_stored and not self._is_of_format(self._dataset):
            raise InvalidArgument(f"dataset must be SOMAExperiment-like. It is {type(self._dataset).__qualname__}")
        if self._is_stored:
            super()._check_dataset()

    def _is_transposed(self, slot: str, schema: Any) -> bool:
        """The suffix alone doesn't transpose: schemas of features are about columns, also with it."""
        return slot.endswith(".T") and not is_of_features(schema)

    def _name_of_identifiers(self, slot: str, transposed: bool) -> str:
        return "var_index" if transposed else "columns"

    def _table_options(self) -> dict[str, Any]:
        return {"texts_are_categories": True}  # columns of ids can't be categorical in these stores

    def _slot_data(self, slot: str, *, transposed: bool) -> SlotData:
        def experiment() -> Any:
            return self._opened if self._is_stored else self._dataset

        return _slot_of(experiment, slot, transposed=transposed)

    def _mapping_to_write(self, slot: str) -> Any:
        raise InvalidArgument(f"The slot {slot!r} is in a store, which is not changed")


def get_table(dataset: Any, slot: str) -> Any:
    """Return the table of a slot of an open experiment, as a `SomaTable`.

    Raises:
        InvalidArgument: if there is no such measurement.
    """
    return _slot_of(lambda: dataset, slot).table


def slots(dataset: Any) -> list[str]:
    """Return the slots of an open experiment."""
    return ["obs", *(f"ms:{name}" for name in dataset.ms)]


class SomaTable:
    """A table of an experiment; nothing changes.

    Args:
        read: returns the open `tiledbsoma.DataFrame`.
    """

    def __init__(self, read: Callable[[], Any]) -> None:
        self._read = read
        self.data: Any = None
        opened = read()
        self._names = [name for name in opened.schema.names if name not in _OF_SOMA]
        self.n_rows = int(opened.count)

    @property
    def column_names(self) -> list[Any]:
        """Names of the columns."""
        return list(self._names)

    def series(self, name: Any) -> Any:
        """Return a column as a `pandas.Series`; it is read as a whole."""
        from lamindb.curators.frames import arrow_series

        return arrow_series(self._read().read(column_names=[name]).concat().column(name), name)

    def index(self) -> Any:
        """Return the ids, which stand for an index."""
        import pandas as pd

        opened = self._read()
        name = "obs_id" if "obs_id" in opened.schema.names else _name_of_ids(opened)
        return pd.Series(opened.read(column_names=[name]).concat().column(name).to_pandas(), name=name)

    def replace(self, name: str, series: Any) -> None:
        """Refuse: stored data is not changed."""
        raise RuntimeError(f"Column {name!r} is in a store, which is not changed: write a new experiment")

    def scan(self, plan: Any, client: Any = None) -> Any:
        """Look at the columns that are in the plan, some rows at a time."""
        return scan_parts(self.column_names, plan, self._parts(plan))

    def _parts(self, plan: Any) -> Iterator[Part]:

        there = set(self._names)
        wanted = [column.name for column in plan.columns if column.name in there]
        opened = self._read()
        ids = [] if plan.index is None else [self.index().name]
        if not wanted and not ids:
            yield self.n_rows, self.series, self.index
            return
        seen = False
        for batch in opened.read(column_names=[*wanted, *ids]):
            seen = True
            yield batch.num_rows, partial(_series_of, batch), partial(_index_of, batch, ids)
        if not seen:
            yield 0, self.series, self.index


def _series_of(batch: Any, name: str) -> Any:
    """Return a column of some rows, as the whole table would give it."""
    from lamindb.curators.frames import arrow_series

    return arrow_series(batch.column(name), name)


def _index_of(batch: Any, ids: list[str]) -> Any:
    """Return the ids of some rows."""
    import pandas as pd

    return pd.Series(batch.column(ids[0]).to_pandas(), name=ids[0])


def _slot_of(experiment: Callable[[], Any], slot: str, *, transposed: bool = False) -> SlotData:
    first, _, measurement = slot.partition(":")
    if first != "ms" or not measurement:
        if slot != "obs":
            raise InvalidArgument(
                f"Slot {slot!r} is no part of an experiment: there are {', '.join(map(repr, slots(experiment())))}"
            )
        return SlotData(SomaTable(lambda: experiment().obs), is_stored=True)
    name = measurement.removesuffix(".T")
    known = list(experiment().ms)
    if name not in known:
        raise InvalidArgument(
            f"Measurement '{name}' not found in the experiment, which has {', '.join(map(repr, known)) or 'none'}"
        )
    table = SomaTable(lambda: experiment().ms[name].var)
    if not transposed:
        return SlotData(table, is_stored=True)
    ids = table.series(_name_of_ids(experiment().ms[name].var)).tolist()

    def frame() -> Any:
        return experiment().ms[name].var.read().concat().to_pandas().set_index(_name_of_ids(experiment().ms[name].var))

    return SlotData(StoredNamesTable(frame, ids, table.column_names), is_stored=True)


def _name_of_ids(opened: Any) -> str:
    """Return the column with the ids of variables: `var_id`, or the first one with texts."""
    import pyarrow as pa

    names = opened.schema.names
    if "var_id" in names:
        return "var_id"
    texts = [
        field.name for field in opened.schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    ]
    if not texts:
        raise InvalidArgument(f"{opened.uri} has no column of ids: there are {', '.join(names)}")
    return str(texts[0])
