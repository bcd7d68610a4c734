"""Recognises, writes, loads, opens and counts MuData on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb_anndata.frames import index_length
from lamindb_anndata.stores import AnyPath, BackedAccessor, is_zarr, open_store


def holds_mudata(path: AnyPath) -> bool:
    """Tell from its content whether an HDF5 file or zarr store is a MuData."""
    try:
        with open_store(path) as backed:
            return is_mudata(backed.storage)
    except Exception:
        return False  # what can't be opened is something else, and whoever loads it says what is wrong


def is_mudata(root: Any) -> bool:
    """Tell whether an open HDF5 file or zarr group is a MuData; early files have no attribute that says so."""
    encoding = str(root.attrs.get("encoding-type", ""))
    return encoding.lower() == "mudata" or (not encoding and "mod" in root and "obs" in root)


def write(mdata: Any, path: Path, **kwargs: Any) -> None:
    """Write a MuData to a new `.h5mu` file or zarr store, as the suffix says.

    Args:
        mdata: the object.
        path: where to write.
        **kwargs: passed to `MuData.write_h5mu` or `MuData.write_zarr`.
    """
    if is_zarr(path):
        mdata.write_zarr(path, **kwargs)
    else:
        mdata.write_h5mu(path, **kwargs)


def load(path: Path, **kwargs: Any) -> Any:
    """Load a `.h5mu` file or zarr store into memory.

    Raises:
        ValueError: if it is no MuData.
    """
    import mudata

    if is_zarr(path):
        if not holds_mudata(path):
            raise ValueError("Unable to determine zarr store format and therefore cannot load Artifact.")
        return mudata.read_zarr(str(path), **kwargs)
    return mudata.read_h5mu(path, **kwargs)


def open_mudata(path: AnyPath, mode: str = "r", **kwargs: Any) -> BackedAccessor:
    """Open a MuData as the store that it is: its modalities are in the group `mod`.

    Args:
        path: local or remote path.
        mode: `"r"`.
        **kwargs: passed to the opener of HDF5 files.
    """
    return open_store(path, mode, **kwargs)


def count_observations(data: Any) -> int | None:
    """Return the number of observations of a MuData in memory, or of a stored one without reading its values."""
    if hasattr(data, "n_obs"):
        return int(data.n_obs)
    with open_store(data) as backed:
        return index_length(backed.storage["obs"]) if is_mudata(backed.storage) else None
