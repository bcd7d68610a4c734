"""Lazy view of a stored SpatialData: its tables, each as a lazy AnnData."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from lamindb_anndata.accessor import AnnDataAccessor
from lamindb_anndata.stores import AnyPath, BackedAccessor, open_store
from lamindb_spatialdata.files import is_spatialdata


def open_spatialdata(
    path: AnyPath, mode: str = "r", *, on_change: Callable[[], None] | None = None
) -> SpatialDataAccessor | BackedAccessor:
    """Open a SpatialData lazily; a store that holds something else is opened as it is.

    Args:
        path: local or remote zarr store.
        mode: `"r"`, or `"r+"`, with which columns can be added to tables.
        on_change: called after a changed table was closed.
    """
    backed = open_store(path, mode)
    if not is_spatialdata(backed.storage):
        return backed
    return SpatialDataAccessor(backed, name=str(path).rstrip("/").rpartition("/")[2], on_change=on_change)


class SpatialDataAccessor:
    """Lazy view of a stored SpatialData.

    Attributes:
        name: name of the store.
        tables: the tables by name, each an `AnnDataAccessor`.
    """

    def __init__(self, backed: BackedAccessor, *, name: str, on_change: Callable[[], None] | None = None) -> None:
        self._backed, self.name = backed, name
        self.tables = TablesAccessor(backed, name, on_change)

    @property
    def storage(self) -> Any:
        """The `zarr.Group`."""
        return self._backed.storage

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._backed.closed

    def close(self) -> None:
        """Close the tables and the store."""
        self.tables.close()
        self._backed.close()

    def __enter__(self) -> SpatialDataAccessor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "\n".join(
            [
                f"SpatialDataAccessor object constructed for the SpatialData object {self.name}",
                f"  with tables: {self.tables.keys()}",
            ]
        )


class TablesAccessor:
    """The tables of a stored SpatialData by name."""

    def __init__(self, backed: BackedAccessor, name: str, on_change: Callable[[], None] | None) -> None:
        self._backed, self._name, self._on_change = backed, name, on_change
        self._open: list[AnnDataAccessor] = []

    @property
    def _group(self) -> Any:
        if self._backed.closed:
            raise ValueError(f"The store of {self._name} is closed: open the artifact again with artifact.open()")
        storage = self._backed.storage
        # before spatialdata 0.1 there was one table, in the group `table`
        return storage.get("tables", storage.get("table", {}))

    def keys(self) -> list[str]:
        """Return the names of the tables."""
        return list(self._group)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __contains__(self, name: object) -> bool:
        return name in self.keys()

    def __getitem__(self, name: str) -> AnnDataAccessor:
        group = self._group
        if name not in group:
            raise KeyError(f"{self._name} has no table {name!r}, only {', '.join(self.keys()) or 'none'}")
        opened = AnnDataAccessor.of_group(group[name], name=f"{self._name}/tables/{name}", on_change=self._on_change)
        self._open.append(opened)
        return opened

    def close(self) -> None:
        """Close the tables that were opened."""
        while self._open:
            self._open.pop().close()

    def __repr__(self) -> str:
        return f"Accessor for the SpatialData attribute tables\n  with keys: {self.keys()}"
