"""Which package brings which suffix, protocol and object type: only for the message that names the package to install.

This is the one place where the core names formats and clouds that it doesn't handle itself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownPlugin:
    """A package of this project, and what it contributes.

    Attributes:
        package: name of the distribution.
        suffixes: suffixes, in lower case.
        protocols: protocols of storage locations.
        otypes: object types.
        trains: whether it makes map-style datasets for training (`DataFormat.mapper`).
    """

    package: str
    suffixes: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    otypes: tuple[str, ...] = ()
    trains: bool = False


KNOWN_PLUGINS: tuple[KnownPlugin, ...] = (
    KnownPlugin(
        "lamindb-dataframe",
        suffixes=(
            ".parquet", ".csv", ".csv.gz", ".csv.tar.gz", ".tsv", ".tsv.gz", ".tsv.tar.gz", ".feather", ".ipc", ".arrow", ".orc",
            ".ndjson", ".jsonl",
        ),
        otypes=("DataFrame",),
    ),
    KnownPlugin(
        "lamindb-anndata",
        suffixes=(".h5ad", ".h5ad.gz", ".h5ad.tar.gz", ".anndata.zarr", ".h5", ".hdf5", ".zarr", ".loom"),
        otypes=("AnnData",),
        trains=True,
    ),
    KnownPlugin("lamindb-mudata", suffixes=(".h5mu", ".mudata.zarr"), otypes=("MuData",)),
    KnownPlugin("lamindb-spatialdata", suffixes=(".spatialdata.zarr",), otypes=("SpatialData",)),
    KnownPlugin("lamindb-tiledbsoma", suffixes=(".tiledbsoma",), otypes=("tiledbsoma",)),
    KnownPlugin("lamindb-s3", protocols=("s3", "s3a")),
    KnownPlugin("lamindb-gcs", protocols=("gs", "gcs")),
    KnownPlugin("lamindb-huggingface", protocols=("hf",)),
)  # fmt: skip


def package_for(*, suffix: str | None = None, protocol: str | None = None, otype: str | None = None) -> str | None:
    """Return the package that brings a suffix, protocol or object type, if it is one of the well-known ones.

    Example:
        >>> package_for(suffix=".h5ad")
        'lamindb-anndata'
    """
    for known in KNOWN_PLUGINS:
        if (
            (suffix and suffix in known.suffixes)
            or (protocol and protocol in known.protocols)
            or (otype and otype in known.otypes)
        ):
            return known.package
    return None


def packages_for_training() -> list[str]:
    """Return the packages that make map-style datasets of collections.

    Example:
        >>> packages_for_training()
        ['lamindb-anndata']
    """
    return [known.package for known in KNOWN_PLUGINS if known.trains]
