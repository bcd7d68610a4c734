"""Which part of a file name is its suffix: `reads.v1.2.fastq.gz` has `.fastq.gz`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Final

from lamindb.base.logging import logger

#: Suffixes that may precede a compression or container suffix.
SIMPLE_SUFFIXES: Final = frozenset(
    f".{name}"
    for name in [
        "fasta",
        "fastq",
        "jpg",
        "mtx",
        "obo",
        "pdf",
        "png",
        "tar",
        "tiff",
        "txt",
        "tsv",
        "zip",
        "xml",
        "qs",
        "rds",
        "pt",
        "pth",
        "ckpt",
        "state_dict",
        "keras",
        "pb",
        "pbtxt",
        "savedmodel",
        "pkl",
        "pickle",
        "bin",
        "safetensors",
        "model",
        "mlmodel",
        "mar",
        "h5ad",
        "parquet",
        "csv",
        "fcs",
        "xslx",
        "zarr",
        "json",
    ]
)
#: Suffixes of several parts that name one format.
COMPOSITE_SUFFIXES: Final = frozenset({".anndata.zarr", ".spatialdata.zarr", ".vitessce.json", ".ome.zarr"})


def infer_suffix(
    path: str | os.PathLike[str],
    *,
    simple_suffixes: Collection[str] = SIMPLE_SUFFIXES,
    composite_suffixes: Collection[str] = COMPOSITE_SUFFIXES,
) -> str:
    """Return the suffix of a file or folder name, of one or several parts, or `""`.

    Args:
        path: path or key; only its last component counts.
        simple_suffixes: suffixes that may precede a compression suffix.
        composite_suffixes: suffixes of several parts that name one format.

    Example:
        >>> infer_suffix("a/x.tsv.gz"), infer_suffix("f.v1.1.0.anndata.zarr"), infer_suffix("d.log.123")
        ('.tsv.gz', '.anndata.zarr', '')
    """
    name = PurePosixPath(os.fspath(path).replace(os.sep, "/")).name if not hasattr(path, "name") else path.name
    suffixes = PurePosixPath(name).suffixes
    if not suffixes:
        return ""
    if len(suffixes) == 1:
        return _unless_number(suffixes[0])
    suffix = _infer_from_several(suffixes, simple_suffixes, composite_suffixes)
    if suffixes[-1] != ".gz":
        logger.hint(f"took {suffix or 'no suffix'!r} as the suffix of {name!r}, which has several dots")
    return suffix


def _infer_from_several(suffixes: list[str], simple: Collection[str], composite: Collection[str]) -> str:
    joined = "".join(suffixes)
    if joined in simple:
        return joined
    for known in composite:
        if joined.endswith(known):
            return known
    if suffixes[-1] == ".zarr":
        return ".zarr"
    if suffixes[-2] in simple:
        if suffixes[-2:] == [".tar", ".gz"] and len(suffixes) > 2 and suffixes[-3] in simple:
            return "".join(suffixes[-3:])
        return "".join(suffixes[-2:])
    return _unless_number(suffixes[-1])


def _unless_number(suffix: str) -> str:
    return "" if re.fullmatch(r"\.[0-9]+", suffix) else suffix
