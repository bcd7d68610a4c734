"""Example datasets. They are made by this package, without network, wherever that is possible; nothing is imported before it is used.

Example:
    >>> ln.examples.datasets.mini_immuno.get_dataset1()
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: public name -> module here (and the name there, if it differs)
_HOMES = {
    "small_dataset1": "mini_immuno:get_dataset1",
    "small_dataset2": "mini_immuno:get_dataset2",
    "small_dataset3_cellxgene": "cellxgene_tables",
    "dict_cellxgene_uns": "cellxgene_tables",
    **dict.fromkeys(("df_iris", "df_iris_in_meter", "df_iris_in_meter_study1", "df_iris_in_meter_study2"), "iris"),
    **dict.fromkeys(("file_bam", "file_fastq", "file_jpg_paradisi05", "file_mini_csv"), "files"),
    "file_tsv_rnaseq_nfcore_salmon_merged_gene_counts": "counts_tables",
    **dict.fromkeys(("file_fcs", "file_fcs_alpert19"), "flow_cytometry"),
    **dict.fromkeys(
        (
            "file_tiff_suo22", "schmidt22_crispra_gws_IFNG", "schmidt22_perturbseq", "anndata_mouse_sc_lymph_node",
            "anndata_suo22_Visium10X",
        ),
        "published",
    ),
    **dict.fromkeys(("dir_iris_images", "dir_scrnaseq_cellranger"), "directories"),
    "fake_bio_notebook_titles": "notebook_titles",
    **dict.fromkeys(("anndata_file_pbmc68k_test", "anndata_pbmc3k_processed", "anndata_pbmc68k_reduced"), "blood_cells"),
    **dict.fromkeys(("anndata_human_immune_cells", "anndata_visium_mouse_cellxgene", "anndata_with_obs"), "single_cell"),
    **dict.fromkeys(("mudata_papalexi21_subset", "spatialdata_blobs"), "multimodal"),
}  # fmt: skip

__all__ = ["mini_immuno", *_HOMES]


def __getattr__(name: str) -> Any:
    if name == "mini_immuno":
        return import_module("lamindb.examples.datasets.mini_immuno")
    if name not in _HOMES:
        import difflib

        near = difflib.get_close_matches(name, __all__, n=1)
        raise AttributeError(
            f"module {__name__!r} has no attribute {name!r}" + (f". Did you mean {near[0]!r}?" if near else "")
        )
    module, _, attribute = _HOMES[name].partition(":")
    value = getattr(import_module(f"lamindb.examples.datasets.{module}"), attribute or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
