"""A table of gene counts as the nf-core pipeline for RNA sequencing writes it."""

from __future__ import annotations

import random
from pathlib import Path

from lamindb.examples.datasets.example_files import placed
from lamindb.examples.datasets.registration import register_experiment_features

_NAME = "salmon.merged.gene_counts.tsv"
_SAMPLES = ("RAP1_IAA_30M_REP1", "RAP1_UNINDUCED_REP1", "RAP1_UNINDUCED_REP2", "WT_REP1", "WT_REP2")
_N_GENES = 120


def file_tsv_rnaseq_nfcore_salmon_merged_gene_counts(populate_registries: bool = False) -> Path:
    """Write `salmon.merged.gene_counts.tsv`: ids and names of yeast genes, and counts in five samples.

    Args:
        populate_registries: also save the features `assay` and `organism`, and the assay of the table, in the current instance.

    Raises:
        ModuleNotMounted: if registries are to be populated and the instance has no module `bionty`.
    """
    if populate_registries:
        register_experiment_features(_NAME, assays=("EFO:0008896",))
    return placed(_NAME, _write)


def _write(path: Path) -> None:
    numbers = random.Random(0)
    lines = ["\t".join(("gene_id", "gene_name", *_SAMPLES))]
    for gene in range(_N_GENES):
        counts = (f"{numbers.lognormvariate(3, 2):.3f}" for _ in _SAMPLES)
        name = f"YA{'LR'[gene % 2]}{gene + 1:03d}{'CW'[gene // 2 % 2]}"
        lines.append("\t".join((name, name, *counts)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
