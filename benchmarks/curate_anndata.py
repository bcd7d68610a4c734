"""Curating AnnData, and opening it.

`python benchmarks/curate_anndata.py compare ../original/bin/python` times objects with many genes, in turn with the original;
`python benchmarks/curate_anndata.py memory --cells 4000000 [--suffix .zarr]` measures the memory of validating a file of many cells;
`python benchmarks/curate_anndata.py open --cells 1000000` times `artifact.open()`.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from side_by_side import Package, Scenario, as_markdown, compare

_REGISTER = """
import lamindb as ln, bionty as bt
ln.settings.verbosity = "error"
ln.settings.creation.search_names = False
human = bt.Organism.filter(name="human").one_or_none() or bt.Organism(name="human").save()
source = bt.Source.filter(entity="bionty.Gene", organism="human", currently_used=True).first()
genes = [bt.Gene(symbol=f"S{{n}}", ensembl_gene_id=f"ENSG{{n:011d}}", organism=human, source=source, _skip_validation=True) for n in range({genes})]
bt.Gene.objects.bulk_create(genes, batch_size=1000)
ln.save([ln.ULabel(name=f"type {{n}}") for n in range(20)])
features = [ln.Feature(name="cell_type", dtype=ln.ULabel).save(), ln.Feature(name="score", dtype=float).save(), ln.Feature(name="n", dtype=int).save()]
obs = ln.Schema(features, name="obs").save()
var = ln.Schema(itype=bt.Gene.ensembl_gene_id, maximal_set=True, name="genes").save()
ln.Schema(slots={{"obs": obs, "var.T": var}}, otype="AnnData", name="bench").save()
"""
#: The original asks a server for the species of Ensembl ids; it is told, so that it runs without one.
_VALIDATE = """
import time
import anndata, numpy as np, pandas as pd
from scipy import sparse
import lamindb as ln, bionty as bt
ln.settings.verbosity = "error"
bt.settings.organism = "human"
try:
    import bionty._organism
    bionty._organism.infer_organism_from_ensembl_id = lambda *_, **__: bt.Organism.get(name="human")
except ImportError:
    pass
rng = np.random.default_rng(0)
cells, genes = {cells}, {genes}
adata = anndata.AnnData(
    sparse.csr_matrix((cells, genes), dtype="float32"),
    obs=pd.DataFrame(
        {{
            "cell_type": pd.Categorical.from_codes(rng.integers(0, 20, cells), [f"type {{n}}" for n in range(20)]),
            "score": rng.random(cells),
            "n": rng.integers(0, 100, cells),
        }},
        index=[f"c{{n}}" for n in range(cells)],
    ),
    var=pd.DataFrame(index=[f"ENSG{{n:011d}}" for n in range(genes)]),
)
schema = ln.Schema.get(name="bench")
start = time.perf_counter()
curator = ln.curators.AnnDataCurator(adata, schema)
curator.validate()
print(time.perf_counter() - start)
"""


def write_cells(path: Path, cells: int) -> None:
    """Write an h5ad file with many cells and two genes, row by row block, so that writing needs little memory."""
    import h5py
    import numpy as np

    with h5py.File(path, "w") as file:
        file.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
        matrix = file.create_dataset("X", (cells, 2), dtype="float32")
        matrix.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})
        text = h5py.string_dtype()
        for axis, names in (("obs", None), ("var", ["gene0", "gene1"])):
            table = file.create_group(axis)
            columns = ["cell_type", "score", "n"] if names is None else []
            table.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
            table.attrs.create("column-order", columns, dtype=text)
            index = table.create_dataset(
                "_index", (cells if names is None else 2,), dtype=text, chunks=(100_000,) if names is None else None
            )
            index.attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
            if names is not None:
                index[:] = names
                continue
            for start in range(0, cells, 100_000):
                stop = min(start + 100_000, cells)
                index[start:stop] = [f"c{number}" for number in range(start, stop)]
            kind = table.create_group("cell_type")
            kind.attrs.update({"encoding-type": "categorical", "encoding-version": "0.2.0", "ordered": False})
            kind.create_dataset("codes", data=(np.arange(cells) % 20).astype("int8"))
            kind.create_dataset("categories", data=[f"type {number}" for number in range(20)], dtype=text)
            for name in ("codes", "categories"):
                encoding = "array" if name == "codes" else "string-array"
                kind[name].attrs.update({"encoding-type": encoding, "encoding-version": "0.2.0"})
            for name, values in (("score", np.linspace(0, 1, cells)), ("n", np.arange(cells))):
                table.create_dataset(name, data=values).attrs.update(
                    {"encoding-type": "array", "encoding-version": "0.2.0"}
                )


def write_zarr(path: Path, cells: int) -> None:
    """Write the same as a zarr store."""
    import anndata as ad
    import numpy as np
    import pandas as pd

    kinds = pd.Categorical.from_codes(np.arange(cells) % 20, [f"type {number}" for number in range(20)])
    obs = pd.DataFrame({"cell_type": kinds, "score": np.linspace(0, 1, cells), "n": np.arange(cells)})
    obs.index = [f"c{number}" for number in range(cells)]
    var = pd.DataFrame(index=["gene0", "gene1"])
    ad.AnnData(np.zeros((cells, 2), dtype="float32"), obs=obs, var=var).write_zarr(path)


@contextmanager
def _instance_with_cells(cells: int, suffix: str) -> Iterator[Path]:
    """Make an instance, and a file of many cells in its folder, in another process, so that writing doesn't count."""
    with tempfile.TemporaryDirectory(prefix="lamin-bench-") as folder:
        os.environ["LAMIN_SETTINGS_DIR"] = folder
        path = Path(folder) / f"cells{suffix}"
        if os.fork() == 0:
            (write_zarr if suffix == ".zarr" else write_cells)(path, cells)
            os._exit(0)
        os.wait()
        import lamindb as ln

        ln.setup.init(storage=f"{folder}/store", name="bench-memory")
        yield path


