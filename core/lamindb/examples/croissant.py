"""Example files with metadata in the Croissant format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "https://mlcommons.org/croissant/",
    "ml": "https://mlcommons.org/croissant/ml/",
    "sc": "https://schema.org/",
    "dct": "http://purl.org/dc/terms/",
    "data": "https://mlcommons.org/croissant/data/",
    "rai": "https://mlcommons.org/croissant/RAI/",
    "format": "https://mlcommons.org/croissant/format/",
    "citeAs": "https://mlcommons.org/croissant/citeAs/",
    "conformsTo": "https://mlcommons.org/croissant/conformsTo/",
    "@base": "cr_base_iri/",
}
_ZARR = "mini_immuno.anndata.zarr"


def mini_immuno(n_files: int = 1, filepath_prefix: str | Path | None = "", strip_version: bool = False) -> list[Path]:
    """Write the first mini immuno study as zarr, and what is known about it as Croissant metadata.

    Args:
        n_files: with 2, also `mini.csv` is written to the working directory and described.
        filepath_prefix: folder of the zarr store; the metadata is written to the working directory.
        strip_version: leave out the version of the dataset.

    Returns:
        Paths of the metadata, of the store and, with two files, of the table.

    Raises:
        ImportError: if anndata or zarr is not installed.
        ValueError: for another number of files.

    Example:
        >>> metadata, store = ln.examples.croissant.mini_immuno()  # doctest: +SKIP
    """
    from lamindb.examples.datasets import mini_immuno as studies
    from lamindb.examples.datasets.files import file_mini_csv
    from lamindb.examples.requirements import require

    if n_files not in (1, 2):
        raise ValueError(f"n_files has to be 1 or 2, not {n_files!r}")
    require("zarr", "croissant.mini_immuno")
    adata = studies.get_dataset1(otype="AnnData")
    store = Path(filepath_prefix or "") / _ZARR
    store.parent.mkdir(parents=True, exist_ok=True)
    adata.write_zarr(store)
    paths = [Path(f"{_ZARR}_metadata.json"), store]
    description = _description(store.as_posix())
    if strip_version:
        del description["version"]
    if n_files == 2:
        table = file_mini_csv()
        paths.append(table)
        described = (Path(filepath_prefix or "") / table.name).as_posix()
        description["distribution"].append(
            {"@type": "sc:FileObject", "@id": described, "name": table.name, "encodingFormat": "text/csv"}
        )
    paths[0].write_text(json.dumps(description, indent=2, ensure_ascii=False), encoding="utf-8")
    return paths


def _description(store: str) -> dict[str, Any]:
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": "Mini immuno dataset",
        "description": "A few samples from the immunology dataset",
        "url": "https://lamin.ai/laminlabs/lamindata/artifact/tCUkRcaEjTjhtozp0000",
        "creator": {"@type": "Person", "name": "falexwolf"},
        "dateCreated": "2025-07-16",
        "cr:projectName": "Mini Immuno Project",
        "datePublished": "2025-07-16",
        "version": "1.0",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "citation": "Please cite this dataset as: mini immuno (2025)",
        "encodingFormat": "zarr",
        "distribution": [
            {"@type": "cr:FileSet", "@id": store, "containedIn": {"@id": "directory"}, "encodingFormat": "zarr"}
        ],
        "cr:recordSet": [{"@type": "cr:RecordSet", "@id": "#samples", "name": "samples", "description": "my sample"}],
    }
