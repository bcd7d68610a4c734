"""Writes AnnData objects to disk, loads them into memory, and joins those of a collection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb_anndata.stores import AnyPath, is_anndata, is_zarr, open_hdf5, open_store


def write(
    adata: Any,
    path: Path,
    *,
    h5ad_kwargs: dict[str, Any] | None = None,
    zarr_kwargs: dict[str, Any] | None = None,
    **kwargs: Any,
) -> None:
    """Write an AnnData to a new h5ad file or zarr store, as the suffix says.

    Args:
        adata: the object.
        path: where to write.
        h5ad_kwargs: passed to `AnnData.write_h5ad`.
        zarr_kwargs: passed to `AnnData.write_zarr`.
        **kwargs: passed to either.

    Raises:
        ValueError: if the object is backed by a file that would be overwritten.
    """
    if is_zarr(path):
        adata.write_zarr(path, **{**kwargs, **(zarr_kwargs or {})})
        return
    if adata.isbacked:
        # `write_h5ad` of a backed object makes the new file the one that backs it; a copy leaves the object as it is
        adata = adata.to_memory()
    adata.write_h5ad(path, **{**kwargs, **(h5ad_kwargs or {})})


def load(path: AnyPath, *, compression: str | None = "infer", **kwargs: Any) -> Any:
    """Load an h5ad file or a zarr store into memory.

    Args:
        path: local file or folder; `.gz` and `.tar.gz` are unpacked.
        compression: `None` takes the file as it is.
        **kwargs: passed to `anndata.read_h5ad` or `anndata.read_zarr`.

    Raises:
        ValueError: if it is no AnnData.
    """
    import anndata

    if is_zarr(path):
        with open_store(path) as backed:
            if not is_anndata(backed.storage):
                raise ValueError("Unable to determine zarr store format and therefore cannot load Artifact.")
        return anndata.read_zarr(str(path), **kwargs)
    if compression is not None and str(path).endswith(".gz"):
        with open_hdf5(path) as backed:
            backed.storage.close()
            backed.connection.seek(0)
            return anndata.read_h5ad(backed.connection, **kwargs)
    return anndata.read_h5ad(path, **kwargs)


def concatenate(objects: list[Any], *, keys: list[str], join: str = "outer", **kwargs: Any) -> Any:
    """Join AnnData objects along their observations.

    Args:
        objects: the objects, in order.
        keys: artifact uids, which become the categories of the column `artifact_uid` of `obs`.
        join: `"outer"` keeps all variables, `"inner"` those that all objects have.
        **kwargs: passed to `anndata.concat`.
    """
    import anndata

    return anndata.concat(objects, **{"join": join, "label": "artifact_uid", "keys": keys, **kwargs})
