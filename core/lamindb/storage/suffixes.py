"""Which part of a file name is its suffix: `reads.v1.2.fastq.gz` has `.fastq.gz`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Final

from lamindb.base.logging import logger

#: Suffixes that may precede a compression or container suffix.
SIMPLE_SUFFIXES: Final = set(
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
COMPOSITE_SUFFIXES: Final = {".anndata.zarr", ".spatialdata.zarr", ".vitessce.json", ".ome.zarr"}


#: Characters of a suffix that can be stored.
MAX_SUFFIX_LENGTH: Final = 30


def infer_suffix(
    path: str | os.PathLike[str],
    *,
    simple_suffixes: Collection[str] | None = None,
    composite_suffixes: Collection[str] | None = None,
) -> str:
    """Return the suffix of a file or folder name, of one or several parts, or `""`.

    Args:
        path: path or key; only its last component counts.
        simple_suffixes: suffixes that may precede a compression suffix (default: `SIMPLE_SUFFIXES` and those of installed formats).
        composite_suffixes: suffixes of several parts that name one format (default: `COMPOSITE_SUFFIXES` and those of installed formats).

    Example:
        >>> infer_suffix("a/x.tsv.gz"), infer_suffix("f.v1.1.0.anndata.zarr"), infer_suffix("d.log.123")
        ('.tsv.gz', '.anndata.zarr', '')
    """
    name = PurePosixPath(os.fspath(path).replace(os.sep, "/")).name if not hasattr(path, "name") else path.name
    written = PurePosixPath(name).suffixes
    if not written:
        return ""
    if len(written) == 1:
        return _unless_number(written[0])
    suffixes = [suffix.lower() for suffix in written]
    declared = _declared_suffixes() if simple_suffixes is None or composite_suffixes is None else frozenset()
    simple = SIMPLE_SUFFIXES | {known for known in declared if known.count(".") == 1}
    composite = COMPOSITE_SUFFIXES | {known for known in declared if known.count(".") > 1}
    suffix = _infer_from_several(
        suffixes,
        simple if simple_suffixes is None else simple_suffixes,
        composite if composite_suffixes is None else composite_suffixes,
    )
    if suffixes[-1] != ".gz":
        logger.hint(f"took {suffix or 'no suffix'!r} as the suffix of {name!r}, which has several dots")
    return name[-len(suffix) :] if suffix else ""


def stored_suffix(suffix: str) -> str:
    """Return the suffix that an artifact with a name of this suffix gets: known formats in lower case, none if it is too long for one.

    Example:
        >>> stored_suffix(".CSV.gz"), stored_suffix(".Wild"), stored_suffix(".a-sentence-that-happens-to-follow-a-dot")
        ('.csv.gz', '.Wild', '')
    """
    if len(suffix) > MAX_SUFFIX_LENGTH:
        return ""
    lower = suffix.lower()
    if lower == suffix:
        return suffix
    from lamindb.base.canonical_suffix import CanonicalSuffix

    return lower if CanonicalSuffix.from_path(f"x{lower}") == lower else suffix


def _infer_from_several(suffixes: list[str], simple: Collection[str], composite: Collection[str]) -> str:
    joined = "".join(suffixes)
    if joined in simple:
        return joined
    if suffixes[-2:] == [".tar", ".gz"] and len(suffixes) > 2 and suffixes[-3] in simple:
        return "".join(suffixes[-3:])
    for known in sorted(composite, key=len, reverse=True):
        if joined.endswith(known):
            return known
    if suffixes[-1] == ".zarr":
        return ".zarr"
    if suffixes[-2] in simple:
        return "".join(suffixes[-2:])
    return _unless_number(suffixes[-1])


def _declared_suffixes() -> frozenset[str]:
    """Return the suffixes of all installed formats; asked for names with several dots only, since it loads the plugins."""
    from lamindb.plugins import manager

    return frozenset(suffix for known in manager.data_formats() for suffix in (*known.suffixes, *known.shared_suffixes))


def _unless_number(suffix: str) -> str:
    return "" if re.fullmatch(r"\.[0-9]+", suffix) else suffix