def measure_memory(cells: int, suffix: str) -> None:
    """Validate a file of many cells, and print seconds and the highest memory of this process."""
    with _instance_with_cells(cells, suffix) as path:
        import lamindb as ln

        ln.save([ln.ULabel(name=f"type {number}") for number in range(20)])
        dtypes = {"cell_type": ln.ULabel, "score": float, "n": int}
        obs = ln.Schema([ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()]).save()
        schema = ln.Schema(slots={"obs": obs}, otype="AnnData").save()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        ln.curators.AnnDataCurator(path, schema).validate()
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{cells:,} cells: {seconds:.2f} s, at most {after / 1024:.0f} MB ({before / 1024:.0f} MB before)")


def measure_opening(cells: int, suffix: str) -> None:
    """Open an artifact of many cells some times, and print how long it takes, and how long until the shape is known and one column is read."""
    with _instance_with_cells(cells, suffix) as path:
        import lamindb as ln

        artifact = ln.Artifact(path, key=f"cells{suffix}").save()
        for _ in range(5):
            start = time.perf_counter()
            adata = artifact.open()
            opened = time.perf_counter() - start
            shape = adata.shape
            known = time.perf_counter() - start
            adata[:10].to_memory()
            print(
                f"{shape}: open {opened:.4f} s, with shape {known:.4f} s, with 10 cells {time.perf_counter() - start:.4f} s"
            )
            adata.close()


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["compare", "memory", "open"])
    parser.add_argument("original", nargs="?", help="Python of the environment of the original")
    parser.add_argument("--cells", type=int, default=100_000)
    parser.add_argument("--genes", type=int, default=36_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--suffix", default=".h5ad", choices=[".h5ad", ".zarr"])
    arguments = parser.parse_args()
    if arguments.what != "compare":
        measure = measure_memory if arguments.what == "memory" else measure_opening
        measure(arguments.cells, arguments.suffix)
        return
    size = {"cells": arguments.cells, "genes": arguments.genes}
    scenario = Scenario(
        f"validate {arguments.cells:,} cells × {arguments.genes:,} genes", 5, _VALIDATE.format(**size), _REGISTER.format(**size),
        modules="bionty",
    )  # fmt: skip
    packages = (Package("original", arguments.original), Package("this", sys.executable))
    print(as_markdown(compare([scenario], packages, arguments.rounds), packages, "SQLite"))


if __name__ == "__main__":
    main()
