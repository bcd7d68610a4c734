"""Folders of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_MATRIX = ("barcodes.tsv.gz", "features.tsv.gz", "matrix.mtx.gz")
_CELLRANGER = (
    "web_summary.html",
    "metrics_summary.csv",
    "possorted_genome_bam.bam",
    "possorted_genome_bam.bam.bai",
    "molecule_info.h5",
    "cloupe.cloupe",
    "raw_feature_bc_matrix.h5",
    "filtered_feature_bc_matrix.h5",
    *(f"raw_feature_bc_matrix/{name}" for name in _MATRIX),
    *(f"filtered_feature_bc_matrix/{name}" for name in _MATRIX),
    "analysis/analysis.csv",
)


def dir_scrnaseq_cellranger(sample_name: str, basedir: str | Path = "./", output_only: bool = True) -> Path:
    """Make a folder with the files that Cell Ranger writes for a sample; each holds six random characters.

    Args:
        sample_name: name of the folder.
        basedir: folder in which to make it.
        output_only: leave out the reads, which lie in `<basedir>/fastq/`.

    Returns:
        The folder of the sample. Called again, its files get other content.

    Example:
        >>> dir_scrnaseq_cellranger("sample_001")  # doctest: +SKIP
    """
    from lamindb.base.uids import base62

    folder = Path(basedir) / sample_name
    paths = [folder / name for name in _CELLRANGER]
    if not output_only:
        paths += [Path(basedir) / "fastq" / f"{sample_name}_R{read}_001.fastq.gz" for read in (1, 2)]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(base62(6), encoding="ascii")
    return folder


def dir_iris_images() -> Any:
    """Return the path of a public bucket with three studies and 405 pictures of iris flowers; it is not accessed."""
    from lamindb.storage.upath import UPath

    return UPath("s3://lamindata/iris_studies")
