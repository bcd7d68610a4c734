"""Recognises, writes and loads SpatialData on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb_anndata.elements import is_group
from lamindb_anndata.stores import AnyPath, open_store

#: Groups of elements that a store has.
_KINDS = ("tables", "table", "shapes", "points", "images", "labels")


def holds_spatialdata(path: AnyPath) -> bool:
    """Tell from its attributes whether a zarr store is a SpatialData."""
    try:
        with open_store(path) as backed:
            return is_spatialdata(backed.storage)
    except Exception:
        return False  # what can't be opened is something else, and whoever loads it says what is wrong


def is_spatialdata(root: Any) -> bool:
    """Tell whether an open zarr group is a SpatialData; those of releases before 0.3 are known by their elements."""
    if "spatialdata_attrs" in root.attrs:
        return True
    if len(root.attrs):
        return False
    groups = [root[kind] for kind in _KINDS if kind in root and is_group(root[kind])]
    return any(_is_element(group[name]) for group in groups for name in group)


def _is_element(element: Any) -> bool:
    attributes = dict(element.attrs)
    is_of_space = str(attributes.get("encoding-type", "")).startswith("ngff:")
    return is_of_space or "spatialdata-encoding-type" in attributes or "multiscales" in attributes


def write(sdata: Any, path: Path, **kwargs: Any) -> None:
    """Write a SpatialData to a new zarr store; the object stays where it was.

    Args:
        sdata: the object.
        path: folder to write.
        **kwargs: passed to `SpatialData.write`.
    """
    backed_by = sdata.path
    try:
        sdata.write(path, **kwargs)
    finally:
        # writing makes the new store the one that the object reads from, but it is only staged and will be moved
        sdata.path = backed_by


def load(path: Path, **kwargs: Any) -> Any:
    """Load a zarr store: tables into memory, images, labels and points lazily, as spatialdata does.

    Raises:
        ValueError: if it is no SpatialData.
    """
    import spatialdata

    if not holds_spatialdata(path):
        raise ValueError("Unable to determine zarr store format and therefore cannot load Artifact.")
    return spatialdata.read_zarr(path, **kwargs)


def count_observations(data: Any) -> int | None:
    """A SpatialData has several tables, so that no number of observations is that of the whole."""
    return None
